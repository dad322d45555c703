// How long each screen takes in a real browser over a workspace with many services: from the navigation until the last of what it
// asks for is painted, on a server that has made its first views, and of each screen first where nobody asked for it before; what
// a press costs until the next paint; how long tables are gone through; the script of the first page as it travels. Serves a copy of
// the workspace and the built web app that are named: `screens.bench.ts WORKSPACE DIST [PART]`. PART is `scroll` for the long tables
// alone, `screens` for all but them, or any other texts, with commas between, for the screens with one of them in their address.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core'
import { median } from './run-sizes.ts'
import { addressOf, findSubjects, PRESSES, type Press, SCREENS } from './screens-list.ts'
import { goThrough, TABLES, type Table } from './screens-scroll.ts'
import type { Serving } from './screens-server.ts'
import { type Visit, visit, watchPaints } from './screens-visit.ts'

const [directory = '', dist = '', part = ''] = process.argv.slice(2)
const VISITS = 3
const PASSWORD = 'correct horse battery'

type Screen = {
  readonly path: string
  /** Of the visit before which nobody asked for it. */
  readonly firstMs: number
  readonly medianMs: number
  readonly worstMs: number
  readonly pageCpuMs: number
  readonly answers: number
  readonly visitMs: ReadonlyArray<number>
  readonly slowestFirst: string
  readonly slowestLast: string
}

async function visits(page: Page, path: string, address: string): Promise<Screen> {
  const made: Visit[] = []
  for (let round = 0; round < VISITS; round += 1) made.push(await visit(page, address))
  const visitMs = made.map(({ ms }) => ms)
  const [first, last] = [made[0] as Visit, made.at(-1) as Visit]
  const pageCpuMs = median(made.map((one) => one.pageCpuMs))
  process.stderr.write(`${path} ${visitMs.join(' ')} cpu ${pageCpuMs}; ${first.answers} answers; ${first.slowest}\n`)
  return {
    ...{ path, firstMs: first.ms, medianMs: median(visitMs), worstMs: Math.max(...visitMs), pageCpuMs, visitMs },
    ...{ answers: first.answers, slowestFirst: first.slowest, slowestLast: last.slowest },
  }
}

type Located = Pick<Press, 'role' | 'name' | 'within'>
function locate(page: Page, { role, name, within }: Located): Locator {
  if (within !== undefined) return page.getByRole('navigation', { name: within }).getByRole(role, { name }).first()
  if (role === 'radiogroup') return page.getByRole(role).getByText(name).first()
  const found = page.getByRole(role, { name })
  return role === 'option' ? found.last() : found.first()
}

/** The longest event of the press, as the browser measures interaction to next paint; under 16 ms is 16; null where there is nothing to press. */
async function press(page: Page, one: Press, at: string): Promise<number | null> {
  await visit(page, at)
  const isThere = (located: Located) =>
    locate(page, located)
      .click({ timeout: 5000 })
      .then(
        () => true,
        () => false,
      )
  if (one.after) {
    if (!(await isThere(one.after))) return null
    await page.waitForTimeout(500)
  }
  await page.evaluate(() => {
    const seen: number[] = []
    Object.assign(globalThis, { seen })
    const observer = new PerformanceObserver((list) => seen.push(...list.getEntries().map(({ duration }) => duration)))
    observer.observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit)
  })
  if (!(await isThere(one))) return null
  await page.waitForTimeout(1500)
  return page.evaluate(() => Math.max(16, ...(globalThis as unknown as { seen: number[] }).seen))
}

type Bytes = {
  readonly files: number
  readonly bytes: number
  readonly chartBytes: number
  readonly encodings: ReadonlyArray<string>
}

