// Tables for people: numbers right-aligned with thousands separators, negative money red, long tables cut with a note.
import type { ReportColumn, ReportRow } from '@spillway/core'
import Table from 'cli-table3'
import type { Terminal } from '../terminal.ts'

const RULES = {
  'top-mid': '',
  'bottom-mid': '',
  'left-mid': '',
  'mid-mid': '',
  'right-mid': '',
  top: '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  right: '',
  mid: '',
  middle: '  ',
}
const RIGHT_ALIGNED = new Set(['amount', 'quantity', 'share'])

/** A borderless table with an underlined head. */
export function drawTable(
  { columns, rows }: { columns: ReadonlyArray<ReportColumn>; rows: ReadonlyArray<ReportRow> },
  terminal: Terminal,
): string {
  const { colours } = terminal
  const table = new Table({
    head: columns.map(({ title }) => colours.bold(title)),
    colAligns: columns.map(({ kind }) => (RIGHT_ALIGNED.has(kind) ? 'right' : 'left')),
    chars: RULES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  })
  for (const row of rows) table.push(row.map((cell, index) => drawCell(cell, columns[index] as ReportColumn, terminal)))
  return `${table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`
}

function drawCell(cell: string, { kind }: ReportColumn, { colours }: Terminal): string {
  if (kind === 'amount' || kind === 'quantity') {
    const grouped = groupThousands(cell)
    return kind === 'amount' && cell.startsWith('-') ? colours.red(grouped) : grouped
  }
  return kind === 'flags' && cell !== '' ? colours.yellow(cell) : printable(cell)
}

/** `-1234567.50` is `-1,234,567.50`; what is no plain decimal stays as it is. */
export function groupThousands(text: string): string {
  const match = /^(-?)(\d+)(\.\d+)?$/.exec(text)
  return match
    ? `${match[1]}${(match[2] as string).replace(/\B(?=(\d{3})+$)/g, ',')}${match[3] ?? ''}`
    : printable(text)
}

/** Control characters of outside data must not drive the reader's terminal. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\u00b7')
}
