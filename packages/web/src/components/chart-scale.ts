// Where the lines of a chart's grid are. A drawing is the one place where a figure may be a number: its table says it exactly.

const INTERVALS = 4
const STEPS = [1, 2, 2.5, 5, 10] as const

/**
 * Round levels, least first, with zero among them and every value between the first and the last; four or five for values of one
 * sign. Of 3 and 9.4: 0, 2.5, 5, 7.5, 10. Without a value other than zero: 0 and 1.
 */
export function levelsOf(values: Iterable<number>): ReadonlyArray<number> {
  let least = 0
  let most = 0
  for (const value of values) {
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  if (least === most) return [0, 1]
  const step = stepOver((most - least) / INTERVALS)
  const [first, last] = [Math.floor(least / step), Math.ceil(most / step)]
  // By multiplying, since sums of 0.1 are not round.
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)))
}

/** The least round number that is no less. */
function stepOver(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw))
  return (STEPS.find((step) => step * power >= raw) ?? 10) * power
}

/** How far down a value is, in pixels of a height that goes from the last level to the first. */
export function downOf(value: number, levels: ReadonlyArray<number>, height: number): number {
  const [bottom = 0, top = 1] = [levels[0], levels.at(-1)]
  return Math.round(((top - value) / (top - bottom)) * height * 10) / 10
}

/** Of a digit, and the gap between two labels; and what is left for them in the least chart that counts as wide. */
const [CHARACTER_PX, GAP_PX, WIDE_PX] = [6.6, 12, 780]

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
