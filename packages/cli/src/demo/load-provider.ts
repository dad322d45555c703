// Works the example provider month by month as its billing desk would: import usage, close, publish the bills.
import { invariant, parsePeriod } from '@spillway/core'
import { closePeriod, publishPeriod, type Workspace } from '@spillway/engine'
import { applyExample, countRows, importExample, type RowsRead } from './import-example.ts'
import type { DemoProvider, ProviderMonth } from './provider.ts'

export type ProviderMonthDone = RowsRead & { readonly period: string; readonly files: number }

export type LoadProviderOptions = {
  readonly provider: DemoProvider
  readonly onMonth: (month: ProviderMonthDone) => Promise<void>
  /** Sets the day that the workspace takes for today. */
  readonly setToday: (date: string) => void
  readonly signal: AbortSignal
}

/** Everything up to the last month, all of them published. */
export async function loadProvider(workspace: Workspace, options: LoadProviderOptions): Promise<void> {
  const { folder, documents, months } = options.provider
  const [first] = months
  invariant(first, 'the example has months')
  options.setToday(`${first.period}-01`)
  await applyExample(workspace, { folder, files: documents })
  for (const month of months) await options.onMonth(await workMonth(workspace, month, options))
}

async function workMonth(
  workspace: Workspace,
  month: ProviderMonth,
  { provider, setToday, signal }: LoadProviderOptions,
): Promise<ProviderMonthDone> {
  const period = parsePeriod(month.period)
  invariant(period, 'a month of the example is a period', { period: month.period })
  setToday(month.closedOn)
  const report = await importExample(workspace, {
    folder: provider.folder,
    files: month.imports.map(({ file }) => file),
    asOf: period.startOn,
    signal,
  })
  await closePeriod(workspace, { period, signal })
  await publishPeriod(workspace, period)
  return { period: month.period, files: report.files.length, ...countRows(report) }
}
