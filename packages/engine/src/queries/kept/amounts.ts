// Amounts of many rows in memory: as 32 bits each where all of them fit, else as 64. Exact either way.

export type Amounts = Int32Array | BigInt64Array

/** The same in 32 bits each, where all of them fit. */
export function inFewBits(minors: BigInt64Array): Amounts {
  // The lower and the upper half of each: read as what they are, each would be an object.
  const halves = new Int32Array(minors.buffer, minors.byteOffset, minors.length * 2)
  for (let at = 0; at < halves.length; at += 2) if (halves[at + 1] !== (halves[at] as number) >> SIGN_BIT) return minors
  const short = new Int32Array(minors.length)
  for (let row = 0; row < short.length; row += 1) short[row] = halves[2 * row] as number
  return short
}

const SIGN_BIT = 31

export const amountAt = (amounts: Amounts, row: number): bigint => BigInt(amounts[row] as number | bigint)

/** Any sum of so many rows, none further from 0 than `furthest`, is an integer of 64 bits. */
export function isSummable(count: number, furthest: bigint): boolean {
  return BigInt(count) * furthest < 2n ** 62n
}

export type Sums = {
  /** Adds the amount of a row to the sum at a place. */
  readonly add: (place: number, row: number) => void
  readonly minorAt: (place: number) => bigint
}

/**
 * So many sums of amounts, all 0. Fewer than 2^21 integers of 32 bits come to less than 2^53, so that they are added as what
 * they are, which takes a tenth of the time.
 */
export function sumsOf(amounts: Amounts, count: number): Sums {
  if (amounts instanceof Int32Array && amounts.length < 2 ** 21) {
    const sums = new Float64Array(count)
    return {
      add: (place, row) => {
        sums[place] = (sums[place] as number) + (amounts[row] as number)
      },
      minorAt: (place) => BigInt(sums[place] as number),
    }
  }
  const sums = new BigInt64Array(count)
  return {
    add: (place, row) => {
      sums[place] = (sums[place] as bigint) + amountAt(amounts, row)
    },
    minorAt: (place) => sums[place] as bigint,
  }
}
