// Rates a group the slow way: every event is an object and is drawn by itself, every figure a bigint or a pair of bigints.
// Written from the page, without a look at the code that is tested, and without importing any of it.
import {
  accepts,
  drawFrom,
  type NaiveAccount,
  type NaiveBucket,
  type NaiveClass,
  type NaivePlan,
  type NaiveService,
  type Pot,
  planSizes,
  potAt,
  type Source,
} from './naive-buckets.ts'
import { billingSpan, dayOf, isoDay, type NaiveSpan, planSpan } from './naive-calendar.ts'
import { cents, type Fraction, isLess, plus, round } from './naive-fraction.ts'
import type { NaiveEvent, NaiveInput, NaiveRate } from './naive-input.ts'

export type NaiveRow = { quantity: bigint; amount: bigint }
export type NaiveResult = {
  /** By service, class, bucket, tier and first day of the billing period. */
  readonly rows: ReadonlyMap<string, NaiveRow>
  /** By source and id: `bucket:tier` and units, `out` for those out of bucket. */
  readonly parts: ReadonlyMap<string, ReadonlyMap<string, bigint>>
}

const FOREVER = Number.POSITIVE_INFINITY

export function naiveRate(input: NaiveInput): NaiveResult {
  return new NaiveRun(input).result()
}

class NaiveRun {
  readonly #input: NaiveInput
  readonly #events: ReadonlyArray<NaiveEvent>
  readonly #sources: Source[] = []
  readonly #out = new Map<number, bigint>()
  readonly #exact = new Map<string, { quantity: bigint; amount: Fraction }>()

