// Who has the service: the stretches of days with their owners and shares, the rows of the directory that say so, and what
// each owner carries of it. core decides who owns which day; the rows are those that the run pinned.
import { daysIn, type LocalDate, type ServiceTimeline } from '@spillway/core'
import type { RunTable } from '../../catalog/tables.ts'
import { pinned } from '../../stages/allocate/period-scope.ts'
import { assignmentsSql, SUB_ACCOUNT_DOC } from '../../stages/roll-up/assignment-rows.ts'
import { readTimelines } from '../../stages/roll-up/read-timelines.ts'
import { literal } from '../../warehouse/sql-literal.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { boundParameters } from '../bound-parameters.ts'
import { NAME_SQL, namesCte } from '../names.ts'
import { meetsSql } from './cite-membership.ts'
import { citeRow, citeSubAccount, type ExplainScope, limitSql, shown } from './explain-scope.ts'
import type { Assignment, AssignmentLine, CarriedBy, Stay } from './explanation.ts'
import type { OwnRowsSql } from './own-rows.ts'

type Days = { readonly startOn: LocalDate; readonly endOn: LocalDate }

export async function citeAssignment(scope: ExplainScope, carriedBy: ReadonlyArray<CarriedBy>): Promise<Assignment> {
  const days = await daysOf(scope)
  const wanted = `SELECT ${literal(scope.service)} AS service`
  const { histories } = await readTimelines(scope.period, wanted)
  const stays = staysOf(histories.get(scope.service)?.timeline, days)
  return { ...days, stays, ...(await citeDirectory(scope, days)), carriedBy }
}

/** From the first to the last day of the service's charges and of the pools that share with it; else the period. */
async function daysOf({ period, service }: ExplainScope): Promise<Days> {
  const { scratch, warehouse } = period
  const row = await warehouse.row<{ start_on: LocalDate | null; end_on: LocalDate | null }>(
    `SELECT min(start_on) AS start_on, max(end_on) AS end_on FROM (
       SELECT start_on, end_on FROM ${scratch}.piece WHERE service = $service
       UNION ALL SELECT g.start_on, g.end_on FROM ${scratch}.participant AS t JOIN ${scratch}.segment AS g USING (segment_no)
       JOIN ${scratch}.service_key AS k USING (service_no)
       SEMI JOIN ${scratch}.piece AS p ON p.segment_no = g.segment_no WHERE k.service = $service)`,
    { service },
  )
  const { startOn, endOn } = period.period
  return row.start_on === null || row.end_on === null
    ? { startOn, endOn }
    : { startOn: row.start_on, endOn: row.end_on }
}

/** The owners of each day of the range, in order of time; days that nobody covers have an empty owner. */
function staysOf(timeline: ServiceTimeline | undefined, { startOn, endOn }: Days): Stay[] {
  const stays: Stay[] = []
  let reached = startOn
  const nobody = (to: LocalDate) => {
    if (reached < to)
      stays.push({ ...stretch(reached, to), person: '', costCentre: '', project: '', sharePpm: 1_000_000 })
  }
  for (const span of timeline?.spans ?? []) {
    if (span.end <= startOn || span.start >= endOn) continue
    const from = (span.start > startOn ? span.start : startOn) as LocalDate
    const to = (span.end < endOn ? span.end : endOn) as LocalDate
    nobody(from)
    for (const { person, costCentre, project, sharePpm } of span.pieces)
      stays.push({ ...stretch(from, to), person, costCentre, project, sharePpm })
    reached = to
  }
  nobody(endOn)
  return stays
}

function stretch(from: LocalDate, to: LocalDate): Pick<Stay, 'from' | 'to' | 'days'> {
  return { from, to, days: daysIn({ startOn: from, endOn: to }) }
}

type DirectoryRow = Row & {
  doc: number
  line: number
  fact: AssignmentLine['fact']
  account: string
  id: string
  person: string
  cost_centre: string
  project: string
  from_on: LocalDate | null
  to_on: LocalDate | null
  share_ppm: number | null
  row_count: bigint
}

