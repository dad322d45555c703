// What is asked of the roll-ups, and beside each the leanest SQL that somebody who knows the tables would write for the same
// figures: over the stored numbers, summed before anything is named, with names for what is shown alone.
import { EARLIER, NEWEST } from './roll-ups-workspace.ts'

export type Question = { readonly path: string; readonly bare: string }
export type Kind = {
  readonly name: string
  /** Of the questions of the mix. */
  readonly weight: number
  /** What everybody opens. */
  readonly standing: Question
  /** One of many: another month, another filter, another order. */
  readonly other: (pick: Pick) => Question
}

/** A whole number from 0 to below `count`. */
export type Pick = (count: number) => number

const TENANT = `tenant = 'default'`
const ofRun = (month: string) => `${TENANT} AND run = '${month}.1'`
const numberOf = (month: string) => `(SELECT run_no FROM run_number WHERE ${ofRun(month)})`
const SUMS = 'sum(actual_minor) AS actual, sum(adjusted_minor) AS adjusted'
const NAMED_SUMS = 'sum(actual) AS actual, sum(adjusted) AS adjusted'

type Sums = { readonly month: string; readonly centre?: string | undefined; readonly order?: string }

function wherePart({ month, centre }: Sums): string {
  const ofCentre = `owner_no IN (SELECT owner_no FROM run_owner WHERE ${ofRun(month)} AND cost_centre = '${centre}')`
  return `run_no = ${numberOf(month)}${centre === undefined ? '' : ` AND ${ofCentre}`}`
}

/** A page of sums, how many rows all of it has, and what they come to. */
const paged = (rows: string, order: string) => `WITH row AS MATERIALIZED (${rows})
  SELECT * FROM (SELECT * FROM row ORDER BY ${order} LIMIT 200)
  UNION ALL BY NAME SELECT currency, count(*) AS rows, ${NAMED_SUMS} FROM row GROUP BY currency`

function byNumber(key: string, number: string, table: string, sums: Sums): string {
  const { month } = sums
  return paged(
    `SELECT ${key} AS key, currency, ${NAMED_SUMS}
     FROM (SELECT ${number}, sort_no, ${SUMS} FROM carried_row_stored WHERE ${wherePart(sums)} GROUP BY ALL)
     JOIN (FROM ${table} WHERE ${ofRun(month)}) USING (${number})
     JOIN (FROM run_charge_kind WHERE ${ofRun(month)}) USING (sort_no) GROUP BY ALL`,
    'key, currency',
  )
}

/** The numbers of services are in their order, so that none but those of the page need be named. */
function byService(sums: Sums): string {
  const { month, order = 'service_no, currency' } = sums
  const page = paged(
    `SELECT service_no, currency, ${NAMED_SUMS}
     FROM (SELECT service_no, sort_no, ${SUMS} FROM carried_row_stored WHERE ${wherePart(sums)} GROUP BY ALL)
     JOIN (FROM run_charge_kind WHERE ${ofRun(month)}) USING (sort_no) GROUP BY ALL`,
    order,
  )
  return `SELECT * FROM (${page}) LEFT JOIN (FROM run_service_stored WHERE run_no = ${numberOf(month)}) USING (service_no)`
}

function trend(key: string, number: string, table: string, centre?: string): string {
  const ofCentre = `(run_no, owner_no) IN (SELECT (run_no, owner_no) FROM run_owner JOIN run_number USING (tenant, run) WHERE cost_centre = '${centre}')`
  return `SELECT ${key} AS key, currency, run, ${NAMED_SUMS}
    FROM (SELECT run_no, ${number}, sort_no, ${SUMS} FROM carried_row_stored ${centre === undefined ? '' : `WHERE ${ofCentre}`} GROUP BY ALL)
    LEFT JOIN run_number USING (run_no) LEFT JOIN ${table} USING (tenant, run, ${number})
    LEFT JOIN run_charge_kind USING (tenant, run, sort_no) GROUP BY ALL ORDER BY ALL`
}

function movers(key: string, number: string, names: string, month: string): string {
  const [now, before] = [month, EARLIER[[NEWEST, ...EARLIER].indexOf(month)] as string]
  return `WITH moved AS MATERIALIZED (SELECT ${key} AS key, currency, sum(minor) FILTER (run = '${now}.1') AS now_minor,
      sum(minor) FILTER (run = '${before}.1') AS before_minor, coalesce(now_minor, 0) - coalesce(before_minor, 0) AS change
    FROM (SELECT run_no, ${number}, sort_no, sum(adjusted_minor) AS minor FROM carried_row_stored
      WHERE run_no IN (${numberOf(now)}, ${numberOf(before)}) GROUP BY ALL)
    LEFT JOIN run_number USING (run_no) LEFT JOIN ${names}
    LEFT JOIN run_charge_kind USING (tenant, run, sort_no) GROUP BY ALL)
    SELECT * FROM (FROM moved ORDER BY change DESC, key LIMIT 10) UNION ALL SELECT * FROM (FROM moved ORDER BY change, key LIMIT 10)`
}

