// `check`: proves stored and published figures again, and names the row that does not hold.
import type { Command } from '@commander-js/extra-typings'
import { type CheckReport, checkWorkspace, periodNamed } from '@spillway/engine'
import { atWorkspace, type CommandContext } from '../command-context.ts'
import { withProgress } from '../output/progress.ts'
import { overHttp } from '../remote/server-place.ts'

export function registerCheck(program: Command, context: CommandContext): void {
  overHttp(program.command('check'))
    .description('compute every closed and published figure again from what is stored, and compare')
    .option('-p, --period <period>', 'one month alone')
    .action(async ({ period }) => {
      const { terminal } = context
      const { signal } = terminal
      const { green, red, dim } = terminal.colours
      const { proved, failures, audit } = await withProgress(terminal, (onProgress) =>
        atWorkspace<Checked>(context, {
          access: 'write',
          here: (workspace) =>
            checkWorkspace(workspace, {
              period: period === undefined ? undefined : periodNamed(period),
              signal,
              onProgress: ({ run, stage, done, total }) => onProgress({ stage: `${run} ${stage}`, done, total }),
            }),
          there: async (client) => {
            const { followJob } = await import('../remote/follow-job.ts')
            const started = await client.ask('startCheck', { body: { period } })
            const cancelled = 'The check was cancelled.'
            return checkedOf((await followJob(client, { started, signal, onProgress, cancelled })) as CheckResult)
          },
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
}

type Checked = Pick<CheckReport, 'proved' | 'failures'> & { readonly audit: Pick<CheckReport['audit'], 'failures'> }
/** As the job writes it. */
type CheckResult = Pick<CheckReport, 'runs' | 'audit'>

function checkedOf({ runs, audit }: CheckResult): Checked {
  return {
    audit,
    proved: runs.filter(({ failures }) => failures.length === 0),
    failures: runs.flatMap(({ run, failures }) => failures.map((failure) => ({ ...failure, run }))),
  }
}
