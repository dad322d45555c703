// Shares every segment's charges over its participants: SQL hands over one row per participant and one per charged
// service, core decides, and the decisions go back as rows. At most one segment is in memory.
import {
  type AllocationRow,
  allocatePool,
  daysIn,
  type MeasuredParticipant,
  type PoolCharge,
  type Problem,
  problem,
  TAXES_COMPONENT,
} from '@spillway/core'
import type { Cell, RowWriter } from '../../warehouse/warehouse.ts'
import { readTimelines, type ServiceHistory } from '../roll-up/read-timelines.ts'
import { GroupDivider, storeGroups } from './group-divider.ts'
import { componentNames, type PlannedSegment } from './match-components.ts'
import { type PeriodScope, step } from './period-scope.ts'
import { BasisColumns } from './pool-usage.ts'
import { alongside, bySegment } from './segment-batches.ts'

const SHARE_COLUMNS = `segment_no INTEGER, component_no INTEGER, currency VARCHAR, service VARCHAR, actual_minor BIGINT,
  adjusted_minor BIGINT, weight VARCHAR, share VARCHAR, floor_minor BIGINT, flags VARCHAR, usage_base BIGINT,
  contribution_base BIGINT, days INTEGER, method VARCHAR, formula VARCHAR`
const SHARE_NAMES = SHARE_COLUMNS.split(',').map((column) => column.trim().split(' ')[0] as string)

/**
 * Makes `share`, one row per segment, component, currency and service (see ALLOCATION in schema.ts), and `cell`, one row
 * per charge group and service of the components that have several groups (see group-divider.ts).
 * Returns `negative-usage` for each pool and service.
 */
export async function shareSegments(scope: PeriodScope, planned: ReadonlyArray<PlannedSegment>): Promise<Problem[]> {
  const { scratch, warehouse } = scope
  const groups = await storeGroups(scope)
  await warehouse.run(`CREATE TABLE ${scratch}.share (${SHARE_COLUMNS})`)
  const bases = new BasisColumns(planned.map(({ policy }) => policy))
  const weighted = await weightedServices(scope, planned)
  const byNumber = new Map(planned.map((segment) => [segment.segmentNo, segment]))
  const total = planned.filter(({ hasCharges }) => hasCharges).length
  const problems: Problem[] = []
  const divider = await GroupDivider.open(scope, groups)
  const writer = await warehouse.writer('share', SHARE_NAMES, scratch)
  const segments = alongside(
    bySegment(warehouse.streamColumns(billedSql(scratch))),
    bySegment(warehouse.streamColumns(participantsSql(scratch, bases))),
  )
  let done = 0
  for await (const { segmentNo, lead, follow } of segments) {
    const segment = byNumber.get(segmentNo) as PlannedSegment
    const columns = segment.policy.components.map(({ basis }) => 4 + bases.names.indexOf(bases.columnOf(basis)))
    const participants = follow.map((row) => toParticipant(row, columns, weighted))
    problems.push(
      ...shareSegment({ segment, participants, charges: lead.map((row) => toCharge(row, segment)), writer, divider }),
    )
    done += 1
    if (done % 256 === 0) step(scope, { stage: 'allocate', done, total })
  }
  writer.close()
  divider.close()
  step(scope, { stage: 'allocate', done: total, total })
  return problems
}

/** One row per segment, component, currency and service that charges stand on. */
function billedSql(scratch: string): string {
  return `SELECT segment_no, component_no, currency, service, sum(amount_minor) AS actual_minor
    FROM ${scratch}.piece WHERE segment_no IS NOT NULL GROUP BY ALL ORDER BY segment_no, component_no, currency, service`
}

/** One row per segment with charges and participant, with its usage in every basis. */
function participantsSql(scratch: string, bases: BasisColumns): string {
  const names = bases.names.map((name) => `coalesce(u.${name}, 0) AS ${name}`)
  const sums = bases.names.length === 0 ? '' : `, ${bases.sumsSql()}`
  return `SELECT ${['t.segment_no', 't.service', 't.days', 't.contribution_base', ...names].join(', ')}
    FROM ${scratch}.participant AS t
    SEMI JOIN (SELECT DISTINCT segment_no FROM ${scratch}.piece) AS q ON q.segment_no = t.segment_no
    LEFT JOIN (SELECT segment_no, service${sums} FROM ${scratch}.pool_usage GROUP BY segment_no, service) AS u
      ON u.segment_no = t.segment_no AND u.service = t.service
    ORDER BY t.segment_no, t.service`
}

