// `source`: what was read from one line of an imported file, as the workspace keeps it.

import { type Command, Option } from '@commander-js/extra-typings'
import { Refusal } from '@spillway/core'
import { AROUND_MAX, type SourceLines, sourceLines, sourceText } from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { atWorkspace, type CommandContext } from '../command-context.ts'
import { printable } from '../output/printable.ts'
import { overHttp } from '../remote/server-place.ts'

export function registerSource(program: Command, context: CommandContext): void {
  overHttp(program.command('source'))
    .description('show what was read from a line of an imported file')
    .argument('<file>', 'its name, the end of its path, or the id of its import')
    .argument('<line>', 'as `report charges --by line` and `explain` count it')
    .option('--member <name>', 'of an archive: the file in it')
    .option('--sheet <name>', 'of a workbook: the sheet')
    .option('--around <count>', `lines before and after, at most ${AROUND_MAX} (default: 2)`)
    .addOption(new Option('--format <format>', 'how to write it').choices(['text', 'json'] as const))
    .action(async (file, lineText, { format, member, sheet, around: aroundText }) => {
      const { terminal } = context
      const line = wholeNumber(lineText, { what: 'line', most: 2_147_000_000 })
      const around = aroundText === undefined ? 2 : wholeNumber(aroundText, { what: 'count', most: AROUND_MAX })
      const found = await atWorkspace<SourceLines>(context, {
        access: 'read',
        here: (workspace) => sourceLines(unscoped(workspace), { file, line, member, sheet, around }),
        there: async (client) => {
          const query = { batch: file, line, member, sheet, around }
          return (await client.ask('getSourceLines', { query, signal: terminal.signal })) as SourceLines
        },
      })
      const isJson = (format ?? (terminal.isInteractive ? 'text' : 'json')) === 'json'
      if (isJson) return terminal.out(`${JSON.stringify(found)}\n`)
      for (const text of sourceText(found)) await terminal.out(`${printable(text)}\n`)
    })
}

/** @throws Refusal `bad-command`. */
function wholeNumber(text: string, { what, most }: { readonly what: string; readonly most: number }): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (number <= most) return number
  throw new Refusal('bad-command', `"${text}" is no ${what}.`, { hint: `Write a whole number, at most ${most}.` })
}
