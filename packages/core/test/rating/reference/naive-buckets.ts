// Buckets as lists of what is left, unit sizes as bigint, one object per period. The shapes are those of a catalogue, said
// again here, so that nothing is imported from the code that is tested.
import { dayOf, type NaiveSpan } from './naive-calendar.ts'

type Amount = { readonly base: bigint }
export type NaiveClass = { readonly usageType: string; readonly zone: string }
export type NaiveMatch = { readonly usageType: string; readonly zone: string | null }
type Life = { readonly life: string; readonly periods?: number; readonly atMost?: Amount | null } & {
  readonly from?: { readonly kind: string; readonly micros?: number } | null
  readonly until?: { readonly kind: string; readonly micros?: number } | null
}
export type NaiveAccount = {
  readonly account: string
  readonly parent: string
  readonly usageInvoicer: string
  readonly cycleDay: number
}
export type NaiveService = {
  readonly service: string
  readonly account: string
  readonly product: string
  readonly serviceType: string
  readonly from: string | null
  readonly until: string | null
}
export type NaiveBucket = {
  readonly bucket: string
  readonly accepts: ReadonlyArray<NaiveMatch>
  readonly amount: Amount
  readonly life: Life
  readonly priority: number
  readonly on: { readonly account: string; readonly isSharedToChildren: boolean } | null
}
export type NaiveTier = {
  readonly size: { readonly kind: string; readonly size?: Amount; readonly growth?: Amount | null }
  readonly flat: string | null
  readonly rate: { readonly per: Amount; readonly price: string | ReadonlyMap<string, string> } | null
}
export type NaivePlanBucket = {
  readonly bucket: string
  readonly accepts: ReadonlyArray<NaiveMatch>
  readonly type: string
  readonly life: Life
  readonly pricing: string
  readonly order: string
  readonly contributions: ReadonlyMap<string, Amount>
  readonly limits: ReadonlyMap<string, Amount>
  readonly tiers: ReadonlyArray<NaiveTier>
}
export type NaivePlan = {
  readonly plan: string
  readonly shareLevel: string
  readonly usageBilling: { readonly every: number; readonly unit: string }
  readonly participating: ReadonlyArray<{ readonly by: string; readonly id: string }>
  readonly isContributionProrated: boolean
  readonly buckets: ReadonlyArray<NaivePlanBucket>
}

export const accepts = (list: ReadonlyArray<NaiveMatch>, used: NaiveClass): boolean =>
  list.some((one) => one.usageType === used.usageType && (one.zone === null || one.zone === (used.zone || 'domestic')))

const LIVES = ['one-time', 'recurring', 'recurring-rollover']

export type Take = { event: number; row: number; tier: number; quantity: bigint }
export type Pot = {
  /** What sorts it among others: level, priority, expiry, life, id. */
  readonly order: ReadonlyArray<number | string>
  readonly source: Source
  readonly span: NaiveSpan
  /** The first tier in parts by age, the oldest first; then the other tiers. null is without end. */
  first: { age: number; left: bigint | null }[]
  later: (bigint | null)[]
  readonly takes: Take[]
}
export type Source = {
  readonly key: string
  readonly bucket: string
  readonly level: number
  readonly priority: number
  readonly life: Life
  readonly accepts: ReadonlyArray<NaiveMatch>
  /** Half-open; each with the instant that its periods count from. */
  readonly ranges: ReadonlyArray<NaiveSpan & { readonly first: number }>
  readonly spanAt: (micros: number, first: number) => NaiveSpan
  readonly sizes: (span: NaiveSpan) => (bigint | null)[]
  readonly plan: NaivePlanBucket | null
  readonly pots: Map<number, Pot>
}

/** The period of a source at an instant, made with what the one before it leaves; null where it is not in force. */
export function potAt(source: Source, micros: number, windowFrom: number): Pot | null {
  const range = source.ranges.find((one) => one.start <= micros && micros < one.end)
  if (!range) return null
  const span = source.spanAt(micros, range.first)
  const known = source.pots.get(span.start)
  if (known) return known
  const [own = 0n, ...later] = source.sizes(span)
  const inSpan = source.ranges.filter((one) => one.start < span.end && one.end > span.start)
  const expiry = Math.min(span.end, Math.max(...inSpan.map((one) => one.end)))
  const pot: Pot = {
    order: [source.level, source.priority, expiry, LIVES.indexOf(source.life.life), source.bucket, span.start],
    source,
    span,
    first: [...rolledIn(source, { span, series: range.first, windowFrom }), { age: 0, left: own }],
    later,
    takes: [],
  }
  source.pots.set(span.start, pot)
  return pot
}

