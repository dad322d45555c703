// Our own bills where reports list vendors' bills: the bills of a run whose lines are charges of its period, under the name
// of the provider as the run saw it.
import { UNNAMED_PROVIDER } from '@spillway/core'
import { inputsOf } from '../catalog/run-record.ts'
import type { RunTable } from '../catalog/tables.ts'
import { literal } from '../warehouse/sql-literal.ts'
import type { Workspace } from '../workspace/workspace.ts'

type RunOfBills = Pick<RunTable, 'id' | 'period' | 'inputs'>

/** One row per bill: `vendor, account, invoice, period, period_start_on, period_end_on, currency, run`; needs `$tenant`. '' for no bills. */
export function ownBillsSql(run: RunOfBills): string {
  const { rating, configuration } = inputsOf(run)
  if (!rating?.areBillsCharges) return ''
  // A document of kind Provider is saved under its id.
  const vendor = configuration.find(({ kind }) => kind === 'Provider')?.name ?? UNNAMED_PROVIDER
  return `SELECT ${literal(vendor)} AS vendor, account, number AS invoice, ${literal(run.period)} AS period, period_start_on, period_end_on,
      currency, total_minor, run FROM customer_bill WHERE tenant = $tenant AND run = ${literal(run.id)}`
}

type Held = Pick<Workspace, 'catalog' | 'tenant'> & { readonly warehouse: Pick<Workspace['warehouse'], 'rows'> }

export type OwnBillBalance = {
  readonly vendor: string
  readonly account: string
  readonly invoice: string
  readonly period: string
  readonly currency: string
  readonly charges_minor: bigint
  readonly lines: bigint
  readonly total_minor: bigint
}

/** What the lines of each of our bills sum to, beside its total; of one period, or of all. */
export async function ownBillBalances(
  { catalog, warehouse, tenant }: Held,
  period?: string,
): Promise<OwnBillBalance[]> {
  const runs = await catalog
    .selectFrom('run')
    .select(['id', 'period', 'inputs'])
    .where('tenant', '=', tenant)
    .where('state', 'in', ['published', 'closed'])
    .orderBy('period')
    .orderBy('closed_at')
    .execute()
  // Of each period the newest.
  const current = [...new Map(runs.map((run) => [run.period, run])).values()]
  const asked = current.filter((run) => period === undefined || run.period === period)
  const balances = asked.map(balancesSql).filter((sql) => sql !== '')
  if (balances.length === 0) return []
  // One row per bill.
  return warehouse.rows<OwnBillBalance>(
    `FROM (${balances.join(' UNION ALL ')}) AS b ORDER BY b.vendor, b.account, b.invoice`,
    { tenant },
  )
}

/** Lines are summed by the number of their bill alone, before anything is known of it. One row per bill; '' for no bills. */
function balancesSql(run: RunOfBills): string {
  const bills = ownBillsSql(run)
  if (bills === '') return ''
  return `SELECT b.vendor, b.account, b.invoice, b.period, b.currency, l.charges_minor, l.lines, b.total_minor
    FROM (${bills}) AS b JOIN (SELECT number AS invoice, sum(amount_minor) AS charges_minor, count(*) AS lines
      FROM customer_bill_line WHERE tenant = $tenant AND run = ${literal(run.id)} GROUP BY number) AS l USING (invoice)`
}
