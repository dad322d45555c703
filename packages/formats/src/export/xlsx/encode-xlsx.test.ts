import type { Report, ReportColumn } from '@spillway/core'
import ExcelJS from 'exceljs'
import fc from 'fast-check'
import readExcelFile, { readSheet } from 'read-excel-file/node'
import { describe, expect, it } from 'vitest'
import { gridOf, withFile } from '../../../test/read-file.ts'
import { neutraliseFormula } from '../neutralise.ts'
import { encodeXlsx, sheetName } from './encode-xlsx.ts'
import { CELL_LENGTH_MAX } from './sheet-text.ts'

const COLUMNS: ReadonlyArray<ReportColumn> = [
  { key: 'key', title: 'Key', kind: 'text' },
  { key: 'currency', title: 'Currency', kind: 'text' },
  { key: 'amount', title: 'Amount', kind: 'amount' },
  { key: 'used', title: 'Used', kind: 'usage' },
  { key: 'share', title: 'Share', kind: 'share' },
  { key: 'day', title: 'Day', kind: 'date' },
  { key: 'flags', title: 'Flags', kind: 'flags' },
]
const EMPTY = ['', 'USD', '', '', '', '', '']
const withKey = (key: string) => [key, ...EMPTY.slice(1)]
const withAmount = (amount: string, currency = 'USD') => ['a', currency, amount, '', '', '', '']

type Rows = ReadonlyArray<ReadonlyArray<string>>

const reportOf = (rows: Rows, more: Partial<Report> = {}): Report => ({
  name: 'charges',
  title: 'Charges of 2026-10 by <key> & more',
  columns: COLUMNS,
  rows: (async function* () {
    yield rows.slice(0, 1)
    yield rows.slice(1)
  })(),
  ...more,
})

async function encode(report: Report, options?: { linesMax: number }): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of encodeXlsx(report, options)) pieces.push(piece)
  return Buffer.concat(pieces)
}

const readRows = async (rows: Rows) => readSheet(await encode(reportOf(rows)), { trim: false })

async function reopened(bytes: Buffer): Promise<ExcelJS.Workbook> {
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.load(new Uint8Array(bytes).buffer)
  return workbook
}

describe('a report as a workbook', () => {
  it('has typed cells below the titles, read by another reader and by our own', async () => {
    const rows = [
      ['0042', 'USD', '-1234.50', '200000000000', '0.333333333', '2026-10-31', 'floor'],
      ['b', 'JPY', '1234567', '', '0.000000001', '', ''],
    ]
    const bytes = await encode(reportOf(rows))
    const tenth = new Date('2026-10-31T00:00:00Z')
    expect(await readSheet(bytes)).toEqual([
      COLUMNS.map(({ title }) => title),
      ['0042', 'USD', -1234.5, 200_000_000_000, 0.333333333, tenth, 'floor'],
      ['b', 'JPY', 1_234_567, null, 1e-9, null, null],
    ])
    const own = await withFile('charges.xlsx', bytes, (path) => gridOf(path))
    expect([own.header, ...own.rows]).toEqual([
      COLUMNS.map(({ title }) => title),
      ['0042', 'USD', '-1234.5', '200000000000', '0.333333333', '2026-10-31', 'floor'],
      ['b', 'JPY', '1234567', '', '0.000000001', '', ''],
    ])
    const sheet = (await reopened(bytes)).worksheets[0]
    const formats = ['C2', 'C3', 'D2', 'E2', 'F2', 'A2'].map((address) => sheet?.getCell(address).numFmt)
    expect(formats).toEqual(['#,##0.00', '#,##0', '#,##0', '0.000000000', 'yyyy-mm-dd', '@'])
  })

  it('has a bold frozen header that filters, a width for each column, and the title as a property', async () => {
    const bytes = await encode(reportOf([withKey('x'.repeat(30)), withKey('y')], { hasTotals: true }))
    const workbook = await reopened(bytes)
    expect([workbook.title, workbook.subject]).toEqual(['Charges of 2026-10 by <key> & more', 'charges'])
    const [sheet] = workbook.worksheets
    expect(sheet?.name).toBe('charges')
    expect(sheet?.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 })
    expect(sheet?.autoFilter).toBe('A1:G3')
    expect(sheet?.getCell('A1').font).toMatchObject({ bold: true })
    expect(sheet?.columns.map(({ width }) => width)).toEqual([32, 10, 10, 10, 10, 10, 10])
  })

  it('ends with exact totals of each currency, set off by an empty row', async () => {
    const rows = [withAmount('0.10'), withAmount('7', 'JPY'), withAmount('0.20'), withAmount('')]
    const bytes = await encode(reportOf(rows, { hasTotals: true }))
    expect((await readSheet(bytes)).slice(5)).toEqual([
      [null, null, null, null, null, null, null],
      ['Total', 'JPY', 7, null, null, null, null],
      ['Total', 'USD', 0.3, null, null, null, null],
    ])
    expect((await reopened(bytes)).worksheets[0]?.getCell('C8').font).toMatchObject({ bold: true })
  })

  it.each([
    ['fifteen digits', '1234567890123.45', 1234567890123.45],
    ['sixteen digits', '12345678901234.56', '12345678901234.56'],
    ['all digits of a stored amount', '-92233720368547758.07', '-92233720368547758.07'],
    ['zeros in front', '0.05', 0.05],
    ['no decimal', '1/3', '1/3'],
  ])('writes an amount of %s exactly, as a number or else as text', async (_, amount, expected) => {
    expect((await readRows([withAmount(amount)]))[1]?.[2]).toBe(expected)
  })

  it.each([
    ['1900-02-28', '1900-02-28'],
    ['2026-02-30', '2026-02-30'],
    ['soon', 'soon'],
    ['1900-03-01', new Date('1900-03-01T00:00:00Z')],
  ])('writes the date %s as one where spreadsheets know it', async (day, expected) => {
    expect((await readRows([['a', 'USD', '', '', '', day, '']]))[1]?.[5]).toEqual(expected)
  })

  it('goes on on another sheet with the same header, and keeps the totals together', async () => {
    const rows = [1, 2, 3, 4, 5].map((amount) => withAmount(`${amount}.00`))
    const sheets = await readExcelFile(await encode(reportOf(rows, { hasTotals: true }), { linesMax: 4 }))
    const total = ['Total', 'USD', 15]
    const amounts = sheets.map(({ sheet, data }) => [sheet, data[0]?.[0], data.slice(1).map((row) => row[2])])
    expect(amounts).toEqual([
      ['charges', 'Key', [1, 2, 3]],
      ['charges 2', 'Key', [4, 5]],
      ['charges 3', 'Key', [15]],
    ])
    expect(sheets[2]?.data[1]?.slice(0, 3)).toEqual(total)
  })

  it('is a workbook with a header where there is no row', async () => {
    expect(await readRows([])).toEqual([COLUMNS.map(({ title }) => title)])
  })

  it('is the same bytes on every run', async () => {
    const rows = Array.from({ length: 3000 }, (_, index) => withAmount(`${index}.01`))
    const [first, second] = [await encode(reportOf(rows)), await encode(reportOf(rows))]
    expect(first.equals(second)).toBe(true)
    // DOS time of every entry: midnight of 1980-01-01.
    const times: number[] = []
    for (let at = first.indexOf('PK\x01\x02'); at !== -1; at = first.indexOf('PK\x01\x02', at + 4))
      times.push(first.readUInt32LE(at + 12))
    expect(times).toEqual(Array(9).fill(0x00_21_00_00))
  })

  it('passes on what the rows of the report throw', async () => {
    const rows = (async function* () {
      yield [withKey('a')]
      throw new Error('gone')
    })()
    await expect(encode(reportOf([], { rows }))).rejects.toThrow('gone')
  })

  it('stops reading the report where nobody takes the bytes any more', async () => {
    let isClosed = false
    const rows = (async function* () {
      try {
        for (;;) yield Array.from({ length: 1000 }, (_, index) => withKey(`${index} ${Math.sin(index)}`))
      } finally {
        isClosed = true
      }
    })()
    for await (const _ of encodeXlsx(reportOf([], { rows }))) break
    expect(isClosed).toBe(true)
  })
})

