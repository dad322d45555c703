// `explain`: why a service carries what it carries, down to file and line.
import { sep } from 'node:path'
import { type Command, Option } from '@commander-js/extra-typings'
import { Refusal } from '@spillway/core'
import { explainService, explanationJson, explanationLines, LINES_MAX, periodNamed } from '@spillway/engine'
import { type CommandContext, inWorkspace } from '../command-context.ts'
import { printable } from '../output/printable.ts'
import { wrap } from '../output/wrap.ts'
import type { Terminal } from '../terminal.ts'

export function registerExplain(program: Command, context: CommandContext): void {
  program
    .command('explain')
    .description('say why a service carries what it carries: sentence, formula, source lines')
    .argument('<service>', 'its number or id')
    .requiredOption('-p, --period <period>', 'the month, such as 2026-10')
    .option('--lines <count>', `source lines per list, or "all" (default: ${LINES_MAX})`)
    .addOption(new Option('--format <format>', 'how to write it').choices(['text', 'json'] as const))
    .action(async (service, { period, lines, format }) => {
      const { terminal } = context
      const explanation = await inWorkspace(context, 'read', (workspace) =>
        explainService(workspace, {
          service,
          period: periodNamed(period),
          linesMax: linesMaxOf(lines),
          namedFrom: terminal.directory,
          signal: terminal.signal,
        }),
      )
      const chosen = format ?? (terminal.isInteractive ? 'text' : 'json')
      if (chosen === 'json') return terminal.out(`${JSON.stringify(explanationJson(explanation))}\n`)
      const width = terminal.isInteractive ? terminal.width : Number.POSITIVE_INFINITY
      for (const line of explanationLines(explanation))
        for (const part of wrap(fromHere(printable(line), terminal), { width, indent: 6 }))
          await terminal.out(`${part}\n`)
    })
}

/** Files below the folder in which the user stands are named from there. */
function fromHere(line: string, { directory }: Terminal): string {
  return directory === sep ? line : line.replaceAll(`${directory}${sep}`, '')
}

/** @throws Refusal `bad-command`. */
function linesMaxOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (text === 'all') return Number.POSITIVE_INFINITY
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Refusal('bad-command', `"${text}" is no count of lines.`, { hint: 'Write a whole number, or "all".' })
}
