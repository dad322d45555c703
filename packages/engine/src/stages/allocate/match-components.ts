// Which component of its pool's policy takes each charge, and how a charge is cut where the policy changes inside the
// pool's window: by the days of its billing period in each segment (spec, import, "Configuration").
import {
  type AllocationPolicy,
  type ChargeKind,
  type DateRange,
  dayNumber,
  daysIn,
  divideByLargestRemainder,
  isFollowingTax,
  type LocalDate,
  matchComponent,
  overlapDays,
  TAXES_COMPONENT,
} from '@spillway/core'
import type { Row } from '../../warehouse/warehouse.ts'
import { make, type PeriodScope, show } from './period-scope.ts'
import type { Segment } from './pool-windows.ts'

export type PlannedSegment = Segment & { readonly policy: AllocationPolicy; readonly policyNo: number }

/** Components count in the policy's order; taxes that follow come after all of them. */
export function componentNames(policy: AllocationPolicy): ReadonlyArray<string> {
  return [...policy.components.map(({ name }) => name), TAXES_COMPONENT]
}

function componentNoOf(policy: AllocationPolicy, charge: ChargeKind): number | null {
  const index = matchComponent(policy, charge)
  if (index !== -1) return index
  return isFollowingTax(policy, charge) ? policy.components.length : null
}

/**
 * Makes `piece_row`: one row per charge of the period, or per charge and segment where its pool's policy changes; with
 * `segment_no` and `component_no` where a component takes it, both NULL where it is retained. The view `piece` shows it
 * with names.
 */
export async function matchComponents(scope: PeriodScope, planned: ReadonlyArray<PlannedSegment>): Promise<void> {
  const { scratch } = scope
  await storeKinds(scope, planned)
  const hasParts = planned.some(({ isPart }) => isPart)
  // Where no charge is cut, a piece is a charge: looking up its segment costs less than to keep it.
  await (hasParts ? make : show)(
    scope,
    'piece_row',
    `SELECT c.doc, c.ordinal, c.bill_no, c.kind_no, c.service_no, c.start_on, c.end_on, c.amount_minor,
       CASE WHEN k.component_no IS NOT NULL THEN p.segment_no END AS segment_no, k.component_no
     FROM ${scratch}.charge_row AS c
     LEFT JOIN ${scratch}.plan AS p ON p.pool_no = c.pool_no AND NOT p.is_part
     LEFT JOIN ${scratch}.taken AS k ON k.policy_no = p.policy_no AND k.kind_no = c.kind_no
     ${hasParts ? 'WHERE c.pool_no IS NULL OR p.pool_no IS NOT NULL' : ''}`,
  )
  if (hasParts) await storeParts(scope, planned)
  await show(
    scope,
    'piece',
    `SELECT p.doc, p.ordinal, b.vendor, b.account, b.invoice, k.currency, s.service, k.category, k.usage_type, p.start_on,
       p.end_on, p.amount_minor, p.segment_no, p.component_no
     FROM ${scratch}.piece_row AS p JOIN ${scratch}.bill AS b USING (bill_no)
     JOIN ${scratch}.charge_kind AS k USING (kind_no) JOIN ${scratch}.service_key AS s USING (service_no)`,
  )
}

