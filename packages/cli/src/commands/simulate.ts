// `simulate`: who would carry more and who less under other policies. Changes nothing.

import { type Command, Option } from '@commander-js/extra-typings'
import { formatAmount } from '@spillway/core'
import {
  periodNamed,
  readPolicies,
  SIMULATION_DIMENSIONS,
  type SimulatedView,
  simulatePolicies,
  simulationReport,
} from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { type CommandContext, inWorkspace, pathFrom } from '../command-context.ts'
import { OUTPUT_FORMATS, printReport } from '../output/print-report.ts'
import { groupThousands } from '../output/print-table.ts'
import { readConfigurationFile } from './apply.ts'

export function registerSimulate(program: Command, context: CommandContext): void {
  program
    .command('simulate')
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
      const policies = readPolicies(
        await Promise.all(file.map((path) => readConfigurationFile(pathFrom(context, path)))),
      )
      const simulation = await inWorkspace(context, 'read', (workspace) =>
        simulatePolicies(unscoped(workspace), { policies, period: periodNamed(period), signal: terminal.signal }),
      )
      await printReport(
        simulationReport(simulation, { by }),
        { format, output: output && pathFrom(context, output) },
        terminal,
      )
      for (const sum of simulation.views[by].sums) terminal.note(describeSum(sum))
    })
}

function describeSum({ currency, gainers, gainedMinor, losers, lostMinor }: SimulatedView['sums'][number]): string {
  const text = (minor: bigint) => `${groupThousands(formatAmount(minor < 0n ? -minor : minor, currency))} ${currency}`
  return `${gainers} would carry ${text(gainedMinor)} less, ${losers} would carry ${text(lostMinor)} more; the total stays.`
}
