// Usage of sold services from before the month that is rated, which no month rated: of days before rating began or of a month
// that was not closed, and of services that the directory of their month did not have. Named once, in the month that it became
// known in, rather than left out. Late usage that a published month takes is corrections' (rate-period.ts).

import {
  type CalendarPeriod,
  type Calendars,
  compareBytes,
  dayNumber,
  type IndexedCatalogue,
  type LocalDate,
  type Problem,
  problem,
} from '@spillway/core'
import { runsOf } from '../../warehouse/live-documents.ts'
import { literal } from '../../warehouse/sql-literal.ts'
import { FIRST_DAY, LAST_DAY } from '../allocate/define-pools.ts'
import { type PeriodScope, pinned, soldFacts } from '../allocate/period-scope.ts'
import { makeTable } from './make-table.ts'
import { billingPeriod } from './rating-groups.ts'
import type { RatedMonthOfRun } from './rating-inputs.ts'
import type { SoldList } from './sold-list.ts'

export type PastOf = {
  readonly index: IndexedCatalogue
  readonly calendars: Calendars
  readonly list: SoldList
  /** The months that the rating of this one stands on, the newest first. */
  readonly chain: ReadonlyArray<RatedMonthOfRun>
}

export async function findUsageOfNoMonth(scope: PeriodScope, of: PastOf): Promise<Problem[]> {
  const periods = startsOf(scope, of)
  if (periods.length === 0 || !(await hasCandidates(scope, of, periods))) return []
  await storeSoldPast(scope, of)
  await storeRatedMonths(scope, of)
  // One row per service and reason: events before the month that no rated month has.
  const rows = await scope.warehouse.rows<{ service: string; period: string; events: bigint; first_at: string }>(
    `WITH late AS (FROM (${candidatesSql(scope, of, periods)})),
     past AS (
       SELECT l.*, s.account FROM late AS l JOIN ${scope.scratch}.sold_past AS s ON s.service = l.service
         AND l.at_micros >= CASE WHEN l.is_wall_time THEN s.from_wall ELSE s.from_micros END
         AND l.at_micros < CASE WHEN l.is_wall_time THEN s.until_wall ELSE s.until_micros END),
     known AS (${knownSql(scope, of)}),
     placed AS (
       SELECT p.service, p.started_at, coalesce(r.period, '') AS period, r.month_no,
         r.month_no IS NOT NULL AND (p.is_negative OR EXISTS (SELECT 1 FROM known AS k WHERE k.month_no = r.month_no
           AND k.service = p.service AND k.from_on <= p.started_at AND p.started_at < k.to_on)) AS is_rated
       FROM past AS p LEFT JOIN ${scope.scratch}.rated_month AS r ON r.account = p.account
         AND p.at_micros >= CASE WHEN p.is_wall_time THEN r.from_wall ELSE r.from_micros END
         AND p.at_micros < CASE WHEN p.is_wall_time THEN r.until_wall ELSE r.until_micros END)
     SELECT service, period, count(*) AS events, min(started_at)::VARCHAR AS first_at FROM placed WHERE NOT is_rated
     GROUP BY ALL ORDER BY ALL`,
    { tenant: scope.tenant },
  )
  return rows.map(({ service, period, events, first_at }) =>
    problem('usage-not-rated', {
      service,
      events: Number(events),
      reason:
        period === ''
          ? 'no month that was closed has their days'
          : `the services of ${period} did not have it when it was closed`,
      first: first_at,
    }),
  )
}

const MICROS_PER_DAY = 86_400_000_000n
const wallOf = (on: LocalDate) => BigInt(dayNumber(on)) * MICROS_PER_DAY

/** Condition on the rows of an alias: of one of the documents, as ranges. */
function amongSql(documents: ReadonlyArray<number>, alias: string): string {
  const ranges = runsOf(documents).map(([first, last]) => `${alias}.doc BETWEEN ${first} AND ${last}`)
  return ranges.length === 0 ? 'false' : `(${ranges.join(' OR ')})`
}

/** The billing periods of the month, one per clock and cycle of the accounts. */
function startsOf({ period: month }: PeriodScope, { index, calendars, list }: PastOf): CalendarPeriod[] {
  return [...new Set([...list.accountNames].map((id) => billingPeriod({ calendars, month }, index.account(id))))]
}

/** What was not known when the month before was closed. */
function changedDocuments({ documents }: PeriodScope, { chain: [before] }: PastOf): ReadonlyArray<number> {
  if (before === undefined) return documents
  const known = new Set(before.documents)
  return documents.filter((doc) => !known.has(doc))
}

function latestStart(periods: ReadonlyArray<CalendarPeriod>) {
  return {
    micros: Math.max(...periods.map(({ startMicros }) => startMicros)),
    on: periods.map(({ startOn }) => startOn).reduce((last, on) => (on > last ? on : last)),
  }
}

