// `report conflicts`: two conferences or more at once under one user id, when, how long and who was in them; by user id, how
// many were at once and which sub-accounts to add so that none would have been (spec, accounts, "Simultaneous use").
import {
  addDays,
  addedUserIds,
  compareBytes,
  type LocalDate,
  type Period,
  type Report,
  type ReportRow,
} from '@spillway/core'
import { loadSubAccounts } from '../../sub-accounts/load-sub-accounts.ts'
import { liveDocuments, liveDocumentsCte } from '../../warehouse/live-documents.ts'
import { literal } from '../../warehouse/sql-literal.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { requireWholeTenant, wholeWorkspaceOf } from '../../workspace/scopes.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { type ReportField, textField } from '../amount-cells.ts'
import { readAccountFacts } from '../calls/account-facts.ts'
import { legsCte, WHO_IN_LEG } from '../calls/calls-table.ts'
import { streamInScratch } from '../calls/stream-in-scratch.ts'
import { CONFERENCE_NO, type ConflictWindow, storeConflicts, sweepUsers, USER_NO } from './find-conflicts.ts'

export const CONFLICT_DIMENSIONS = ['user-id'] as const
export type ConflictDimension = (typeof CONFLICT_DIMENSIONS)[number]

/** How many days are looked back at for the sub-accounts to add. */
export const CONFLICT_DAYS = 90

export type ConflictsRequest = {
  readonly period?: Period | undefined
  /** Half-open local days; in place of a period. */
  readonly from?: LocalDate | undefined
  readonly until?: LocalDate | undefined
  readonly by?: ConflictDimension | undefined
}

const FIELDS: ReadonlyArray<ReportField> = [
  textField('account', 'Account'),
  textField('user_id', 'User id'),
  textField('from', 'From'),
  textField('until', 'Until'),
  { key: 'seconds', title: 'Seconds', kind: 'quantity' },
  { key: 'peak', title: 'At once', kind: 'quantity' },
  { key: 'conferences', title: 'Conferences', kind: 'quantity' },
  textField('conference_ids', 'Which'),
  textField('participants', 'Who'),
]

const BY_USER_FIELDS: ReadonlyArray<ReportField> = [
  textField('account', 'Account'),
  textField('user_id', 'User id'),
  { key: 'conflicts', title: 'Conflicts', kind: 'quantity' },
  { key: 'seconds', title: 'Seconds', kind: 'quantity' },
  { key: 'peak', title: 'At once', kind: 'quantity' },
  { key: 'to_add', title: 'To add', kind: 'quantity' },
  textField('sub_accounts', 'Sub-accounts to add'),
]

/**
 * One row per conflict, ordered by account, user id and time; by user id one row each, over 90 days unless days are given.
 * Without a period or days, the 90 days that end with the newest conference.
 */
export async function conflictsReport(scoped: ScopedWorkspace, request: ConflictsRequest): Promise<Report> {
  requireWholeTenant(scoped, 'The list of conflicts')
  const workspace = wholeWorkspaceOf(scoped)
  const window = await windowOf(workspace, request)
  const days = `${window.from} to ${addDays(window.until, -1)}`
  const rowsIn = request.by === 'user-id' ? userRows : conflictRows
  return {
    name: 'conflicts',
    title: `Conferences at once${request.by === undefined ? '' : ' by user id'}, ${days}`,
    columns: request.by === undefined ? FIELDS : BY_USER_FIELDS,
    rows: streamInScratch(workspace, (held) => rowsIn(held.workspace, { scratch: held.scratch, ...window })),
  }
}

async function windowOf(
  { catalog, tenant, warehouse }: Workspace,
  { period, from, until, by }: ConflictsRequest,
): Promise<ConflictWindow> {
  const end = until ?? period?.endOn
  const start = from ?? (by === undefined ? period?.startOn : undefined)
  if (end !== undefined) return { from: start ?? addDays(end, -CONFLICT_DAYS), until: end }
  const documents = await liveDocuments({ catalog, tenant })
  const { newest } = await warehouse.row<{ newest: LocalDate | null }>(
    `WITH ${liveDocumentsCte(documents)} SELECT max(started_at)::DATE AS newest FROM usage
     WHERE tenant = $tenant AND doc IN (FROM live_document) AND usage_type = 'conference'`,
    { tenant },
  )
  const last = addDays(newest ?? ('1970-01-01' as LocalDate), 1)
  return { from: start ?? addDays(last, -CONFLICT_DAYS), until: last }
}

type Reading = ConflictWindow & { readonly scratch: string }

type ConflictRow = {
  account: string
  service: string
  from_micros: bigint
  until_micros: bigint
  peak: number
  conferences: number
  ids: string
  people: string
}

const MICROS_PER_SECOND = 1_000_000

/** Whole seconds, what has begun counted. */
const secondsOf = (micros: number) => String(Math.ceil(micros / MICROS_PER_SECOND))

