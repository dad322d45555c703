// Before the first test of the screens: builds the app as it is now, and makes the example companies once, by the commands that a
// new user types. Each test file serves copies of its own. SPILLWAY_SCREENS names a folder where they were made before, as `company`,
// `provider` and `firm`, and SPILLWAY_SCREENS_DIST one where the app was built, for whoever works on a screen.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A folder with dist/ and the workspaces; '' where no browser is installed. */
    screens: string
    chromium: string
  }
}

const ROOT = join(import.meta.dirname, '../../../..')
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const chromium = process.env.CHROMIUM_PATH ?? BROWSERS.find((path) => existsSync(path)) ?? ''
  project.provide('chromium', chromium)
  if (chromium === '') {
    if (process.env.CI) throw new Error('The tests of the screens need Chromium: install it, or set CHROMIUM_PATH.')
    process.stdout.write('The tests of the screens are skipped: no Chromium is installed (CHROMIUM_PATH names one).\n')
    project.provide('screens', '')
    return undefined
  }
  const folder = await mkdtemp(join(tmpdir(), 'spillway-screens-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  project.provide('screens', folder)
  const { SPILLWAY_SCREENS: kept, SPILLWAY_SCREENS_DIST: built } = process.env
  if (built === undefined) await buildApp(join(folder, 'dist'))
  else await symlink(built, join(folder, 'dist'))
  if (kept !== undefined) {
    for (const company of ['company', 'provider', 'firm']) await symlink(join(kept, company), join(folder, company))
    return remove
  }
  await Promise.all([
    demo([join(folder, 'company')]),
    demo([join(folder, 'provider'), '--provider']),
    demo([join(folder, 'firm'), '--firm']),
  ])
  return remove
}

/** As it is shipped: under the runner's own NODE_ENV React would be that of development, which mounts every screen twice. */
async function buildApp(outDir: string): Promise<void> {
  const { NODE_ENV } = process.env
  process.env.NODE_ENV = 'production'
  await build({ configFile: join(ROOT, 'packages/web/vite.config.ts'), logLevel: 'error', build: { outDir } })
  process.env.NODE_ENV = NODE_ENV
}

function demo(args: ReadonlyArray<string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [join(ROOT, 'node_modules/tsx/dist/cli.mjs'), 'packages/cli/src/main.ts', 'demo', ...args],
      { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] },
    )
    let said = ''
    child.stderr.on('data', (piece) => {
      said += String(piece)
    })
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`spillway demo ${args.join(' ')} ends with ${code}: ${said}`)),
    )
  })
}
