// How a long table is to be gone through: frames while it is scrolled a screen a frame, and from a drag of its scrollbar or a key until
// the rows that are there then are painted.
import type { Page } from 'playwright-core'
import { visit } from './screens-visit.ts'

/** Of these every one that the workspace has, and that is longer than a few windows. */
export const TABLES: ReadonlyArray<string> = [
  ...['/explore?by=service', '/explore?by=service&sort=-adjusted', '/lines'],
  ...['/accounts', '/customer-bills', '/customer-bills?sort=-total'],
]
const ROWS_MIN = 2000
/** Scrolled through row by row, or as far as one comes in the time. */
const SCROLLED = '/explore?by=service'
const SCROLLED_ROWS = 100_000
const SCROLL_MS = 240_000
/** Shares of the way of the scrollbar, each far from the one before. */
const DRAGS: ReadonlyArray<number> = [0.5, 0.05, 0.93, 0.31, 0.72]
const JUMP_MS = 10_000

export type Jump = {
  readonly to: string
  /** Until rows are seen there, in grey bars or in full; 10,000 where none came. */
  readonly placeMs: number
  /** Until all rows in sight are in full. */
  readonly rowsMs: number
  readonly longestFrameMs: number
}
export type Frames = {
  readonly rows: number
  readonly seconds: number
  readonly frames: number
  readonly medianMs: number
  readonly p99Ms: number
  readonly longestMs: number
  /** Of these frames, those whose last row in the page had not come yet. */
  readonly waitingFrames: number
  /** Processor time of the page's main thread for a frame. */
  readonly threadMs: number
  /** Of the page's scripts, before and after. */
  readonly heapMiB: readonly [number, number]
}
export type Table = {
  readonly path: string
  readonly rowCount: number
  readonly jumps: ReadonlyArray<Jump>
  readonly scrolled: Frames | null
}

/** null where the screen has no long table. */
export async function goThrough(page: Page, path: string): Promise<Table | null> {
  await visit(page, path)
  const frame = page.locator('section:has(> table)').first()
  if ((await frame.count()) === 0) return null
  const rowCount = Number(await frame.locator('> table').getAttribute('aria-rowcount')) - 1
  if (rowCount < ROWS_MIN) return null
  const jumps: Jump[] = []
  await frame.focus()
  for (const share of DRAGS) jumps.push(await jump(page, `${share * 100} %`, { share }))
  for (const key of ['End', 'PageUp', 'Home', 'PageDown']) jumps.push(await jump(page, key, { key }))
  await jump(page, 'Home', { key: 'Home' })
  return { path, rowCount, jumps, scrolled: path === SCROLLED ? await scroll(page) : null }
}

type Wanted = { readonly share?: number; readonly key?: string }

/** The row that is looked for is one of those in sight once the jump is done: by its number, whatever the table shows meanwhile. */
async function jump(page: Page, to: string, { share, key }: Wanted): Promise<Jump> {
  // No function in it has a name: see screens-visit.ts.
  const done = page.evaluate(
    async ({ at, pressed, most }) => {
      const frame = document.querySelector('section:has(> table)') as HTMLElement
      const count = Number(frame.querySelector('table')?.getAttribute('aria-rowcount')) - 1
      const was = frame.scrollTop
      const began = performance.now()
      if (at !== undefined) frame.scrollTop = at * (frame.scrollHeight - frame.clientHeight)
      let [before, placeMs, rowsMs, longestFrameMs] = [began, 0, 0, 0]
      while (rowsMs === 0 && before - began < most) {
        await new Promise(requestAnimationFrame)
        const now = performance.now()
        longestFrameMs = Math.max(longestFrameMs, now - before)
        before = now
        const { top, bottom } = frame.getBoundingClientRect()
        const seen = [...frame.querySelectorAll('tbody tr[aria-rowindex]')].filter((row) => {
          const place = row.getBoundingClientRect()
          return place.bottom > top + 60 && place.top < bottom - 20
        })
        const first = Number(seen[0]?.getAttribute('aria-rowindex')) - 2
        const last = Number(seen.at(-1)?.getAttribute('aria-rowindex')) - 2
        const isThere =
          at !== undefined
            ? Math.abs(first - at * (count - seen.length)) < 40
            : pressed === 'End'
              ? last >= count - 1
              : pressed === 'Home'
                ? first <= 1
                : frame.scrollTop !== was
        if (seen.length === 0 || !isThere) continue
        if (placeMs === 0) placeMs = now - began
        if (seen.every((row) => row.textContent !== '')) rowsMs = now - began
      }
      return { placeMs: placeMs || most, rowsMs: rowsMs || most, longestFrameMs }
    },
    { at: share, pressed: key, most: JUMP_MS },
  )
  if (key !== undefined) await page.keyboard.press(key)
  const { placeMs, rowsMs, longestFrameMs } = await done
  await page.waitForTimeout(500)
  return { to, placeMs: Math.round(placeMs), rowsMs: Math.round(rowsMs), longestFrameMs: Math.round(longestFrameMs) }
}

/** A screen each frame, from the first row on. */
async function scroll(page: Page): Promise<Frames> {
  const session = await page.context().newCDPSession(page)
  // Of the thread alone: what other work on the machine takes from it is no time of its own.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const read = async (name: string) => {
    const { metrics } = await session.send('Performance.getMetrics')
    return metrics.find((one) => one.name === name)?.value ?? 0
  }
  const [heapBefore, taskBefore] = [await read('JSHeapUsedSize'), await read('TaskDuration')]
  const { times, rows, seconds, waiting } = await page.evaluate(
    async ({ rowsMax, forMs }) => {
      const frame = document.querySelector('section:has(> table)') as HTMLElement
      const times: number[] = []
      const began = performance.now()
      let [before, rows, waiting] = [began, 0, 0]
      while (rows < rowsMax && before - began < forMs) {
        frame.scrollTop += 600
        const now = await new Promise<number>((done) => requestAnimationFrame(done))
        times.push(now - before)
        before = now
        const last = [...frame.querySelectorAll('tbody tr[aria-rowindex]')].at(-1)
        if (last?.textContent === '') waiting += 1
        rows = Number(last?.getAttribute('aria-rowindex') ?? 0) - 1
      }
      return { times: times.slice(1), rows, seconds: Math.round((before - began) / 1000), waiting }
    },
    { rowsMax: SCROLLED_ROWS, forMs: SCROLL_MS },
  )
  const [heapAfter, taskAfter] = [await read('JSHeapUsedSize'), await read('TaskDuration')]
  await session.detach()
  times.sort((a, b) => a - b)
  const at = (share: number) => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0)
  return {
    ...{ rows, seconds, frames: times.length, medianMs: at(0.5), p99Ms: at(0.99), longestMs: at(1) },
    ...{ waitingFrames: waiting, threadMs: Math.round(((taskAfter - taskBefore) * 10_000) / times.length) / 10 },
    heapMiB: [Math.round(heapBefore / 2 ** 20), Math.round(heapAfter / 2 ** 20)],
  }
}
