// `demo`: a fictional company with three vendors and thirteen months, from its raw files to a cost centre's figure; with
// `--provider` a fictional operator with three share plans, from usage events to its bills; with `--firm` a fictional law firm
// whose people share one conferencing account, from call records to an invoice of billable time.

import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { type Command, Option } from '@commander-js/extra-typings'
import { Refusal } from '@spillway/core'
import { buildReport, initWorkspace, periodNamed, type ReportRequest, type Workspace } from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { type CommandContext, pathFrom } from '../command-context.ts'
import { type DemoCompany, loadDemoCompany } from '../demo/company.ts'
import { type DemoFirm, loadDemoFirm } from '../demo/firm.ts'
import { loadCompany, type MonthDone } from '../demo/load-company.ts'
import { type FirmMonthDone, loadFirm } from '../demo/load-firm.ts'
import { loadProvider, type ProviderMonthDone } from '../demo/load-provider.ts'
import { firmSteps, nextSteps, providerSteps } from '../demo/next-steps.ts'
import { type DemoProvider, loadDemoProvider } from '../demo/provider.ts'
import { showCentres, showHeaviest, showTrend, showVendors } from '../demo/show-company.ts'
import { showBillSections, showConflicts, showLawsuit, showUncoded } from '../demo/show-firm.ts'
import { showPoolMonths, showTiers } from '../demo/show-pools.ts'
import { showAlerts, showBills, showLate, showService } from '../demo/show-provider.ts'
import { writeInvoices } from '../demo/write-invoices.ts'
import { printReport } from '../output/print-report.ts'
import { groupThousands } from '../output/print-table.ts'
import { makeFolder, writeOutput } from '../output/write-output.ts'
import { serveWorkspace } from '../serve-workspace.ts'
import { CODE_VERSION } from '../version.ts'

const MARKER = '.spillway-demo'

export function registerDemo(program: Command, context: CommandContext): void {
  program
    .command('demo')
    .description(
      'a fictional company of 400 services, 3 vendors and 13 months, worked from its raw bills; or a provider with share plans, or a law firm',
    )
    .argument(
      '[dir]',
      'where to put its workspace; an earlier demo there is replaced (default: "spillway-demo", "spillway-provider" or "spillway-firm")',
    )
    .option('--provider', 'an operator of SIMs, with 3 share plans and 3 months of usage, rated and billed')
    .addOption(
      new Option('--firm', 'a law firm with 40 user ids under one account, and 12 months of conferences').conflicts(
        'provider',
      ),
    )
    .option('--serve', 'then serve it on this machine alone, with a link that signs in as its owner')
    .option('--port <port>', 'with --serve: where to listen (default: 7070; 0 for any that is free)')
    .action(async (dir, { provider: isProvider, firm: isFirm, serve: isServed, port }) => {
      if (port !== undefined && isServed !== true)
        throw new Refusal('bad-command', '--port is for a demo that is served.', { hint: 'Add --serve.' })
      const [name, run] = isFirm
        ? (['spillway-firm', runFirm] as const)
        : isProvider
          ? (['spillway-provider', runProvider] as const)
          : (['spillway-demo', runCompany] as const)
      const directory = pathFrom(context, dir ?? name)
      await run(directory, context)
      if (isServed === true) await serveDemo({ ...context, directory }, port)
    })
}

/** On this machine alone, whatever the environment says: whoever has the link is the owner. */
async function serveDemo(context: CommandContext, port: string | undefined): Promise<void> {
  const { terminal } = context
  await serveWorkspace(context, {
    given: { host: '127.0.0.1', port },
    welcome: async ({ server, url, hasWeb }) => {
      const { offerDemoLink } = await import('@spillway/server')
      terminal.note('This link signs you in as the owner of the demo. It works once:')
      terminal.note(`  ${url}${await offerDemoLink(server)}`)
      if (!hasWeb) terminal.note(`The web app is not built here: see ${url}/v1/docs for the API.`)
    },
  })
}

