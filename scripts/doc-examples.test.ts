// Runs every block marked ```sh run in our documents, as a reader would: the blocks of one document in order, in one empty
// folder that has `examples`, by the command line as it is now. `npx` is the project's own and reaches no registry.
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeBlocks } from './doc-examples.ts'

const PROJECT = join(import.meta.dirname, '..')
const blocks = codeBlocks(PROJECT, 'sh').filter(({ language }) => language.split(' ').includes('run'))
const documents = [...new Set(blocks.map(({ file }) => file))]

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-docs-'))
  const npx = join(folder, 'npx')
  writeFileSync(npx, `#!/bin/sh\nname="$1"\nshift\nexec "${PROJECT}/node_modules/.bin/$name" "$@"\n`)
  chmodSync(npx, 0o755)
  if (blocks.length > 0) execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: PROJECT })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('finds the blocks of a document by the words after the fence', () => {
  const marked = codeBlocks(PROJECT, 'sh').filter(({ file }) => file === 'CONTRIBUTING.md')
  expect(marked.length).toBeGreaterThan(0)
})

describe.each(documents)('%s', (document) => {
  it('shows commands that work', () => {
    const cwd = join(folder, document.replaceAll('/', '-'))
    mkdirSync(cwd)
    if (existsSync(join(PROJECT, 'examples'))) symlinkSync(join(PROJECT, 'examples'), join(cwd, 'examples'))
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH ?? ''}`, NO_COLOR: '1' }
    for (const { file, line, code } of blocks.filter((block) => block.file === document)) {
      const run = spawnSync('bash', ['-euo', 'pipefail', '-c', code], { cwd, env, encoding: 'utf8', input: '' })
      expect(run.status, `${file}:${line}\n${run.stdout}${run.stderr}`).toBe(0)
    }
  })
})
