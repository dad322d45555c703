// Every report goes out through here: a table where a person reads, NDJSON into a pipe, and `--format` always wins.
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { Refusal, type Report, type ReportRow } from '@spillway/core'
import { REPORT_ENCODERS, type ReportFormat } from '@spillway/formats'
import type { Terminal } from '../terminal.ts'
import { drawTable } from './print-table.ts'

export type OutputFormat = ReportFormat | 'table'
export const OUTPUT_FORMATS: ReadonlyArray<OutputFormat> = [
  'table',
  ...(Object.keys(REPORT_ENCODERS) as ReportFormat[]),
]

export type OutputOptions = { readonly format?: string | undefined; readonly output?: string | undefined }

/** A table shows so many rows to a person; files and other formats have all of them. */
const TABLE_ROWS_MAX = 200

/** @throws Refusal `bad-command` for an unknown format. */
export async function printReport(
  report: Report,
  { format, output }: OutputOptions,
  terminal: Terminal,
): Promise<void> {
  const chosen = formatOf({ format, output }, terminal)
  const text =
    chosen === 'table'
      ? encodeTable(report, { terminal, rowsMax: output ? Number.POSITIVE_INFINITY : TABLE_ROWS_MAX })
      : REPORT_ENCODERS[chosen](report)
  if (output) {
    await pipeline(text, createWriteStream(output))
    terminal.note(`${report.title}: written to ${output}`)
    return
  }
  for await (const piece of text) await terminal.out(piece)
}

function formatOf({ format, output }: OutputOptions, terminal: Terminal): OutputFormat {
  const byEnding = /\.(csv|json|ndjson)$/.exec(output ?? '')?.[1]
  const chosen = format ?? byEnding ?? (terminal.isInteractive && output === undefined ? 'table' : 'ndjson')
  const known = OUTPUT_FORMATS.find((name) => name === chosen)
  if (known) return known
  throw new Refusal('bad-command', `"${chosen}" is no format.`, {
    hint: `The formats are ${OUTPUT_FORMATS.join(', ')}.`,
  })
}

async function* encodeTable(
  report: Report,
  { terminal, rowsMax }: { terminal: Terminal; rowsMax: number },
): AsyncGenerator<string> {
  const shown: ReportRow[] = []
  let count = 0
  for await (const batch of report.rows)
    for (const row of batch) {
      count += 1
      if (shown.length < rowsMax) shown.push(row)
    }
  yield `${terminal.colours.bold(report.title)}\n\n`
  yield count === 0 ? 'Nothing to show.\n' : drawTable({ columns: report.columns, rows: shown }, terminal)
  if (count > shown.length)
    yield `\n${count - shown.length} more rows: use --format csv -o FILE to have all ${count}.\n`
}
