// Which part of each line stands in which part of a sum that all of the lines and all of the parts come to: by proportion, in
// whole minor units, so that no line and no part gains or loses one.

/**
 * `parts[line][column]`: every line sums to its amount, every column to its own. Amounts are minor units and both lists come to
 * the same; where that is 0 no proportion exists and the first column has what the last line need not give.
 */
export function divideCell(lines: ReadonlyArray<bigint>, columns: ReadonlyArray<bigint>): bigint[][] {
  const total = lines.reduce((sum, amount) => sum + amount, 0n)
  if (total === 0n) return divideNothing(lines, columns)
  const columnEnds = runningSums(columns)
  let before = columns.map(() => 0n)
  return runningSums(lines).map((lineEnd) => {
    // What lines up to here and columns up to there have in common; a part is what is new in both.
    const common = columnEnds.map((columnEnd) => roundedQuotient(lineEnd * columnEnd, total))
    const parts = common.map(
      (sum, index) => sum - (common[index - 1] ?? 0n) - (before[index] as bigint) + (before[index - 1] ?? 0n),
    )
    before = common
    return parts
  })
}

function divideNothing(lines: ReadonlyArray<bigint>, columns: ReadonlyArray<bigint>): bigint[][] {
  const others = columns.slice(1)
  const given = others.reduce((sum, amount) => sum + amount, 0n)
  return lines.map((amount, index) =>
    index === lines.length - 1 ? [amount - given, ...others] : [amount, ...others.map(() => 0n)],
  )
}

function runningSums(amounts: ReadonlyArray<bigint>): bigint[] {
  let sum = 0n
  return amounts.map((amount) => {
    sum += amount
    return sum
  })
}

/** To the nearest, halves away from zero; exact where it comes out even. */
function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  const isNegative = dividend < 0n !== divisor < 0n
  const [above, below] = [dividend < 0n ? -dividend : dividend, divisor < 0n ? -divisor : divisor]
  const nearest = (2n * above + below) / (2n * below)
  return isNegative ? -nearest : nearest
}
