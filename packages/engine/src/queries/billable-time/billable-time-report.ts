// `report billable-time`: every call of a project with its time as billed, what it costs and what it comes to at the rate; or
// sums by person, project or month (spec, accounts, "Projects and billable time"). What has no project comes first.
import { type LocalDate, type Period, Refusal, type Report, type ReportColumn, type ReportRow } from '@spillway/core'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { requireWholeTenant, wholeWorkspaceOf } from '../../workspace/scopes.ts'
import { oneBatch, textField } from '../amount-cells.ts'
import { moneyCells, moneyOf } from './billable-money.ts'
import { type BillableDimension, BillableSums, type SumsOfDays, sumsOfDays } from './billable-sums.ts'
import { type BillableCall, readBillableCalls } from './read-billable-calls.ts'
import { isNamedProject } from './services-of-projects.ts'

export type BillableTimeRequest = {
  /** All projects where it is left out; '' is `unassigned` alone. */
  readonly project?: string | undefined
  readonly period?: Period | undefined
  /** Half-open local days; in place of a period. */
  readonly from?: LocalDate | undefined
  readonly until?: LocalDate | undefined
  readonly by?: BillableDimension | undefined
}

const amount = (key: string, title: string): ReportColumn => ({ key, title, kind: 'amount', isNullable: true })
const number = (key: string, title: string): ReportColumn => ({ key, title, kind: 'quantity' })
const detail = (key: string, title: string): ReportColumn => ({ ...textField(key, title), isDetail: true })

const MONEY = [textField('currency', 'Currency'), amount('cost', 'Cost'), amount('amount', 'Amount')]
const TIME = [number('seconds', 'Seconds'), number('billable_seconds', 'Billable')]

const CALL_COLUMNS: ReadonlyArray<ReportColumn> = [
  textField('project', 'Project'),
  textField('start', 'Start'),
  textField('person', 'Person'),
  textField('name', 'Name'),
  textField('user_id', 'User id'),
  detail('account', 'Account'),
  detail('usage_type', 'Type'),
  detail('call', 'Call'),
  detail('account_code', 'Code'),
  number('participants', 'People'),
  detail('participant_names', 'Who'),
  ...TIME,
  { ...textField('rate', 'Rate'), isDetail: true },
  ...MONEY,
  detail('by', 'Project by'),
]

const SUM_COLUMNS: Readonly<Record<BillableDimension, ReadonlyArray<ReportColumn>>> = {
  person: [
    textField('project', 'Project'),
    textField('person', 'Person'),
    textField('name', 'Name'),
    textField('month', 'Month'),
  ],
  project: [textField('project', 'Project'), textField('name', 'Name'), textField('client', 'Client')],
  month: [textField('project', 'Project'), textField('month', 'Month')],
}

/**
 * One row per call and currency: the first has the time and the amount, and what the call costs in other currencies stands in
 * rows of its own.
 *
 * @throws Refusal `bad-command` without days; `not-found` for a project that there is not; `bad-configuration` where a rate has
 * no currency.
 */
export async function billableTimeReport(scoped: ScopedWorkspace, request: BillableTimeRequest): Promise<Report> {
  requireWholeTenant(scoped, 'Billable time')
  const days = daysOf(request)
  const { project, by } = request
  const workspace = wholeWorkspaceOf(scoped)
  if (by !== undefined && project === undefined)
    return sumReport({ ...request, ...days, by }, await sumsOfDays(workspace, { ...days, by }))
  const projects = project === undefined ? undefined : new Set([project])
  const { calls, owners, openMonths } = await readBillableCalls(workspace, { ...days, projects })
  const isKnown = !project || calls.length > 0 || owners.projects.newest(project) !== null
  if (!isKnown && !(await isNamedProject(workspace, project))) throw unknownProject(project)
  const sums = (dimension: BillableDimension): Report => {
    const found = new BillableSums(dimension)
    for (const call of calls) found.add(call)
    return sumReport({ ...request, ...days, by: dimension }, { rows: found.rows(owners.projects), openMonths })
  }
  if (by !== undefined) return sums(by)
  return {
    name: 'billable-time',
    title: titleOf({ ...request, ...days }, openMonths),
    columns: CALL_COLUMNS,
    hasTotals: true,
    rows: oneBatch(calls.flatMap(callRows)),
    below: [sums('person'), sums('month')],
  }
}

type OfDays = BillableTimeRequest & { readonly from: LocalDate; readonly until: LocalDate }

function sumReport(request: OfDays & { readonly by: BillableDimension }, { rows, openMonths }: SumsOfDays): Report {
  return {
    name: 'billable-time',
    title: titleOf(request, openMonths),
    columns: [...SUM_COLUMNS[request.by], number('calls', 'Calls'), ...TIME, ...MONEY],
    hasTotals: true,
    rows: oneBatch(rows),
  }
}

export function daysOf({ period, from, until }: Pick<BillableTimeRequest, 'period' | 'from' | 'until'>): {
  from: LocalDate
  until: LocalDate
} {
  const days = { from: from ?? period?.startOn, until: until ?? period?.endOn }
  if (days.from !== undefined && days.until !== undefined && days.from < days.until)
    return { from: days.from, until: days.until }
  const message =
    days.from !== undefined && days.until !== undefined
      ? `${days.until} is not after ${days.from}.`
      : 'It needs the days that it is about.'
  throw new Refusal('bad-command', message, {
    hint: 'Add --period 2026-10, or --from 2026-10-01 --until 2026-11-01 (exclusive).',
  })
}

function unknownProject(project: string): Refusal {
  return new Refusal('not-found', `There is no project ${project}.`, { hint: 'Import it with projects.csv.' })
}

function titleOf({ project, period, by, from, until }: OfDays, openMonths: ReadonlyArray<string>): string {
  const what = project === undefined ? '' : ` of ${project === '' ? 'no project' : project}`
  const days =
    period !== undefined && from === period.startOn && until === period.endOn ? period.name : `${from} until ${until}`
  const open = openMonths.length === 0 ? '' : ` (not closed, so without cost: ${openMonths.join(', ')})`
  return `Billable time${what}, ${days}${by === undefined ? '' : ` by ${by}`}${open}`
}

function callRows(billable: BillableCall): ReportRow[] {
  const { call, part, personName, seconds, billableSeconds, rate } = billable
  return moneyOf(billable).map((money, index) => [
    part.project,
    call.startText,
    part.person,
    personName,
    call.service,
    call.account,
    call.usageType,
    call.conference,
    call.code,
    String(call.participants),
    call.people.join('; '),
    // Time is told once, whatever the number of currencies.
    index === 0 ? String(seconds) : '0',
    index === 0 ? String(billableSeconds) : '0',
    rate,
    ...moneyCells(money),
    part.by,
  ])
}
