// Tables for people: numbers right-aligned with thousands separators, usage in units that a person reads, negative money
// red. A table never runs over the edge: details are left out and named, long texts wrap. Files are exact and complete.
import type { ReportColumn, ReportRow } from '@spillway/core'
import Table from 'cli-table3'
import type { Terminal } from '../terminal.ts'
import { drawUsage, usageTypeOf } from './draw-usage.ts'
import { fitColumns } from './fit-columns.ts'
import { printable } from './printable.ts'
import { wrap } from './wrap.ts'

const NO_RULES = Object.fromEntries(
  [
    ...['top', 'bottom', 'left', 'mid', 'right'].flatMap((side) => [
      side,
      `${side}-mid`,
      `${side}-left`,
      `${side}-right`,
    ]),
  ].map((part) => [part, '']),
)
/** Between two columns. */
const GAP = '  '
const RIGHT_ALIGNED = new Set(['amount', 'quantity', 'usage', 'share'])

type TableParts = {
  readonly columns: ReadonlyArray<ReportColumn>
  readonly rows: ReadonlyArray<ReportRow>
  /** Below the rows, set off from them. */
  readonly totals?: ReadonlyArray<ReportRow>
}

/** A borderless table, no wider than the terminal wherever its numbers and ids allow that. */
export function drawTable({ columns, rows, totals = [] }: TableParts, terminal: Terminal): string {
  const all = [...rows, ...totals].map((row) => row.map((cell, index) => cellText(cell, { columns, row, index })))
  const fit = fitColumns({ columns, rows: all, width: terminal.width, gap: GAP.length })
  const { bold, dim } = terminal.colours
  const table = new Table({
    head: fit.shown.map(({ index, width }) => bold(titleOf(columns[index], width))),
    colAligns: fit.shown.map(({ index }) => (RIGHT_ALIGNED.has(columns[index]?.kind ?? '') ? 'right' : 'left')),
    colWidths: fit.shown.map(({ width }) => width),
    wordWrap: true,
    chars: { ...NO_RULES, middle: GAP },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  })
  for (const [rowIndex, cells] of all.entries()) {
    if (rowIndex === rows.length) table.push(fit.shown.map(({ width }) => dim('─'.repeat(width))))
    table.push(fit.shown.map(({ index }) => colourCell(cells[index] ?? '', columns[index]?.kind, terminal)))
  }
  const lines = table.toString().split('\n')
  const hidden = fit.hidden.map((index) => columns[index]?.title.toLowerCase()).join(', ')
  const words = `Left out for want of width: ${hidden}. --format csv has every column.`
  const note =
    hidden === ''
      ? ''
      : wrap(words, { width: terminal.width })
          .map((line) => `${dim(line)}\n`)
          .join('')
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n${note}`
}

function titleOf(column: ReportColumn | undefined, width: number): string {
  const title = column?.title ?? ''
  return title.length > width ? title.slice(0, width) : title
}

function cellText(
  cell: string,
  { columns, row, index }: { columns: ReadonlyArray<ReportColumn>; row: ReportRow; index: number },
): string {
  const kind = columns[index]?.kind
  if (kind === 'amount' || kind === 'quantity') return groupThousands(cell)
  return kind === 'usage' ? drawUsage(cell, usageTypeOf({ columns, row })) : printable(cell)
}

function colourCell(text: string, kind: ReportColumn['kind'] | undefined, { colours }: Terminal): string {
  if (kind === 'amount' && text.startsWith('-')) return colours.red(text)
  return kind === 'flags' && text !== '' ? colours.yellow(text) : text
}

/** `-1234567.50` is `-1,234,567.50`; what is no plain decimal stays as it is. */
export function groupThousands(text: string): string {
  const match = /^(-?)(\d+)(\.\d+)?$/.exec(text)
  return match
    ? `${match[1]}${(match[2] as string).replace(/\B(?=(\d{3})+$)/g, ',')}${match[3] ?? ''}`
    : printable(text)
}
