// The stage `rate` of a close: rates published months again for which usage came late, then the month itself, and makes its
// bills. Leaves in the scratch database the tables of rated-tables.ts.

import { type Adjustment, adjustments, type LocalDate, type Problem } from '@spillway/core'
import { liveDocumentsCte } from '../../warehouse/live-documents.ts'
import { literal } from '../../warehouse/sql-literal.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import { make, type PeriodScope, partOf, step, storeDocuments } from '../allocate/period-scope.ts'
import { billMonth } from './bill-month.ts'
import { findMinimums, type MinimumLine } from './find-minimums.ts'
import { findUsageOfNoMonth } from './find-usage-of-no-month.ts'
import { makeTable } from './make-table.ts'
import { rateMonth } from './rate-month.ts'
import { makeRatedTable } from './rated-output.ts'
import type { CorrectedRun, RatingInputs } from './rating-inputs.ts'
import { NO_STATE, type RatingState, readState, type StateOfRun, type StatePlace, stateRows } from './rating-state.ts'
import { nearAccounts } from './sold-near.ts'
import { type StoredBeside, storeBeside } from './store-beside.ts'
import type { Told } from './stored-rating.ts'

export type RatedPeriod = {
  readonly problems: ReadonlyArray<Problem>
  /** Where a run is written, the digests of tables that are whole and stored. */
  readonly told: Told
}

/** @throws Bug where a unit of usage is neither drawn nor rated, or twice. */
export async function ratePeriod(scope: PeriodScope, inputs: RatingInputs): Promise<RatedPeriod> {
  const stored =
    inputs.opening === null
      ? NO_STATE
      : await readState(scope.warehouse, inputs.opening, { accounts: scope.soldTo?.accounts })
  const late = await correct(scope, inputs, stored)
  const opening = late.closing === null ? stored : { ...stored, ...late.closing }
  const { result: problems, told } = await storeBeside(scope, (storing) =>
    rateItself(scope, { inputs, late, opening, storing }),
  )
  return { problems, told }
}

type Itself = {
  readonly inputs: RatingInputs
  readonly late: Late
  readonly opening: RatingState
  readonly storing: StoredBeside | null
}

/** The month, once what it stands on is corrected. */
async function rateItself(scope: PeriodScope, { inputs, late, opening, storing }: Itself): Promise<Problem[]> {
  const parts = partsOf(inputs)
  const month = await rateMonth(partOf(scope, { at: parts - 2, of: parts }), opening, { storing })
  step(scope, { stage: 'rate', done: parts - 1, total: parts })
  const billedAhead = await billMonth(scope, {
    ...{ ...month, opening },
    adjustments: late.adjustments,
    hasPlans: inputs.areBillsCharges,
    issue: inputs.issue,
  })
  const adjusted = [...opening.adjusted, ...late.adjustments]
  const taken = late.closing === null ? inputs.opening : null
  await storeStates(scope, { opening, taken, closing: { ...month.closing, billedAhead, adjusted } })
  const past = await findUsageOfNoMonth(scope, { ...month.sold, calendars: month.calendars, chain: inputs.chain })
  return [...month.problems, ...late.problems, ...past]
}

/** Months that are rated again, the month itself, and its bills. */
const partsOf = ({ corrected }: Pick<RatingInputs, 'corrected'>): number => corrected.length + 2

type Late = {
  readonly adjustments: ReadonlyArray<Adjustment>
  /** As the run before would have left it, where that is one of those corrected; null: it stands. */
  readonly closing: Pick<RatingState, 'checkpoints' | 'balances' | 'broughtPlans' | 'alerted'> | null
  /** Of late usage that nothing rates: those of a corrected month that it did not have when it was closed. */
  readonly problems: ReadonlyArray<Problem>
}

