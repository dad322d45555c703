// `bill`: takes a bill of ours back, and issues it again.
import type { Command } from '@commander-js/extra-typings'
import { formatAmount } from '@spillway/core'
import { reissueBill, voidBill } from '@spillway/engine'
import { atWorkspace, type CommandContext } from '../command-context.ts'
import { overHttp } from '../remote/server-place.ts'

export function registerBill(program: Command, context: CommandContext): void {
  const group = program.command('bill').description('take a bill of ours back, and issue it again; it is never edited')
  overHttp(group.command('void'))
    .description('take an issued bill back: it stays readable, and counts in no total')
    .argument('<number>', 'as in `spillway report bills`')
    .requiredOption('--reason <text>', 'kept with the bill, and printed on it')
    .action(async (number, { reason }) => {
      const { total, currency } = await atWorkspace(context, {
        access: 'write',
        here: async (workspace) => {
          const bill = await voidBill(workspace, { number, reason })
          return { total: formatAmount(bill.totalMinor, bill.currency), currency: bill.currency }
        },
        there: (client) => client.ask('voidBill', { params: { bill: number }, body: { reason } }),
      })
      context.terminal.note(`void      bill ${number}, ${total} ${currency}`)
    })
  overHttp(group.command('reissue'))
    .description('issue a void bill again under a new number, as accounts are configured now')
    .argument('<number>', 'of the void bill')
    .action(async (number) => {
      const again = await atWorkspace(context, {
        access: 'write',
        here: (workspace) => reissueBill(workspace, number),
        there: (client) => client.ask('reissueBill', { params: { bill: number } }),
      })
      context.terminal.note(`issued    bill ${again.number} in place of ${number}`)
    })
}