const pools = (month: string, order: string) =>
  paged(
    `SELECT pool, currency, actual, adjusted, members, used FROM
      (SELECT pool, currency, ${NAMED_SUMS}
       FROM (SELECT part_no, ${SUMS} FROM allocation_row_stored WHERE run_no = ${numberOf(month)} GROUP BY ALL)
       JOIN (FROM run_part WHERE ${ofRun(month)}) USING (part_no) GROUP BY ALL)
     LEFT JOIN (SELECT pool, count(DISTINCT service_no) AS members FROM allocation_row_stored
       JOIN (FROM run_part WHERE ${ofRun(month)}) USING (part_no) WHERE run_no = ${numberOf(month)} GROUP BY pool) USING (pool)
     LEFT JOIN (SELECT pool, used FROM (SELECT pool_no, sum(quantity_base) AS used FROM used_row_stored
       WHERE run_no = ${numberOf(month)} GROUP BY ALL) JOIN (FROM run_pool WHERE ${ofRun(month)}) USING (pool_no)) USING (pool)`,
    order,
  )

/** Parts are numbered in the order of pools and components. */
function allocation(month: string, pool?: string): string {
  const ofPool = `part_no IN (SELECT part_no FROM run_part WHERE ${ofRun(month)} AND pool = '${pool}')`
  const rows = `allocation_row_stored WHERE run_no = ${numberOf(month)}${pool === undefined ? '' : ` AND ${ofPool}`}`
  return `SELECT pool, component, currency, service, actual_minor, adjusted_minor FROM
      (SELECT * FROM ${rows} ORDER BY part_no, service_no LIMIT 200)
    JOIN (FROM run_part WHERE ${ofRun(month)}) USING (part_no)
    JOIN (FROM run_service_stored WHERE run_no = ${numberOf(month)}) USING (service_no)
    UNION ALL BY NAME SELECT currency, sum(rows) AS rows, ${NAMED_SUMS}
      FROM (SELECT part_no, count(*) AS rows, ${SUMS} FROM ${rows} GROUP BY part_no)
      JOIN (FROM run_part WHERE ${ofRun(month)}) USING (part_no) GROUP BY currency`
}

const anyMonth = (pick: Pick) => [NEWEST, ...EARLIER][pick(13)] as string
/** Of lists of services people look at the month that was closed last and at the one before. */
const lateMonth = (pick: Pick) => [NEWEST, ...EARLIER][pick(2)] as string
const centre = (pick: Pick) => `CC-${String(pick(1000)).padStart(4, '0')}`
const pool = (pick: Pick) => `P-${String(pick(2000)).padStart(6, '0')}`

/** Nobody asks how many services a vendor has in a trend: that is a column of its own. */
const TREND_COLUMNS = 'key,name,currency,month,state,actual,adjusted,change,change_share,year_change,year_change_share'

function charges(by: string, month: string, of: { readonly centre?: string; readonly sort?: string } = {}): string {
  const where = of.centre === undefined ? '' : `&where=cost-centre%3D${of.centre}`
  return `charges?period=${month}&by=${by}${where}${of.sort === undefined ? '' : `&sort=${of.sort}`}`
}

const trendPath = (by: string, centre?: string) =>
  `trend?period=${NEWEST}&by=${by}&months=13&columns=${TREND_COLUMNS}${centre === undefined ? '' : `&where=cost-centre%3D${centre}`}`

type Asked = { readonly month: string; readonly centre?: string }
const chargesBy =
  (by: string, key: string, number: string, table: string) =>
  (asked: Asked): Question => ({
    path: charges(by, asked.month, asked),
    bare: byNumber(key, number, table, asked),
  })
const byCentre = chargesBy('cost-centre', 'cost_centre', 'owner_no', 'run_owner')
const byVendor = chargesBy('vendor', 'vendor', 'bill_no', 'run_bill')
const byPool = chargesBy('pool', 'pool', 'name_no', 'run_component')
const byPerson = chargesBy('person', 'person', 'owner_no', 'run_owner')
const services = (asked: Asked): Question => ({ path: charges('service', asked.month, asked), bare: byService(asked) })
const dearest = (month: string): Question => ({
  path: charges('service', month, { sort: '-adjusted' }),
  bare: byService({ month, order: 'adjusted DESC, service_no' }),
})