/** Rates published months again, in order, each under the versions pinned when it was published. */
async function correct(
  scope: PeriodScope,
  { corrected, before, chain }: RatingInputs,
  { adjusted }: RatingState,
): Promise<Late> {
  if (corrected.length === 0) return { adjustments: [], closing: null, problems: [] }
  const withUsage = await documentsWithUsage(scope, corrected)
  const moved: Moved = { amounts: [], periods: new Set() }
  const problems: Problem[] = []
  let last: { run: string; closing: NonNullable<Late['closing']> } | null = null
  for (const [at, one] of corrected.entries()) {
    const { tenant, warehouse } = scope
    const of = { tenant, run: one.run, place: 'opening' } as const
    const kept = await readState(warehouse, of, { accounts: scope.soldTo?.accounts, kinds: 'draws' })
    const opening: RatingState = last !== null && last.run === one.before ? { ...kept, ...last.closing } : kept
    const documents = one.documents.filter((doc) => !withUsage.has(doc))
    documents.push(...scope.documents.filter((doc) => withUsage.has(doc)))
    const part = partOf(scope, { at, of: partsOf({ corrected }) })
    const whole = { ...part, period: one.period, configuration: await one.readConfiguration(), documents }
    const closing = await warehouse.withScratch(async (scratch) => {
      const again = await nearAgain({ ...whole, scratch })
      const month = await rateMonth(again, opening)
      // Late usage may fill up to a minimum that the bill was short of: it is then owed once.
      const recurringOf = await recurringOnBills(scope, one.run)
      const minimums = await findMinimums(again, { ...month.sold, ...month, recurringOf })
      await addMoved(again, { run: one.run, minimums }, moved)
      problems.push(...(await newProblems(scope, { chain, problems: month.problems })))
      return month.closing
    })
    last = { run: one.run, closing }
  }
  const earlier = adjusted.filter((one) => moved.periods.has(`${one.periodStartOn} ${one.billedTo}`))
  const closing = last !== null && last.run === before ? last.closing : null
  return { adjustments: adjustments({ rated: moved.amounts, posted: [], earlier }), closing, problems }
}

/** Where few accounts are rated: they stand on other documents in another month. */
async function nearAgain(scope: PeriodScope): Promise<PeriodScope> {
  if (scope.soldTo === undefined) return scope
  await storeDocuments(scope)
  return nearAccounts(scope, scope.soldTo.accounts)
}

/** What is wrong with late usage, and was said by none of the months behind this one. */
async function newProblems(
  { warehouse, tenant }: PeriodScope,
  { chain, problems }: Pick<RatingInputs, 'chain'> & { readonly problems: ReadonlyArray<Problem> },
): Promise<Problem[]> {
  const found = problems.filter(({ code }) => code === 'unrated' || code === 'usage-not-rated')
  if (found.length === 0) return []
  const said = await warehouse.rows<{ code: string; facts: string }>(
    `SELECT code, facts FROM run_problem WHERE tenant = $tenant AND run IN (${chain.map(({ run }) => literal(run)).join(', ')})`,
    { tenant },
  )
  const known = new Set(said.map(({ code, facts }) => `${code} ${facts}`))
  return found.filter(({ code, facts }) => !known.has(`${code} ${JSON.stringify(facts)}`))
}

/** Minor units of recurring charges in the account's own currency, by the account that is billed. */
async function recurringOnBills({ warehouse, tenant }: PeriodScope, run: string): Promise<ReadonlyMap<string, bigint>> {
  const rows = await warehouse.rows<{ account: string; amount_minor: bigint }>(
    `SELECT account, sum(amount_minor)::BIGINT AS amount_minor FROM customer_bill_line
     WHERE tenant = $tenant AND run = $run AND kind = 'recurring' GROUP BY account`,
    { tenant, run },
  )
  return new Map(rows.map(({ account, amount_minor }) => [account, amount_minor]))
}

export async function documentsWithUsage(
  scope: PeriodScope,
  corrected: ReadonlyArray<CorrectedRun>,
): Promise<Set<number>> {
  const all = [...scope.documents, ...corrected.flatMap(({ documents }) => documents)]
  const rows = await scope.warehouse.rows<{ doc: number }>(
    `WITH ${liveDocumentsCte(all)} SELECT DISTINCT doc FROM usage WHERE tenant = $tenant AND doc IN (FROM live_document)`,
    { tenant: scope.tenant },
  )
  return new Set(rows.map(({ doc }) => doc))
}

