// Who is in a pool on which days, and with what contribution (spec, allocation, "Pools"). Reports services that are in
// two pools of the same usage, pools above their ceiling and contributions that cannot be read; drops no member for it.
import type { Pool, PoolMember, Service } from '../facts/fact.ts'
import { compareBytes } from '../money/largest-remainder.ts'
import { type Problem, problem } from '../problem.ts'
import { toBaseUnits, UNIT_NAMES } from '../quantity/unit.ts'
import { dayNumber, type LocalDate } from '../time/local-date.ts'
import type { DateRange } from '../time/period.ts'
import { type Bound, boundText, compareBounds, endOf, startOf } from './stint.ts'

export type MemberStint = {
  readonly start: Bound
  readonly end: Bound
  /** Base units of the pool's usage type; 0 where none is given; null where it cannot be read (a problem says so). */
  readonly contributionBase: bigint | null
}
/** Stints in order of time, without overlap. */
export type Member = { readonly service: string; readonly stints: ReadonlyArray<MemberStint> }
export type PoolMembership = {
  readonly pool: Pool
  /** By service id, in order of it (bytes). */
  readonly members: ReadonlyMap<string, Member>
}

/** The memberships of each pool by pool id. Rows of a pool that is not defined are reported once per pool. */
export function buildMemberships({ pools, members }: { pools: Iterable<Pool>; members: Iterable<PoolMember> }): {
  memberships: ReadonlyMap<string, PoolMembership>
  problems: ReadonlyArray<Problem>
} {
  const problems: Problem[] = []
  const rowsOf = new Map<string, Map<string, PoolMember[]>>()
  for (const row of members) {
    const ofPool = rowsOf.get(row.pool) ?? new Map<string, PoolMember[]>()
    const ofService = ofPool.get(row.service)
    if (ofService) ofService.push(row)
    else ofPool.set(row.service, [row])
    rowsOf.set(row.pool, ofPool)
  }
  const memberships = new Map<string, PoolMembership>()
  for (const pool of [...pools].sort((a, b) => compareBytes(a.pool, b.pool))) {
    const built = new Map<string, Member>()
    const ofPool = [...(rowsOf.get(pool.pool) ?? [])].sort(([a], [b]) => compareBytes(a, b))
    for (const [service, rows] of ofPool)
      built.set(service, { service, stints: memberStints({ pool, rows, problems }) })
    memberships.set(pool.pool, { pool, members: built })
  }
  for (const pool of [...rowsOf.keys()].sort(compareBytes)) {
    if (memberships.has(pool)) continue
    const services = [...(rowsOf.get(pool) as Map<string, PoolMember[]>).keys()].sort(compareBytes)
    const more = services.length > 1 ? ` and ${services.length - 1} more` : ''
    problems.push(problem('pool-unknown', { pool, usedBy: `the membership of ${services[0]}${more}` }))
  }
  return { memberships, problems }
}

function memberStints({
  pool,
  rows,
  problems,
}: {
  pool: Pool
  rows: ReadonlyArray<PoolMember>
  problems: Problem[]
}): MemberStint[] {
  const stints = rows
    .map((row) => ({ start: startOf(row), end: endOf(row), contributionBase: contributionOf({ pool, row, problems }) }))
    .sort(
      (a, b) =>
        compareBounds(a.start, b.start) ||
        compareBounds(a.end, b.end) ||
        compareBytes(String(a.contributionBase), String(b.contributionBase)),
    )
  const [first] = rows as [PoolMember]
  return joinedStints(stints, (overlap) => {
    const range = { from: boundText(overlap.start), to: boundText(overlap.end) }
    problems.push(
      problem('overlapping-stints', { kind: 'pool member', id: `${pool.pool} / ${first.service}`, ...range }),
    )
  })
}

