// `report uncoded`: calls of accounts that ask for codes, without a valid one (spec, accounts, "Simultaneous use"). They are
// billed all the same.
import type { LocalDate, Period, Report, ReportRow } from '@spillway/core'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { requireWholeTenant, wholeWorkspaceOf } from '../../workspace/scopes.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { type ReportField, textField } from '../amount-cells.ts'
import { readAccountFacts } from '../calls/account-facts.ts'
import { streamInScratch } from '../calls/stream-in-scratch.ts'
import { daysOf } from './billable-time-report.ts'
import { readCallOwners } from './call-owners.ts'
import { makeCallsToRead, readCalls } from './read-calls.ts'

export type UncodedRequest = {
  readonly period?: Period | undefined
  /** Half-open local days; in place of a period. */
  readonly from?: LocalDate | undefined
  readonly until?: LocalDate | undefined
}

const FIELDS: ReadonlyArray<ReportField> = [
  textField('account', 'Account'),
  textField('user_id', 'User id'),
  textField('start', 'Start'),
  textField('code', 'Code'),
  textField('fault', 'Why'),
  { key: 'seconds', title: 'Seconds', kind: 'quantity' },
  { key: 'participants', title: 'People', kind: 'quantity' },
  { ...textField('participant_names', 'Who'), isDetail: true },
  { ...textField('call', 'Call'), isDetail: true },
]

/** What a code lacks, in words. */
const WHY = {
  missing: 'no code was dialled',
  'not-digits': 'no 1 to 20 digits',
  'not-valid': 'not among the valid codes',
} as const

/** One row per call, ordered by user id and time. @throws Refusal `bad-command` without days. */
export async function uncodedReport(scoped: ScopedWorkspace, request: UncodedRequest): Promise<Report> {
  requireWholeTenant(scoped, 'The list of uncoded calls')
  const days = daysOf(request)
  const workspace = wholeWorkspaceOf(scoped)
  return {
    name: 'uncoded',
    title: `Calls without a valid code, ${request.period?.name ?? `${days.from} until ${days.until}`}`,
    columns: FIELDS,
    rows: streamInScratch(workspace, (held) => uncodedRows(held.workspace, { scratch: held.scratch, ...days })),
  }
}

async function* uncodedRows(
  workspace: Workspace,
  { scratch, ...days }: { scratch: string; from: LocalDate; until: LocalDate },
): AsyncGenerator<ReportRow[]> {
  const accounts = await readAccountFacts(workspace)
  if (!accounts.hasCodes) return
  await makeCallsToRead(workspace, { scratch, ...days })
  const owners = await readCallOwners(workspace, { scratch, accounts })
  for await (const calls of readCalls(workspace, { scratch, accounts, ...days })) {
    const rows: ReportRow[] = []
    for (const call of calls) {
      const fault = owners.faultOf(call)
      if (fault === null) continue
      rows.push([
        call.account,
        call.service,
        call.startText,
        call.code,
        WHY[fault],
        String(call.seconds),
        String(call.participants),
        call.people.join('; '),
        call.conference,
      ])
    }
    if (rows.length > 0) yield rows
  }
}