export const KINDS: ReadonlyArray<Kind> = [
  {
    ...{ name: 'charges by cost centre', weight: 4 },
    standing: byCentre({ month: NEWEST }),
    other: (pick) => byCentre({ month: anyMonth(pick) }),
  },
  {
    ...{ name: 'charges by vendor', weight: 3 },
    standing: byVendor({ month: NEWEST }),
    other: (pick) => byVendor({ month: anyMonth(pick), centre: centre(pick) }),
  },
  {
    ...{ name: 'charges by person', weight: 1 },
    standing: byPerson({ month: NEWEST }),
    other: (pick) => byPerson({ month: anyMonth(pick), centre: centre(pick) }),
  },
  {
    ...{ name: 'charges by pool', weight: 1 },
    standing: byPool({ month: NEWEST }),
    other: (pick) => byPool({ month: anyMonth(pick), centre: centre(pick) }),
  },
  {
    ...{ name: 'charges by service', weight: 2 },
    standing: services({ month: NEWEST }),
    other: (pick) => services({ month: lateMonth(pick) }),
  },
  {
    ...{ name: 'charges by service of a cost centre', weight: 3 },
    standing: services({ month: NEWEST, centre: 'CC-0001' }),
    other: (pick) => services({ month: anyMonth(pick), centre: centre(pick) }),
  },
  {
    ...{ name: 'charges by service, the dearest', weight: 1 },
    standing: dearest(NEWEST),
    other: (pick) => dearest(lateMonth(pick)),
  },
  {
    ...{ name: 'trend of 13 months by vendor', weight: 2 },
    standing: { path: trendPath('vendor'), bare: trend('vendor', 'bill_no', 'run_bill') },
    other: (pick) => {
      const of = centre(pick)
      return { path: trendPath('vendor', of), bare: trend('vendor', 'bill_no', 'run_bill', of) }
    },
  },
  {
    ...{ name: 'trend of 13 months by cost centre', weight: 1 },
    standing: { path: trendPath('cost-centre'), bare: trend('cost_centre', 'owner_no', 'run_owner') },
    other: (pick) => {
      const of = centre(pick)
      return { path: trendPath('cost-centre', of), bare: trend('cost_centre', 'owner_no', 'run_owner', of) }
    },
  },
  {
    ...{ name: 'movers by cost centre', weight: 2 },
    standing: moversBy('cost-centre', NEWEST),
    other: (pick) => moversBy('cost-centre', lateMonth(pick), 5 + pick(20)),
  },
  {
    ...{ name: 'movers by service', weight: 1 },
    standing: moversBy('service', NEWEST),
    other: (pick) => moversBy('service', NEWEST, 5 + pick(20)),
  },
  {
    ...{ name: 'pools', weight: 2 },
    standing: { path: `pools?period=${NEWEST}`, bare: pools(NEWEST, 'pool, currency') },
    other: (pick) => {
      const month = anyMonth(pick)
      return { path: `pools?period=${month}&sort=-adjusted`, bare: pools(month, 'adjusted DESC, pool, currency') }
    },
  },
  {
    ...{ name: 'allocation', weight: 1 },
    standing: { path: `allocation?period=${NEWEST}`, bare: allocation(NEWEST) },
    other: (pick) => {
      const month = anyMonth(pick)
      return { path: `allocation?period=${month}`, bare: allocation(month) }
    },
  },
  {
    ...{ name: 'allocation of a pool', weight: 2 },
    standing: { path: `allocation?period=${NEWEST}&where=pool%3DP-000001`, bare: allocation(NEWEST, 'P-000001') },
    other: (pick) => {
      const [month, of] = [anyMonth(pick), pool(pick)]
      return { path: `allocation?period=${month}&where=pool%3D${of}`, bare: allocation(month, of) }
    },
  },
  {
    ...{ name: 'tree of cost centres', weight: 2 },
    standing: { path: `cost-centres?period=${NEWEST}`, bare: byCentre({ month: NEWEST }).bare },
    other: (pick) => {
      const month = anyMonth(pick)
      return { path: `cost-centres?period=${month}`, bare: byCentre({ month }).bare }
    },
  },
]

function moversBy(by: 'cost-centre' | 'service', month: string, count = 10): Question {
  const path = `movers?period=${month}&by=${by}&count=${count}`
  return by === 'service'
    ? { path, bare: movers('service', 'service_no', 'run_service_stored USING (run_no, service_no)', month) }
    : { path, bare: movers('cost_centre', 'owner_no', 'run_owner USING (tenant, run, owner_no)', month) }
}
