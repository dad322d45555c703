// Assignment timelines of the few services that need more than one lookup: movers, splits, late starters.
// Reads their rows of the inventory and the people these name; core says who has them when.
import {
  buildTimeline,
  type LocalDate,
  type Person,
  type Problem,
  type Service,
  type ServiceTimeline,
  stintsByPerson,
} from '@spillway/core'
import type { Row } from '../../warehouse/warehouse.ts'
import { type PeriodScope, pinned } from '../allocate/period-scope.ts'
import { assignmentsSql } from './assignment-rows.ts'

type ServiceRow = Row & {
  service: string
  vendor: string
  account: string
  product: string
  service_type: string
  person: string
  cost_centre: string
  project: string
  from_on: LocalDate | null
  to_on: LocalDate | null
  share_ppm: number | null
  device_type: string
}
type PersonRow = Row & { employee: string; cost_centre: string; from_on: LocalDate | null; to_on: LocalDate | null }

export type ServiceHistory = { readonly rows: ReadonlyArray<Service>; readonly timeline: ServiceTimeline }

/**
 * The histories of the services that the query `wanted` (one column, `service`) names; services without a row in the
 * inventory are not in the answer. `problems`: shares that do not sum to 100 %.
 */
export async function readTimelines(
  scope: PeriodScope,
  wanted: string,
): Promise<{ histories: ReadonlyMap<string, ServiceHistory>; problems: ReadonlyArray<Problem> }> {
  const { warehouse, tenant } = scope
  const people: Person[] = []
  const persons = warehouse.stream<PersonRow>(
    `SELECT p.employee, p.cost_centre, p.from_on, p.to_on FROM person AS p WHERE ${pinned(scope, 'p')}
       AND p.employee IN (SELECT s.person FROM ${assignmentsSql(scope, 's')} AND s.service IN (${wanted}))
     ORDER BY ALL`,
    { tenant },
  )
  for await (const rows of persons) people.push(...rows.map(toPerson))
  const stints = stintsByPerson(people)
  const histories = new Map<string, ServiceHistory>()
  const problems: Problem[] = []
  let rows: Service[] = []
  const finish = () => {
    const service = rows[0]?.service
    if (service === undefined) return
    const built = buildTimeline({ service, rows, stints })
    histories.set(service, { rows, timeline: built.timeline })
    problems.push(...built.problems)
    rows = []
  }
  const services = warehouse.stream<ServiceRow>(
    `SELECT s.service, s.vendor, s.account, s.product, s.service_type, s.person, s.cost_centre, s.project, s.from_on, s.to_on,
       s.share_ppm, s.device_type
     FROM ${assignmentsSql(scope, 's')} AND s.service IN (${wanted}) ORDER BY s.service, s.doc, s.ordinal`,
    { tenant },
  )
  for await (const batch of services)
    for (const row of batch) {
      if (rows[0] && rows[0].service !== row.service) finish()
      rows.push(toService(row))
    }
  finish()
  return { histories, problems }
}

/** The inventory rows of the services that the query `wanted` names, in order of service. */
export async function timelineRows(scope: PeriodScope, wanted: string): Promise<Service[]> {
  const { histories } = await readTimelines(scope, wanted)
  return [...histories.values()].flatMap(({ rows }) => rows)
}

function toService(row: ServiceRow): Service {
  return {
    fact: 'service',
    service: row.service,
    vendor: row.vendor,
    account: row.account,
    product: row.product,
    serviceType: row.service_type,
    person: row.person,
    costCentre: row.cost_centre,
    project: row.project,
    from: row.from_on,
    to: row.to_on,
    sharePpm: row.share_ppm,
    deviceType: row.device_type,
    extra: {},
  }
}

function toPerson(row: PersonRow): Person {
  return {
    fact: 'person',
    employee: row.employee,
    name: '',
    email: '',
    aliases: [],
    costCentre: row.cost_centre,
    manager: '',
    from: row.from_on,
    to: row.to_on,
    extra: {},
  }
}
