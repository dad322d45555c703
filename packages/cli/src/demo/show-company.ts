// What the demo shows of the last month: the vendors' money in both views, who carries more and who less, and where it goes.

import { compareBytes, formatAmount, type Period, parseAmount, type ReportRow } from '@spillway/core'
import { chargesReport, outputsOf, type Workspace } from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { drawPairedBars, drawSparkline, type PairedBar } from '../output/bar-chart.ts'
import { drawTable, groupThousands } from '../output/print-table.ts'
import { printable } from '../output/printable.ts'
import type { Terminal } from '../terminal.ts'
import { collectRows, totalsOf } from './report-rows.ts'

const HEAVIEST = 8
const CENTRES_SHOWN = 12

const minorOf = (text: string, currency: string): bigint => {
  const reading = parseAmount(text, currency)
  return reading.ok ? reading.minor : 0n
}

/** The vendors' money in both views: equal, line by line. */
export async function showVendors(workspace: Workspace, period: Period, terminal: Terminal): Promise<void> {
  const report = await chargesReport(unscoped(workspace), { period, by: 'vendor' })
  const rows = await collectRows(report)
  await terminal.out(
    `\n${terminal.colours.bold(`${period.name}: what the vendors billed, and what was charged back`)}\n\n`,
  )
  await terminal.out(drawTable({ columns: report.columns, rows, totals: totalsOf(report.columns, rows) }, terminal))
}

/** Two bars each for those whose figure moves most. Key, name, currency, actual, adjusted, difference are the report's cells. */
export async function showHeaviest(workspace: Workspace, period: Period, terminal: Terminal): Promise<void> {
  const rows = await collectRows(await chargesReport(unscoped(workspace), { period, by: 'service' }))
  const size = ([, , currency = '', , , difference = '']: ReportRow) => {
    const minor = minorOf(difference, currency)
    return minor < 0n ? -minor : minor
  }
  const named = rows.filter(([key, , currency]) => key !== '' && currency === 'USD')
  const moved = named.sort((a, b) =>
    size(a) === size(b) ? compareBytes(String(a[0]), String(b[0])) : size(a) > size(b) ? -1 : 1,
  )
  const bars = moved.slice(0, HEAVIEST).map(
    ([key = '', name = '', currency = '', actual = '', adjusted = '']): PairedBar => ({
      label: printable(name === '' ? `${key} unassigned` : `${key} ${name}`),
      actual: minorOf(actual, currency),
      adjusted: minorOf(adjusted, currency),
      actualText: actual,
      adjustedText: adjusted,
    }),
  )
  await terminal.out(
    `\n${terminal.colours.bold('The lines that move most (USD): lumps and overage on one line, and who used them')}\n\n`,
  )
  await terminal.out(drawPairedBars(bars, terminal))
}

export async function showCentres(workspace: Workspace, period: Period, terminal: Terminal): Promise<void> {
  const report = await chargesReport(unscoped(workspace), { period, by: 'cost-centre' })
  const rows = await collectRows(report)
  await terminal.out(
    `\n${terminal.colours.bold('Charged back to cost centres')} ${terminal.colours.dim('(what nobody owns comes first)')}\n\n`,
  )
  const shown = rows.slice(0, CENTRES_SHOWN)
  await terminal.out(
    drawTable({ columns: report.columns, rows: shown, totals: totalsOf(report.columns, rows) }, terminal),
  )
  if (rows.length > shown.length)
    await terminal.out(
      terminal.colours.dim(
        `${rows.length - shown.length} more are in the totals, and in reports/charges-by-cost-centre.csv\n`,
      ),
    )
}

/** A sparkline per currency over the published months. */
export async function showTrend({ catalog, tenant }: Workspace, terminal: Terminal): Promise<void> {
  const runs = await catalog
    .selectFrom('run')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('state', '=', 'published')
    .orderBy('period')
    .execute()
  await terminal.out(
    `\n${terminal.colours.bold(`${runs.length} months, all published: ${runs[0]?.period} to ${runs.at(-1)?.period}`)}\n\n`,
  )
  const totals = runs.flatMap((run) => outputsOf(run).totals)
  for (const currency of [...new Set(totals.map((total) => total.currency))].sort()) {
    const values = totals.filter((total) => total.currency === currency).map((total) => BigInt(total.adjusted_minor))
    const [first = 0n, last = 0n] = [values[0], values.at(-1)]
    const text = (minor: bigint) => groupThousands(formatAmount(minor, currency))
    await terminal.out(
      `  ${currency}  ${text(first)}  ${terminal.colours.cyan(drawSparkline(values))}  ${text(last)}\n`,
    )
  }
}
