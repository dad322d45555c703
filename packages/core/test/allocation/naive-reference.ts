// The arithmetic of spec, allocation, a second time: slow, one exact fraction per participant and step, written from the
// page alone. Imports nothing of core, so that a mistake there cannot hide here.

export type NaiveParticipant = {
  readonly service: string
  readonly days: number
  readonly usage: bigint
  readonly contribution: bigint
  /** Numerator and denominator. */
  readonly weight: readonly [bigint, bigint]
  readonly actual: bigint
}
export type NaiveInput = {
  readonly method: 'even' | 'prorated' | 'excess' | 'weighted' | 'as-billed'
  readonly whenNoUsage: 'even' | 'as-billed'
  readonly unused: 'recover' | 'central'
  readonly floor: bigint | null
  readonly cap: bigint | null
  readonly periodDays: number
  readonly allowance: bigint | null
  readonly participants: ReadonlyArray<NaiveParticipant>
  readonly othersActual: bigint
}
/** Adjusted amounts by service; `unused` and `unallocated` apart. */
export type NaiveResult = {
  readonly adjusted: ReadonlyMap<string, bigint>
  readonly unused: bigint
  readonly unallocated: bigint
  readonly flag: string
}

class Fraction {
  readonly over: bigint
  readonly under: bigint
  constructor(over: bigint, under = 1n) {
    this.over = under < 0n ? -over : over
    this.under = under < 0n ? -under : under
  }
  plus(other: Fraction) {
    return new Fraction(this.over * other.under + other.over * this.under, this.under * other.under).reduced()
  }
  minus(other: Fraction) {
    return this.plus(new Fraction(-other.over, other.under))
  }
  times(other: Fraction) {
    return new Fraction(this.over * other.over, this.under * other.under).reduced()
  }
  dividedBy(other: Fraction) {
    return new Fraction(this.over * other.under, this.under * other.over).reduced()
  }
  isOver(other: Fraction) {
    return this.over * other.under > other.over * this.under
  }
  isZero() {
    return this.over === 0n
  }
  /** Of a fraction that is not negative. */
  integerPart() {
    return this.over / this.under
  }
  private reduced() {
    let [a, b] = [this.over < 0n ? -this.over : this.over, this.under]
    while (b !== 0n) [a, b] = [b, a % b]
    return a === 0n ? new Fraction(0n) : new Fraction(this.over / a, this.under / a)
  }
}

const ZERO = new Fraction(0n)
const whole = (value: bigint | number) => new Fraction(BigInt(value))
const total = (values: ReadonlyArray<Fraction>) => values.reduce((sum, value) => sum.plus(value), ZERO)
const larger = (left: bigint, right: bigint) => (left > right ? left : right)

/** `id` is null for the unused row. */
type Holder = { id: string | null; floor: Fraction; weights: Fraction[]; days: Fraction }

export function naiveAllocate(input: NaiveInput): NaiveResult {
  const { participants } = input
  const charge = participants.reduce((sum, { actual }) => sum + actual, input.othersActual)
  const nobody = { adjusted: new Map<string, bigint>(), unused: 0n, unallocated: charge, flag: '' }
  if (participants.length === 0) return nobody
  const asBilled = {
    adjusted: new Map(participants.map(({ service, actual }) => [service, actual])),
    unused: 0n,
    unallocated: input.othersActual,
    flag: '',
  }
  if (input.method === 'as-billed') return asBilled

  const used = (one: NaiveParticipant) => larger(one.usage, 0n)
  const byMethod = (one: NaiveParticipant): Fraction[] => {
    const days = whole(one.days)
    if (input.method === 'even') return [days]
    if (input.method === 'weighted') return [new Fraction(...one.weight), days]
    if (input.method === 'prorated') return [whole(used(one)), days]
    return [whole(larger(used(one) - one.contribution, 0n)), whole(used(one)), days]
  }
  const usedTotal = participants.reduce((sum, one) => sum + used(one), 0n)
  const allowance = input.allowance ?? participants.reduce((sum, { contribution }) => sum + contribution, 0n)
  const spare = input.unused === 'central' ? larger(allowance - usedTotal, 0n) : 0n

  let ladder = participants.map(byMethod)
  const rungTotal = () => total(ladder.map((rungs) => rungs[0] as Fraction)).plus(whole(spare))
  while (rungTotal().isZero()) {
    ladder = ladder.map((rungs) => rungs.slice(1))
    if (ladder[0]?.length === 1 && input.whenNoUsage === 'as-billed') return asBilled
  }

  const floorOf = ({ days }: NaiveParticipant) => {
    const exact = new Fraction((input.floor ?? 0n) * BigInt(days), BigInt(input.periodDays))
    return whole(exact.plus(new Fraction(1n, 2n)).integerPart())
  }
  const holders: Holder[] = participants.map((one, index) => ({
    id: one.service,
    floor: floorOf(one),
    weights: ladder[index] as Fraction[],
    days: whole(one.days),
  }))
  const magnitude = whole(charge < 0n ? -charge : charge)
  const { shares, flag } = shareOut({ holders, magnitude, spare, cap: input.cap })
  const rounded = largestRemainder(shares, magnitude.integerPart())
  const sign = charge < 0n ? -1n : 1n
  const adjusted = new Map<string, bigint>()
  let unused = 0n
  for (const [id, amount] of rounded) {
    if (id === null) unused = amount * sign
    else adjusted.set(id, amount * sign)
  }
  return { adjusted, unused, unallocated: 0n, flag }
}

