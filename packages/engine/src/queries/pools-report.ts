// `report pools`: every pool of a period: what it allowed, what was used of it, and what it cost, in both views.
import type { Period, Report } from '@spillway/core'
import { loadConfigurationVersions } from '../catalog/configuration.ts'
import { inputsOf } from '../catalog/run-record.ts'
import type { RunTable } from '../catalog/tables.ts'
import { poolOfDocument } from '../stages/allocate/define-pools.ts'
import { liveDocumentsCte } from '../warehouse/live-documents.ts'
import { flagBit } from '../warehouse/result-tables.ts'
import { literal } from '../warehouse/sql-literal.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { amountField, type ReportField, textField } from './amount-cells.ts'
import { currentRun } from './current-run.ts'
import { resultRowsSql } from './filter/result-rows.ts'
import { withKeptPages } from './kept/kept-page.ts'
import { sqlReport } from './sql-report.ts'

const usageField = (key: string, title: string): ReportField => ({ key, title, kind: 'usage' })

const FIELDS: ReadonlyArray<ReportField> = [
  textField('pool', 'Pool'),
  { ...textField('model', 'Model'), isDetail: true },
  { ...textField('usage_type', 'Usage type'), isDetail: true },
  textField('currency', 'Currency'),
  { key: 'members', title: 'Members', kind: 'quantity', isDetail: true },
  usageField('allowance', 'Allowance'),
  usageField('used', 'Used'),
  { ...usageField('unused', 'Unused'), isDetail: true },
  { ...usageField('over', 'Over'), isDetail: true },
  amountField('actual', 'Actual'),
  amountField('adjusted', 'Adjusted'),
]

/** Beside a part of the members these would say that the pool is hardly used. */
const OF_WHOLE_POOL: ReadonlySet<string> = new Set(['allowance', 'unused', 'over'])

/**
 * One row per pool and currency, ordered by pool. Quantities are base units; an allowance is the pool's own, else the
 * sum of its members' contributions. @throws Refusal `period-not-closed`.
 */
export async function poolsReport(workspace: ScopedWorkspace, { period }: { period: Period }): Promise<Report> {
  const run = await currentRun(workspace, period)
  const { sums } = workspace
  const parameters = { tenant: workspace.tenant, run: run.id }
  const known = sums?.hasPoolsOf(run.id) === true
  const rowsSql = known ? '' : await poolRowsSql(workspace, run)
  const kept = await sums?.ofPools(run.id, { sql: rowsSql, parameters })
  const fields = workspace.scope.isWholeTenant ? FIELDS : FIELDS.filter(({ key }) => !OF_WHOLE_POOL.has(key))
  const report = sqlReport(workspace, {
    name: 'pools',
    title: `Pools of ${period.name}`,
    fields,
    hasTotals: true,
    ...(inputsOf(run).rating && {
      whenEmpty: `No pool was divided. What share plans drew from: \`spillway report buckets --period ${period.name}\`.`,
    }),
    ctes: '',
    rows: kept ? `FROM ${kept}` : rowsSql,
    order: 'pool, currency',
    parameters,
  })
  const rows = sums?.poolRowsOf(run.id)
  return rows ? withKeptPages(report, { keptPage: rows.page(fields), isSmall: false }) : report
}

