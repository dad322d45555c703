// Places each row of a service in its group, and says when its usage is drawn down: TypeScript knows accounts, products and
// days, which are few; the rows themselves, which are many, stay in the warehouse.

import type { Calendars, IndexedCatalogue, LocalDate } from '@spillway/core'
import { make, type PeriodScope, show } from '../allocate/period-scope.ts'
import { makeTable } from './make-table.ts'
import type { RatingGroup } from './rating-groups.ts'
import type { Window } from './seen-usage.ts'
import { ratePlanOf } from './settle-classes.ts'
import { OPEN_DAY, type SoldList } from './sold-list.ts'

export type UsageOf = {
  readonly index: IndexedCatalogue
  readonly calendars: Calendars
  readonly groups: ReadonlyArray<RatingGroup>
  readonly list: SoldList
}

const EVER = 2n ** 62n

type PlacedBy = {
  readonly numberOfProduct: ReadonlyMap<string, number>
  /** The time of all groups, where the rows are read so seldom that no table is made of them; null for a table. */
  readonly wholeTime: Window | null
}

/**
 * Makes `sold_row`: one row per row of a service, with the instants between which its usage is drawn down in this run;
 * `is_whole` where that is all of the time of its group. Needs `sold_service`.
 */
export async function placeServices(scope: PeriodScope, of: UsageOf, { numberOfProduct, wholeTime }: PlacedBy) {
  const { scratch } = scope
  const zones = new Map<string, number>()
  const zoneOf = (timeZone: string): number => {
    const number = zones.get(timeZone) ?? zones.size
    zones.set(timeZone, number)
    return number
  }
  await storeGroupAccounts(scope, of, zoneOf)
  if (wholeTime !== null && areInForce(of, { zones, time: wholeTime })) {
    const bands = await storeProducts(scope, of, { zones, numberOfProduct })
    await show(
      scope,
      'sold_row',
      `SELECT a.group_no, s.row_key, s.row_key - a.row_offset AS row_no, s.service_no, s.service, p.product_no, p.band_no, a.zone_no,
         a.from_micros, a.until_micros, true AS is_whole
       FROM ${scratch}.sold_service AS s JOIN ${scratch}.group_account AS a ON a.account_no = s.account_no
       JOIN ${scratch}.banded_product AS p ON p.listed_no = s.product_no AND p.zone_no = a.zone_no`,
    )
    return { zones, bands, hasParts: false }
  }
  await storeDays(scope, of, zones)
  const bands = await storeProducts(scope, of, { zones, numberOfProduct })
  const begins = `greatest(coalesce(f.micros, ${-EVER}), a.from_micros)`
  const ends = `least(coalesce(l.micros, ${EVER}), a.until_micros)`
  await make(
    scope,
    'sold_row',
    `SELECT a.group_no, s.row_key, s.row_key - a.row_offset AS row_no, s.service_no, s.service, p.product_no, p.band_no, a.zone_no,
       ${begins} AS from_micros, ${ends} AS until_micros,
       ${begins} = a.from_micros AND ${ends} = a.until_micros AS is_whole
     FROM ${scratch}.sold_service AS s JOIN ${scratch}.group_account AS a ON a.account_no = s.account_no
     JOIN ${scratch}.banded_product AS p ON p.listed_no = s.product_no AND p.zone_no = a.zone_no
     LEFT JOIN ${scratch}.sold_day AS f ON f.zone_no = a.zone_no AND f.on_day = s.from_on
     LEFT JOIN ${scratch}.sold_day AS l ON l.zone_no = a.zone_no AND l.on_day = s.to_on`,
  )
  const { parts } = await scope.warehouse.row<{ parts: bigint }>(
    `SELECT count(*) FILTER (NOT is_whole) AS parts FROM ${scratch}.sold_row`,
  )
  return { zones, bands, hasParts: parts > 0n }
}

type InForceOf = { readonly zones: ReadonlyMap<string, number>; readonly time: Window }

