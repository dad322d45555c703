// The stage `rate` of a close: rates published months again for which usage came late, then the month itself, and makes its
// bills. Leaves in the scratch database the tables of rated-tables.ts.

import { type Adjustment, adjustments, type LocalDate, type Problem } from '@spillway/core'
import { liveDocumentsCte } from '../../warehouse/live-documents.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import type { PeriodScope } from '../allocate/period-scope.ts'
import { billMonth } from './bill-month.ts'
import { rateMonth } from './rate-month.ts'
import { makeRatedTable } from './rated-output.ts'
import type { CorrectedRun, RatingInputs } from './rating-inputs.ts'
import { NO_STATE, type RatingState, readState, type StatePlace, stateRows } from './rating-state.ts'

/** @throws Bug where a unit of usage is neither drawn nor rated, or twice. */
export async function ratePeriod(scope: PeriodScope, inputs: RatingInputs): Promise<ReadonlyArray<Problem>> {
  const stored = inputs.opening === null ? NO_STATE : await readState(scope.warehouse, inputs.opening)
  const late = await correct(scope, inputs, stored)
  const opening = late.closing === null ? stored : { ...stored, ...late.closing }
  const month = await rateMonth(scope, opening)
  const billedAhead = await billMonth(scope, { ...month, opening, adjustments: late.adjustments })
  const adjusted = [...opening.adjusted, ...late.adjustments]
  await storeStates(scope, { opening, closing: { ...month.closing, billedAhead, adjusted } })
  return month.problems
}

type Late = {
  readonly adjustments: ReadonlyArray<Adjustment>
  /** As the run before would have left it, where that is one of those corrected; null: it stands. */
  readonly closing: Pick<RatingState, 'checkpoints' | 'balances' | 'broughtPlans' | 'alerted'> | null
}

/** Rates published months again, in order, each under the versions pinned when it was published. */
async function correct(
  scope: PeriodScope,
  { corrected, before }: RatingInputs,
  { adjusted }: RatingState,
): Promise<Late> {
  if (corrected.length === 0) return { adjustments: [], closing: null }
  const withUsage = await documentsWithUsage(scope, corrected)
  const rated: RatedAmount[] = []
  const posted: RatedAmount[] = []
  let last: { run: string; closing: NonNullable<Late['closing']> } | null = null
  for (const one of corrected) {
    const { tenant, warehouse } = scope
    const kept = await readState(warehouse, { tenant, run: one.run, place: 'opening' })
    const opening: RatingState = last !== null && last.run === one.before ? { ...kept, ...last.closing } : kept
    const documents = one.documents.filter((doc) => !withUsage.has(doc))
    documents.push(...scope.documents.filter((doc) => withUsage.has(doc)))
    const again = { ...scope, period: one.period, configuration: one.configuration, documents }
    const closing = await warehouse.withScratch(async (scratch) => {
      const month = await rateMonth({ ...again, scratch }, opening)
      rated.push(...(await amounts(scope, `${scratch}.rated`)))
      return month.closing
    })
    posted.push(...(await amounts(scope, 'rated', one.run)))
    last = { run: one.run, closing }
  }
  const corrections = new Set(posted.concat(rated).map(({ billedTo, periodStartOn }) => `${periodStartOn} ${billedTo}`))
  const earlier = adjusted.filter((one) => corrections.has(`${one.periodStartOn} ${one.billedTo}`))
  const closing = last !== null && last.run === before ? last.closing : null
  return { adjustments: adjustments({ rated, posted, earlier }), closing }
}

async function documentsWithUsage(scope: PeriodScope, corrected: ReadonlyArray<CorrectedRun>): Promise<Set<number>> {
  const all = [...scope.documents, ...corrected.flatMap(({ documents }) => documents)]
  const rows = await scope.warehouse.rows<{ doc: number }>(
    `WITH ${liveDocumentsCte(all)} SELECT DISTINCT doc FROM usage WHERE tenant = $tenant AND doc IN (FROM live_document)`,
    { tenant: scope.tenant },
  )
  return new Set(rows.map(({ doc }) => doc))
}

type RatedAmount = Omit<Adjustment, 'amountMinor'> & { readonly amountMinor: bigint }

/** One row per account, service and billing period; over the warehouse's own table of one run. */
async function amounts({ warehouse, tenant }: PeriodScope, table: string, run?: string): Promise<RatedAmount[]> {
  const rows = await warehouse.rows<
    Row & {
      account: string
      service: string
      billed_to: string
      period_start_on: LocalDate
      currency: string
      amount_minor: bigint
    }
  >(
    `SELECT account, service, billed_to, period_start_on, currency, sum(amount_minor) AS amount_minor FROM ${table}
     ${run === undefined ? '' : 'WHERE tenant = $tenant AND run = $run'} GROUP BY ALL`,
    run === undefined ? {} : { tenant, run },
  )
  return rows.map((row) => ({
    account: row.account,
    service: row.service,
    billedTo: row.billed_to,
    periodStartOn: row.period_start_on,
    currency: row.currency,
    amountMinor: row.amount_minor,
  }))
}

async function storeStates(scope: PeriodScope, states: Readonly<Record<StatePlace, RatingState>>): Promise<void> {
  const writer = await makeRatedTable(scope, 'rating_state')
  for (const place of ['opening', 'closing'] as const)
    for (const cells of stateRows(place, states[place])) writer.append(cells)
  writer.close()
}
