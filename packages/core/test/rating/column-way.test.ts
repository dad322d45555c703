import {
  alertsOf,
  type BucketBalance,
  type BucketHistory,
  balanceKey,
  Calendars,
  ColumnRoom,
  compileGroup,
  compileShared,
  type GroupInput,
  IndexedCatalogue,
  type OwnBalances,
  ownBalanceAt,
  type RatedColumns,
  type RatedGroup,
  type RatedService,
  rateColumns,
  rateGroup,
} from '@spillway/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CLASSES, randomWorld, type World } from './random-provider.ts'
import { catalogue, columns, micros } from './small-provider.ts'

const [SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER] = ['2026-09-01', '2026-10-01', '2026-11-01', '2026-12-01'].map(
  micros,
) as [number, number, number, number]

type Month = Pick<GroupInput, 'fromMicros' | 'untilMicros' | 'opening'>

/** Every billing period is a calendar month. */
function indexOf({ shop }: World): IndexedCatalogue {
  const accounts = shop.accounts.map((one) => ({ ...one, cycleDay: 1, timeZone: 'UTC' }))
  return new IndexedCatalogue(catalogue({ ...shop, accounts }))
}

/** Every service once, in the order of results; nobody comes or goes. */
function servicesOf({ services }: World): RatedService[] {
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  const unique = [...new Map(services.map((one) => [one.service, one])).values()]
  return unique
    .map((one) => ({ ...one, from: null, until: null }))
    .sort((a, b) => compare(a.account, b.account) || compare(a.service, b.service))
}

function eventsOf({ arrivals, services: rows }: World, services: ReadonlyArray<RatedService>, month: Month) {
  const unique = [...new Map(arrivals.map((one) => [`${one.source} ${one.id}`, one])).values()]
  return unique
    .filter(({ start }) => start >= month.fromMicros && start < month.untilMicros)
    .sort((a, b) => a.start - b.start)
    .map((one, at) => {
      const who = services.findIndex(({ service }) => service === rows[one.row]?.service)
      return { ...one, at: one.start, who, id: String(at).padStart(6, '0') }
    })
}

function demandsOf(events: ReturnType<typeof eventsOf>) {
  const sums = new Map<number, bigint>()
  for (const { who, usageClass, quantity } of events) {
    const place = who * CLASSES.length + usageClass
    sums.set(place, (sums.get(place) ?? 0n) + quantity)
  }
  const places = [...sums.keys()].sort((a, b) => a - b)
  return {
    count: places.length,
    service: Int32Array.from(places, (place) => Math.floor(place / CLASSES.length)),
    usageClass: Int32Array.from(places, (place) => place % CLASSES.length),
    quantityBase: Float64Array.from(places, (place) => Number(sums.get(place))),
  }
}

function rowsOf({ count, row, slot, slots, quantityBase, amountMinor }: RatedColumns, { services }: GroupInput) {
  const names = compileNames()
  return Array.from({ length: count }, (_, at) => {
    const { usageClass, ...common } = slots[slot[at] as number] as RatedColumns['slots'][number]
    const { account, service } = services[row[at] as number] as RatedService
    const numbers = { quantityBase: BigInt(quantityBase[at] as number), amountMinor: BigInt(amountMinor[at] as number) }
    return { account, service, usageClass: names[usageClass], ...common, ...numbers }
  })
}

const compileNames = () => {
  const index = new IndexedCatalogue(catalogue({}))
  const input = { index, calendars: new Calendars(), services: [], classes: CLASSES, opening: [] }
  return compileGroup({ ...input, fromMicros: SEPTEMBER, untilMicros: OCTOBER }).compiled.names
}

function ownHistoriesOf({ own }: RatedColumns, { services, fromMicros, untilMicros }: GroupInput): BucketHistory[] {
  return Array.from({ length: own.count }, (_, place) => {
    const { account, service } = services[own.row[place] as number] as RatedService
    const sizeBase = BigInt(own.sizeBase[place] as number)
    const drawnBase = BigInt(own.drawnBase[place] as number)
    return {
      ...{ holder: { on: 'service', account, service }, bucket: own.buckets[own.bucket[place] as number] as string },
      ...{ startMicros: fromMicros, untilMicros, rolledInBase: BigInt(own.rolledInBase[place] as number) },
      ...{ capacityBase: sizeBase, drawnBase, tiers: [{ sizeBase, drawnBase, ranOutAt: null }] },
    }
  })
}

const balancesOf = ({
  balances,
  ...rated
}: Pick<RatedGroup, 'balances'> & Partial<Pick<RatedColumns, 'ownBalances'>>) => {
  const own = (rated.ownBalances ?? []).flatMap((one) => one.services.map((_, place) => ownBalanceAt(one, place)))
  return new Map([...own, ...balances].map((one) => [balanceKey(one), one] as const))
}

