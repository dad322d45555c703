// The month that a screen is of: the one in the address, else the newest that is closed.

import { useAsk } from '../api/use-ask.ts'
import { useScreenSearch } from './go.ts'

export type ClosedPeriod = {
  readonly period: string
  readonly state: 'closed' | 'published'
  readonly run: string
}

export type Periods = {
  /** undefined while it is not known, or where no month is closed. */
  readonly period: string | undefined
  readonly run: ClosedPeriod | undefined
  /** Newest first. */
  readonly all: ReadonlyArray<ClosedPeriod>
  readonly isPending: boolean
}

export function usePeriods(): Periods {
  const { period } = useScreenSearch()
  const { data, isPending } = useAsk('listPeriods', { query: { sort: '-period', limit: 120 } })
  const all = data?.items ?? []
  const shown = period ?? all[0]?.period
  return { period: shown, run: all.find((one) => one.period === shown), all, isPending }
}
