// The largest changes of one currency, whichever way they went: what somebody who opens a statement asks about first.
import { compareBytes } from '../money/largest-remainder.ts'
import { type Move, type Mover, rankMovers } from '../trend/rank-movers.ts'

/**
 * The `count` moves with the largest change by magnitude, ties by the bytes of the key. The moves are of one currency:
 * amounts of two currencies have no order.
 */
export function largestMovers(moves: ReadonlyArray<Move>, { count }: { readonly count: number }): Mover[] {
  // Whatever is among the largest of all is among the largest that rose or the largest that fell.
  return rankMovers(moves, { count }).sort(compareMovers).slice(0, count)
}

function compareMovers(left: Mover, right: Mover): number {
  const [a, b] = [magnitudeOf(left.changeMinor), magnitudeOf(right.changeMinor)]
  if (a !== b) return a > b ? -1 : 1
  return compareBytes(left.key, right.key)
}

function magnitudeOf(minor: bigint): bigint {
  return minor < 0n ? -minor : minor
}
