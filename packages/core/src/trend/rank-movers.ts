// What rose and what fell most from one month to the next. Amounts of different currencies are never ranked against each
// other, and what did not change is no mover.
import { compareBytes } from '../money/largest-remainder.ts'
import { shareOfChange } from './change.ts'

export type KeyedAmount = { readonly key: string; readonly currency: string; readonly amountMinor: bigint }

/** What one key came to in two months that follow each other; null where it is absent from the month, which counts 0. */
export type Move = {
  readonly key: string
  readonly currency: string
  readonly beforeMinor: bigint | null
  readonly nowMinor: bigint | null
}

export type Mover = {
  readonly key: string
  readonly currency: string
  readonly direction: 'rose' | 'fell'
  /** From 1, within its currency and direction. */
  readonly rank: number
  readonly beforeMinor: bigint
  readonly nowMinor: bigint
  readonly changeMinor: bigint
  /** See `shareOfChange`: '' where nothing was there before. */
  readonly changeShare: string
  /** Absent in the month before. */
  readonly hasStarted: boolean
  /** Absent now. */
  readonly hasEnded: boolean
}

export type MoverRanking = {
  add(move: Move): void
  /** By currency, what rose before what fell, the largest change first; equal changes by the bytes of the key. */
  ranked(): Mover[]
}

/**
 * Keeps the `count` that rose and the `count` that fell most of each currency; of a million moves no more is held.
 * The order in which moves are added does not matter. A key is added once per currency.
 */
export function createMoverRanking(count: number): MoverRanking {
  const best = new Map<string, { readonly rose: Changed[]; readonly fell: Changed[] }>()
  return {
    add(move) {
      const changeMinor = (move.nowMinor ?? 0n) - (move.beforeMinor ?? 0n)
      if (changeMinor === 0n) return
      const lists = best.get(move.currency) ?? { rose: [], fell: [] }
      best.set(move.currency, lists)
      keepBest(changeMinor > 0n ? lists.rose : lists.fell, { changed: { ...move, changeMinor }, count })
    },
    ranked: () =>
      [...best.entries()]
        .sort(([left], [right]) => compareBytes(left, right))
        .flatMap(([, { rose, fell }]) => [...rose.map(toMover), ...fell.map(toMover)]),
  }
}

/** The movers of moves that are all in memory; see `createMoverRanking`. */
export function rankMovers(moves: Iterable<Move>, { count }: { readonly count: number }): Mover[] {
  const ranking = createMoverRanking(count)
  for (const move of moves) ranking.add(move)
  return ranking.ranked()
}

/** Lays two months beside each other: one move per key and currency of either. Amounts of the same key are added up. */
export function movesBetween({
  before,
  now,
}: {
  readonly before: Iterable<KeyedAmount>
  readonly now: Iterable<KeyedAmount>
}): Move[] {
  const moves: Laid[] = []
  const byCurrency = new Map<string, Map<string, Laid>>()
  const moveOf = ({ key, currency }: KeyedAmount): Laid => {
    const byKey = byCurrency.get(currency) ?? new Map<string, Laid>()
    const known = byKey.get(key)
    if (known) return known
    const move: Laid = { key, currency, beforeMinor: null, nowMinor: null }
    byCurrency.set(currency, byKey.set(key, move))
    moves.push(move)
    return move
  }
  for (const amount of before) {
    const move = moveOf(amount)
    move.beforeMinor = (move.beforeMinor ?? 0n) + amount.amountMinor
  }
  for (const amount of now) {
    const move = moveOf(amount)
    move.nowMinor = (move.nowMinor ?? 0n) + amount.amountMinor
  }
  return moves
}

/** While the months are laid beside each other. */
type Laid = { -readonly [K in keyof Move]: Move[K] }

type Changed = Move & { readonly changeMinor: bigint }

/** Negative where `left` ranks before `right`. */
function compareChanges(left: Changed, right: Changed): number {
  const [a, b] = [magnitudeOf(left.changeMinor), magnitudeOf(right.changeMinor)]
  if (a !== b) return a > b ? -1 : 1
  return compareBytes(left.key, right.key)
}

/** Puts a change into its place of an ordered list that stays at most `count` long. */
function keepBest(list: Changed[], { changed, count }: { readonly changed: Changed; readonly count: number }): void {
  const last = list.at(-1)
  if (list.length >= count && (last === undefined || compareChanges(changed, last) > 0)) return
  const place = list.findIndex((other) => compareChanges(changed, other) < 0)
  list.splice(place === -1 ? list.length : place, 0, changed)
  if (list.length > count) list.pop()
}

function toMover({ key, currency, beforeMinor, nowMinor, changeMinor }: Changed, index: number): Mover {
  const before = beforeMinor ?? 0n
  const now = nowMinor ?? 0n
  return {
    key,
    currency,
    direction: changeMinor > 0n ? 'rose' : 'fell',
    rank: index + 1,
    beforeMinor: before,
    nowMinor: now,
    changeMinor,
    changeShare: shareOfChange({ before, now }),
    hasStarted: beforeMinor === null,
    hasEnded: nowMinor === null,
  }
}

function magnitudeOf(minor: bigint): bigint {
  return minor < 0n ? -minor : minor
}
