// One JSON array of objects keyed by column. Amounts and quantities stay texts: JSON numbers are floating point.
import type { Report } from '@spillway/core'
import { toJsonRow } from '../ndjson/encode-ndjson.ts'

export async function* encodeJson(report: Report): AsyncGenerator<string> {
  let separator = '[\n'
  for await (const batch of report.rows)
    for (const row of batch) {
      yield `${separator}  ${toJsonRow(report.columns, row)}`
      separator = ',\n'
    }
  yield separator === '[\n' ? '[]\n' : '\n]\n'
}
