// What a file is by its first bytes.
import { refuseHostile, refuseUnreadable } from './part.ts'

export type FileKind = 'text' | 'zip' | 'gzip' | 'Excel 97 workbook' | 'PDF' | 'Parquet file' | 'picture'

const MAGIC: ReadonlyArray<readonly [FileKind, string]> = [
  ['zip', 'PK\u0003\u0004'],
  ['zip', 'PK\u0005\u0006'],
  ['gzip', '\u001f\u008b'],
  ['Excel 97 workbook', '\u00d0\u00cf\u0011\u00e0'],
  ['PDF', '%PDF-'],
  ['Parquet file', 'PAR1'],
  ['picture', '\u0089PNG'],
  ['picture', '\u00ff\u00d8\u00ff'],
]

export function kindOf(first: Buffer): FileKind {
  const text = first.toString('latin1', 0, 8)
  return MAGIC.find(([, magic]) => text.startsWith(magic))?.[0] ?? 'text'
}

/** Refuses what must not be taken for text: an archive here is an archive in an archive. */
export function refuseUnlessText(first: Buffer, name: string): void {
  const kind = kindOf(first)
  if (kind === 'text') return
  if (kind === 'zip' || kind === 'gzip') throw refuseHostile(`${name} is an archive in an archive.`)
  throw refuseUnreadable(`${name} is a ${kind}.`, 'Save the table as XLSX or CSV and import that.')
}
