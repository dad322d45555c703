// Rows in the order of numbers that follow each other from 0: by counting them, which takes no longer than to read them twice.

/** By number where it would begin if rows were in the order of their numbers; one more than numbers. */
export function startsOf(numbers: Int32Array): Int32Array {
  let highest = -1
  for (const number of numbers) if (number > highest) highest = number
  const starts = new Int32Array(highest + 2)
  for (const number of numbers) starts[number + 1] = (starts[number + 1] as number) + 1
  for (let at = 1; at < starts.length; at += 1) starts[at] = (starts[at] as number) + (starts[at - 1] as number)
  return starts
}

/** Rows in the order of numbers of which each begins at its start; those of one number stay in order. */
export function inOrderOf(numbers: Int32Array, starts: Int32Array): Int32Array {
  const next = Int32Array.from(starts)
  const rows = new Int32Array(numbers.length)
  for (let row = 0; row < numbers.length; row += 1) {
    const number = numbers[row] as number
    const at = next[number] as number
    rows[at] = row
    next[number] = at + 1
  }
  return rows
}