/** Whether every service is in force in all of a time, by the latest day on which one begins and the earliest on which one ends. */
function areInForce({ list, calendars }: UsageOf, { zones, time }: InForceOf): boolean {
  const { from, until } = list.columns
  let [begins, ends] = [-1, -1]
  for (let key = 0; key < list.count; key += 1) {
    if (from[key] !== OPEN_DAY && (begins === -1 || (from[key] as number) > (from[begins] as number))) begins = key
    if (until[key] !== OPEN_DAY && (ends === -1 || (until[key] as number) < (until[ends] as number))) ends = key
  }
  const [begun, ended] = [begins === -1 ? null : list.fromOf(begins), ends === -1 ? null : list.untilOf(ends)]
  return [...zones.keys()].every(
    (zone) =>
      (begun === null || calendars.startOfDay(begun, zone) <= time.fromMicros) &&
      (ended === null || calendars.startOfDay(ended, zone) >= time.untilMicros),
  )
}

/**
 * Makes `group_account`: one row per account with services, with the time of its group; `row_offset` is what to take from
 * the `row_key` of a row of it for its number in the group.
 */
async function storeGroupAccounts(scope: PeriodScope, of: UsageOf, zoneOf: (zone: string) => number) {
  const columns = await makeTable(scope, 'group_account', {
    account_no: 'INTEGER',
    group_no: 'INTEGER',
    row_offset: 'INTEGER',
    zone_no: 'INTEGER',
    from_micros: 'BIGINT',
    until_micros: 'BIGINT',
  })
  const writer = await scope.warehouse.writer('group_account', columns, scope.scratch)
  const { account } = of.list.columns
  for (const { number, keys, fromMicros, untilMicros } of of.groups) {
    let last = -1
    // A million rows: no pair is made for each.
    for (let row = 0; row < keys.length; row += 1) {
      const key = keys[row] as number
      const accountNo = account[key] as number
      if (accountNo === last) continue
      last = accountNo
      const zoneNo = zoneOf(of.index.account(of.list.accountOf(key)).timeZone)
      writer.append([accountNo, number, key - row, zoneNo, BigInt(fromMicros), BigInt(untilMicros)])
    }
  }
  writer.close()
}

/** Makes `sold_day`: when each day on which a service begins or ends begins in each zone. */
async function storeDays(
  scope: PeriodScope,
  { calendars }: UsageOf,
  zones: ReadonlyMap<string, number>,
): Promise<void> {
  const { scratch, warehouse } = scope
  const rows = await warehouse.rows<{ on_day: LocalDate }>(
    `SELECT DISTINCT from_on AS on_day FROM ${scratch}.sold_service WHERE from_on IS NOT NULL
     UNION SELECT to_on FROM ${scratch}.sold_service WHERE to_on IS NOT NULL`,
  )
  const columns = await makeTable(scope, 'sold_day', { zone_no: 'INTEGER', on_day: 'DATE', micros: 'BIGINT' })
  const writer = await warehouse.writer('sold_day', columns, scratch)
  for (const [timeZone, zoneNo] of zones)
    for (const { on_day } of rows) writer.append([zoneNo, on_day, BigInt(calendars.startOfDay(on_day, timeZone))])
  writer.close()
}

type ProductsOf = {
  readonly zones: ReadonlyMap<string, number>
  readonly numberOfProduct: ReadonlyMap<string, number>
}

/** Makes `banded_product`: one row per product and zone, with the number of its peak hours there, 0 for none. */
async function storeProducts(scope: PeriodScope, { index }: UsageOf, { zones, numberOfProduct }: ProductsOf) {
  const columns = await makeTable(scope, 'banded_product', {
    listed_no: 'INTEGER',
    zone_no: 'INTEGER',
    product_no: 'INTEGER',
    band_no: 'INTEGER',
  })
  const writer = await scope.warehouse.writer('banded_product', columns, scope.scratch)
  const bands = new Map<string, { bandNo: number; product: string; timeZone: string }>()
  for (const [listedNo, product] of [...index.catalogue.products.values()].entries()) {
    const plan = ratePlanOf(index, product)
    for (const [timeZone, zoneNo] of zones) {
      const key = JSON.stringify([plan?.ratePlan, timeZone])
      const band = bands.get(key) ?? { bandNo: bands.size + 1, product: product.product, timeZone }
      if (plan?.peak) bands.set(key, band)
      const productNo = numberOfProduct.get(product.product) as number
      writer.append([listedNo, zoneNo, productNo, plan?.peak ? band.bandNo : 0])
    }
  }
  writer.close()
  return [...bands.values()]
}
