// `backup`, `restore` and `doctor`: what whoever keeps the workspace running does with it as a whole.
import type { Command } from '@commander-js/extra-typings'
import { backupWorkspace, examineWorkspace, restoreWorkspace } from '@spillway/engine'
import { actorOf, type CommandContext, inWorkspace, pathFrom } from '../command-context.ts'
import { withProgress } from '../output/progress.ts'

export function registerBackup(program: Command, context: CommandContext): void {
  program
    .command('backup')
    .description('copy the whole workspace to a folder that is not there yet')
    .argument('<folder>', 'where to')
    .action(async (folder) => {
      const { terminal } = context
      const to = pathFrom(context, folder)
      const { files } = await inWorkspace(context, 'write', (workspace) =>
        withProgress(terminal, (onProgress) => backupWorkspace(workspace, { to, signal: terminal.signal, onProgress })),
      )
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
      terminal.note(`${terminal.colours.green('backed up')} ${mebibytes(bytes)} to ${to}`)
      terminal.note(
        terminal.colours.dim('Keys are not in it: keep a copy of those apart, or rotate passcodes after a restore.'),
      )
      terminal.note(`Bring it back with \`spillway -C NEW-FOLDER restore ${folder}\`.`)
    })
}

export function registerRestore(program: Command, context: CommandContext): void {
  program
    .command('restore')
    .description('make a workspace from a backup, in a folder that is not there yet (-C)')
    .argument('<backup>', 'the folder that `backup` made')
    .action(async (backup) => {
      const { terminal } = context
      const { workspace, manifest } = await restoreWorkspace(context.directory, {
        from: pathFrom(context, backup),
        actor: actorOf(context),
        holder: context.commandLine,
      })
      await workspace.close()
      terminal.note(`${terminal.colours.green('restored')} ${context.directory} as it was at ${manifest.takenAt}`)
      terminal.note('Prove its figures with `spillway check`.')
    })
}

export function registerDoctor(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .description('look the machine and the workspace over for what would go wrong')
    .action(async () => {
      const { terminal } = context
      const { green, yellow, red, dim } = terminal.colours
      const findings = await examineWorkspace(context.directory, {
        actor: actorOf(context),
        holder: context.commandLine,
      })
      const colour = { good: green, warning: yellow, bad: red }
      for (const { about, state, found, hint } of findings) {
        await terminal.out(`${colour[state](state.padEnd(8))} ${about.padEnd(12)} ${found}\n`)
        if (hint !== '') await terminal.out(dim(`${' '.repeat(22)}${hint}\n`))
      }
      if (findings.some(({ state }) => state === 'bad')) context.exitCode = 1
    })
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`
}
