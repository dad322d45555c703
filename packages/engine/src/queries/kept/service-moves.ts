// What every service of two months moved by, from memory: those alone that may be among the ones that moved most, of a million.
import type { Move } from '@spillway/core'
import type { Warehouse } from '../../warehouse/warehouse.ts'
import type { ReportView } from '../charges-report.ts'
import { placesOfLargest } from './places-of-largest.ts'
import type { ServiceSums } from './service-sums.ts'

export type Month = { readonly services: ServiceSums; readonly runNo: number }
export type ServiceMovesOf = {
  readonly before: Month
  readonly now: Month
  readonly view: ReportView
  /** At least so many of each currency and direction, where there are so many. */
  readonly count: number
}

export async function serviceMoves(
  warehouse: Pick<Warehouse, 'streamTyped'>,
  { before, now, view, count }: ServiceMovesOf,
): Promise<ReadonlyArray<Move>> {
  const moves = movesOf({
    before: before.services,
    now: now.services,
    earlier: await matched(warehouse, { before, now }),
  })
  const [nowValue, beforeValue] = [now, before].map(({ services }) => services.valuesOf(`${view}_minor`)) as [
    Value,
    Value,
  ]
  const valueIn = (value: Value, row: number) => (row < 0 ? 0 : value(row))
  const changeAt = (at: number): number | bigint => {
    const [later, earlier] = [
      valueIn(nowValue, moves.now[at] as number),
      valueIn(beforeValue, moves.before[at] as number),
    ]
    return typeof later === 'number' && typeof earlier === 'number' ? later - earlier : BigInt(later) - BigInt(earlier)
  }
  const found: number[] = []
  for (const alike of moves.alike)
    for (const isDescending of [true, false]) {
      const valueAt = (at: number) => changeAt(alike[at] as number)
      const places = placesOfLargest(valueAt, { count, isDescending, of: alike.length })
      for (const at of places) found.push(alike[at] as number)
    }
  const minorOf = (value: Value, row: number) => (row < 0 ? null : BigInt(value(row)))
  return [...new Set(found)].map((at) => {
    const [later, earlier] = [moves.now[at] as number, moves.before[at] as number]
    const [{ services }, row] = later < 0 ? [before, earlier] : [now, later]
    const { service, currency } = services.keyAt(row)
    return {
      key: services.nameOf(service),
      currency: services.currencies[currency] as string,
      beforeMinor: minorOf(beforeValue, earlier),
      nowMinor: minorOf(nowValue, later),
    }
  })
}

type Value = (place: number) => number | bigint

/** By place of a service now its place before; -1 for one that was not there. */
async function matched(
  warehouse: Pick<Warehouse, 'streamTyped'>,
  { before, now }: Pick<ServiceMovesOf, 'before' | 'now'>,
): Promise<Int32Array> {
  const earlier = new Int32Array(now.services.serviceCount).fill(-1)
  const servicesOf = ({ runNo }: Month) =>
    `(SELECT service_no, service FROM run_service_stored WHERE run_no = ${runNo})`
  // One row per service of both months.
  for await (const { count, columns } of warehouse.streamTyped(
    `SELECT n.service_no, b.service_no FROM ${servicesOf(now)} AS n JOIN ${servicesOf(before)} AS b USING (service)`,
  )) {
    const [later, own] = columns as [Int32Array, Int32Array]
    for (let row = 0; row < count; row += 1)
      earlier[now.services.places[later[row] as number] as number] = before.services.places[
        own[row] as number
      ] as number
  }
  return earlier
}

type Moves = {
  /** Of each move the row of either month; -1 where there is none. */
  readonly now: Int32Array
  readonly before: Int32Array
  /**
   * Moves of one currency, of services that are there now and of such as are gone: each in the order of names, by which those are
   * told apart that moved by the same.
   */
  readonly alike: ReadonlyArray<Int32Array>
}

type MovesOf = { readonly before: ServiceSums; readonly now: ServiceSums; readonly earlier: Int32Array }

function movesOf({ before, now, earlier }: MovesOf): Moves {
  const width = before.currencies.length
  // By service and currency the row before.
  const rows = new Int32Array(before.serviceCount * width).fill(-1)
  for (let row = 0; row < before.count; row += 1) {
    const { service, currency } = before.keyAt(row)
    rows[service * width + currency] = row
  }
  const texts = [...new Set([...now.currencies, ...before.currencies])]
  const columns = now.currencies.map((text) => before.currencies.indexOf(text))
  const moves = { now: [] as number[], before: [] as number[], alike: [...texts, ...texts].map((): number[] => []) }
  const add = (later: number, own: number, text: string | undefined) => {
    moves.alike[texts.indexOf(text ?? '') + (later < 0 ? texts.length : 0)]?.push(moves.now.length)
    moves.now.push(later)
    moves.before.push(own)
  }
  for (let row = 0; row < now.count; row += 1) {
    const { service, currency } = now.keyAt(row)
    const [place, column] = [earlier[service] as number, columns[currency] as number]
    const at = place < 0 || column < 0 ? -1 : place * width + column
    const own = at < 0 ? -1 : (rows[at] as number)
    if (own >= 0) rows[at] = -1
    add(row, own, now.currencies[currency])
  }
  for (let at = 0; at < rows.length; at += 1)
    if (rows[at] !== -1) add(-1, rows[at] as number, before.currencies[at % width])
  return {
    now: Int32Array.from(moves.now),
    before: Int32Array.from(moves.before),
    alike: moves.alike.map((own) => Int32Array.from(own)),
  }
}
