// A page of a report: its columns, rows from where the page before ended, and what all of its rows come to.
import { createHash } from 'node:crypto'
import { Refusal, type Report, type ReportRow } from '@spillway/core'
import { pageOfRows } from '@spillway/engine'
import type { z } from 'zod'
import type { reportPage } from '../contract/reports.ts'
import { readCursor, writeCursor } from './pages.ts'

const ROWS_SORT = 'rows'
type PageSize = {
  readonly limit: number
  readonly cursor?: string | undefined
  /** Rows left out before the first, where no cursor counts them. */
  readonly offset?: number | undefined
  /** Whatever decides which rows come and in which order: a cursor holds for that alone. */
  readonly asked?: Readonly<Record<string, unknown>>
}

export type ReportPage = z.infer<typeof reportPage>

/**
 * Rows after those that the cursor counts, or after the first `offset`. What a run says does not change, and another run has another
 * count. @throws Refusal `bad-command` for both, or a cursor of another question.
 */
export async function pageOfReport(report: Report, size: PageSize): Promise<ReportPage> {
  const { limit, asked } = size
  const sort = asked === undefined ? ROWS_SORT : `${ROWS_SORT} ${digestOf(asked)}`
  const offset = offsetOf(size, sort)
  const { columns } = report
  const { rows, rowCount, totals } = await pageOfRows(report, { offset, limit })
  const reached = offset + rows.length
  return {
    name: report.name,
    title: report.title,
    columns: columns.map(({ key, title, kind, isDetail = false, isNullable = false }) => ({
      ...{ key, title, kind, isDetail, isNullable },
    })),
    hasTotals: report.hasTotals === true,
    rows: rows.map((row) => toCells(row, columns)),
    rowCount,
    totals: totals.map((row) => toTotal(row, columns)),
    next: rows.length > 0 && reached < rowCount ? writeCursor(sort, [String(reached), '']) : null,
  }
}

function digestOf(asked: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify(
    Object.entries(asked)
      .filter(([, value]) => value !== undefined)
      .sort(),
  )
  return createHash('sha256').update(text).digest('base64url').slice(0, 16)
}

function toCells(row: ReportRow, columns: Report['columns']): Record<string, string | null> {
  const cells: Record<string, string | null> = {}
  for (const [at, { key, isNullable }] of columns.entries()) {
    const cell = row[at] ?? ''
    cells[key] = isNullable === true && cell === '' ? null : cell
  }
  return cells
}

function toTotal(row: ReportRow, columns: Report['columns']): ReportPage['totals'][number] {
  const amounts = columns.flatMap(({ key, kind }, at): [string, string | null][] =>
    kind === 'amount' ? [[key, row[at] === '' ? null : (row[at] ?? null)]] : [],
  )
  return {
    currency: row[columns.findIndex(({ key }) => key === 'currency')] ?? '',
    amounts: Object.fromEntries(amounts),
  }
}

function offsetOf({ cursor, offset }: PageSize, sort: string): number {
  if (cursor === undefined) return offset ?? 0
  if (offset === undefined) return countIn(cursor, sort)
  throw new Refusal('bad-command', 'A page begins at a cursor or at an offset, not at both.', {
    hint: 'Leave one of them out.',
  })
}

/** @throws Refusal `bad-command`. */
function countIn(cursor: string, sort: string): number {
  const [count] = readCursor(cursor, sort)
  return /^\d{1,15}$/.test(count) ? Number(count) : 0
}