/** One row per pool and currency. Binds $tenant and $run. */
async function poolRowsSql(workspace: ScopedWorkspace, run: RunTable): Promise<string> {
  const documents = await poolDocuments(workspace, run)
  const used = resultRowsSql(workspace, { view: 'used', columns: ['pool'], runs: [run.id] })
  const { members, money } = dividedSql(workspace)
  return `WITH ${liveDocumentsCte(inputsOf(run).documents)},
    -- One row per pool and member: components and currencies repeat what a member contributes.
    member AS (${members}),
    -- One row per pool.
    capacity AS (SELECT pool, count(*) AS members, sum(contribution_base) AS contributed FROM member GROUP BY pool),
    drawn AS (SELECT pool, sum(quantity_base) AS used FROM (${used}) WHERE pool <> '' GROUP BY pool),
    ${documentCte(documents)},
    -- One row per pool: its document, else the definition that was imported last, as the close took it.
    defined AS (SELECT pool, model, usage_type, allowance_base FROM document UNION ALL
      (SELECT DISTINCT ON (pool) pool, model, usage_type, allowance_base FROM pool
       WHERE tenant = $tenant AND doc IN (FROM live_document) AND pool NOT IN (SELECT pool FROM document)
       ORDER BY pool, doc DESC, ordinal DESC)),
    -- One row per pool and currency.
    money AS (SELECT pool, currency, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor
      FROM (${money}) GROUP BY pool, currency)
    SELECT pool, coalesce(model, '') AS model, coalesce(usage_type, '') AS usage_type, currency, coalesce(members, 0) AS members,
      coalesce(allowance_base, contributed, 0)::HUGEINT AS allowance, coalesce(drawn.used, 0)::HUGEINT AS used,
      greatest(0, coalesce(allowance_base, contributed, 0)::HUGEINT - coalesce(drawn.used, 0)) AS unused,
      greatest(0, coalesce(drawn.used, 0) - coalesce(allowance_base, contributed, 0)::HUGEINT) AS over, actual_minor, adjusted_minor
    FROM money LEFT JOIN defined USING (pool) LEFT JOIN capacity USING (pool) LEFT JOIN drawn USING (pool)`
}

const RUN = 'tenant = $tenant AND run = $run'

/** `members`: one row per pool and service with its contribution; `money`: rows of pool, currency and the sums. */
function dividedSql({ scope, warehouse }: ScopedWorkspace): { readonly members: string; readonly money: string } {
  const inWords = (table: string) => ({
    members: `SELECT pool, service, max(contribution_base) AS contribution_base FROM ${table}
      WHERE ${RUN} AND service <> '' AND NOT contains(flags, 'non-participant') GROUP BY pool, service`,
    money: `SELECT pool, currency, actual_minor, adjusted_minor FROM ${table} WHERE ${RUN}`,
  })
  if (!scope.isWholeTenant || !warehouse.hasNumbers) return inWords('allocation')
  const { members, money } = inWords('allocation_text')
  // Pools are told apart by the first of their parts: a text for each of a million members takes as long as all else.
  return {
    members: `SELECT pool, service_no::VARCHAR AS service, contribution_base FROM (
        SELECT first_no, service_no, max(contribution_base) AS contribution_base FROM allocation_row
        JOIN (SELECT part_no, min(part_no) OVER (PARTITION BY pool) AS first_no FROM run_part WHERE ${RUN}) USING (part_no)
        WHERE ${RUN} AND service_no <> 0 AND flags_no & ${flagBit('non-participant')} = 0 GROUP BY first_no, service_no)
      JOIN (SELECT part_no AS first_no, pool FROM run_part WHERE ${RUN}) USING (first_no)
      UNION ALL ${members}`,
    money: `SELECT pool, currency, actual_minor, adjusted_minor FROM (
        SELECT part_no, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor FROM allocation_row
        WHERE ${RUN} GROUP BY part_no) JOIN (SELECT part_no, pool, currency FROM run_part WHERE ${RUN}) USING (part_no)
      UNION ALL ${money}`,
  }
}

type PoolDefinition = Pick<ReturnType<typeof poolOfDocument>, 'pool' | 'model' | 'usageType' | 'allowanceBase'>

/** Pools by document, in the versions that the run read. */
async function poolDocuments(workspace: ScopedWorkspace, run: RunTable): Promise<ReadonlyArray<PoolDefinition>> {
  const versions = inputsOf(run).configuration.filter(({ kind }) => kind === 'Pool')
  const found = await loadConfigurationVersions(workspace, versions)
  return found.flatMap((document) => (document ? [poolOfDocument(document.body)] : []))
}

/** CTE text: one row per pool. */
function documentCte(documents: ReadonlyArray<PoolDefinition>): string {
  const columns = 'document(pool, model, usage_type, allowance_base)'
  const rows = documents.map(
    ({ pool, model, usageType, allowanceBase }) =>
      `(${literal(pool)}, ${literal(model)}, ${literal(usageType)}, ${allowanceBase ?? 'NULL'}::BIGINT)`,
  )
  return rows.length === 0
    ? `${columns} AS (SELECT '', '', '', NULL::BIGINT WHERE false)`
    : `${columns} AS (VALUES ${rows.join(', ')})`
}
