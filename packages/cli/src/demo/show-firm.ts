// What the demo shows of a firm whose people share one account: who collided with whom and what to add, one bill by user id, the
// billable time of a lawsuit, and calls whose code does not count.
import {
  formatAmount,
  type LocalDate,
  type Period,
  parseAmount,
  type ReportColumn,
  type ReportRow,
} from '@spillway/core'
import { billableTimeReport, conflictsReport, uncodedReport, type Workspace, withBill } from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { counted } from '../output/counted.ts'
import { drawTable } from '../output/print-table.ts'
import { wrap } from '../output/wrap.ts'
import type { Terminal } from '../terminal.ts'
import { collectCells, type RowCells, totalsOf } from './report-rows.ts'

const column = (key: string, title: string, kind: ReportColumn['kind'] = 'text'): ReportColumn => ({ key, title, kind })
const detail = (key: string, title: string): ReportColumn => ({ ...column(key, title), isDetail: true })

/** Three letters say what they are, and the table has no room for more. */
const CURRENCY = column('currency', '')

async function title(text: string, remark: string, { out, colours }: Terminal): Promise<void> {
  await out(`\n${colours.bold(text)}${remark === '' ? '' : ` ${colours.dim(`(${remark})`)}`}\n\n`)
}

async function remark(text: string, { out, width, colours }: Terminal): Promise<void> {
  for (const line of wrap(text, { width })) await out(`${colours.dim(line)}\n`)
}

/** `20 Oct 10:30` of `2026-10-20T10:30:00-04:00`. */
function shortTime(instant: string): string {
  const [day = '', time = ''] = instant.split('T')
  const month = new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' }).format(new Date(day))
  return `${Number(day.slice(8))} ${month} ${time.slice(0, 5)}`
}

/** Minutes that have begun. */
const minutesOf = (seconds: string) => String(Math.ceil(Number(seconds) / 60))

const CONFLICT_COLUMNS = [
  column('user_id', 'User id'),
  column('conflicts', 'Conflicts', 'quantity'),
  column('minutes', 'Minutes', 'quantity'),
  column('peak', 'At once', 'quantity'),
  column('sub_accounts', 'Sub-accounts to add'),
]

/** Of the 90 days that end with the period; and the worst of it. */
export async function showConflicts(workspace: Workspace, period: Period, terminal: Terminal): Promise<void> {
  const users = await collectCells(await conflictsReport(unscoped(workspace), { period, by: 'user-id' }))
  await title('Two conferences at once under one user id', '90 days, and what to add', terminal)
  const rows = users.map((cell) => [
    ...['user_id', 'conflicts'].map(cell),
    minutesOf(cell('seconds')),
    ...['peak', 'sub_accounts'].map(cell),
  ])
  await terminal.out(drawTable({ columns: CONFLICT_COLUMNS, rows }, terminal))
  const conflicts = await collectCells(await conflictsReport(unscoped(workspace), { period }))
  const [worst] = [...conflicts].sort((a, b) => Number(b('peak')) - Number(a('peak')))
  if (worst) await remark(worstText(worst), terminal)
}

function worstText(cell: RowCells): string {
  const [from, until] = [cell('from'), cell('until')].map(shortTime) as [string, string]
  return `${from} to ${until.slice(-5)} ${cell('user_id')} had ${cell('peak')} at once: ${cell('participants').replaceAll('; ', ', ')}.`
}

const SECTIONS_SHOWN = 12
const SECTION_COLUMNS = [
  column('section', 'User id'),
  column('name', 'Name'),
  CURRENCY,
  column('recurring', 'Recurring', 'amount'),
  column('usage', 'Usage', 'amount'),
  column('subtotal', 'Subtotal', 'amount'),
]

/** What nobody's user id has, then the sections that come to most. */
export async function showBillSections(workspace: Workspace, number: string, terminal: Terminal): Promise<void> {
  const request = { number, sections: 'user-id', hasCalls: false } as const
  const { heading, sections } = await withBill(unscoped(workspace), request, async (bill) => bill)
  const { currency, account, name } = heading
  const cells = sections.map(({ key, name: named, amounts, subtotalMinor }) => [
    key === '' ? 'unassigned' : key,
    named,
    currency,
    ...[amounts.recurring, amounts.usage, subtotalMinor].map((minor) => formatAmount(minor, currency)),
  ])
  const largest = sections
    .map(({ key, subtotalMinor }, index) => ({ key, subtotalMinor, row: cells[index] as ReportRow }))
    .sort((a, b) =>
      a.key === '' || b.key === '' ? (a.key === '' ? -1 : 1) : a.subtotalMinor > b.subtotalMinor ? -1 : 1,
    )
    .slice(0, SECTIONS_SHOWN)
  await title(`One bill by user id: ${number}`, `${account}, ${name}`, terminal)
  const rows = largest.map(({ row }) => row)
  await terminal.out(drawTable({ columns: SECTION_COLUMNS, rows, totals: totalsOf(SECTION_COLUMNS, cells) }, terminal))
  const rest = sections.length - rows.length
  if (rest > 0) await remark(`${counted(rest, 'smaller section')} are in the total.`, terminal)
}

const TIME_COLUMNS = [
  column('start', 'Start'),
  column('name', 'Person'),
  column('user_id', 'User id'),
  { ...column('participants', 'People', 'quantity'), isDetail: true },
  { ...column('minutes', 'Minutes', 'quantity'), isDetail: true },
  column('hours', 'Hours', 'quantity'),
  CURRENCY,
  column('cost', 'Cost', 'amount'),
  column('amount', 'Amount', 'amount'),
  detail('by', 'Project by'),
]

