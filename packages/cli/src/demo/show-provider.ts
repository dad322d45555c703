// What the demo shows of a provider's month beside its pools: the bills, what late usage moved, how one service was rated,
// and the alerts.
import {
  type Period,
  parseAmount,
  type ReportColumn,
  type ReportRow,
  USAGE_TYPES,
  type UsageType,
} from '@spillway/core'
import { alertsReport, billsReport, readProviderCatalogue, usageReport, type Workspace } from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { drawUsage } from '../output/draw-usage.ts'
import { drawTable } from '../output/print-table.ts'
import { wrap } from '../output/wrap.ts'
import type { Terminal } from '../terminal.ts'
import { collectCells, collectRows, type RowCells, totalsOf } from './report-rows.ts'

const column = (key: string, title: string, kind: ReportColumn['kind'] = 'text'): ReportColumn => ({ key, title, kind })

/** The cells of some columns. */
function cellsOf(rows: ReadonlyArray<RowCells>, columns: ReadonlyArray<ReportColumn>): ReportRow[] {
  return rows.map((cell) => columns.map(({ key }) => cell(key)))
}

const BILL_COLUMNS = [
  column('account', 'Account'),
  column('period_start_on', 'From', 'date'),
  column('currency', 'Currency'),
  column('recurring', 'Recurring', 'amount'),
  column('usage', 'Usage', 'amount'),
  column('adjustment', 'Adjustments', 'amount'),
  column('total', 'Total', 'amount'),
]

export async function showBills(workspace: Workspace, period: Period, terminal: Terminal): Promise<void> {
  const rows = cellsOf(await collectCells(await billsReport(unscoped(workspace), { period })), BILL_COLUMNS)
  await terminal.out(`\n${terminal.colours.bold(`The bills of ${period.name}`)}\n\n`)
  await terminal.out(drawTable({ columns: BILL_COLUMNS, rows, totals: totalsOf(BILL_COLUMNS, rows) }, terminal))
  await terminal.out(await invoicerLines(workspace, terminal))
}

async function invoicerLines(workspace: Workspace, terminal: Terminal): Promise<string> {
  const { catalogue } = await readProviderCatalogue(workspace)
  const children = new Map<string, string[]>()
  for (const { account, usageInvoicer } of catalogue.accounts.values())
    if (usageInvoicer !== '') children.set(usageInvoicer, [...(children.get(usageInvoicer) ?? []), account])
  return [...children]
    .map(([invoicer, accounts]) =>
      dimLines(`The usage of ${accounts.sort().join(' and ')} is on the bill of ${invoicer}.`, terminal),
    )
    .join('')
}

function dimLines(text: string, { width, colours }: Terminal): string {
  return wrap(text, { width })
    .map((line) => `${colours.dim(line)}\n`)
    .join('')
}

const LATE_SHOWN = 4
const LATE_COLUMNS = [
  column('bill', 'On the bill'),
  column('about', 'Corrects'),
  column('account', 'Account'),
  column('service', 'Service'),
  column('currency', 'Currency'),
  column('amount', 'Amount', 'amount'),
]

/** What usage of a published month, come late, moved: the largest, and all of it. */
export async function showLate(
  workspace: Workspace,
  { period, why, terminal }: { readonly period: Period; readonly why: string; readonly terminal: Terminal },
): Promise<void> {
  const { bold, dim } = terminal.colours
  const lines = await collectCells(await billsReport(unscoped(workspace), { period, by: 'service' }))
  const late = lines.filter((cell) => cell('charge') === 'adjustment')
  const size = (cell: RowCells) => {
    const reading = parseAmount(cell('amount'), cell('currency'))
    return reading.ok ? (reading.minor < 0n ? -reading.minor : reading.minor) : 0n
  }
  const largest = [...late].sort((a, b) => (size(a) === size(b) ? 0 : size(a) > size(b) ? -1 : 1)).slice(0, LATE_SHOWN)
  await terminal.out(
    `\n${bold('What came late')} ${dim('(bills once issued stay; the difference is on the next one)')}\n\n`,
  )
  const totals = totalsOf(LATE_COLUMNS, cellsOf(late, LATE_COLUMNS))
  await terminal.out(drawTable({ columns: LATE_COLUMNS, rows: cellsOf(largest, LATE_COLUMNS), totals }, terminal))
  const rest = late.length - largest.length
  const smaller = rest > 0 ? `${rest} smaller ones are in the total. ` : ''
  await terminal.out(dimLines(`${smaller}${why}`, terminal))
}

/** Where the usage of one service went: bucket by bucket, tier by tier. */
export async function showService(
  workspace: Workspace,
  { service, period, terminal }: { readonly service: string; readonly period: Period; readonly terminal: Terminal },
): Promise<void> {
  const report = await usageReport(unscoped(workspace), { period })
  const at = report.columns.findIndex(({ key }) => key === 'service')
  const rows = (await collectRows(report)).filter((row) => row[at] === service)
  await terminal.out(`\n${terminal.colours.bold(`Where the usage of ${service} went`)}\n\n`)
  await terminal.out(drawTable({ columns: report.columns, rows, totals: [] }, terminal))
}

const ALERT_COLUMNS = [
  column('account', 'Account'),
  column('bucket', 'Bucket'),
  column('percents', 'Reached'),
  column('capacity', 'Of'),
  column('exhausted_at', 'Ran out (UTC)'),
]

/** Of shared buckets, which shares of their capacity were reached; those of single services are counted. */
export async function showAlerts(workspace: Workspace, period: Period, terminal: Terminal): Promise<void> {
  const { bold } = terminal.colours
  const alerts = await collectCells(await alertsReport(unscoped(workspace), { period }))
  const shared = new Map<string, { readonly cell: RowCells; readonly percents: string[] }>()
  for (const cell of alerts.filter((one) => one('on') !== 'service')) {
    const key = JSON.stringify(['account', 'holder', 'bucket', 'start_at'].map(cell))
    const known = shared.get(key) ?? { cell, percents: [] }
    known.percents.push(cell('percent'))
    shared.set(key, known)
  }
  const rows = [...shared.values()].map(({ cell, percents }) => [
    cell('account'),
    cell('bucket'),
    `${percents.join(', ')} %`,
    drawUsage(cell('capacity'), usageTypeNamed(cell('usage_type'))),
    cell('exhausted_at').replace('T', ' ').slice(0, 16),
  ])
  await terminal.out(`\n${bold(`Alerts of ${period.name}`)}\n\n`)
  await terminal.out(drawTable({ columns: ALERT_COLUMNS, rows }, terminal))
  const own = alerts.filter((cell) => cell('on') === 'service').length
  if (own > 0) await terminal.out(dimLines(`${own} more are of buckets that single services have.`, terminal))
}

function usageTypeNamed(word: string): UsageType | undefined {
  return USAGE_TYPES.find((usageType) => usageType === word)
}
