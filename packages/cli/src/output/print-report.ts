// Every report goes out through here: a table where a person reads, NDJSON into a pipe, and `--format` always wins.
import { extname } from 'node:path'
import { Refusal, type Report, type ReportRow } from '@spillway/core'
import { REPORT_ENCODERS, type ReportFormat } from '@spillway/formats'
import type { Terminal } from '../terminal.ts'
import { drawTable } from './print-table.ts'
import { printableLines } from './printable.ts'
import { addToTotals, drawTotals, type Totals } from './report-totals.ts'
import { writeOutput } from './write-output.ts'

export type OutputFormat = ReportFormat | 'table'
export const OUTPUT_FORMATS: ReadonlyArray<OutputFormat> = [
  'table',
  ...(Object.keys(REPORT_ENCODERS) as ReportFormat[]),
]

export type OutputOptions = { readonly format?: string | undefined; readonly output?: string | undefined }

/** A table shows so many rows to a person; files and other formats have all of them. */
const TABLE_ROWS_MAX = 200

/** @throws Refusal `bad-command` for an unknown format or a file that cannot be written, `cancelled`. */
export async function printReport(report: Report, options: OutputOptions, terminal: Terminal): Promise<void> {
  const { output } = options
  const chosen = formatOf(options, terminal)
  const text =
    chosen === 'table'
      ? encodeTable(report, { terminal, rowsMax: output ? Number.POSITIVE_INFINITY : TABLE_ROWS_MAX })
      : REPORT_ENCODERS[chosen](report)
  if (output) {
    await writeOutput(output, text)
    terminal.note(`${report.title}: written to ${output}`)
    return
  }
  for await (const piece of text) {
    if (terminal.signal.aborted) throw new Refusal('cancelled', 'The report was cancelled; it is not complete.')
    // What looks like our colours in a file's text is the text's own.
    await terminal.out(terminal.isInteractive && chosen !== 'table' ? printableLines(piece) : piece)
  }
}

function formatOf({ format, output }: OutputOptions, terminal: Terminal): OutputFormat {
  const byEnding = output === undefined ? '' : extname(output).slice(1)
  const chosen = format ?? (byEnding || (terminal.isInteractive && output === undefined ? 'table' : 'ndjson'))
  const known = OUTPUT_FORMATS.find((name) => name === chosen)
  if (known) return known
  throw new Refusal('bad-command', `"${chosen}" is no format.`, {
    hint: `Name one with --format: ${OUTPUT_FORMATS.join(', ')}.`,
  })
}

async function* encodeTable(
  report: Report,
  { terminal, rowsMax }: { terminal: Terminal; rowsMax: number },
): AsyncGenerator<string> {
  const { bold, dim } = terminal.colours
  const { columns } = report
  const shown: ReportRow[] = []
  const totals: Totals = new Map()
  let count = 0
  for await (const batch of report.rows)
    for (const row of batch) {
      count += 1
      if (report.hasTotals === true) addToTotals(totals, { columns, row })
      if (shown.length < rowsMax) shown.push(row)
    }
  yield `${bold(report.title)}\n\n`
  if (count === 0) {
    yield 'Nothing to show.\n'
    return
  }
  yield drawTable({ columns, rows: shown, totals: drawTotals(totals, columns) }, terminal)
  if (count > shown.length)
    yield dim(`${count - shown.length} more rows are not shown; --format csv -o FILE has all ${count}.\n`)
}