const SUM_COLUMNS = [
  column('name', 'Person'),
  column('calls', 'Calls', 'quantity'),
  column('hours', 'Hours', 'quantity'),
  CURRENCY,
  column('cost', 'Cost', 'amount'),
  column('amount', 'Amount', 'amount'),
]

/** Decimal hours: billable time is whole minutes, and of most projects tenths of an hour. */
function hoursOf(seconds: string): string {
  const hundredths = String((BigInt(seconds) * 100n + 1800n) / 3600n).padStart(3, '0')
  return `${hundredths.slice(0, -2)}.${hundredths.slice(-2)}`
}

export type LawsuitShown = {
  readonly project: string
  readonly period: Period
  /** Half-open local days of the sums. */
  readonly from: LocalDate
  readonly until: LocalDate
  readonly terminal: Terminal
}

/** Call by call in the period; by person since it began. */
export async function showLawsuit(
  workspace: Workspace,
  { project, period, from, until, terminal }: LawsuitShown,
): Promise<void> {
  const scoped = unscoped(workspace)
  const [named] = await collectCells(await billableTimeReport(scoped, { project, from, until, by: 'project' }))
  await title(`Billable time of ${project} in ${period.name}`, named?.('name') ?? '', terminal)
  const calls = (await collectCells(await billableTimeReport(scoped, { project, period }))).map((cell) =>
    TIME_COLUMNS.map(({ key }) => timeCell(cell, key)),
  )
  await terminal.out(drawTable({ columns: TIME_COLUMNS, rows: calls, totals: totalsOf(TIME_COLUMNS, calls) }, terminal))
  await remark(`${foundBy(calls.map((row) => row[BY_INDEX] ?? ''))} Times are rounded up per call.`, terminal)
  const people = sumByPerson(
    await collectCells(await billableTimeReport(scoped, { project, from, until, by: 'person' })),
  )
  await title('Who worked on it in the year', '', terminal)
  await terminal.out(drawTable({ columns: SUM_COLUMNS, rows: people, totals: totalsOf(SUM_COLUMNS, people) }, terminal))
}

const BY_INDEX = TIME_COLUMNS.findIndex(({ key }) => key === 'by')
const FOUND_BY: Readonly<Record<string, string>> = {
  code: 'by the code that was dialled',
  owner: 'by the owner of the user id',
  assignment: 'by the assignment of the user id',
  rule: 'by a rule',
}

/** `Found 16 by the code that was dialled, 2 by the owner of the user id.` */
function foundBy(ways: ReadonlyArray<string>): string {
  const parts = Object.entries(FOUND_BY).flatMap(([way, words]) => {
    const count = ways.filter((one) => one === way).length
    return count === 0 ? [] : [`${count} ${words}`]
  })
  return `Found ${parts.join(', ')}.`
}

function timeCell(cell: RowCells, key: string): string {
  if (key === 'start') return shortTime(cell('start'))
  if (key === 'minutes') return minutesOf(cell('seconds'))
  if (key === 'hours') return hoursOf(cell('billable_seconds'))
  return cell(key)
}

type PersonSum = { calls: bigint; seconds: bigint; costMinor: bigint; amountMinor: bigint }

/** The report has a row per person and month; this has one per person, who costs most first. */
function sumByPerson(months: ReadonlyArray<RowCells>): ReportRow[] {
  const people = new Map<string, PersonSum & { readonly name: string; readonly currency: string }>()
  for (const cell of months) {
    const currency = cell('currency')
    const key = `${cell('person')} ${currency}`
    const none = { calls: 0n, seconds: 0n, costMinor: 0n, amountMinor: 0n }
    const sum = people.get(key) ?? { name: cell('name'), currency, ...none }
    people.set(key, sum)
    sum.calls += BigInt(cell('calls'))
    sum.seconds += BigInt(cell('billable_seconds'))
    sum.costMinor += minorOf(cell('cost'), currency)
    sum.amountMinor += minorOf(cell('amount'), currency)
  }
  return [...people.values()]
    .sort((a, b) => (a.amountMinor > b.amountMinor ? -1 : 1))
    .map(({ name, calls, seconds, currency, costMinor, amountMinor }) => [
      name,
      String(calls),
      hoursOf(String(seconds)),
      currency,
      formatAmount(costMinor, currency),
      formatAmount(amountMinor, currency),
    ])
}

/** A report's own cell; an empty one is no amount, and adds nothing. */
function minorOf(text: string, currency: string): bigint {
  const reading = parseAmount(text, currency)
  return reading.ok ? reading.minor : 0n
}

const UNCODED_SHOWN = 5
const UNCODED_COLUMNS = [
  column('start', 'Start'),
  column('user_id', 'User id'),
  column('code', 'Code'),
  column('fault', 'Why'),
  detail('participant_names', 'Who'),
]

export async function showUncoded(workspace: Workspace, period: Period, terminal: Terminal): Promise<void> {
  const calls = await collectCells(await uncodedReport(unscoped(workspace), { period }))
  await title(`Calls of ${period.name} without a valid code`, 'billed all the same', terminal)
  const rows = calls
    .sort((a, b) => (a('start') < b('start') ? -1 : 1))
    .slice(0, UNCODED_SHOWN)
    .map((cell) =>
      UNCODED_COLUMNS.map(({ key }) => (key === 'start' ? shortTime(cell(key)) : cell(key).replaceAll('; ', ', '))),
    )
  await terminal.out(drawTable({ columns: UNCODED_COLUMNS, rows }, terminal))
  const rest = calls.length - rows.length
  if (rest > 0) await remark(`${counted(rest, 'more call')} are in \`report uncoded\`.`, terminal)
}