type Shared = { readonly shares: Map<string | null, Fraction>; readonly flag: string }

function shareOut({
  holders,
  magnitude,
  spare,
  cap,
}: {
  readonly holders: Holder[]
  readonly magnitude: Fraction
  readonly spare: bigint
  readonly cap: bigint | null
}): Shared {
  const floors = total(holders.map(({ floor }) => floor))
  const allDays = total(holders.map(({ days }) => days))
  if (!magnitude.isOver(floors)) {
    const shares = new Map(holders.map(({ id, days }) => [id, magnitude.times(days).dividedBy(allDays)]))
    return { shares, flag: magnitude.isZero() ? '' : 'floor-exceeds-charge' }
  }
  const everybodysCaps = cap === null ? null : whole(cap * BigInt(holders.length))
  if (cap !== null && everybodysCaps !== null && spare === 0n && magnitude.isOver(everybodysCaps)) {
    const left = magnitude.minus(everybodysCaps)
    const shares = new Map(
      holders.map(({ id, days }) => [id, whole(cap).plus(left.times(days).dividedBy(allDays))] as const),
    )
    return { shares, flag: 'cap-below-charge' }
  }
  const unusedRow: Holder[] = spare > 0n ? [{ id: null, floor: ZERO, weights: [whole(spare)], days: ZERO }] : []
  let open = [...holders, ...unusedRow]
  const settled = new Map<string | null, Fraction>()
  for (;;) {
    const left = magnitude.minus(total([...settled.values()]))
    const shares = shareOnce(open, left)
    const over = cap === null ? [] : open.filter(({ id }) => id !== null && shares.get(id)?.isOver(whole(cap)))
    if (over.length === 0) return { shares: new Map([...settled, ...shares]), flag: '' }
    for (const { id } of over) settled.set(id, whole(cap as bigint))
    open = open.filter((holder) => !over.includes(holder))
  }
}

/** Floors first, then the rest by the first weights of theirs that do not sum to zero. */
function shareOnce(open: ReadonlyArray<Holder>, left: Fraction): Map<string | null, Fraction> {
  const rest = left.minus(total(open.map(({ floor }) => floor)))
  for (let rung = 0; ; rung += 1) {
    const weights = open.map((holder) => holder.weights[rung] ?? ZERO)
    const sum = total(weights)
    if (sum.isZero() && rung < 4) continue
    return new Map(
      open.map((holder, index) => [
        holder.id,
        holder.floor.plus(rest.times(weights[index] as Fraction).dividedBy(sum)),
      ]),
    )
  }
}

function largestRemainder(shares: Map<string | null, Fraction>, charge: bigint): Map<string | null, bigint> {
  const result = new Map([...shares].map(([id, share]) => [id, share.integerPart()] as const))
  const left = charge - [...result.values()].reduce((sum, part) => sum + part, 0n)
  const claims = [...shares].map(([id, share]) => ({ id, fraction: share.minus(whole(share.integerPart())) }))
  claims.sort((a, b) => {
    if (a.fraction.isOver(b.fraction)) return -1
    if (b.fraction.isOver(a.fraction)) return 1
    if (a.id === null || b.id === null) return a.id === null ? 1 : -1
    return Buffer.compare(Buffer.from(a.id), Buffer.from(b.id))
  })
  for (const { id } of claims.slice(0, Number(left))) result.set(id, (result.get(id) as bigint) + 1n)
  return result
}
