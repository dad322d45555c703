// A report that is one query: its rows as a stream, in any order of its columns, searched, and a page of them with the sums of
// all, all by the database. What a row costs only where it is shown, such as a name, is asked for the rows of the page alone.
import { formatAmount, type Report, type ReportRow } from '@spillway/core'
import { literal } from '../warehouse/sql-literal.ts'
import type { Parameters, Row } from '../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { type ReportField, toReportRow, toReportRows } from './amount-cells.ts'
import {
  type Arrangement,
  isNumeric,
  isSearched,
  type PageOfRows,
  type PagePlace,
  type QueriedReport,
  sortOf,
} from './arranged-report.ts'
import { boundParameters } from './bound-parameters.ts'

export type SqlReportOptions = Pick<Report, 'name' | 'title' | 'hasTotals' | 'whenEmpty'> & {
  readonly fields: ReadonlyArray<ReportField>
  /** Common table expressions that `rows` needs, without WITH; '' for none. */
  readonly ctes: string
  /** A SELECT with a column per field, and those of `order`; no ORDER BY. */
  readonly rows: string
  /** The report's own order: columns of `rows`. */
  readonly order: string
  readonly parameters: Parameters
  /** Its rows take more memory than to make them twice takes time. */
  readonly isWide?: boolean
  /** The same without columns that cost much, which `fill` adds to the rows of a page. */
  readonly lean?: LeanRows | undefined
}

export type LeanRows = {
  readonly ctes: string
  readonly rows: string
  /** Fields that it has not. */
  readonly without: ReadonlyArray<string>
  /** The same order by columns that it has. */
  readonly order?: string | undefined
  /** Its rows are read from a table at once: held between, they would be copied. */
  readonly isStored?: boolean
  readonly fill: (rows: ReadonlyArray<Row>) => Promise<ReadonlyArray<Row>>
}

export function sqlReport(
  workspace: ScopedWorkspace,
  options: SqlReportOptions,
  arrangement: Arrangement = {},
): QueriedReport {
  const { name, title, fields, hasTotals, whenEmpty, ctes, rows, parameters } = options
  const sql = `WITH ${listOf(ctes, `report_row AS (${rows})`)}
    SELECT * FROM report_row WHERE ${searchSql(fields, arrangement)} ORDER BY ${orderSql(options, arrangement)}`
  return {
    name,
    title,
    columns: fields,
    ...(hasTotals === undefined ? {} : { hasTotals }),
    ...(whenEmpty === undefined ? {} : { whenEmpty }),
    rows: toReportRows(workspace.warehouse.stream(sql, boundParameters(sql, parameters)), fields),
    arranged: (other) => sqlReport(workspace, options, { ...arrangement, ...other }),
    page: (place) => pageOf(workspace, { ...options, arrangement, place }),
  }
}

type PageOptions = SqlReportOptions & { readonly arrangement: Arrangement; readonly place: PagePlace }

/** One query reads the rows once, for the page and for the sums of all; what is wide is read twice. */
async function pageOf({ warehouse }: ScopedWorkspace, options: PageOptions): Promise<PageOfRows> {
  const { fields, parameters, place, arrangement, hasTotals } = options
  const lean = leanOf(options)
  const { ctes, rows } = lean ?? options
  const amounts = hasTotals ? fields.filter(({ kind }) => kind === 'amount') : []
  const columnOf = ({ key, from }: ReportField) => from ?? key
  const sums = amounts.map((field, index) => `sum(${columnOf(field)}) AS total_${index}`)
  const grouped = hasTotals ? 'currency AS total_currency' : "'' AS total_currency"
  const limit = Number.isFinite(place.limit) ? `LIMIT ${place.limit}` : ''
  const kept = options.isWide || lean?.isStored ? 'NOT MATERIALIZED' : 'MATERIALIZED'
  const ctesSql = `WITH ${listOf(ctes, `report_row AS ${kept} (SELECT * FROM (${rows}) WHERE ${searchSql(fields, arrangement)})`)}`
  const order = orderSql({ fields, order: lean?.order ?? options.order }, arrangement)
  const pageSql = `SELECT (row_number() OVER (ORDER BY ${order}))::INTEGER AS page_place, *
    FROM (SELECT * FROM report_row ORDER BY ${order} ${limit} OFFSET ${place.offset})`
  const totalsSql = `SELECT ${[grouped, 'count(*) AS total_rows', ...sums].join(', ')} FROM report_row GROUP BY ALL`
  // One row per row of the page, with its place, and one per currency without.
  const asked = options.isWide ? [pageSql, totalsSql] : [`${pageSql} UNION ALL BY NAME ${totalsSql}`]
  const found: Row[] = []
  for (const one of asked) {
    const sql = `${ctesSql} ${one}`
    found.push(...(await warehouse.rows<Row>(sql, boundParameters(sql, parameters))))
  }
  const page = found.filter(({ page_place }) => typeof page_place === 'number')
  page.sort((a, b) => Number(a.page_place) - Number(b.page_place))
  const totals = found.filter(({ page_place }) => typeof page_place !== 'number')
  const filled = lean ? await lean.fill(page) : page
  return {
    rows: filled.map((row) => toReportRow(row, fields)),
    rowCount: totals.reduce((sum, row) => sum + Number(row.total_rows), 0),
    totals: hasTotals ? totals.flatMap((row) => totalRow(row, fields)).sort(byCurrency(fields)) : [],
  }
}