/** Rows of `usage` from before the month that a changed document has, or that are of a service that has other rows now. */
function candidatesSql(scope: PeriodScope, of: PastOf, periods: ReadonlyArray<CalendarPeriod>): string {
  const { micros, on } = latestStart(periods)
  const [instant, wall] = [`make_timestamp(${micros})`, `TIMESTAMP ${literal(on)}`]
  return `SELECT u.service, u.started_at, epoch_us(u.started_at) AS at_micros, u.is_wall_time, u.quantity_base < 0 AS is_negative
    FROM ${soldFacts(scope, 'usage')} AS u WHERE ${pinned(scope, 'u')} AND u.started_at < greatest(${instant}, ${wall}) AND u.quantity_base <> 0
      AND u.started_at < CASE WHEN u.is_wall_time THEN ${wall} ELSE ${instant} END
      AND (${amongSql(changedDocuments(scope, of), 'u')} OR u.service IN (${changedServicesSql(scope, of)}))`
}

/** Services of which the directory of now has a row that the month before did not have; none where nothing was rated before. */
function changedServicesSql(scope: PeriodScope, of: PastOf): string {
  const [before] = of.chain
  const products = [...of.index.catalogue.products.keys()]
  const changed = changedDocuments(scope, of)
  if (before === undefined || changed.length === 0) return `SELECT '' WHERE false`
  const rows = (among: string, names: ReadonlyArray<string>) =>
    `SELECT s.service, s.account, s.product, s.from_on, s.to_on FROM service AS s WHERE s.tenant = $tenant AND ${among}
       AND s.product IN (${names.map(literal).join(', ')})`
  return `SELECT service FROM (${rows(amongSql(changed, 's'), products)}
    EXCEPT ${rows(amongSql(before.documents, 's'), before.products)})`
}

async function hasCandidates(scope: PeriodScope, of: PastOf, periods: ReadonlyArray<CalendarPeriod>): Promise<boolean> {
  const found = await scope.warehouse.rows(`SELECT 1 FROM (${candidatesSql(scope, of, periods)}) LIMIT 1`, {
    tenant: scope.tenant,
  })
  return found.length > 0
}

const EVER = 2n ** 62n

/** Makes `sold_past`: one row per row of a service, its days before the month as instants and as wall times. */
async function storeSoldPast(scope: PeriodScope, { index, calendars, list }: PastOf): Promise<void> {
  const columns = await makeTable(scope, 'sold_past', {
    service: 'VARCHAR',
    account: 'VARCHAR',
    from_micros: 'BIGINT',
    until_micros: 'BIGINT',
    from_wall: 'BIGINT',
    until_wall: 'BIGINT',
  })
  const writer = await scope.warehouse.writer('sold_past', columns, scope.scratch)
  for (const { service, account: id, from, until } of list.all) {
    const account = index.account(id)
    const { startOn, startMicros } = billingPeriod({ calendars, month: scope.period }, account)
    if (from !== null && from >= startOn) continue
    const end = until === null || until > startOn ? startOn : until
    const endMicros = end === startOn ? startMicros : calendars.startOfDay(end, account.timeZone)
    const fromMicros = from === null ? -EVER : BigInt(calendars.startOfDay(from, account.timeZone))
    writer.append([service, id, fromMicros, BigInt(endMicros), from === null ? -EVER : wallOf(from), wallOf(end)])
  }
  writer.close()
}

/** Makes `rated_month`: one row per account and month that was rated. */
async function storeRatedMonths(scope: PeriodScope, { index, calendars, list, chain }: PastOf): Promise<void> {
  const columns = await makeTable(scope, 'rated_month', {
    account: 'VARCHAR',
    month_no: 'INTEGER',
    period: 'VARCHAR',
    from_micros: 'BIGINT',
    until_micros: 'BIGINT',
    from_wall: 'BIGINT',
    until_wall: 'BIGINT',
  })
  const writer = await scope.warehouse.writer('rated_month', columns, scope.scratch)
  const accounts = [...list.accountNames].sort(compareBytes)
  for (const [monthNo, { period: month }] of chain.entries())
    for (const account of accounts) {
      const period = billingPeriod({ calendars, month }, index.account(account))
      const walls = [wallOf(period.startOn), wallOf(period.endOn)]
      writer.append([account, monthNo, month.name, BigInt(period.startMicros), BigInt(period.untilMicros), ...walls])
    }
  writer.close()
}

/** Days on which a rated month knew a service, a day more on either side: its zone is not asked. */
function knownSql({ tenant }: PeriodScope, { chain }: PastOf): string {
  const known = chain.flatMap(({ documents, products }, monthNo) =>
    products.length === 0
      ? []
      : [
          `SELECT ${monthNo} AS month_no, s.service, coalesce(s.from_on, DATE '${FIRST_DAY}') - 1 AS from_on,
             coalesce(s.to_on + 1, DATE '${LAST_DAY}') AS to_on
           FROM service AS s WHERE s.tenant = ${literal(tenant)} AND ${amongSql(documents, 's')}
             AND s.product IN (${products.map(literal).join(', ')}) AND s.service IN (SELECT service FROM late)`,
        ],
  )
  const none = `SELECT 0 AS month_no, '' AS service, DATE '${FIRST_DAY}' AS from_on, DATE '${FIRST_DAY}' AS to_on WHERE false`
  return known.length === 0 ? none : known.join(' UNION ALL ')
}