async function runCompany(directory: string, context: CommandContext): Promise<void> {
  const { terminal } = context
  const company = await loadDemoCompany()
  await inDemoWorkspace({ directory, context, today: '2025-10-01' }, async (workspace, setToday) => {
    await workCompany(workspace, { company, context, setToday })
    const folder = join(workspace.directory, 'reports')
    await writeReports(workspace, { folder, files: COMPANY_FILES, period: company.lastPeriod, context })
    await terminal.out(
      `\n${COMPANY_FILES.length} reports of ${company.lastPeriod} are in ${relative(terminal.directory, folder)}\n`,
    )
    await terminal.out(nextSteps(directory, { company, terminal }))
  })
}

async function runProvider(directory: string, context: CommandContext): Promise<void> {
  const { terminal } = context
  const provider = await loadDemoProvider()
  await inDemoWorkspace({ directory, context, today: '2026-08-01' }, async (workspace, setToday) => {
    await workProvider(workspace, { provider, context, setToday })
    const folder = join(workspace.directory, 'reports')
    for (const { period } of provider.months)
      await writeReports(workspace, { folder: join(folder, period), files: PROVIDER_FILES, period, context })
    await terminal.out(
      `\n${PROVIDER_FILES.length} reports of each month are in ${relative(terminal.directory, folder)}\n`,
    )
    await terminal.out(providerSteps(directory, { provider, terminal }))
  })
}

async function runFirm(directory: string, context: CommandContext): Promise<void> {
  const { terminal } = context
  const firm = await loadDemoFirm()
  const { lastPeriod: period } = firm
  await inDemoWorkspace({ directory, context, today: '2025-11-01' }, async (workspace, setToday) => {
    await workFirm(workspace, { firm, context, setToday })
    const folder = join(workspace.directory, 'reports')
    await writeReports(workspace, { folder, files: FIRM_FILES, period, context })
    await writeInvoices(workspace, { firm, folder, terminal })
    await terminal.out(firmSteps(directory, { firm, terminal }))
  })
}

type DemoPlace = { readonly directory: string; readonly context: CommandContext; readonly today: string }

/** The same figures, names and dates on every run: a demo has its own clock, which `work` sets. */
async function inDemoWorkspace(
  { directory, context, today }: DemoPlace,
  work: (workspace: Workspace, setToday: (date: string) => void) => Promise<void>,
): Promise<void> {
  await clearEarlierDemo(directory)
  let day = today
  const actor = { who: 'demo', now: () => new Date(`${day}T09:00:00Z`), codeVersion: CODE_VERSION }
  await makeFolder(directory)
  await writeOutput(join(directory, MARKER), ['Made by `spillway demo`, which may replace this folder.\n'])
  const workspace = await initWorkspace(directory, { actor, holder: context.commandLine })
  try {
    await work(workspace, (date) => {
      day = date
    })
  } finally {
    await workspace.close()
  }
}

async function clearEarlierDemo(directory: string): Promise<void> {
  if (!existsSync(directory)) return
  if (!existsSync(join(directory, MARKER)))
    throw new Refusal('workspace-exists', `${directory} is there already and is no earlier demo.`, {
      hint: 'Name another folder: `spillway demo DIR`.',
    })
  await rm(directory, { recursive: true })
}

type Working = { readonly context: CommandContext; readonly setToday: (date: string) => void }

async function workCompany(
  workspace: Workspace,
  { company, context, setToday }: Working & { readonly company: DemoCompany },
): Promise<void> {
  const { terminal } = context
  const { bold, dim } = terminal.colours
  await terminal.out(`${bold(company.name)}, a fictional freight company of 260 people and 400 services\n`)
  await terminal.out(dim('Importing the raw bills of 3 vendors; closing and publishing 13 months\n\n'))
  await loadCompany(workspace, {
    company,
    setToday,
    signal: terminal.signal,
    onMonth: (month) => terminal.out(monthLine(month, `${month.close.pools} pools divided`, context)),
  })
  const period = periodNamed(company.lastPeriod)
  await showVendors(workspace, period, terminal)
  await showHeaviest(workspace, period, terminal)
  await showCentres(workspace, period, terminal)
  await showTrend(workspace, terminal)
}

