// The ways out that this package has, by the word that `--format` takes.
import type { ReportEncoder } from '@spillway/core'
import { encodeCsv } from './csv/encode-csv.ts'
import { encodeJson } from './json/encode-json.ts'
import { encodeNdjson } from './ndjson/encode-ndjson.ts'
import { encodeXlsx } from './xlsx/encode-xlsx.ts'

export const REPORT_ENCODERS = {
  csv: encodeCsv,
  json: encodeJson,
  ndjson: encodeNdjson,
  xlsx: (report) => encodeXlsx(report),
} as const satisfies Record<string, ReportEncoder>
export type ReportFormat = keyof typeof REPORT_ENCODERS
