import {
  type BucketBalance,
  Calendars,
  compileGroup,
  drawShortWay,
  findUnconserved,
  finishRun,
  formatUsageClass,
  type GroupInput,
  IndexedCatalogue,
  needsOrder,
  type RatedGroup,
  rateGroup,
  type TracedPart,
  traceUsage,
  type UsageColumns,
} from '@spillway/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Arrival, CLASSES, FROM, randomWorld, UNTIL, type World } from './random-provider.ts'
import { naiveRate } from './reference/naive-rate.ts'
import { catalogue, columns, micros } from './small-provider.ts'

const inputOf = ({ shop, services }: World, from = FROM, until = UNTIL): GroupInput => ({
  index: new IndexedCatalogue(catalogue(shop)),
  calendars: new Calendars(),
  services,
  classes: CLASSES,
  fromMicros: micros(from),
  untilMicros: micros(until),
  opening: [],
})

/** As the store hands them over: each once, by start, source and id. */
function inOrder(arrivals: ReadonlyArray<Arrival>): Arrival[] {
  const unique = [...new Map(arrivals.map((one) => [`${one.source} ${one.id}`, one])).values()]
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  return unique.sort((a, b) => a.start - b.start || compare(a.source, b.source) || compare(a.id, b.id))
}

function columnsOf(events: ReadonlyArray<Arrival>): UsageColumns {
  const uses = events.map((one, at) => ({ ...one, at: one.start, who: one.row, id: String(at).padStart(6, '0') }))
  return columns(uses, [])
}

const rowsOf = ({ rows }: Pick<RatedGroup, 'rows'>) =>
  new Map(
    rows.map((row) => {
      const usageClass = CLASSES.findIndex((one) => formatUsageClass(one) === row.usageClass)
      const key = [row.account, row.service, usageClass, row.bucket, row.tier, row.periodStartOn].join(' | ')
      return [key, { quantity: row.quantityBase, amount: row.amountMinor }]
    }),
  )

const partsOf = (events: ReadonlyArray<Arrival>, traced: ReadonlyArray<TracedPart>) =>
  events.map(({ source, id }, event): readonly [string, ReadonlyMap<string, bigint>] => {
    const parts = new Map<string, bigint>()
    for (const part of traced.filter((one) => one.event === event)) {
      const place = part.bucket === '' ? 'out' : `${part.bucket}:${part.tier}`
      parts.set(place, (parts.get(place) ?? 0n) + part.quantityBase)
    }
    return [`${source} ${id}`, parts]
  })

const said = ({ rows, flats, unrated, histories, balances }: RatedGroup) => ({
  rows,
  flats,
  unrated,
  histories,
  balances,
})

const sum = (quantities: Iterable<bigint>): bigint => [...quantities].reduce((total, one) => total + one, 0n)
const sorted = <T>(entries: Iterable<readonly [string, T]>) =>
  new Map([...entries].sort(([a], [b]) => (a < b ? -1 : 1)))

function expectSameAsNaive(world: World): void {
  const events = inOrder(world.arrivals)
  const naive = naiveRate({
    ...world.shop,
    services: world.services,
    classes: CLASSES,
    from: micros(FROM),
    events: world.arrivals,
  })
  const result = rateGroup(inputOf(world), [columnsOf(events.slice(0, 5)), columnsOf(events.slice(5))])
  expect(sorted(rowsOf(result))).toEqual(sorted(naive.rows))
  const traced = partsOf(
    events,
    traceUsage(inputOf(world), [columnsOf(events)], () => true),
  )
  expect(new Map(traced)).toEqual(naive.parts)
  for (const [at, { quantity }] of events.entries()) expect(sum(traced[at]?.[1].values() ?? [])).toBe(quantity)
  expect(sum(result.rows.map((row) => row.quantityBase))).toBe(sum(events.map(({ quantity }) => quantity)))
}

describe('rating beside a naive reference', () => {
  it('gives the same rows, and the same parts of every event', () => {
    fc.assert(fc.property(randomWorld(), expectSameAsNaive), { numRuns: 500 })
  })

  it('agrees where buckets cover what is dearest first', () => {
    const shape = { orders: ['time', 'highest-rate', 'highest-rate'] as const }
    fc.assert(fc.property(randomWorld(shape), expectSameAsNaive), { numRuns: 300 })
  })

  it('agrees on quantities that no safe integer holds', () => {
    fc.assert(fc.property(randomWorld({ quantityMax: 2n ** 56n }), expectSameAsNaive), { numRuns: 200 })
  })
})

