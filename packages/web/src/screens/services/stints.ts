// Which rows of the directory hold in a month.
import type { AnswerOf } from '@spillway/server/client'

export type Stint = AnswerOf<'listServices'>['items'][number]

/** Those in force on one of its days or more; `to_on` is the first day on which one is not. */
export function stintsIn<S extends Pick<Stint, 'from_on' | 'to_on'>>(stints: ReadonlyArray<S>, period: string): S[] {
  const [year = 0, month = 0] = period.split('-').map(Number)
  const first = `${period}-01`
  const next = month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`
  return stints.filter(
    ({ from_on, to_on }) => (from_on === null || from_on < next) && (to_on === null || to_on > first),
  )
}
