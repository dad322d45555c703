// `npm run screens`: takes the pictures of the screens that the README and the guides show, from the example companies, served by
// the commands that a new user types. Needs a Chromium (CHROMIUM_PATH, else where Debian has it) and `npm run build` before.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const ROOT = join(import.meta.dirname, '..')
const FOLDER = join(ROOT, 'docs/pictures')

type Picture = {
  readonly name: string
  readonly path: string
  readonly scheme?: 'light' | 'dark'
  /** Of the window: wide enough for a page of documentation to show its words. */
  readonly size?: { readonly width: number; readonly height: number }
  /** What somebody does there before the picture is taken. */
  readonly doing?: (page: Page) => Promise<void>
}
type Company = { readonly options: ReadonlyArray<string>; readonly pictures: ReadonlyArray<Picture> }

const SIZE = { width: 1200, height: 750 }

const COMPANIES: ReadonlyArray<Company> = [
  {
    options: [],
    pictures: [
      { name: 'overview', path: '/?period=2026-10' },
      {
        name: 'explain',
        path: '/explore?by=service&period=2026-10&sort=-adjusted&explain=SIM-30007',
        size: { width: 1200, height: 660 },
      },
      { name: 'cost-centres', path: '/cost-centres?period=2026-10', scheme: 'dark' },
      { name: 'pool', path: '/pools/T-FIELD?period=2026-10' },
      {
        name: 'policy',
        path: '/policies/field-data?period=2026-10',
        size: { width: 1360, height: 750 },
        doing: shareEvenly,
      },
    ],
  },
  {
    options: ['--provider'],
    pictures: [{ name: 'share-plans', path: '/share-plans/chill-pool?chosen=chill-data&panel=month&period=2026-09' }],
  },
  {
    options: ['--firm'],
    pictures: [
      {
        name: 'conflicts',
        path: '/conflicts?period=2026-10&tab=conferences&of=WT7000&chosen=litigation&from=2026-10-20',
      },
    ],
  },
]

/** Another way to share, whose effect then stands beside it. */
async function shareEvenly(page: Page): Promise<void> {
  const component = page.getByRole('region', { name: 'Component access' })
  await component.getByLabel('How it is shared').selectOption('even')
  await page.getByText('would carry less').waitFor()
}

async function picturesOf(browser: Browser, { options, pictures }: Company): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-pictures-'))
  const child = spawn(
    process.execPath,
    [join(ROOT, 'packages/cli/bin/spillway.js'), 'demo', join(folder, 'demo'), ...options, '--serve', '--port', '0'],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  // The link works once: the first context signs in, its cookie goes to the others.
  let signedIn: Awaited<ReturnType<BrowserContext['cookies']>> | null = null
  try {
    const link = await linkFrom(child)
    for (const { name, path, scheme = 'light', size = SIZE, doing } of pictures) {
      const context = await browser.newContext({
        viewport: size,
        colorScheme: scheme,
        locale: 'en-US',
      })
      if (signedIn === null) {
        const first = await context.newPage()
        await first.goto(link)
        signedIn = await context.cookies()
      } else await context.addCookies(signedIn)
      const page = await context.newPage()
      await page.goto(new URL(path, link).href)
      await page.waitForLoadState('networkidle')
      await doing?.(page)
      await page.waitForTimeout(800)
      await page.screenshot({ path: join(FOLDER, `${name}.png`) })
      await context.close()
    }
  } finally {
    child.kill('SIGTERM')
    await new Promise((resolve) => child.once('exit', resolve))
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The address that the command prints once it listens. */
function linkFrom(child: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const read = (piece: unknown) => {
      said += String(piece)
      const link = /http:\/\/\S+\/v1\/sign-in\/link\?token=\S+/.exec(said)?.[0]
      if (link !== undefined) resolve(link)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', (code) => reject(new Error(`spillway demo ended with ${code}: ${said}`)))
  })
}

const executablePath =
  process.env.CHROMIUM_PATH ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path))
if (executablePath === undefined) throw new Error('No Chromium is installed; CHROMIUM_PATH names one.')
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
})
try {
  for (const company of COMPANIES) await picturesOf(browser, company)
} finally {
  await browser.close()
}
