// `1 row`, `2 rows`, `1,200 rows`.
import { groupThousands } from './print-table.ts'

export function counted(count: number, noun: string): string {
  return `${groupThousands(String(count))} ${noun}${count === 1 ? '' : 's'}`
}
