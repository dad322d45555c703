// The buckets that come with services, in columns: for a group whose run is one period of each of them. What rolls in from
// the month before is added up in columns too; from further back it is worked out by the bucket itself.

import { ALERT_SHARES_PERCENT } from './alerts.ts'
import type { Bucket } from './bucket.ts'
import { BucketLine } from './bucket-line.ts'
import type { BucketPeriod } from './bucket-period.ts'
import type { BucketBalance, BucketHolder, BucketLineShape, InForce, Series } from './bucket-shape.ts'
import type { Calendar } from './calendar.ts'
import { ColumnRoom } from './column-room.ts'
import type { SharedGroup } from './compile-group.ts'
import { OWN_RANK } from './compiled-classes.ts'
import { type KindOfService, type OwnBalances, rowCountOf, serviceAt } from './group-input.ts'
import type { KindRows, LineContext } from './lines-of-group.ts'
import type { BucketHistory } from './rated-result.ts'
import { columnOf, type RolledIn, RollOver } from './roll-over.ts'

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
  /** What rolled in by where it comes from, the oldest first; 0 at places where nothing did. */
  readonly rolledIn: ReadonlyArray<RolledIn>
}

type OwnOfKind = { readonly bucket: Bucket; readonly shape: BucketLineShape; readonly size: number }

/** null where a bucket has other periods than the run, or is larger than is counted down at once. */
export function openOwn({ context }: SharedGroup, room: ColumnRoom = new ColumnRoom()): OwnHistories | null {
  const ofKind = context.kinds.map((kind) => ownOfKind(context, kind))
  if (ofKind.some((list) => list === null)) return null
  const kinds = ofKind as ReadonlyArray<OwnOfKind[]>
  const buckets: string[] = []
  for (const list of kinds)
    for (const { bucket } of list) if (!buckets.includes(bucket.bucket)) buckets.push(bucket.bucket)
  const rowCount = rowCountOf(context.input)
  const placeOfRow = room.integers('placeOfRow', rowCount)
  let count = 0
  for (let row = 0; row < rowCount; row += 1) {
    placeOfRow[row] = count
    count += (kinds[context.kindOfRow[row] as number] as OwnOfKind[]).length
  }
  const own = {
    count,
    placeOfRow,
    buckets,
    row: room.integers('ownRow', count),
    bucket: room.integers('ownBucket', count),
    sizeBase: room.numbers('ownSize', count),
    rolledInBase: room.numbers('ownRolledIn', count),
    drawnBase: room.numbers('ownDrawn', count),
    rolledIn: [] as RolledIn[],
    shapesOfKind: kinds.map((list) => list.map(({ shape }) => shape)),
  }
  own.rolledInBase.fill(0, 0, count)
  own.drawnBase.fill(0, 0, count)
  for (let kind = 0; kind < kinds.length; kind += 1) {
    const list = kinds[kind] as OwnOfKind[]
    for (let at = 0; at < list.length; at += 1) {
      const { bucket, size } = list[at] as OwnOfKind
      const number = buckets.indexOf(bucket.bucket)
      for (const row of (context.kinds[kind] as KindRows).rows) {
        const place = (placeOfRow[row] as number) + at
        own.row[place] = row
        own.bucket[place] = number
        own.sizeBase[place] = size
      }
      if (!takeOver(context, own, { kind, at, of: list[at] as OwnOfKind, room })) return null
    }
  }
  own.rolledIn.sort((a, b) => a.startMicros - b.startMicros)
  return own
}

type OpenedOwn = OwnHistories & { readonly rolledIn: RolledIn[] }
type OwnAt = { readonly kind: number; readonly at: number; readonly of: OwnOfKind; readonly room: ColumnRoom }

/** Adds what the period before left to one bucket of the rows of a kind; false where it is not so simple. */
function takeOver(context: LineContext, own: OpenedOwn, { kind, at, of, room }: OwnAt): boolean {
  const { balances, input } = context
  const { shape, bucket } = of
  const { rows, service } = context.kinds[kind] as KindRows
  const columns = balances.columns.filter((one) => one.bucket === bucket.bucket && one.account === service.account)
  if (columns.some(({ startMicros }) => startMicros >= input.fromMicros)) return false
  if (balances.areInColumns && (columns.length === 0 || shape.rollover === null)) return true
  const rollOver = rollOverOf(context, own, { of, columns, kind, room })
  for (const row of rows) {
    const place = (own.placeOfRow[row] as number) + at
    if (rollOver !== null && (context.spans[row] as InForce).fromMicros < input.fromMicros) {
      const from = rollOver.placeOf(nameAt(context, row))
      if (from !== -1 && !rollOver.open(from, place)) return false
      continue
    }
    const balance = balances.ofService(serviceAt(input, row), bucket.bucket)
    if (balance === null) continue
    if (balance.startMicros >= input.fromMicros) return false
    if (shape.rollover !== null && !openAlone(context, own, { row, place, of, balance, room })) return false
  }
  return true
}

type ColumnsOf = Pick<OwnAt, 'kind' | 'of' | 'room'> & { readonly columns: ReadonlyArray<OwnBalances> }

/** null where the rows of a kind are to be looked at one by one. */
function rollOverOf(context: LineContext, own: OpenedOwn, { kind, of, columns, room }: ColumnsOf): RollOver | null {
  const { input, balances } = context
  const [column] = columns
  const { rollover } = of.shape
  if (rollover === null || column === undefined || columns.length > 1 || !balances.areInColumns) return null
  const calendar = calendarOf(context, (context.kinds[kind] as KindRows).service)
  const index = calendar.indexAt(input.fromMicros)
  return RollOver.of({ shape: of.shape, rollover, calendar, index, column, opened: own, room })
}