/** The same rows of services, and what services have in their buckets, in columns. */
function inColumns(input: GroupInput): GroupInput {
  const { services, opening } = input
  const at = (row: number) => services[row] as RatedService
  const kindOf = (row: number) => JSON.stringify([at(row).account, at(row).product, at(row).serviceType])
  const own = new Map<string, BucketBalance[]>()
  const others: BucketBalance[] = []
  for (const one of opening) {
    const isPlain = one.holder.on === 'service' && one.ranOutAt.length === 1 && one.ranOutAt[0] === null
    const key = JSON.stringify([one.holder.account, one.bucket, one.startMicros])
    if (isPlain) own.set(key, [...(own.get(key) ?? []), one])
    else others.push(one)
  }
  return {
    ...input,
    serviceRows: {
      ...{ count: services.length, areInOrder: true, at, nameOf: (row) => at(row).service, kindAt: at, daysAt: at },
      isSameKind: (row, other) => kindOf(row) === kindOf(other),
      hasDays: (row) => at(row).from !== null || at(row).until !== null,
    },
    opening: others,
    ownOpening: [...own.values()].map(columnsOfBalances),
  }
}

function columnsOfBalances(balances: ReadonlyArray<BucketBalance>): OwnBalances {
  const [{ holder, bucket, startMicros }] = balances as [BucketBalance]
  const starts = new Set(balances.flatMap((one) => one.rolledIn.map((layer) => layer.startMicros)))
  const leftOf = ({ rolledIn }: BucketBalance, from: number) =>
    Number(rolledIn.find((layer) => layer.startMicros === from)?.leftBase ?? 0n)
  return {
    ...{ account: holder.account, bucket, startMicros },
    services: balances.map((one) => (one.holder.on === 'service' ? one.holder.service : '')),
    drawnBase: balances.map(({ drawnBase }) => Number(drawnBase)),
    rolledIn: [...starts]
      .sort((a, b) => a - b)
      .map((from) => ({ startMicros: from, leftBase: balances.map((one) => leftOf(one, from)) })),
  }
}

const alerts = (histories: ReadonlyArray<BucketHistory>, knownUntilMicros: number) =>
  histories.flatMap((one) => alertsOf(one, { knownUntilMicros }))

describe('the short way in columns', () => {
  it('gives the rows, histories, alerts and balances of drawing event by event, month after month', () => {
    let taken = 0
    let rolledIn = 0
    const room = new ColumnRoom()
    const property = (world: World) => {
      const services = servicesOf(world)
      const index = indexOf(world)
      let opening: GroupInput['opening'] = []
      for (const [fromMicros, untilMicros] of [
        [SEPTEMBER, OCTOBER],
        [OCTOBER, NOVEMBER],
        [NOVEMBER, DECEMBER],
      ] as const) {
        const month = { fromMicros, untilMicros, opening }
        const input = { index, calendars: new Calendars(), services, classes: CLASSES, ...month }
        const events = eventsOf(world, services, month)
        const ordered = rateGroup(input, [columns(events, [])])
        opening = ordered.balances
        // What is priced at the end of a period is rated from its beginning.
        const { lines } = compileGroup(input)
        const atEnd = new Set(lines.filter((line) => line.isSettledAtEnd).map((line) => line.bucket))
        if (opening.some((one) => atEnd.has(one.bucket) && one.drawnBase > 0n)) return
        const inObjects = rateColumns(compileShared(input), demandsOf(events))
        const found = rateColumns(compileShared(inColumns(input)), demandsOf(events), room)
        expect(typeof found).toBe(typeof inObjects)
        for (const one of [inObjects, found]) {
          if (one === null || one === 'in-order') continue
          expect(rowsOf(one, input)).toEqual(ordered.rows)
          expect([ordered.flats, ordered.unrated]).toEqual([[], []])
          const histories = ordered.histories.filter(({ untilMicros: until }) => until > fromMicros)
          const shared = one.histories.filter(({ untilMicros: until }) => until > fromMicros)
          expect([...ownHistoriesOf(one, input), ...shared]).toEqual(histories)
          expect(alerts([...one.nearlyDrawn, ...shared], untilMicros)).toEqual(alerts(histories, untilMicros))
          expect(balancesOf(one)).toEqual(balancesOf(ordered))
        }
        if (found === null || found === 'in-order') continue
        if (events.length > 0) taken += 1
        if (found.own.rolledInBase.subarray(0, found.own.count).some((base) => base > 0)) rolledIn += 1
        expect(rateGroup(inColumns(input), [columns(events, [])]).rows).toEqual(ordered.rows)
      }
    }
    fc.assert(fc.property(randomWorld({ quantityMax: 2n }), property), { numRuns: 300 })
    expect(taken).toBeGreaterThan(10)
    expect(rolledIn).toBeGreaterThan(2)
  })

  it('leaves no trace where it says that a group is not so simple', () => {
    let left = 0
    const property = (world: World) => {
      const services = servicesOf(world)
      const index = indexOf(world)
      const month = { fromMicros: SEPTEMBER, untilMicros: OCTOBER, opening: [] }
      const input = { index, calendars: new Calendars(), services, classes: CLASSES, ...month }
      const shared = compileShared(input)
      const found = rateColumns(shared, demandsOf(eventsOf(world, services, month)))
      if (found !== null && found !== 'in-order') return
      left += 1
      expect(shared.lines.flatMap(({ madePeriods }) => madePeriods).filter(({ asked }) => asked > 0)).toEqual([])
      expect(shared.lines.flatMap(({ madePeriods }) => madePeriods).filter(({ tier }) => tier !== -1)).toEqual([])
    }
    fc.assert(fc.property(randomWorld(), property), { numRuns: 100 })
    expect(left).toBeGreaterThan(20)
  })
})
