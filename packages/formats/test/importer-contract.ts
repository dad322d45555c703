// What every importer must do, called by each importer's test with its samples. An expected file that is not there is
// written on the first run, and fails where CI is set: read it before it is kept.
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Importer, type ReadRow, Refusal } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { openFile, sampleTable } from '../src/index.ts'
import { gridOf, printRows, readWith, rowsOf, tableOptionsOf, withFile } from './read-file.ts'
import { addColumn, type Grid, seeded, shuffleColumns, toUtf16, toWindows1252, writeGrid } from './variants.ts'

export type ContractSample = {
  /** A delimited file that this importer reads. */
  readonly path: string
  /** Its rows as `printRows` shows them. */
  readonly expectedPath: string
  /** True for a row that is the header of a further section: each section's columns are shuffled and added to apart. */
  readonly isSectionHeader?: (cells: ReadonlyArray<string>) => boolean
}

export type ImporterContract = {
  readonly importer: Importer
  readonly samples: ReadonlyArray<ContractSample>
  /** Files that other importers read. */
  readonly foreignPaths: ReadonlyArray<string>
}

export function describeImporter({ importer, samples, foreignPaths }: ImporterContract): void {
  describe(`the importer ${importer.name}`, () => {
    it('says what it is in one sentence under a kebab-case name', () => {
      expect(importer.name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
      expect(importer.describes.length).toBeGreaterThan(10)
      expect(importer.version).toBeGreaterThan(0)
    })

    it.each(foreignPaths.map((path) => [basename(path), path]))('leaves %s to others', async (_, path) => {
      expect(await recognises(importer, path)).toBe(false)
    })

    for (const sample of samples) describeSample(importer, sample)
  })
}

function describeSample(importer: Importer, { path, expectedPath, isSectionHeader }: ContractSample): void {
  const name = basename(path)
  const options = tableOptionsOf(importer)

  it(`recognises ${name} and reads it as expected`, async () => {
    expect(await recognises(importer, path)).toBe(true)
    await expect(printRows(await readWith(importer, path))).toMatchFileSnapshot(expectedPath)
  })

  it(`loses no row of ${name}: each is accepted or quarantined`, async () => {
    const [part] = await openFile(path)
    const lines = (await rowsOf(await required(part).openTable(options))).map((row) => row.line)
    const rows = await readWith(importer, path)
    expect(rows.map((row) => row.line)).toEqual(lines)
  })

  it.each(['lf', 'crlf', 'cr', 'mixed', 'semicolons', 'tabs', 'bars', 'bom', 'utf16le', 'utf16be', 'windows-1252'])(
    `reads ${name} the same when it is written in another way: %s`,
    async (way) => {
      const grid = await gridOf(path, options)
      const bytes = waysOf(grid)[way] ?? null
      if (bytes === null) expect(toWindows1252(writeGrid(grid))).toBeNull()
      else expect(await readBytes(importer, name, bytes)).toEqual(await readPlain(importer, path))
    },
  )

  it(`reads ${name} the same with its columns in another order`, async () => {
    const text = writeGrid(shuffleColumns(await gridOf(path, options), isSectionHeader))
    expect(await readBytes(importer, name, text)).toEqual(await readPlain(importer, path))
  })

  it(`keeps a column of ${name} that nobody asked for`, async () => {
    const text = writeGrid(
      addColumn(await gridOf(path, options), { title: 'Somebody’s own', cell: '=1+1', isSectionHeader }),
    )
    const facts = (await readBytes(importer, name, text)).flatMap((row) => row.facts.map(({ fact }) => fact))
    expect(facts.length).toBeGreaterThan(0)
    for (const fact of facts) expect(fact.extra).toMatchObject({ 'Somebody’s own': '=1+1' })
  })

  it(`refuses ${name} or reads what is there, wherever it is cut off`, async () => {
    const bytes = await readFile(path)
    const random = seeded(20_261_122)
    for (let round = 0; round < 25; round += 1) {
      const cut = bytes.subarray(0, Math.floor(random() * bytes.length))
      const failure = await readBytes(importer, name, cut).then(
        () => null,
        (error: unknown) => error,
      )
      if (failure !== null) expect(failure).toBeInstanceOf(Refusal)
    }
  })
}

async function recognises(importer: Importer, path: string): Promise<boolean> {
  const [part] = await openFile(path)
  return importer.recognises(await sampleTable(required(part), tableOptionsOf(importer)))
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the file has no part')
  return value
}

/** null where a way cannot hold the text. */
function waysOf(grid: Grid): Readonly<Record<string, Buffer | string | null>> {
  const text = writeGrid(grid)
  return {
    lf: text,
    crlf: writeGrid(grid, { lineEnds: ['\r\n'] }),
    cr: writeGrid(grid, { lineEnds: ['\r'] }),
    mixed: writeGrid(grid, { lineEnds: ['\r\n', '\n', '\r'] }),
    semicolons: writeGrid(grid, { delimiter: ';' }),
    tabs: writeGrid(grid, { delimiter: '\t' }),
    bars: writeGrid(grid, { delimiter: '|' }),
    bom: `\ufeff${text}`,
    utf16le: toUtf16(text, { isBigEndian: false }),
    utf16be: toUtf16(text, { isBigEndian: true }),
    'windows-1252': toWindows1252(text),
  }
}

type PlainRow = Pick<ReadRow, 'line' | 'facts'> & { readonly codes: ReadonlyArray<string> }

/** Without the raw text, which differs where the writing does. */
function plain(rows: ReadonlyArray<ReadRow>): ReadonlyArray<PlainRow> {
  return rows.map(({ line, facts, problems }) => ({ line, facts, codes: problems.map(({ code }) => code) }))
}

async function readPlain(importer: Importer, path: string): Promise<ReadonlyArray<PlainRow>> {
  const grid = await gridOf(path, tableOptionsOf(importer))
  return readBytes(importer, basename(path), writeGrid(grid))
}

async function readBytes(importer: Importer, name: string, bytes: Buffer | string): Promise<ReadonlyArray<PlainRow>> {
  return withFile(name, bytes, async (path) => plain(await readWith(importer, path)))
}
