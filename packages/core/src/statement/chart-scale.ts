// The axis of a chart of amounts: round steps that a reader can count by, with zero always on it. Only positions on paper
// become fractions here; an amount never does.

export type ChartScale = {
  readonly bottomMinor: bigint
  readonly topMinor: bigint
  /** From bottom to top; zero is one of them. */
  readonly ticksMinor: ReadonlyArray<bigint>
}

/**
 * A scale over zero and all amounts in at most `steps` + 1 steps of 1, 2 or 5 times a power of ten: 0n to 73200n in four
 * steps is 0, 20000, 40000, 60000, 80000. Where all amounts are zero there is one tick.
 */
export function chartScale(amountsMinor: Iterable<bigint>, { steps }: { readonly steps: number }): ChartScale {
  let [lowest, highest] = [0n, 0n]
  for (const amount of amountsMinor) {
    if (amount < lowest) lowest = amount
    if (amount > highest) highest = amount
  }
  if (lowest === highest) return { bottomMinor: 0n, topMinor: 1n, ticksMinor: [0n] }
  const step = roundStep(highest - lowest, BigInt(steps))
  const bottomMinor = -(roundUp(-lowest, step) * step)
  const topMinor = roundUp(highest, step) * step
  const ticksMinor: bigint[] = []
  for (let tick = bottomMinor; tick <= topMinor; tick += step) ticksMinor.push(tick)
  return { bottomMinor, topMinor, ticksMinor }
}

/** Where an amount stands between bottom (0) and top (1), to a ten-thousandth. */
export function positionOn({ bottomMinor, topMinor }: ChartScale, amountMinor: bigint): number {
  return Number(((amountMinor - bottomMinor) * 10_000n) / (topMinor - bottomMinor)) / 10_000
}

/** The smallest of 1, 2, 5, 10, 20 … of which `steps` reach over the span. */
function roundStep(span: bigint, steps: bigint): bigint {
  for (let power = 1n; ; power *= 10n)
    for (const factor of [1n, 2n, 5n]) if (power * factor * steps >= span) return power * factor
}

/** How many steps cover an amount that is not negative. */
function roundUp(amount: bigint, step: bigint): bigint {
  return (amount + step - 1n) / step
}
