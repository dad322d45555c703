// `delete`: takes a document of configuration out of force; what others still name is refused.
import type { Command } from '@commander-js/extra-typings'
import { deleteConfiguration } from '@spillway/engine'
import { atWorkspace, type CommandContext } from '../command-context.ts'
import { overHttp } from '../remote/server-place.ts'

export function registerDelete(program: Command, context: CommandContext): void {
  overHttp(program.command('delete'))
    .description('delete a document of configuration; its versions stay for the runs that used them')
    .argument('<kind>', 'such as AllocationPolicy or Bucket')
    .argument('<name>', 'its name or id; `export config --kind KIND` has them')
    .action(async (kind, name) => {
      await atWorkspace(context, {
        access: 'write',
        here: (workspace) => deleteConfiguration(workspace, { kind, name }),
        there: (client) => client.ask('deleteDocument', { params: { kind, name }, headers: { 'if-match': '*' } }),
      })
      context.terminal.note(`deleted   ${kind} ${name}`)
    })
}
