import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GENERATED_FOLDERS, generate, generateFiles } from './generate.ts'
import type { WrittenFile } from './generator/written-file.ts'
import { PROVIDER } from './provider.ts'

const committed = import.meta.dirname
let written = ''

beforeAll(async () => {
  written = await mkdtemp(join(tmpdir(), 'spillway-skerrymore-'))
  await generate(written)
})
afterAll(() => rm(written, { recursive: true, force: true }))

async function filesUnder(folder: string): Promise<string[]> {
  const lists = await Promise.all(
    GENERATED_FOLDERS.map(async (name) => {
      const entries = await readdir(join(folder, name), { recursive: true, withFileTypes: true })
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    }),
  )
  return lists
    .flat()
    .map((path) => path.split(sep).join('/'))
    .sort()
}

function digestOf({ path, content }: WrittenFile): string {
  return `${path} ${createHash('sha256').update(content).digest('hex')}`
}

describe('the generator of the example provider', () => {
  it('writes the committed files, byte by byte', async () => {
    const paths = await filesUnder(written)
    expect(await filesUnder(committed)).toEqual(paths)
    for (const path of [...paths, 'provider.json']) {
      const [fresh, kept] = await Promise.all([readFile(join(written, path)), readFile(join(committed, path))])
      expect(fresh.equals(kept), `${path} differs: run npx tsx examples/skerrymore/generate.ts`).toBe(true)
    }
  })

  it('gives the same bytes again, whatever the time zone', () => {
    const zone = process.env.TZ
    const first = generateFiles()
    process.env.TZ = 'Asia/Kathmandu'
    const second = generateFiles()
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
    expect(second.map(digestOf)).toEqual(first.map(digestOf))
  })

  it('stays under a megabyte', async () => {
    const sizes = await Promise.all((await filesUnder(committed)).map((path) => stat(join(committed, path))))
    expect(sizes.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(1_000_000)
  })
})

describe('the manifest of the example provider', () => {
  it('names every file of the inventory and the usage exactly once, and documents that exist', async () => {
    const named = PROVIDER.months.flatMap(({ imports }) => imports.map(({ file }) => file))
    expect([...named].sort()).toEqual(await filesUnder(committed))
    const found = await Promise.all(PROVIDER.documents.map((path) => stat(join(committed, path))))
    expect(found.every((file) => file.size > 0)).toBe(true)
  })
})
