// `export focus`: a period as rows of FOCUS 1.3 Cost and Usage, one per combination that was carried, in the adjusted view; what
// the vendor put there stands beside it in x_ActualCost. Both sum to the charges of each invoice. core has the meaning of
// every column; this file finds what it needs.
import { FOCUS_COLUMNS, FOCUS_VERSION, type Period, RatioSequence, type Report, toFocusRow } from '@spillway/core'
import { inputsOf } from '../catalog/run-record.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { requireWholeTenant } from '../workspace/scopes.ts'
import { billPeriodCtes } from './bill-period.ts'
import { currentRun } from './current-run.ts'
import { NAME_SQL } from './names.ts'
import { ownBillsSql } from './own-bills.ts'

type FocusSqlRow = {
  readonly vendor: string
  readonly account: string
  readonly account_name: string
  readonly invoice: string
  readonly period_start_on: string
  readonly period_end_on: string
  readonly currency: string
  readonly category: string
  readonly usage_type: string
  readonly pool: string
  readonly component: string
  readonly policy: string
  readonly method: string
  readonly service: string
  readonly service_name: string
  readonly person: string
  readonly cost_centre: string
  readonly project: string
  readonly flag: string
  readonly actual_minor: bigint
  readonly adjusted_minor: bigint
  readonly origin_minor: bigint
}

/** What makes an origin charge: a component on an invoice, by what it was billed as. */
const ORIGIN = 'vendor, account, invoice, currency, category, usage_type, pool, component'

/**
 * One row per carried combination that has money in either view, ordered by origin charge and service. A component whose
 * method changed inside the period names all of them, joined by `+`.
 */
const rowsSql = (bills: string, own: string) => `WITH ${bills},
  divided AS (
    SELECT pool, component, currency, string_agg(DISTINCT policy, '+' ORDER BY policy) AS policy,
      string_agg(DISTINCT method, '+' ORDER BY method) AS method
    FROM allocation WHERE tenant = $tenant AND run = $run GROUP BY ALL),
  carried_row AS (
    SELECT *, sum(adjusted_minor) OVER (PARTITION BY ${ORIGIN}) AS origin_minor
    FROM carried WHERE tenant = $tenant AND run = $run AND (actual_minor <> 0 OR adjusted_minor <> 0))
  SELECT c.vendor, c.account, coalesce(n.name, '') AS account_name, c.invoice, b.period_start_on, b.period_end_on, c.currency,
    c.category, c.usage_type, c.pool, c.component, coalesce(d.policy, '') AS policy, coalesce(d.method, '') AS method, c.service,
    coalesce(s.name, '') AS service_name, c.person, c.cost_centre, c.project, c.flag, c.actual_minor, c.adjusted_minor,
    c.origin_minor
  FROM carried_row AS c JOIN (SELECT vendor, account, invoice, period_start_on, period_end_on FROM bill${own}) AS b
    USING (vendor, account, invoice)
  LEFT JOIN divided AS d USING (pool, component, currency)
  LEFT JOIN (${NAME_SQL.account}) AS n ON n.key = c.account
  LEFT JOIN (${NAME_SQL.service}) AS s ON s.key = c.service
  ORDER BY ${ORIGIN.replaceAll(/\w+/g, 'c.$&')}, c.service, c.person, c.cost_centre, c.project, c.flag`

/** @throws Refusal `period-not-closed`. */
export async function focusReport(
  workspace: ScopedWorkspace,
  { period }: { readonly period: Period },
): Promise<Report> {
  requireWholeTenant(workspace, 'An export of FOCUS rows')
  const { warehouse, tenant } = workspace
  const run = await currentRun(workspace, period)
  const bills = await billPeriodCtes(workspace, inputsOf(run).documents)
  const ownBills = ownBillsSql(run)
  const own =
    ownBills === ''
      ? ''
      : ` UNION ALL SELECT vendor, account, invoice, period_start_on, period_end_on
    FROM (${ownBills}) ANTI JOIN bill USING (vendor, account, invoice)`
  const batches = warehouse.stream<FocusSqlRow>(rowsSql(bills, own), { tenant, run: run.id })
  return {
    name: 'focus',
    title: `FOCUS ${FOCUS_VERSION} Cost and Usage of ${period.name}, run ${run.id}`,
    columns: FOCUS_COLUMNS.map(({ name, kind, isNullable }) => ({ key: name, title: name, kind, isNullable })),
    rows: toRows(batches, run.id),
  }
}

async function* toRows(batches: AsyncIterable<ReadonlyArray<FocusSqlRow>>, run: string): AsyncGenerator<string[][]> {
  let origin = ''
  let ratios = new RatioSequence(0n)
  for await (const batch of batches)
    yield batch.map((row) => {
      const { vendor, account, invoice, currency, category, usage_type, pool, component } = row
      const key = JSON.stringify([vendor, account, invoice, currency, category, usage_type, pool, component])
      if (key !== origin) {
        origin = key
        ratios = new RatioSequence(row.origin_minor)
      }
      return toFocusRow(
        {
          ...row,
          accountName: row.account_name,
          periodStartOn: row.period_start_on,
          periodEndOn: row.period_end_on,
          usageType: usage_type,
          serviceName: row.service_name,
          costCentre: row.cost_centre,
          actualMinor: row.actual_minor,
          adjustedMinor: row.adjusted_minor,
          ratio: component === '' ? null : ratios.next(row.adjusted_minor),
        },
        run,
      )
    })
}
