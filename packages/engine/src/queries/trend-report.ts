// `report trend`: cost or usage month by month, by one dimension, with what each month changed by. Months that were not
// closed say so; they are never zeros.
import {
  baseUnitOf,
  type Change,
  formatAmount,
  type Period,
  Refusal,
  type Report,
  type ReportColumn,
  type ReportRow,
  shiftPeriod,
  type UsageType,
} from '@spillway/core'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { oneBatch, textField } from './amount-cells.ts'
import { CHARGE_DIMENSIONS, type ReportView } from './charges-report.ts'
import { currentRun, monthRuns } from './current-run.ts'
import { CHARGE_FILTERS, readFilter, USAGE_FILTERS, whereText } from './filter/report-filter.ts'
import { resultRowsSql, servicesSeenSql } from './filter/result-rows.ts'
import { servicePlaces } from './filter/service-places.ts'
import { type CostRow, keptTrend } from './kept/kept-trend.ts'
import { DIMENSION_COLUMN, NAME_OF_EMPTY, namesCte } from './names.ts'
import { monthNumberOf, monthsText, nameOverMonthsSql, runMonthCte } from './run-months.ts'
import { type SumRow, type TrendMonth, type TrendPoint, trendSeries } from './trend-series.ts'
import { USAGE_CLASS_COLUMNS, USAGE_CLASS_SQL } from './usage-report.ts'

/** Those of charges, but that nobody's user id is followed over months. */
export const MOVER_DIMENSIONS = CHARGE_DIMENSIONS.filter((dimension) => dimension !== 'user-id')
export type MoverDimension = (typeof MOVER_DIMENSIONS)[number]
/** `all` is everything together: one key, and no services counted, which would read a row for each of them. */
export const TREND_DIMENSIONS = ['all', ...MOVER_DIMENSIONS] as const
export type TrendDimension = (typeof TREND_DIMENSIONS)[number]
/** Usage has no category. */
export const USAGE_TREND_DIMENSIONS = TREND_DIMENSIONS.filter((dimension) => dimension !== 'category')

/** The month and the same month a year before: a year more is read than is shown. */
const LOOK_BACK = 12

export type TrendOptions = {
  /** The last month. */
  readonly period: Period
  readonly by: TrendDimension
  /** This key alone; '' is what nobody owns. */
  readonly key?: string | undefined
  /** How many months are shown. */
  readonly months: number
  /** Whether services are counted, which reads each of them in each month; never of everything together. */
  readonly hasServices?: boolean | undefined
  /** Of CHARGE_FILTERS, of usage USAGE_FILTERS; what is below a cost centre is as the last month saw it. */
  readonly where?: ReadonlyArray<string> | undefined
}

/** Columns of trends that count services. */
export const SERVICE_COUNTS = ['services', 'services_started', 'services_gone']

type UsageRow = SumRow & { quantity_base: bigint }

const KEY_COLUMNS = [textField('key', 'Key'), textField('name', 'Name')]
const MONTH_COLUMNS = [textField('month', 'Month'), textField('state', 'State')]
const TITLE_OF_VIEW = { actual: 'Actual', adjusted: 'Adjusted' } as const

/**
 * One row per key, currency and month, ordered by them, for every key with a charge in one of the months. The changes are
 * those of `view`, of the adjusted amounts where none is named.
 *
 * @throws Refusal `period-not-closed` for the last month; earlier ones may be missing.
 */
export async function costTrendReport(
  workspace: ScopedWorkspace,
  { view, ...options }: TrendOptions & { readonly view?: ReportView | undefined },
): Promise<Report> {
  const { months, sql, parameters, kept } = await trendQuery(workspace, {
    ...options,
    ...{ lines: 'carried', partColumns: ['currency'], filters: CHARGE_FILTERS },
    part: 'currency',
    sums: ['actual_minor', 'adjusted_minor'],
  })
  const changing = view ?? 'adjusted'
  const views = (['actual', 'adjusted'] as const).filter((one) => view === undefined || one === view)
  const points = trendSeries(kept ? oneBatch(kept) : workspace.warehouse.stream<CostRow>(sql, parameters), {
    months,
    lookBack: LOOK_BACK,
    toValue: (row) => BigInt(row[`${changing}_minor`]),
  })
  return {
    name: 'trend',
    title: `${titleOf('Cost', options)}; changes of the ${changing} amounts`,
    columns: [
      ...KEY_COLUMNS,
      textField('currency', 'Currency'),
      ...MONTH_COLUMNS,
      ...views.map((one): ReportColumn => ({ key: one, title: TITLE_OF_VIEW[one], kind: 'amount' })),
      ...changeColumns('amount', options),
    ],
    rows: toRows(points, (point) => {
      const money = (minor: bigint) => formatAmount(minor, point.part)
      const sums = views.map((one) => sumCell(point, { text: money, toValue: (row) => row[`${one}_minor`] }))
      return [
        point.key,
        point.name,
        point.part,
        point.month,
        point.state,
        ...sums,
        ...changeCells(point, { text: money, ...options }),
      ]
    }),
  }
}