describe('a text in a workbook', () => {
  const TEXTS = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc
      .array(
        fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', ' ', '0', '<', '&', '"', '_x0041_', '_x', '\0', '\u007f'),
      )
      .map((parts) => parts.join('')),
    fc.constantFrom('\ud800', 'a\udfff', '\ufffe', '\uffff', '007', '1e5', 'TRUE', '2026-10-31', ']]>', '_x005F_'),
    fc.constantFrom('=HYPERLINK("http://x","y")', '+15551234567', '-5', '@SUM(A1)', '\u0085', '\u2028'),
  )

  it('is what CSV has, whatever it is made of', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(TEXTS, { minLength: 1, maxLength: 40 }), async (texts) => {
        // A last row that is not empty: the reader leaves empty ones at the end out.
        const read = await readRows([...texts.map(withKey), withKey('end')])
        const cells = read.slice(1, -1).map(([cell]) => (cell === null ? '' : String(cell)))
        expect(cells).toEqual(texts.map(neutraliseFormula))
      }),
      { numRuns: 60 },
    )
  })

  it('is a string even where it looks like a number, a date or a formula', async () => {
    const keys = ['007', '1e5', '-5', '+15551234567', 'TRUE', '2026-10-31', '=1+1']
    const read = await readRows(keys.map(withKey))
    expect(read.slice(1).map(([cell]) => cell)).toEqual([...keys.slice(0, -1), "'=1+1"])
  })

  it('says at its end that it was cut where a cell cannot hold it', async () => {
    const fits = 'x'.repeat(CELL_LENGTH_MAX)
    const note = ' … [cut from 42767 characters: write CSV to have all]'
    // The cut would fall between the halves of a pair.
    const kept = 'y'.repeat(CELL_LENGTH_MAX - note.length - 1)
    const [, first, second] = await readRows([withKey(fits), withKey(`${kept}😀`.padEnd(42_767, 'z'))])
    expect(first?.[0] === fits).toBe(true)
    expect(String(second?.[0]).slice(-60)).toBe(`${'y'.repeat(60 - note.length)}${note}`)
    expect(String(second?.[0])).toHaveLength(CELL_LENGTH_MAX - 1)
  })
})

describe('the name of a sheet', () => {
  it.each([
    ['cost-centres', 1, 'cost-centres'],
    ['a/b:c*d?e[f]g\\h', 1, 'a-b-c-d-e-f-g-h'],
    ['x'.repeat(40), 1, 'x'.repeat(31)],
    ['x'.repeat(40), 12, `${'x'.repeat(28)} 12`],
  ])('of %s, sheet %i, is valid', (name, sheet, expected) => expect(sheetName(name, sheet)).toBe(expected))
})
