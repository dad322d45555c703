// How long each screen takes in a real browser over a workspace with many services: from the navigation until everything asked
// for has come, on a server that has made its first views; what a press costs until the next paint; the script of the first page
// as it travels. Serves a copy of the workspace and the built web app that are named: `screens.bench.ts WORKSPACE DIST`.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { openWorkspace, serverMemoryLimit } from '@spillway/engine'
import { listen, makeLog, makeServer, readSettings, readWebFiles } from '@spillway/server'
import { type Browser, type BrowserContextOptions, chromium, type Page, type Request } from 'playwright-core'
import { median } from './run-sizes.ts'

const [directory = '', dist = ''] = process.argv.slice(2)
const VISITS = 3
/** Longer than anybody waits; a visit that takes it is written as such, and the next one begins. */
const WAIT_MS = 30_000
/** `{service}` and the like: the first of the newest month. */
const SCREENS = [
  ...['/', '/explore', '/explore?by=service', '/explore?by=vendor', '/explore?by=person', '/lines'],
  ...['/lines?where=service%3D{service}', '/services/{service}', '/services/{service}?explain={service}'],
  ...['/bills', '/bills/imports', '/pools', '/pools/{pool}', '/pools/{pool}?tab=division', '/policies'],
  ...['/share-plans', '/catalogue', '/accounts', '/accounts/{account}', '/people', '/people/{person}'],
  ...['/cost-centres', '/cost-centres/{cost-centre}', '/projects', '/sub-accounts', '/conflicts', '/customer-bills'],
  ...['/runs', '/runs/{run}', '/jobs', '/settings'],
]
/** A press on a screen that stands, by the name of what is pressed. */
const PRESSES = [
  { at: '/explore', role: 'radiogroup', name: 'Actual' },
  { at: '/explore?by=service', role: 'radiogroup', name: 'Actual' },
  { at: '/explore?by=service', role: 'button', name: 'Adjusted' },
  { at: '/pools/{pool}', role: 'tab', name: 'How it was divided' },
  { at: '/runs/{run}', role: 'tab', name: 'Checks' },
  { at: '/', role: 'link', name: 'Explore' },
] as const
const WAITING = '[role=status][aria-label^=Loading], [aria-busy=true]'
const PASSWORD = 'correct horse battery'

async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    (waiting) => document.querySelector('h1') !== null && document.querySelectorAll(waiting).length === 0,
    WAITING,
    { timeout: WAIT_MS, polling: 'raf' },
  )
}

/** Processor time of the process that has the page; another process may take it over at a navigation. */
async function processMs(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  await session.detach()
  return Math.round((metrics.find(({ name }) => name === 'ProcessTime')?.value ?? 0) * 1000)
}

type Visit = { readonly ms: number; readonly pageCpuMs: number; readonly slowest: string }

/** With the slowest answer of the API that it waited for, and the processor time of the page's own process. */
async function visit(page: Page, path: string): Promise<Visit> {
  await page.goto('about:blank')
  const asked: { readonly ms: number; readonly what: string }[] = []
  const note = (request: Request) => {
    const { pathname, search } = new URL(request.url())
    if (!pathname.startsWith('/v1/')) return
    asked.push({ ms: Math.round(request.timing().responseEnd), what: decodeURIComponent(`${pathname}${search}`) })
  }
  page.on('requestfinished', note)
  const cpuBefore = await processMs(page)
  const startedAt = performance.now()
  await page.goto(path)
  const isThere = await settled(page).then(
    () => true,
    () => false,
  )
  const ms = isThere ? Math.round(performance.now() - startedAt) : WAIT_MS
  page.off('requestfinished', note)
  const cpuAfter = await processMs(page)
  const slowest = asked.sort((a, b) => b.ms - a.ms)[0]
  return {
    ms,
    pageCpuMs: cpuAfter < cpuBefore ? cpuAfter : cpuAfter - cpuBefore,
    slowest: slowest === undefined ? '' : `${slowest.ms} ms ${slowest.what}`,
  }
}

/** The longest event of the press, as the browser measures interaction to next paint; under 16 ms is 16; null where there is nothing to press. */
async function press(page: Page, { at, role, name }: Pick<(typeof PRESSES)[number], 'role' | 'name'> & { at: string }) {
  await visit(page, at)
  await page.evaluate(() => {
    const seen: number[] = []
    Object.assign(globalThis, { seen })
    const observer = new PerformanceObserver((list) => seen.push(...list.getEntries().map(({ duration }) => duration)))
    observer.observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit)
  })
  const pressed = role === 'radiogroup' ? page.getByRole(role).getByText(name) : page.getByRole(role, { name })
  const isPressed = await pressed
    .first()
    .click({ timeout: 5000 })
    .then(
      () => true,
      () => false,
    )
  if (!isPressed) return null
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

