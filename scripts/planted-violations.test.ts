// Each check of the house is given a small tidy project and must find nothing; then one violation is planted, and the
// check must fail and name it. A check that cannot fail protects nothing.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { brokenExamples } from './doc-examples.ts'
import type { Finding } from './finding.ts'
import { brokenLinks } from './links.ts'
import { type PlantedTree, plantedTree } from './planted-tree.ts'
import { tidy } from './tidy.ts'

type Files = Readonly<Record<string, string>>
type Plant = readonly [name: string, files: Files, named: ReadonlyArray<string | RegExp>]

const PROJECT = join(import.meta.dirname, '..')
const CORE = 'packages/core/src/greeting.ts'
const FORMATS = 'packages/formats/src/index.ts'
const ENGINE = 'packages/engine/src/index.ts'
const GREETING = '// Greets.\n\nexport function greeting(name: string): string {\n  return name.toUpperCase()\n}\n'

/** Greets with a body so long that the function has `lines` lines. */
const functionOf = (lines: number) =>
  `// Greets.\n\nexport function greeting(name: string): string {\n  let text = name\n${"  text += '!'\n".repeat(lines - 4)}  return text\n}\n`

/** npm script -> what is planted -> texts or patterns that its output must have. */
const BY_COMMAND: Readonly<Record<string, ReadonlyArray<Plant>>> = {
  types: [
    ['a type error', { [CORE]: GREETING.replace('name.toUpperCase()', '42') }, ['greeting.ts', 'TS2322']],
    ['an any that nobody wrote', { [CORE]: GREETING.replace('name: string', 'name') }, ['greeting.ts', 'TS7006']],
  ],
  lint: [
    ['a function of 71 lines', { [CORE]: functionOf(71) }, ['greeting.ts', 'noExcessiveLinesPerFunction']],
    ['bad format', { [CORE]: GREETING.replace('  return', '      return') }, ['greeting.ts', 'format']],
    ['a written any', { [CORE]: GREETING.replace('name: string', 'name: any') }, ['greeting.ts', 'noExplicitAny']],
    ['a non-null assertion', { [CORE]: GREETING.replace('name.', 'name.at(0)!.') }, ['noNonNullAssertion']],
    ['a default export', { [CORE]: GREETING.replace('export', 'export default') }, ['noDefaultExport']],
    ['an enum', { [CORE]: `${GREETING}\nexport enum Colour {\n  Red = 'red',\n}\n` }, ['noEnum']],
    ['camelCase', { 'packages/core/src/greetTwice.ts': GREETING }, ['greetTwice.ts', 'useFilenamingConvention']],
    [
      'a promise that nobody awaits',
      { [CORE]: `${GREETING}\nexport function later(): void {\n  Promise.resolve(greeting('later'))\n}\n` },
      ['noFloatingPromises'],
    ],
  ],
  imports: [
    ['core reading a file', { [CORE]: `import 'node:fs'\n${GREETING}` }, ['core-does-no-io', CORE]],
    ['core using the engine', { [CORE]: `import '@spillway/engine'\n${GREETING}` }, ['core-imports-no-package', CORE]],
    [
      'core using a type of the engine',
      { [CORE]: `import type { stage } from '@spillway/engine'\n\nexport type Stage = typeof stage\n` },
      ['core-imports-no-package', CORE],
    ],
    ['core using a library', { [CORE]: `import 'yaml'\n${GREETING}` }, ['core-npm-dependencies', CORE]],
    ['formats using the engine', { [FORMATS]: "import '@spillway/engine'\n" }, ['formats-imports-core-only', FORMATS]],
    ['the engine using formats', { [ENGINE]: "import '@spillway/formats'\n" }, ['engine-imports-core-only', ENGINE]],
    [
      'the server using a command',
      { 'packages/server/src/index.ts': "import '@spillway/cli'\n" },
      ['server-imports-no-command', 'packages/server/src/index.ts'],
    ],
    [
      'the contract using the engine',
      { 'packages/server/src/contract/index.ts': "import '@spillway/engine'\n" },
      ['contract-stands-alone', 'packages/server/src/contract/index.ts'],
    ],
    [
      'a screen using the engine',
      { 'packages/web/src/app.ts': "import '@spillway/engine'\n" },
      ['web-knows-the-contract', 'packages/web/src/app.ts'],
    ],
    [
      'a screen loading a schema',
      {
        'packages/web/src/app.ts': "import '../../server/src/contract/index.ts'\n",
        'packages/server/src/contract/index.ts': '// The contract.\n',
      },
      ['web-loads-no-schema', 'packages/web/src/app.ts'],
    ],
    [
      'a route making a scope',
      {
        'packages/server/src/index.ts': "import '../../engine/src/workspace/scopes.ts'\n",
        'packages/engine/src/workspace/scopes.ts': '// Scopes.\n',
      },
      ['scopes-are-made-in-one-place', 'packages/server/src/index.ts'],
    ],
    [
      'a relative path into another package',
      { 'packages/cli/src/index.ts': "export * from '../../core/src/greeting.ts'\n" },
      ['package-by-its-name', 'packages/cli/src/index.ts'],
    ],
    ['a second user of the driver', { [ENGINE]: "import '@duckdb/node-api'\n" }, ['one-module-imports-duckdb', ENGINE]],
    [
      'a cycle',
      {
        [CORE]: `import { farewell } from './farewell.ts'\n${GREETING.replace('name.', 'farewell.')}`,
        'packages/core/src/farewell.ts':
          "import { greeting } from './greeting.ts'\nexport const farewell = greeting('')\n",
      },
      ['no-cycle', 'packages/core/src/farewell.ts'],
    ],
    ['an import of nothing', { [CORE]: `import './gone.ts'\n${GREETING}` }, ['not-resolved', './gone.ts']],
    [
      'a test used by the product',
      { [CORE]: `import './greeting.test.ts'\n${GREETING}`, 'packages/core/src/greeting.test.ts': 'export {}\n' },
      ['tests-are-not-imported', CORE],
    ],
  ],
  'dead-code': [
    [
      'a dead export',
      {
        'packages/formats/src/parts.ts': "export const used = 'used'\nexport const dead = 'dead'\n",
        [FORMATS]:
          "import { greeting } from '@spillway/core'\nimport { used } from './parts.ts'\nexport const format = greeting(used)\n",
      },
      ['Unused exports', /dead\s+packages\/formats\/src\/parts\.ts/],
    ],
    ['a dead file', { 'packages/core/src/dead.ts': 'export {}\n' }, ['Unused files', 'packages/core/src/dead.ts']],
    [
      'an unlisted dependency',
      { [CORE]: `import 'zod'\n${GREETING}` },
      ['Unlisted dependencies', /zod\s+packages\/core/],
    ],
  ],
  links: [['a link to nothing', { 'docs/a.md': '# A\n\n[gone](gone.md)\n' }, ['docs/a.md:3 broken-link: gone.md']]],
}

