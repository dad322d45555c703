// `report pools`: every pool of a period: what it allowed, what was used of it, and what it cost, in both views.
import type { Period, Report } from '@spillway/core'
import { loadConfigurationVersions } from '../catalog/configuration.ts'
import { inputsOf } from '../catalog/run-record.ts'
import type { RunTable } from '../catalog/tables.ts'
import { poolOfDocument } from '../stages/allocate/define-pools.ts'
import { liveDocumentsCte } from '../warehouse/live-documents.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { amountField, type ReportField, textField, toReportRows } from './amount-cells.ts'
import { currentRun } from './current-run.ts'

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
  const documents = await poolDocuments(workspace, run)
  const sql = `WITH ${liveDocumentsCte(inputsOf(run).documents)},
    -- One row per pool and member: components and currencies repeat a member's contribution.
    member AS (
      SELECT pool, service, max(contribution_base) AS contribution_base FROM allocation
      WHERE tenant = $tenant AND run = $run AND service <> '' AND NOT contains(flags, 'non-participant') GROUP BY pool, service),
    -- One row per pool.
    capacity AS (SELECT pool, count(*) AS members, sum(contribution_base) AS contributed FROM member GROUP BY pool),
    drawn AS (SELECT pool, sum(quantity_base) AS used FROM used WHERE tenant = $tenant AND run = $run AND pool <> '' GROUP BY pool),
    ${documentCte(documents)},
    -- One row per pool: its document, else the definition that was imported last, as the close took it.
    defined AS (SELECT pool, model, usage_type, allowance_base FROM document UNION ALL
      (SELECT DISTINCT ON (pool) pool, model, usage_type, allowance_base FROM pool
       WHERE tenant = $tenant AND doc IN (FROM live_document) AND pool NOT IN (SELECT pool FROM document)
       ORDER BY pool, doc DESC, ordinal DESC)),
    -- One row per pool and currency.
    money AS (SELECT pool, currency, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor FROM allocation
      WHERE tenant = $tenant AND run = $run GROUP BY pool, currency)
    SELECT pool, coalesce(model, '') AS model, coalesce(usage_type, '') AS usage_type, currency, coalesce(members, 0) AS members,
      coalesce(allowance_base, contributed, 0)::HUGEINT AS allowance, coalesce(drawn.used, 0)::HUGEINT AS used,
      greatest(0, coalesce(allowance_base, contributed, 0)::HUGEINT - coalesce(drawn.used, 0)) AS unused,
      greatest(0, coalesce(drawn.used, 0) - coalesce(allowance_base, contributed, 0)::HUGEINT) AS over, actual_minor, adjusted_minor
    FROM money LEFT JOIN defined USING (pool) LEFT JOIN capacity USING (pool) LEFT JOIN drawn USING (pool)
    ORDER BY pool, currency`
  const rows = workspace.warehouse.stream(sql, { tenant: workspace.tenant, run: run.id })
  const fields = workspace.scope.isWholeTenant ? FIELDS : FIELDS.filter(({ key }) => !OF_WHOLE_POOL.has(key))
  return {
    name: 'pools',
    title: `Pools of ${period.name}`,
    columns: fields,
    hasTotals: true,
    ...(inputsOf(run).rating && {
      whenEmpty: `No pool was divided. What share plans drew from: \`spillway report buckets --period ${period.name}\`.`,
    }),
    rows: toReportRows(rows, fields),
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
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
  const rows = documents.map(
    ({ pool, model, usageType, allowanceBase }) =>
      `(${quoted(pool)}, ${quoted(model)}, ${quoted(usageType)}, ${allowanceBase ?? 'NULL'}::BIGINT)`,
  )
  return rows.length === 0
    ? `${columns} AS (SELECT '', '', '', NULL::BIGINT WHERE false)`
    : `${columns} AS (VALUES ${rows.join(', ')})`
}
