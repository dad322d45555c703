// The sum of a summary row's own columns, to lay beside the total that the row states.
import type { RowReading } from '../row-reading.ts'

/**
 * Minor units; a blank part counts nothing. null where the file shows none of the parts or one cannot be read (which is
 * then reported): then there is nothing to compare.
 */
export function sumOfParts<C extends string>(reading: RowReading<C>, parts: ReadonlyArray<C>): bigint | null {
  let sum: bigint | null = null
  for (const part of parts) {
    if (reading.text(part) === '') continue
    const minor = reading.amountMinor(part)
    if (minor !== null) sum = sum === null ? minor : sum + minor
  }
  return sum
}
