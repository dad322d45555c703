// `delete`: takes a document of configuration out of force; what others still name is refused.
import type { Command } from '@commander-js/extra-typings'
import { deleteConfiguration } from '@spillway/engine'
import { type CommandContext, inWorkspace } from '../command-context.ts'

export function registerDelete(program: Command, context: CommandContext): void {
  program
    .command('delete')
    .description('delete a document of configuration; its versions stay for the runs that used them')
    .argument('<kind>', 'such as AllocationPolicy or Bucket')
    .argument('<name>', 'its name or id; `export config --kind KIND` has them')
    .action(async (kind, name) => {
      await inWorkspace(context, 'write', (workspace) => deleteConfiguration(workspace, { kind, name }))
      context.terminal.note(`deleted   ${kind} ${name}`)
    })
}
