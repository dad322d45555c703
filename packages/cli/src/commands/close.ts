// `close`, `publish`, `reopen` and `accept`: what happens to a period from its first close to its publication.
import type { Command } from '@commander-js/extra-typings'
import { formatAmount, invariant } from '@spillway/core'
import {
  acceptDifference,
  type BillsSummary,
  billsSummary,
  type CloseReport,
  closePeriod,
  periodNamed,
  publishPeriod,
  reconcile,
  reopenPeriod,
} from '@spillway/engine'
import { type CommandContext, inWorkspace } from '../command-context.ts'
import { counted } from '../output/counted.ts'
import { printProblemCounts } from '../output/print-problems.ts'
import { groupThousands } from '../output/print-table.ts'
import { withProgress } from '../output/progress.ts'

export function registerClose(program: Command, context: CommandContext): void {
  program
    .command('close')
    .description('divide the charges of a period and roll them up; again and again until it is published')
    .argument('<period>', 'the month, such as 2026-10')
    .action(async (name) => {
      const period = periodNamed(name)
      const { terminal } = context
      await inWorkspace(context, 'write', async (workspace) => {
        const report = await withProgress(terminal, (onProgress) =>
          closePeriod(workspace, { period, onProgress, signal: terminal.signal }),
        )
        printClose(report, context)
        printBills(await billsSummary(workspace, report.run), { context, period: report.period })
        const { problems } = await reconcile(workspace, period.name)
        printProblemCounts([...problems, ...report.problems], terminal)
        if ([...problems, ...report.problems].some(({ severity }) => severity !== 'info')) context.exitCode = 1
      })
    })
}

function printClose({ run, totals, pools, unchanged }: CloseReport, { terminal }: CommandContext): void {
  terminal.note(
    `Closed as ${run}${unchanged ? ', with the same results as before' : ''}: ${counted(pools, 'pool')} divided.`,
  )
  for (const { currency, actualMinor, adjustedMinor } of totals)
    terminal.note(
      `  ${currency}  actual ${groupThousands(formatAmount(actualMinor, currency))}  adjusted ${groupThousands(formatAmount(adjustedMinor, currency))}`,
    )
}

/** Nothing where nothing is sold. */
function printBills(
  summary: BillsSummary | null,
  { context: { terminal }, period }: { readonly context: CommandContext; readonly period: string },
): void {
  if (summary === null) return
  const money = (minor: bigint, currency: string) => `${groupThousands(formatAmount(minor, currency))} ${currency}`
  for (const { currency, bills, totalMinor, adjustments, adjustedMinor, minimums, minimumMinor } of summary.totals) {
    const parts = [
      ...(minimums === 0 ? [] : [`${money(minimumMinor, currency)} make up ${counted(minimums, 'minimum')}`]),
      ...(adjustments === 0 ? [] : [`${money(adjustedMinor, currency)} in ${counted(adjustments, 'adjustment')}`]),
    ]
    const ofWhich = parts.length === 0 ? '' : `, of which ${parts.join(' and ')}`
    terminal.note(`  ${counted(bills, 'bill')} of ours: ${money(totalMinor, currency)}${ofWhich}.`)
  }
  if (summary.alerts > 0)
    terminal.note(
      `  ${counted(summary.alerts, 'alert')} of buckets: see \`spillway report alerts --period ${period}\`.`,
    )
}

function printIssued({ totals }: BillsSummary, { terminal }: CommandContext): void {
  if (totals.length === 0) terminal.note('  No bill was issued: no account of ours had anything to bill.')
  for (const { currency, bills, totalMinor } of totals)
    terminal.note(
      `  Issued ${counted(bills, 'bill')}: ${groupThousands(formatAmount(totalMinor, currency))} ${currency}.`,
    )
}

/** An accepted invoice has a total, so its difference is known. */
function differenceText(differenceMinor: bigint | null, currency: string): string {
  invariant(differenceMinor !== null, 'an accepted difference is known', { currency })
  return `${groupThousands(formatAmount(differenceMinor, currency))} ${currency}`
}

export function registerPublish(program: Command, context: CommandContext): void {
  program
    .command('publish')
    .description('make the last close of a period the figure that stands')
    .argument('<period>', 'the month, such as 2026-10')
    .action(async (name) => {
      await inWorkspace(context, 'write', async (workspace) => {
        const { run, period, accepted, withoutTotal } = await publishPeriod(workspace, periodNamed(name))
        context.terminal.note(`Published ${period} as ${run}.`)
        const bills = await billsSummary(workspace, run)
        if (bills !== null) printIssued(bills, context)
        for (const { invoice, differenceMinor, currency, reason } of accepted)
          context.terminal.note(
            `  ${invoice} with an accepted difference of ${differenceText(differenceMinor, currency)}: ${reason}`,
          )
        if (withoutTotal.length > 0)
          context.terminal.note(
            `  ${counted(withoutTotal.length, 'invoice')} without a control total could not be checked.`,
          )
      })
    })
}

export function registerReopen(program: Command, context: CommandContext): void {
  program
    .command('reopen')
    .description('take back the publication of a period; the old run stays readable')
    .argument('<period>', 'the month, such as 2026-10')
    .requiredOption('--reason <text>', 'why, for the record')
    .action(async (name, { reason }) => {
      await inWorkspace(context, 'write', async (workspace) => {
        const { run } = await reopenPeriod(workspace, { period: periodNamed(name), reason })
        context.terminal.note(
          `Reopened ${name}; ${run} stays readable. Close it again with \`spillway close ${name}\`.`,
        )
      })
    })
}

export function registerAccept(program: Command, context: CommandContext): void {
  program
    .command('accept')
    .description('accept that an invoice does not foot, with a reason')
    .argument('<invoice>', 'its number')
    .requiredOption('--reason <text>', 'why, for the record')
    .option('--vendor <vendor>', 'where two vendors use the number')
    .option('--account <account>', 'where two accounts have the number')
    .action(async (invoice, { reason, vendor, account }) => {
      await inWorkspace(context, 'write', async (workspace) => {
        const accepted = await acceptDifference(workspace, { invoice, reason, vendor, account })
        for (const { currency, differenceMinor } of accepted)
          context.terminal.note(
            `Accepted the difference of ${differenceText(differenceMinor, currency)} on ${invoice}.`,
          )
      })
    })
}
