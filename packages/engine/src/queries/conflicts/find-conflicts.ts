// Finds the conflicts of all user ids: conferences come from the warehouse as columns of numbers, user id by user id, and one
// user id's are held at a time. Writes what it finds into the scratch database, which spills.
import type { LocalDate } from '@spillway/core'
import type { NumberBatch } from '../../warehouse/warehouse.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import type { AccountFacts } from '../calls/account-facts.ts'
import { IDLE_HOURS, legsCte, makeCalls } from '../calls/calls-table.ts'
import { ConflictWriter } from './conflict-writer.ts'
import { UserSweep } from './user-sweep.ts'

export type ConflictWindow = { readonly from: LocalDate; readonly until: LocalDate }

type Finding = ConflictWindow & { readonly scratch: string; readonly accounts: AccountFacts }

/**
 * A user id, and a conference of it, as 63 bits of their hash: the names of millions of legs are not carried along. Two of a
 * thousand conferences of one user id have the same number once in 10^13 times.
 */
export const USER_NO = '(hash(account, service) >> 1)::BIGINT'
export const CONFERENCE_NO = '(hash(source, conference, is_single, is_wall_time) >> 1)::BIGINT'

/** Makes what {@link ConflictWriter} says, of the conflicts that begin in the window. */
export async function storeConflicts(workspace: Workspace, finding: Finding): Promise<void> {
  const { warehouse, tenant } = workspace
  const { scratch, from, until, accounts } = finding
  const usageTypes = ['conference'] as const
  const legs = await legsCte(workspace, { from, until, usageTypes, where: "service <> ''" })
  const zones = await makeZones(workspace, finding)
  const writer = await ConflictWriter.open(warehouse, scratch)
  const sweep = new UserSweep({ clocks: zones.map((zone) => accounts.clockOf(zone)), from, until })
  const zoneNo = zones.length > 1 ? 'any_value(zone_no)' : '0'
  // One row per conference, from the first connect to the last disconnect, by user id.
  const conferences = warehouse.streamNumbers(
    `WITH ${legs} SELECT ${USER_NO} AS user_no, ${CONFERENCE_NO} AS conference_no, epoch_us(min(started_at)) AS started,
       epoch_us(max(ended_at)) AS ended, bool_or(is_wall_time)::INTEGER AS is_wall, ${zoneNo}::INTEGER AS zone_no,
       (count(*) > 1 AND max(ended_at) >= min(started_at) + INTERVAL ${IDLE_HOURS} HOUR)::INTEGER AS is_long
     FROM leg ${zones.length > 1 ? `JOIN ${scratch}.account_zone USING (account)` : ''}
     GROUP BY user_no, conference_no ORDER BY user_no`,
    { tenant },
  )
  if (await sweepAll(conferences, sweep, writer)) {
    writer.flush()
    // Their conferences may be several that took the same number: looked at leg by leg.
    const where = `${USER_NO} IN (SELECT user_no FROM ${scratch}.put_off)`
    await makeCalls(workspace, { scratch, from, until, usageTypes, where, hasDetails: false })
    const sittings = warehouse.streamNumbers(
      `SELECT ${USER_NO} AS user_no, ${CONFERENCE_NO} AS conference_no, epoch_us(started_at) AS started, epoch_us(ended_at) AS ended,
         is_wall_time::INTEGER AS is_wall, ${zones.length > 1 ? 'zone_no' : '0'}::INTEGER AS zone_no, 0::INTEGER AS is_long
       FROM ${scratch}.call ${zones.length > 1 ? `JOIN ${scratch}.account_zone USING (account)` : ''} ORDER BY user_no`,
    )
    await sweepAll(sittings, sweep, writer)
  }
  writer.flush()
}

/** True where user ids were put off. */
async function sweepAll(
  batches: AsyncIterable<NumberBatch>,
  sweep: UserSweep,
  writer: ConflictWriter,
): Promise<boolean> {
  let current: bigint | null = null
  let isPutOff = false
  let hasPutOff = false
  const finish = () => {
    if (current === null) return
    if (isPutOff) writer.putOff(current)
    else for (const conflict of sweep.conflicts()) writer.append(current, conflict)
    sweep.clear()
    hasPutOff ||= isPutOff
    isPutOff = false
  }
  for await (const { count, columns } of batches) {
    const [users, conferences, starts, ends] = columns as ReadonlyArray<BigInt64Array>
    const [walls, zones, longs] = columns.slice(4) as ReadonlyArray<Int32Array>
    for (let row = 0; row < count; row += 1) {
      const userNo = users?.[row] as bigint
      if (userNo !== current) {
        finish()
        current = userNo
      }
      if (longs?.[row] === 1) isPutOff = true
      sweep.add({
        conferenceNo: conferences?.[row] as bigint,
        started: Number(starts?.[row]),
        ended: Number(ends?.[row]),
        isWallTime: walls?.[row] === 1,
        zoneNo: zones?.[row] as number,
      })
    }
  }
  finish()
  return hasPutOff
}

/**
 * An account of each zone that accounts are in, by number of the zone; where there are several, `account_zone` has one row
 * per account.
 */
async function makeZones({ warehouse, tenant }: Workspace, { scratch, accounts }: Finding): Promise<string[]> {
  const found = await warehouse.rows<{ account: string }>(
    "SELECT DISTINCT account FROM usage WHERE tenant = $tenant AND usage_type = 'conference' ORDER BY account",
    { tenant },
  )
  const first = new Map<string, string>()
  for (const { account } of found) {
    const { timeZone } = accounts.clockOf(account)
    if (!first.has(timeZone)) first.set(timeZone, account)
  }
  if (first.size > 1) {
    await warehouse.run(`CREATE TABLE ${scratch}.account_zone (account VARCHAR, zone_no INTEGER)`)
    const writer = await warehouse.writer('account_zone', ['account', 'zone_no'], scratch)
    const zones = [...first.keys()]
    for (const { account } of found) writer.append([account, zones.indexOf(accounts.clockOf(account).timeZone)])
    writer.close()
  }
  return [...first.values()]
}
