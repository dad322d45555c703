// Rates one month: of every account that we bill, the billing period that begins in it (spec, share plans; spec, import,
// `close`). Writes `rated`, `bucket_history` and `rated_use` into the scratch database, and answers with what the next run
// takes over. Reads what is pinned alone, so that the same scope and opening give the same rows.

import { Calendars, type Problem } from '@spillway/core'
import { liveDocumentsCte } from '../../warehouse/live-documents.ts'
import { make, type PeriodScope, step } from '../allocate/period-scope.ts'
import { findUsageNotRated } from './find-usage-not-rated.ts'
import { EVENTS_MAX, type HeldEvents, holdEvents } from './held-events.ts'
import { makeKeptUse } from './kept-use.ts'
import { rateGroups } from './rate-groups.ts'
import { makeRatedTable, showRated } from './rated-output.ts'
import { billedPeriods, type GroupsOf, type RatingGroup, ratingGroups } from './rating-groups.ts'
import type { RatingState } from './rating-state.ts'
import { readSoldServices, type SoldServices } from './read-sold-services.ts'
import { type ReadAhead, readingAhead } from './reading-ahead.ts'
import { isNear } from './sold-near.ts'
import { readSoldUsage, type SoldUsage } from './sold-usage.ts'
import type { StoredBeside } from './store-beside.ts'
import { WrittenGroups } from './written-groups.ts'

export type RatedMonth = {
  readonly sold: SoldServices
  readonly calendars: Calendars
  /** What was billed ahead and what was adjusted is for others to add. */
  readonly closing: Omit<RatingState, 'billedAhead' | 'adjusted'>
  readonly problems: ReadonlyArray<Problem>
}

type RateAs = {
  /** How many events are read at once; with more of them the database sums and sorts, to the same end. */
  readonly heldMax?: number
  /** null where no run is written. */
  readonly storing?: StoredBeside | null
}

/** Services, usage and events are read, then groups are rated. */
const STEPS = 4

export async function rateMonth(
  scope: PeriodScope,
  opening: RatingState,
  { heldMax = EVENTS_MAX, storing = null }: RateAs = {},
): Promise<RatedMonth> {
  const month = await scope.warehouse.withScratch((scratch) =>
    rateInto({ ...scope, scratch }, { opening, out: scope, heldMax, storing }),
  )
  await showRated(scope)
  return month
}

type RateOf = Required<RateAs> & { readonly opening: RatingState; readonly out: PeriodScope }

async function rateInto(scope: PeriodScope, of: RateOf): Promise<RatedMonth> {
  await make(scope, 'live_document', `WITH ${liveDocumentsCte(scope.documents)} SELECT doc FROM live_document`)
  return readingAhead(scope, of.opening, (ahead) => rateWith(scope, of, ahead))
}

async function rateWith(
  scope: PeriodScope,
  { opening, out, heldMax, storing }: RateOf,
  ahead: ReadAhead,
): Promise<RatedMonth> {
  const sold = await readSoldServices(scope, opening, ahead)
  step(scope, { stage: 'rate', done: 1, total: STEPS })
  const { index, list } = sold
  const calendars = new Calendars()
  const of = { index, calendars, month: scope.period, opening }
  const groups = ratingGroups(of, list, (group) => isNear(scope, group))
  const usageOf = { index, calendars, groups, list }
  const usage = groups.length === 0 ? null : await readSoldUsage(scope, usageOf, { seen: await ahead.seen })
  step(scope, { stage: 'rate', done: 2, total: STEPS })
  const holding = usage === null ? null : holdEvents(scope, usage, { list, heldMax })
  holding?.catch(() => {
    // Whoever waits for it hears of it.
  })
  try {
    return await rateHeld(scope, { ...of, out, sold, groups, usage, holding, storing })
  } finally {
    await Promise.allSettled([holding])
  }
}

type RateHeld = GroupsOf &
  Pick<RateOf, 'out' | 'storing'> & {
    readonly sold: SoldServices
    readonly groups: ReadonlyArray<RatingGroup>
    readonly usage: SoldUsage | null
    readonly holding: Promise<HeldEvents | null> | null
  }

/** While the database finds the events, what is known without them is written. */
async function rateHeld(scope: PeriodScope, of: RateHeld): Promise<RatedMonth> {
  const { out, sold, groups, usage, storing, calendars, opening } = of
  const { index, list } = sold
  // One row per account and service.
  await (await makeRatedTable(out, 'rated_service')).close()
  const serviceCount = await scope.warehouse.count(
    `INSERT INTO ${out.scratch}.rated_service
     SELECT s.service_no, a.account, s.service FROM ${scope.scratch}.sold_service AS s
     JOIN ${scope.scratch}.sold_account AS a USING (account_no) WHERE s.is_first`,
  )
  const used = await makeKeptUse(out, { asSum: storing !== null })
  const areBalancesLines = scope.rating?.areBalancesLines ?? false
  const written = await WrittenGroups.begin(out, {
    ...{ index, list, billed: billedPeriods(of), opening, areBalancesLines, storing, serviceCount, used },
  })
  try {
    if (usage !== null) {
      written.nameClasses(usage.classes)
      const use = `${out.scratch}.rated_use`
      const held = await of.holding
      step(scope, { stage: 'rate', done: 3, total: STEPS })
      await rateGroups(scope, { ...of, usage, list, held, use, used }, (result) => written.write(result))
    }
    written.finish()
    await used.end()
    const unrated = usage === null ? [] : await findUsageNotRated(scope, { ...of, groups, usage, list })
    return {
      sold,
      calendars,
      closing: { ...written.closing(), broughtPlans: sold.broughtPlans },
      problems: [...sold.problems, ...written.problems(), ...unrated],
    }
  } finally {
    written.close()
  }
}