describe('rating a group', () => {
  it('lets a service draw and be rated for what it used, and never draws more than a bucket has', () => {
    const property = (world: World) => {
      const events = inOrder(world.arrivals)
      const { rows, histories } = rateGroup(inputOf(world), [columnsOf(events)])
      for (const service of new Set(world.services.map((one) => one.service))) {
        const used = events.filter(({ row }) => world.services[row]?.service === service)
        const found = rows.filter((row) => row.service === service)
        expect(sum(found.map((row) => row.quantityBase))).toBe(sum(used.map(({ quantity }) => quantity)))
      }
      for (const { tiers, drawnBase } of histories) {
        expect(drawnBase).toBe(sum(tiers.map((tier) => tier.drawnBase)))
        for (const tier of tiers) {
          expect(tier.sizeBase === null || tier.drawnBase <= tier.sizeBase).toBe(true)
          expect(tier.ranOutAt !== null).toBe(
            tier.sizeBase !== null && tier.sizeBase > 0n && tier.drawnBase === tier.sizeBase,
          )
        }
      }
      const drawn = sum(rows.filter((row) => row.bucket !== '').map((row) => row.quantityBase))
      expect(sum(histories.map((one) => one.drawnBase))).toBe(drawn)
    }
    fc.assert(fc.property(randomWorld({ orders: ['time', 'highest-rate'] }), property), { numRuns: 200 })
  })

  it('gives the same by sums wherever it says that no order is needed', () => {
    let short = 0
    const property = (world: World) => {
      const events = inOrder(world.arrivals).filter(({ start }) => start < micros('2026-10-01'))
      const sums = new Map<string, { service: number; usageClass: number; quantityBase: bigint }>()
      for (const { row, usageClass, quantity } of events) {
        const known = sums.get(`${row} ${usageClass}`) ?? { service: row, usageClass, quantityBase: 0n }
        sums.set(`${row} ${usageClass}`, { ...known, quantityBase: known.quantityBase + quantity })
      }
      const demands = [...sums.values()]
      const group = compileGroup(inputOf(world, FROM, '2026-10-01'))
      if (needsOrder(group, demands)) return
      if (events.length > 0) short += 1
      const ordered = rateGroup(inputOf(world, FROM, '2026-10-01'), [columnsOf(events)])
      expect(said(finishRun(drawShortWay(group, demands)))).toEqual(said(ordered))
    }
    fc.assert(fc.property(randomWorld({ quantityMax: 3n }), property), { numRuns: 500 })
    expect(short).toBeGreaterThan(15)
  })

  it('is found out where rows are not what was used', () => {
    let changed = 0
    const property = (world: World, at: number) => {
      const events = inOrder(world.arrivals)
      const demands = events.map((one) => ({ ...one, service: one.row, quantityBase: one.quantity }))
      const group = compileGroup(inputOf(world))
      const { rows } = rateGroup(inputOf(world), [columnsOf(events)])
      expect(findUnconserved(group, demands, rows)).toBeNull()
      const row = rows[at % Math.max(1, rows.length)]
      if (row === undefined || row.quantityBase === 0n) return
      changed += 1
      const { account: of, service, usageClass, quantityBase } = row
      const place = { account: of, service, usageClass }
      const missing = rows.filter((one) => one !== row)
      expect(findUnconserved(group, demands, missing)).toEqual({ ...place, leftBase: quantityBase })
      const twice = rows.flatMap((one) => (one === row ? [one, one] : [one]))
      expect(findUnconserved(group, demands, twice)).toEqual({ ...place, leftBase: -quantityBase })
      const strange = rows.map((one) => (one === row ? { ...one, account: 'nobody' } : one))
      expect(findUnconserved(group, demands, strange)).not.toBeNull()
    }
    fc.assert(fc.property(randomWorld(), fc.nat(), property), { numRuns: 100 })
    expect(changed).toBeGreaterThan(50)
  })

  it('goes on from the balances of an earlier run as if there had been one run', () => {
    let resumed = 0
    const property = (world: World) => {
      const events = inOrder(world.arrivals)
      const cut = '2026-10-20'
      const [before, after] = [
        events.filter((one) => one.start < micros(cut)),
        events.filter((one) => one.start >= micros(cut)),
      ]
      const first = rateGroup(inputOf(world, FROM, cut), [columnsOf(before)])
      const group = compileGroup(inputOf(world))
      const atEnd = new Set(group.lines.filter((line) => line.isSettledAtEnd).map((line) => line.bucket))
      if (first.balances.some((one: BucketBalance) => atEnd.has(one.bucket) && one.drawnBase > 0n)) return
      resumed += 1
      const second = rateGroup({ ...inputOf(world, cut), opening: first.balances }, [columnsOf(after)])
      const whole = rateGroup(inputOf(world), [columnsOf(events)])
      expect(second.balances).toEqual(whole.balances)
      const drawn = new Map<string, bigint>()
      for (const [key, { quantity }] of [...rowsOf(first), ...rowsOf(second)])
        drawn.set(key, (drawn.get(key) ?? 0n) + quantity)
      expect(sorted(drawn)).toEqual(sorted([...rowsOf(whole)].map(([key, { quantity }]) => [key, quantity] as const)))
    }
    fc.assert(fc.property(randomWorld(), property), { numRuns: 300 })
    expect(resumed).toBeGreaterThan(40)
  })
})
