// Finds the conflicts of all user ids: conferences come from the warehouse as columns of numbers, user id by user id, and one
// user id's are held at a time.
import type { LocalDate } from '@spillway/core'
import type { NumberBatch } from '../../warehouse/warehouse.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import type { AccountFacts } from '../calls/account-facts.ts'
import { IDLE_HOURS, legsCte, makeCalls } from '../calls/calls-table.ts'
import { ConflictWriter } from './conflict-writer.ts'
import { UserSweep } from './user-sweep.ts'

export type ConflictWindow = { readonly from: LocalDate; readonly until: LocalDate }

type Finding = ConflictWindow & {
  readonly scratch: string
  readonly accounts: AccountFacts
  /** Of the columns of `usage`; all user ids where it is left out. */
  readonly where?: string
}

/** Is handed each user id once, with all of its conferences in the sweep. */
export type SweptUser = (userNo: bigint, sweep: UserSweep) => void

/**
 * A user id, and a conference of it, as bits of their hash: the names of millions of legs are not carried along. Two of a
 * thousand conferences of one user id have the same number once in 10^12 times. The last bit of a conference says that its
 * times are those of a wall clock.
 */
const USER_HASH = 'hash(account, service)'
const userNo = (hash: string) => `(${hash} >> 1)::BIGINT`
export const USER_NO = userNo(USER_HASH)
export const CONFERENCE_NO =
  '(((hash(source, conference) >> 3) << 2) | (is_single::UBIGINT << 1) | is_wall_time::UBIGINT)::BIGINT'

/** Makes what {@link ConflictWriter} says, of the conflicts that begin in the window. */
export async function storeConflicts(workspace: Workspace, finding: Finding): Promise<void> {
  const writer = await ConflictWriter.open(workspace.warehouse, finding.scratch)
  await sweepUsers(workspace, finding, (userNo, sweep) => {
    for (const conflict of sweep.conflicts()) writer.append(userNo, conflict)
  })
  writer.close()
}

/** Sweeps the conferences of every user id that has any around the window. */
export async function sweepUsers(workspace: Workspace, finding: Finding, swept: SweptUser): Promise<void> {
  const { warehouse, tenant } = workspace
  const { scratch, from, until, accounts, where = "service <> ''" } = finding
  const usageTypes = ['conference'] as const
  const legs = await legsCte(workspace, { from, until, usageTypes, where })
  const zones = await makeZones(workspace, finding)
  const sweep = new UserSweep({ clocks: zones.map((zone) => accounts.clockOf(zone)), from, until })
  const hasZones = zones.length > 1
  const join = hasZones ? `JOIN ${scratch}.account_zone USING (account)` : ''
  // One row per conference, from the first connect to the last disconnect, by user id.
  const conferences = warehouse.streamNumbers(
    `WITH ${legs} SELECT ${userNo('user_hash')} AS user_no, conference_no, epoch_us(started_at) AS started,
       epoch_us(ended_at) AS ended, zone_no::INTEGER AS zone_no,
       (legs > 1 AND ended_at >= started_at + INTERVAL ${IDLE_HOURS} HOUR)::INTEGER AS is_long
     FROM (SELECT ${USER_HASH} AS user_hash, ${CONFERENCE_NO} AS conference_no, min(started_at) AS started_at,
         max(ended_at) AS ended_at, count(*) AS legs, ${hasZones ? 'any_value(zone_no)' : '0'} AS zone_no
       FROM leg ${join} GROUP BY user_hash, conference_no) ORDER BY user_no`,
    { tenant },
  )
  const putOff = await sweepAll(conferences, sweep, swept)
  if (putOff.length === 0) return
  await warehouse.run(`CREATE TABLE ${scratch}.put_off (user_no BIGINT)`)
  const writer = await warehouse.writer('put_off', ['user_no'], scratch)
  for (const user of putOff) writer.append([user])
  writer.close()
  // Their conferences may be several that took the same number: looked at leg by leg.
  const isPutOff = `${USER_NO} IN (SELECT user_no FROM ${scratch}.put_off)`
  await makeCalls(workspace, { scratch, from, until, usageTypes, where: isPutOff, hasDetails: false })
  const sittings = warehouse.streamNumbers(
    `SELECT ${USER_NO} AS user_no, ${CONFERENCE_NO} AS conference_no, epoch_us(started_at) AS started, epoch_us(ended_at) AS ended,
       ${hasZones ? 'zone_no' : '0'}::INTEGER AS zone_no, 0::INTEGER AS is_long
     FROM ${scratch}.call ${join} ORDER BY user_no`,
  )
  await sweepAll(sittings, sweep, swept)
}

/** The user ids that were put off. */
async function sweepAll(
  batches: AsyncIterable<NumberBatch>,
  sweep: UserSweep,
  swept: SweptUser,
): Promise<ReadonlyArray<bigint>> {
  const putOff: bigint[] = []
  let current: bigint | null = null
  let [low, high] = [0, 0]
  let isPutOff = false
  const finish = () => {
    if (current === null) return
    if (isPutOff) putOff.push(current)
    else swept(current, sweep)
    sweep.clear()
    isPutOff = false
  }
  for await (const { count, columns } of batches) {
    const [users, conferences, started, ended] = columns.slice(0, 4).map(wordsOf) as [
      Int32Array,
      Int32Array,
      Int32Array,
      Int32Array,
    ]
    const [zones, longs] = columns.slice(4) as [Int32Array, Int32Array]
    for (let from = 0; from < count; ) {
      if (current === null || users[2 * from] !== low || users[2 * from + 1] !== high) {
        finish()
        current = columns[0]?.[from] as bigint
        low = users[2 * from] as number
        high = users[2 * from + 1] as number
      }
      let until = from
      for (; until < count && users[2 * until] === low && users[2 * until + 1] === high; until += 1)
        if (longs[until] === 1) isPutOff = true
      sweep.add({ started, ended, conferences }, { from, until, zoneNo: zones[from] as number })
      from = until
    }
  }
  finish()
  return putOff
}

/** BIGINTs as pairs of words, the lower one first, as they lie in memory: a bigint read is an object made. */
function wordsOf({ buffer, byteOffset, length }: NumberBatch['columns'][number]): Int32Array {
  return new Int32Array(buffer, byteOffset, 2 * length)
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
