// Refused rows as CSV to be mended: which import refused them, where and why, and then the columns of the file as it had them.
// Cells that begin like a formula are made harmless, and read back as they were.
import type { RejectedRow, RejectedTable } from '@spillway/core'
import { DEFAULT_LIMITS, nameOfPlace, placeOf } from '../../intake/part.ts'
import { RecordScanner } from '../../intake/record-scanner.ts'
import { REJECTS_COLUMNS, WHOLE_ROW } from '../../intake/rejects-columns.ts'
import { toCsvCell } from '../csv/encode-csv.ts'

/** So that a spreadsheet reads it as UTF-8. */
const BYTE_ORDER_MARK = '\ufeff'

export async function* encodeRejects(table: RejectedTable): AsyncGenerator<string> {
  const { batch, file, member, sheet, header, delimiter } = table
  const hasCells = delimiter !== '' && header.length > 0
  yield `${BYTE_ORDER_MARK}${[...REJECTS_COLUMNS, ...(hasCells ? header : [WHOLE_ROW])].map(toCsvCell).join(',')}\n`
  const place = nameOfPlace(placeOf({ file, member, sheet }))
  const cellsOf = ({ raw }: RejectedRow) => (hasCells ? splitRow(raw, { delimiter, width: header.length }) : [raw])
  for await (const rows of table.rows) {
    let text = ''
    for (const row of rows)
      text += `${[batch, `${place}:${row.line}`, row.message, ...cellsOf(row).map(kept)].map(toCsvCell).join(',')}\n`
    if (text !== '') yield text
  }
}

/** An apostrophe that the file has itself is one more, so that reading takes away ours alone. */
const kept = (cell: string) => (/^'+[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell)

/** As many cells as the header has. The text of a row out of which passcodes were taken is split by tabs, whatever the file's is. */
function splitRow(raw: string, { delimiter, width }: { delimiter: string; width: number }): ReadonlyArray<string> {
  const readings = [delimiter, '\t'].map((mark) => cellsBy(raw, mark))
  const cells = readings.find((one) => one?.length === width) ?? readings[0] ?? raw.split(delimiter)
  return cells.length < width ? [...cells, ...Array.from({ length: width - cells.length }, () => '')] : cells
}

/** undefined where its quotes cannot be read. */
function cellsBy(raw: string, delimiter: string): string[] | undefined {
  const scanner = new RecordScanner({ delimiter, limits: DEFAULT_LIMITS, name: 'the row' })
  const [record, ...others] = scanner.push(raw, true)
  return record && 'cells' in record && others.length === 0 ? record.cells : undefined
}

/** `bill.csv` is `bill-rejects.csv`, a member or sheet with its own name. */
export function rejectsFileName({ file, member, sheet }: Pick<RejectedTable, 'file' | 'member' | 'sheet'>): string {
  const stem = (name: string) => name.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '')
  const parts = [stem(file), member === '' ? '' : stem(member), sheet].filter((part) => part !== '')
  return `${parts.join('-').replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')}-rejects.csv`
}
