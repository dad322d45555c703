// Which bill a number is: of which run, whether it is in force, and which bill stands in its place. A bill that was taken
// back keeps its number and stays readable.
import { type BillState, Refusal, readBillNumber } from '@spillway/core'
import { type RunHead, readRun } from '../../catalog/read-runs.ts'
import { inputsOf } from '../../catalog/run-record.ts'
import type { BillIssueTable, RunTable } from '../../catalog/tables.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'

export type FoundBill = {
  readonly number: string
  /** The number that the run gave it. */
  readonly bill: string
  readonly run: RunTable
  readonly state: BillState
  readonly replaces: string
  readonly replacedBy: string
  readonly voidReason: string
  /** ISO instant; '' for a draft. */
  readonly issuedAt: string
  readonly account: string
  readonly from: string
  readonly until: string
  readonly currency: string
  readonly totalMinor: bigint
}

type BillRow = {
  run: string
  account: string
  from_on: string
  until_on: string
  currency: string
  total_minor: bigint
}

/** @throws Refusal `not-found`, also for a bill that is not in scope. */
export async function findBill(workspace: ScopedWorkspace, number: string): Promise<FoundBill> {
  const { catalog, tenant, warehouse } = workspace
  const mark = await catalog
    .selectFrom('bill_issue')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('number', '=', number)
    .executeTakeFirst()
  const bill = mark ? mark.bill : number
  // One row per run that made a bill of this number.
  const rows = await warehouse.rows<BillRow>(
    `SELECT run, account, period_start_on AS from_on, period_end_on AS until_on, currency, total_minor FROM customer_bill
     WHERE tenant = $tenant AND number = $bill`,
    { tenant, bill },
  )
  const runs = await readableRuns(workspace)
  const wanted = mark ? runs.filter(({ id }) => id === mark.run) : runs
  const newest = wanted.findLast(({ id }) => rows.some((row) => row.run === id))
  const run = newest && (await readRun(workspace, newest.id))
  const row = rows.find((one) => one.run === run?.id)
  if (!run || !row) throw noSuchBill(number)
  const amounts = { account: row.account, from: row.from_on, until: row.until_on, currency: row.currency }
  const standing = await standingOf(workspace, { mark, bill, run, row })
  return { number, bill, run, ...amounts, totalMinor: BigInt(row.total_minor), ...standing }
}

export function noSuchBill(number: string, where = 'any month'): Refusal {
  return new Refusal('not-found', `There is no bill ${number} of ${where}.`, {
    hint: 'List the bills with `spillway report bills --period 2026-10`.',
    facts: { number },
  })
}

type ReadableRun = Pick<RunHead, 'id' | 'period' | 'state'>

/** Those that speak for their period last, so that the last of several is what counts. */
async function readableRuns({ catalog, tenant }: ScopedWorkspace): Promise<ReadableRun[]> {
  const runs = await catalog
    .selectFrom('run')
    .select(['id', 'period', 'state'])
    .where('tenant', '=', tenant)
    .where('state', 'in', ['closed', 'published', 'reopened'])
    .orderBy('closed_at')
    .execute()
  return [...runs.filter(({ state }) => state === 'reopened'), ...runs.filter(({ state }) => state !== 'reopened')]
}

type Placed = {
  readonly mark: BillIssueTable | undefined
  readonly bill: string
  readonly run: RunTable
  readonly row: BillRow
}

async function standingOf(workspace: ScopedWorkspace, { mark, bill, run, row }: Placed) {
  const { catalog, tenant } = workspace
  const ofBill = await catalog
    .selectFrom('bill_issue')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('run', '=', run.id)
    .where('bill', '=', bill)
    .execute()
  const next = mark && ofBill.find(({ replaces }) => replaces === mark.number)
  const issuedAt = mark?.replaces ? mark.issued_at : (run.published_at ?? '')
  const replaces = mark?.replaces || (await replacedByRun(workspace, { run, row }))
  if (mark?.voided_at)
    return {
      state: 'void' as const,
      replaces,
      replacedBy: next?.number ?? '',
      voidReason: mark.void_reason ?? '',
      issuedAt,
    }
  if (run.state === 'reopened')
    return {
      state: 'void' as const,
      replaces,
      replacedBy: await inPlaceOf(workspace, { run, row }),
      voidReason: run.reopen_reason ?? '',
      issuedAt,
    }
  const state = run.state === 'published' ? ('issued' as const) : ('draft' as const)
  return { state, replaces, replacedBy: '', voidReason: '', issuedAt }
}

type OfPeriod = { readonly run: RunTable; readonly row: BillRow }

/** The bill of the same account and days in the run that speaks for the period now; '' where there is none. */
async function inPlaceOf(workspace: ScopedWorkspace, { run, row }: OfPeriod): Promise<string> {
  const now = (await readableRuns(workspace)).findLast(
    ({ period, state }) => period === run.period && state === 'published',
  )
  return now ? numberIn(workspace, { run: now.id, row }) : ''
}

/** The bill of the same account and days that was taken back when the period was reopened; '' where there was none. */
async function replacedByRun(workspace: ScopedWorkspace, { run, row }: OfPeriod): Promise<string> {
  if ((inputsOf(run).rating?.issue ?? 1) === 1) return ''
  const before = (await readableRuns(workspace))
    .filter(({ period, state, id }) => period === run.period && state === 'reopened' && closeOf(id) < closeOf(run.id))
    .sort((a, b) => closeOf(a.id) - closeOf(b.id))
    .at(-1)
  if (!before) return ''
  const bill = await numberIn(workspace, { run: before.id, row })
  const again = await workspace.catalog
    .selectFrom('bill_issue')
    .select('number')
    .where('tenant', '=', workspace.tenant)
    .where('run', '=', before.id)
    .where('bill', '=', bill)
    .execute()
  const newest = again.sort((a, b) => readBillNumber(a.number).issue - readBillNumber(b.number).issue).at(-1)
  return newest?.number ?? bill
}

/** The so manieth close of its period: `2026-10.3` is 3. */
function closeOf(run: string): number {
  return Number(run.slice(run.lastIndexOf('.') + 1))
}

async function numberIn(
  { warehouse, tenant }: ScopedWorkspace,
  { run, row }: { readonly run: string; readonly row: BillRow },
): Promise<string> {
  const [found] = await warehouse.rows<{ number: string }>(
    `SELECT number FROM customer_bill WHERE tenant = $tenant AND run = $run AND account = $account
       AND period_start_on = $from::DATE AND currency = $currency`,
    { tenant, run, account: row.account, from: row.from_on, currency: row.currency },
  )
  return found?.number ?? ''
}
