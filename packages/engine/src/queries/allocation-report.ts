// `report allocation`: what each participant of each pool carries, actual and adjusted side by side.
import { formatAmount, type Period, type Report } from '@spillway/core'
import { rowsOfViewSql } from '../warehouse/result-tables.ts'
import type { Row } from '../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { amountField, type ReportField, textField, toReportRow } from './amount-cells.ts'
import type { PageOfRows, PagePlace, QueriedReport } from './arranged-report.ts'
import { boundParameters } from './bound-parameters.ts'
import { currentRun } from './current-run.ts'
import { ALLOCATION_FILTERS, conditionOf, type RowFilter, readFilter, whereText } from './filter/report-filter.ts'
import type { RunTableOf } from './kept-sums.ts'
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
  if (!parts) return report
  const paged: QueriedReport = {
    ...report,
    page: (place) => pageOfParts(workspace, { parts, filter, parameters, place }),
  }
  return paged
}

/** More services are joined by all of their names. */
const NAMED_MAX = 5000

type PartsPage = {
  readonly parts: RunTableOf
  readonly filter: RowFilter
  readonly parameters: { readonly tenant: string; readonly run: string }
  readonly place: PagePlace
}

type PartRow = Row & { part_no: number; before: bigint }

/** What each part comes to is known: rows are read of those parts alone that the page shows. */
async function pageOfParts(
  { warehouse }: ScopedWorkspace,
  { parts, filter, parameters, place: { offset, limit } }: PartsPage,
): Promise<PageOfRows> {
  const wanted = `(SELECT *, adjusted_minor - actual_minor AS difference_minor FROM ${parts.table} WHERE ${conditionOf(filter)})`
  const amounts = FIELDS.filter(({ kind }) => kind === 'amount')
  // One row per currency.
  const sums = await warehouse.rows<Row>(
    `SELECT currency, sum(row_count) AS row_count, ${amounts.map(({ from }) => `sum(${from}) AS ${from}`).join(', ')}
     FROM ${wanted} GROUP BY currency ORDER BY currency`,
  )
  const end = Number.isFinite(limit) ? `AND before < ${offset + limit}` : ''
  // One row per part that reaches into the page, with how many rows come before its pool, component and currency.
  const shown = await warehouse.rows<PartRow>(
    `SELECT part_no, before FROM (SELECT part_no,
        sum(row_count) OVER (ORDER BY place) - sum(row_count) OVER (PARTITION BY place) AS before,
        sum(row_count) OVER (ORDER BY place) AS upto FROM ${wanted})
     WHERE upto > ${offset} ${end} ORDER BY before`,
  )
  const [first] = shown
  const rowCount = sums.reduce((count, row) => count + Number(row.row_count), 0)
  const totals = sums.map((row) =>
    FIELDS.map(({ key, kind, from }, at) => {
      if (kind === 'amount') return formatAmount(BigInt(row[from ?? key] as bigint), String(row.currency))
      return at === 0 ? 'Total' : key === 'currency' ? String(row.currency) : ''
    }),
  )
  if (!first) return { rows: [], rowCount, totals }
  const where = `part_no IN (${shown.map(({ part_no }) => part_no).join(', ')})`
  // One row per service of the parts.
  const found = await warehouse.rows<{ service_no: number }>(
    `SELECT DISTINCT service_no FROM allocation_row_stored WHERE run_no = ${parts.runNo} AND ${where} LIMIT ${NAMED_MAX + 1}`,
  )
  const services =
    found.length > NAMED_MAX ? 'true' : `service_no IN (${found.map((row) => row.service_no).join(', ')})`
  const sql = `SELECT ${CELLS} FROM (${rowsOfViewSql('allocation', { runNo: parts.runNo, where, services })})
    ORDER BY ${ORDER} ${Number.isFinite(limit) ? `LIMIT ${limit}` : ''} OFFSET ${offset - Number(first.before)}`
  const rows = await warehouse.rows<Row>(sql, boundParameters(sql, parameters))
  return { rows: rows.map((row) => toReportRow(row, FIELDS)), rowCount, totals }
}
