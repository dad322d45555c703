// Takes an amount or a quantity of a service to its owners: by the assignment of its own day or, over several days, by
// days and shares (spec, accounts, "People"). What nobody owns is a part of its own, so that nothing is lost.
import { invariant } from '../invariant.ts'
import { compareBytes, divideByLargestRemainder } from '../money/largest-remainder.ts'
import { addDays, dayNumber, type LocalDate } from '../time/local-date.ts'
import { type Owner, ownerKey, type ServiceTimeline, type TimelineSpan } from './service-timeline.ts'
import { WHOLE_PPM } from './share-days.ts'
import type { Bound } from './stint.ts'

const UNASSIGNED: Owner = { person: '', costCentre: '', project: '' }

/** What one owner carries; `days` of the period on which the owner has a share in the service. */
export type AssignedAmount = Owner & { readonly amountMinor: bigint; readonly days: number }
export type AssignedUsage = Owner & { readonly quantityBase: bigint; readonly days: number }
type Part = { readonly owner: Owner; readonly part: bigint; readonly days: number }

/**
 * The owners of a charge, in order of (since, owner); an amount over days [`periodStartOn`, `periodEndOn`), of one day
 * or many. The amounts sum to `amountMinor` exactly, and a credit mirrors a charge. Without a timeline, and on days that
 * nobody covers, person, cost centre and project are all ''.
 *
 * 31.00 in October on P1 until 11 October and then on P2 is 10.00 and 21.00.
 *
 * @throws Bug where the period does not run forward.
 */
export function assignCharge({
  amountMinor,
  periodStartOn,
  periodEndOn,
  timeline,
}: {
  amountMinor: bigint
  periodStartOn: LocalDate
  periodEndOn: LocalDate
  timeline: ServiceTimeline | undefined
}): AssignedAmount[] {
  const parts = divideOverDays({ total: amountMinor, startOn: periodStartOn, endOn: periodEndOn, timeline })
  return parts.map(({ owner: { person, costCentre, project }, part, days }) => ({
    person,
    costCentre,
    project,
    amountMinor: part,
    days,
  }))
}

/**
 * The owners of a usage quantity: of the event's day (`endOn` left out), or by days where it is a summary of several.
 * The quantities are whole base units and sum to `quantityBase` exactly.
 *
 * @throws Bug where the days do not run forward.
 */
export function assignUsage({
  quantityBase,
  startOn,
  endOn,
  timeline,
}: {
  quantityBase: bigint
  startOn: LocalDate
  endOn?: LocalDate
  timeline: ServiceTimeline | undefined
}): AssignedUsage[] {
  const end = endOn ?? addDays(startOn, 1)
  const parts = divideOverDays({ total: quantityBase, startOn, endOn: end, timeline })
  return parts.map(({ owner: { person, costCentre, project }, part, days }) => ({
    person,
    costCentre,
    project,
    quantityBase: part,
    days,
  }))
}

function divideOverDays({
  total,
  startOn,
  endOn,
  timeline,
}: {
  total: bigint
  startOn: LocalDate
  endOn: LocalDate
  timeline: ServiceTimeline | undefined
}): Part[] {
  invariant(startOn < endOn, 'days to assign run forward', { startOn, endOn })
  const spans = timeline ? spansMeeting(timeline.spans, startOn, endOn) : []
  const [span] = spans
  const [piece] = span ? span.pieces : []
  const days = dayNumber(endOn) - dayNumber(startOn)
  if (!span) return [{ owner: UNASSIGNED, part: total, days }]
  // The ordinary case: one owner over the whole period.
  if (piece && span.pieces.length === 1 && span.start <= startOn && endOn <= span.end)
    return [{ owner: piece, part: total, days }]
  const claims = claimsOf({ spans, startOn, endOn, days })
  const holders = claims.map((claim) => ({ weight: claim.weight, tieBreak: claimText(claim) }))
  const parts = divideByLargestRemainder(total, holders)
  return claims.map((claim, index) => ({ owner: claim.owner, part: parts[index] as bigint, days: claim.days }))
}

function ownerOf({ person, costCentre, project }: Owner): Owner {
  return { person, costCentre, project }
}

/** The spans that share a day with the range, found by halving: a service may have a long history. */
function spansMeeting(spans: ReadonlyArray<TimelineSpan>, startOn: Bound, endOn: Bound): ReadonlyArray<TimelineSpan> {
  let low = 0
  let high = spans.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((spans[middle] as TimelineSpan).end <= startOn) low = middle + 1
    else high = middle
  }
  let after = low
  while (after < spans.length && (spans[after] as TimelineSpan).start < endOn) after += 1
  return spans.slice(low, after)
}

type Claim = { owner: Owner; since: Bound; days: number; weight: bigint }

/**
 * One claim per owner, weighted by days and shares. Splits whose shares do not sum to exactly 1,000,000 (thirds) are
 * brought to one denominator, so that each day weighs the same.
 */
function claimsOf({
  spans,
  startOn,
  endOn,
  days,
}: {
  spans: ReadonlyArray<TimelineSpan>
  startOn: LocalDate
  endOn: LocalDate
  days: number
}): Claim[] {
  const totals = new Set([WHOLE_PPM, ...spans.map((span) => span.shareTotalPpm)])
  const whole = [...totals].reduce((product, total) => product * BigInt(total), 1n)
  const claims = new Map<string, Claim>()
  let covered = 0
  let uncoveredSince: Bound | null = null
  let reached: Bound = startOn
  for (const span of spans) {
    const start = span.start > startOn ? span.start : startOn
    const end = span.end < endOn ? span.end : endOn
    if (start > reached) uncoveredSince ??= reached
    reached = end
    const spanDays = dayNumber(end as LocalDate) - dayNumber(start as LocalDate)
    covered += spanDays
    for (const piece of span.pieces) {
      const weight = BigInt(spanDays) * BigInt(piece.sharePpm) * (whole / BigInt(span.shareTotalPpm))
      addClaim(claims, { owner: ownerOf(piece), since: piece.since, days: spanDays, weight })
    }
  }
  if (covered < days) {
    const since = uncoveredSince ?? reached
    addClaim(claims, { owner: UNASSIGNED, since, days: days - covered, weight: BigInt(days - covered) * whole })
  }
  return [...claims.values()].sort((a, b) => compareBytes(claimText(a), claimText(b)))
}

function addClaim(claims: Map<string, Claim>, claim: Claim): void {
  const known = claims.get(ownerKey(claim.owner))
  if (!known) {
    claims.set(ownerKey(claim.owner), claim)
    return
  }
  known.days += claim.days
  known.weight += claim.weight
  if (claim.since < known.since) known.since = claim.since
}

function claimText({ since, owner }: Claim): string {
  return `${since}\u0000${ownerKey(owner)}`
}
