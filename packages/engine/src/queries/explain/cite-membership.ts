// Why the service is a member of a pool on the days of a segment: rows of files, and Pool documents of the configuration.
import { compareBytes, type LocalDate, parseLocalDate } from '@spillway/core'
import { FIRST_DAY, LAST_DAY, ruleSql } from '../../stages/allocate/define-pools.ts'
import { factsOf, pinned } from '../../stages/allocate/period-scope.ts'
import { type PoolDocument, parsePoolDocument } from '../../stages/allocate/pool-document.ts'
import type { Segment } from '../../stages/allocate/pool-windows.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import { citeRow, type ExplainScope } from './explain-scope.ts'
import type { MembershipLine } from './explanation.ts'

type StintRow = Row & { doc: number; line: number; from_on: LocalDate | null; to_on: LocalDate | null }

export async function citeMembership(scope: ExplainScope, segment: Segment): Promise<MembershipLine[]> {
  const { warehouse, configuration, tenant } = scope.period
  const listed = await warehouse.rows<StintRow & { contribution: string; unit: string }>(
    `SELECT m.doc, m.line, m.contribution, m.unit, m.from_on, m.to_on FROM ${factsOf(scope.period, 'pool_member')} AS m
     WHERE ${pinned(scope.period, 'm')} AND m.service = $service AND m.pool = $pool AND ${meetsSql('m', segment)}
     ORDER BY m.doc, m.ordinal`,
    { tenant, service: scope.service, pool: segment.pool.pool },
  )
  const lines = listed.map(
    (row): MembershipLine => ({
      at: citeRow(scope, row),
      configuration: '',
      contribution: row.contribution,
      unit: row.unit,
      from: row.from_on,
      to: row.to_on,
    }),
  )
  for (const { kind, name, version, body } of configuration) {
    if (kind !== 'Pool' || name !== segment.pool.pool) continue
    const reading = parsePoolDocument(body)
    if (!reading.ok) continue
    const label = `Pool/${name} v${version}`
    lines.push(...listedIn(scope, { pool: reading.pool, label, segment }))
    lines.push(...(await foundByRule(scope, { pool: reading.pool, label, segment })))
  }
  return lines.sort((a, b) => compareBytes(a.from ?? '', b.from ?? ''))
}

type PoolLookup = { readonly pool: PoolDocument; readonly label: string; readonly segment: Segment }

function listedIn({ service }: ExplainScope, { pool, label, segment }: PoolLookup): MembershipLine[] {
  return (pool.members ?? [])
    .filter(({ service: listed, from = FIRST_DAY, to = LAST_DAY }) => {
      return listed === service && from < segment.endOn && to > segment.startOn
    })
    .map(({ contribution = '', unit = '', from, to }) => ({
      at: null,
      configuration: label,
      contribution,
      unit,
      from: from === undefined ? null : parseLocalDate(from),
      to: to === undefined ? null : parseLocalDate(to),
    }))
}

/** The rows of the inventory by which the rule finds the service. */
async function foundByRule(scope: ExplainScope, { pool, label, segment }: PoolLookup): Promise<MembershipLine[]> {
  const { rule } = pool
  if (!rule) return []
  const { contribution = '', unit = '' } = rule
  const { where, parameters } = ruleSql(rule)
  const rows = await scope.period.warehouse.rows<StintRow>(
    `SELECT s.doc, s.line, s.from_on, s.to_on FROM ${factsOf(scope.period, 'service')} AS s
     WHERE ${pinned(scope.period, 's')} AND s.service = $service AND ${meetsSql('s', segment)}
       ${where} ORDER BY s.doc, s.ordinal`,
    { tenant: scope.period.tenant, service: scope.service, ...parameters },
  )
  return rows.map((row) => ({
    at: citeRow(scope, row),
    configuration: label,
    contribution,
    unit,
    from: row.from_on,
    to: row.to_on,
  }))
}

/** Whether an effective-dated row shares a day with a range. */
export function meetsSql(alias: string, { startOn, endOn }: { startOn: LocalDate; endOn: LocalDate }): string {
  return `coalesce(${alias}.from_on, DATE '${FIRST_DAY}') < DATE '${endOn}' AND coalesce(${alias}.to_on, DATE '${LAST_DAY}') > DATE '${startOn}'`
}