const problems = (codes: string) => `export type ProblemFacts = {\n${codes}}\n`
const inCore = (line: string): Files => ({ [CORE]: `// x\n${line}\n` })
const inFormats = (line: string): Files => ({ 'packages/formats/src/read.ts': `// x\n${line}\n` })
const inDocument = (text: string): Files => ({ 'docs/a.md': text })

/** The rule, what is planted, and the file and line that must be named. */
const TIDY: ReadonlyArray<readonly [rule: string, files: Files, file: string, line: number]> = [
  ['file-length', { [CORE]: `${GREETING}${'// A line.\n'.repeat(400)}` }, CORE, 0],
  ['header', { [CORE]: GREETING.slice(GREETING.indexOf('export')) }, CORE, 1],
  ['banned-name', { 'packages/core/src/utils.ts': '// x\n' }, 'packages/core/src/utils.ts', 0],
  ['banned-name', { 'packages/core/src/date-helpers.ts': '// x\n' }, 'packages/core/src/date-helpers.ts', 0],
  ['banned-name', { 'packages/core/src/common/words.ts': '// x\n' }, 'packages/core/src/common/words.ts', 0],
  ['banned-name', inCore('export class BillManager {}'), CORE, 2],
  ['kebab-case', { 'docs/GuideOne.md': '# x\n' }, 'docs/GuideOne.md', 0],
  ['kebab-case', { 'docs/guide_two/one.md': '# x\n' }, 'docs/guide_two/one.md', 0],
  ['large-file', { 'docs/large.json': ' '.repeat(1_000_001) }, 'docs/large.json', 0],
  ['odd-extension', { 'docs/picture.bmp': 'x' }, 'docs/picture.bmp', 0],
  ['odd-extension', { 'docs/without': 'x' }, 'docs/without', 0],
  ['one-title', inDocument('# One\n\n# Two\n'), 'docs/a.md', 3],
  ['one-title', inDocument('Text.\n'), 'docs/a.md', 1],
  ['package-readme', { 'packages/core/README.md': `# Core\n${'x\n'.repeat(200)}` }, 'packages/core/README.md', 0],
  ['package-readme', { 'packages/new/package.json': '{}\n' }, 'packages/new/README.md', 0],
  ['lockfile-address', { 'package-lock.json': '{\n  "resolved": "https://a.test/x.tgz"\n}\n' }, 'package-lock.json', 2],
  [
    'problem-code-tested',
    { 'packages/core/src/problem.ts': problems("  'gone-wrong': {}\n") },
    'packages/core/src/problem.ts',
    2,
  ],
  ['sql-divides-money', inCore('export const sql = `SELECT sum(amount_minor) / 2 FROM charge`'), CORE, 2],
  ['sql-divides-money', inCore('export const sql = `SELECT 1 / c.amount_minor FROM charge c`'), CORE, 2],
  ['sql-divides-money', inCore('export const sql = `SELECT avg(c.amount_minor) FROM charge c`'), CORE, 2],
  ['sql-casts-money', inCore('export const sql = `SELECT amount_minor::DOUBLE FROM charge`'), CORE, 2],
  ['sql-casts-money', inCore('export const sql = `SELECT CAST(sum(amount_minor) AS DECIMAL(18,2))`'), CORE, 2],
  ['sql-sums-over-all', inCore('export const sql = `SELECT *, count(*) OVER () AS rows FROM charge`'), CORE, 2],
  ['sql-sums-over-all', inCore('export const sql = `SELECT sum(coalesce(a, 0)) over ( ) FROM charge`'), CORE, 2],
  ['money-as-number', inCore("export const price = parseFloat('1.10')"), CORE, 2],
  ['money-as-number', inCore('export const shown = (row: Row) => Number(row.amount)'), CORE, 2],
  ['money-as-number', inCore('export type Row = { readonly amountMinor: number }'), CORE, 2],
  ['zero-for-unreadable', inFormats('export const n = (c?: number) => c ?? 0'), 'packages/formats/src/read.ts', 2],
  ['zero-for-unreadable', inFormats('export const n = (c: number) => c || 0'), 'packages/formats/src/read.ts', 2],
  ['zero-for-unreadable', inFormats('export const n = (c?: bigint) => c ?? 0n'), 'packages/formats/src/read.ts', 2],
  ['swallowed-error', { [CORE]: '// x\ntry {\n  run()\n} catch {}\n' }, CORE, 4],
  ['swallowed-error', inCore('void run().catch(() => undefined)'), CORE, 2],
  ['leftover', inCore('// TODO: more'), CORE, 2],
  ['leftover', inDocument('# x\n\nFIXME\n'), 'docs/a.md', 3],
  ['test-left-out', { 'packages/core/src/a.test.ts': "it.only('x', x)\n" }, 'packages/core/src/a.test.ts', 1],
  ['test-left-out', { 'packages/core/src/a.test.ts': "describe.skip('x', x)\n" }, 'packages/core/src/a.test.ts', 1],
  ['suppression', inCore('// biome-ignore lint: later'), CORE, 2],
  ['suppression', inCore('// @ts-ignore'), CORE, 2],
  ['machine-path', inCore("export const home = '/home/me/project'"), CORE, 2],
]