function toParticipant(
  row: ReadonlyArray<Cell>,
  columns: ReadonlyArray<number>,
  weighted: WeightedLookup,
): MeasuredParticipant {
  const [segmentNo, service, memberDays, contributionBase] = row as [number, string, number, bigint]
  return {
    service,
    memberDays,
    contributionBase,
    usageBase: columns.map((column) => row[column] as bigint),
    ...weighted(segmentNo, service),
  }
}

function toCharge(row: ReadonlyArray<Cell>, { policy }: PlannedSegment): PoolCharge {
  const [, componentNo, currency, service, actualMinor] = row as [number, number, string, string, bigint]
  const component = componentNo === policy.components.length ? TAXES_COMPONENT : componentNo
  return { component, currency, service, actualMinor }
}

type SegmentWork = {
  readonly segment: PlannedSegment
  readonly participants: ReadonlyArray<MeasuredParticipant>
  readonly charges: ReadonlyArray<PoolCharge>
  readonly writer: RowWriter
  readonly divider: GroupDivider
}

function shareSegment({ segment, participants, charges, writer, divider }: SegmentWork): Problem[] {
  const { segmentNo, pool, policy } = segment
  const { components, negativeUsage } = allocatePool({
    policy,
    windowDays: daysIn(segment),
    allowanceBase: pool.allowanceBase,
    participants,
    charges,
  })
  const names = componentNames(policy)
  for (const { component, currency, method, rows } of components) {
    // Taxes that follow come last, also where a component of the policy has the same name.
    const componentNo = method === 'follow' ? policy.components.length : names.indexOf(component)
    for (const row of rows) writer.append(toCells({ segmentNo, componentNo, currency, method, row }))
    divider.divide({ segmentNo, componentNo, currency, rows })
  }
  return negativeUsage.map(({ service, usageBase }) =>
    problem('negative-usage', { pool: pool.pool, service, usage: usageBase.toString() }),
  )
}

function toCells({
  segmentNo,
  componentNo,
  currency,
  method,
  row,
}: {
  readonly segmentNo: number
  readonly componentNo: number
  readonly currency: string
  readonly method: string
  readonly row: AllocationRow
}): Cell[] {
  return [
    segmentNo,
    componentNo,
    currency,
    row.service,
    row.actualMinor,
    row.adjustedMinor,
    row.weight,
    row.share,
    row.floorMinor,
    row.flags.join(' '),
    row.usageBase,
    row.contributionBase,
    row.days,
    method,
    row.formula,
  ]
}

type WeightedLookup = (segmentNo: number, service: string) => Pick<MeasuredParticipant, 'costCentres' | 'serviceType'>

const NOT_WEIGHTED = { costCentres: [], serviceType: '' }

/** What services are assigned to on their last day, for the segments whose policy weighs by it. */
async function weightedServices(scope: PeriodScope, planned: ReadonlyArray<PlannedSegment>): Promise<WeightedLookup> {
  const wanted = planned.filter(({ policy, hasCharges }) => {
    return hasCharges && policy.components.some(({ weights }) => weights !== null && weights.by !== 'services')
  })
  if (wanted.length === 0) return () => NOT_WEIGHTED
  const of = `FROM ${scope.scratch}.participant WHERE segment_no IN (${wanted.map(({ segmentNo }) => segmentNo).join(', ')})`
  const { histories } = await readTimelines(scope, `SELECT service ${of}`)
  const lastDays = new Map<string, string>()
  for await (const rows of scope.warehouse.stream<{ segment_no: number; service: string; last_on: string }>(
    `SELECT segment_no, service, until_on - 1 AS last_on ${of}`,
  ))
    for (const { segment_no, service, last_on } of rows) lastDays.set(`${segment_no} ${service}`, last_on)
  return (segmentNo, service) => {
    const history = histories.get(service)
    const lastOn = lastDays.get(`${segmentNo} ${service}`)
    return history === undefined || lastOn === undefined ? NOT_WEIGHTED : assignedOn(history, lastOn)
  }
}

function assignedOn({ rows, timeline }: ServiceHistory, on: string) {
  const span = timeline.spans.find(({ start, end }) => start <= on && on < end)
  const row = rows.find(({ from, to }) => (from === null || from <= on) && (to === null || on < to))
  return { costCentres: span?.pieces.map(({ costCentre }) => costCentre) ?? [], serviceType: row?.serviceType ?? '' }
}
