// Every report goes out through here: a table where a person reads, NDJSON into a pipe, and `--format` always wins.
import { extname } from 'node:path'
import {
  addToTotals,
  Refusal,
  type Report,
  type ReportEncoder,
  type ReportRow,
  type ReportTotals,
  toTotalRows,
} from '@spillway/core'
import { encodeParquet } from '@spillway/engine'
import { encodeReportPdf, REPORT_ENCODERS } from '@spillway/formats'
import type { Terminal } from '../terminal.ts'
import { drawTable } from './print-table.ts'
import { printableLines } from './printable.ts'
import { tableForm } from './table-form.ts'
import { writeOutput } from './write-output.ts'

const ENCODERS = { ...REPORT_ENCODERS, parquet: encodeParquet, pdf: encodeReportPdf } as const satisfies Record<
  string,
  ReportEncoder
>
type FileFormat = keyof typeof ENCODERS
export type OutputFormat = FileFormat | 'table'
export const OUTPUT_FORMATS: ReadonlyArray<OutputFormat> = ['table', ...(Object.keys(ENCODERS) as FileFormat[])]
/** Bytes that a terminal would only make noise of. */
const BINARY_FORMATS: ReadonlySet<OutputFormat> = new Set(['xlsx', 'parquet', 'pdf'])

export type OutputOptions = { readonly format?: string | undefined; readonly output?: string | undefined }

/** A table shows so many rows to a person; files and other formats have all of them. */
const TABLE_ROWS_MAX = 200

/**
 * Writes a report to the file or to the terminal's output.
 * @throws Refusal `bad-command` for an unknown format, a workbook or Parquet to a terminal, or a file that cannot be
 * written; `cancelled`.
 */
export async function printReport(report: Report, options: OutputOptions, terminal: Terminal): Promise<void> {
  const { output } = options
  const chosen = formatOf(options, terminal)
  if (output === undefined && terminal.isInteractive && BINARY_FORMATS.has(chosen))
    throw new Refusal('bad-command', `A terminal cannot show ${chosen}.`, {
      hint: `Write it to a file: -o ${report.name}.${chosen}`,
    })
  const pieces: AsyncIterable<string | Uint8Array> =
    chosen === 'table'
      ? encodeTable(tableForm(report), { terminal, rowsMax: output ? Number.POSITIVE_INFINITY : TABLE_ROWS_MAX })
      : ENCODERS[chosen](report)
  const wanted = untilCancelled(pieces, terminal)
  if (output) {
    await writeOutput(output, wanted)
    terminal.note(`${report.title}: written to ${output}`)
    return
  }
  for await (const piece of wanted) {
    // What looks like our colours in a file's text is the text's own.
    const isForeign = terminal.isInteractive && chosen !== 'table'
    await terminal.out(isForeign && typeof piece === 'string' ? printableLines(piece) : piece)
  }
}

async function* untilCancelled<T>(pieces: AsyncIterable<T>, { signal }: Terminal): AsyncGenerator<T> {
  for await (const piece of pieces) {
    if (signal.aborted) throw new Refusal('cancelled', 'The report was cancelled; it is not complete.')
    yield piece
  }
}

function formatOf({ format, output }: OutputOptions, terminal: Terminal): OutputFormat {
  const byEnding = output === undefined ? '' : extname(output).slice(1).toLowerCase()
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
  const totals: ReportTotals = new Map()
  let count = 0
  for await (const batch of report.rows)
    for (const row of batch) {
      count += 1
      if (report.hasTotals === true) addToTotals(totals, { columns, row })
      if (shown.length < rowsMax) shown.push(row)
    }
  yield `${bold(report.title)}\n\n`
  if (count === 0) {
    yield `${report.whenEmpty ?? 'Nothing to show.'}\n`
    return
  }
  yield drawTable({ columns, rows: shown, totals: toTotalRows(totals, columns) }, terminal)
  if (count > shown.length)
    yield dim(`${count - shown.length} more rows are not shown; --format csv -o FILE has all ${count}.\n`)
}
