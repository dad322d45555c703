// One JSON object per line, keyed by column. Amounts and quantities stay texts: JSON numbers are floating point.
import type { Report, ReportColumn, ReportRow } from '@spillway/core'

export async function* encodeNdjson(report: Report): AsyncGenerator<string> {
  for await (const batch of report.rows) {
    let text = ''
    for (const row of batch) text += `${toJsonRow(report.columns, row)}\n`
    if (text !== '') yield text
  }
}

/** A row as one line of JSON, keys in the order of the columns. */
export function toJsonRow(columns: ReadonlyArray<ReportColumn>, row: ReportRow): string {
  const cells = columns.map(({ key, isNullable }, index) => {
    const cell = row[index]
    return [key, isNullable === true && cell === '' ? null : cell]
  })
  return JSON.stringify(Object.fromEntries(cells))
}
