// Pages of rows that are in memory: as the database would put them in order and add them up, where it can be said so; what
// cannot is left to the database.
import { compareBytes, formatAmount, type Report, type ReportRow } from '@spillway/core'
import type { Row } from '../../warehouse/warehouse.ts'
import { type ReportField, toReportRow } from '../amount-cells.ts'
import { type Arrangement, type PageOfRows, type PagePlace, type QueriedReport, sortOf } from '../arranged-report.ts'

/** null where it cannot answer. */
export type KeptPage = (asked: {
  readonly arrangement: Arrangement
  readonly place: PagePlace
}) => Promise<PageOfRows | null>

type KeptPages = {
  readonly keptPage: KeptPage
  /** All of its rows fit into memory at once; else they come from where they are stored. */
  readonly isSmall: boolean
}

/** The report with pages from memory, wherever there are some. */
export function withKeptPages(
  report: QueriedReport,
  { keptPage, isSmall }: KeptPages,
  arrangement: Arrangement = {},
): QueriedReport {
  return {
    ...report,
    ...(isSmall && { rows: allRows(report, () => keptPage({ arrangement, place: ALL })) }),
    arranged: (other) => withKeptPages(report.arranged(other), { keptPage, isSmall }, { ...arrangement, ...other }),
    page: async (place) => (await keptPage({ arrangement, place })) ?? report.page(place),
  }
}

const ALL: PagePlace = { offset: 0, limit: Number.POSITIVE_INFINITY }

async function* allRows(report: Report, kept: () => Promise<PageOfRows | null>): Report['rows'] {
  const page = await kept()
  if (page) yield page.rows
  else yield* report.rows
}

/** By which column rows are put in order; undefined for their own order, null for what only the database can order by. */
export function orderOf(
  fields: ReadonlyArray<ReportField>,
  { sort, search = '' }: Arrangement,
): { readonly column: string; readonly isAmount: boolean; readonly isDescending: boolean } | null | undefined {
  if (search !== '') return null
  if (sort === undefined) return undefined
  const { column, isDescending } = sortOf(fields, sort)
  const from = fields.find(({ key }) => key === column.key)?.from ?? column.key
  if (column.kind !== 'amount' && column.kind !== 'text') return null
  return { column: from, isAmount: column.kind === 'amount', isDescending }
}

export type KeptRows = {
  readonly fields: ReadonlyArray<ReportField>
  /** In the report's own order. */
  readonly rows: ReadonlyArray<Row>
  /** Adds columns that the rows have not, to those of a page. */
  readonly fill: (rows: ReadonlyArray<Row>) => Promise<ReadonlyArray<Row>>
  /** Columns that are filled. */
  readonly without: ReadonlyArray<string>
}

export async function pageOfKept(
  { fields, rows, fill, without }: KeptRows,
  { arrangement, place: { offset, limit } }: Parameters<KeptPage>[0],
): Promise<PageOfRows | null> {
  const order = orderOf(fields, arrangement)
  if (order === null || (order && without.includes(order.column))) return null
  const sorted = order === undefined ? rows : [...rows].sort(order.isAmount ? byAmount(order) : byText(order))
  const page = await fill(sorted.slice(offset, offset + limit))
  return {
    rows: page.map((row) => toReportRow(row, fields)),
    rowCount: rows.length,
    totals: totalsOf(fields, sumsByCurrency(fields, rows)),
  }
}

type Order = { readonly column: string; readonly isDescending: boolean }

function byAmount({ column, isDescending }: Order): (a: Row, b: Row) => number {
  return (a, b) => {
    const [left, right] = [a[column] as bigint, b[column] as bigint]
    if (left === right) return 0
    return left < right === isDescending ? 1 : -1
  }
}

/** What is empty comes last either way. */
function byText({ column, isDescending }: Order): (a: Row, b: Row) => number {
  return (a, b) => {
    const [left, right] = [a[column] as string, b[column] as string]
    if (left === '' || right === '') return Number(left === '') - Number(right === '')
    return isDescending ? compareBytes(right, left) : compareBytes(left, right)
  }
}

/** One row per currency, with the sums of amounts. */
function sumsByCurrency(fields: ReadonlyArray<ReportField>, rows: ReadonlyArray<Row>): ReadonlyArray<Row> {
  const columns = fields.filter(({ kind }) => kind === 'amount').map(({ key, from }) => from ?? key)
  const sums = new Map<string, bigint[]>()
  for (const row of rows) {
    const currency = row.currency as string
    const known = sums.get(currency) ?? columns.map(() => 0n)
    sums.set(currency, known)
    for (let at = 0; at < columns.length; at += 1)
      known[at] = (known[at] as bigint) + (row[columns[at] as string] as bigint)
  }
  return [...sums].map(([currency, amounts]) => ({
    currency,
    ...Object.fromEntries(columns.map((column, at) => [column, amounts[at] as bigint])),
  }))
}

/** Of one row per currency; a row without a currency has no amount. */
export function totalsOf(fields: ReadonlyArray<ReportField>, sums: ReadonlyArray<Row>): ReadonlyArray<ReportRow> {
  return sums
    .filter(({ currency }) => currency !== '')
    .sort((a, b) => compareBytes(a.currency as string, b.currency as string))
    .map((row) =>
      fields.map(({ key, kind, from }, at) => {
        if (kind === 'amount') return formatAmount(row[from ?? key] as bigint, row.currency as string)
        return at === 0 ? 'Total' : key === 'currency' ? (row.currency as string) : ''
      }),
    )
}