async function* conflictRows(workspace: Workspace, { scratch, ...window }: Reading): AsyncGenerator<ReportRow[]> {
  const { warehouse, tenant } = workspace
  const accounts = await readAccountFacts(workspace)
  await storeConflicts(workspace, { scratch, accounts, ...window })
  const legs = await legsCte(workspace, { ...window, usageTypes: ['conference'] })
  // One row per conflict; who was in its conferences, each once. A call without a conference is known by its row's id.
  const rows = warehouse.stream<ConflictRow>(
    `WITH ${legs},
       numbered AS (SELECT *, ${USER_NO} AS user_no, ${CONFERENCE_NO} AS conference_no, epoch_us(started_at) AS micros FROM leg),
       met AS (SELECT m.conflict_no, n.account, n.service, n.conference, m.started_micros, ${WHO_IN_LEG} AS person
         FROM numbered AS n JOIN ${scratch}.conflict_call AS m
           ON n.user_no = m.user_no AND n.conference_no = m.conference_no AND n.micros BETWEEN m.started_micros AND m.ended_micros),
       people AS (SELECT conflict_no, string_agg(DISTINCT person, '; ' ORDER BY person) FILTER (person <> '') AS people
         FROM met GROUP BY conflict_no),
       listed AS (SELECT conflict_no, account, service, string_agg(conference, '; ' ORDER BY started_micros, conference) AS ids
         FROM (SELECT DISTINCT conflict_no, account, service, conference, started_micros FROM met) GROUP BY ALL)
     SELECT l.account, l.service, k.from_micros, k.until_micros, k.peak, k.conferences, l.ids, coalesce(p.people, '') AS people
     FROM ${scratch}.conflict AS k JOIN listed AS l USING (conflict_no) JOIN people AS p USING (conflict_no)
     ORDER BY l.account, l.service, k.from_micros`,
    { tenant },
  )
  for await (const batch of rows)
    yield batch.map((row) => {
      const clock = accounts.clockOf(row.account)
      return [
        row.account,
        row.service,
        clock.text(Number(row.from_micros)),
        clock.text(Number(row.until_micros)),
        secondsOf(Number(row.until_micros - row.from_micros)),
        String(row.peak),
        String(row.conferences),
        row.ids,
        row.people,
      ]
    })
}

type UserSums = { conflicts: number; micros: number; peak: number }

async function* userRows(workspace: Workspace, { scratch, ...window }: Reading): AsyncGenerator<ReportRow[]> {
  const accounts = await readAccountFacts(workspace)
  const sumOf = new Map<bigint, UserSums>()
  await sweepUsers(workspace, { scratch, accounts, ...window }, (userNo, sweep) => {
    const sums = { conflicts: 0, micros: 0, peak: 0 }
    for (const { fromMicros, untilMicros, peak } of sweep.stretches()) {
      sums.conflicts += 1
      sums.micros += untilMicros - fromMicros
      sums.peak = Math.max(sums.peak, peak)
    }
    if (sums.conflicts > 0) sumOf.set(userNo, sums)
  })
  if (sumOf.size === 0) return
  const { found, isTaken } = await readUserIds(workspace, (userNo) => sumOf.has(userNo))
  found.sort((a, b) => compareBytes(a.account, b.account) || compareBytes(a.service, b.service))
  yield found.map(({ account, service, user_no }) => {
    const { conflicts, micros, peak } = sumOf.get(user_no) as UserSums
    const added = addedUserIds(service, { count: peak - 1, isTaken: (userId) => isTaken(account, userId) })
    return [account, service, String(conflicts), secondsOf(micros), String(peak), String(peak - 1), added.join('; ')]
  })
}

type UserId = { account: string; service: string; user_no: bigint }

/** Names of the user ids that are wanted; and what is taken: by sub-accounts, by usage, by the directory, in any case of letters. */
async function readUserIds(
  workspace: Workspace,
  isWanted: (userNo: bigint) => boolean,
): Promise<{ found: UserId[]; isTaken: (account: string, userId: string) => boolean }> {
  const { warehouse, tenant } = workspace
  const found: UserId[] = []
  const taken = new Set<string>()
  const keyOf = (account: string, userId: string) => `${account}\u0000${userId.toLowerCase()}`
  for (const { account, userId } of (await loadSubAccounts(workspace)).values()) taken.add(keyOf(account, userId))
  const documents = liveDocumentsCte(await liveDocuments(workspace))
  const ofAccounts = await accountsSql(workspace)
  // One row per account and user id of any usage: what is wanted is among them, and no other filter is as quick as none.
  const used = warehouse.stream<UserId>(
    `WITH ${documents} SELECT account, service, ${USER_NO} AS user_no FROM usage
     WHERE tenant = $tenant AND doc IN (FROM live_document) ${ofAccounts} GROUP BY account, service`,
    { tenant },
  )
  for await (const batch of used)
    for (const row of batch) {
      taken.add(keyOf(row.account, row.service))
      if (isWanted(row.user_no)) found.push(row)
    }
  const known = warehouse.stream<{ account: string; service: string }>(
    `WITH ${documents} SELECT DISTINCT account, service FROM service
     WHERE tenant = $tenant AND doc IN (FROM live_document) ${ofAccounts}`,
    { tenant },
  )
  for await (const batch of known) for (const { account, service } of batch) taken.add(keyOf(account, service))
  return { found, isTaken: (account, userId) => taken.has(keyOf(account, userId)) }
}

/** More accounts with conferences than this are not told from those without. */
const ACCOUNTS_MAX = 1000

/** Of a provider a million services have calls of other kinds, and nobody asks whether a user id of theirs is taken. */
async function accountsSql({ warehouse, tenant }: Workspace): Promise<string> {
  const rows = await warehouse.rows<{ account: string }>(
    `SELECT DISTINCT account FROM usage WHERE tenant = $tenant AND usage_type = 'conference' LIMIT ${ACCOUNTS_MAX + 1}`,
    { tenant },
  )
  if (rows.length > ACCOUNTS_MAX) return ''
  return rows.length === 0 ? 'AND false' : `AND account IN (${rows.map(({ account }) => literal(account)).join(', ')})`
}
