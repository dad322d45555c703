// Where the focus goes when what has it goes away: a dialog is closed, a chip is removed, a button waits for its answer. Without it
// the focus falls to the page itself, and whoever works by keyboard begins again at its top (WCAG 2.2, 2.4.3). A screen that moves
// the focus itself is left alone.

const POPUP = '[role=dialog],[role=menu]'
const FOCUSABLE = 'a[href],button,input,select,textarea,[tabindex="0"]'
/** Of those before and after what is pressed, so many are remembered. */
const NEIGHBOURS = 12
/** Looked at again after so long, at most for as long as an answer is waited for. */
const LOOK_MS = 40
const WAIT_MS = 30_000
/** What is closed fades out, and has the focus until it is gone: longer on a busy machine. */
const FADE_MS = 3000

/** What has the focus, and what may have it in its stead: what follows, then what is before it, the nearest first. */
type Place = { readonly element: HTMLElement; readonly instead: ReadonlyArray<HTMLElement> }

/** From now on, until what it returns is called. */
export function keepFocus(): () => void {
  const openers = new WeakMap<Element, Place>()
  /** The dialog or menu of what had the focus, as it was then: afterwards it may be in the page no more. */
  const popups = new WeakMap<HTMLElement, Element | null>()
  let last: Place | null = null
  let looking: ReturnType<typeof setTimeout> | undefined

  const onFocusIn = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLElement)) return
    const popup = target.closest(POPUP)
    // What was in it and is gone did not open it.
    const wasIn = last && (popups.get(last.element) ?? null)
    if (popup && last && wasIn !== popup && !popup.contains(last.element) && !openers.has(popup))
      openers.set(popup, last)
    popups.set(target, popup)
    if (last?.element !== target) last = { element: target, instead: [] }
  }

  const lookAfter = (place: Place) => {
    clearTimeout(looking)
    const begunAt = performance.now()
    const look = () => {
      const passedMs = performance.now() - begunAt
      const isWaiting = place.element.isConnected && isShown(place.element) && passedMs < WAIT_MS
      if (!hasSomebody() && !takesFocus(place.element) && !isWaiting) focusInstead(place)
      // What has it now may be on its way out as well.
      if (passedMs < FADE_MS || (isWaiting && !hasSomebody())) looking = setTimeout(look, LOOK_MS)
    }
    looking = setTimeout(look, LOOK_MS)
  }

  /** What opened the dialog or menu that the place was in, else a neighbour, else the content of the screen. */
  const focusInstead = (place: Place) => {
    // Two that opened each other, one after the other, would lead on for ever.
    const tried = new Set<Place>()
    for (
      let one: Place | undefined = place;
      one && !tried.has(one);
      one = openers.get(popups.get(one.element) ?? document.body)
    ) {
      tried.add(one)
      if ([one.element, ...sameAs(one.element), ...one.instead].some(takesFocus)) return
    }
    document.getElementById('content')?.focus({ preventScroll: true })
    // What opens in a moment was opened from there all the same.
    last = place
  }

  const onPress = () => {
    const element = hasSomebody() ? (document.activeElement as HTMLElement) : last?.element
    clearTimeout(looking)
    // A press upon what is around a dialog has taken the focus from it already; one upon nothing else wants nothing to have it.
    const isOfDialog = element !== undefined && (popups.get(element) ?? document.querySelector(POPUP)) !== null
    if (!element || (!hasSomebody() && !isOfDialog)) return
    last = { element, instead: neighboursOf(element) }
    lookAfter(last)
  }
  const onKey = ({ key }: KeyboardEvent) => {
    if (['Enter', ' ', 'Escape', 'Delete', 'Backspace'].includes(key)) onPress()
  }

  document.addEventListener('focusin', onFocusIn, true)
  // Before a dialog hears of it.
  window.addEventListener('keydown', onKey, true)
  window.addEventListener('click', onPress, true)
  return () => {
    clearTimeout(looking)
    document.removeEventListener('focusin', onFocusIn, true)
    window.removeEventListener('keydown', onKey, true)
    window.removeEventListener('click', onPress, true)
  }
}

const hasSomebody = () => document.activeElement !== null && document.activeElement !== document.body

const isShown = (element: HTMLElement) => element.getClientRects().length > 0

function takesFocus(element: HTMLElement): boolean {
  if (!element.isConnected || element.matches(':disabled') || !isShown(element)) return false
  element.focus({ preventScroll: true })
  return document.activeElement === element
}

const nameOf = (element: Element) => element.getAttribute('aria-label') ?? element.textContent ?? ''

/** Of a list that was drawn anew: what is called the same in the content of the screen. */
function sameAs(element: HTMLElement): ReadonlyArray<HTMLElement> {
  const name = nameOf(element)
  if (element.isConnected || name === '') return []
  const all = document.querySelectorAll<HTMLElement>(`#content ${element.localName}`)
  return [...all].filter((one) => nameOf(one) === name)
}

/** Within the same dialog, or the content of the screen. */
function neighboursOf(element: HTMLElement): ReadonlyArray<HTMLElement> {
  const within = element.closest(POPUP) ?? element.closest('#content')
  if (!within) return []
  const all = [...within.querySelectorAll<HTMLElement>(FOCUSABLE)]
  const at = all.indexOf(element)
  if (at < 0) return []
  const before = all.slice(Math.max(0, at - NEIGHBOURS), at).reverse()
  return [...all.slice(at + 1, at + 1 + NEIGHBOURS), ...before]
}