/** What one rule or another might take for a violation, and must not. */
const TIDY_ENOUGH: ReadonlyArray<readonly [why: string, files: Files]> = [
  ['a long file that gives its reason', { [CORE]: `// Long because tables are.\n${'// A line.\n'.repeat(400)}` }],
  ['a count in a map of our own', inFormats("export const n = (m: Map<string, number>) => m.get('a') ?? 0")],
  ['a comment that names what is banned', inCore('// Never parseFloat(text), never amount_minor / 2.')],
  ['a title in a code block', inDocument('# One\n\n```sh\n# a comment\n```\n')],
  ['vendor names in samples', { 'packages/formats/samples/Wireless Usage_202601.txt': 'x\n' }],
  [
    'a problem code that a test names',
    {
      'packages/core/src/problem.ts': problems("  'gone-wrong': {}\n"),
      'packages/core/src/problem.test.ts': "problem('gone-wrong', {})\n",
    },
  ],
]

const LINKS: ReadonlyArray<readonly [why: string, text: string, isBroken: boolean]> = [
  ['a file that is there', '[core](../packages/core/README.md)', false],
  ['a heading that is there', '[core](../packages/core/README.md#core)', false],
  ['a heading of its own', '[here](#guide)', false],
  ['an address on the web', '[web](https://example.test/none)', false],
  ['a link in a code span', '`[x](gone.md)`', false],
  ['a file that is gone', '[x](gone.md)', true],
  ['a heading that is gone', '[x](../packages/core/README.md#gone)', true],
  ['a picture that is gone', '![x](gone.svg)', true],
  ['a reference that is gone', '[x]: gone.md', true],
  ['a file out of the project', '[x](../../../etc)', true],
]

