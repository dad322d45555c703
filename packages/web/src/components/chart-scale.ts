// Where the lines of a chart's grid are. A drawing is the one place where a figure may be a number: its table says it exactly.
import { extent, nice, ticks } from 'd3-array'

/** About so many steps from the first level to the last. */
const STEPS = 4

/**
 * Round levels, least first, with zero among them and every value between the first and the last. Of 3 and 9.4: 0, 2, 4, 6, 8, 10.
 * Round as counted in `unit`, such as 60 for seconds that are read as minutes. Without a value other than zero: 0 and 1 of it.
 */
export function levelsOf(values: Iterable<number>, unit = 1): ReadonlyArray<number> {
  const [least = 0, most = 0] = extent([0, ...values])
  const [first, last] = least === most ? [0, 1] : nice(least / unit, most / unit, STEPS)
  const count = least === most ? 1 : STEPS
  return ticks(first, last, count).map((level) => level * unit)
}

/** How far down a value is, in pixels of a height that goes from the last level to the first. */
export function downOf(value: number, levels: ReadonlyArray<number>, height: number): number {
  const [bottom = 0, top = 1] = [levels[0], levels.at(-1)]
  return Math.round(((top - value) / (top - bottom)) * height * 10) / 10
}

/** Of a digit in a label. */
export const CHARACTER_PX = 6.6
/** Between two labels; and what is left for them in the least chart that counts as wide. */
const [GAP_PX, WIDE_PX] = [12, 780]

/** Which labels along the axis have room, each so manieth counted from the last: in a wide chart, a narrow one, and the narrowest. */
export function labelSteps(labels: ReadonlyArray<string>): {
  readonly wide: number
  readonly narrow: number
  readonly least: number
} {
  const longest = Math.max(0, ...labels.map(({ length }) => length))
  const fitting = Math.floor(WIDE_PX / (longest * CHARACTER_PX + GAP_PX))
  const wide = Math.ceil(labels.length / Math.max(1, fitting))
  return { wide, narrow: wide * 2, least: wide * 4 }
}
