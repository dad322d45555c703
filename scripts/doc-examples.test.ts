// Runs every block marked ```sh run in our documents, as a reader would: the blocks of one document in order, in one empty
// folder that has `examples`, by the command line as it is now. `npx` is the project's own and reaches no registry; it asks
// for what a terminal shows. A block ```text output that comes next must be what was printed, where `…` is anything.
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allCodeBlocks, type CodeBlock, codeBlocks } from './doc-examples.ts'

const PROJECT = join(import.meta.dirname, '..')
const blocks = allCodeBlocks(PROJECT)
const isRun = ({ language }: CodeBlock) => language.split(' ')[0] === 'sh' && language.split(' ').includes('run')
const documents = [...new Set(blocks.filter(isRun).map(({ file }) => file))]

// Beside the one that people run, so that a test disturbs nobody.
const BUNDLE = join(PROJECT, 'packages/cli/dist', `docs-${process.pid}.js`)
const NPX = `#!/bin/sh
name="$1"
shift
case " $* " in
  *" --format "* | *" -o "*) ;;
  *" report "* | *" simulate "* | *" preview "* | *" export journal "*) set -- "$@" --format table ;;
  *" explain "*) set -- "$@" --format text ;;
esac
[ "$name" = spillway ] && exec node "${BUNDLE}" "$@"
exec "${PROJECT}/node_modules/.bin/$name" "$@"
`

/** A guide is a dozen commands, each a process of its own. */
const COMMANDS_MS_MAX = 240_000

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-docs-'))
  const npx = join(folder, 'npx')
  writeFileSync(npx, NPX)
  chmodSync(npx, 0o755)
  if (documents.length > 0) execFileSync(process.execPath, ['scripts/build.mjs', BUNDLE], { cwd: PROJECT })
})
afterAll(() => {
  for (const path of [folder, BUNDLE, `${BUNDLE}.map`]) rmSync(path, { recursive: true, force: true })
})

/** The output as a pattern: a line of `…` alone is any lines, elsewhere it is any text of the line. */
function patternOf(text: string): RegExp {
  const lines = text.trimEnd().split('\n')
  const parts = lines.map((line) => {
    if (line.trim() === '…') return '(?:.*\\n)*?'
    return `${line.trimEnd().split('…').map(escaped).join('.*')} *\\n`
  })
  return new RegExp(`^${parts.join('')}$`)
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

it('finds the blocks of a document by the words after the fence', () => {
  const marked = codeBlocks(PROJECT, 'sh').filter(({ file }) => file === 'CONTRIBUTING.md')
  expect(marked.length).toBeGreaterThan(0)
})

it.each([
  ['one\ntwo\n', 'one\ntwo\n', true],
  ['one\n…\nthree\n', 'one\n2\n2\nthree\n', true],
  ['in … seconds', 'in 12 seconds\n', true],
  ['one\n', 'one\ntwo\n', false],
  ['1.00\n', '1000\n', false],
])('reads %j as the output %j: %s', (shown, printed, isSame) => {
  expect(patternOf(shown).test(printed)).toBe(isSame)
})

describe.each(documents)('%s', (document) => {
  it(
    'shows commands that work, and what they print',
    () => {
      const cwd = join(folder, document.replaceAll('/', '-'))
      mkdirSync(cwd)
      if (existsSync(join(PROJECT, 'examples'))) symlinkSync(join(PROJECT, 'examples'), join(cwd, 'examples'))
      const env = { ...process.env, PATH: `${folder}:${process.env.PATH ?? ''}`, NO_COLOR: '1' }
      const own = blocks.filter((block) => block.file === document)
      for (const [index, block] of own.entries()) {
        if (!isRun(block)) continue
        const script = `exec 2>&1\n${block.code}`
        const run = spawnSync('bash', ['-euo', 'pipefail', '-c', script], { cwd, env, encoding: 'utf8', input: '' })
        expect(run.status, `${block.file}:${block.line}\n${run.stdout}`).toBe(0)
        const output = own[index + 1]
        if (output?.language !== 'text output') continue
        const isSame = patternOf(output.code).test(run.stdout)
        expect(isSame, `${output.file}:${output.line} shows\n${output.code}and it printed\n${run.stdout}`).toBe(true)
      }
    },
    COMMANDS_MS_MAX,
  )
})
