// Our own bills where reports list vendors' bills: the bills of a run whose lines are charges of its period, under the name
// of the provider as the run saw it.
import { UNNAMED_PROVIDER } from '@spillway/core'
import { keptRead } from '../catalog/kept-reads.ts'
import { inputsOf } from '../catalog/run-record.ts'
import type { RunTable } from '../catalog/tables.ts'
import { literal } from '../warehouse/sql-literal.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { currentRuns } from './current-run.ts'

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

type RunsHeld = Pick<Workspace, 'catalog' | 'tenant'>
type Held = RunsHeld & { readonly warehouse: Pick<Workspace['warehouse'], 'rows'> }

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
export async function ownBillBalances(workspace: Held, period?: string): Promise<OwnBillBalance[]> {
  return balancesWhere(workspace, { period, where: 'true' })
}

/** The same of bills whose lines come to anything else than their total: none, where a close was proved. */
export async function ownBillsOff(workspace: Held, period?: string): Promise<OwnBillBalance[]> {
  return balancesWhere(workspace, { period, where: 'b.charges_minor <> b.total_minor' })
}

async function balancesWhere(
  workspace: Held,
  { period, where }: { readonly period: string | undefined; readonly where: string },
): Promise<OwnBillBalance[]> {
  const balances = await ownBillBalancesSql(workspace, period)
  if (balances === '') return []
  // One row per bill.
  return workspace.warehouse.rows<OwnBillBalance>(
    `FROM (${balances}) AS b WHERE ${where} ORDER BY b.vendor, b.account, b.invoice`,
    { tenant: workspace.tenant },
  )
}

/** One row per bill of the newest run of the period, or of each: the columns of {@link OwnBillBalance}; needs `$tenant`. '' for no bills. */
export async function ownBillBalancesSql(workspace: RunsHeld, period?: string): Promise<string> {
  return (await runsWithBills(workspace, period)).map(balancesSql).join(' UNION ALL ')
}

/** In which currencies the same bills are. */
export async function ownBillCurrencies(workspace: Held, period?: string): Promise<ReadonlyArray<string>> {
  const bills = (await runsWithBills(workspace, period)).map((run) => run.bills).join(' UNION ALL ')
  if (bills === '') return []
  const { warehouse, tenant } = workspace
  // One row per currency.
  const rows = await warehouse.rows<{ currency: string }>(`SELECT DISTINCT currency FROM (${bills})`, { tenant })
  return rows.map(({ currency }) => currency)
}

type RunWithBills = { readonly id: string; readonly period: string; readonly bills: string }

/** Of the period, or of each, the newest. What a run read is long where accounts are many, and is not read for every page. */
async function runsWithBills({ catalog, tenant }: RunsHeld, period?: string): Promise<ReadonlyArray<RunWithBills>> {
  const all = await keptRead(catalog, { question: ['runs with bills', tenant] }, async () => {
    const current = (await currentRuns({ catalog, tenant })).map(({ id }) => id)
    const runs = await catalog
      .selectFrom('run')
      .select(['id', 'period', 'inputs'])
      .where('tenant', '=', tenant)
      .where('id', 'in', current)
      .orderBy('period')
      .execute()
    return runs.map((run) => ({ id: run.id, period: run.period, bills: ownBillsSql(run) }))
  })
  return all.filter((run) => run.bills !== '' && (period === undefined || run.period === period))
}

/** Lines are summed by the number of their bill alone, before anything is known of it. One row per bill. */
const balancesSql = ({ id, bills }: RunWithBills) =>
  `SELECT b.vendor, b.account, b.invoice, b.period, b.currency, l.charges_minor, l.lines, b.total_minor
    FROM (${bills}) AS b JOIN (SELECT number AS invoice, sum(amount_minor) AS charges_minor, count(*) AS lines
      FROM customer_bill_line WHERE tenant = $tenant AND run = ${literal(id)} GROUP BY number) AS l USING (invoice)`
