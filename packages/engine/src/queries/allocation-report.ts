// `report allocation`: what each participant of each pool carries, actual and adjusted side by side.
import type { Period, Report, ReportRow } from '@spillway/core'
import { rowsOfViewSql } from '../warehouse/result-tables.ts'
import type { Row } from '../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { amountField, type ReportField, textField, toReportRow } from './amount-cells.ts'
import type { PagePlace } from './arranged-report.ts'
import { boundParameters } from './bound-parameters.ts'
import { currentRun } from './current-run.ts'
import { ALLOCATION_FILTERS, conditionOf, readFilter, whereText } from './filter/report-filter.ts'
import { type KeptPage, orderOf, totalsOf, withKeptPages } from './kept/kept-page.ts'
import { amongParts, partRows } from './kept/part-rows.ts'
import type { PartsPage } from './kept/part-sums.ts'
import { sqlReport } from './sql-report.ts'

const FIELDS: ReadonlyArray<ReportField> = [
  textField('pool', 'Pool'),
  { ...textField('policy', 'Policy'), isDetail: true },
  textField('component', 'Component'),
  textField('currency', 'Currency'),
  textField('service', 'Service'),
  amountField('actual', 'Actual'),
  amountField('adjusted', 'Adjusted'),
  amountField('difference', 'Difference'),
  { key: 'weight', title: 'Weight', kind: 'quantity', isDetail: true },
  { key: 'share', title: 'Share', kind: 'share', isDetail: true },
  { ...amountField('floor', 'Floor'), isDetail: true },
  { key: 'flags', title: 'Flags', kind: 'flags', isDetail: true },
]

const ORDER = 'pool, component, currency, service, segment_start_on, policy, flags'
const CELLS = `pool, policy, component, currency, service, actual_minor, adjusted_minor,
    adjusted_minor - actual_minor AS difference_minor, weight, share, floor_minor, flags, segment_start_on`

// One row per pool, policy, component, currency, service and flag, and per segment where a policy changed inside the window.
const rowsSql = (where: string) => `
  SELECT ${CELLS} FROM allocation
  WHERE tenant = $tenant AND run = $run AND ${where}`

/** `where`: of ALLOCATION_FILTERS. @throws Refusal `period-not-closed`, `bad-command`. */
export async function allocationReport(
  workspace: ScopedWorkspace,
  { period, where }: { period: Period; where?: ReadonlyArray<string> | undefined },
): Promise<Report> {
  const run = await currentRun(workspace, period)
  const filter = await readFilter(workspace, { where, columns: ALLOCATION_FILTERS, run })
  const parameters = { tenant: workspace.tenant, run: run.id }
  const report = sqlReport(workspace, {
    name: 'allocation',
    title: `Allocation of ${period.name}${whereText(where)}`,
    fields: FIELDS,
    hasTotals: true,
    ctes: '',
    rows: rowsSql(conditionOf(filter)),
    order: ORDER,
    parameters,
  })
  const parts = filter.has('service') ? null : await workspace.sums?.ofParts(run.id)
  const wanted = parts?.wanted(filter)
  if (!parts || !wanted) return report
  const keptPage: KeptPage = async ({ arrangement, place }) => {
    if (orderOf(FIELDS, arrangement) !== undefined) return null
    const totals = parts.totals(wanted)
    return {
      rows: await rowsOfPage(workspace, { run: run.id, page: parts.page(wanted, place), place }),
      rowCount: totals.reduce((count, { row_count }) => count + Number(row_count), 0),
      totals: totalsOf(FIELDS, totals),
    }
  }
  return withKeptPages(report, { keptPage, isSmall: false })
}

/** More rows of the parts of a page are put in order by the database. */
const ROWS_MAX = 20_000

type RowsOfPage = { readonly run: string; readonly page: PartsPage; readonly place: PagePlace }

async function rowsOfPage(
  workspace: ScopedWorkspace,
  { run, page, place: { limit } }: RowsOfPage,
): Promise<ReadonlyArray<ReportRow>> {
  const { sums, tenant, warehouse } = workspace
  const runNo = sums?.numberOf(run)
  if (runNo === undefined || page.parts.length === 0) return []
  if (page.rows <= ROWS_MAX) return partRows(workspace, { run, runNo, limit, ...page })
  const where = amongParts(page.parts)
  const sql = `SELECT ${CELLS} FROM (${rowsOfViewSql('allocation', { runNo, where, services: 'true' })})
    ORDER BY ${ORDER} ${Number.isFinite(limit) ? `LIMIT ${limit}` : ''} OFFSET ${page.skipped}`
  const rows = await warehouse.rows<Row>(sql, boundParameters(sql, { tenant, run }))
  return rows.map((row) => toReportRow(row, FIELDS))
}
