// `simulate`: who would carry more and who less under other policies. Changes nothing.

import { type Command, Option } from '@commander-js/extra-typings'
import { formatAmount, type Report } from '@spillway/core'
import {
  periodNamed,
  readPolicies,
  SIMULATION_DIMENSIONS,
  type SimulatedView,
  simulatePolicies,
  simulationReport,
} from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { atWorkspace, type CommandContext, pathFrom } from '../command-context.ts'
import { OUTPUT_FORMATS, printReport } from '../output/print-report.ts'
import { groupThousands } from '../output/print-table.ts'
import { overHttp } from '../remote/server-place.ts'
import { readConfigurationFile } from './apply.ts'

export function registerSimulate(program: Command, context: CommandContext): void {
  overHttp(program.command('simulate'))
    .description('show who gains and who loses under other policies; changes nothing')
    .requiredOption('-f, --file <files...>', 'YAML files with AllocationPolicy documents')
    .requiredOption('-p, --period <period>', 'a month that is closed, such as 2026-10')
    .addOption(
      new Option('--by <dimension>', 'what one row is about')
        .choices(SIMULATION_DIMENSIONS)
        .default('service' as const),
    )
    .addOption(new Option('--format <format>', 'how to write it').choices(OUTPUT_FORMATS))
    .option('-o, --output <file>', 'write it to a file')
    .action(async ({ file, period, by, format, output }) => {
      const { terminal } = context
      const files = await Promise.all(file.map((path) => readConfigurationFile(pathFrom(context, path))))
      const { signal } = terminal
      const { report, sums } = await atWorkspace<Simulated>(context, {
        access: 'read',
        here: async (workspace) => {
          const asked = { policies: readPolicies(files), period: periodNamed(period), signal }
          const simulation = await simulatePolicies(unscoped(workspace), asked)
          return { report: simulationReport(simulation, { by }), sums: simulation.views[by].sums.map(sumOf) }
        },
        there: async (client) => {
          const { readPages } = await import('../remote/connect.ts')
          const answer = await client.ask('simulate', { body: { period, files: [...files], by }, signal })
          return { report: await readPages(async () => answer.report), sums: answer.sums }
        },
      })
      await printReport(report, { format, output: output && pathFrom(context, output) }, terminal)
      for (const sum of sums) terminal.note(describeSum(sum))
    })
}

type Sum = {
  readonly currency: string
  readonly gainers: number
  readonly gained: string
  readonly losers: number
  readonly lost: string
}
type Simulated = { readonly report: Report; readonly sums: ReadonlyArray<Sum> }

function sumOf({ currency, gainers, gainedMinor, losers, lostMinor }: SimulatedView['sums'][number]): Sum {
  const [gained, lost] = [formatAmount(gainedMinor, currency), formatAmount(lostMinor, currency)]
  return { currency, gainers, gained, losers, lost }
}

function describeSum({ currency, gainers, gained, losers, lost }: Sum): string {
  const text = (amount: string) => `${groupThousands(amount.replace(/^-/, ''))} ${currency}`
  return `${gainers} would carry ${text(gained)} less, ${losers} would carry ${text(lost)} more; the total stays.`
}
