// `export journal` and `export focus`: a period for other programs, as any report's format. Says beside it which rules were used,
// because a journal by default rules, or a draft, looks like any other once it is a file.

import { type Command, Option } from '@commander-js/extra-typings'
import {
  type CountedProblem,
  countProblems,
  type JournalRules,
  type LocalDate,
  parseLocalDate,
  Refusal,
  type Report,
} from '@spillway/core'
import { focusReport, type JournalExport, journalReport, periodNamed } from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { atWorkspace, type CommandContext, pathFrom } from '../command-context.ts'
import { printCounted } from '../output/print-problems.ts'
import { OUTPUT_FORMATS, printReport } from '../output/print-report.ts'
import { overHttp } from '../remote/server-place.ts'

const format = () => new Option('--format <format>', 'how to write it').choices(OUTPUT_FORMATS)

export function registerExportJournal(group: Command, context: CommandContext): void {
  overHttp(group.command('journal'))
    .description('the general-ledger journal of a period: debits by GL code, credits by vendor, balanced per entity')
    .requiredOption('-p, --period <period>', 'the month, such as 2026-10')
    .addOption(
      new Option('--view <view>', 'which amounts')
        .choices(['actual', 'adjusted'] as const)
        .default('adjusted' as const),
    )
    .option('--reversal', 'first the reversal of the journal published before the period was reopened')
    .option('--date <date>', 'the date of every line; the last day of the period if left out')
    .option('--rules <name>', 'a document of kind Journal by name, or a version of it as name@2')
    .addOption(format())
    .option('-o, --output <file>', 'write it to a file')
    .action(async ({ period, view, reversal, date, rules, format, output }) => {
      const request = { period: periodNamed(period), view, rules, on: dateFrom(date), reversal: reversal === true }
      const print = (report: Report) =>
        printReport(report, { format, output: output && pathFrom(context, output) }, context.terminal)
      const { parts, problems } = await atWorkspace<PrintedJournal>(context, {
        access: 'read',
        here: async (workspace) => {
          const { report, parts: made, problems: found } = await journalReport(unscoped(workspace), request)
          await print(report)
          return { parts: made, problems: countProblems(found) }
        },
        there: async (client) => {
          const { reportOf } = await import('../remote/connect.ts')
          const { signal } = context.terminal
          const query = {
            ...{ period: request.period.name, view, date: request.on, rules },
            reversal: reversal === true ? 'true' : 'false',
          } as const
          const page = await client.ask('getJournal', { query: { ...query, limit: 1 }, signal })
          await print(
            reportOf(page, () => client.download('getJournal', { query: { ...query, format: 'ndjson' }, signal })),
          )
          return page as PrintedJournal
        },
      })
      for (const part of parts) if (part.bill === '') noteRules(part, context)
      printCounted(problems, context.terminal)
      if (problems.length > 0) context.exitCode = 1
    })
}

type PrintedPart = Omit<JournalExport['parts'][number], 'rules'> & {
  readonly rules: Pick<JournalExport['parts'][number]['rules'], 'label' | 'inForce'> & {
    readonly rules: Pick<JournalRules, 'entity' | 'payable' | 'suspense' | 'receivable' | 'revenue'>
  }
}
type PrintedJournal = {
  readonly parts: ReadonlyArray<PrintedPart>
  readonly problems: ReadonlyArray<CountedProblem>
}

export function registerExportFocus(group: Command, context: CommandContext): void {
  overHttp(group.command('focus'))
    .description('a period as FOCUS 1.3 Cost and Usage rows, with what was allocated to whom')
    .requiredOption('-p, --period <period>', 'the month, such as 2026-10')
    .addOption(format())
    .option('-o, --output <file>', 'write it to a file')
    .action(async ({ period: name, format, output }) => {
      const period = periodNamed(name)
      const print = (report: Report) =>
        printReport(report, { format, output: output && pathFrom(context, output) }, context.terminal)
      await atWorkspace(context, {
        access: 'read',
        here: async (workspace) => print(await focusReport(unscoped(workspace), { period })),
        there: async (client) => {
          const { reportOf } = await import('../remote/connect.ts')
          const { signal } = context.terminal
          const query = { period: period.name }
          const page = await client.ask('getFocus', { query: { ...query, limit: 1 }, signal })
          await print(
            reportOf(page, () => client.download('getFocus', { query: { ...query, format: 'ndjson' }, signal })),
          )
        },
      })
    })
}

/** @throws Refusal `bad-command` for what is no date. */
function dateFrom(text: string | undefined): LocalDate | undefined {
  if (text === undefined) return undefined
  const date = parseLocalDate(text)
  if (date !== null) return date
  throw new Refusal('bad-command', `"${text}" is no date.`, { hint: 'Write it as 2026-10-31.' })
}

function noteRules({ run, kind, state, rules, hasSales }: PrintedPart, { terminal }: CommandContext): void {
  const { entity, payable, suspense, receivable, revenue } = rules.rules
  const ofBills = hasSales ? `, our bills to ${receivable} and ${revenue}` : ''
  const what =
    kind === 'reversal' ? `The reversal of run ${run}` : `The ${state === 'draft' ? 'draft' : 'journal'} of run ${run}`
  if (rules.label === 'default')
    terminal.note(
      `${what} uses default rules: entity ${entity}, credits to ${payable}, no GL code to ${suspense}${ofBills}. Apply a document of kind Journal to name your own.`,
    )
  else terminal.note(`${what} uses ${rules.label}.`)
  if (rules.inForce !== null && kind === 'journal')
    terminal.note(
      `${rules.inForce} is in force now: name it with --rules, or ${state === 'draft' ? 'close' : 'reopen, close and publish'} the period again.`,
    )
  if (state === 'draft') terminal.note('The period is not published: do not book a draft.')
}
