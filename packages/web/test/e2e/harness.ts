// The screens in a real browser over a real server: a copy of an example company, served on loopback, and pages that are signed in
// as somebody. A page that writes an error to its console fails its test.
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { AxeBuilder } from '@axe-core/playwright'
import { initWorkspace, openWorkspace, type Workspace } from '@spillway/engine'
import { listen, makeLog, makeServer, readSettings, readWebFiles } from '@spillway/server'
import type { Role, ScopeKind } from '@spillway/server/contract'
import { type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, onTestFailed } from 'vitest'

export type Company = 'company' | 'provider' | 'firm' | 'empty'
export type Somebody = {
  readonly role: Role
  readonly scopeKind?: ScopeKind
  readonly scopeKey?: string
}
export const OWNER: Somebody = { role: 'owner' }
const PASSWORD = 'correct horse battery'

/** A suite that needs the browser; skipped, with the reason printed once, where there is none. */
export const describeScreens = describe.skipIf(inject('chromium') === '')

export type OpenOptions = {
  readonly as?: Somebody
  readonly scheme?: 'light' | 'dark'
  readonly viewport?: { readonly width: number; readonly height: number }
}

export type Served = {
  readonly url: string
  readonly workspace: Workspace
  /** A page of a browser of its own, signed in, at the address. */
  open(path: string, options?: OpenOptions): Promise<Page>
  /** The cookie of somebody's session, for asking the API beside a page. */
  cookieOf(somebody: Somebody): Promise<string>
  /** What pages wrote to their consoles as errors; 4xx that a test provokes are its own to expect. */
  readonly consoleErrors: ReadonlyArray<string>
  stop(): Promise<void>
}

/** A copy of the example company, or of the workspace in the folder that is named. */
export async function serveScreens(company: Company | { readonly from: string }): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-served-'))
  const directory = join(folder, 'w')
  const actor = { who: 'tester', now: () => new Date(), codeVersion: 'test' }
  const workspace =
    company === 'empty'
      ? await initWorkspace(directory, { actor, holder: 'test' })
      : await copied(typeof company === 'string' ? join(inject('screens'), company) : company.from, directory, actor)
  const settings = await readSettings({
    // A test receives webhooks on loopback.
    environment: { SPILLWAY_PORT: '0', SPILLWAY_LOG_LEVEL: 'error', SPILLWAY_WEBHOOK_PRIVATE_ADDRESSES: 'true' },
    given: {},
  })
  const logged: string[] = []
  const kept = new Writable({
    write: (line, _encoding, done) => {
      logged.push(String(line))
      done()
    },
  })
  const web = await readWebFiles(join(inject('screens'), 'dist'))
  const server = makeServer({ workspace, settings, log: makeLog(kept, 'error'), web })
  const listening = await listen(server)
  const browser = await chromium.launch({
    executablePath: inject('chromium'),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
    ],
  })
  const consoleErrors: string[] = []
  const cookies = new Map<string, Promise<string>>()
  const owner = makeOwner(listening.url, server.services.ownerSetup.offer())
  cookies.set(nameOf(OWNER), owner)
  const cookieOf = (somebody: Somebody) => {
    const name = nameOf(somebody)
    const known = cookies.get(name) ?? owner.then((cookie) => makePerson(listening.url, cookie, somebody))
    cookies.set(name, known)
    return known
  }
  await owner
  return {
    url: listening.url,
    workspace,
    cookieOf,
    consoleErrors,
    open: async (path, { as = OWNER, scheme = 'light', viewport = { width: 1360, height: 860 } } = {}) => {
      const context = await browser.newContext({
        colorScheme: scheme,
        viewport,
        baseURL: listening.url,
        locale: 'en-GB',
      })
      await signIn(context, { url: listening.url, cookie: await cookieOf(as) })
      const page = await context.newPage()
      watch(page, consoleErrors)
      onTestFailed(() => tell(page, logged))
      await page.goto(path)
      return page
    },
    stop: async () => {
      await browser.close()
      await listening.stop()
      await workspace.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Within a suite: serves each of them before its tests, and stops them after. */
export function serveEach(companies: ReadonlyArray<Company>): (company: Company) => Served {
  const served = new Map<Company, Served>()
  beforeAll(async () => {
    for (const company of companies) served.set(company, await serveScreens(company))
  })
  afterAll(async () => {
    for (const one of served.values()) await one.stop()
  })
  return (company) => served.get(company) as Served
}

async function copied(from: string, directory: string, actor: Workspace['actor']): Promise<Workspace> {
  await cp(from, directory, { recursive: true, dereference: true })
  return openWorkspace(directory, { access: 'write', actor, holder: 'test' })
}

const nameOf = ({ role, scopeKind = 'tenant', scopeKey = '' }: Somebody) =>
  `${role}.${scopeKind}.${scopeKey || 'all'}`.toLowerCase()

async function makeOwner(url: string, token: string): Promise<string> {
  const body = { token, email: 'owner@screens.example', name: 'Olive Owner', password: PASSWORD }
  return cookieIn(await send(url, '/v1/sign-in/owner', { body }))
}

/** A user with one grant. */
async function makePerson(url: string, cookie: string, somebody: Somebody): Promise<string> {
  const email = `${nameOf(somebody)}@screens.example`
  const created = await send(url, '/v1/users', {
    cookie,
    body: { email, name: nameOf(somebody), password: PASSWORD },
  })
  const { id } = (await created.json()) as { id: string }
  const { role, scopeKind = 'tenant', scopeKey = '' } = somebody
  await send(url, '/v1/grants', { cookie, body: { user: id, role, scopeKind, scopeKey } })
  return cookieIn(await send(url, '/v1/sign-in', { body: { email, password: PASSWORD } }))
}

type Sent = { readonly body: unknown; readonly cookie?: string }

async function send(url: string, path: string, { body, cookie }: Sent): Promise<Response> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url, ...(cookie === undefined ? {} : { cookie }) },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return response
}

