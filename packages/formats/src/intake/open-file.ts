// Opens a file by its content, never by its name: delimited text, JSON, X12 interchange, gzip, zip archive or workbook.
// Refuses what is none of them, and archives in archives.
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Table } from '@spillway/core'
import { type ByteSource, fileSource, gzipSource, OpenStreams, refusalOf } from './byte-source.ts'
import { findEncoding, openDelimited, type TextPart } from './delimited.ts'
import { kindOf, refuseUnlessText } from './file-kind.ts'
import { headOf } from './head-of.ts'
import { findJson, openJson, sniffJson } from './json/json-table.ts'
import {
  type FileOptions,
  type IntakeLimits,
  limitsOf,
  type Part,
  placeOf,
  refuseUnreadable,
  type TableOptions,
} from './part.ts'
import { isWorkbook, openWorkbook } from './workbook.ts'
import { findInterchangeEncoding, holdsInterchange, openInterchange } from './x12/interchange-table.ts'
import { openZip } from './zip-archive.ts'

/**
 * The parts of a file, in the order of the archive or workbook; a plain file is one part.
 *
 * @throws Refusal `not-found`, `hostile-file` (bombs, path tricks, archives in archives), `unrecognised-file` (damaged,
 * empty, or no table at all).
 */
export async function openFile(path: string, options: FileOptions = {}): Promise<ReadonlyArray<Part>> {
  const fileName = options.fileName ?? basename(path)
  const limits = limitsOf(options)
  const { first, bytes } = await readFirstBytes(path, fileName)
  const { head } = options
  const cut = (source: ByteSource) => (head === undefined ? source : headOf(source, head))
  const kind = kindOf(first)
  if (kind === 'gzip') {
    const source = gzipSource({ path, name: fileName, compressedBytes: bytes, limits })
    return [textPart({ source: cut(source), fileName, member: '', limits })]
  }
  if (kind === 'zip') return openArchive(path, { fileName, limits, cut })
  refuseUnlessText(first, fileName)
  if (bytes === 0) throw refuseUnreadable(`${fileName} is empty.`, 'Look whether the export went wrong.')
  return [textPart({ source: cut(fileSource({ path, name: fileName, bytes })), fileName, member: '', limits })]
}

type Opening = {
  readonly fileName: string
  readonly limits: IntakeLimits
  readonly cut: (source: ByteSource) => ByteSource
}

async function openArchive(path: string, { fileName, limits, cut }: Opening): Promise<ReadonlyArray<Part>> {
  const archive = await openZip(path, fileName, limits)
  if (isWorkbook(archive)) return openWorkbook({ archive, fileName, limits })
  if (archive.members.length === 0) {
    throw refuseUnreadable(`${fileName} holds no files.`, 'Look whether the download was complete.')
  }
  return archive.members.map((member) => textPart({ source: cut(archive.source(member)), fileName, member, limits }))
}

function textPart({
  source,
  fileName,
  member,
  limits,
}: {
  source: ByteSource
  fileName: string
  member: string
  limits: IntakeLimits
}): Part {
  const streams = new OpenStreams()
  const part: TextPart = { source, streams, limits, place: placeOf({ file: fileName, member, sheet: '' }) }
  // Finding the encoding reads the part to its end, so it is done once for each encoding asked for.
  const openers = new Map<string, TableOpener>()
  const openTable = async (options: TableOptions = {}) => {
    const asked = options.encoding ?? ''
    const open = openers.get(asked) ?? (await openerOf(part, options.encoding))
    openers.set(asked, open)
    return open(options)
  }
  return { member, sheet: '', bytes: source.bytes, openTable, close: () => streams.close() }
}

type TableOpener = (options: TableOptions) => Table | Promise<Table>

async function openerOf(part: TextPart, encoding: string | undefined): Promise<TableOpener> {
  if (await holdsInterchange(part)) {
    const found = await findInterchangeEncoding(part, encoding)
    return (options) => openInterchange(part, found, options)
  }
  const shape = await sniffJson(part)
  if (shape !== null) {
    const found = await findJson(part, shape, encoding)
    return (options) => openJson(part, found, options)
  }
  const found = await findEncoding(part, encoding)
  return (options) => openDelimited(part, found, options)
}

async function readFirstBytes(path: string, fileName: string): Promise<{ first: Buffer; bytes: number }> {
  try {
    const { size } = await stat(path)
    const file = await open(path, 'r')
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0)
      return { first: buffer.subarray(0, bytesRead), bytes: size }
    } finally {
      await file.close()
    }
  } catch (error) {
    throw refusalOf(error, { name: fileName, isPacked: false })
  }
}
