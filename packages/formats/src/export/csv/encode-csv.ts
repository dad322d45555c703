// CSV by RFC 4180 with LF line ends: a header of column keys, cells quoted where they must be, formulas neutralised.
import type { Report } from '@spillway/core'
import { neutraliseFormula } from '../neutralise.ts'

export async function* encodeCsv(report: Report): AsyncGenerator<string> {
  yield `${report.columns.map((column) => toCsvCell(column.key)).join(',')}\n`
  for await (const batch of report.rows) {
    let text = ''
    for (const row of batch) text += `${row.map(toCsvCell).join(',')}\n`
    if (text !== '') yield text
  }
}

/** Quoted where it must be, and no formula. */
export function toCsvCell(value: string): string {
  const cell = neutraliseFormula(value)
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
