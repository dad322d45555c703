// The damaged file of a number: the same seed and number make the same file, whichever others are made before it.
import { gzipSync } from 'node:zlib'
import type { Importer } from '@spillway/core'
import { Random } from '../generators/random.ts'
import { type Grid, toUtf16, toWindows1252, writeGrid } from '../variants.ts'
import { damageArchive } from './damage-archive.ts'
import { damageInterchange } from './damage-interchange.ts'
import { damageJson } from './damage-json.ts'
import { damageJsonText } from './damage-json-text.ts'
import { damageTable, damageText } from './damage-table.ts'
import { damageWorkbook } from './damage-workbook.ts'
import type { HonestFile, Subject } from './subjects.ts'

export type DamagedFile = {
  readonly subject: string
  readonly changes: ReadonlyArray<string>
  readonly bytes: Buffer
  /** Whatever may claim it. */
  readonly importers: ReadonlyArray<Importer>
  /** True where nothing of it may be read. */
  readonly isHostile: boolean
}

type Held = Pick<DamagedFile, 'bytes' | 'changes' | 'isHostile'>

export async function damagedFile({
  seed,
  index,
  subjects,
}: {
  readonly seed: number
  readonly index: number
  readonly subjects: ReadonlyArray<Subject>
}): Promise<DamagedFile> {
  const random = new Random(seed * 1_000_003 + index)
  const subject = subjects[index % subjects.length] as Subject
  const { file, importers } = await subject.make(random)
  return { subject: subject.name, importers, ...damage(file, random) }
}

function damage(file: HonestFile, random: Random): Held {
  if (file.kind === 'interchange') {
    const { text, changes } = damageInterchange(file.text, random)
    return contain(Buffer.from(text), { changes, random })
  }
  if (file.kind === 'json') {
    const { text, changes } = damageJsonText(file.text, random)
    return contain(encode(text, random), { changes, random })
  }
  const { grid, changes } = random.chance(0.9) ? damageTable(file.grid, random) : { grid: file.grid, changes: [] }
  if (random.chance(0.2)) {
    const book = damageWorkbook(withHeader(grid, file.hasHeader), random)
    return { bytes: book.bytes, changes: [...changes, book.change], isHostile: false }
  }
  if (file.hasHeader && random.chance(0.12)) {
    const json = damageJson(grid, random)
    return contain(encode(json.text, random), { changes: [...changes, json.change], random })
  }
  return writeText(grid, { file, changes, random })
}

/** A file without header begins with its first row. */
function withHeader({ header, rows }: Grid, hasHeader: boolean): Grid {
  const [first = [], ...others] = rows
  return hasHeader ? { header, rows } : { header: first, rows: others }
}

type Writing = {
  readonly file: HonestFile & { readonly kind: 'table' }
  readonly changes: ReadonlyArray<string>
  readonly random: Random
}

function writeText(grid: Grid, { file, changes, random }: Writing): Held {
  const written = writeGrid(withHeader(grid, file.hasHeader), {
    delimiter: random.chance(0.8) ? file.delimiter : random.pick([',', ';', '\t', '|']),
    lineEnds: random.pick([['\n'], ['\r\n']]),
  })
  const damaged = random.chance(0.25) ? damageText(written, random) : { text: written, change: '' }
  const all = [...changes, ...(damaged.change === '' ? [] : [damaged.change])]
  return contain(encode(damaged.text, random), { changes: all, random })
}

function encode(text: string, random: Random): Buffer {
  const way = random.integer(1, 20)
  if (way === 1) return toUtf16(text, { isBigEndian: false })
  if (way === 2) return toUtf16(text, { isBigEndian: true })
  if (way === 3) return toWindows1252(text) ?? Buffer.from(text)
  if (way > 5) return Buffer.from(text)
  const bytes = Buffer.from(text)
  const from = random.integer(0, bytes.length)
  if (way === 4) return Buffer.concat([bytes.subarray(0, from), Buffer.from(text, 'utf16le').subarray(from)])
  for (let flips = random.integer(1, 8); flips > 0 && bytes.length > 0; flips -= 1) {
    const place = random.integer(0, bytes.length - 1)
    bytes[place] = (bytes[place] as number) ^ (1 << random.integer(0, 7))
  }
  return bytes
}

/** As it is, in an archive or compressed. */
function contain(
  bytes: Buffer,
  { changes, random }: { readonly changes: ReadonlyArray<string>; readonly random: Random },
): Held {
  if (random.chance(0.2)) {
    const archive = damageArchive(bytes, random)
    return { bytes: archive.bytes, changes: [...changes, archive.change], isHostile: archive.isHostile }
  }
  if (!random.chance(0.05)) return { bytes, changes, isHostile: false }
  const packed = gzipSync(bytes)
  if (random.chance(0.5)) return { bytes: packed, changes: [...changes, 'gzip'], isHostile: false }
  // Its last eight bytes are its sum and its size.
  const place = packed.length - random.integer(1, 8)
  packed[place] = (packed[place] as number) ^ 1
  return { bytes: packed, changes: [...changes, 'gzip: a wrong sum or size'], isHostile: true }
}
