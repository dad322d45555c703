// `demo`: a fictional company with three vendors and thirteen months, from its raw files to a cost centre's figure.
import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Command } from '@commander-js/extra-typings'
import { Refusal } from '@spillway/core'
import { initWorkspace, periodNamed, type Workspace } from '@spillway/engine'
import { type CommandContext, pathFrom } from '../command-context.ts'
import { type DemoCompany, loadDemoCompany } from '../demo/company.ts'
import { loadCompany, type MonthDone } from '../demo/load-company.ts'
import { nextSteps } from '../demo/next-steps.ts'
import { showCentres, showHeaviest, showTrend, showVendors } from '../demo/show-company.ts'
import { printReport } from '../output/print-report.ts'
import { groupThousands } from '../output/print-table.ts'
import { makeFolder, writeOutput } from '../output/write-output.ts'
import { CODE_VERSION } from '../version.ts'
import { buildReport, type ReportRequest } from './report-names.ts'

const MARKER = '.spillway-demo'

export function registerDemo(program: Command, context: CommandContext): void {
  program
    .command('demo')
    .description('a fictional company of 400 services, 3 vendors and 13 months, worked from its raw bills')
    .argument('[dir]', 'where to put its workspace; an earlier demo there is replaced', 'spillway-demo')
    .action(async (dir) => {
      const directory = pathFrom(context, dir)
      await clearEarlierDemo(directory)
      const company = await loadDemoCompany()
      let today = '2025-10-01'
      // The same figures, names and dates on every run: the demo has its own clock.
      const setToday = (date: string) => {
        today = date
      }
      const actor = { who: 'demo', now: () => new Date(`${today}T09:00:00Z`), codeVersion: CODE_VERSION }
      await makeFolder(directory)
      await writeOutput(join(directory, MARKER), ['Made by `spillway demo`, which may replace this folder.\n'])
      const workspace = await initWorkspace(directory, { actor, holder: context.commandLine })
      try {
        await work(workspace, { company, context, setToday })
        await writeReports(workspace, { company, context })
        await context.terminal.out(nextSteps(directory, { company, terminal: context.terminal }))
      } finally {
        await workspace.close()
      }
    })
}

async function clearEarlierDemo(directory: string): Promise<void> {
  if (!existsSync(directory)) return
  if (!existsSync(join(directory, MARKER)))
    throw new Refusal('workspace-exists', `${directory} is there already and is no earlier demo.`, {
      hint: 'Name another folder: `spillway demo DIR`.',
    })
  await rm(directory, { recursive: true })
}

type Shown = { readonly company: DemoCompany; readonly context: CommandContext }

async function work(
  workspace: Workspace,
  { company, context, setToday }: Shown & { setToday: (date: string) => void },
): Promise<void> {
  const { terminal } = context
  const { bold, dim } = terminal.colours
  await terminal.out(`${bold(company.name)}, a fictional freight company of 260 people and 400 services\n`)
  await terminal.out(dim('Importing the raw bills of 3 vendors; closing and publishing 13 months\n\n'))
  await loadCompany(workspace, {
    company,
    setToday,
    signal: terminal.signal,
    onMonth: (month) => terminal.out(monthLine(month, context)),
  })
  const period = periodNamed(company.lastPeriod)
  await showVendors(workspace, period, terminal)
  await showHeaviest(workspace, period, terminal)
  await showCentres(workspace, period, terminal)
  await showTrend(workspace, terminal)
}

function monthLine({ period, files, rows, quarantined, close }: MonthDone, { terminal }: CommandContext): string {
  const { green, dim, yellow } = terminal.colours
  const held = quarantined > 0 ? yellow(`, ${quarantined} in quarantine`) : ''
  return `  ${green('published')} ${period}  ${dim(`${String(files).padStart(2)} files, ${groupThousands(String(rows))} rows, ${close.pools} pools divided`)}${held}\n`
}

const FILES: ReadonlyArray<{ readonly file: string; readonly request: Omit<ReportRequest, 'period'> }> = [
  { file: 'allocation.csv', request: { name: 'allocation' } },
  { file: 'charges-by-cost-centre.csv', request: { name: 'charges', by: 'cost-centre' } },
  { file: 'charges-by-person.csv', request: { name: 'charges', by: 'person' } },
  { file: 'charges-by-service.csv', request: { name: 'charges', by: 'service' } },
  { file: 'charges-by-vendor.csv', request: { name: 'charges', by: 'vendor' } },
  { file: 'pools.csv', request: { name: 'pools' } },
  { file: 'problems.csv', request: { name: 'problems' } },
  { file: 'reconciliation.csv', request: { name: 'reconciliation' } },
  { file: 'usage.csv', request: { name: 'usage' } },
]

async function writeReports(workspace: Workspace, { company, context }: Shown): Promise<void> {
  const folder = join(workspace.directory, 'reports')
  await mkdir(folder)
  const quiet = { ...context.terminal, note: () => undefined }
  for (const { file, request } of FILES) {
    const report = await buildReport(workspace, { ...request, period: company.lastPeriod })
    await printReport(report, { format: 'csv', output: join(folder, file) }, quiet)
  }
  await context.terminal.out(
    `\n${FILES.length} reports of ${company.lastPeriod} are in ${relative(context.terminal.directory, folder)}\n`,
  )
}