function cookieIn(response: Response): string {
  const [cookie = ''] = (response.headers.get('set-cookie') ?? '').split(';')
  return cookie
}

async function signIn(context: BrowserContext, { url, cookie }: { url: string; cookie: string }): Promise<void> {
  const at = cookie.indexOf('=')
  await context.addCookies([
    {
      name: cookie.slice(0, at),
      value: cookie.slice(at + 1),
      url: url.replace('http:', 'https:'),
      secure: true,
      httpOnly: true,
    },
  ])
}

/** How many questions of a page are open, and when the last one was asked or answered. */
const trafficOf = new WeakMap<Page, { open: number; last: number }>()

function watch(page: Page, consoleErrors: string[]): void {
  const traffic = { open: 0, last: Date.now() }
  trafficOf.set(page, traffic)
  const count = (by: number) => () => {
    traffic.open += by
    traffic.last = Date.now()
  }
  page.on('request', count(1))
  page.on('requestfinished', count(-1))
  page.on('requestfailed', count(-1))
  page.on('console', (message) => {
    if (message.type() === 'error') consoleErrors.push(`${page.url()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => consoleErrors.push(`${page.url()}: ${error.message}`))
}

/** For whoever looks why a test failed: where the page stood, what it showed, and what went wrong in the server. */
async function tell(page: Page, logged: ReadonlyArray<string>): Promise<void> {
  const shown = await page
    .locator('body')
    .innerText({ timeout: 5000 })
    .catch((error: unknown) => String(error))
  process.stdout.write(`The page at ${page.url()}:\n${shown}\nThe server's errors:\n${logged.join('') || 'none\n'}`)
}

/** What stands for figures that are still to come. */
export const loadingIn = (within: Page | Locator) =>
  within.locator('[role=status][aria-label^=Loading], [aria-busy=true]')

/** The screen stands, everything that it asked for has come, and nothing is still loading. */
export async function settled(page: Page): Promise<void> {
  // A busy machine may send nothing for a while before the screen asks for anything.
  await page.locator('h1, [role=alert]').first().waitFor()
  await page.waitForLoadState('networkidle')
  await expect.poll(() => loadingIn(page).count(), { timeout: 30_000 }).toBe(0)
}

/** As soon as a page that is only read stands: nothing was asked for a moment, and nothing is still loading. */
export async function quiet(page: Page): Promise<void> {
  await page.locator('h1, [role=alert]').first().waitFor()
  const isQuiet = async () => isIdle(page) && (await loadingIn(page).count()) === 0
  await expect.poll(isQuiet, { timeout: 30_000, interval: 20 }).toBe(true)
}

const IDLE_MS = 120

function isIdle(page: Page): boolean {
  const traffic = trafficOf.get(page)
  return traffic !== undefined && traffic.open === 0 && Date.now() - traffic.last > IDLE_MS
}

/** What fades in is judged once it is there: half transparent it has half the contrast. It may begin some frames after it is in the page. */
async function stilled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let still = 0; still < 10; still += 1) {
      await new Promise(requestAnimationFrame)
      const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
      if (ending.length > 0) still = 0
      await Promise.all(ending.map(({ finished }) => finished.catch(() => undefined)))
    }
  })
}

/** What axe finds against WCAG 2.2 A and AA, as lines a person reads. */
export async function axeFindings(page: Page): Promise<ReadonlyArray<string>> {
  await stilled(page)
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))
}

/** The same in light and in dark, each finding with its scheme. */
export async function axeFindingsInBoth(page: Page): Promise<ReadonlyArray<string>> {
  const found: string[] = []
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    found.push(...(await axeFindings(page)).map((finding) => `${colorScheme}: ${finding}`))
  }
  return found
}

/** Amounts as the page shows them: the exact text and its currency. */
export async function amountsOf(page: Page, within = 'body'): Promise<ReadonlyArray<string>> {
  return page
    .locator(`${within} [data-amount]`)
    .evaluateAll((found) =>
      found.map((one) => `${one.getAttribute('data-amount')} ${one.getAttribute('data-currency')}`),
    )
}

export type { Page }
