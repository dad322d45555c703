// An XLSX workbook as parts, one per visible sheet: cells as the texts that a spreadsheet shows, formulas by the result
// they were saved with. Reads the zip's own parts as a stream; macros, links and drawings are never looked at.
import type { SourcePlace, Table } from '@spillway/core'
import { OpenStreams } from './byte-source.ts'
import { kindOfBuiltIn, kindOfFormat, type NumberKind } from './number-format.ts'
import {
  type IntakeLimits,
  linesToSkip,
  type Part,
  placeOf,
  refuseHostile,
  refuseUnreadable,
  type TableOptions,
} from './part.ts'
import { openSheet, type SheetSource } from './sheet.ts'
import { unescapeSheetText } from './sheet-text.ts'
import { readWholeXml } from './xml-events.ts'
import type { ZipArchive } from './zip-archive.ts'

/** Shared strings are held while a sheet is read. */
const SHARED_LENGTH_MAX = 64 * 1024 ** 2

type Sheet = { readonly name: string; readonly path: string }

export function isWorkbook(archive: ZipArchive): boolean {
  return archive.members.includes('xl/workbook.xml')
}

export async function openWorkbook({
  archive,
  fileName,
  limits,
}: {
  archive: ZipArchive
  fileName: string
  limits: IntakeLimits
}): Promise<ReadonlyArray<Part>> {
  const reader = new WorkbookReader(archive, fileName)
  const { sheets, is1904 } = await reader.readSheets()
  if (sheets.length === 0)
    throw refuseUnreadable(`${fileName} has no visible sheet.`, 'Show the sheet that holds the table.')
  for (const { name, path } of sheets) {
    if (archive.members.includes(path)) continue
    throw refuseUnreadable(
      `${fileName} names a sheet ${name} that is not in it.`,
      'Open it in a spreadsheet and save it again.',
    )
  }
  return sheets.map(({ name, path }) => {
    const streams = new OpenStreams()
    const place: SourcePlace = placeOf({ file: fileName, member: '', sheet: name })
    const openTable = async (options: TableOptions = {}): Promise<Table> => {
      const [sharedStrings, kinds] = [await reader.readSharedStrings(), await reader.readStyles()]
      const chunks = streams.read(archive.source(path), options.onBytes)
      const source: SheetSource = { chunks, sharedStrings, kinds, is1904, limits, place, name }
      return openSheet(source, { skip: linesToSkip(options), header: options.header, isSectioned: options.isSectioned })
    }
    return { member: '', sheet: name, bytes: archive.source(path).bytes, openTable, close: () => streams.close() }
  })
}

class WorkbookReader {
  private readonly archive: ZipArchive
  private readonly fileName: string
  private readonly streams = new OpenStreams()
  private sharedStrings: ReadonlyArray<string> | undefined
  private kinds: ReadonlyArray<NumberKind> | undefined

  constructor(archive: ZipArchive, fileName: string) {
    this.archive = archive
    this.fileName = fileName
  }

  async readSheets(): Promise<{ sheets: ReadonlyArray<Sheet>; is1904: boolean }> {
    const targets = new Map<string, string>()
    await this.read('xl/_rels/workbook.xml.rels', (name, attributes) => {
      if (name === 'Relationship') targets.set(attributes.Id ?? '', attributes.Target ?? '')
    })
    const sheets: Sheet[] = []
    let is1904 = false
    await this.read('xl/workbook.xml', (name, attributes) => {
      if (name === 'workbookPr') is1904 = attributes.date1904 === '1' || attributes.date1904 === 'true'
      if (name !== 'sheet' || (attributes.state ?? 'visible') !== 'visible') return
      const target = targets.get(attributes['r:id'] ?? '') ?? ''
      const path = target.startsWith('/') ? target.slice(1) : `xl/${target}`
      // A sheet that is a chart has no cells and another folder.
      if (path.includes('worksheets/')) sheets.push({ name: attributes.name ?? '', path })
    })
    return { sheets, is1904 }
  }

  async readSharedStrings(): Promise<ReadonlyArray<string>> {
    if (this.sharedStrings) return this.sharedStrings
    const strings: string[] = []
    let length = 0
    let text = ''
    let isText = false
    let inPhonetic = false
    await this.read(
      'xl/sharedStrings.xml',
      (name) => {
        if (name === 'si') text = ''
        if (name === 'rPh') inPhonetic = true
        isText = name === 't' && !inPhonetic
      },
      {
        text: (piece) => {
          if (!isText) return
          length += piece.length
          if (length > SHARED_LENGTH_MAX)
            throw refuseHostile(`${this.fileName} holds too much text.`, { SHARED_LENGTH_MAX })
          text += piece
        },
        close: (name) => {
          isText = false
          if (name === 'rPh') inPhonetic = false
          if (name !== 'si') return
          strings.push(unescapeSheetText(text))
          length += text.length
          if (length > SHARED_LENGTH_MAX)
            throw refuseHostile(`${this.fileName} holds too much text.`, { SHARED_LENGTH_MAX })
        },
      },
    )
    this.sharedStrings = strings
    return strings
  }

  /** What the numbers of each cell style are. */
  async readStyles(): Promise<ReadonlyArray<NumberKind>> {
    if (this.kinds) return this.kinds
    const custom = new Map<number, NumberKind>()
    const kinds: NumberKind[] = []
    let inCellStyles = false
    await this.read(
      'xl/styles.xml',
      (name, attributes) => {
        if (name === 'numFmt') custom.set(Number(attributes.numFmtId), kindOfFormat(attributes.formatCode ?? ''))
        if (name === 'cellXfs') inCellStyles = true
        if (name !== 'xf' || !inCellStyles) return
        const id = Number(attributes.numFmtId)
        kinds.push(custom.get(id) ?? kindOfBuiltIn(id))
      },
      {
        close: (name) => {
          if (name === 'cellXfs') inCellStyles = false
        },
      },
    )
    this.kinds = kinds
    return kinds
  }

  /** A member that is not there is an empty one: strings and styles are optional. */
  private async read(
    member: string,
    open: (name: string, attributes: Readonly<Record<string, string>>) => void,
    rest: { text?: (text: string) => void; close?: (name: string) => void } = {},
  ): Promise<void> {
    if (!this.archive.members.includes(member)) return
    const chunks = this.streams.read(this.archive.source(member))
    await readWholeXml(chunks, { open, ...rest }, `${this.fileName}!${member}`)
  }
}