async function workProvider(
  workspace: Workspace,
  { provider, context, setToday }: Working & { readonly provider: DemoProvider },
): Promise<void> {
  const { terminal } = context
  const { bold, dim } = terminal.colours
  await terminal.out(`${bold(provider.name)}, a fictional operator: 92 services, 5 accounts, 3 share plans\n`)
  await terminal.out(dim('Importing the usage of meters, lorries and shops; rating and billing 3 months\n\n'))
  await loadProvider(workspace, {
    provider,
    setToday,
    signal: terminal.signal,
    onMonth: (month) => terminal.out(monthLine(month, `${month.duplicates} of them sent twice`, context)),
  })
  const period = periodNamed(provider.lastPeriod)
  await showPoolMonths(workspace, { months: provider.months.map((month) => month.period), terminal })
  await showTiers(workspace, provider.lastPeriod, terminal)
  await showBills(workspace, period, terminal)
  await showLate(workspace, { period, why: provider.late, terminal })
  const [followed] = provider.explain
  if (followed)
    await showService(workspace, { service: followed.service, period: periodNamed(followed.period), terminal })
  await showAlerts(workspace, period, terminal)
}

async function workFirm(
  workspace: Workspace,
  { firm, context, setToday }: Working & { readonly firm: DemoFirm },
): Promise<void> {
  const { terminal } = context
  const { bold, dim } = terminal.colours
  await terminal.out(`${bold(firm.name)}, a fictional law firm: 26 people, 40 user ids, one account\n`)
  await terminal.out(dim('Importing the call records of its bridge; rating and billing 12 months\n\n'))
  await loadFirm(workspace, {
    firm,
    setToday,
    signal: terminal.signal,
    onMonth: (month) => terminal.out(monthLine(month, `a bill of ${month.billed}`, context)),
  })
  await terminal.out(dim('\nThe records had passcodes in clear: each became its user id, and none is kept.\n'))
  const period = periodNamed(firm.lastPeriod)
  await showConflicts(workspace, period, terminal)
  await showBillSections(workspace, firm.bill, terminal)
  const first = periodNamed(firm.months[0]?.period ?? firm.lastPeriod)
  await showLawsuit(workspace, {
    ...{ project: firm.lawsuit.project, period, terminal },
    ...{ from: first.startOn, until: period.endOn },
  })
  await showUncoded(workspace, period, terminal)
}

function monthLine(
  { period, files, rows, quarantined }: MonthDone | ProviderMonthDone | FirmMonthDone,
  done: string,
  { terminal }: CommandContext,
): string {
  const { green, dim, yellow } = terminal.colours
  const held = quarantined > 0 ? yellow(`, ${quarantined} in quarantine`) : ''
  return `  ${green('published')} ${period}  ${dim(`${String(files).padStart(2)} ${files === 1 ? 'file' : 'files'}, ${groupThousands(String(rows))} rows, ${done}`)}${held}\n`
}

type DemoFile = { readonly file: string; readonly request: Omit<ReportRequest, 'period'> }

const COMPANY_FILES: ReadonlyArray<DemoFile> = [
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

const PROVIDER_FILES: ReadonlyArray<DemoFile> = [
  { file: 'alerts.csv', request: { name: 'alerts' } },
  { file: 'bills.csv', request: { name: 'bills' } },
  { file: 'bills-by-service.csv', request: { name: 'bills', by: 'service' } },
  { file: 'buckets.csv', request: { name: 'buckets' } },
  { file: 'usage.csv', request: { name: 'usage' } },
]

const FIRM_FILES: ReadonlyArray<DemoFile> = [
  { file: 'billable-time.csv', request: { name: 'billable-time' } },
  { file: 'billable-time-by-project.csv', request: { name: 'billable-time', by: 'project' } },
  { file: 'bills.csv', request: { name: 'bills' } },
  { file: 'conflicts-by-user-id.csv', request: { name: 'conflicts', by: 'user-id' } },
  { file: 'conflicts.csv', request: { name: 'conflicts' } },
  { file: 'sub-accounts.csv', request: { name: 'sub-accounts' } },
  { file: 'uncoded.csv', request: { name: 'uncoded' } },
]

type WrittenReports = {
  readonly folder: string
  readonly files: ReadonlyArray<DemoFile>
  readonly period: string
  readonly context: CommandContext
}

async function writeReports(workspace: Workspace, { folder, files, period, context }: WrittenReports): Promise<void> {
  await mkdir(folder, { recursive: true })
  const quiet = { ...context.terminal, note: () => undefined }
  for (const { file, request } of files) {
    const report = await buildReport(unscoped(workspace), { ...request, period })
    await printReport(report, { format: 'csv', output: join(folder, file) }, quiet)
  }
}
