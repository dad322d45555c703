// All places in the order of their values, for a page that is far down: the browser's scrollbar may be dragged anywhere. A value and
// its place make one number, and an array of numbers is sorted without asking for two of them at a time what comes first.

const PLACES_MAX = 2 ** 21
const VALUE_MIN = -(2 ** 31)
const VALUE_MAX = 2 ** 31 - 1

type Wanted = { readonly of: number; readonly isDescending: boolean }

/**
 * Places from 0 to below `of`, the smallest value first, or the largest; of equal values the earlier place first. null where a value
 * has more than 32 bits, or there are more than two million: together with its place it would be no exact number.
 */
export function placesInOrder(
  valueAt: (place: number) => number | bigint,
  { of, isDescending }: Wanted,
): Int32Array | null {
  if (of > PLACES_MAX) return null
  const keys = new Float64Array(of)
  for (let place = 0; place < of; place += 1) {
    const value = valueAt(place)
    if (typeof value !== 'number' || value < VALUE_MIN || value > VALUE_MAX) return null
    keys[place] = (isDescending ? VALUE_MAX - value : value - VALUE_MIN) * PLACES_MAX + place
  }
  keys.sort()
  return Int32Array.from(keys, (key) => key % PLACES_MAX)
}