/** Makes `plan` (one row per segment: its policy) and `taken` (one row per policy and kind of charge that it takes). */
async function storeKinds(scope: PeriodScope, planned: ReadonlyArray<PlannedSegment>): Promise<void> {
  const { scratch, warehouse } = scope
  await warehouse.run(
    `CREATE TABLE ${scratch}.plan (segment_no INTEGER, pool_no INTEGER, is_part BOOLEAN, policy_no INTEGER)`,
  )
  const plan = await warehouse.writer('plan', ['segment_no', 'pool_no', 'is_part', 'policy_no'], scratch)
  for (const { segmentNo, pool, isPart, policyNo } of planned) plan.append([segmentNo, pool.poolNo, isPart, policyNo])
  plan.close()
  const policies = new Map(planned.map(({ policyNo, policy }) => [policyNo, policy]))
  // One row per policy and kind of charge that its pools have.
  const kinds = await warehouse.rows<
    Row & {
      policy_no: number
      kind_no: number
      category: ChargeKind['category']
      usage_type: ChargeKind['usageType']
      product: string
    }
  >(
    `SELECT d.policy_no, d.kind_no, k.category, k.usage_type, k.product
     FROM (SELECT DISTINCT p.policy_no, c.kind_no FROM ${scratch}.charge_row AS c JOIN ${scratch}.plan AS p USING (pool_no)) AS d
     JOIN ${scratch}.charge_kind AS k USING (kind_no) ORDER BY ALL`,
  )
  await warehouse.run(`CREATE TABLE ${scratch}.taken (policy_no INTEGER, kind_no INTEGER, component_no INTEGER)`)
  const writer = await warehouse.writer('taken', ['policy_no', 'kind_no', 'component_no'], scratch)
  for (const { policy_no, kind_no, category, usage_type, product } of kinds) {
    const policy = policies.get(policy_no) as AllocationPolicy
    const componentNo = componentNoOf(policy, { category, usageType: usage_type, product })
    if (componentNo !== null) writer.append([policy_no, kind_no, componentNo])
  }
  writer.close()
}

type PartRow = Row & {
  doc: number
  ordinal: number
  bill_no: number
  kind_no: number
  service_no: number
  category: ChargeKind['category']
  usage_type: ChargeKind['usageType']
  product: string
  start_on: LocalDate
  end_on: LocalDate
  amount_minor: bigint
  pool_no: number
}

const PIECE_COLUMNS = [
  'doc',
  'ordinal',
  'bill_no',
  'kind_no',
  'service_no',
  'start_on',
  'end_on',
  'amount_minor',
  'segment_no',
  'component_no',
]

/** The few pools whose policy changes inside the window: their charges one by one. */
async function storeParts(scope: PeriodScope, planned: ReadonlyArray<PlannedSegment>): Promise<void> {
  const parts = new Map<number, PlannedSegment[]>()
  for (const segment of planned)
    if (segment.isPart) parts.set(segment.pool.poolNo, [...(parts.get(segment.pool.poolNo) ?? []), segment])
  const writer = await scope.warehouse.writer('piece_row', PIECE_COLUMNS, scope.scratch)
  const charges = scope.warehouse.stream<PartRow>(
    `SELECT c.*, k.category, k.usage_type, k.product
     FROM ${scope.scratch}.charge_row AS c JOIN ${scope.scratch}.charge_kind AS k USING (kind_no)
     WHERE c.pool_no IN (SELECT pool_no FROM ${scope.scratch}.plan WHERE is_part) ORDER BY c.doc, c.ordinal`,
  )
  for await (const rows of charges)
    for (const charge of rows) {
      const segments = parts.get(charge.pool_no) as PlannedSegment[]
      const amounts = cutByDays(charge, segments)
      for (const [index, { segmentNo, policy }] of segments.entries()) {
        const amount = amounts[index] as bigint
        if (amount === 0n && charge.amount_minor !== 0n) continue
        const kind = { category: charge.category, usageType: charge.usage_type, product: charge.product }
        const componentNo = componentNoOf(policy, kind)
        writer.append([
          ...PIECE_COLUMNS.slice(0, -3).map((column) => charge[column] ?? null),
          amount,
          componentNo === null ? null : segmentNo,
          componentNo,
        ])
      }
    }
  writer.close()
}

/** By the days of the charge's own period in each segment; a charge of other days, by the segments' days. */
function cutByDays(charge: PartRow, segments: ReadonlyArray<DateRange>): bigint[] {
  const period = { startOn: charge.start_on, endOn: charge.end_on }
  const own = segments.map((segment) => overlapDays(segment, period))
  const days = own.some((count) => count > 0) ? own : segments.map(daysIn)
  return divideByLargestRemainder(
    charge.amount_minor,
    days.map((count, index) => ({
      weight: BigInt(count),
      tieBreak: String(dayNumber((segments[index] as DateRange).startOn)).padStart(8, '0'),
    })),
  )
}
