// `export statements`: a PDF for each cost centre and each person, all of a month in one go.
import { type Command, Option } from '@commander-js/extra-typings'
import { STATEMENT_KINDS } from '@spillway/core'
import { periodNamed } from '@spillway/engine'
import { PAPER_NAMES, type StatementsEncoded } from '@spillway/formats'
import { atWorkspace, type CommandContext, pathFrom } from '../command-context.ts'
import { counted } from '../output/counted.ts'
import { printable } from '../output/printable.ts'
import { withProgress } from '../output/progress.ts'
import { overHttp } from '../remote/server-place.ts'
import { writeStatements } from '../statements/write-statements.ts'

export function registerExportStatements(group: Command, context: CommandContext): void {
  overHttp(group.command('statements'))
    .description('a PDF statement for each cost centre and each person, with an index')
    .requiredOption('-p, --period <period>', 'the month, such as 2026-10')
    .addOption(new Option('--by <kind>', 'statements of one kind alone').choices(STATEMENT_KINDS))
    .option('--key <key...>', 'statements of these cost centres or people alone')
    .option('--company <name>', 'whose statements these are, for the head of the first page')
    .addOption(new Option('--paper <size>', 'the size of the paper').choices(PAPER_NAMES).default('a4' as const))
    .option('-o, --output <dir>', 'the folder to write into (default: statements-PERIOD)')
    .action(async ({ period: name, by, key: keys, company, paper, output }) => {
      const period = periodNamed(name)
      const { terminal } = context
      const folder = output ?? `statements-${period.name}`
      const target = pathFrom(context, folder)
      const { signal } = terminal
      const encoded = await withProgress(terminal, (onProgress) =>
        atWorkspace(context, {
          access: 'read',
          here: (workspace) => {
            const kinds = by === undefined ? STATEMENT_KINDS : [by]
            return writeStatements(workspace, {
              period,
              kinds,
              keys,
              company,
              paper,
              folder: target,
              onProgress,
              signal,
            })
          },
          there: async (client) => {
            const { writeStatementsOfServer } = await import('../remote/statements-from-server.ts')
            const request = { period: period.name, by, keys, company, paper }
            return writeStatementsOfServer(client, { request, folder: target, onProgress, signal })
          },
        }),
      )
      terminal.note(`Wrote ${counted(encoded.statements, 'statement')} of ${period.name} and index.csv to ${folder}.`)
      noteState(encoded, { period: period.name, context })
    })
}

function noteState(
  { statements, isPublished, incomplete, examples }: StatementsEncoded,
  { period, context }: { period: string; context: CommandContext },
): void {
  const { terminal } = context
  if (statements > 0 && !isPublished) terminal.note(`${period} is not published: every statement says draft.`)
  if (incomplete === 0) return
  context.exitCode = 1
  terminal.note(
    `${counted(incomplete, 'statement')} with characters that the font lacks, written as ?. index.csv names them.`,
  )
  for (const { file, characters } of examples)
    terminal.note(`  ${printable(file)}  ${characters.slice(0, 12).join(' ')}${characters.length > 12 ? ' …' : ''}`)
}
