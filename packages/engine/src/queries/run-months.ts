// The runs of several months as one relation, so that a query over months is one query. A month that was not closed has
// no row in it: what is missing is never a zero.

import type { Period } from '@spillway/core'
import { literal } from '../warehouse/sql-literal.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { type ResultRows, resultRowsSql } from './filter/result-rows.ts'
import { type DIMENSION_COLUMN, NAME_SQL } from './names.ts'

/** Months counted from the year 0, so that the month before is one less. */
export function monthNumberOf({ startOn }: Pick<Period, 'startOn'>): number {
  return Number(startOn.slice(0, 4)) * 12 + Number(startOn.slice(5, 7)) - 1
}

/** `2026-10` of a month's number. */
export function monthNameOf(number: number): string {
  return `${String(Math.floor(number / 12)).padStart(4, '0')}-${String((number % 12) + 1).padStart(2, '0')}`
}

/** `2026-08 to 2026-10`, or the one month. */
export function monthsText(first: Pick<Period, 'name'>, last: Pick<Period, 'name'>): string {
  return first.name === last.name ? last.name : `${first.name} to ${last.name}`
}

/** CTE text that defines `name(run, month)`: one row per month that has a run. */
export function runMonthCte(
  name: string,
  months: ReadonlyArray<{ readonly run: { readonly id: string } | null; readonly month: number }>,
): string {
  const rows = months.flatMap(({ run, month }) => (run ? [`(${literal(run.id)}, ${month})`] : []))
  return rows.length === 0
    ? `${name}(run, month) AS (SELECT NULL::VARCHAR, NULL::INTEGER WHERE false)`
    : `${name}(run, month) AS (VALUES ${rows.join(', ')})`
}

export type NamedOverMonths = {
  readonly by: keyof typeof DIMENSION_COLUMN
  /** Of the months of `run_month`. */
  readonly runs: ReadonlyArray<string>
  /** The only ones whose names are wanted. */
  readonly keys?: ReadonlyArray<string> | undefined
  /** Of services that are the keys. */
  readonly places?: ResultRows['places']
}

/**
 * Query of one row per key: `key, name`, for the months of `run_month`. A service is named after the people it was
 * assigned to in the last of the months in which it was: what has ended keeps its name.
 */
export function nameOverMonthsSql(
  workspace: Pick<ScopedWorkspace, 'scope' | 'warehouse'>,
  { by, runs, keys, places = null }: NamedOverMonths,
): string {
  if (by !== 'service') return NAME_SQL[by]
  const filter = new Map(keys === undefined ? [] : [['service', keys]])
  const lines = resultRowsSql(workspace, { view: 'carried', columns: ['service', 'person'], runs, filter, places })
  return `SELECT key, arg_max(name, month) AS name FROM (
      SELECT carried.service AS key, run_month.month, string_agg(DISTINCT named.name, ', ' ORDER BY named.name) AS name
      FROM (${lines}) AS carried JOIN run_month USING (run) JOIN (${NAME_SQL.person}) AS named ON named.key = carried.person
      GROUP BY ALL)
    GROUP BY key`
}
