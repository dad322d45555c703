// The days on which one set of a service's assignment rows is in force, and whether the shares of each day sum to 100 %.
import type { Service } from '../facts/fact.ts'
import { type Problem, problem } from '../problem.ts'
import { type Bound, boundText, compareBounds, endOf, startOf } from './stint.ts'

/** 100 % in ten-thousandths of a per cent. */
export const WHOLE_PPM = 1_000_000

export function sharePpmOf(row: Service): number {
  return row.sharePpm ?? WHOLE_PPM
}

/** A stretch of days on which the same rows are in force, in the order given. */
export type ShareDays = { readonly start: Bound; readonly end: Bound; readonly rows: ReadonlyArray<Service> }

/** The stretches in order of time; days without a row are in none. */
export function shareDaysOf(rows: ReadonlyArray<Service>): ShareDays[] {
  const [only] = rows
  if (rows.length === 1 && only) return [{ start: startOf(only), end: endOf(only), rows }]
  const bounds = [...new Set(rows.flatMap((row) => [startOf(row), endOf(row)]))].sort(compareBounds)
  const byStart = [...rows].sort((a, b) => compareBounds(startOf(a), startOf(b)))
  const days: ShareDays[] = []
  let active: Service[] = []
  let taken = 0
  for (const [index, start] of bounds.entries()) {
    active = active.filter((row) => endOf(row) > start)
    for (let row = byStart[taken]; row && startOf(row) <= start; row = byStart[taken]) {
      if (endOf(row) > start) active.push(row)
      taken += 1
    }
    const end = bounds[index + 1]
    if (end !== undefined && active.length > 0) days.push({ start, end, rows: active })
  }
  return days
}

/**
 * True where the shares sum to 100 %, within one ten-thousandth of a per cent for each row of the split: three thirds of
 * 33.3333 % are whole, two of 33.33 % and one of 33.34 % are, three of 33.33 % are not.
 */
export function isWhole({ rows }: ShareDays): boolean {
  if (rows.some((row) => sharePpmOf(row) < 0)) return false
  const sum = rows.reduce((total, row) => total + sharePpmOf(row), 0)
  const given = rows.filter((row) => row.sharePpm !== null && row.sharePpm !== WHOLE_PPM).length
  return Math.abs(sum - WHOLE_PPM) <= given
}

/** One `share-sum` for each stretch of days whose shares do not sum to 100 %. */
export function shareProblems(service: string, stretches: ReadonlyArray<ShareDays>): Problem[] {
  return stretches
    .filter((days) => !isWhole(days))
    .map(({ start, rows: inForce }) => {
      const sum = inForce.reduce((total, row) => total + sharePpmOf(row), 0)
      return problem('share-sum', { service, on: boundText(start), percent: percentText(sum) })
    })
}

/** 999900 is `99.99`. */
function percentText(ppm: number): string {
  const digits = String(Math.abs(ppm)).padStart(5, '0')
  const fraction = digits.slice(-4).replace(/0+$/, '')
  return `${ppm < 0 ? '-' : ''}${digits.slice(0, -4)}${fraction === '' ? '' : `.${fraction}`}`
}