type Into = { readonly span: NaiveSpan; readonly series: number; readonly windowFrom: number }

function rolledIn(source: Source, { span, series, windowFrom }: Into): { age: number; left: bigint }[] {
  if (source.life.life !== 'recurring-rollover') return []
  const begin = Math.max(windowFrom, series)
  if (span.start <= begin) return []
  const before = source.spanAt(span.start - 1, series)
  const inForce = source.ranges.find((one) => one.first === series && one.start < before.end && one.end > before.start)
  if (!inForce) return []
  const pot = potAt(source, Math.min(Math.max(before.start, inForce.start), before.end - 1), windowFrom)
  const parts = (pot?.first ?? []).flatMap(({ age, left }) => (left ? [{ age: age + 1, left }] : []))
  const young = parts.filter(({ age }) => age <= (source.life.periods ?? 0))
  const most = source.life.atMost
  while (most && young.length > 0 && young.reduce((sum, { left }) => sum + left, 0n) > most.base) {
    const over = young.reduce((sum, { left }) => sum + left, 0n) - most.base
    const [oldest] = young
    if (oldest && oldest.left > over) oldest.left -= over
    else young.shift()
  }
  return young
}

/** Units of one event out of a pot; what it cannot give is returned. */
export function drawFrom(pot: Pot, { event, row, service, limit, want }: Draw): bigint {
  const drawn = pot.takes.reduce((sum, one) => (one.row === row || service.has(one.row) ? sum + one.quantity : sum), 0n)
  let open = limit === null ? want : min(want, limit > drawn ? limit - drawn : 0n)
  const kept = want - open
  const take = (tier: number, left: bigint | null): bigint | null => {
    const part = left === null ? open : min(open, left)
    if (part > 0n) pot.takes.push({ event, row, tier, quantity: part })
    open -= part
    return left === null ? null : left - part
  }
  for (const part of pot.first) part.left = take(0, part.left)
  pot.later = pot.later.map((left, at) => take(at + 1, left))
  return open + kept
}

type Draw = {
  readonly event: number
  readonly row: number
  /** The rows of the same service. */
  readonly service: ReadonlySet<number>
  readonly limit: bigint | null
  readonly want: bigint
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)

/** What a plan's services bring into a period, as the sizes of its tiers. */
export function planSizes(
  bucket: NaivePlanBucket,
  { isContributionProrated: isByDay }: NaivePlan,
  contributors: ReadonlyArray<NaiveService & { readonly as: string }>,
  days: { readonly start: number; readonly end: number; readonly inForceFrom: number; readonly inForceUntil: number },
): (bigint | null)[] {
  const length = BigInt(days.end - days.start)
  const best = new Map<string, bigint>()
  let dayBase = 0n
  let dayCount = 0n
  for (const one of contributors) {
    const brings = bucket.contributions.get(one.as)?.base ?? 0n
    if (brings === 0n && !(bucket.type === 'variable-multi-tier' && bucket.contributions.size === 0)) continue
    let active = 0
    let isInForce = false
    for (let day = days.start; day < days.end; day += 1) {
      const isOn =
        (one.from === null || day >= dayNumber(one.from)) && (one.until === null || day < dayNumber(one.until))
      if (isOn) active += 1
      if (isOn && day >= days.inForceFrom && day < days.inForceUntil) isInForce = true
    }
    if (!isInForce) continue
    dayBase += brings * BigInt(active)
    dayCount += BigInt(active)
    const known = best.get(one.service)
    if (known === undefined || known < brings) best.set(one.service, brings)
  }
  const ceil = (top: bigint) => (top + length - 1n) / length
  const whole = [...best.values()].reduce((sum, one) => sum + one, 0n)
  return bucket.tiers.map(({ size }) => {
    if (size.kind === 'endless') return null
    if (size.kind === 'contributions') return isByDay ? ceil(dayBase) : whole
    const growth = size.growth?.base ?? 0n
    return (size.size?.base ?? 0n) + (isByDay ? ceil(growth * dayCount) : growth * BigInt(best.size))
  })
}

const dayNumber = (date: string): number => dayOf(Date.parse(`${date}T00:00:00Z`) * 1000)
