// `check`: proves stored and published figures again, and names the row that does not hold.
import type { Command } from '@commander-js/extra-typings'
import { checkWorkspace, periodNamed } from '@spillway/engine'
import { type CommandContext, inWorkspace } from '../command-context.ts'
import { withProgress } from '../output/progress.ts'

export function registerCheck(program: Command, context: CommandContext): void {
  program
    .command('check')
    .description('compute every closed and published figure again from what is stored, and compare')
    .option('-p, --period <period>', 'one month alone')
    .action(async ({ period }) => {
      const { terminal } = context
      const { green, red, dim } = terminal.colours
      await inWorkspace(context, 'write', async (workspace) => {
        const { proved, failures, audit } = await withProgress(terminal, (onProgress) =>
          checkWorkspace(workspace, {
            period: period === undefined ? undefined : periodNamed(period),
            signal: terminal.signal,
            onProgress: ({ run, stage, done, total }) => onProgress({ stage: `${run} ${stage}`, done, total }),
          }),
        )
        for (const { run, state, documents } of proved)
          terminal.note(`${green('proved')} ${run} (${state}) from ${documents} documents`)
        for (const { run, what, row, expected, found } of failures) {
          terminal.note(`${red('failed')} ${run}: ${what} at ${row}`)
          terminal.note(dim(`       stored or expected ${expected}, found ${found}`))
        }
        for (const { what, row, expected, found } of audit.failures) {
          terminal.note(`${red('failed')} ${what} at ${row}`)
          terminal.note(dim(`       expected ${expected}, found ${found}`))
        }
        if (proved.length + failures.length === 0) terminal.note('Nothing is closed yet: there is nothing to prove.')
        if (failures.length + audit.failures.length > 0) context.exitCode = 1
      })
    })
}
