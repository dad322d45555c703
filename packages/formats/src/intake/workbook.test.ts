import { Refusal } from '@spillway/core'
import ExcelJS from 'exceljs'
import { describe, expect, it } from 'vitest'
import { renameMember, workbookOf } from '../../test/archives.ts'
import { gridOf, rowsOf, withFile } from '../../test/read-file.ts'
import { openFile } from './open-file.ts'

async function bytesOf(fill: (workbook: ExcelJS.Workbook) => void): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook()
  fill(workbook)
  return Buffer.from(await workbook.xlsx.writeBuffer())
}

const read = (bytes: Buffer) => withFile('book.xlsx', bytes, (path) => gridOf(path))
const cells = (xml: string) => `<worksheet><sheetData>${xml}</sheetData></worksheet>`

describe('a workbook', () => {
  it('has a part for each visible sheet', async () => {
    const bytes = await bytesOf((workbook) => {
      workbook.addWorksheet('First').addRow(['a'])
      workbook.addWorksheet('Hidden', { state: 'hidden' }).addRow(['b'])
      workbook.addWorksheet('Größe & Co').addRow(['c'])
    })
    await withFile('book', bytes, async (path) => {
      const parts = await openFile(path)
      expect(parts.map(({ sheet, member }) => [sheet, member])).toEqual([
        ['First', ''],
        ['Größe & Co', ''],
      ])
      expect(await parts[1]!.openTable()).toMatchObject({ header: ['c'], sheet: 'Größe & Co', problems: [] })
    })
  })

  it('shows characters that XML cannot carry, and texts that only look like their escapes', async () => {
    const texts = ['a_x000D_b', 'bell_x0007_', '_x005F_x0007_', '_x00_', 'plain_x']
    const shared = texts.map((text) => `<c t="str"><v>${text}</v></c>`).join('')
    const { header } = await read(await workbookOf({ sheetXml: cells(`<row>${shared}</row>`) }))
    expect(header).toEqual(['a\rb', 'bell\u0007', '_x0007_', '_x00_', 'plain_x'])
  })

  it('shows its cells as a spreadsheet does', async () => {
    const bytes = await bytesOf((workbook) => {
      const sheet = workbook.addWorksheet('S')
      sheet.addRow([])
      sheet.addRow(['text', 'sum', 'day', 'time', 'rich', 'share', 'yes', 'formula', 'wrong'])
      const row = sheet.addRow([
        'Müller 日本',
        0.1 + 0.2,
        new Date('2026-10-31T00:00:00Z'),
        new Date('2026-10-31T08:15:00Z'),
        { richText: [{ text: 'bo' }, { text: 'ld', font: { bold: true } }] },
        0.333333,
        true,
        { formula: 'B3*2', result: 0.6 },
        { error: '#N/A' },
      ])
      row.getCell(3).numFmt = 'dd/mm/yyyy'
      row.getCell(4).numFmt = 'dd/mm/yyyy hh:mm'
      row.getCell(6).numFmt = '0.0%'
      sheet.addRow([])
      sheet.addRow(['', -1200])
    })
    const grid = await read(bytes)
    expect(grid.headerLine).toBe(2)
    expect(grid.rows).toEqual([
      ['Müller 日本', '0.3', '2026-10-31', '2026-10-31T08:15:00', 'bold', '33.3333%', 'TRUE', '0.6', '#N/A'],
      ['', '-1200', '', '', '', '', '', '', ''],
    ])
  })

  it('numbers rows as the sheet does and quarantines one with cells beyond the header', async () => {
    const bytes = await bytesOf((workbook) => {
      const sheet = workbook.addWorksheet('S')
      sheet.addRow(['a', 'b'])
      sheet.getRow(5).values = ['1', '2', '3']
    })
    await withFile('book.xlsx', bytes, async (path) => {
      const [part] = await openFile(path)
      expect(await rowsOf(await part!.openTable())).toMatchObject([
        {
          line: 5,
          raw: '1\t2\t3',
          problem: { code: 'row-unreadable', source: { file: 'book.xlsx', sheet: 'S', line: 5 } },
        },
      ])
    })
  })

  it('is read where its writer left addresses out, used prefixes, or noted how to pronounce a text', async () => {
    const sheetXml = `<x:worksheet xmlns:x="m"><x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="inlineStr"><x:is>
      <x:r><x:t>in</x:t></x:r><x:r><x:t>line</x:t></x:r></x:is></x:c></x:row><x:row><x:c><x:v>1</x:v></x:c>
      <x:c><x:f>A1*2</x:f></x:c></x:row></x:sheetData></x:worksheet>`
    const sharedXml = '<sst><si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si></sst>'
    const grid = await read(await workbookOf({ sheetXml, sharedXml }))
    expect([grid.header, grid.rows]).toEqual([['東京', 'inline'], [['1', '=A1*2']]])
  })

  it('quarantines a row of which two cells have one address, and shows a truth value that is none as it is', async () => {
    const rows =
      '<row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>77</v></c></row>' +
      '<row r="3"><c r="A3" t="b"><v>maybe</v></c></row>'
    await withFile('book.xlsx', await workbookOf({ sheetXml: cells(rows) }), async (path) => {
      const [part] = await openFile(path)
      expect(await rowsOf(await part!.openTable())).toMatchObject([
        { line: 2, problem: { code: 'row-unreadable', facts: { reason: 'two of its cells have one address' } } },
        { line: 3, cells: ['maybe'] },
      ])
    })
  })

  it('that names a sheet which is not in it is refused with what to do', async () => {
    const bytes = renameMember(await workbookOf({ sheetXml: cells('') }), 'sheet1.xml', 'sheetX.xml')
    const failure = await read(bytes).then(
      () => null,
      (error: unknown) => error,
    )
    expect(failure).toMatchObject({ kind: 'unrecognised-file', hint: expect.stringContaining('save it again') })
  })

  it.each<[string, string, string, string?]>([
    ['entities that grow', `<!DOCTYPE x [<!ENTITY a "aaaa">]>${cells('<row><c><v>&a;</v></c></row>')}`, 'hostile-file'],
    ['a column far away', cells('<row r="1"><c r="XFD1"><v>1</v></c></row>'), 'hostile-file'],
    ['a text of megabytes', cells(`<row><c t="str"><v>${'x'.repeat(5 * 1024 ** 2)}</v></c></row>`), 'hostile-file'],
    ['tags that do not close', '<worksheet><sheetData><row><c><v>1</v>', 'unrecognised-file'],
    ['a text that is not there', cells('<row><c t="s"><v>7</v></c></row>'), 'unrecognised-file'],
    ['a text of no number', cells('<row><c t="s"><v></v></c></row>'), 'unrecognised-file'],
    ['a row of no number', cells('<row r="x"><c><v>1</v></c></row>'), 'unrecognised-file'],
    [
      'one row number twice',
      cells('<row r="1"><c><v>1</v></c></row><row r="1"><c><v>2</v></c></row>'),
      'unrecognised-file',
    ],
    ['a row beyond all sheets', cells('<row r="1048577"><c><v>1</v></c></row>'), 'unrecognised-file'],
    ['no cells', cells(''), 'unrecognised-file'],
  ])('with %s is refused', async (_, sheetXml, kind) => {
    const failure = await read(await workbookOf({ sheetXml })).then(
      () => null,
      (error: unknown) => error,
    )
    expect(failure).toBeInstanceOf(Refusal)
    expect(failure).toMatchObject({ kind })
  })
})
