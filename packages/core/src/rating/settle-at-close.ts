// Drawing down a group of which some bucket covers what is dearest first (spec, share plans, "Drawing down"): buckets are
// settled one by one in draw order, each over all events that reach it. Needs the events of the period in memory.

import { compareRationals, type Rational, rationalOf } from '../allocation/rational.ts'
import { compareDrawOrder } from './bucket-line.ts'
import type { BucketPeriod } from './bucket-period.ts'
import type { Chain } from './chain.ts'

/** `parts` is what is left of the event, and shrinks as buckets take from it. */
export type HeldEvent = {
  readonly event: number
  readonly chain: Chain
  readonly atMicros: number
  readonly parts: number[]
}

export type DrawnFrom = {
  readonly event: number
  readonly chain: Chain
  readonly link: number
  readonly atMicros: number
  readonly want: number
}

type Reaching = { readonly held: HeldEvent; readonly link: number }

/** `events` are in the order (start, source, id). */
export function settleAtClose(events: ReadonlyArray<HeldEvent>, draw: (from: DrawnFrom) => number): void {
  const reaching = new Map<BucketPeriod, Reaching[]>()
  for (const held of events) {
    held.chain.periods.forEach((period, link) => {
      const list = reaching.get(period)
      if (list) list.push({ held, link })
      else reaching.set(period, [{ held, link }])
    })
  }
  for (const period of [...reaching.keys()].sort(compareDrawOrder)) {
    const list = reaching.get(period) as Reaching[]
    if (period.line.shape.order === 'highest-rate') list.sort(compareByRate)
    for (const { held, link } of list) {
      held.parts.forEach((want, index) => {
        const { event, chain, atMicros } = held
        if (want > 0) held.parts[index] = draw({ event, chain, link, atMicros, want })
      })
    }
  }
}

const FREE = rationalOf(0n)

/** The dearest out of bucket first; then as the events came. What no line prices would cost nothing, and comes last. */
function compareByRate(left: Reaching, right: Reaching): number {
  const difference = compareRationals(priceOf(right), priceOf(left))
  return difference === 0 ? left.held.event - right.held.event : difference
}

function priceOf({ held }: Reaching): Rational {
  return held.chain.price?.perBase ?? FREE
}
