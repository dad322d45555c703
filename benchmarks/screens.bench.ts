// How long each screen takes in a real browser over a workspace with many services: from the navigation until everything asked
// for has come, on a server that has made its first views; what a press costs until the next paint; the script of the first page
// as it travels. Serves a copy of the workspace and the built web app that are named: `screens.bench.ts WORKSPACE DIST`.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { openWorkspace } from '@spillway/engine'
import { listen, makeLog, makeServer, readSettings, readWebFiles } from '@spillway/server'
import { chromium, type Page } from 'playwright-core'
import { median } from './run-sizes.ts'

const [directory = '', dist = ''] = process.argv.slice(2)
const VISITS = 2
const SCREENS = [
  ...[
    '/',
    '/explore',
    '/explore?by=service',
    '/explore?by=vendor',
    '/lines',
    '/bills',
    '/bills/imports',
    '/pools',
    '/policies',
  ],
  ...[
    '/share-plans',
    '/catalogue',
    '/accounts',
    '/people',
    '/cost-centres',
    '/projects',
    '/runs',
    '/jobs',
    '/settings',
  ],
]
/** A press on a screen that stands, by the name of what is pressed. */
const PRESSES = [
  { at: '/explore', role: 'button', name: 'Adjusted' },
  { at: '/explore?by=vendor', role: 'button', name: 'Adjusted' },
  { at: '/explore', role: 'button', name: 'Key' },
  { at: '/runs', role: 'tab', name: 'Checks' },
] as const
const WAITING = '[role=status][aria-label^=Loading], [aria-busy=true]'
const PASSWORD = 'correct horse battery'

async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    (waiting) => document.querySelector('h1') !== null && document.querySelectorAll(waiting).length === 0,
    WAITING,
    { timeout: 120_000, polling: 'raf' },
  )
}

async function visit(page: Page, path: string): Promise<number> {
  await page.goto('about:blank')
  const startedAt = performance.now()
  await page.goto(path)
  await settled(page)
  return Math.round(performance.now() - startedAt)
}

/** The longest event of the press, as the browser measures interaction to next paint; under 16 ms is 16. */
async function press(page: Page, { at, role, name }: (typeof PRESSES)[number]): Promise<number> {
  await page.goto(at)
  await settled(page)
  await page.evaluate(() => {
    const seen: number[] = []
    Object.assign(globalThis, { seen })
    const observer = new PerformanceObserver((list) => seen.push(...list.getEntries().map(({ duration }) => duration)))
    observer.observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit)
  })
  await page.getByRole(role, { name }).first().click({ timeout: 5000 })
  await page.waitForTimeout(1000)
  return page.evaluate(() => Math.max(16, ...(globalThis as unknown as { seen: number[] }).seen))
}

/** Bytes of the scripts that the first page loads, compressed as a server in front sends them. */
async function scriptBytes(page: Page): Promise<number> {
  const loaded = new Set<string>()
  page.on('response', (response) => {
    if (response.url().endsWith('.js')) loaded.add(new URL(response.url()).pathname)
  })
  await visit(page, '/')
  const files = new Set((await readdir(dist, { recursive: true })).map((file) => `/${file}`))
  let bytes = 0
  for (const path of loaded) if (files.has(path)) bytes += gzipSync(await readFile(join(dist, path))).length
  return bytes
}

const actor = { who: 'bench', now: () => new Date(), codeVersion: 'bench' }
const folder = await mkdtemp(join(tmpdir(), 'spillway-screens-bench-'))
await cp(directory, join(folder, 'w'), { recursive: true, filter: (path) => !path.endsWith('.spill') })
const workspace = await openWorkspace(join(folder, 'w'), { access: 'write', actor, holder: 'bench' })
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
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 }, baseURL: url, locale: 'en-GB' })
  const page = await context.newPage()
  await page.goto(`/welcome#${server.services.ownerSetup.offer()}`)
  await page.getByLabel('Your name').fill('Olive Owner')
  await page.getByLabel('E-mail').fill('olive@bench.example')
  await page.getByLabel('Password').first().fill(PASSWORD)
  await page.getByRole('button', { name: 'Become the owner' }).click()
  await page.waitForSelector('nav')
  const screens = []
  for (const path of SCREENS) {
    const visitMs: number[] = []
    for (let round = 0; round < VISITS; round += 1) visitMs.push(await visit(page, path))
    screens.push({ path, medianMs: median(visitMs), visitMs })
  }
  const presses = []
  for (const one of PRESSES) presses.push({ ...one, nextPaintMs: await press(page, one) })
  const machine = { node: process.version, cpu: cpus()[0]?.model.trim(), cores: cpus().length }
  const result = { machine, warmUpMs, scriptBytesOfFirstPage: await scriptBytes(page), screens, presses }
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
  await writeFile(new URL('./results/screens.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
} finally {
  await browser.close()
  await stop()
  await workspace.close()
  await rm(folder, { recursive: true, force: true })
}
