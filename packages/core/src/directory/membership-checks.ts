// Whether memberships keep the rules: a service is in one pool per usage class and day (the narrower
// of two takes what both could), and a pool keeps its ceiling.
// Sweeps over the days on which something changes; never compares every membership with every other.

import type { Pool } from '../facts/fact.ts'
import { compareBytes } from '../money/largest-remainder.ts'
import { type Problem, problem } from '../problem.ts'
import type { DateRange } from '../time/period.ts'
import type { PoolMembership } from './membership.ts'
import { BEGINNING, type Bound, compareBounds, FOREVER } from './stint.ts'

type Memberships = ReadonlyMap<string, PoolMembership>
type Days = { readonly start: Bound; readonly end: Bound }
type Stay = Days & { readonly pool: Pool }

const CLASS_FIELDS = ['zone', 'timeBand', 'network'] as const

/** True where no usage can fall into both pools: other usage types, or other zones, time bands or networks. */
export function areDisjoint(left: Pool, right: Pool): boolean {
  if (left.usageType !== right.usageType) return true
  return CLASS_FIELDS.some((field) => left[field] !== '' && right[field] !== '' && left[field] !== right[field])
}

/** True where `narrow` is narrowed to all that `wide` is narrowed to, and to something more. */
function isNarrower(narrow: Pool, wide: Pool): boolean {
  return (
    CLASS_FIELDS.every((field) => wide[field] === '' || wide[field] === narrow[field]) &&
    CLASS_FIELDS.some((field) => wide[field] !== narrow[field])
  )
}

/**
 * True where one service may be in both pools on one day: no usage can fall into both, or one is narrower than the other
 * and takes what both could. Data beside US data may be; data at peak beside US data may not, for US data at peak.
 */
export function mayCoexist(left: Pool, right: Pool): boolean {
  return areDisjoint(left, right) || isNarrower(left, right) || isNarrower(right, left)
}

/**
 * `pool-overlap` once per service that is in two pools on one day that may not coexist, with all the pools concerned and
 * the first such day (of the window, where one is given).
 */
export function checkPoolOverlaps(memberships: Memberships, window?: DateRange): Problem[] {
  const stays = new Map<string, Stay[]>()
  for (const { pool, members } of memberships.values()) {
    for (const { service, stints } of members.values()) {
      const clipped = stints.flatMap((stint) => clip(stint, window)).map((days) => ({ ...days, pool }))
      const known = stays.get(service)
      if (known) known.push(...clipped)
      else stays.set(service, clipped)
    }
  }
  return [...stays.keys()].sort(compareBytes).flatMap((service) => {
    const overlap = overlapAmong(stays.get(service) as Stay[])
    return overlap ? [problem('pool-overlap', { service, ...overlap })] : []
  })
}

/** Pools of one class stand together, so that a stay is compared with classes (a few dozen at most), not with stays. */
function overlapAmong(stays: Stay[]): { pools: string[]; on: string } | null {
  if (stays.length < 2) return null
  stays.sort((a, b) => compareBounds(a.start, b.start) || compareBytes(a.pool.pool, b.pool.pool))
  const active = new Map<string, Stay[]>()
  const pools = new Set<string>()
  let on: Bound | null = null
  for (const stay of stays) {
    for (const [key, inClass] of active) {
      // The stay of the class that lasts longest stands first: the others have been named when they met it.
      const [longest] = inClass
      if (!longest || longest.end <= stay.start) active.delete(key)
      else if (!mayCoexist(longest.pool, stay.pool) && longest.pool.pool !== stay.pool.pool) {
        on ??= stay.start
        pools.add(longest.pool.pool).add(stay.pool.pool)
      }
    }
    const { usageType, zone, timeBand, network } = stay.pool
    const key = JSON.stringify([usageType, zone, timeBand, network])
    const [longest] = active.get(key) ?? []
    if (!longest || stay.end > longest.end) active.set(key, [stay])
  }
  return on === null ? null : { pools: [...pools].sort(compareBytes), on: on === BEGINNING ? 'its first day' : on }
}

/**
 * `pool-over-ceiling` once per pool that has more than `maxMembers` members on a day, with the greatest number and the
 * first day of it (of the window, where one is given).
 */
export function checkPoolCeilings(memberships: Memberships, window?: DateRange): Problem[] {
  return [...memberships.values()].flatMap((membership) => {
    const { pool, maxMembers } = membership.pool
    if (maxMembers === null) return []
    const peak = peakOf(membership, window)
    if (peak.members <= maxMembers) return []
    const on = peak.on === BEGINNING ? 'its first day' : peak.on
    return [problem('pool-over-ceiling', { pool, members: peak.members, maxMembers, on })]
  })
}

function peakOf({ members }: PoolMembership, window: DateRange | undefined): { members: number; on: Bound } {
  const steps = new Map<Bound, number>()
  const step = (on: Bound, by: number) => steps.set(on, (steps.get(on) ?? 0) + by)
  for (const { stints } of members.values()) {
    for (const days of stints.flatMap((stint) => clip(stint, window))) {
      step(days.start, 1)
      step(days.end, -1)
    }
  }
  let count = 0
  const peak = { members: 0, on: BEGINNING }
  for (const [on, by] of [...steps].sort(([a], [b]) => compareBounds(a, b))) {
    count += by
    if (count > peak.members) Object.assign(peak, { members: count, on })
  }
  return peak
}

function clip({ start, end }: Days, window: DateRange | undefined): Days[] {
  const from = window && window.startOn > start ? window.startOn : start
  const to = window && window.endOn < end ? window.endOn : end
  return from < to && from !== FOREVER ? [{ start: from, end: to }] : []
}
