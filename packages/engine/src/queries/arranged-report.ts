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
  /** Keys with commas between them: these columns alone, in this order. */
  readonly columns?: string | undefined
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
type PagedReport = Report & { readonly page: (place: PagePlace) => Promise<PageOfRows> }
export type QueriedReport = PagedReport & { readonly arranged: (arrangement: Arrangement) => QueriedReport }

/** @throws Refusal `bad-command` for a column that the report has not. */
export function arrangeReport(report: Report, { sort, search, columns }: Arrangement): Report {
  const arranged = inOrder(report, { sort, search })
  return columns === undefined ? arranged : withColumns(arranged, columns)
}

function inOrder(report: Report, arrangement: Omit<Arrangement, 'columns'>): Report {
  const { sort, search } = arrangement
  if (sort === undefined && search === undefined) return report
  if (sort !== undefined) sortOf(report.columns, sort)
  if (isQueried(report)) return report.arranged(arrangement)
  return { ...report, rows: arrangedRows(report, arrangement) }
}

/** Sums are told of columns that have the currency among them, and a text first that says what they are. */
function withColumns(report: Report, keys: string): Report {
  const places = placesOf(report.columns, keys)
  const columns = places.map((at): ReportColumn => ({ ...(report.columns[at] as ReportColumn), isDetail: false }))
  const pick = (row: ReportRow): ReportRow => places.map((at) => row[at] ?? '')
  const [first] = columns
  const hasTotals =
    report.hasTotals === true &&
    columns.some(({ key }) => key === 'currency') &&
    first?.kind === 'text' &&
    first.key !== 'currency'
  const { name, title, whenEmpty } = report
  const picked: Report = {
    name,
    title,
    ...(whenEmpty === undefined ? {} : { whenEmpty }),
    columns,
    hasTotals,
    rows: pickedRows(report.rows, pick),
  }
  if (!isPaged(report)) return picked
  const paged: PagedReport = {
    ...picked,
    page: async (place) => {
      const { rows, rowCount, totals } = await report.page(place)
      const sums = hasTotals ? totals.map((row) => ['Total', ...pick(row).slice(1)]) : []
      return { rows: rows.map(pick), rowCount, totals: sums }
    },
  }
  return paged
}

/** @throws Refusal `bad-command`. */
function placesOf(columns: ReadonlyArray<ReportColumn>, keys: string): ReadonlyArray<number> {
  return keysOf(keys).map((key) => {
    const at = columns.findIndex((column) => column.key === key)
    if (at >= 0) return at
    throw new Refusal('bad-command', `There is no column "${key}" to show.`, {
      hint: `One or more of ${columns.map((one) => one.key).join(',')}, with commas between them.`,
    })
  })
}

/** Whether somebody asked for one of these columns: everybody who asked for none does. */
export function wantsColumn({ columns, sort }: Arrangement, wanted: ReadonlyArray<string>): boolean {
  if (columns === undefined) return true
  return [...keysOf(columns), sort?.replace(/^-/, '') ?? ''].some((key) => wanted.includes(key))
}

const keysOf = (columns: string) => [...new Set(columns.split(',').map((key) => key.trim()))]

async function* pickedRows(
  rows: Report['rows'],
  pick: (row: ReportRow) => ReportRow,
): AsyncGenerator<ReadonlyArray<ReportRow>> {
  for await (const batch of rows) yield batch.map(pick)
}

export async function pageOfRows(report: Report, place: PagePlace): Promise<PageOfRows> {
  if (isPaged(report)) return report.page(place)
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

const isPaged = (report: Report): report is PagedReport => 'page' in report

function isQueried(report: Report): report is QueriedReport {
  return isPaged(report) && 'arranged' in report
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