/** Of the scripts that a page loads into an empty browser, as they travel; those that draw charts come after the page stands. */
async function scriptBytes(browser: Browser, options: BrowserContextOptions, path: string): Promise<Bytes> {
  const context = await browser.newContext(options)
  await watchPaints(context)
  const page = await context.newPage()
  const sizes: Promise<{ bytes: number; encoding: string; isCharts: boolean }>[] = []
  page.on('requestfinished', (request) => {
    const { pathname } = new URL(request.url())
    if (!pathname.endsWith('.js')) return
    sizes.push(
      (async () => {
        const { responseBodySize } = await request.sizes()
        const encoding = await (await request.response())?.headerValue('content-encoding')
        return { bytes: responseBodySize, encoding: encoding ?? 'none', isCharts: /\/chart/.test(pathname) }
      })(),
    )
  })
  await visit(page, path)
  const loaded = await Promise.all(sizes)
  await context.close()
  const sum = (some: typeof loaded) => some.reduce((total, one) => total + one.bytes, 0)
  const [bytes, chartBytes] = [sum(loaded), sum(loaded.filter(({ isCharts }) => isCharts))]
  return { files: loaded.length, bytes, chartBytes, encodings: [...new Set(loaded.map(({ encoding }) => encoding))] }
}

const server = fork(new URL('./screens-server.ts', import.meta.url), [directory, dist])
const stopped = once(server, 'exit')
const { url, offer, warmUpMs } = await new Promise<Serving>((resolve, reject) => {
  server.once('message', (message) => resolve(message as Serving))
  server.once('exit', (code) => reject(new Error(`The server ended with ${code} before it served.`)))
})
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
})
try {
  const options = { viewport: { width: 1360, height: 860 }, baseURL: url, locale: 'en-GB' }
  const signInScript = await scriptBytes(browser, options, '/')
  const context = await browser.newContext(options)
  await watchPaints(context)
  const page = await context.newPage()
  await page.goto(`/welcome#${offer}`)
  await page.getByLabel('Your name').fill('Olive Owner')
  await page.getByLabel('E-mail').fill('olive@bench.example')
  await page.getByLabel('Password').first().fill(PASSWORD)
  await page.getByRole('button', { name: 'Become the owner' }).click()
  await page.waitForSelector('nav')
  const subjects = await findSubjects(page)
  const isAsked = (path: string) =>
    part !== 'scroll' && (part === 'screens' || part.split(',').some((one) => path.includes(one)))
  const screens = []
  const leftOut: string[] = []
  for (const path of SCREENS.filter(isAsked)) {
    const address = addressOf(path, subjects)
    if (address === null) leftOut.push(path)
    else screens.push(await visits(page, path, address))
  }
  const presses = []
  for (const one of PRESSES.filter(({ at }) => isAsked(at))) {
    const address = addressOf(one.at, subjects)
    if (address === null) continue
    const nextPaintMs = await press(page, one, address)
    presses.push({ ...one, name: String(one.name), nextPaintMs })
    process.stderr.write(`${one.at} ${one.name} ${nextPaintMs}\n`)
  }
  const tables: Table[] = []
  for (const path of part === '' || part === 'scroll' ? TABLES : []) {
    const table = await goThrough(page, path)
    if (table) tables.push(table)
    for (const { to, placeMs, rowsMs } of table?.jumps ?? [])
      process.stderr.write(`${path} ${to} ${placeMs} ${rowsMs}\n`)
    if (table?.scrolled) process.stderr.write(`${path} ${JSON.stringify(table.scrolled)}\n`)
  }
  const storageState = await context.storageState()
  const overviewScript = await scriptBytes(browser, { ...options, storageState }, '/')
  const machine = { node: process.version, cpu: cpus()[0]?.model.trim(), cores: cpus().length }
  const scripts = { signIn: signInScript, overview: overviewScript }
  const worst = [...screens].sort((one, other) => other.worstMs - one.worstMs).slice(0, 5)
  for (const { path, worstMs } of worst) process.stderr.write(`worst: ${worstMs} ms ${path}\n`)
  if (leftOut.length > 0) process.stderr.write(`left out, the workspace has no such thing: ${leftOut.join(' ')}\n`)
  const result = { machine, warmUpMs, scripts, screens, leftOut, presses, tables }
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
  const name = process.env.SCREENS_RESULT ?? (part === 'scroll' ? 'scroll.json' : 'screens.json')
  const kept = new URL(`./results/${name}`, import.meta.url)
  if (part === '' || part === 'screens' || part === 'scroll')
    await writeFile(kept, `${JSON.stringify(result, null, 2)}\n`)
} finally {
  await browser.close()
  if (server.connected) server.disconnect()
  await stopped
}