/** Not where the rows are ordered by what it lacks, or searched. */
function leanOf({ lean, fields, arrangement }: PageOptions): LeanRows | undefined {
  if (lean === undefined || (arrangement.search ?? '') !== '') return undefined
  const sorted = arrangement.sort === undefined ? undefined : sortOf(fields, arrangement.sort).column.key
  return sorted !== undefined && lean.without.includes(sorted) ? undefined : lean
}

/** As core's `toTotalRows`; a row without a currency has no amount. */
function totalRow(row: Row, fields: ReadonlyArray<ReportField>): ReportRow[] {
  const currency = String(row.total_currency ?? '')
  if (currency === '') return []
  let amount = -1
  return [
    fields.map(({ key, kind }, index) => {
      if (kind === 'amount') {
        amount += 1
        const sum = row[`total_${amount}`]
        return sum === null || sum === undefined ? '' : formatAmount(BigInt(sum as bigint), currency)
      }
      if (index === 0) return 'Total'
      return key === 'currency' ? currency : ''
    }),
  ]
}

function byCurrency(fields: ReadonlyArray<ReportField>): (a: ReportRow, b: ReportRow) => number {
  const at = fields.findIndex(({ key }) => key === 'currency')
  return (a, b) => ((a[at] ?? '') < (b[at] ?? '') ? -1 : 1)
}

const listOf = (...ctes: ReadonlyArray<string>) => ctes.filter((cte) => cte !== '').join(',\n')

/** The unit separator, which hardly any cell has in it. */
const CELL_END = String.fromCharCode(31)

function searchSql(fields: ReadonlyArray<ReportField>, { search = '' }: Arrangement): string {
  if (search === '') return 'true'
  const columns = fields.filter(isSearched).map(({ key, from }) => from ?? key)
  if (columns.length === 0) return 'false'
  const contains = (text: string) => `contains(lower(${text}), lower(${literal(search)}))`
  // One look into all of them, apart from a search for what stands between.
  return search.includes(CELL_END)
    ? columns.map(contains).join(' OR ')
    : contains(`concat_ws(chr(31), ${columns.join(', ')})`)
}

/** What is empty comes last either way; what is equal stays in the report's own order. */
function orderSql({ fields, order }: Pick<SqlReportOptions, 'fields' | 'order'>, { sort }: Arrangement): string {
  if (sort === undefined) return order
  const { column, isDescending } = sortOf(fields, sort)
  const name = fields.find(({ key }) => key === column.key)?.from ?? column.key
  const value =
    column.kind === 'amount' || column.kind === 'usage'
      ? name
      : isNumeric(column)
        ? numberSql(name)
        : `nullif(${name}::VARCHAR, '')`
  return `${value} ${isDescending ? 'DESC' : 'ASC'} NULLS LAST, ${order}`
}

/** Of a number or of its text, which may be a fraction (`1/3`): for the order alone. */
const numberSql = (column: string) =>
  `CASE WHEN contains(${column}::VARCHAR, '/') THEN split_part(${column}::VARCHAR, '/', 1)::DOUBLE / split_part(${column}::VARCHAR, '/', 2)::DOUBLE ELSE TRY_CAST(${column} AS DOUBLE) END`