/** One row per row of the service on those days, and of each person that these name. */
async function citeDirectory(scope: ExplainScope, days: Days): Promise<Pick<Assignment, 'lineCount' | 'lines'>> {
  const { warehouse, tenant } = scope.period
  const ofService = `FROM ${assignmentsSql(scope.period, 's')} AND s.service = $service AND ${meetsSql('s', days)}`
  const rows = await warehouse.rows<DirectoryRow>(
    `WITH found AS MATERIALIZED (
     SELECT 0 AS place, s.doc, s.line, CASE s.doc WHEN ${SUB_ACCOUNT_DOC} THEN 'sub-account' ELSE 'service' END AS fact, s.account, s.service AS id, s.person, s.cost_centre, s.project, s.from_on, s.to_on,
       s.share_ppm, s.ordinal ${ofService}
     UNION ALL
     SELECT 1, p.doc, p.line, 'person', '', p.employee, p.employee, p.cost_centre, '', p.from_on, p.to_on, NULL, p.ordinal
     FROM person AS p WHERE ${pinned(scope.period, 'p')} AND ${meetsSql('p', days)} AND p.employee IN (SELECT s.person ${ofService}))
     SELECT *, (SELECT count(*) FROM found) AS row_count FROM found ORDER BY place, id, from_on NULLS FIRST, doc, ordinal ${limitSql(scope)}`,
    { tenant, service: scope.service },
  )
  const lines = shown(scope, rows).map(
    (row): AssignmentLine => ({
      at: row.doc === SUB_ACCOUNT_DOC ? citeSubAccount(row.account, row.id) : citeRow(scope, row),
      fact: row.fact,
      id: row.id,
      person: row.person,
      costCentre: row.cost_centre,
      project: row.project,
      from: row.from_on,
      to: row.to_on,
      sharePpm: row.share_ppm,
    }),
  )
  const [first] = rows
  return { lineCount: first === undefined ? 0 : Number(first.row_count), lines }
}

type CarriedRow = Row & {
  person: string
  person_name: string
  cost_centre: string
  cost_centre_name: string
  project: string
  project_name: string
  currency: string
  actual_minor: bigint
  adjusted_minor: bigint
}

/** One row per owner and currency, in the order of currencies. */
export async function readCarriedBy(
  { warehouse, tenant }: Workspace,
  { run, service, own }: { readonly run: RunTable; readonly service: string; readonly own: OwnRowsSql },
): Promise<CarriedBy[]> {
  const named = (dimension: 'person' | 'cost-centre' | 'project') => `(${NAME_SQL[dimension]})`
  const sql = `WITH ${namesCte(run)}, sums AS (
       SELECT person, cost_centre, project, currency, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor
       FROM (${own('carried')}) GROUP BY ALL)
     SELECT s.person, coalesce(p.name, '') AS person_name, s.cost_centre, coalesce(c.name, '') AS cost_centre_name, s.project,
       coalesce(j.name, '') AS project_name, s.currency, s.actual_minor, s.adjusted_minor
     FROM sums AS s LEFT JOIN ${named('person')} AS p ON p.key = s.person
     LEFT JOIN ${named('cost-centre')} AS c ON c.key = s.cost_centre LEFT JOIN ${named('project')} AS j ON j.key = s.project
     ORDER BY s.currency, s.person, s.cost_centre, s.project`
  const rows = await warehouse.rows<CarriedRow>(sql, boundParameters(sql, { tenant, run: run.id, service }))
  return rows.map((row) => ({
    person: row.person,
    personName: row.person_name,
    costCentre: row.cost_centre,
    costCentreName: row.cost_centre_name,
    project: row.project,
    projectName: row.project_name,
    currency: row.currency,
    actualMinor: BigInt(row.actual_minor),
    adjustedMinor: BigInt(row.adjusted_minor),
  }))
}
