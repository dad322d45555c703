// `report legs`: every leg of the conferences of one user id, in order of time, and in which conflict its conference was: what
// a timeline draws.
import { addDays, type LocalDate, type Report, type ReportRow } from '@spillway/core'
import { literal } from '../../warehouse/sql-literal.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { requireWholeTenant, wholeWorkspaceOf } from '../../workspace/scopes.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { type ReportField, textField } from '../amount-cells.ts'
import { readAccountFacts } from '../calls/account-facts.ts'
import { legsCte, WHO_IN_LEG } from '../calls/calls-table.ts'
import { streamInScratch } from '../calls/stream-in-scratch.ts'
import { CONFERENCE_NO, type ConflictWindow, storeConflicts, USER_NO } from './find-conflicts.ts'

const FIELDS: ReadonlyArray<ReportField> = [
  textField('account', 'Account'),
  textField('user_id', 'User id'),
  textField('start', 'Start'),
  textField('end', 'End'),
  { key: 'seconds', title: 'Seconds', kind: 'quantity' },
  textField('conference', 'Conference'),
  textField('who', 'Who'),
  { key: 'conflict', title: 'Conflict', kind: 'quantity', isNullable: true },
  { key: 'at_once', title: 'At once', kind: 'quantity', isNullable: true },
  { ...textField('conflict_from', 'Conflict from'), isDetail: true },
  { ...textField('conflict_until', 'Conflict until'), isDetail: true },
]

export type LegsRequest = {
  readonly account: string
  readonly user: string
  /** Half-open local days. */
  readonly from: LocalDate
  readonly until: LocalDate
}

/**
 * One row per leg that begins on the local days, and conflict that its conference is in (a long one may be in several);
 * ordered by start. Conflicts count from 1 in order of time; empty for none.
 */
export function legsReport(scoped: ScopedWorkspace, request: LegsRequest): Report {
  requireWholeTenant(scoped, 'The list of legs')
  const workspace = wholeWorkspaceOf(scoped)
  const { account, user, from, until } = request
  return {
    name: 'legs',
    title: `Legs of ${user} of ${account}, ${from} until ${until}`,
    columns: FIELDS,
    rows: streamInScratch(workspace, (held) => legRows(held.workspace, { ...request, scratch: held.scratch })),
  }
}

/** Conflicts that its legs may be in: those are known by the day on which they begin. */
const around = ({ from, until }: ConflictWindow): ConflictWindow => ({
  from: addDays(from, -2),
  until: addDays(until, 2),
})

type LegRow = {
  id: string
  conference: string
  who: string
  started_micros: bigint
  ended_micros: bigint
  is_wall_time: boolean
  from_micros: bigint | null
  until_micros: bigint | null
  peak: number | null
}

async function* legRows(
  workspace: Workspace,
  { account, user, scratch, ...window }: LegsRequest & { readonly scratch: string },
): AsyncGenerator<ReportRow[]> {
  const { warehouse, tenant } = workspace
  const accounts = await readAccountFacts(workspace)
  const where = `account = ${literal(account)} AND service = ${literal(user)}`
  await storeConflicts(workspace, { scratch, accounts, ...around(window), where })
  const legs = await legsCte(workspace, { ...window, usageTypes: ['conference'], where })
  // One row per leg and conflict of its conference.
  const rows = warehouse.stream<LegRow>(
    `WITH ${legs},
       numbered AS (SELECT *, ${USER_NO} AS user_no, ${CONFERENCE_NO} AS conference_no, epoch_us(started_at) AS started_micros,
         epoch_us(ended_at) AS ended_micros, ${WHO_IN_LEG} AS who FROM leg)
     SELECT n.id, n.conference, n.who, n.started_micros, n.ended_micros, n.is_wall_time, k.from_micros, k.until_micros, k.peak
     FROM numbered AS n LEFT JOIN ${scratch}.conflict_call AS m ON n.user_no = m.user_no AND n.conference_no = m.conference_no
       AND n.started_micros BETWEEN m.started_micros AND m.ended_micros
     LEFT JOIN ${scratch}.conflict AS k USING (conflict_no)
     ORDER BY n.started_micros, n.id, k.from_micros`,
    { tenant },
  )
  const clock = accounts.clockOf(account)
  const numbers = new Map<bigint, number>()
  for await (const batch of rows) {
    const found: ReportRow[] = []
    for (const row of batch) {
      const instant = (micros: bigint) => clock.instantOf(Number(micros), { isWallTime: row.is_wall_time })
      const [start, end] = [instant(row.started_micros), instant(row.ended_micros)]
      const day = clock.localDate(start)
      if (day < window.from || day >= window.until) continue
      const { from_micros: from, until_micros: until } = row
      if (from !== null && !numbers.has(from)) numbers.set(from, numbers.size + 1)
      found.push([
        ...[account, user, clock.text(start), clock.text(end), String(Math.ceil((end - start) / 1_000_000))],
        ...[row.conference, row.who, from === null ? '' : String(numbers.get(from)), String(row.peak ?? '')],
        from === null ? '' : clock.text(Number(from)),
        until === null ? '' : clock.text(Number(until)),
      ])
    }
    yield found
  }
}
