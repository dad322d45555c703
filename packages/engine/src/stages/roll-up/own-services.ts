// Who has each service on which days, as rows for SQL: the stretches with one whole owner, which are nearly all of them.
// What does not lie within one such stretch (a split, a change, a day before the first row) is left to core, one by one.
import type { Problem, ServiceTimeline } from '@spillway/core'
import { FIRST_DAY, LAST_DAY } from '../allocate/define-pools.ts'
import { make, type PeriodScope, pinned } from '../allocate/period-scope.ts'
import { readTimelines, type ServiceHistory } from './read-timelines.ts'

const OWNER_COLUMNS = ['service', 'from_on', 'to_on', 'person', 'cost_centre', 'project']

/**
 * Makes `inventory` (one row per service that the directory has) and `owner` (one row per service and stretch of days
 * with one whole owner; stretches of a service never overlap). Returns `share-sum` problems.
 */
export async function ownServices(scope: PeriodScope): Promise<ReadonlyArray<Problem>> {
  const { scratch } = scope
  // One row per service: with its only assignment, where it has one.
  await make(
    scope,
    'inventory',
    `SELECT s.service, count(*) AS row_count, any_value(s.vendor) AS vendor, any_value(s.person) AS person,
       any_value(s.cost_centre) AS cost_centre, any_value(s.project) AS project,
       coalesce(any_value(s.from_on), DATE '${FIRST_DAY}') AS from_on,
       coalesce(any_value(s.to_on), DATE '${LAST_DAY}') AS to_on, bool_and(coalesce(s.share_ppm, 1000000) = 1000000) AS is_whole
     FROM service AS s WHERE ${pinned(scope, 's')} GROUP BY s.service`,
  )
  // A service's own cost centre wins; else that of its person while the person has a row.
  await make(
    scope,
    'owner',
    `WITH stay AS (SELECT p.employee, count(*) AS row_count, any_value(p.cost_centre) AS cost_centre,
         coalesce(any_value(p.from_on), DATE '${FIRST_DAY}') AS from_on, coalesce(any_value(p.to_on), DATE '${LAST_DAY}') AS to_on
       FROM person AS p WHERE ${pinned(scope, 'p')} GROUP BY p.employee)
     SELECT s.service,
       CASE WHEN s.cost_centre = '' AND p.employee IS NOT NULL THEN greatest(s.from_on, p.from_on) ELSE s.from_on END AS from_on,
       CASE WHEN s.cost_centre = '' AND p.employee IS NOT NULL THEN least(s.to_on, p.to_on) ELSE s.to_on END AS to_on,
       s.person, CASE WHEN s.cost_centre = '' THEN coalesce(p.cost_centre, '') ELSE s.cost_centre END AS cost_centre, s.project
     FROM ${scratch}.inventory AS s LEFT JOIN stay AS p ON p.employee = s.person
     WHERE s.row_count = 1 AND s.is_whole AND (s.cost_centre <> '' OR coalesce(p.row_count, 1) = 1)`,
  )
  const { histories, problems } = await readTimelines(
    scope,
    `SELECT service FROM ${scratch}.inventory ANTI JOIN ${scratch}.owner USING (service)`,
  )
  await storeWholeSpans(scope, histories)
  return problems
}

async function storeWholeSpans(scope: PeriodScope, histories: ReadonlyMap<string, ServiceHistory>): Promise<void> {
  const writer = await scope.warehouse.writer('owner', OWNER_COLUMNS, scope.scratch)
  for (const [service, { timeline }] of histories)
    for (const { start, end, pieces } of timeline.spans) {
      const [only] = pieces
      if (!only || pieces.length > 1) continue
      const from = start < FIRST_DAY ? FIRST_DAY : start
      const to = end > LAST_DAY ? LAST_DAY : end
      writer.append([service, from, to, only.person, only.costCentre, only.project])
    }
  writer.close()
}

/** Timelines of the services of a query, for what SQL could not assign. */
export async function timelinesOf(
  scope: PeriodScope,
  wanted: string,
): Promise<(service: string) => ServiceTimeline | undefined> {
  const { histories } = await readTimelines(scope, wanted)
  return (service) => histories.get(service)?.timeline
}
