// The buckets that come with services, in columns: for a group whose run is one period of each of them. What rolls in from
// a month before is worked out by the bucket itself.

import { ALERT_SHARES_PERCENT } from './alerts.ts'
import type { Bucket } from './bucket.ts'
import { BucketLine } from './bucket-line.ts'
import type { BucketPeriod, Layer } from './bucket-period.ts'
import type { BucketBalance, BucketHolder, BucketLineShape, InForce, Series } from './bucket-shape.ts'
import type { Calendar } from './calendar.ts'
import type { RatedService } from './catalogue.ts'
import type { SharedGroup } from './compile-group.ts'
import { OWN_RANK } from './compiled-classes.ts'
import type { KindRows, LineContext } from './lines-of-group.ts'
import type { BucketHistory } from './rated-result.ts'

/** One entry per own bucket of a row, each in the one period that is the time of the run. */
export type OwnHistories = {
  readonly count: number
  /** By position among the group's services. */
  readonly row: Int32Array
  /** By position among `buckets`, each of which has a name of its own. */
  readonly bucket: Int32Array
  readonly buckets: ReadonlyArray<string>
  /** Of each row, where its own buckets begin. */
  readonly placeOfRow: Int32Array
  readonly shapesOfKind: ReadonlyArray<ReadonlyArray<BucketLineShape>>
  /** With what rolled in. */
  readonly sizeBase: Float64Array
  readonly rolledInBase: Float64Array
  readonly drawnBase: Float64Array
  /** By place, where something rolled in. */
  readonly layers: ReadonlyMap<number, ReadonlyArray<Layer>>
}

type OwnOfKind = { readonly bucket: Bucket; readonly shape: BucketLineShape; readonly size: number }

/** null where a bucket has other periods than the run, or is larger than is counted down at once. */
export function openOwn({ context }: SharedGroup): OwnHistories | null {
  const ofKind = context.kinds.map((kind) => ownOfKind(context, kind))
  if (ofKind.some((list) => list === null)) return null
  const { services } = context.input
  const placeOfRow = new Int32Array(services.length)
  let count = 0
  for (let row = 0; row < services.length; row += 1) {
    placeOfRow[row] = count
    count += (ofKind[context.kindOfRow[row] as number] as OwnOfKind[]).length
  }
  const layers = new Map<number, ReadonlyArray<Layer>>()
  const buckets = [...new Set(ofKind.flatMap((list) => (list as OwnOfKind[]).map(({ bucket }) => bucket.bucket)))]
  const numbers = ofKind.map((list) => (list as OwnOfKind[]).map(({ bucket }) => buckets.indexOf(bucket.bucket)))
  const own = {
    ...{ count, placeOfRow, layers, buckets, row: new Int32Array(count), bucket: new Int32Array(count) },
    ...{ sizeBase: new Float64Array(count), rolledInBase: new Float64Array(count), drawnBase: new Float64Array(count) },
    shapesOfKind: ofKind.map((list) => (list as OwnOfKind[]).map(({ shape }) => shape)),
  }
  for (let row = 0; row < services.length; row += 1) {
    const list = ofKind[context.kindOfRow[row] as number] as OwnOfKind[]
    for (let at = 0; at < list.length; at += 1) {
      const place = (placeOfRow[row] as number) + at
      const { shape, size, bucket } = list[at] as OwnOfKind
      own.row[place] = row
      own.bucket[place] = (numbers[context.kindOfRow[row] as number] as number[])[at] as number
      own.sizeBase[place] = size
      const balance = context.balances.ofService(services[row] as RatedService, bucket.bucket)
      if (balance === null) continue
      if (balance.startMicros >= context.input.fromMicros) return null
      if (shape.rollover === null) continue
      const period = periodOf(context, { row, shape, balance })
      const [opened] = period?.sizes ?? []
      if (period === null || opened === null || !Number.isSafeInteger(Number(opened))) return null
      own.sizeBase[place] = Number(opened)
      own.rolledInBase[place] = Number(opened) - size
      if (period.layers.length > 0) layers.set(place, period.layers)
    }
  }
  return own
}

function ownOfKind({ input, compiled }: LineContext, { service }: KindRows): OwnOfKind[] | null {
  const buckets = compiled.ownBuckets(service.product)
  if (buckets.length === 0) return []
  const calendar = input.calendars.billing(input.index.account(service.account))
  const period = calendar.period(calendar.indexAt(input.fromMicros))
  if (period.startMicros !== input.fromMicros || period.untilMicros !== input.untilMicros) return null
  const made: OwnOfKind[] = []
  for (const bucket of buckets) {
    const shape = compiled.shapeOf(bucket, OWN_RANK)
    const [size] = shape.sizesIn(period).safe
    if (bucket.life.life === 'one-time' || size === undefined || !Number.isFinite(size)) return null
    made.push({ bucket, shape, size })
  }
  return made
}

