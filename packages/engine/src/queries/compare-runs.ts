// What changed between two runs: who carries more and who less, by one dimension. Works for runs that were reopened.
import { Refusal, type Report } from '@spillway/core'
import type { RunTable } from '../catalog/tables.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { amountField, type ReportField, textField, toReportRows } from './amount-cells.ts'
import { resultRowsSql } from './filter/result-rows.ts'
import { DIMENSION_COLUMN, NAME_OF_EMPTY, namesCte } from './names.ts'
import { nameOverMonthsSql, runMonthCte } from './run-months.ts'

export const COMPARED_DIMENSIONS = ['cost-centre', 'person', 'service', 'account', 'vendor', 'pool'] as const
export type ComparedDimension = (typeof COMPARED_DIMENSIONS)[number]

export type CompareOptions = {
  readonly before: string
  readonly after: string
  readonly by: ComparedDimension
  readonly view: 'actual' | 'adjusted'
}

const FIELDS: ReadonlyArray<ReportField> = [
  textField('key', 'Key'),
  textField('name', 'Name'),
  textField('currency', 'Currency'),
  amountField('before', 'Before'),
  amountField('after', 'After'),
  amountField('change', 'Change'),
]

/** One row per key and currency that differs, the greatest change first. @throws Refusal `not-found`. */
export async function compareRuns(workspace: ScopedWorkspace, options: CompareOptions): Promise<Report> {
  const { by, view } = options
  const { warehouse, tenant } = workspace
  const [before, after] = [await requireRun(workspace, options.before), await requireRun(workspace, options.after)]
  const column = DIMENSION_COLUMN[by]
  const runs = [...new Set([before.id, after.id])]
  const rowsOfBoth = resultRowsSql(workspace, { view: 'carried', columns: [column, 'currency'], runs })
  // What is gone from the later run has the name that it had.
  const inOrder = runs.map((id, month) => ({ run: { id }, month }))
  // Who has no row in a run carries nothing in it.
  const of = (run: string) => `coalesce(sum(${view}_minor) FILTER (run = ${run}), 0)`
  const sql = `WITH ${namesCte(after)}, ${runMonthCte('run_month', inOrder)}, amount AS (
      SELECT ${column} AS key, currency, ${of('$before')} AS before_minor, ${of('$run')} AS after_minor
      FROM (${rowsOfBoth}) GROUP BY ALL),
    change AS (SELECT *, after_minor - before_minor AS change_minor FROM amount)
    SELECT key, CASE WHEN key = '' THEN $empty ELSE coalesce(name, '') END AS name, currency, before_minor, after_minor, change_minor
    FROM change LEFT JOIN (${nameOverMonthsSql(workspace, { by, runs })}) AS named USING (key)
    WHERE change_minor <> 0 ORDER BY abs(change_minor) DESC, key, currency`
  const rows = warehouse.stream(sql, { tenant, before: before.id, run: after.id, empty: NAME_OF_EMPTY[by] })
  return {
    name: 'run-changes',
    title: `${after.id} compared with ${before.id} by ${by.replace('-', ' ')}, ${view}`,
    columns: FIELDS,
    rows: toReportRows(rows, FIELDS),
  }
}

async function requireRun({ catalog, tenant }: ScopedWorkspace, id: string): Promise<RunTable> {
  const run = await catalog
    .selectFrom('run')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .where('state', 'in', ['closed', 'published', 'reopened'])
    .executeTakeFirst()
  if (run) return run
  throw new Refusal('not-found', `There is no run ${id}.`, { hint: 'List them with `spillway report runs`.' })
}
