// `init`: an empty workspace.
import type { Command } from '@commander-js/extra-typings'
import { type CommandContext, inNewWorkspace, pathFrom } from '../command-context.ts'

export function registerInit(program: Command, context: CommandContext): void {
  program
    .command('init')
    .description('make an empty workspace')
    .argument('<dir>', 'the folder, made where it is missing')
    .action(async (dir) => {
      context.directory = pathFrom(context, dir)
      await inNewWorkspace(context, async () => undefined)
      context.terminal.note(`A workspace is in ${context.directory}. Next: \`spillway -C ${dir} import FILE…\``)
    })
}