/** Joins stints that meet or overlap with one contribution; of two different ones the later counts from its start on. */
function joinedStints(
  sorted: ReadonlyArray<MemberStint>,
  onOverlap: (overlap: { start: Bound; end: Bound }) => void,
): MemberStint[] {
  const joined: MemberStint[] = []
  for (const stint of sorted) {
    const last = joined.at(-1)
    if (!last || last.end < stint.start) {
      joined.push(stint)
    } else if (last.contributionBase === stint.contributionBase) {
      joined[joined.length - 1] = { ...last, end: last.end > stint.end ? last.end : stint.end }
    } else {
      if (stint.start < last.end) onOverlap({ start: stint.start, end: last.end < stint.end ? last.end : stint.end })
      if (last.start < stint.start) joined[joined.length - 1] = { ...last, end: stint.start }
      else joined.pop()
      joined.push(stint.end < last.end ? { ...stint, end: last.end } : stint)
    }
  }
  return joined
}

function contributionOf({ pool, row, problems }: { pool: Pool; row: PoolMember; problems: Problem[] }): bigint | null {
  if (row.contribution === '') return 0n
  const reading = toBaseUnits(row.contribution, row.unit, pool.usageType)
  if (reading.ok && reading.base >= 0n) return reading.base
  const unit = { column: 'unit', value: row.unit }
  const contribution = { column: 'contribution', value: row.contribution }
  if (!reading.ok && reading.reason === 'unknown-unit')
    problems.push(problem('unit-unknown', { ...unit, allowed: UNIT_NAMES }))
  else if (!reading.ok && reading.reason === 'unit-of-other-type')
    problems.push(problem('unit-mismatch', { ...unit, usageType: pool.usageType }))
  else problems.push(problem('number-unreadable', contribution))
  return null
}

/** Days of the window on which the member is in the pool. */
export function membershipDays(member: Member, window: DateRange): number {
  return member.stints.reduce((days, stint) => {
    const start = stint.start > window.startOn ? stint.start : window.startOn
    const end = stint.end < window.endOn ? stint.end : window.endOn
    return start < end ? days + dayNumber(end as LocalDate) - dayNumber(start as LocalDate) : days
  }, 0)
}

export function isMemberOn(member: Member, on: LocalDate): boolean {
  return member.stints.some((stint) => stint.start <= on && on < stint.end)
}

export type MemberInWindow = {
  readonly service: string
  readonly days: number
  /** Of the member's last day in the window; null where it cannot be read. */
  readonly contributionBase: bigint | null
}

/** The services that are members on at least one day of the window, in order of id. */
export function membersIn(membership: PoolMembership, window: DateRange): MemberInWindow[] {
  const found: MemberInWindow[] = []
  for (const member of membership.members.values()) {
    const days = membershipDays(member, window)
    const last = member.stints.findLast((stint) => stint.start < window.endOn && stint.end > window.startOn)
    if (days > 0 && last) found.push({ service: member.service, days, contributionBase: last.contributionBase })
  }
  return found
}

/** What finds members that no file lists; '' matches anything. */
export type MembershipRule = {
  readonly vendor: string
  readonly account: string
  readonly product: string
  readonly serviceType: string
}

/** The services that a rule finds as members of `pool`, one row per stretch of days, without a contribution. */
export function membersByRule({
  pool,
  rule,
  services,
}: {
  pool: string
  rule: MembershipRule
  services: Iterable<Service>
}): PoolMember[] {
  const found = new Map<string, PoolMember>()
  for (const row of services) {
    const isMatch = (Object.keys(rule) as Array<keyof MembershipRule>).every(
      (field) => rule[field] === '' || rule[field] === row[field],
    )
    if (!isMatch) continue
    const { service, from, to } = row
    const key = JSON.stringify([service, from, to])
    found.set(key, { fact: 'pool-member', pool, service, contribution: '', unit: '', from, to, extra: {} })
  }
  return [...found.values()].sort((a, b) => compareBytes(a.service, b.service) || compareBounds(startOf(a), startOf(b)))
}
