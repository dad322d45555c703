// Archives for tests, honest and hostile, built in memory.
import { ZipFile } from 'yazl'

const MOMENT = new Date('2026-01-01T00:00:00Z')

export async function zipOf(members: Readonly<Record<string, Buffer | string>>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, content] of Object.entries(members)) {
    zip.addBuffer(Buffer.from(content), name, { mtime: MOMENT, compress: true })
  }
  zip.end()
  const chunks: Buffer[] = []
  for await (const chunk of zip.outputStream) chunks.push(Buffer.from(chunk as Buffer))
  return Buffer.concat(chunks)
}

/** Writes another name of the same length over every mention of a member's name. */
export function renameMember(zip: Buffer, name: string, other: string): Buffer {
  if (name.length !== other.length) throw new Error('both names must be of one length')
  const bytes = Buffer.from(zip)
  for (let at = bytes.indexOf(name); at !== -1; at = bytes.indexOf(name, at + 1)) bytes.write(other, at, 'latin1')
  return bytes
}

/** Lets the central directory say that its first member inflates to `size` bytes. */
export function declareSize(zip: Buffer, size: number): Buffer {
  const bytes = Buffer.from(zip)
  const entry = bytes.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]))
  bytes.writeUInt32LE(size, entry + 24)
  return bytes
}

const SHEET_NAMESPACES =
  'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'

/** A workbook of one sheet whose XML is given as it is. */
export async function workbookOf({
  sheetXml,
  sharedXml = '',
}: {
  sheetXml: string
  sharedXml?: string
}): Promise<Buffer> {
  const relationship = '<Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.xml"/>'
  return zipOf({
    'xl/workbook.xml': `<workbook ${SHEET_NAMESPACES}><sheets><sheet name="Bill" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${relationship}</Relationships>`,
    'xl/worksheets/sheet1.xml': sheetXml,
    ...(sharedXml ? { 'xl/sharedStrings.xml': sharedXml } : {}),
  })
}
