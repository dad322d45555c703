// Two hundred damaged files on every run: none may crash, hang or lose a row. The seed is fixed, so a failure repeats.
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { type Importer, type ReadRow, Refusal } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { IMPORTERS, openFile, type Part, recogniseImporter, sampleTable } from '../src/index.ts'
import { workbookOf, zipOf } from './archives.ts'
import { rowsOf, tableOptionsOf, withFile } from './read-file.ts'
import { samplePaths } from './sample-paths.ts'
import { seeded, toUtf16 } from './variants.ts'

const FILES_DAMAGED = 200
const SEED = 811

type Random = () => number
type Damage = (bytes: Buffer, random: Random) => Buffer | Promise<Buffer>

const at = (bytes: Buffer, random: Random) => Math.floor(random() * bytes.length)

const DAMAGES: Readonly<Record<string, Damage>> = {
  'flipped bits': (bytes, random) => {
    const damaged = Buffer.from(bytes)
    for (let flips = 1 + Math.floor(random() * 8); flips > 0; flips -= 1) {
      const place = at(damaged, random)
      damaged[place] = (damaged[place] ?? 0) ^ (1 << Math.floor(random() * 8))
    }
    return damaged
  },
  'an end cut off': (bytes, random) => bytes.subarray(0, at(bytes, random)),
  'a piece taken out': (bytes, random) => {
    const from = at(bytes, random)
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + Math.floor(random() * 40))])
  },
  'quotes strewn in': (bytes, random) => {
    const from = at(bytes, random)
    return Buffer.concat([bytes.subarray(0, from), Buffer.from('"'), bytes.subarray(from)])
  },
  'line ends mixed': (bytes, random) =>
    Buffer.from(
      bytes.toString('latin1').replace(/\n/g, () => ['\n', '\r\n', '\r', '\n\n'][Math.floor(random() * 4)] as string),
      'latin1',
    ),
  'half in another encoding': (bytes, random) => {
    const from = at(bytes, random)
    return Buffer.concat([
      bytes.subarray(0, from),
      toUtf16(bytes.subarray(from).toString(), { isBigEndian: random() < 0.5 }),
    ])
  },
  'a damaged archive': async (bytes, random) => flip(await zipOf({ 'bill.txt': bytes }), random),
  'a damaged workbook': async (bytes, random) => flip(await workbookOf({ sheetXml: sheetOf(bytes) }), random),
  'a damaged gzip file': (bytes, random) => flip(gzipSync(bytes), random),
}

/** Cells are cut at every delimiter that a sample has: what they then mean is no matter here. */
function sheetOf(bytes: Buffer): string {
  const escaped = (cell: string) => cell.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const lines = bytes.toString().trim().split(/\r?\n/)
  const rows = lines.map((line) => {
    const cells = line.split(/[,\t]/).map((cell) => `<c t="str"><v>${escaped(cell)}</v></c>`)
    return `<row>${cells.join('')}</row>`
  })
  return `<worksheet><sheetData>${rows.join('')}</sheetData></worksheet>`
}

function flip(bytes: Buffer, random: Random): Buffer {
  const place = at(bytes, random)
  bytes[place] = (bytes[place] ?? 0) ^ (1 << Math.floor(random() * 8))
  return bytes
}

/** As an import does it; null where the part is refused. */
async function readPart(part: Part): Promise<{ lines: number[]; rows: ReadRow[] } | null> {
  try {
    const importer: Importer = recogniseImporter(await sampleTable(part), IMPORTERS)
    const open = () => part.openTable(tableOptionsOf(importer))
    const lines = (await rowsOf(await open())).map((row) => row.line)
    const rows: ReadRow[] = []
    for await (const batch of importer.read(await open(), { fileName: 'f', member: '', source: '' }))
      rows.push(...batch)
    return { lines, rows }
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

async function readFileParts(path: string): Promise<Array<{ lines: number[]; rows: ReadRow[] }>> {
  const parts = await openFile(path).catch((error: unknown) => {
    if (error instanceof Refusal) return []
    throw error
  })
  const read = []
  for (const part of parts) read.push(await readPart(part))
  return read.filter((result) => result !== null)
}

describe('damaged files', () => {
  it(`are refused, or read row by row with none lost (seed ${SEED})`, async () => {
    const random = seeded(SEED)
    const paths = await samplePaths()
    const damages = Object.entries(DAMAGES)
    let readCount = 0
    let quarantined = 0
    for (let round = 0; round < FILES_DAMAGED; round += 1) {
      const path = paths[round % paths.length] as string
      const [name, damage] = damages[Math.floor(random() * damages.length)] as [string, Damage]
      const bytes = await damage(await readFile(path), random)
      for (const { lines, rows } of await withFile('damaged.bin', bytes, readFileParts)) {
        readCount += 1
        expect(
          rows.map((row) => row.line),
          `${name}, round ${round}`,
        ).toEqual(lines)
        expect(lines).toEqual([...lines].sort((a, b) => a - b))
        for (const row of rows) {
          const isRefused = row.problems.some((problem) => problem.severity === 'error')
          if (isRefused) quarantined += 1
          expect(row.raw.length, `${name}, round ${round}, line ${row.line}`).toBeGreaterThan(0)
        }
      }
    }
    // The damage must leave enough readable, and break enough, for the run to mean something.
    expect(readCount).toBeGreaterThan(FILES_DAMAGED / 4)
    expect(quarantined).toBeGreaterThan(20)
  })
})
