// The rows of a report in another order, only those with a text in them, and a page of them with what all of them come to.
// A report that a query makes has the database do it (sql-report.ts); any other is arranged in memory.
import {
  addToTotals,
  compareBytes,
  invariant,
  Refusal,
  type Report,
  type ReportColumn,
  type ReportRow,
  type ReportTotals,
  toTotalRows,
} from '@spillway/core'
import { oneBatch } from './amount-cells.ts'

export type Arrangement = {
  /** A column's key, `-key` for descending; without it the report's own order. */
  readonly sort?: string | undefined
  /** Rows with this in a column of texts, whatever the case. */
  readonly search?: string | undefined
}

export type PagePlace = { readonly offset: number; readonly limit: number }

export type PageOfRows = {
  readonly rows: ReadonlyArray<ReportRow>
  /** Of the whole report. */
  readonly rowCount: number
  /** Rows in the report's columns, one a currency, where their sums say something. */
  readonly totals: ReadonlyArray<ReportRow>
}

/** A report that knows a better way than to read all of its rows. */
export type QueriedReport = Report & {
  readonly arranged: (arrangement: Arrangement) => QueriedReport
  readonly page: (place: PagePlace) => Promise<PageOfRows>
}

/** @throws Refusal `bad-command` for a column that the report has not. */
export function arrangeReport(report: Report, arrangement: Arrangement): Report {
  const { sort, search } = arrangement
  if (sort === undefined && search === undefined) return report
  if (sort !== undefined) sortOf(report.columns, sort)
  if (isQueried(report)) return report.arranged(arrangement)
  return { ...report, rows: arrangedRows(report, arrangement) }
}

export async function pageOfRows(report: Report, place: PagePlace): Promise<PageOfRows> {
  if (isQueried(report)) return report.page(place)
  const { columns, hasTotals } = report
  const totals: ReportTotals = new Map()
  const rows: ReportRow[] = []
  let rowCount = 0
  for await (const batch of report.rows)
    for (const row of batch) {
      if (rowCount >= place.offset && rows.length < place.limit) rows.push(row)
      if (hasTotals) addToTotals(totals, { columns, row })
      rowCount += 1
    }
  return { rows, rowCount, totals: toTotalRows(totals, columns) }
}

export type ReportSort = { readonly column: ReportColumn; readonly isDescending: boolean }

/** @throws Refusal `bad-command`. */
export function sortOf(columns: ReadonlyArray<ReportColumn>, sort: string): ReportSort {
  const isDescending = sort.startsWith('-')
  const key = isDescending ? sort.slice(1) : sort
  const column = columns.find((one) => one.key === key)
  if (column) return { column, isDescending }
  throw new Refusal('bad-command', `There is no column "${key}" to sort by.`, {
    hint: `One of ${columns.map((one) => one.key).join(', ')}; with - before it for descending.`,
  })
}

/** Columns that a search looks into. */
export function isSearched({ key, kind }: ReportColumn): boolean {
  return kind === 'text' && key !== 'currency'
}

function isQueried(report: Report): report is QueriedReport {
  return 'page' in report && 'arranged' in report
}

async function* arrangedRows(
  { columns, rows }: Report,
  { sort, search }: Arrangement,
): AsyncGenerator<ReadonlyArray<ReportRow>> {
  const wanted = search?.toLowerCase() ?? ''
  const searched = columns.flatMap((column, index) => (isSearched(column) ? [index] : []))
  const found: ReportRow[] = []
  for await (const batch of rows)
    for (const row of batch)
      if (wanted === '' || searched.some((index) => row[index]?.toLowerCase().includes(wanted))) found.push(row)
  if (sort !== undefined) {
    const { column, isDescending } = sortOf(columns, sort)
    const at = columns.indexOf(column)
    const compare = isNumeric(column) ? compareDecimals : compareBytes
    const direction = isDescending ? -1 : 1
    found.sort((a, b) => {
      const [left, right] = [a[at] ?? '', b[at] ?? '']
      if (left === '' || right === '') return Number(left === '') - Number(right === '')
      return compare(left, right) * direction
    })
  }
  yield* oneBatch(found)
}

export function isNumeric({ kind }: ReportColumn): boolean {
  return kind === 'amount' || kind === 'quantity' || kind === 'usage' || kind === 'share'
}

/** Exact numbers as texts: `-12.50`, `200`, `1/3`. Exact however long they are. */
function compareDecimals(a: string, b: string): number {
  const [left, right] = [fractionOf(a), fractionOf(b)]
  if (left === null || right === null) return compareBytes(a, b)
  const difference = left.numerator * right.denominator - right.numerator * left.denominator
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

function fractionOf(text: string): { readonly numerator: bigint; readonly denominator: bigint } | null {
  const [, sign, whole, decimals = '', below] = /^(-?)(\d+)(?:\.(\d+)|\/(\d+))?$/.exec(text) ?? []
  if (whole === undefined) return null
  const numerator = BigInt(`${sign}${whole}${decimals}`)
  const denominator = below === undefined ? 10n ** BigInt(decimals.length) : BigInt(below)
  invariant(denominator > 0n, 'a fraction has a denominator', { text })
  return { numerator, denominator }
}