const POLICY =
  'kind: AllocationPolicy\nname: all\napplies-to: { pools: [P-1] }\ncomponents:\n  - { name: all, charges: [{ category: access }], method: even }\n'

const EXAMPLES: ReadonlyArray<readonly [why: string, text: string, line: number]> = [
  ['TypeScript that compiles', "```ts\nimport { greeting } from '@spillway/core'\n\ngreeting('you')\n```", 0],
  ['TypeScript that does not', "```ts\nimport { greeting } from '@spillway/core'\n\ngreeting(42)\n```", 6],
  ['a name that is not exported', "```ts\nimport { gone } from '@spillway/core'\n```", 4],
  ['a policy that is good', `\`\`\`yaml\n${POLICY}\`\`\``, 0],
  ['a policy with a word of nobody', `\`\`\`yaml\n${POLICY.replace('even', 'evenly')}\`\`\``, 4],
  ['a mapping without what it maps', '```yaml\nkind: Source\nname: x\n```', 4],
  ['YAML without a kind', '```yaml\nid: c-1\n```', 0],
  ['YAML that cannot be read', '```yaml\nkind: [\n```', 4],
  ['YAML of no known kind', '```yaml\nkind: Gone\n```', 4],
]

/** What stands in a test file of vitest, and the closing line that it must give. */
const CLOSING: ReadonlyArray<readonly [why: string, text: string, line: string]> = [
  [
    'passes and failures',
    "it('a', () => {})\nit('b', () => { throw new Error('b') })",
    '1 passed, 1 failed, 0 skipped',
  ],
  ['an unhandled error', "it('a', () => { Promise.reject(new Error('a')) })", '1 passed, 1 failed, 0 skipped'],
  ['a module that does not load', "import './gone.ts'\nit('a', () => {})", '0 passed, 1 failed, 0 skipped'],
  [
    'a broken set-up',
    "describe('d', () => { beforeAll(() => { throw new Error('d') }); it('a', () => {}) })",
    '0 passed, 1 failed, 1 skipped',
  ],
  [
    'a broken tear-down',
    "describe('d', () => { afterAll(() => { throw new Error('d') }); it('a', () => {}) })",
    '1 passed, 1 failed, 0 skipped',
  ],
  ['no test at all', 'export {}', '0 passed, 1 failed, 0 skipped'],
]

