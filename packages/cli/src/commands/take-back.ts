// `take-back`: an import counts no more, and what it superseded counts again.
import type { Command } from '@commander-js/extra-typings'
import { takeBackImport } from '@spillway/engine'
import { atWorkspace, type CommandContext } from '../command-context.ts'
import { counted } from '../output/counted.ts'
import { printable } from '../output/printable.ts'
import { overHttp } from '../remote/server-place.ts'

const RESTORED_SHOWN = 12

export function registerTakeBack(program: Command, context: CommandContext): void {
  overHttp(program.command('take-back'))
    .description('take an import back: it counts no more, and what it superseded counts again')
    .argument('<import>', 'as in `spillway report imports`')
    .requiredOption('--reason <text>', 'why, for the record')
    .action(async (batch, { reason }) => {
      const { file, documents, restored, mayLackRows } = await atWorkspace(context, {
        access: 'write',
        here: (workspace) => takeBackImport(workspace, { batch, reason }),
        there: (client) => client.ask('takeBackImport', { params: { batch }, body: { reason } }),
      })
      const { terminal } = context
      terminal.note(printable(`taken back ${file}: ${counted(documents, 'document')} less`))
      for (const { part, invoice, file: earlier } of restored.slice(0, RESTORED_SHOWN))
        terminal.note(printable(`          ${invoice || part} of ${earlier} counts again`))
      if (restored.length > RESTORED_SHOWN) terminal.note(`          and ${restored.length - RESTORED_SHOWN} more`)
      for (const later of mayLackRows)
        terminal.note(
          printable(
            `          ${later.file} left out usage that this one had: take ${later.batch} back too, and import it again`,
          ),
        )
      if (mayLackRows.length > 0) context.exitCode = 1
    })
}
