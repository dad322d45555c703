import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { LocalDate } from '../time/local-date.ts'
import { CHUNK_BASE } from './bucket-shape.ts'
import type { Rate, RatePlan } from './rate-plan.ts'
import { settleUsage } from './settle-usage.ts'
import { formatUsageClass, type UsageClass } from './usage-class.ts'
import { UsageSettler } from './usage-settler.ts'
import { ZoneClock } from './zone-clock.ts'

const ZONES = ['UTC', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kathmandu'] as const
const HOLIDAYS = ['1969-12-25', '2026-03-08', '2026-03-29', '2026-10-05', '2026-11-01', '2026-12-25'] as LocalDate[]
const hour = 3_600_000_000

const block = (firstBase: bigint, followingBase: bigint) => ({ text: '', firstBase, followingBase })
const increment = fc.constantFrom(
  ...[null, block(60n, 60n), block(30n, 6n), block(1n, 1n), block(1000n, 1000n), block(2n ** 53n, 7n)],
)
const rate: fc.Arbitrary<Rate> = fc
  .record({
    timeBand: fc.constantFrom(null, null, 'peak' as const, 'off-peak' as const, 'weekend' as const),
    product: fc.constantFrom('', 'p', 'q'),
    zone: fc.constantFrom(null, 'domestic' as const, 'roaming' as const),
    increment,
  })
  .map(({ timeBand, zone, ...rest }) => ({
    ...rest,
    match: { usageType: 'voice', zone, timeBand, network: null },
    price: '0.05',
    per: { text: '1 min', base: 60n },
    minimum: null,
    connection: null,
  }))
const span = fc
  .record({ weekday: fc.integer({ min: 1, max: 7 }), from: fc.nat(1439), length: fc.integer({ min: 1, max: 900 }) })
  .map(({ weekday, from, length }) => ({ weekday, fromMinute: from, untilMinute: Math.min(1440, from + length) }))
const peak = fc.option(
  fc.record({ spans: fc.array(span, { maxLength: 6 }), holidays: fc.subarray(HOLIDAYS, { minLength: 0 }) }),
)
const ratePlan: fc.Arbitrary<RatePlan | null> = fc.option(
  fc.record({ rates: fc.array(rate, { maxLength: 4 }), peak }).map((rest) => ({ ratePlan: 'r', name: '', ...rest })),
  { freq: 9 },
)
const usageClass: fc.Arbitrary<UsageClass> = fc.record({
  usageType: fc.constant('voice' as const),
  zone: fc.constantFrom('' as const, 'roaming' as const),
  timeBand: fc.constantFrom('' as const, '' as const, '' as const, 'weekend' as const),
  network: fc.constant('' as const),
})
// Around clock changes, holidays, midnights and weekends, to the minute and beside it; and anywhere, before 1970 too.
const around = [
  '1969-12-25',
  '2026-03-08T07',
  '2026-03-29T01',
  '2026-04-04T15',
  '2026-11-01T06',
  '2026-12-25',
  '2026-12-26',
]
const start = fc.oneof(
  fc
    .tuple(fc.constantFrom(...around), fc.integer({ min: -2880, max: 2880 }), fc.constantFrom(-1, 0, 1))
    .map(([at, minutes, micros]) => {
      const instant = Date.parse(at.length === 10 ? `${at}T00:00Z` : `${at}:00Z`)
      return instant * 1000 + (minutes * hour) / 60 + micros
    }),
  fc.integer({ min: -50_000, max: 600_000 }).map((hours) => hours * hour + 1),
)
const quantity = fc.oneof(
  fc.bigInt({ min: -200n, max: 5000n }),
  fc.bigInt({ min: 2n ** 52n - 70n, max: 2n ** 52n + 70n }),
  fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }),
)

it('settles columns as settleUsage settles each event', () => {
  const property = (
    plan: RatePlan | null,
    raw: UsageClass,
    zone: string,
    events: ReadonlyArray<readonly [number, bigint]>,
  ) => {
    const classes: UsageClass[] = []
    const numberOf = (one: UsageClass) => classes.push(one) - 1
    const clock = new ZoneClock(zone)
    const count = events.length
    const isWide = (base: bigint) => base > BigInt(CHUNK_BASE) || base < -BigInt(CHUNK_BASE)
    const wide = new Map(events.flatMap(([, base], at) => (isWide(base) ? [[at, base] as const] : [])))
    const into = { billedBase: new Float64Array(count), usageClass: new Int32Array(count), wide: new Map() }
    new UsageSettler({ ratePlan: plan, product: 'p', usageClass: raw, clock, numberOf }).settle(
      {
        count,
        startMicros: Float64Array.from(events, ([at]) => at),
        quantityBase: Float64Array.from(events, ([, base]) =>
          isWide(base) ? Number(base > 0n ? Infinity : -Infinity) : Number(base),
        ),
        wide,
      },
      into,
    )
    const found = events.map((_, at) => ({
      usageClass: formatUsageClass(classes[into.usageClass[at] as number] as UsageClass),
      billedBase: into.wide.get(at) ?? BigInt(into.billedBase[at] as number),
    }))
    const expected = events.map(([startMicros, quantityBase]) => {
      const usage = { ratePlan: plan, product: 'p', usageClass: raw, startMicros, clock, quantityBase }
      const settled = settleUsage(usage)
      return { usageClass: formatUsageClass(settled.usageClass), billedBase: settled.billedBase }
    })
    expect(found).toEqual(expected)
    for (const [at, { billedBase }] of expected.entries()) expect(into.wide.has(at)).toBe(isWide(billedBase))
  }
  const events = fc.array(fc.tuple(start, quantity), { minLength: 1, maxLength: 20 })
  fc.assert(fc.property(ratePlan, usageClass, fc.constantFrom(...ZONES), events, property), { numRuns: 500 })
})