  constructor(input: NaiveInput) {
    this.#input = input
    const unique = new Map(input.events.map((event) => [`${event.source} ${event.id}`, event]))
    const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
    this.#events = [...unique.values()].sort(
      (a, b) => a.start - b.start || compare(a.source, b.source) || compare(a.id, b.id),
    )
  }

  result(): NaiveResult {
    const isSettledLate = this.#input.plans.some(({ buckets }) => buckets.some(({ order }) => order === 'highest-rate'))
    for (const [at, { quantity }] of this.#events.entries()) this.#out.set(at, quantity)
    if (isSettledLate) this.#drawByBucket()
    else for (const [at, event] of this.#events.entries()) for (const pot of this.#potsFor(event)) this.#draw(pot, at)
    this.#price()
    const parts = new Map(this.#events.map(({ source, id }, at) => [`${source} ${id}`, this.#partsOf(at)]))
    const rows = [...this.#exact].map(
      ([key, { quantity, amount }]) => [key, { quantity, amount: round(amount) }] as const,
    )
    return { rows: new Map(rows), parts }
  }

  #draw(pot: Pot, at: number): void {
    const { row } = this.#events[at] as NaiveEvent
    const service = this.#service(row)
    const limit = pot.source.plan?.limits.get(this.#participationOf(service)?.as ?? '')?.base ?? null
    const same = new Set(this.#input.services.flatMap((one, index) => (one.service === service.service ? [index] : [])))
    this.#out.set(at, drawFrom(pot, { event: at, row, service: same, limit, want: this.#out.get(at) ?? 0n }))
  }

  #drawByBucket(): void {
    const reaching = this.#events.map((event) => this.#potsFor(event))
    for (const pot of this.#sources.flatMap(({ pots }) => [...pots.values()]).sort(comparePots)) {
      // A period takes in what is left of the one before, which is settled by now.
      const fresh = this.#fresh(pot)
      const at = reaching.flatMap((pots, index) => (pots.includes(pot) ? [index] : []))
      if (pot.source.plan?.order === 'highest-rate') {
        at.sort((a, b) => {
          const [left, right] = [this.#unitPrice(a), this.#unitPrice(b)]
          return isLess(right, left) ? -1 : isLess(left, right) ? 1 : a - b
        })
      }
      for (const index of at) this.#draw(fresh, index)
    }
  }

  /** The same period made again, now that those before it are drawn from. */
  #fresh(pot: Pot): Pot {
    pot.source.pots.delete(pot.span.start)
    const inForce = pot.source.ranges.find((one) => one.start < pot.span.end && one.end > pot.span.start)
    const made = potAt(pot.source, Math.max(pot.span.start, inForce?.start ?? 0), this.#input.from) as Pot
    pot.source.pots.set(pot.span.start, pot)
    pot.first = made.first
    return pot
  }

  #service(row: number): NaiveService {
    return this.#input.services[row] as NaiveService
  }

  #account(id: string): NaiveAccount {
    return this.#input.accounts.find(({ account }) => account === id) as NaiveAccount
  }

  #above(account: string): string[] {
    const { parent } = this.#account(account)
    return parent === '' ? [] : [parent, ...this.#above(parent)]
  }

  #participationOf({ product, serviceType }: NaiveService): { plan: NaivePlan; as: string } | null {
    for (const [by, id] of [
      ['product', product],
      ['service-type', serviceType],
    ]) {
      const plan = this.#input.plans.find((one) => one.participating.some((part) => part.by === by && part.id === id))
      if (plan) return { plan, as: id as string }
    }
    return null
  }

  #potsFor({ row, usageClass, start }: NaiveEvent): Pot[] {
    const service = this.#service(row)
    const used = this.#input.classes[usageClass] as NaiveClass
    const { buckets, products } = this.#input
    const own = products.find(({ product }) => product === service.product)?.buckets ?? []
    const above = this.#above(service.account)
    const found: (Source | null)[] = []
    for (const bucket of buckets) {
      const { on } = bucket
      if (on === null) {
        if (own.includes(bucket.bucket)) found.push(this.#ownSource(bucket, service))
      } else if (on.account === service.account || (on.isSharedToChildren && above.includes(on.account))) {
        // The deepest account is the nearest to a service below it.
        const level = 100 - this.#above(on.account).length
        const place = { key: `account ${on.account}`, account: on.account, level, ranges: [ALWAYS] }
        found.push(this.#source(bucket, place))
      }
    }
    for (const holder of this.#holders(service))
      found.push(...this.#planSources(holder.account, holder.plan, holder.level))
    return found
      .flatMap((source) => (source && accepts(source.accepts, used) ? [potAt(source, start, this.#input.from)] : []))
      .filter((pot) => pot !== null)
      .sort(comparePots)
  }

  #holders(service: NaiveService): { account: string; plan: NaivePlan; level: number }[] {
    const participation = this.#participationOf(service)
    if (!participation) return []
    const { plan } = participation
    const invoicer = this.#account(service.account).usageInvoicer
    const isForOthers = plan.shareLevel === 'usage-invoicer'
    const isInvoicer = this.#input.accounts.some((one) => one.usageInvoicer === service.account)
    const own = { account: service.account, plan, level: isForOthers && isInvoicer ? 2000 : 1000 }
    const isByInvoicer = invoicer !== '' && isForOthers
    return isByInvoicer ? [own, { account: invoicer, plan, level: 2000 }] : [own]
  }

  #ownSource(bucket: NaiveBucket, service: NaiveService): Source {
    const instant = (date: string | null, open: number) =>
      date === null ? open : Date.parse(`${date}T00:00:00Z`) * 1000
    const ranges = this.#input.services
      .filter((one) => one.service === service.service && one.account === service.account)
      .filter((one) =>
        this.#input.products.find(({ product }) => product === one.product)?.buckets.includes(bucket.bucket),
      )
      .map((one) => ({ start: instant(one.from, -FOREVER), end: instant(one.until, FOREVER) }))
    const first = Math.min(...ranges.map(({ start }) => start))
    const key = `service ${service.service} ${service.account}`
    return this.#source(bucket, {
      key,
      account: service.account,
      level: 0,
      ranges: ranges.map((one) => ({ ...one, first })),
    })
  }

  #source(bucket: NaiveBucket, on: { key: string; account: string; level: number; ranges: Source['ranges'] }): Source {
    const { life } = bucket
    const { cycleDay } = this.#account(on.account)
    return this.#once(`${on.key} ${bucket.bucket}`, () => {
      const once = { start: life.from?.micros ?? 0, end: life.until?.micros ?? FOREVER }
      const isOnce = life.life === 'one-time'
      return {
        bucket: bucket.bucket,
        level: on.level,
        priority: bucket.priority,
        life,
        accepts: bucket.accepts,
        ranges: isOnce ? on.ranges.flatMap((range) => meet(range, once)) : on.ranges,
        spanAt: isOnce ? () => once : (micros) => billingSpan(cycleDay, micros),
        sizes: () => [bucket.amount.base],
        plan: null,
      }
    })
  }

  #planRanges(account: string, plan: NaivePlan): Source['ranges'] {
    const { cycleDay } = this.#account(account)
    const found: (NaiveSpan & { first: number })[] = []
    const added = this.#input.added.filter((one) => one.account === account && one.plan === plan.plan)
    for (const { from, until } of [...added].sort((a, b) => (a.from.micros ?? 0) - (b.from.micros ?? 0))) {
      const start = from.micros ?? 0
      const last = found.at(-1)
      const lastSpan =
        last && planSpan(plan.usageBilling, { cycleDay, first: last.first, micros: Math.min(last.end - 1, start) })
      const first = last && lastSpan && start < lastSpan.end ? last.first : start
      found.push({ start, end: until?.micros ?? FOREVER, first })
    }
    return found
  }

  #planSources(account: string, plan: NaivePlan, level: number): Source[] {
    const ranges = this.#planRanges(account, plan)
    const { cycleDay } = this.#account(account)
    return plan.buckets.map((bucket, position) =>
      this.#once(`plan ${account} ${plan.plan} ${bucket.bucket}`, () => ({
        bucket: bucket.bucket,
        level: level + position,
        priority: 0,
        life: bucket.life,
        accepts: bucket.accepts,
        ranges,
        spanAt: (micros, first) => planSpan(plan.usageBilling, { cycleDay, first, micros }),
        sizes: (span) => {
          const inSpan = ranges.filter((one) => one.start < span.end && one.end > span.start)
          const from = Math.max(span.start, Math.min(...inSpan.map((one) => one.start)))
          const until = Math.min(span.end, Math.max(...inSpan.map((one) => one.end)))
          const contributors = this.#input.services.flatMap((one) => {
            const isIn = this.#holders(one).some((held) => held.account === account && held.plan === plan)
            return isIn ? [{ ...one, as: this.#participationOf(one)?.as ?? '' }] : []
          })
          const days = { start: dayOf(span.start), end: dayOf(span.end) }
          const inForce = { inForceFrom: dayOf(from), inForceUntil: dayOf(until - 1) + 1 }
          return planSizes(bucket, plan, contributors, { ...days, ...inForce })
        },
        plan: bucket,
      })),
    )
  }

  #once(key: string, make: () => Omit<Source, 'key' | 'pots'>): Source {
    const known = this.#sources.find((one) => one.key === key)
    if (known) return known
    const source = { ...make(), key, pots: new Map() }
    this.#sources.push(source)
    return source
  }

  #rateOf(at: number): NaiveRate | undefined {
    const { row, usageClass } = this.#events[at] as NaiveEvent
    const { product } = this.#service(row)
    const plan = this.#input.products.find((one) => one.product === product)?.ratePlan
    const used = this.#input.classes[usageClass] as NaiveClass
    const rates = this.#input.ratePlans.find(({ ratePlan }) => ratePlan === plan)?.rates ?? []
    return rates.find((rate) => (rate.product === '' || rate.product === product) && accepts([rate.match], used))
  }

  #unitPrice(at: number): Fraction {
    const rate = this.#rateOf(at)
    if (!rate) return [0n, 1n]
    const [top, bottom] = cents(rate.price)
    return [top, bottom * rate.per.base]
  }

  #price(): void {
    for (const source of this.#sources) for (const pot of source.pots.values()) this.#pricePot(pot)
    this.#events.forEach(({ row, start }, at) => {
      const quantity = this.#out.get(at) ?? 0n
      if (quantity === 0n) return
      const rate = this.#rateOf(at)
      const [top, bottom] = this.#unitPrice(at)
      let amount: Fraction = [top * quantity, bottom]
      if (rate?.minimum && isLess(amount, cents(rate.minimum))) amount = cents(rate.minimum)
      if (rate?.connection) amount = plus(amount, cents(rate.connection))
      this.#post({ at, row, bucket: '', tier: 0, due: this.#dueOf(row, start), quantity, amount })
    })
  }

  /** A participant's usage out of bucket is due when its plan's period ends. */
  #dueOf(row: number, start: number): number {
    for (const { account, plan } of this.#holders(this.#service(row))) {
      const range = this.#planRanges(account, plan).find((one) => one.start <= start && start < one.end)
      if (!range) continue
      const { cycleDay } = this.#account(account)
      const span = planSpan(plan.usageBilling, { cycleDay, first: range.first, micros: start })
      return Math.min(span.end, range.end) - 1
    }
    return start
  }

  #pricePot(pot: Pot): void {
    const tiers = pot.source.plan?.tiers ?? [{ flat: null, rate: null }]
    const isBracket = pot.source.plan?.pricing === 'bracket'
    const isOwed = tiers.some(({ flat, rate }) => flat !== null || rate !== null)
    const reached = Math.max(...pot.takes.map(({ tier }) => tier))
    const end = (pot.order[2] as number) - 1
    const seen = new Set<number>()
    for (const { event, row, tier: drawnTier, quantity } of pot.takes) {
      const tier = isBracket ? reached : drawnTier
      const { flat, rate } = tiers[tier] as { flat: string | null; rate: (typeof tiers)[number]['rate'] }
      const isDueAtEnd = flat !== null || rate !== null || (isBracket && isOwed)
      const due = isDueAtEnd ? end : (this.#events[event] as NaiveEvent).start
      const as = this.#participationOf(this.#service(row))?.as ?? ''
      const text = rate === null ? '0' : typeof rate.price === 'string' ? rate.price : (rate.price.get(as) ?? '0')
      const [top, bottom] = cents(text)
      let amount: Fraction = [top * quantity, bottom * (rate?.per.base ?? 1n)]
      const isFirst = drawnTier === tier && !seen.has(drawnTier)
      if (isFirst) seen.add(drawnTier)
      if (isFirst && flat !== null) amount = plus(amount, cents(flat))
      this.#post({ at: event, row, bucket: pot.source.bucket, tier: tier + 1, due, quantity, amount })
    }
  }

  #post({ at, row, bucket, tier, due, quantity, amount }: Posted): void {
    const { account, service } = this.#service(row)
    const billed = this.#account(this.#account(account).usageInvoicer || account)
    const { usageClass } = this.#events[at] as NaiveEvent
    const key = [account, service, usageClass, bucket, tier, isoDay(billingSpan(billed.cycleDay, due).start)].join(
      ' | ',
    )
    const known = this.#exact.get(key) ?? { quantity: 0n, amount: [0n, 1n] as const }
    this.#exact.set(key, { quantity: known.quantity + quantity, amount: plus(known.amount, amount) })
  }

  #partsOf(at: number): Map<string, bigint> {
    const parts = new Map<string, bigint>()
    const add = (key: string, quantity: bigint) => parts.set(key, (parts.get(key) ?? 0n) + quantity)
    for (const source of this.#sources) {
      for (const { takes } of source.pots.values()) {
        const reached = Math.max(...takes.map(({ tier }) => tier))
        for (const { event, tier, quantity } of takes) {
          const posted = source.plan?.pricing === 'bracket' ? reached : tier
          if (event === at) add(`${source.bucket}:${posted + 1}`, quantity)
        }
      }
    }
    const out = this.#out.get(at) ?? 0n
    if (out > 0n) add('out', out)
    return parts
  }
}

type Posted = {
  readonly at: number
  readonly row: number
  readonly bucket: string
  readonly tier: number
  readonly due: number
  readonly quantity: bigint
  readonly amount: Fraction
}

const ALWAYS = { start: -FOREVER, end: FOREVER, first: -FOREVER }

function meet(range: Source['ranges'][number], { start, end }: NaiveSpan): Source['ranges'][number][] {
  const both = { ...range, start: Math.max(range.start, start), end: Math.min(range.end, end) }
  return both.start < both.end ? [both] : []
}

function comparePots(left: Pot, right: Pot): number {
  for (const [index, a] of left.order.entries()) {
    const b = right.order[index] as number | string
    if (a !== b) return a < b ? -1 : 1
  }
  return 0
}