/**
 * One row per key, usage class and month, ordered by them, for every key with usage in one of the months. Quantities are
 * whole base units. @throws Refusal as `costTrendReport`.
 */
export async function usageTrendReport(workspace: ScopedWorkspace, options: TrendOptions): Promise<Report> {
  const { months, sql, parameters } = await trendQuery(workspace, {
    ...options,
    ...{ lines: 'used', partColumns: USAGE_CLASS_COLUMNS, filters: USAGE_FILTERS },
    part: USAGE_CLASS_SQL,
    sums: ['quantity_base'],
  })
  const toValue = (row: UsageRow) => BigInt(row.quantity_base)
  const points = trendSeries(workspace.warehouse.stream<UsageRow>(sql, parameters), {
    months,
    lookBack: LOOK_BACK,
    toValue,
  })
  return {
    name: 'trend',
    title: titleOf('Usage', options),
    columns: [
      ...KEY_COLUMNS,
      textField('usage_class', 'Usage class'),
      textField('unit', 'Unit'),
      ...MONTH_COLUMNS,
      { key: 'quantity', title: 'Quantity', kind: 'usage' },
      ...changeColumns('usage', options),
    ],
    rows: toRows(points, (point) => {
      const unit = baseUnitOf(point.part.split('/')[0] as UsageType)
      const cells = [point.key, point.name, point.part, unit, point.month, point.state]
      return [...cells, sumCell(point, { text: String, toValue }), ...changeCells(point, { text: String, ...options })]
    }),
  }
}

type TrendQuery = {
  readonly months: ReadonlyArray<TrendMonth>
  readonly sql: string
  readonly parameters: Record<string, string>
  /** What the query has, where it is kept: then nobody need ask it. */
  readonly kept: ReadonlyArray<CostRow> | null
}

/** The names are those of the directory as the last month's run saw it. */
async function trendQuery(
  workspace: ScopedWorkspace,
  {
    period,
    by,
    key,
    months: shown,
    where,
    hasServices = true,
    lines,
    part,
    partColumns,
    filters,
    sums,
  }: TrendOptions & {
    readonly lines: 'carried' | 'used'
    /** Those that `part` reads. */
    readonly partColumns: ReadonlyArray<string>
    readonly filters: Readonly<Record<string, string>>
    /** SQL of what a key's rows are told apart by. */
    readonly part: string
    readonly sums: ReadonlyArray<string>
  },
): Promise<TrendQuery> {
  const run = await currentRun(workspace, period)
  const { tenant } = workspace
  const read = await monthRuns(workspace, { last: period, count: shown + LOOK_BACK })
  const months = read.map((one) => ({ ...one, month: monthNumberOf(one.period) }))
  const filter = new Map(await readFilter(workspace, { where, columns: filters, run }))
  const runs = months.flatMap((month) => (month.run ? [month.run.id] : []))
  if (lines === 'carried') await workspace.sums?.ofRuns(runs)
  if (by === 'all') {
    if (key !== undefined)
      throw new Refusal('bad-command', '`report trend --by all` has one key and takes no --key.', {
        hint: 'Leave --key out, or use --where.',
      })
    const everything = resultRowsSql(workspace, { view: lines, filter, columns: partColumns, runs })
    // One row per part and month.
    const sql = `WITH ${runMonthCte('run_month', months)}
      SELECT 'all' AS key, ${part} AS part, month, ${sums.map((sum) => `sum(${sum}) AS ${sum}`).join(', ')},
        0::BIGINT AS services, 0::BIGINT AS started, 'everything' AS name
      FROM (${everything}) JOIN run_month USING (run) GROUP BY ALL ORDER BY part, month`
    const kept = lines === 'carried' ? await keptTrend(workspace, { by, months, filter, run }) : null
    return { months, sql, parameters: { tenant }, kept }
  }
  const column = DIMENSION_COLUMN[by]
  if (key !== undefined)
    filter.set(
      column,
      (filter.get(column) ?? [key]).filter((value) => value === key),
    )
  const places = await servicePlaces(workspace, { runs, filter })
  const of = { view: lines, filter, places, runs, columns: [...new Set([column, ...partColumns])] }
  const keys = by === 'service' ? filter.get(column) : undefined
  const names = nameOverMonthsSql(workspace, { by, runs, keys, places: keys && places })
  const sumsSql = sums.map((sum) => `sum(${sum}) AS ${sum}`).join(', ')
  const sql = `WITH ${namesCte(run)}, ${runMonthCte('run_month', months)},
    -- One row per key, part and month.
    cost AS (SELECT ${column} AS key, ${part} AS part, month, ${sumsSql}
      FROM (${resultRowsSql(workspace, of)}) JOIN run_month USING (run) GROUP BY ALL),
    ${hasServices ? countedCtes(workspace, { ...of, key: column, part, months }) : NOT_COUNTED}
    SELECT summed.*, CASE WHEN key = '' THEN $empty ELSE coalesce(name, '') END AS name
    FROM summed LEFT JOIN (${names}) AS named USING (key)
    ORDER BY key, part, month`
  const parameters = { tenant, empty: NAME_OF_EMPTY[by] }
  const isSummed = lines === 'carried' && !hasServices && by !== 'service'
  return { months, sql, parameters, kept: isSummed ? await keptTrend(workspace, { by, months, filter, run }) : null }
}

