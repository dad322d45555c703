import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMPANY } from './company.ts'
import { GENERATED_FOLDERS, generate, generateFiles } from './generate.ts'
import type { WrittenFile } from './generator/bill.ts'

const committed = import.meta.dirname
let written = ''

beforeAll(async () => {
  written = await mkdtemp(join(tmpdir(), 'spillway-quillhaven-'))
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

describe('the generator of the example company', () => {
  it('writes the committed files, byte by byte', async () => {
    const paths = await filesUnder(written)
    expect(await filesUnder(committed)).toEqual(paths)
    for (const path of [...paths, 'company.json', COMPANY.expectedInvoices]) {
      const [fresh, kept] = await Promise.all([readFile(join(written, path)), readFile(join(committed, path))])
      expect(fresh.equals(kept), `${path} differs: run npx tsx examples/quillhaven/generate.ts`).toBe(true)
    }
  })

  it('gives the same bytes again, whatever the time zone', async () => {
    const zone = process.env.TZ
    const first = await generateFiles()
    process.env.TZ = 'Asia/Kathmandu'
    const second = await generateFiles()
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
    expect(second.map(digestOf)).toEqual(first.map(digestOf))
  })

  it('stays under 6 MB', async () => {
    const sizes = await Promise.all((await filesUnder(committed)).map((path) => stat(join(committed, path))))
    expect(sizes.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(6_000_000)
  })
})

describe('the manifest of the example company', () => {
  it('names every file of the bills and the directory exactly once', async () => {
    const named = [...COMPANY.directory, ...COMPANY.months.flatMap(({ imports }) => imports.map(({ file }) => file))]
    expect([...named].sort()).toEqual(await filesUnder(committed))
  })

  it('names documents and policies that exist', async () => {
    const named = [...COMPANY.documents, ...COMPANY.simulate.map(({ file }) => file), COMPANY.expectedInvoices]
    const found = await Promise.all(named.map((path) => stat(join(committed, path))))
    expect(found.every((file) => file.size > 0)).toBe(true)
  })

  it('accepts exactly the invoices that do not foot', async () => {
    const rows = (await readFile(join(committed, COMPANY.expectedInvoices), 'utf8')).trim().split('\n').slice(1)
    const differing = rows
      .map((row) => row.split(','))
      .filter((cells) => cells.at(-1) !== '0.00')
      .map((cells) => ({ period: cells[3], invoice: cells[2], difference: cells.at(-1) }))
    const accepted = COMPANY.months.flatMap(({ period, accepts }) =>
      accepts.map(({ invoice, difference }) => ({ period, invoice, difference })),
    )
    expect(accepted).toEqual(differing)
  })
})
