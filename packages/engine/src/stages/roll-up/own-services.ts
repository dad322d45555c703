// Who has each service on which days, as rows for SQL: the stretches with one whole owner, which are nearly all of them.
// What does not lie within one such stretch (a split, a change, a day before the first row) is left to core, one by one.
import type { Problem, ServiceTimeline } from '@spillway/core'
import { FIRST_DAY, LAST_DAY } from '../allocate/define-pools.ts'
import { make, type PeriodScope, pinned, show } from '../allocate/period-scope.ts'
import { assignmentsSql } from './assignment-rows.ts'
import { NOBODY, OwnerNumbers } from './owner-numbers.ts'
import { readTimelines, type ServiceHistory } from './read-timelines.ts'

/** Who owns what: `isCovered` where every service of the directory has one whole owner on all days, so that no day is asked about. */
export type Owned = {
  readonly owners: OwnerNumbers
  readonly isCovered: boolean
  readonly problems: ReadonlyArray<Problem>
}

/**
 * Makes `inventory` (one row per service that the directory has), `owner` (one row per service and stretch of days with one
 * whole owner; stretches of a service never overlap) and `run_owner` (the names behind its `owner_no`; complete only once
 * `owners` are stored). `problems`: `share-sum`. Needs `service_key`.
 */
export async function ownServices(scope: PeriodScope): Promise<Owned> {
  const { scratch } = scope
  // One row per row of the inventory, of which a service nearly always has one.
  await make(
    scope,
    'inventory_row',
    `SELECT k.service_no, s.service, s.vendor, s.person, s.cost_centre, s.project, coalesce(s.from_on, DATE '${FIRST_DAY}') AS from_on,
       coalesce(s.to_on, DATE '${LAST_DAY}') AS to_on, coalesce(s.share_ppm, 1000000) = 1000000 AS is_whole
     FROM (FROM ${assignmentsSql(scope, 's')}) AS s JOIN ${scratch}.service_key AS k ON k.service = s.service`,
  )
  const several = await make(
    scope,
    'inventory_several',
    `SELECT service_no, count(*) AS row_count FROM ${scratch}.inventory_row GROUP BY service_no HAVING count(*) > 1`,
  )
  // One row per service: with its only assignment, where it has one.
  await show(
    scope,
    'inventory',
    several === 0
      ? `SELECT *, 1 AS row_count FROM ${scratch}.inventory_row`
      : `SELECT *, 1 AS row_count FROM ${scratch}.inventory_row ANTI JOIN ${scratch}.inventory_several USING (service_no)
     UNION ALL BY NAME
     SELECT service_no, any_value(service) AS service, any_value(vendor) AS vendor, any_value(person) AS person,
       any_value(cost_centre) AS cost_centre, any_value(project) AS project, any_value(from_on) AS from_on,
       any_value(to_on) AS to_on, bool_and(is_whole) AS is_whole, any_value(row_count) AS row_count
     FROM ${scratch}.inventory_row JOIN ${scratch}.inventory_several USING (service_no) GROUP BY service_no`,
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
    'run_owner',
    `SELECT (row_number() OVER (ORDER BY person, cost_centre, project))::INTEGER AS owner_no, person, cost_centre, project
     FROM (SELECT DISTINCT person, cost_centre, project FROM ${scratch}.owner_found)
     WHERE person <> '' OR cost_centre <> '' OR project <> ''
     UNION ALL SELECT ${NOBODY}, '', '', ''`,
  )
  await make(
    scope,
    'owner',
    `SELECT f.service_no, f.from_on, f.to_on, n.owner_no FROM ${scratch}.owner_found AS f
     JOIN ${scratch}.run_owner AS n ON n.person = f.person AND n.cost_centre = f.cost_centre AND n.project = f.project`,
  )
  const owners = new OwnerNumbers()
  const { hasOthers, isCovered } = await countOwned(scope)
  if (!hasOthers) return { owners, isCovered, problems: [] }
  const { histories, problems } = await readTimelines(
    scope,
    `SELECT service FROM ${scratch}.inventory ANTI JOIN ${scratch}.owner USING (service_no)`,
  )
  await storeWholeSpans(scope, histories, owners)
  return { owners, isCovered: false, problems }
}

/** A service is in `owner` once so far, and has its only inventory row then. */
async function countOwned({ warehouse, scratch }: PeriodScope): Promise<{ hasOthers: boolean; isCovered: boolean }> {
  const { services, owned, covered } = await warehouse.row<{ services: bigint; owned: bigint; covered: bigint }>(
    `SELECT count(*) AS owned, count(*) FILTER (from_on = DATE '${FIRST_DAY}' AND to_on = DATE '${LAST_DAY}') AS covered,
       (SELECT count(*) FROM ${scratch}.inventory_row) AS services FROM ${scratch}.owner`,
  )
  return { hasOthers: owned !== services, isCovered: covered === services }
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