type AloneOf = Pick<OwnAt, 'of' | 'room'> & {
  readonly row: number
  readonly place: number
  readonly balance: BucketBalance
}

/** The same for one service, by the bucket itself. */
function openAlone(context: LineContext, own: OpenedOwn, { row, place, of, balance, room }: AloneOf): boolean {
  const period = periodOf(context, { row, shape: of.shape, balance })
  const [opened] = period?.sizes ?? []
  if (period === null || opened === null || !Number.isSafeInteger(Number(opened))) return false
  own.sizeBase[place] = Number(opened)
  own.rolledInBase[place] = Number(opened) - of.size
  const calendar = calendarOf(context, serviceAt(context.input, row))
  for (const { originIndex, leftBase } of period.layers)
    columnOf(own, calendar.period(originIndex).startMicros, room)[place] = Number(leftBase)
  return true
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

/** The bucket's period in the run, opened; null where it is not the last of those that began before its end. */
function periodOf(context: LineContext, { row, shape, balance }: OwnOf): BucketPeriod | null {
  const calendar = calendarOf(context, serviceAt(context.input, row))
  const series: Series = { calendar, ranges: [context.spans[row] as InForce] }
  const line = new BucketLine({ shape, run: context.run, holder: holderOf(context, row), series: [series], balance })
  const periods: BucketPeriod[] = []
  line.addPeriodsBefore(context.input.untilMicros, periods)
  const last = periods.at(-1)
  return last !== undefined && last.span.startMicros === context.input.fromMicros ? last : null
}

function calendarOf({ input }: LineContext, { account }: KindOfService): Calendar {
  return input.calendars.billing(input.index.account(account))
}

function nameAt({ input }: LineContext, row: number): string {
  return input.serviceRows === undefined ? serviceAt(input, row).service : input.serviceRows.nameOf(row)
}

function holderOf({ input }: LineContext, row: number): BucketHolder {
  const { account, service } = serviceAt(input, row)
  return { on: 'service', account, service }
}

const LEAST_SHARE = (Math.min(...ALERT_SHARES_PERCENT) - 1) / 100

/** Those that an alert may be about: what it says is for `alertsOf` to know. */
export function ownReached({ context }: SharedGroup, own: OwnHistories): BucketHistory[] {
  const { fromMicros, untilMicros } = context.input
  const found: BucketHistory[] = []
  for (let place = 0; place < own.count; place += 1) {
    const [size, drawn] = [own.sizeBase[place] as number, own.drawnBase[place] as number]
    if (drawn < size * LEAST_SHARE) continue
    const [sizeBase, drawnBase] = [BigInt(size), BigInt(drawn)]
    found.push({
      ...{
        holder: holderOf(context, own.row[place] as number),
        bucket: own.buckets[own.bucket[place] as number] as string,
      },
      ...{ startMicros: fromMicros, untilMicros, rolledInBase: BigInt(own.rolledInBase[place] as number) },
      ...{ capacityBase: sizeBase, drawnBase, tiers: [{ sizeBase, drawnBase, ranOutAt: null }] },
    })
  }
  return found
}

/** Columns of one bucket of one account, while they grow. */
type Growing = {
  readonly account: string
  readonly bucket: string
  readonly services: string[]
  readonly drawnBase: number[]
  /** As many as `rolledIn` of the histories. */
  readonly leftBase: ReadonlyArray<number[]>
}

/** Of those that roll over, where the service goes on. */
export function ownBalances({ context }: SharedGroup, own: OwnHistories): OwnBalances[] {
  const { fromMicros, untilMicros } = context.input
  const { rolledIn, shapesOfKind } = own
  if (!shapesOfKind.some((shapes) => shapes.some(({ rollover }) => rollover !== null))) return []
  const made: Growing[] = []
  const ofKind = context.kinds.map(({ service: { account } }, kind) =>
    (shapesOfKind[kind] ?? []).map(({ rollover, bucket }): Growing | null => {
      if (rollover === null) return null
      const known = made.find((one) => one.account === account && one.bucket === bucket)
      if (known !== undefined) return known
      const growing = { account, bucket, services: [], drawnBase: [], leftBase: rolledIn.map(() => []) }
      made.push(growing)
      return growing
    }),
  )
  for (let place = 0; place < own.count; place += 1) {
    const row = own.row[place] as number
    const at = place - (own.placeOfRow[row] as number)
    const growing = ofKind[context.kindOfRow[row] as number]?.[at]
    if (growing === null || growing === undefined) continue
    if ((context.spans[row] as InForce).untilMicros <= untilMicros) continue
    growing.services.push(nameAt(context, row))
    growing.drawnBase.push(own.drawnBase[place] as number)
    for (let layer = 0; layer < rolledIn.length; layer += 1)
      growing.leftBase[layer]?.push((rolledIn[layer] as RolledIn).leftBase[place] as number)
  }
  return made
    .filter(({ services }) => services.length > 0)
    .map(({ account, bucket, services, drawnBase, leftBase }) => ({
      ...{ account, bucket, startMicros: fromMicros, services, drawnBase },
      rolledIn: rolledIn.flatMap(({ startMicros }, layer) => {
        const left = leftBase[layer] as number[]
        return left.some((base) => base > 0) ? [{ startMicros, leftBase: left }] : []
      }),
    }))
}