const NOT_COUNTED = 'summed AS (SELECT cost.*, 0::BIGINT AS services, 0::BIGINT AS started FROM cost)'

type Counting = Omit<Parameters<typeof servicesSeenSql>[1], 'since'> & {
  readonly key: string
  readonly part: string
  readonly months: ReadonlyArray<TrendMonth>
}

/**
 * `summed`: the rows of `cost` with how many services the key had, and how many it had not the month before. Only months that
 * are shown are counted, and the one before them.
 */
function countedCtes(workspace: ScopedWorkspace, { key, part, months, ...of }: Counting): string {
  const counted = months.slice(LOOK_BACK - 1)
  const since = counted[0]?.month as number
  const seen = servicesSeenSql(workspace, {
    ...of,
    since,
    runs: counted.flatMap(({ run }) => (run ? [run.id] : [])),
  })
  const bit = `(1::HUGEINT << (month - ${since}))`
  return `-- One row per key, part and service, with a bit for each month in which the key had it.
    seen AS (SELECT ${key} AS key, ${part} AS part, service, bit_or(seen_in) AS seen_in FROM (${seen}) GROUP BY ALL),
    -- One row per key, part and set of months: far fewer than services.
    alike AS (SELECT key, part, seen_in, count(*) AS number FROM seen GROUP BY ALL),
    counted AS (SELECT key, part, month, sum(number)::BIGINT AS services,
        coalesce(sum(number) FILTER (seen_in & (${bit} >> 1) = 0), 0)::BIGINT AS started
      FROM alike JOIN (SELECT month FROM run_month WHERE month >= ${since}) ON seen_in & ${bit} <> 0 GROUP BY ALL),
    summed AS (SELECT cost.*, coalesce(services, 0) AS services, coalesce(started, 0) AS started
      FROM cost LEFT JOIN counted USING (key, part, month))`
}

function titleOf(what: string, { period, by, key, months, where }: TrendOptions): string {
  const whose = key === undefined || by === 'all' ? '' : ` ${key === '' ? NAME_OF_EMPTY[by] || "''" : key}`
  return `${what} ${by === 'all' ? 'in all' : `by ${by.replace('-', ' ')}`}${whose}, ${monthsText(shiftPeriod(period, 1 - months), period)}${whereText(where)}`
}

type Counted = Pick<TrendOptions, 'by' | 'hasServices'>
const hasCounts = ({ by, hasServices = true }: Counted) => by !== 'all' && hasServices

function changeColumns(kind: 'amount' | 'usage', options: Counted): ReportColumn[] {
  const changes: ReportColumn[] = [
    { key: 'change', title: 'Change', kind },
    { key: 'change_share', title: 'Change share', kind: 'share' },
    { key: 'year_change', title: 'Year change', kind },
    { key: 'year_change_share', title: 'Year change share', kind: 'share' },
  ]
  const counts: ReportColumn[] = [
    { key: 'services', title: 'Services', kind: 'quantity' },
    { key: 'services_started', title: 'Started', kind: 'quantity' },
    { key: 'services_gone', title: 'Gone', kind: 'quantity' },
  ]
  return hasCounts(options) ? [...changes, ...counts] : changes
}

/** '' for a month that was not closed; 0 where the key has nothing in a month that was. */
function sumCell<R extends SumRow>(
  { state, sums }: TrendPoint<R>,
  { text, toValue }: { readonly text: (value: bigint) => string; readonly toValue: (row: R) => bigint },
): string {
  if (state === 'not closed') return ''
  return text(sums ? BigInt(toValue(sums)) : 0n)
}

function changeCells<R extends SumRow>(
  point: TrendPoint<R>,
  { text, ...options }: Counted & { readonly text: (value: bigint) => string },
): string[] {
  const { changes, state, services, started, gone } = point
  const changed = (change: Change | null) => (change ? [text(change.change), change.share] : ['', ''])
  const counts = !hasCounts(options) ? [] : [state === 'not closed' ? null : services, started, gone]
  return [
    ...changed(changes.onMonth),
    ...changed(changes.onYear),
    ...counts.map((count) => (count === null ? '' : String(count))),
  ]
}

async function* toRows<R extends SumRow>(
  batches: AsyncIterable<ReadonlyArray<TrendPoint<R>>>,
  toRow: (point: TrendPoint<R>) => ReportRow,
): AsyncGenerator<ReadonlyArray<ReportRow>> {
  for await (const points of batches) yield points.map(toRow)
}