type OwnOf = { readonly row: number; readonly shape: BucketLineShape; readonly balance: BucketBalance | null }

function lineOf(context: LineContext, { row, shape, balance }: OwnOf): BucketLine {
  const calendar = calendarOf(context, row)
  const series: Series = { calendar, ranges: [context.spans[row] as InForce] }
  return new BucketLine({ shape, run: context.run, holder: holderOf(context, row), series: [series], balance })
}

/** The bucket's period in the run, opened; null where it is not the last of those that began before its end. */
function periodOf(context: LineContext, of: OwnOf): BucketPeriod | null {
  const periods: BucketPeriod[] = []
  lineOf(context, of).addPeriodsBefore(context.input.untilMicros, periods)
  const last = periods.at(-1)
  return last !== undefined && last.span.startMicros === context.input.fromMicros ? last : null
}

/** Those of the account that the row is on. */
function calendarOf({ input }: LineContext, row: number): Calendar {
  return input.calendars.billing(input.index.account((input.services[row] as RatedService).account))
}

function holderOf({ input }: LineContext, row: number): BucketHolder {
  const { account, service } = input.services[row] as RatedService
  return { on: 'service', account, service }
}

function shapeAt({ context }: SharedGroup, { row, placeOfRow, shapesOfKind }: OwnHistories, place: number) {
  const ofRow = row[place] as number
  const shapes = shapesOfKind[context.kindOfRow[ofRow] as number] as ReadonlyArray<BucketLineShape>
  return shapes[place - (placeOfRow[ofRow] as number)] as BucketLineShape
}

const LEAST_SHARE = (Math.min(...ALERT_SHARES_PERCENT) - 1) / 100

/** Those that an alert may be about: what it says is for `alertsOf` to know. */
export function ownReached(shared: SharedGroup, own: OwnHistories): BucketHistory[] {
  const { fromMicros, untilMicros } = shared.context.input
  const found: BucketHistory[] = []
  for (let place = 0; place < own.count; place += 1) {
    const [size, drawn] = [own.sizeBase[place] as number, own.drawnBase[place] as number]
    if (drawn < size * LEAST_SHARE) continue
    const [sizeBase, drawnBase] = [BigInt(size), BigInt(drawn)]
    found.push({
      ...{ holder: holderOf(shared.context, own.row[place] as number), bucket: shapeAt(shared, own, place).bucket },
      ...{ startMicros: fromMicros, untilMicros, rolledInBase: BigInt(own.rolledInBase[place] as number) },
      ...{ capacityBase: sizeBase, drawnBase, tiers: [{ sizeBase, drawnBase, ranOutAt: null }] },
    })
  }
  return found
}

const NO_MAP: ReadonlyMap<string, bigint> = new Map()

const NOTHING: BucketBalance['rolledIn'] = []
const NOT_RUN_OUT: BucketBalance['ranOutAt'] = [null]

function rolledIn(context: LineContext, row: number, layers: ReadonlyArray<Layer>): BucketBalance['rolledIn'] {
  const calendar = calendarOf(context, row)
  return layers.map(({ originIndex, leftBase }) => ({
    startMicros: calendar.period(originIndex).startMicros,
    leftBase,
  }))
}

/** Of those that roll over, where the service goes on. */
export function ownBalances(shared: SharedGroup, own: OwnHistories): BucketBalance[] {
  const { context } = shared
  const { fromMicros, untilMicros } = context.input
  const found: BucketBalance[] = []
  for (let place = 0; place < own.count; place += 1) {
    const shape = shapeAt(shared, own, place)
    if (shape.rollover === null) continue
    const row = own.row[place] as number
    if ((context.spans[row] as InForce).untilMicros <= untilMicros) continue
    const layers = own.layers.get(place)
    found.push({
      holder: holderOf(context, row),
      bucket: shape.bucket,
      startMicros: fromMicros,
      rolledIn: layers === undefined ? NOTHING : rolledIn(context, row, layers),
      drawnBase: BigInt(own.drawnBase[place] as number),
      drawnByService: NO_MAP,
      ranOutAt: NOT_RUN_OUT,
    })
  }
  return found
}
