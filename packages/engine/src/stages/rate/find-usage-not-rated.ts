// Usage of sold services that no run can rate, named rather than left out: of days on which the service is on no account,
// and corrections of less than nothing.

import { type CustomerAccount, dayNumber, type Problem, problem } from '@spillway/core'
import { type PeriodScope, pinned, soldFacts } from '../allocate/period-scope.ts'
import { makeTable } from './make-table.ts'
import { billingPeriod, type GroupsOf, type RatingGroup } from './rating-groups.ts'
import { OPEN_DAY, type SoldList } from './sold-list.ts'
import type { SoldUsage } from './sold-usage.ts'

const MICROS_PER_DAY = 86_400_000_000n

type NotRatedOf = GroupsOf & {
  readonly groups: ReadonlyArray<RatingGroup>
  readonly usage: SoldUsage
  readonly list: SoldList
}

export async function findUsageNotRated(scope: PeriodScope, of: NotRatedOf): Promise<Problem[]> {
  const { warehouse, scratch, tenant } = scope
  if (!of.usage.hasNegative && !hasParts(of)) return []
  const columns = await makeTable(scope, 'sold_month', {
    service: 'VARCHAR',
    from_micros: 'BIGINT',
    until_micros: 'BIGINT',
    from_wall: 'BIGINT',
    until_wall: 'BIGINT',
    is_whole: 'BOOLEAN',
  })
  const writer = await warehouse.writer('sold_month', columns, scratch)
  for (const group of of.groups)
    for (const { service, account, from, until } of group.services) {
      const { startMicros, untilMicros, startOn, endOn } = billingPeriod(of, of.index.account(account))
      const [fromWall, untilWall] = [startOn, endOn].map((on) => BigInt(dayNumber(on)) * MICROS_PER_DAY)
      const isWhole = (from === null || from <= startOn) && (until === null || until >= endOn)
      writer.append([
        ...[service, BigInt(startMicros), BigInt(untilMicros), fromWall as bigint, untilWall as bigint],
        isWhole,
      ])
    }
  writer.close()
  const negative = `u.quantity_base < 0`
  // Services in force for the whole of their month have no day without an account; where all are, few rows are looked at.
  const uncovered = !hasParts(of)
    ? 'false'
    : `u.quantity_base > 0 AND u.service IN (SELECT service FROM part) AND NOT EXISTS (
    SELECT 1 FROM rated AS e WHERE e.source = u.source AND e.id = u.id)`
  // One row per service and reason: events of its month that the run cannot draw.
  const rows = await warehouse.rows<{ service: string; is_negative: boolean; events: bigint; first_at: string }>(
    `WITH sold AS (SELECT service, min(from_micros) AS from_micros, max(until_micros) AS until_micros,
         min(from_wall) AS from_wall, max(until_wall) AS until_wall, bool_or(is_whole) AS is_whole
       FROM ${scratch}.sold_month GROUP BY service),
     part AS (SELECT service FROM sold WHERE NOT is_whole),
     rated AS (SELECT source, id FROM (${of.usage.eventsWhere('u.service IN (SELECT service FROM part)')}))
     SELECT u.service, ${negative} AS is_negative, count(*) AS events, min(u.started_at)::VARCHAR AS first_at
     FROM ${soldFacts(scope, 'usage')} AS u JOIN sold AS m ON m.service = u.service
     WHERE ${pinned(scope, 'u')} AND (${negative} OR (${uncovered}))
       AND epoch_us(u.started_at) >= CASE WHEN u.is_wall_time THEN m.from_wall ELSE m.from_micros END
       AND epoch_us(u.started_at) < CASE WHEN u.is_wall_time THEN m.until_wall ELSE m.until_micros END
     GROUP BY ALL ORDER BY ALL`,
    { tenant },
  )
  return rows.map(({ service, is_negative, events, first_at }) =>
    problem('usage-not-rated', {
      service,
      events: Number(events),
      reason: is_negative ? 'it is less than nothing' : 'the service is on no account of ours then',
      first: first_at,
    }),
  )
}

/** Whether a service is not in force on all days of its month. */
function hasParts({ groups, list, ...of }: NotRatedOf): boolean {
  const { account, from, until } = list.columns
  let last: { readonly account: number; readonly startOn: string; readonly endOn: string } | null = null
  for (const { keys } of groups)
    for (const key of keys) {
      if (from[key] === OPEN_DAY && until[key] === OPEN_DAY) continue
      const number = account[key] as number
      if (last === null || last.account !== number)
        last = { account: number, ...daysOf(of, of.index.account(list.accountOf(key))) }
      const [begins, ends] = [list.fromOf(key), list.untilOf(key)]
      if ((begins !== null && begins > last.startOn) || (ends !== null && ends < last.endOn)) return true
    }
  return false
}

function daysOf(of: Pick<GroupsOf, 'calendars' | 'month'>, account: CustomerAccount) {
  const { startOn, endOn } = billingPeriod(of, account)
  return { startOn, endOn }
}
