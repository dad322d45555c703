// Zip archives and workbooks with the same bytes on every machine: members are stored, not deflated (deflate differs
// between processors), and their time is a fixed local wall time, because the format has no zone.
import { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { ZipFile } from 'yazl'

export type Member = { readonly name: string; readonly text: string }

/** `dated` is the ISO date that every member carries. */
export async function storedZip(members: ReadonlyArray<Member>, dated: string): Promise<Buffer> {
  const [year, month, day] = dated.split('-').map(Number)
  const mtime = new Date(Number(year), Number(month) - 1, Number(day), 12)
  const zip = new ZipFile()
  for (const { name, text } of members) {
    zip.addBuffer(Buffer.from(text, 'utf8'), name, { mtime, mode: 0o100644, compress: false, forceDosTimestamp: true })
  }
  zip.end()
  const chunks: Buffer[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(chunk)
      done()
    },
  })
  zip.outputStream.pipe(sink)
  await finished(sink)
  return Buffer.concat(chunks)
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** One sheet of text cells, as billing portals export them. */
export async function textWorkbook(
  { sheet, rows }: { sheet: string; rows: ReadonlyArray<ReadonlyArray<string | number>> },
  dated: string,
): Promise<Buffer> {
  const types = `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${SHEET_TYPE}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${SHEET_TYPE}.worksheet+xml"/></Types>`
  const relation = (id: string, type: string, target: string) =>
    `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/></Relationships>`
  const workbook = `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${escaped(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`
  const members = [
    { name: '[Content_Types].xml', text: XML + types },
    { name: '_rels/.rels', text: XML + relation('rId1', 'officeDocument', 'xl/workbook.xml') },
    { name: 'xl/workbook.xml', text: XML + workbook },
    { name: 'xl/_rels/workbook.xml.rels', text: XML + relation('rId1', 'worksheet', 'worksheets/sheet1.xml') },
    {
      name: 'xl/worksheets/sheet1.xml',
      text: `${XML}<worksheet xmlns="${MAIN}"><sheetData>${rows.map(sheetRow).join('')}</sheetData></worksheet>`,
    },
  ]
  return storedZip(members, dated)
}

function sheetRow(cells: ReadonlyArray<string | number>, index: number): string {
  const row = index + 1
  const inner = cells.map((cell, column) =>
    String(cell) === ''
      ? ''
      : `<c r="${String.fromCharCode(65 + column)}${row}" t="inlineStr"><is><t>${escaped(String(cell))}</t></is></c>`,
  )
  return `<row r="${row}">${inner.join('')}</row>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
