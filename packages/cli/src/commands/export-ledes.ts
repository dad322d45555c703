// `export ledes`: billable time as the legal trade's invoice format.
import type { Command } from '@commander-js/extra-typings'
import type { LocalDate } from '@spillway/core'
import { dayNamed, legalInvoice } from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { encodeLedes } from '@spillway/formats'
import { atWorkspace, type CommandContext, pathFrom } from '../command-context.ts'
import { counted } from '../output/counted.ts'
import { writeOutput } from '../output/write-output.ts'
import { overHttp } from '../remote/server-place.ts'

export function registerExportLedes(group: Command, context: CommandContext): void {
  overHttp(group.command('ledes'))
    .description('billable time of a project or a client as a LEDES 1998B invoice')
    .option('--project <project>', 'of one project')
    .option('--client <client>', 'of all projects of a client')
    .requiredOption('--from <date>', 'the first day')
    .requiredOption('--until <date>', 'the day after the last')
    .requiredOption('--invoice-number <number>', 'of the invoice, at most 20 characters')
    .option('--invoice-date <date>', 'of the invoice; the last day if left out')
    .option('--matter <id>', 'the client’s id of the matter, in place of the one that is configured')
    .option('--billing <name>', 'a document of kind LegalBilling by name, where there are several')
    .option('--expenses', 'what the calls cost, as expense lines')
    .option('-o, --output <file>', 'write it to a file')
    .action(async ({ from, until, invoiceNumber, invoiceDate, expenses, output, ...choices }) => {
      const { terminal } = context
      const days = { from: dayNamed(from) as LocalDate, until: dayNamed(until) as LocalDate }
      const { invoice, withoutTime, withoutCost } = await atWorkspace<Made>(context, {
        access: 'read',
        here: async (workspace) => {
          const { invoice: made, ...without } = await legalInvoice(unscoped(workspace), {
            ...choices,
            ...days,
            invoiceNumber,
            invoicedOn: dayNamed(invoiceDate),
            hasExpenses: expenses === true,
          })
          return { ...without, invoice: { ...made, lines: made.lines.length, pieces: encodeLedes(made) } }
        },
        there: async (client) => {
          const query = { ...choices, ...days, invoiceNumber, invoiceDate: dayNamed(invoiceDate) }
          const answer = await client.ask('getLedes', {
            query: { ...query, expenses: expenses === true ? 'true' : 'false' },
          })
          return { ...answer, invoice: { ...answer, pieces: [answer.file] } }
        },
      })
      const { currency, lines, total, pieces } = invoice
      if (output === undefined) for (const piece of pieces) await terminal.out(piece)
      else await writeOutput(pathFrom(context, output), pieces)
      terminal.note(
        `Invoice ${invoice.invoiceNumber}: ${counted(lines, 'line')}, ${total} ${currency}${output === undefined ? '' : `, written to ${output}`}.`,
      )
      if (withoutTime > 0) terminal.note(`${counted(withoutTime, 'call')} without any length, without a line.`)
      if (withoutCost > 0)
        terminal.note(
          `${counted(withoutCost, 'call')} whose cost has no line: the month is not closed, or the cost is in another currency.`,
        )
    })
}

type Made = {
  readonly invoice: {
    readonly invoiceNumber: string
    readonly currency: string
    readonly lines: number
    readonly total: string
    readonly pieces: Iterable<string>
  }
  readonly withoutTime: number
  readonly withoutCost: number
}
