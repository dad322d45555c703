// A whole report as a file that is written while it is read.
import type { Report } from '@spillway/core'
import { encodeParquet } from '@spillway/engine'
import { REPORT_ENCODERS } from '@spillway/formats'
import { CONTENT_TYPES, type ReportFormat } from '../contract/reports.ts'
import { streamOf } from './stream-of.ts'

const ENCODERS = { ...REPORT_ENCODERS, parquet: encodeParquet }

export async function fileOfReport(
  report: Report,
  format: Exclude<ReportFormat, 'json'>,
  period = 'all',
): Promise<Response> {
  return new Response(await streamOf(ENCODERS[format](report)), {
    headers: {
      'content-type': CONTENT_TYPES[format],
      'content-disposition': `attachment; filename="${report.name}-${period}.${format}"`,
      'cache-control': 'no-store',
    },
  })
}
