// Keeps the rows of a long table that are in sight in the page while somebody scrolls it.
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import {
  AT_START,
  atRest,
  placeAfter,
  placeAt,
  type RowWindow,
  type ScrollPlace,
  type TableExtent,
  windowAt,
} from './row-window.ts'

/** Not moved for so long, a table is at rest. Sooner, the browser may still be on its way to where the bar was to come. */
const REST_MS = 1000

export type RowWindowOptions = Omit<TableExtent, 'viewHeight'> & {
  /** Until it is known how much is in sight. */
  readonly heightMax: number
  /** What the rows answer to: of another, the first are shown. */
  readonly of: string
}

export function useRowWindow(
  frame: RefObject<HTMLElement | null>,
  { rowCount, rowHeight, around, heightMax, of }: RowWindowOptions,
): RowWindow {
  const [place, setPlace] = useState(AT_START)
  const viewHeight = useViewHeight(frame, heightMax)
  const extent: TableExtent = { rowCount, rowHeight, viewHeight, around }
  const shown = windowAt(place, extent)
  const latest = useRef({ place, extent, shown })
  useLayoutEffect(() => {
    latest.current = { place: latest.current.place, extent, shown }
  })

  const answered = useRef(of)
  useLayoutEffect(() => {
    if (answered.current === of) return
    answered.current = of
    if (frame.current && frame.current.scrollTop > 0) frame.current.scrollTop = 0
    latest.current.place = AT_START
    setPlace(AT_START)
  }, [frame, of])

  // More or fewer rows, or higher ones: the scrollbar stands for others.
  useLayoutEffect(() => {
    const next = placeAt(frame.current?.scrollTop ?? 0, { ...latest.current.extent, rowCount, rowHeight })
    latest.current.place = next
    setPlace(next)
  }, [frame, rowCount, rowHeight])

  useEffect(() => {
    const element = frame.current
    if (!element) return
    let resting: ReturnType<typeof setTimeout> | undefined
    const show = (next: ScrollPlace) => {
      latest.current.place = next
      const wanted = windowAt(next, latest.current.extent)
      if (isSame(wanted, latest.current.shown)) return
      keepFocus(element, wanted)
      // Painted in the frame that has been scrolled, not in the one after.
      flushSync(() => setPlace(next))
    }
    const rest = () => {
      const next = atRest(latest.current.place, latest.current.extent)
      if (Math.abs(next.bar - latest.current.place.bar) < 1) return
      show(next)
      element.scrollTop = next.bar
      // As exact as the browser keeps it.
      latest.current.place = { bar: element.scrollTop, top: next.top }
    }
    const onScroll = () => {
      clearTimeout(resting)
      resting = setTimeout(rest, REST_MS)
      show(placeAfter(latest.current.place, element.scrollTop, latest.current.extent))
    }
    element.addEventListener('scroll', onScroll, { passive: true })
    element.addEventListener('keydown', goToEnd)
    return () => {
      clearTimeout(resting)
      element.removeEventListener('scroll', onScroll)
      element.removeEventListener('keydown', goToEnd)
    }
  }, [frame])
  return shown
}

/** At once: the browser would move there through all rows, and drops the key where it is still on the way from the one before. */
function goToEnd(event: KeyboardEvent): void {
  const { key, currentTarget: frame, ctrlKey, metaKey, altKey, shiftKey } = event
  if (!(frame instanceof HTMLElement) || ctrlKey || metaKey || altKey || shiftKey) return
  if (event.defaultPrevented || (key !== 'Home' && key !== 'End')) return
  event.preventDefault()
  frame.scrollTop = key === 'Home' ? 0 : frame.scrollHeight
}

/** How much of the rows is in sight: the head of the table stays where it is, over them. */
function useViewHeight(frame: RefObject<HTMLElement | null>, heightMax: number): number {
  const [viewHeight, setViewHeight] = useState(heightMax)
  useLayoutEffect(() => {
    const element = frame.current
    if (!element) return
    const measure = () => setViewHeight(element.clientHeight - (element.querySelector('thead')?.clientHeight ?? 0))
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [frame])
  return viewHeight
}

const isSame = (one: RowWindow, other: RowWindow) =>
  one.first === other.first && one.end === other.end && Math.abs(one.before - other.before) < 1

/** What has the focus would leave the page with its row, and keys would go nowhere: the table takes it. */
function keepFocus(frame: HTMLElement, { first, end }: RowWindow): void {
  const focused = document.activeElement
  if (!focused || !frame.contains(focused)) return
  const row = focused.closest('tbody tr[aria-rowindex]')
  if (!row) return
  const index = Number(row.getAttribute('aria-rowindex')) - 2
  if (index < first || index >= end) frame.focus({ preventScroll: true })
}
