// Who has each service on which days, as rows for SQL: the stretches with one whole owner, which are nearly all of them.
// What does not lie within one such stretch (a split, a change, a day before the first row) is left to core, one by one.
import type { Problem, ServiceTimeline } from '@spillway/core'
import { FIRST_DAY, LAST_DAY } from '../allocate/define-pools.ts'
import { make, type PeriodScope, pinned } from '../allocate/period-scope.ts'
import { NOBODY, OwnerNumbers } from './owner-numbers.ts'
import { readTimelines, type ServiceHistory } from './read-timelines.ts'

/**
 * Makes `inventory` (one row per service that the directory has), `owner` (one row per service and stretch of days with one
 * whole owner; stretches of a service never overlap) and `owner_name` (the names behind its `owner_no`; complete only once
 * `owners` are stored). Returns `share-sum` problems.
 */
export async function ownServices(
  scope: PeriodScope,
): Promise<{ owners: OwnerNumbers; problems: ReadonlyArray<Problem> }> {
  const { scratch } = scope
  // One row per service: with its only assignment, where it has one.
  await make(
    scope,
    'inventory',
    `SELECT k.service_no, any_value(s.service) AS service, count(*) AS row_count, any_value(s.vendor) AS vendor, any_value(s.person) AS person,
       any_value(s.cost_centre) AS cost_centre, any_value(s.project) AS project,
       coalesce(any_value(s.from_on), DATE '${FIRST_DAY}') AS from_on,
       coalesce(any_value(s.to_on), DATE '${LAST_DAY}') AS to_on, bool_and(coalesce(s.share_ppm, 1000000) = 1000000) AS is_whole
     FROM service AS s JOIN ${scratch}.service_key AS k ON k.service = s.service WHERE ${pinned(scope, 's')} GROUP BY k.service_no`,
  )
  // A service's own cost centre wins; else that of its person while the person has a row.
  await make(
    scope,
    'owner_found',
    `WITH stay AS (SELECT p.employee, count(*) AS row_count, any_value(p.cost_centre) AS cost_centre,
         coalesce(any_value(p.from_on), DATE '${FIRST_DAY}') AS from_on, coalesce(any_value(p.to_on), DATE '${LAST_DAY}') AS to_on
       FROM person AS p WHERE ${pinned(scope, 'p')} GROUP BY p.employee)
     SELECT s.service_no,
       CASE WHEN s.cost_centre = '' AND p.employee IS NOT NULL THEN greatest(s.from_on, p.from_on) ELSE s.from_on END AS from_on,
       CASE WHEN s.cost_centre = '' AND p.employee IS NOT NULL THEN least(s.to_on, p.to_on) ELSE s.to_on END AS to_on,
       s.person, CASE WHEN s.cost_centre = '' THEN coalesce(p.cost_centre, '') ELSE s.cost_centre END AS cost_centre, s.project
     FROM ${scratch}.inventory AS s LEFT JOIN stay AS p ON p.employee = s.person
     WHERE s.row_count = 1 AND s.is_whole AND (s.cost_centre <> '' OR coalesce(p.row_count, 1) = 1)`,
  )
  await make(
    scope,
    'owner_name',
    `SELECT service_no AS owner_no, person, cost_centre, project FROM ${scratch}.owner_found
     WHERE person <> '' OR cost_centre <> '' OR project <> ''
     UNION ALL SELECT ${NOBODY}, '', '', ''`,
  )
  await make(
    scope,
    'owner',
    `SELECT service_no, from_on, to_on,
       CASE WHEN person = '' AND cost_centre = '' AND project = '' THEN ${NOBODY} ELSE service_no END AS owner_no
     FROM ${scratch}.owner_found`,
  )
  const { histories, problems } = await readTimelines(
    scope,
    `SELECT service FROM ${scratch}.inventory ANTI JOIN ${scratch}.owner USING (service_no)`,
  )
  const owners = new OwnerNumbers(scope)
  await storeWholeSpans(scope, histories, owners)
  return { owners, problems }
}

async function storeWholeSpans(
  scope: PeriodScope,
  histories: ReadonlyMap<string, ServiceHistory>,
  owners: OwnerNumbers,
): Promise<void> {
  if (histories.size === 0) return
  const { scratch, warehouse } = scope
  const rows = await warehouse.rows<{ service_no: number; service: string }>(
    `SELECT service_no, service FROM ${scratch}.inventory ANTI JOIN ${scratch}.owner USING (service_no)`,
  )
  const numbers = new Map(rows.map(({ service_no, service }) => [service, service_no]))
  const writer = await warehouse.writer('owner', ['service_no', 'from_on', 'to_on', 'owner_no'], scratch)
  for (const [service, { timeline }] of histories) {
    const serviceNo = numbers.get(service) as number
    for (const { start, end, pieces } of timeline.spans) {
      const [only] = pieces
      if (!only || pieces.length > 1) continue
      const from = start < FIRST_DAY ? FIRST_DAY : start
      const to = end > LAST_DAY ? LAST_DAY : end
      writer.append([serviceNo, from, to, owners.numberOf(serviceNo, only)])
    }
  }
  writer.close()
}

/** Timelines of the services of a query (one column, `service`), for what SQL could not assign. */
export async function timelinesOf(
  scope: PeriodScope,
  wanted: string,
): Promise<(service: string) => ServiceTimeline | undefined> {
  const { histories } = await readTimelines(scope, wanted)
  return (service) => histories.get(service)?.timeline
}
