// Builds a small project that keeps every rule of the house, with this project's own settings and scripts, so that a test
// can plant a violation in it. Installed packages are linked, our own are written here.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export type PlantedTree = {
  readonly root: string
  /** Writes files (by path under the root), and returns what puts the tree back as it was. */
  readonly plant: (files: Readonly<Record<string, string>>) => () => void
  readonly remove: () => void
}

const SETTINGS = ['.dependency-cruiser.cjs', '.gitignore', '.npmrc', 'biome.json', 'knip.json', 'tsconfig.json']

/** Development dependencies that only the packages left out here use; knip would call them unused. */
const OF_OTHER_PACKAGES = [
  '@spillway/core',
  '@spillway/engine',
  '@spillway/formats',
  '@types/cli-progress',
  '@types/yauzl',
  '@types/yazl',
  'fast-check',
  'yazl',
]

const manifest = (name: string, dependencies: ReadonlyArray<string>) => {
  const own = Object.fromEntries(dependencies.map((dependency) => [dependency, '0.1.0']))
  const exports = { '.': './src/index.ts' }
  return `${JSON.stringify({ name: `@spillway/${name}`, version: '0.1.0', type: 'module', exports, dependencies: own }, null, 2)}\n`
}

const SOURCES: Readonly<Record<string, string>> = {
  // The readers of the real kinds are in the packages left out here.
  'scripts/document-kinds.ts':
    '// None.\nexport const KIND_READERS: Readonly<Record<string, ((document: unknown) => ReadonlyArray<string>) | null>> = {}\n',
  'README.md': '# A tidy project\n\nSee [core](packages/core/README.md#core).\n',
  'packages/core/package.json': manifest('core', []),
  'packages/core/README.md': '# Core\n',
  'packages/core/src/index.ts': "export * from './greeting.ts'\n",
  'packages/core/src/greeting.ts':
    '// Greets.\n\nexport function greeting(name: string): string {\n  return name.toUpperCase()\n}\n',
  'packages/formats/package.json': manifest('formats', ['@spillway/core']),
  'packages/formats/README.md': '# Formats\n',
  'packages/formats/src/index.ts':
    "import { greeting } from '@spillway/core'\n\nexport const format = greeting('format')\n",
  'packages/engine/package.json': manifest('engine', ['@spillway/core']),
  'packages/engine/README.md': '# Engine\n',
  'packages/engine/src/index.ts':
    "import { greeting } from '@spillway/core'\n\nexport const stage = greeting('stage')\n",
  'packages/cli/package.json': manifest('cli', ['@spillway/engine', '@spillway/formats']),
  'packages/cli/README.md': '# Command line\n',
  'packages/cli/src/index.ts': 'export {}\n',
  'packages/cli/src/main.ts':
    "import { stage } from '@spillway/engine'\nimport { format } from '@spillway/formats'\n\nprocess.stdout.write(stage + format)\n",
  'packages/web/package.json': manifest('web', []),
  'packages/web/README.md': '# Screens\n',
  'packages/web/src/main.tsx': 'export {}\n',
  'packages/web/test/e2e/prepare-screens.ts': '// Prepares nothing.\n\nexport function setup(): void {}\n',
}

/** Scripts that write pages about the packages, which are left out here. */
function isOfThePackages(path: string): boolean {
  return /scripts[/\\](reference|picture)/.test(path)
}

/** `project` is the root of the real project, whose settings, scripts and installed packages the tree takes. */
export function plantedTree(project: string): PlantedTree {
  const root = mkdtempSync(join(tmpdir(), 'spillway-planted-'))
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  for (const name of SETTINGS) cpSync(join(project, name), join(root, name))
  cpSync(join(project, 'vitest.config.ts'), join(root, 'vitest.config.ts'))
  cpSync(join(project, 'packages/web/tsconfig.json'), join(root, 'packages/web/tsconfig.json'))
  cpSync(join(project, 'scripts'), join(root, 'scripts'), { recursive: true, filter: (path) => !isOfThePackages(path) })
  const own = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'))
  for (const name of OF_OTHER_PACKAGES) delete own.devDependencies[name]
  write('package.json', `${JSON.stringify(own, null, 2)}\n`)
  for (const [path, text] of Object.entries(SOURCES)) write(path, text)
  linkPackages(project, root)
  return {
    root,
    plant: (files) => {
      const before = Object.keys(files).map((path) => [path, SOURCES[path]] as const)
      for (const [path, text] of Object.entries(files)) write(path, text)
      return () => {
        for (const [path, text] of before) {
          if (text === undefined) rmSync(join(root, path))
          else write(path, text)
        }
      }
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

function linkPackages(project: string, root: string): void {
  mkdirSync(join(root, 'node_modules', '@spillway'), { recursive: true })
  for (const name of readdirSync(join(project, 'node_modules'))) {
    if (name === '@spillway') continue
    symlinkSync(join(project, 'node_modules', name), join(root, 'node_modules', name))
  }
  for (const name of ['core', 'formats', 'engine', 'cli']) {
    symlinkSync(join('..', '..', 'packages', name), join(root, 'node_modules', '@spillway', name))
  }
}
