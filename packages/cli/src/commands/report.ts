// `report`: any report of a period, in any format.

import { type Command, Option } from '@commander-js/extra-typings'
import { Refusal, type Report } from '@spillway/core'
import { buildReport, REPORT_NAMES, REPORT_SUMMARY, type ReportName } from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { atWorkspace, type CommandContext, pathFrom } from '../command-context.ts'
import { OUTPUT_FORMATS, printReport } from '../output/print-report.ts'
import { overHttp } from '../remote/server-place.ts'

const HELP = `\nReports:\n${REPORT_NAMES.map((name) => `  ${name.padEnd(16)}${REPORT_SUMMARY[name]}`).join('\n')}`

export function registerReport(program: Command, context: CommandContext): void {
  overHttp(program.command('report'))
    .description('show or write a report of a period')
    .argument('<name>', `one of ${REPORT_NAMES.join(', ')}`)
    .option('-p, --period <period>', 'the month, such as 2026-10')
    .option('--by <dimension>', 'what one row is about, such as person or cost-centre')
    .addOption(new Option('--view <view>', 'show one view alone').choices(['actual', 'adjusted'] as const))
    .option('--key <key>', 'of a trend: one key alone')
    .addOption(new Option('--of <measure>', 'of a trend: what is followed').choices(['cost', 'usage'] as const))
    .option('--months <number>', 'how many months, the period the last')
    .option('--count <number>', 'of movers: how many that rose, and that fell')
    .option('--number <bill>', 'of bills: the lines of one bill')
    .option('--run <run>', 'of run-changes: which run, such as 2026-10.2')
    .option('--since <run>', 'of run-changes: the run that it is compared with')
    .option('--pool <pool>', 'of pool-days: which pool')
    .option(
      '--bucket <bucket>',
      'of buckets: who drew from it, with --by holder what each holder drew; of balances, bucket-days and alerts: it alone',
    )
    .option(
      '--account <account>',
      'of buckets, balances, alerts and bills: its own; of accounts: it, above and beneath it; of legs: which master account',
    )
    .option('--user <id>', 'of legs: which user id')
    .option('--at <instant>', 'of balances: when, such as 2026-10-17T12:00:00Z')
    .option('--project <project>', 'of billable-time: one project; "" for calls without one')
    .option('--from <date>', 'of calls: the first day')
    .option('--until <date>', 'of calls: the day after the last')
    .option('--where <term>', 'rows of DIMENSION=VALUE alone; repeatable', collect)
    .option('--sort <column>', 'in the order of a column; -column for descending')
    .option('--search <text>', 'rows with this in a text alone')
    .option('--columns <keys>', 'these columns alone, such as key,month,adjusted')
    .addOption(new Option('--format <format>', 'how to write it').choices(OUTPUT_FORMATS))
    .option('-o, --output <file>', 'write it to a file')
    .addHelpText('after', HELP)
    .action(async (name, { format, output, ...choices }) => {
      const known = reportNamed(name)
      const print = (report: Report) =>
        printReport(report, { format, output: output && pathFrom(context, output) }, context.terminal)
      await atWorkspace(context, {
        access: 'read',
        here: async (workspace) => print(await buildReport(unscoped(workspace), { name: known, ...choices })),
        there: async (client) => {
          const { readReport } = await import('../remote/connect.ts')
          const { signal } = context.terminal
          await print(await readReport(client, { name: known, query: choices, signal }))
        },
      })
    })
}

const collect = (term: string, terms: string[] = []): string[] => [...terms, term]

function reportNamed(name: string): ReportName {
  const known = REPORT_NAMES.find((candidate) => candidate === name)
  if (known) return known
  throw new Refusal('bad-command', `There is no report "${name}".`, {
    hint: `The reports are ${REPORT_NAMES.join(', ')}.`,
  })
}