type Moved = {
  /** What is more or less than was posted; what is the same has none. */
  readonly amounts: Adjustment[]
  /** First day and account of every bill that was rated again. */
  readonly periods: Set<string>
}

type AgainOf = { readonly run: string; readonly minimums: ReadonlyArray<MinimumLine> }

/** Millions of amounts stay in the warehouse; few of them move. `scope` is of the month that was rated again. */
async function addMoved(scope: PeriodScope, { run, minimums }: AgainOf, { amounts, periods }: Moved): Promise<void> {
  const { warehouse, scratch } = scope
  const writer = await warehouse.writer('again_minimum', await makeTable(scope, 'again_minimum', AMOUNT), scratch)
  for (const { account, service, billedTo, periodStartOn, currency, amountMinor } of minimums)
    writer.append([account, service, billedTo, periodStartOn, currency, amountMinor])
  writer.close()
  const among = (account: string) =>
    scope.soldTo === undefined ? '' : `AND ${account} IN (FROM ${scope.soldTo.account})`
  const place = 'account, service, billed_to, period_start_on, currency'
  // One row per account, service and billing period.
  await make(
    scope,
    'again',
    `SELECT ${place}, sum(amount_minor)::BIGINT AS amount_minor FROM (
       SELECT ${place}, amount_minor FROM ${scratch}.rated
       UNION ALL SELECT ${place}, amount_minor FROM ${scratch}.again_minimum
       UNION ALL SELECT ${place}, -amount_minor FROM rated WHERE tenant = $tenant AND run = ${literal(run)} ${among('account')}
       UNION ALL SELECT l.account, l.service, b.account, b.period_start_on, l.currency, -l.amount_minor
         FROM customer_bill_line AS l JOIN customer_bill AS b USING (tenant, run, number)
         WHERE l.tenant = $tenant AND l.run = ${literal(run)} AND l.kind = 'minimum' ${among('l.account')}) GROUP BY ALL`,
  )
  const rows = await warehouse.rows<AmountRow>(`SELECT * FROM ${scratch}.again WHERE amount_minor <> 0`)
  for (const row of rows) amounts.push(toAmount(row))
  const bills = await warehouse.rows<Pick<AmountRow, 'billed_to' | 'period_start_on'>>(
    `SELECT DISTINCT billed_to, period_start_on FROM ${scratch}.again`,
  )
  for (const { billed_to, period_start_on } of bills) periods.add(`${period_start_on} ${billed_to}`)
  await warehouse.run(`DROP TABLE ${scratch}.again`)
}

const AMOUNT = {
  ...{ account: 'VARCHAR', service: 'VARCHAR', billed_to: 'VARCHAR', period_start_on: 'DATE', currency: 'VARCHAR' },
  amount_minor: 'BIGINT',
} as const

type AmountRow = Row & {
  account: string
  service: string
  billed_to: string
  period_start_on: LocalDate
  currency: string
  amount_minor: bigint
}

function toAmount(row: AmountRow): Adjustment {
  return {
    account: row.account,
    service: row.service,
    billedTo: row.billed_to,
    periodStartOn: row.period_start_on,
    currency: row.currency,
    amountMinor: row.amount_minor,
  }
}

type States = Readonly<Record<StatePlace, RatingState>> & {
  /** Where the opening stands as it is; null where late usage changed it, and where rating begins. */
  readonly taken: StateOfRun | null
}

export async function storeStates(scope: PeriodScope, { opening, closing, taken }: States): Promise<void> {
  const writer = await makeRatedTable(scope, 'rating_state')
  if (taken === null) for (const cells of stateRows('opening', opening)) writer.append(cells)
  for (const cells of stateRows('closing', closing)) writer.append(cells)
  writer.close()
  // Nothing follows on what is rated of a few accounts.
  if (taken !== null && scope.soldTo === undefined)
    await scope.warehouse.run(
      `INSERT INTO ${scope.scratch}.rating_state SELECT 'opening', kind, account, name, body FROM rating_state
       WHERE tenant = $tenant AND run = $run AND place = $place`,
      taken,
    )
}
