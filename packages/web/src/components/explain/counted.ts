// A count with its noun, in the sentences of an explanation.
import type { Format } from '../../app/format.ts'

/** `1 line`, `1,000 lines`. */
export function counted(count: number, noun: string, format: Format): string {
  return `${format.count(count)} ${noun}${count === 1 ? '' : 's'}`
}
