// `bill`: takes a bill of ours back, and issues it again.
import type { Command } from '@commander-js/extra-typings'
import { formatAmount } from '@spillway/core'
import { reissueBill, voidBill } from '@spillway/engine'
import { type CommandContext, inWorkspace } from '../command-context.ts'

export function registerBill(program: Command, context: CommandContext): void {
  const group = program.command('bill').description('take a bill of ours back, and issue it again; it is never edited')
  group
    .command('void')
    .description('take an issued bill back: it stays readable, and counts in no total')
    .argument('<number>', 'as in `spillway report bills`')
    .requiredOption('--reason <text>', 'kept with the bill, and printed on it')
    .action(async (number, { reason }) => {
      const { totalMinor, currency } = await inWorkspace(context, 'write', (workspace) =>
        voidBill(workspace, { number, reason }),
      )
      context.terminal.note(`void      bill ${number}, ${formatAmount(totalMinor, currency)} ${currency}`)
    })
  group
    .command('reissue')
    .description('issue a void bill again under a new number, as accounts are configured now')
    .argument('<number>', 'of the void bill')
    .action(async (number) => {
      const again = await inWorkspace(context, 'write', (workspace) => reissueBill(workspace, number))
      context.terminal.note(`issued    bill ${again.number} in place of ${number}`)
    })
}
