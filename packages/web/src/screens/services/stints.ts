// Which rows of the directory hold in a month.
import { parsePeriod } from '@spillway/core'
import type { AnswerOf } from '@spillway/server/client'

export type Stint = AnswerOf<'listServices'>['items'][number]

/** Those in force on one of its days or more; `to_on` is the first day on which one is not. */
export function stintsIn<S extends Pick<Stint, 'from_on' | 'to_on'>>(stints: ReadonlyArray<S>, period: string): S[] {
  const month = parsePeriod(period)
  if (month === null) return []
  return stints.filter(
    ({ from_on, to_on }) => (from_on === null || from_on < month.endOn) && (to_on === null || to_on > month.startOn),
  )
}
