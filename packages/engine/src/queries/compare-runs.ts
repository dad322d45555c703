// What changed between two runs: who carries more and who less, by one dimension. Works for runs that were reopened.
import { Refusal, type Report } from '@spillway/core'
import type { RunTable } from '../catalog/tables.ts'
import { literal } from '../warehouse/sql-literal.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { amountField, type ReportField, textField } from './amount-cells.ts'
import { boundParameters } from './bound-parameters.ts'
import { amongSql } from './filter/report-filter.ts'
import { resultRowsSql } from './filter/result-rows.ts'
import { keptChanges } from './kept/kept-changes.ts'
import { withKeptPages } from './kept/kept-page.ts'
import { DIMENSION_COLUMN, NAME_OF_EMPTY, namesCte } from './names.ts'
import { nameOverMonthsSql, runMonthCte } from './run-months.ts'
import { sqlReport } from './sql-report.ts'

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
  const [before, after] = [await requireRun(workspace, options.before), await requireRun(workspace, options.after)]
  const runs = [...new Set([before.id, after.id])]
  const changes = changesCte(workspace, { before: before.id, after: after.id, by, view })
  // What is gone from the later run has the name that it had.
  const months = runMonthCte(
    'run_month',
    runs.map((id, month) => ({ run: { id }, month })),
  )
  const names = `${namesCte(after)}, ${months}`
  const named = (keys?: ReadonlyArray<string>) => nameOverMonthsSql(workspace, { by, runs, keys })
  const report = sqlReport(workspace, {
    name: 'run-changes',
    title: `${after.id} compared with ${before.id} by ${by.replace('-', ' ')}, ${view}`,
    fields: FIELDS,
    ctes: `${names}, ${changes}`,
    rows: `SELECT change.*, CASE WHEN key = '' THEN $empty ELSE coalesce(name, '') END AS name
      FROM change LEFT JOIN (${named()}) AS named USING (key)`,
    order: ORDER,
    parameters: { tenant: workspace.tenant, empty: NAME_OF_EMPTY[by] },
    lean: {
      ctes: changes,
      rows: 'FROM change',
      without: ['name'],
      fill: async (rows) => {
        const keys = [...new Set(rows.map(({ key }) => String(key)))].filter((key) => key !== '')
        const found = await namesOf(workspace, {
          keys,
          sql: `WITH ${names} SELECT key, name FROM (${named(keys)}) AS named`,
        })
        const nameOf = (key: string) => (key === '' ? NAME_OF_EMPTY[by] : (found.get(key) ?? ''))
        return rows.map((row) => ({ ...row, name: nameOf(String(row.key)) }))
      },
    },
  })
  const kept = await keptChanges(workspace, { before, after, by, view, fields: FIELDS })
  return kept ? withKeptPages(report, { keptPage: kept, isSmall: by !== 'service' }) : report
}

const ORDER = 'abs(change_minor) DESC, key, currency'

type Compared = Omit<CompareOptions, 'before' | 'after'> & { readonly before: string; readonly after: string }

/** CTE text of `change`: one row per key and currency that differs. Who has no row in a run carries nothing in it. */
function changesCte(workspace: ScopedWorkspace, { before, after, by, view }: Compared): string {
  const column = DIMENSION_COLUMN[by]
  const runs = [...new Set([before, after])]
  const rowsOfBoth = resultRowsSql(workspace, { view: 'carried', columns: [column, 'currency'], runs })
  const of = (run: string) => `coalesce(sum(${view}_minor) FILTER (run = ${literal(run)}), 0)`
  return `amount AS (SELECT ${column} AS key, currency, ${of(before)} AS before_minor, ${of(after)} AS after_minor
      FROM (${rowsOfBoth}) GROUP BY ALL),
    change AS (SELECT *, after_minor - before_minor AS change_minor FROM amount WHERE before_minor <> after_minor)`
}

type NamesOf = { readonly keys: ReadonlyArray<string>; readonly sql: string }

/** One row per wanted key that has a name. */
async function namesOf(
  { warehouse, tenant }: ScopedWorkspace,
  { keys, sql }: NamesOf,
): Promise<ReadonlyMap<string, string>> {
  if (keys.length === 0) return new Map()
  const wanted = `${sql} WHERE key ${amongSql(keys)}`
  const rows = await warehouse.rows<{ key: string; name: string | null }>(wanted, boundParameters(wanted, { tenant }))
  return new Map(rows.map(({ key, name }) => [key, name ?? '']))
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
