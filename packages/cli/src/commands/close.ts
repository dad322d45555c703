// `close`, `publish`, `reopen` and `accept`: what happens to a period from its first close to its publication.
import type { Command } from '@commander-js/extra-typings'
import {
  type AcceptedDifference,
  acceptDifference,
  acceptedDifference,
  type ClosedPeriod,
  closedPeriodOf,
  closePeriod,
  type Publication,
  periodNamed,
  publicationOf,
  publishPeriod,
  reopenPeriod,
} from '@spillway/engine'
import { atWorkspace, type CommandContext } from '../command-context.ts'
import { counted } from '../output/counted.ts'
import { printCounted } from '../output/print-problems.ts'
import { groupThousands } from '../output/print-table.ts'
import { withProgress } from '../output/progress.ts'
import { overHttp } from '../remote/server-place.ts'

export function registerClose(program: Command, context: CommandContext): void {
  overHttp(program.command('close'))
    .description('divide the charges of a period and roll them up; again and again until it is published')
    .argument('<period>', 'the month, such as 2026-10')
    .action(async (name) => {
      const period = periodNamed(name)
      const { terminal } = context
      const { signal } = terminal
      const closed = await withProgress(terminal, (onProgress) =>
        atWorkspace<ClosedPeriod>(context, {
          access: 'write',
          here: async (workspace) =>
            closedPeriodOf(workspace, await closePeriod(workspace, { period, onProgress, signal })),
          there: async (client) => {
            const { followJob } = await import('../remote/follow-job.ts')
            const started = await client.ask('closePeriod', { params: { period: period.name } })
            const cancelled = 'The close was cancelled; nothing was changed.'
            return (await followJob(client, { started, signal, onProgress, cancelled })) as ClosedPeriod
          },
        }),
      )
      printClose(closed, context)
      printBills(closed, context)
      printCounted(closed.found, terminal)
      if (closed.found.some(({ severity }) => severity !== 'info')) context.exitCode = 1
    })
}

function printClose({ run, totals, pools, unchanged }: ClosedPeriod, { terminal }: CommandContext): void {
  // Who only sells has no pools to divide.
  const divided = pools === 0 ? '' : `: ${counted(pools, 'pool')} divided`
  terminal.note(`Closed as ${run}${unchanged ? ', with the same results as before' : ''}${divided}.`)
  for (const { currency, actual, adjusted } of totals)
    terminal.note(`  ${currency}  actual ${groupThousands(actual)}  adjusted ${groupThousands(adjusted)}`)
}

/** Nothing where nothing is sold. */
function printBills({ bills: summary, period }: ClosedPeriod, { terminal }: CommandContext): void {
  if (summary === null) return
  for (const { currency, bills, total, adjustments, adjusted, minimums, minimum } of summary.totals) {
    const money = (amount: string) => `${groupThousands(amount)} ${currency}`
    const parts = [
      ...(minimums === 0 ? [] : [`${money(minimum)} make up ${counted(minimums, 'minimum')}`]),
      ...(adjustments === 0 ? [] : [`${money(adjusted)} in ${counted(adjustments, 'adjustment')}`]),
    ]
    const ofWhich = parts.length === 0 ? '' : `, of which ${parts.join(' and ')}`
    terminal.note(`  ${counted(bills, 'bill')} of ours: ${money(total)}${ofWhich}.`)
  }
  if (summary.alerts > 0)
    terminal.note(
      `  ${counted(summary.alerts, 'alert')} of buckets: see \`spillway report alerts --period ${period}\`.`,
    )
}

function printIssued(issued: NonNullable<Publication['issued']>, { terminal }: CommandContext): void {
  if (issued.length === 0) terminal.note('  No bill was issued: no account of ours had anything to bill.')
  for (const { currency, bills, total } of issued)
    terminal.note(`  Issued ${counted(bills, 'bill')}: ${groupThousands(total)} ${currency}.`)
}

export function registerPublish(program: Command, context: CommandContext): void {
  overHttp(program.command('publish'))
    .description('make the last close of a period the figure that stands')
    .argument('<period>', 'the month, such as 2026-10')
    .action(async (name) => {
      const { run, period, accepted, withoutTotal, issued } = await atWorkspace<Publication>(context, {
        access: 'write',
        here: async (workspace) => publicationOf(workspace, await publishPeriod(workspace, periodNamed(name))),
        there: (client) => client.ask('publishPeriod', { params: { period: name } }),
      })
      context.terminal.note(`Published ${period} as ${run}.`)
      if (issued !== null) printIssued(issued, context)
      for (const { invoice, difference, currency, reason } of accepted)
        context.terminal.note(
          `  ${invoice} with an accepted difference of ${groupThousands(difference)} ${currency}: ${reason}`,
        )
      if (withoutTotal > 0)
        context.terminal.note(`  ${counted(withoutTotal, 'invoice')} without a control total could not be checked.`)
    })
}

export function registerReopen(program: Command, context: CommandContext): void {
  overHttp(program.command('reopen'))
    .description('take back the publication of a period; the old run stays readable')
    .argument('<period>', 'the month, such as 2026-10')
    .requiredOption('--reason <text>', 'why, for the record')
    .action(async (name, { reason }) => {
      const { run } = await atWorkspace(context, {
        access: 'write',
        here: (workspace) => reopenPeriod(workspace, { period: periodNamed(name), reason }),
        there: (client) => client.ask('reopenPeriod', { params: { period: name }, body: { reason } }),
      })
      context.terminal.note(`Reopened ${name}; ${run} stays readable. Close it again with \`spillway close ${name}\`.`)
    })
}

export function registerAccept(program: Command, context: CommandContext): void {
  overHttp(program.command('accept'))
    .description('accept that an invoice does not foot, with a reason')
    .argument('<invoice>', 'its number')
    .requiredOption('--reason <text>', 'why, for the record')
    .option('--vendor <vendor>', 'where two vendors use the number')
    .option('--account <account>', 'where two accounts have the number')
    .action(async (invoice, { reason, vendor, account }) => {
      const asked = { reason, vendor, account }
      const accepted = await atWorkspace<ReadonlyArray<AcceptedDifference>>(context, {
        access: 'write',
        here: async (workspace) => (await acceptDifference(workspace, { invoice, ...asked })).map(acceptedDifference),
        there: async (client) => (await client.ask('acceptDifference', { params: { invoice }, body: asked })).items,
      })
      for (const { currency, difference } of accepted)
        context.terminal.note(`Accepted the difference of ${groupThousands(difference)} ${currency} on ${invoice}.`)
    })
}
