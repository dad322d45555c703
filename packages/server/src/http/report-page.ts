// A page of a report: its columns, and rows from where the page before ended.
import type { Report } from '@spillway/core'
import type { z } from 'zod'
import type { reportPage } from '../contract/reports.ts'
import { readCursor, writeCursor } from './pages.ts'

const ROWS_SORT = 'rows'
type PageSize = { readonly limit: number; readonly cursor?: string | undefined }

/** Rows after those that the cursor counts. What a run says does not change, and another run has another count. */
export async function pageOfReport(report: Report, { limit, cursor }: PageSize): Promise<z.infer<typeof reportPage>> {
  const from = cursor === undefined ? 0 : countIn(cursor)
  const { columns } = report
  const wanted: Array<Record<string, string | null>> = []
  let index = 0
  let hasMore = false
  for await (const batch of report.rows) {
    for (const row of batch) {
      if (index >= from && wanted.length < limit) wanted.push(toCells(row, columns))
      else if (index >= from) hasMore = true
      index += 1
    }
    if (hasMore) break
  }
  return {
    name: report.name,
    title: report.title,
    columns: columns.map(({ key, title, kind, isDetail = false, isNullable = false }) => ({
      ...{ key, title, kind, isDetail, isNullable },
    })),
    hasTotals: report.hasTotals === true,
    rows: wanted,
    next: hasMore ? writeCursor(ROWS_SORT, [String(from + wanted.length), '']) : null,
  }
}

function toCells(row: ReadonlyArray<string>, columns: Report['columns']): Record<string, string | null> {
  return Object.fromEntries(
    columns.map(({ key, isNullable }, at) => {
      const cell = row[at] ?? ''
      return [key, isNullable === true && cell === '' ? null : cell]
    }),
  )
}

/** @throws Refusal `bad-command`. */
function countIn(cursor: string): number {
  const [count] = readCursor(cursor, ROWS_SORT)
  return /^\d{1,15}$/.test(count) ? Number(count) : 0
}
