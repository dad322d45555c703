// Calls with what a report of time says of them, service by service: when, how long, who was in it, which code was dialled.
import type { LocalDate } from '@spillway/core'
import type { Workspace } from '../../workspace/workspace.ts'
import type { AccountFacts } from '../calls/account-facts.ts'
import { type CallType, makeCalls } from '../calls/calls-table.ts'

export type Call = {
  readonly account: string
  readonly service: string
  readonly source: string
  readonly usageType: CallType
  /** The conference, or the id of the row that is the call. */
  readonly conference: string
  /** The smallest id of its legs. */
  readonly firstId: string
  readonly startMicros: number
  /** Of the account. */
  readonly startText: string
  readonly startedOn: LocalDate
  /** From the first connect to the last disconnect; a second that has begun counts. */
  readonly seconds: number
  /** What its legs used together, as billed. */
  readonly usedSeconds: bigint
  readonly code: string
  readonly participants: number
  readonly people: ReadonlyArray<string>
  readonly peers: ReadonlyArray<string>
}

type CallRow = {
  account: string
  service: string
  source: string
  usage_type: CallType
  conference: string
  first_id: string
  is_wall_time: boolean
  started: bigint
  ended: bigint
  seconds: bigint
  account_code: string
  participants: number
  people: string[]
  peers: string[]
}

const MICROS_PER_SECOND = 1_000_000

type Window = { readonly scratch: string; readonly from: LocalDate; readonly until: LocalDate }

/** Makes `call` in the scratch database, of rows of usage that meet the condition if there is one. */
export function makeCallsToRead(
  workspace: Workspace,
  { where, ...window }: Window & { readonly where?: string | undefined },
): Promise<void> {
  const usageTypes = ['conference', 'voice'] as const
  return makeCalls(workspace, { ...window, usageTypes, hasDetails: true, ...(where === undefined ? {} : { where }) })
}

/**
 * The calls of one service after the other that begin on local days of the window, each service's in order of time: of `call` in
 * the scratch database.
 */
export async function* readCalls(
  workspace: Workspace,
  { scratch, accounts, from, until }: Window & { readonly accounts: AccountFacts },
): AsyncGenerator<ReadonlyArray<Call>> {
  // One row per call.
  const rows = workspace.warehouse.stream<CallRow>(
    `SELECT account, service, source, usage_type, conference, first_id, is_wall_time, epoch_us(started_at) AS started,
       epoch_us(ended_at) AS ended, seconds, account_code, participants, people, peers
     FROM ${scratch}.call ORDER BY service, started_at, account, source, first_id`,
  )
  let calls: Call[] = []
  let current: string | null = null
  for await (const batch of rows)
    for (const row of batch) {
      if (row.service !== current) {
        if (calls.length > 0) yield calls
        calls = []
        current = row.service
      }
      const call = toCall(row, accounts)
      if (call.startedOn >= from && call.startedOn < until) calls.push(call)
    }
  if (calls.length > 0) yield calls
}

function toCall(row: CallRow, accounts: AccountFacts): Call {
  const clock = accounts.clockOf(row.account)
  const isWallTime = row.is_wall_time
  const startMicros = clock.instantOf(Number(row.started), { isWallTime })
  const endMicros = clock.instantOf(Number(row.ended), { isWallTime })
  return {
    account: row.account,
    service: row.service,
    source: row.source,
    usageType: row.usage_type,
    conference: row.conference,
    firstId: row.first_id,
    startMicros,
    startText: clock.text(startMicros),
    startedOn: clock.localDate(startMicros),
    seconds: Math.max(0, Math.ceil((endMicros - startMicros) / MICROS_PER_SECOND)),
    usedSeconds: row.seconds,
    code: row.account_code,
    participants: row.participants,
    people: row.people,
    peers: row.peers,
  }
}