let tree: PlantedTree
beforeAll(() => {
  tree = plantedTree(PROJECT)
})
afterAll(() => tree.remove())

function run(command: string): { readonly isPassed: boolean; readonly output: string } {
  // Colours would stand between the words that are looked for.
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' }
  const done = spawnSync('npm', ['run', '--silent', command], { cwd: tree.root, env, encoding: 'utf8' })
  return { isPassed: done.status === 0, output: `${done.stdout}${done.stderr}` }
}

function withPlanted<T>(files: Files, look: () => T): T {
  const restore = tree.plant(files)
  try {
    return look()
  } finally {
    restore()
  }
}

const places = (findings: ReadonlyArray<Finding>) => findings.map(({ rule, file, line }) => ({ rule, file, line }))

describe.each(Object.entries(BY_COMMAND))('npm run %s', (command, plants) => {
  it('passes on a tidy project', () => {
    const { isPassed, output } = run(command)
    expect(isPassed, output).toBe(true)
  })
  it.each(plants)('fails on %s and names it', (_name, files, named) => {
    const { isPassed, output } = withPlanted(files, () => run(command))
    expect(isPassed, output).toBe(false)
    for (const text of named) expect(output).toMatch(text)
  })
})

it('npm run lint lets a function have 70 lines', () => {
  const { isPassed, output } = withPlanted({ [CORE]: functionOf(70) }, () => run('lint'))
  expect(isPassed, output).toBe(true)
})

describe('tidy', () => {
  it('finds nothing in a tidy project', () => {
    expect(tidy(tree.root)).toEqual([])
  })
  it.each(TIDY.map(([rule, ...rest]) => [rule, rest[1], rest[0], rest[2]] as const))(
    'finds %s in %s',
    (rule, file, files, line) => {
      expect(places(withPlanted(files, () => tidy(tree.root)))).toEqual([{ rule, file, line }])
    },
  )
  it.each(TIDY_ENOUGH)('allows %s', (_why, files) => {
    expect(withPlanted(files, () => tidy(tree.root))).toEqual([])
  })
})

describe('links', () => {
  it.each(LINKS)('judges %s', (_why, text, isBroken) => {
    const findings = withPlanted(inDocument(`# Guide\n\n${text}\n`), () => brokenLinks(tree.root))
    expect(places(findings)).toEqual(isBroken ? [{ rule: 'broken-link', file: 'docs/a.md', line: 3 }] : [])
  })
})

describe('doc examples', () => {
  it.each(EXAMPLES)('judges %s', (_why, text, line) => {
    const findings = withPlanted(inDocument(`# Guide\n\n${text}\n`), () => brokenExamples(tree.root))
    expect(places(findings)).toEqual(line === 0 ? [] : [{ rule: 'doc-example', file: 'docs/a.md', line }])
  })
})

describe('the closing line of a test run', () => {
  it.each(CLOSING)('counts %s', (_why, text, line) => {
    const imports = "import { afterAll, beforeAll, describe, it } from 'vitest'\n"
    const output = withPlanted({ 'packages/core/src/a.test.ts': imports + text }, () => {
      const vitest = join(tree.root, 'node_modules', 'vitest', 'vitest.mjs')
      return spawnSync(process.execPath, [vitest, 'run', 'packages'], { cwd: tree.root, encoding: 'utf8' }).stdout
    })
    expect(output.trimEnd().split('\n').at(-1)).toBe(line)
  })
})
