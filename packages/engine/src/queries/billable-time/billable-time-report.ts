// `report billable-time`: every call of a project with its time as billed, what it costs and what it comes to at the rate; or
// sums by person, project or month (spec, accounts, "Projects and billable time"). What has no project comes first.
import {
  compareBytes,
  formatAmount,
  type LocalDate,
  type Period,
  Refusal,
  type Report,
  type ReportColumn,
  type ReportRow,
} from '@spillway/core'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { requireWholeTenant, wholeWorkspaceOf } from '../../workspace/scopes.ts'
import { oneBatch, textField } from '../amount-cells.ts'
import { type BillableCall, type BillableCalls, readBillableCalls } from './read-billable-calls.ts'

export const BILLABLE_DIMENSIONS = ['person', 'project', 'month'] as const
export type BillableDimension = (typeof BILLABLE_DIMENSIONS)[number]

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
  const read = await readBillableCalls(wholeWorkspaceOf(scoped), {
    ...days,
    isWanted: (id) => project === undefined || id === project,
  })
  refuseUnknown(project, read)
  const sums = (dimension: BillableDimension): Report => ({
    name: 'billable-time',
    title: titleOf({ ...request, by: dimension }, { ...days, read }),
    columns: [...SUM_COLUMNS[dimension], number('calls', 'Calls'), ...TIME, ...MONEY],
    hasTotals: true,
    rows: oneBatch(sumRows(read, dimension)),
  })
  if (by !== undefined) return sums(by)
  return {
    name: 'billable-time',
    title: titleOf(request, { ...days, read }),
    columns: CALL_COLUMNS,
    hasTotals: true,
    rows: oneBatch(read.calls.flatMap(callRows)),
    below: [sums('person'), sums('month')],
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

function refuseUnknown(project: string | undefined, { owners }: BillableCalls): void {
  if (project === undefined || project === '' || owners.projects.newest(project) !== null) return
  throw new Refusal('not-found', `There is no project ${project}.`, { hint: 'Import it with projects.csv.' })
}

type Titled = { readonly from: LocalDate; readonly until: LocalDate; readonly read: BillableCalls }

function titleOf({ project, period, by }: BillableTimeRequest, { from, until, read }: Titled): string {
  const what = project === undefined ? '' : ` of ${project === '' ? 'no project' : project}`
  const days =
    period !== undefined && from === period.startOn && until === period.endOn ? period.name : `${from} until ${until}`
  const open = read.openMonths.length === 0 ? '' : ` (not closed, so without cost: ${read.openMonths.join(', ')})`
  return `Billable time${what}, ${days}${by === undefined ? '' : ` by ${by}`}${open}`
}

type Money = { readonly currency: string; readonly costMinor: bigint | null; readonly amountMinor: bigint | null }

/** The currency of the rate first; without a rate that of the cost. */
function moneyOf({ currency, amountMinor, costs }: BillableCall): ReadonlyArray<Money> {
  const others = [...(costs ?? [])].filter(([code]) => code !== currency).sort(([a], [b]) => compareBytes(a, b))
  const rows = others.map(([code, costMinor]): Money => ({ currency: code, costMinor, amountMinor: null }))
  if (currency === '' && rows.length > 0) return rows
  return [{ currency, amountMinor, costMinor: costs?.get(currency) ?? null }, ...rows]
}

const cellOf = (minor: bigint | null, currency: string) => (minor === null ? '' : formatAmount(minor, currency))
const moneyCells = ({ currency, costMinor, amountMinor }: Money) => [
  currency,
  cellOf(costMinor, currency),
  cellOf(amountMinor, currency),
]

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

type Sum = {
  readonly keys: ReadonlyArray<string>
  readonly currency: string
  calls: number
  seconds: number
  billableSeconds: number
  costMinor: bigint | null
  amountMinor: bigint | null
}

const plus = (a: bigint | null, b: bigint | null) => (a === null ? b : b === null ? a : a + b)

function sumRows({ calls, owners }: BillableCalls, by: BillableDimension): ReportRow[] {
  const sums = new Map<string, Sum>()
  for (const billable of calls)
    for (const [index, money] of moneyOf(billable).entries()) {
      const keys = keysOf(billable, by, owners)
      const id = [...keys, money.currency].join('\u0000')
      const sum = sums.get(id) ?? {
        keys,
        currency: money.currency,
        ...{ calls: 0, seconds: 0, billableSeconds: 0, costMinor: null, amountMinor: null },
      }
      sums.set(id, sum)
      sum.costMinor = plus(sum.costMinor, money.costMinor)
      sum.amountMinor = plus(sum.amountMinor, money.amountMinor)
      if (index > 0) continue
      sum.calls += 1
      sum.seconds += billable.seconds
      sum.billableSeconds += billable.billableSeconds
    }
  return [...sums]
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([, { keys, calls, seconds, billableSeconds, ...money }]) => [
      ...keys,
      String(calls),
      String(seconds),
      String(billableSeconds),
      ...moneyCells(money),
    ])
}

function keysOf(
  { part, month, personName, client }: BillableCall,
  by: BillableDimension,
  { projects }: BillableCalls['owners'],
): string[] {
  const nobody = part.project === '' ? 'unassigned' : ''
  if (by === 'person') return [part.project, part.person, part.person === '' ? 'unassigned' : personName, month]
  if (by === 'project') return [part.project, projects.newest(part.project)?.name ?? nobody, client]
  return [part.project, month]
}
