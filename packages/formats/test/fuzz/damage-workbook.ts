// A table as a workbook whose parts are not what a spreadsheet writes. Text cells are shared, inline or of formulas.
import type { Random } from '../generators/random.ts'
import { type RawMember, rawZipOf } from '../raw-zip.ts'
import type { Grid } from '../variants.ts'

type Cell = { address: string; type: string; body: string; style: string }
type Row = { number: string; cells: Cell[] }
type Book = {
  rows: Row[]
  shared: string[]
  sharedXml: string | null
  stylesXml: string | null
  workbookXml: string
  relationsXml: string
  prolog: string
  afterRows: string
  sheetPath: string
}
type Change = (book: Book, random: Random) => void

const NAMESPACES =
  'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
const SHEETS = '<sheets><sheet name="Bill" sheetId="1" r:id="rId1"/></sheets>'
const PLAIN_NUMBER = /^-?(?:0|[1-9]\d{0,11})(?:\.\d{1,4})?$/

const isAllowed = (unit: string) => /[\t\n\r\u0020-\ud7ff\ue000-\ufffd]/.test(unit)
/** A workbook cannot hold control characters: they are left out before they are written. */
const escaped = (text: string) =>
  [...text]
    .filter(isAllowed)
    .join('')
    .replace(/[&<>"\r\n\t]/g, (mark) => `&#${mark.charCodeAt(0)};`)

function columnName(column: number): string {
  const last = String.fromCharCode(65 + (column % 26))
  return column < 26 ? last : columnName(Math.floor(column / 26) - 1) + last
}

function bookOf(grid: Grid, random: Random): Book {
  const shared: string[] = []
  const cellOf = (text: string, address: string): Cell => {
    if (PLAIN_NUMBER.test(text)) return { address, type: 'n', body: `<v>${text}</v>`, style: '' }
    const way = random.pick(['s', 's', 'inlineStr', 'str'])
    if (way === 's') return { address, type: 's', body: `<v>${shared.push(text) - 1}</v>`, style: '' }
    const body = way === 'str' ? `<f>A1</f><v>${escaped(text)}</v>` : `<is><t>${escaped(text)}</t></is>`
    return { address, type: way, body, style: '' }
  }
  const rows = [grid.header, ...grid.rows].map((cells, at) => ({
    number: String(at + 1),
    cells: cells.flatMap((text, column) => (text === '' ? [] : [cellOf(text, `${columnName(column)}${at + 1}`)])),
  }))
  return {
    rows,
    shared,
    sharedXml: null,
    stylesXml:
      '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/><xf numFmtId="21"/></cellXfs></styleSheet>',
    workbookXml: `<workbook ${NAMESPACES}>${SHEETS}</workbook>`,
    relationsXml:
      '<Relationships><Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    prolog: '',
    afterRows: '',
    sheetPath: 'xl/worksheets/sheet1.xml',
  }
}

function someCell(book: Book, random: Random, change: (cell: Cell, row: Row) => void): void {
  const row = book.rows[random.integer(0, book.rows.length - 1)] as Row
  const cell = row.cells[random.integer(0, Math.max(0, row.cells.length - 1))]
  if (cell) change(cell, row)
}
const someRow = (book: Book, random: Random) => book.rows[random.integer(0, book.rows.length - 1)] as Row

const CHANGES: Readonly<Record<string, Change>> = {
  'nothing odd': () => undefined,
  'a shared text that is not there': (book, random) =>
    someCell(book, random, (cell) => {
      cell.type = 's'
      cell.body = random.pick([
        '<v>99999</v>',
        '<v>-1</v>',
        '<v></v>',
        '<v>1.5</v>',
        '<v>0x1</v>',
        '<v>x</v>',
        '<v> </v>',
      ])
    }),
  'no shared texts': (book) => {
    book.sharedXml = ''
  },
  'shared texts cut off': (book) => {
    book.sharedXml = '<sst><si><t>a</t></si>'
  },
  'a row number far away': (book, random) => {
    someRow(book, random).number = random.pick([
      '1048577',
      '9007199254740993',
      '1e300',
      '-5',
      '0',
      'x',
      '',
      '2.5',
      'NaN',
    ])
  },
  'one row number twice': (book, random) => {
    someRow(book, random).number = someRow(book, random).number
  },
  'a column far away': (book, random) =>
    someCell(book, random, (cell) => {
      cell.address = random.pick(['XFD1048577', 'XFE1', 'ZZZZZZZZ1', 'A', '', '1', 'a1', '$A$1', 'A0', '\u00c41'])
    }),
  'one cell twice': (book, random) =>
    someCell(book, random, (cell, row) => {
      row.cells.push({ ...cell, type: 'n', body: '<v>77</v>' })
    }),
  'cells in another order': (book, random) => {
    const row = someRow(book, random)
    row.cells = random.shuffled(row.cells)
  },
  'a value twice': (book, random) =>
    someCell(book, random, (cell) => {
      cell.body += cell.body
    }),
  'a formula without a value': (book, random) =>
    someCell(book, random, (cell) => {
      cell.type = 'str'
      cell.body = random.pick(['<f>SUM(A1:A9)</f>', '<f></f>', '<f/>', '<f>1+1</f><v></v>', '<f t="shared" si="0"/>'])
    }),
  'an error for a value': (book, random) =>
    someCell(book, random, (cell) => {
      cell.type = 'e'
      cell.body = '<v>#DIV/0!</v>'
    }),
  'a type that nobody knows': (book, random) =>
    someCell(book, random, (cell) => {
      cell.type = random.pick(['b', 'd', 'z', ''])
    }),
  'a number beyond all': (book, random) =>
    someCell(book, random, (cell) => {
      cell.type = 'n'
      cell.body = `<v>${random.pick(['1e309', '-1e309', '1e22', '1e-9', '0x10', '1,5', 'NaN', '9007199254740993.5', '0.30000000000000004'])}</v>`
    }),
  'styles that are broken': (book, random) => {
    book.stylesXml = random.pick([
      null,
      '<styleSheet><cellXfs>',
      '<styleSheet><cellXfs><xf numFmtId="x"/><xf/></cellXfs></styleSheet>',
    ])
    someCell(book, random, (cell) => {
      cell.style = random.pick(['99', '-1', 'x', '1e9'])
    })
  },
  'a style of dates': (book, random) =>
    someCell(book, random, (cell) => {
      cell.style = random.pick(['1', '2', '3'])
    }),
  'days counted from 1904': (book, random) => {
    book.workbookXml = `<workbook ${NAMESPACES}><workbookPr date1904="1"/>${SHEETS}</workbook>`
    someCell(book, random, (cell) =>
      Object.assign(cell, { type: 'n', body: `<v>${random.pick(['45961', '0', '-1', '3000000'])}</v>`, style: '1' }),
    )
  },
  'merged cells': (book) => {
    book.afterRows = '<mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="A2:B9"/></mergeCells>'
  },
  'entities that grow': (book) => {
    book.prolog = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
  },
  'an entity from outside': (book) => {
    book.prolog = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
  },
  'a character that is none': (book, random) =>
    someCell(book, random, (cell) => {
      cell.type = 'str'
      cell.body = `<v>${random.pick(['&#0;', '&#xD800;', '&#x110000;', '&bogus;', '&', '<', '\u0001', '&#xFFFE;'])}</v>`
    }),
  'no sheet where one is named': (book) => {
    book.sheetPath = 'xl/worksheets/other.xml'
  },
  'a sheet outside the archive': (book) => {
    book.relationsXml = book.relationsXml.replace('worksheets/sheet1.xml', '../../worksheets/../../../etc/passwd')
  },
  'no relations': (book) => {
    book.relationsXml = '<Relationships/>'
  },
  'a workbook that is cut off': (book) => {
    book.workbookXml = book.workbookXml.slice(0, 150)
  },
  'a sheet named twice': (book) => {
    book.workbookXml = book.workbookXml.replace('<sheets>', '<sheets><sheet name="Bill" sheetId="2" r:id="rId1"/>')
  },
  'a name that leads outside for a sheet': (book) => {
    book.workbookXml = book.workbookXml.replace('"Bill"', '"../../Bill"')
  },
  'rows in rows': (book, random) =>
    someCell(book, random, (cell) => {
      cell.body += '<row r="3"><c r="A3" t="str"><v>inner</v></c></row>'
    }),
  'cells outside of rows': (book) => {
    book.afterRows = '<c r="A1"><v>1</v></c>'
  },
}

const sheetXmlOf = ({ rows, prolog, afterRows }: Book) => {
  const cellXml = ({ address, type, style, body }: Cell) =>
    `<c r="${address}" t="${type}"${style === '' ? '' : ` s="${style}"`}>${body}</c>`
  const rowXml = ({ number, cells }: Row) => `<row r="${number}">${cells.map(cellXml).join('')}</row>`
  return `${prolog}<worksheet ${NAMESPACES}><sheetData>${rows.map(rowXml).join('')}</sheetData>${afterRows}</worksheet>`
}

function membersOf(book: Book): ReadonlyArray<RawMember> {
  const texts: Record<string, string | null> = {
    'xl/workbook.xml': book.workbookXml,
    'xl/_rels/workbook.xml.rels': book.relationsXml,
    [book.sheetPath]: sheetXmlOf(book),
    'xl/sharedStrings.xml':
      book.sharedXml === ''
        ? null
        : (book.sharedXml ?? `<sst>${book.shared.map((text) => `<si><t>${escaped(text)}</t></si>`).join('')}</sst>`),
    'xl/styles.xml': book.stylesXml,
  }
  return Object.entries(texts).flatMap(([name, text]) => (text === null ? [] : [{ name, content: Buffer.from(text) }]))
}

export function damageWorkbook(grid: Grid, random: Random): { readonly bytes: Buffer; readonly change: string } {
  const book = bookOf(grid, random)
  const change = random.pick(Object.keys(CHANGES))
  ;(CHANGES[change] as Change)(book, random)
  const members = membersOf(book)
  const kept = random.chance(0.05) ? members.filter(() => random.chance(0.8)) : members
  return { bytes: rawZipOf(kept), change: `workbook: ${change}` }
}
