// `report movers`: what rose and what fell most against the month before. core ranks; only the first ones are held.
import { createMoverRanking, type Move, type Mover, type Period, type Report, shiftPeriod } from '@spillway/core'
import type { Row } from '../warehouse/warehouse.ts'
import type { ScopedWarehouse, ScopedWorkspace } from '../workspace/scope.ts'
import { amountField, oneBatch, type ReportField, textField, toReportRows } from './amount-cells.ts'
import { boundParameters } from './bound-parameters.ts'
import type { ReportView } from './charges-report.ts'
import { currentRun } from './current-run.ts'
import { amongSql, CHARGE_FILTERS, readFilter, whereText } from './filter/report-filter.ts'
import { resultRowsSql } from './filter/result-rows.ts'
import { keptMovers, type MoversOf, type NamedMovers } from './kept/kept-movers.ts'
import { DIMENSION_COLUMN, NAME_OF_EMPTY, namesCte } from './names.ts'
import { monthNumberOf, type NamedOverMonths, nameOverMonthsSql, runMonthCte } from './run-months.ts'
import type { MoverDimension } from './trend-report.ts'

const FIELDS: ReadonlyArray<ReportField> = [
  textField('key', 'Key'),
  textField('name', 'Name'),
  textField('currency', 'Currency'),
  { ...textField('direction', 'Direction'), isDetail: true },
  { key: 'rank', title: 'Rank', kind: 'quantity', isDetail: true },
  amountField('before', 'Before'),
  amountField('now', 'Now'),
  amountField('change', 'Change'),
  { key: 'change_share', title: 'Change share', kind: 'share' },
  { key: 'flags', title: 'Flags', kind: 'flags' },
]

type MoveRow = Row & { key: string; currency: string; before_minor: bigint | null; now_minor: bigint | null }

export type MoversOptions = {
  readonly period: Period
  readonly by: MoverDimension
  readonly view?: ReportView | undefined
  readonly count: number
  /** Of CHARGE_FILTERS, in both months. */
  readonly where?: ReadonlyArray<string> | undefined
}

/**
 * At most `count` rows per currency and direction, ordered by currency, rose before fell, and rank. `view`: the amounts
 * that are compared, adjusted where none is named.
 *
 * @throws Refusal `period-not-closed` for the period and for the month before it: against a month that is not known
 * everything would have risen.
 */
export async function moversReport(
  workspace: ScopedWorkspace,
  { period, by, view = 'adjusted', count, where }: MoversOptions,
): Promise<Report> {
  const month = monthNumberOf(period)
  const now = { run: await currentRun(workspace, period), month }
  const earlier = shiftPeriod(period, -1)
  const before = { run: await currentRun(workspace, earlier), month: month - 1 }
  const filter = await readFilter(workspace, { where, columns: CHARGE_FILTERS, run: now.run })
  const asked = { by, view, count, filter, before, now }
  const read = (warehouse: ScopedWarehouse, most: number) =>
    readMovers({ ...workspace, warehouse }, { ...asked, count: most })
  const { movers, names } = (await keptMovers(workspace, asked, read)) ?? (await readMovers(workspace, asked))
  const rows = movers.map((mover) => toRow(mover, mover.key === '' ? NAME_OF_EMPTY[by] : (names.get(mover.key) ?? '')))
  return {
    name: 'movers',
    title: `What rose and fell most by ${by.replace('-', ' ')}, ${earlier.name} to ${period.name}, ${view} amounts${whereText(where)}`,
    columns: FIELDS,
    rows: toReportRows(oneBatch(rows), FIELDS),
  }
}

async function readMovers(workspace: ScopedWorkspace, moved: MoversOf): Promise<NamedMovers> {
  const { by, view, count, filter, before, now } = moved
  const runs = runMonthCte('run_month', [before, now])
  const ids = [before.run.id, now.run.id]
  const column = DIMENSION_COLUMN[by]
  const lines = resultRowsSql(workspace, { view: 'carried', columns: [column, 'currency'], filter, runs: ids })
  // One row per key and currency that may be among those shown; null where the key has no line in the month.
  const sql = `WITH ${runs},
     moved AS MATERIALIZED (
       SELECT ${column} AS key, currency, sum(${view}_minor) FILTER (month = ${before.month}) AS before_minor,
         sum(${view}_minor) FILTER (month = ${now.month}) AS now_minor
       FROM (${lines}) JOIN run_month USING (run) GROUP BY ALL),
     changed AS NOT MATERIALIZED (
       SELECT *, coalesce(now_minor, 0) - coalesce(before_minor, 0) AS change_minor FROM moved),
     -- One row per currency: the least of those that rose most, and of those that fell most.
     edge AS (SELECT currency, list_min(max(change_minor, ${count})) AS rose_minor, list_max(min(change_minor, ${count})) AS fell_minor
       FROM changed GROUP BY currency)
     SELECT key, currency, before_minor, now_minor FROM changed JOIN edge USING (currency)
     WHERE change_minor >= rose_minor OR change_minor <= fell_minor`
  const moves = workspace.warehouse.stream<MoveRow>(sql, boundParameters(sql, { tenant: workspace.tenant }))
  const ranking = createMoverRanking(count)
  for await (const batch of moves) for (const row of batch) ranking.add(toMove(row))
  const movers = ranking.ranked()
  const names = await namesOf(workspace, {
    ...{ by, runs: ids },
    keys: [...new Set(movers.map(({ key }) => key))],
    ctes: `${namesCte(now.run)}, ${runs}`,
  })
  return { movers, names }
}

type NamesOf = NamedOverMonths & { readonly keys: ReadonlyArray<string>; readonly ctes: string }

async function namesOf(workspace: ScopedWorkspace, { ctes, ...named }: NamesOf): Promise<ReadonlyMap<string, string>> {
  if (named.keys.length === 0) return new Map()
  const sql = `WITH ${ctes} SELECT key, name FROM (${nameOverMonthsSql(workspace, named)}) AS named
     WHERE key ${amongSql(named.keys)}`
  // One row per wanted key that has a name.
  const rows = await workspace.warehouse.rows<{ key: string; name: string | null }>(
    sql,
    boundParameters(sql, { tenant: workspace.tenant }),
  )
  return new Map(rows.map(({ key, name }) => [key, name ?? '']))
}

function toMove({ key, currency, before_minor, now_minor }: MoveRow): Move {
  const minor = (sum: bigint | null) => (sum === null ? null : BigInt(sum))
  return { key, currency, beforeMinor: minor(before_minor), nowMinor: minor(now_minor) }
}

function toRow(mover: Mover, name: string): Row {
  return {
    key: mover.key,
    name,
    currency: mover.currency,
    direction: mover.direction,
    rank: mover.rank,
    before_minor: mover.beforeMinor,
    now_minor: mover.nowMinor,
    change_minor: mover.changeMinor,
    change_share: mover.changeShare,
    flags: [mover.hasStarted ? 'started' : '', mover.hasEnded ? 'ended' : ''].filter((flag) => flag !== '').join(' '),
  }
}
