// A published month as a later close rated it again, for whoever asks what became of usage that came late: the same versions,
// the same order of months and the same usage as in that close.

import { invariant } from '@spillway/core'
import type { PeriodScope } from '../allocate/period-scope.ts'
import { rateMonth } from './rate-month.ts'
import { documentsWithUsage } from './rate-period.ts'
import type { RatingState } from './rating-state.ts'
import { openingState, type Replay, type ReplayOf, withReplay } from './replay.ts'

/** `scope` is that of the later close, `run` one of those that it corrected. */
export async function withCorrected<T>(
  scope: PeriodScope,
  { run, near, isWanted }: { readonly run: string } & Pick<ReplayOf, 'near' | 'isWanted'>,
  work: (replay: Replay) => Promise<T>,
): Promise<T> {
  const corrected = scope.rating?.corrected ?? []
  const withUsage = await documentsWithUsage(scope, corrected)
  let last: { readonly run: string; readonly closing: Partial<RatingState> } | null = null
  for (const one of corrected) {
    const kept = await openingState(scope, one.run)
    const opening: RatingState = last !== null && last.run === one.before ? { ...kept, ...last.closing } : kept
    const documents = one.documents.filter((doc) => !withUsage.has(doc))
    documents.push(...scope.documents.filter((doc) => withUsage.has(doc)))
    const again = { ...scope, period: one.period, configuration: await one.readConfiguration(), documents }
    if (one.run === run) return withReplay(again, { opening, near, isWanted }, work)
    const { closing } = await scope.warehouse.withScratch((scratch) => rateMonth({ ...again, scratch }, opening))
    last = { run: one.run, closing }
  }
  invariant(false, 'a run that is asked for was corrected', { run })
}
