// Works the example company month by month as its expense manager would: import, accept, close, publish.
import { join } from 'node:path'
import { invariant, parseLocalDate, parsePeriod, Refusal } from '@spillway/core'
import {
  acceptDifference,
  applyConfiguration,
  type CloseReport,
  closePeriod,
  importFiles,
  publishPeriod,
  type Workspace,
} from '@spillway/engine'
import { intakeOf, SOURCE_KIND } from '../command-intake.ts'
import { readConfigurationFile } from '../commands/apply.ts'
import type { DemoCompany, DemoMonth } from './company.ts'

export type MonthDone = {
  readonly period: string
  readonly files: number
  readonly rows: number
  readonly quarantined: number
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
  const { company } = options
  const files = await Promise.all(company.documents.map((path) => readConfigurationFile(join(company.folder, path))))
  await applyConfiguration(workspace, { files, kinds: [SOURCE_KIND] })
  const [first] = company.months
  invariant(first, 'the example has months')
  options.setToday(`${first.period}-01`)
  await importAll(workspace, { ...options, files: company.directory, asOf: `${first.period}-01` })
  for (const month of company.months) await options.onMonth(await workMonth(workspace, month, options))
}

async function workMonth(workspace: Workspace, month: DemoMonth, options: LoadOptions): Promise<MonthDone> {
  const period = parsePeriod(month.period)
  invariant(period, 'a month of the example is a period', { period: month.period })
  options.setToday(period.endOn)
  const report = await importAll(workspace, {
    ...options,
    files: month.imports.map(({ file }) => file),
    asOf: period.startOn,
  })
  for (const { invoice, reason } of month.accepts) await acceptDifference(workspace, { invoice, reason })
  const close = await closePeriod(workspace, { period, signal: options.signal })
  await publishPeriod(workspace, period)
  const sum = (count: (rows: (typeof report.files)[number]['rows']) => number) =>
    report.files.reduce((total, { rows }) => total + count(rows), 0)
  return {
    period: month.period,
    files: report.files.length,
    rows: sum(({ read }) => read),
    quarantined: sum(({ quarantined }) => quarantined),
    close,
  }
}

async function importAll(
  workspace: Workspace,
  { company, files, asOf, signal }: LoadOptions & { readonly files: ReadonlyArray<string>; readonly asOf: string },
) {
  const asOfOn = parseLocalDate(asOf)
  invariant(asOfOn, 'a month of the example begins on a day', { asOf })
  const paths = files.map((file) => join(company.folder, file))
  const report = await importFiles(workspace, { paths, intake: await intakeOf(workspace), source: '', asOfOn, signal })
  const refused = report.files.find(({ refusal }) => refusal !== null)
  if (refused?.refusal)
    throw new Refusal(refused.refusal.kind, `${refused.file}: ${refused.refusal.message}`, {
      hint: refused.refusal.hint,
    })
  return report
}
