// Small charts of block characters. The number always stands beside the bar: nothing is said by length or colour alone.
import type { Terminal } from '../terminal.ts'
import { groupThousands } from './print-table.ts'

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** A bar of `width` cells at most, exact to an eighth of a cell. `value` and `most` are minor units; negative values are drawn empty. */
export function drawBar({ value, most, width }: { value: bigint; most: bigint; width: number }): string {
  if (value <= 0n || most <= 0n) return ''
  const eighths = Number((value * BigInt(width * 8)) / most)
  return `${'█'.repeat(Math.floor(eighths / 8))}${EIGHTHS[eighths % 8]}` || '▏'
}

/** An id and most names. */
const LABEL_WIDTH_MAX = 28
const BAR_WIDTH_MIN = 10

export type PairedBar = {
  readonly label: string
  readonly actual: bigint
  readonly adjusted: bigint
  readonly actualText: string
  readonly adjustedText: string
}

/** Two bars a label: what the vendor put there, and what it comes to after the division. */
export function drawPairedBars(pairs: ReadonlyArray<PairedBar>, terminal: Terminal): string {
  const { colours } = terminal
  const most = pairs.reduce(
    (max, { actual, adjusted }) => [max, actual, adjusted].reduce((a, b) => (a > b ? a : b)),
    0n,
  )
  const textWidth = Math.max(
    ...pairs
      .flatMap(({ actualText, adjustedText }) => [actualText, adjustedText])
      .map((text) => groupThousands(text).length),
  )
  const labelRoom = Math.min(LABEL_WIDTH_MAX, terminal.width - textWidth - BAR_WIDTH_MIN - 16)
  const labelWidth = Math.min(labelRoom, Math.max(...pairs.map(({ label }) => label.length)))
  const fitted = (label: string) => (label.length > labelWidth ? `${label.slice(0, labelWidth - 1)}…` : label)
  const width = Math.max(BAR_WIDTH_MIN, Math.min(48, terminal.width - labelWidth - textWidth - 16))
  const line = (label: string, view: string, text: string, bar: string) =>
    `${`  ${label.padEnd(labelWidth)}  ${view.padEnd(8)}  ${groupThousands(text).padStart(textWidth)}  ${bar}`.trimEnd()}\n`
  return pairs
    .map(
      ({ label, actual, adjusted, actualText, adjustedText }) =>
        line(fitted(label), 'actual', actualText, colours.dim(drawBar({ value: actual, most, width }))) +
        line('', 'adjusted', adjustedText, colours.cyan(drawBar({ value: adjusted, most, width }))),
    )
    .join('')
}

const STEPS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/**
 * One character per value, from the lowest step for the least to the highest for the most; all the same are in the middle.
 * null, a value that is not known, is a dot.
 */
export function drawSparkline(values: ReadonlyArray<bigint | null>): string {
  const known = values.filter((value) => value !== null)
  const least = known.reduce((a, b) => (a < b ? a : b), known[0] ?? 0n)
  const most = known.reduce((a, b) => (a > b ? a : b), least)
  const step = (value: bigint) => STEPS[most === least ? 3 : Number(((value - least) * 7n) / (most - least))]
  return values.map((value) => (value === null ? '·' : step(value))).join('')
}
