// Works the example company month by month as its expense manager would: import, accept, close, publish.
import { invariant, parsePeriod } from '@spillway/core'
import { acceptDifference, type CloseReport, closePeriod, publishPeriod, type Workspace } from '@spillway/engine'
import type { DemoCompany, DemoMonth } from './company.ts'
import { applyExample, countRows, importExample, type RowsRead } from './import-example.ts'

export type MonthDone = RowsRead & {
  readonly period: string
  readonly files: number
  readonly close: CloseReport
}

export type LoadOptions = {
  readonly company: DemoCompany
  readonly onMonth: (month: MonthDone) => Promise<void>
  /** Sets the day that the workspace takes for today. */
  readonly setToday: (date: string) => void
  readonly signal: AbortSignal
}

/** Everything up to the last month, all of them published. */
export async function loadCompany(workspace: Workspace, options: LoadOptions): Promise<void> {
  const { company, signal } = options
  const { folder } = company
  await applyExample(workspace, { folder, files: company.documents })
  const [first] = company.months
  invariant(first, 'the example has months')
  options.setToday(`${first.period}-01`)
  await importExample(workspace, { folder, files: company.directory, asOf: `${first.period}-01`, signal })
  for (const month of company.months) await options.onMonth(await workMonth(workspace, month, options))
}

async function workMonth(workspace: Workspace, month: DemoMonth, options: LoadOptions): Promise<MonthDone> {
  const period = parsePeriod(month.period)
  invariant(period, 'a month of the example is a period', { period: month.period })
  options.setToday(period.endOn)
  const report = await importExample(workspace, {
    folder: options.company.folder,
    files: month.imports.map(({ file }) => file),
    asOf: period.startOn,
    signal: options.signal,
  })
  for (const { invoice, reason } of month.accepts) await acceptDifference(workspace, { invoice, reason })
  const close = await closePeriod(workspace, { period, signal: options.signal })
  await publishPeriod(workspace, period)
  return { period: month.period, files: report.files.length, ...countRows(report), close }
}
