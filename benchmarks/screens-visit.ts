// When a screen is shown: all that it asks for has come and is painted, what it asks for after an answer or a part of the app
// among it. The clock stops at the last change that was painted; that nothing follows is waited for and not counted.
import type { BrowserContext, Page, Request } from 'playwright-core'

/** Longer than anybody waits; a visit that takes it is written as such, and the next one begins. */
const WAIT_MS = 30_000
/** Nothing asked for and nothing changed for so long: nothing more comes. */
const QUIET_MS = 250
const WAITING = '[role=status][aria-label^=Loading], [aria-busy=true], .mantine-Skeleton-root'

/** What the page itself tells: instants in milliseconds since 1970. */
type Seen = { readonly paintedAt: number; readonly changedAt: number; readonly isWaiting: boolean }

/** Before any script of a page: notes when the document changed last, and when the frame after that was painted. */
export async function watchPaints(context: BrowserContext): Promise<void> {
  // No function in it has a name: some loaders of TypeScript wrap these in what a page does not know.
  await context.addInitScript(() => {
    const seen = { paintedAt: 0, changedAt: 0 }
    Object.assign(globalThis, { seenPaints: seen })
    new MutationObserver(() => {
      seen.changedAt = performance.timeOrigin + performance.now()
      // After the frame that has the change.
      requestAnimationFrame(() => {
        const channel = new MessageChannel()
        channel.port1.onmessage = () => {
          seen.paintedAt = performance.timeOrigin + performance.now()
        }
        channel.port2.postMessage(null)
      })
    }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
  })
}

const look = (page: Page): Promise<Seen> =>
  page.evaluate((waiting) => {
    const seen = (globalThis as unknown as { seenPaints: { paintedAt: number; changedAt: number } }).seenPaints
    const isWaiting = document.querySelector('h1') === null || document.querySelectorAll(waiting).length > 0
    return { ...seen, isWaiting }
  }, WAITING)

/** Processor time of the process that has the page; another process may take it over at a navigation. */
async function processMs(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  await session.detach()
  return Math.round((metrics.find(({ name }) => name === 'ProcessTime')?.value ?? 0) * 1000)
}

export type Visit = {
  readonly ms: number
  readonly pageCpuMs: number
  /** Of the API, the slowest that the page waited for. */
  readonly slowest: string
  /** How many answers of the API the page asked for. */
  readonly answers: number
}

/** Goes there from an empty page. */
export async function visit(page: Page, path: string): Promise<Visit> {
  await page.goto('about:blank')
  const answers: { readonly ms: number; readonly what: string }[] = []
  const underWay = new Set<Request>()
  let askedAt = performance.now()
  const begin = (request: Request) => {
    underWay.add(request)
    askedAt = performance.now()
  }
  const end = (request: Request) => {
    underWay.delete(request)
    askedAt = performance.now()
    const { pathname, search } = new URL(request.url())
    if (!pathname.startsWith('/v1/')) return
    const ms = Math.round(request.timing().responseEnd)
    answers.push({ ms, what: decodeURIComponent(`${pathname}${search}`) })
  }
  page.on('request', begin).on('requestfinished', end).on('requestfailed', end)
  const cpuBefore = await processMs(page)
  const startedAt = Date.now()
  await page.goto(path, { waitUntil: 'commit' })
  const shownAt = await shown(page, () => (underWay.size > 0 ? 0 : performance.now() - askedAt))
  page.off('request', begin).off('requestfinished', end).off('requestfailed', end)
  const cpuAfter = await processMs(page)
  const slowest = [...answers].sort((a, b) => b.ms - a.ms)[0]
  return {
    ms: shownAt === null ? WAIT_MS : Math.round(shownAt - startedAt),
    pageCpuMs: cpuAfter < cpuBefore ? cpuAfter : cpuAfter - cpuBefore,
    slowest: slowest === undefined ? '' : `${slowest.ms} ms ${slowest.what}`,
    answers: answers.length,
  }
}

/** The instant at which the last change was painted; null where the screen does not come to rest. */
async function shown(page: Page, quietMs: () => number): Promise<number | null> {
  const until = performance.now() + WAIT_MS
  while (performance.now() < until) {
    // The page is left alone while it waits for answers.
    if (quietMs() < QUIET_MS) {
      await page.waitForTimeout(25)
      continue
    }
    const { isWaiting, paintedAt, changedAt } = await look(page)
    const restedMs = Date.now() - changedAt
    if (!isWaiting && changedAt > 0 && paintedAt >= changedAt && restedMs >= QUIET_MS) return paintedAt
    await page.waitForTimeout(isWaiting ? 50 : Math.max(10, QUIET_MS - restedMs))
  }
  return null
}