/** The first of each kind, for the screens of one. */
async function firstOfEach(page: Page): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  const ask = (path: string) => page.evaluate(async (at) => (await fetch(at)).json() as Promise<never>, path)
  const { items } = (await ask('/v1/periods?sort=-period&limit=1')) as unknown as {
    items: { period: string; run: string }[]
  }
  const { period = '', run = '' } = items[0] ?? {}
  found.set('run', run)
  for (const [kind, report] of [
    ...['service', 'person', 'cost-centre', 'account'].map((by) => [by, `charges?by=${by}&`] as const),
    ['pool', 'pools?'] as const,
  ]) {
    const { rows } = (await ask(`/v1/reports/${report}period=${period}&limit=5`)) as unknown as {
      rows: Record<string, string>[]
    }
    const row = rows.find((one) => (one.key ?? one.pool ?? '') !== '')
    found.set(kind, encodeURIComponent(row?.key ?? row?.pool ?? ''))
  }
  return found
}

const filled = (path: string, keys: ReadonlyMap<string, string>) =>
  path.replace(/\{([\w-]+)\}/g, (_, kind: string) => keys.get(kind) ?? '')

const actor = { who: 'bench', now: () => new Date(), codeVersion: 'bench' }
const folder = await mkdtemp(join(tmpdir(), 'spillway-screens-bench-'))
await cp(directory, join(folder, 'w'), { recursive: true, filter: (path) => !path.endsWith('.spill') })
const workspace = await openWorkspace(join(folder, 'w'), {
  ...{ access: 'write', memoryLimit: serverMemoryLimit() },
  ...{ actor, holder: 'bench' },
})
const settings = await readSettings({ environment: { SPILLWAY_PORT: '0', SPILLWAY_HOST: '127.0.0.1' }, given: {} })
const server = makeServer({
  ...{ workspace, settings, log: makeLog(process.stderr, 'error') },
  web: await readWebFiles(dist),
})
const { url, stop } = await listen(server)
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
})
try {
  const warmedAt = performance.now()
  await server.services.warmUp.settled()
  const warmUpMs = Math.round(performance.now() - warmedAt)
  const options = { viewport: { width: 1360, height: 860 }, baseURL: url, locale: 'en-GB' }
  const signInScript = await scriptBytes(browser, options, '/')
  const context = await browser.newContext(options)
  const page = await context.newPage()
  await page.goto(`/welcome#${server.services.ownerSetup.offer()}`)
  await page.getByLabel('Your name').fill('Olive Owner')
  await page.getByLabel('E-mail').fill('olive@bench.example')
  await page.getByLabel('Password').first().fill(PASSWORD)
  await page.getByRole('button', { name: 'Become the owner' }).click()
  await page.waitForSelector('nav')
  const keys = await firstOfEach(page)
  const screens = []
  for (const path of SCREENS) {
    const visits: Visit[] = []
    for (let round = 0; round < VISITS; round += 1) visits.push(await visit(page, filled(path, keys)))
    const visitMs = visits.map(({ ms }) => ms)
    const pageCpuMs = median(visits.map((one) => one.pageCpuMs))
    screens.push({ path, medianMs: median(visitMs), pageCpuMs, visitMs, slowestAnswer: visits.at(-1)?.slowest })
    process.stderr.write(`${path} ${visits.map(({ ms }) => ms).join(' ')} cpu ${pageCpuMs} ${visits.at(-1)?.slowest}\n`)
  }
  const presses = []
  for (const one of PRESSES) {
    const nextPaintMs = await press(page, { ...one, at: filled(one.at, keys) })
    presses.push({ ...one, nextPaintMs })
    process.stderr.write(`${one.at} ${one.name} ${nextPaintMs}\n`)
  }
  const storageState = await context.storageState()
  const overviewScript = await scriptBytes(browser, { ...options, storageState }, '/')
  const machine = { node: process.version, cpu: cpus()[0]?.model.trim(), cores: cpus().length }
  const result = { machine, warmUpMs, scripts: { signIn: signInScript, overview: overviewScript }, screens, presses }
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
  await writeFile(new URL('./results/screens.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
} finally {
  await browser.close()
  await stop()
  await workspace.close()
  await rm(folder, { recursive: true, force: true })
}
