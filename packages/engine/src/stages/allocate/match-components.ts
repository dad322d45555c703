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
import { make, type PeriodScope } from './period-scope.ts'
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
 * Makes `piece`: one row per charge of the period, or per charge and segment where its pool's policy changes; with
 * `segment_no` and `component_no` where a component takes it, both NULL where it is retained.
 */
export async function matchComponents(scope: PeriodScope, planned: ReadonlyArray<PlannedSegment>): Promise<void> {
  const { scratch } = scope
  await storeKinds(scope, planned)
  await make(
    scope,
    'piece',
    `SELECT c.doc, c.ordinal, c.vendor, c.account, c.invoice, c.currency, c.service, c.category, c.usage_type,
       c.start_on, c.end_on, c.amount_minor, CASE WHEN k.component_no IS NOT NULL THEN g.segment_no END AS segment_no,
       k.component_no
     FROM ${scratch}.charge AS c
     LEFT JOIN ${scratch}.segment AS g ON g.pool_no = c.pool_no AND NOT g.is_part
     LEFT JOIN ${scratch}.plan AS p ON p.segment_no = g.segment_no
     LEFT JOIN ${scratch}.kind AS k ON k.policy_no = p.policy_no AND k.category = c.category
       AND k.usage_type = c.usage_type AND k.product = c.product
     WHERE c.pool_no IS NULL OR c.pool_no NOT IN (SELECT pool_no FROM ${scratch}.segment WHERE is_part)`,
  )
  await storeParts(scope, planned)
}

/** Makes `plan` (one row per segment: its policy) and `kind` (one row per policy and kind of charge that it takes). */
async function storeKinds(scope: PeriodScope, planned: ReadonlyArray<PlannedSegment>): Promise<void> {
  const { scratch, warehouse } = scope
  await warehouse.run(`CREATE TABLE ${scratch}.plan (segment_no INTEGER, policy_no INTEGER)`)
  const plan = await warehouse.writer('plan', ['segment_no', 'policy_no'], scratch)
  for (const { segmentNo, policyNo } of planned) plan.append([segmentNo, policyNo])
  plan.close()
  const policies = new Map(planned.map(({ policyNo, policy }) => [policyNo, policy]))
  // One row per policy and kind of charge that its pools have.
  const kinds = await warehouse.rows<
    Row & { policy_no: number; category: ChargeKind['category']; usage_type: ChargeKind['usageType']; product: string }
  >(
    `SELECT DISTINCT p.policy_no, c.category, c.usage_type, c.product FROM ${scratch}.charge AS c
     JOIN ${scratch}.segment AS g ON g.pool_no = c.pool_no JOIN ${scratch}.plan AS p USING (segment_no) ORDER BY ALL`,
  )
  await warehouse.run(
    `CREATE TABLE ${scratch}.kind (policy_no INTEGER, category VARCHAR, usage_type VARCHAR, product VARCHAR, component_no INTEGER)`,
  )
  const columns = ['policy_no', 'category', 'usage_type', 'product', 'component_no']
  const writer = await warehouse.writer('kind', columns, scratch)
  for (const { policy_no, category, usage_type, product } of kinds) {
    const policy = policies.get(policy_no) as AllocationPolicy
    const componentNo = componentNoOf(policy, { category, usageType: usage_type, product })
    if (componentNo !== null) writer.append([policy_no, category, usage_type, product, componentNo])
  }
  writer.close()
}

type PartRow = Row & {
  doc: number
  ordinal: number
  vendor: string
  account: string
  invoice: string
  currency: string
  service: string
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
  'vendor',
  'account',
  'invoice',
  'currency',
  'service',
  'category',
  'usage_type',
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
  if (parts.size === 0) return
  const writer = await scope.warehouse.writer('piece', PIECE_COLUMNS, scope.scratch)
  const charges = scope.warehouse.stream<PartRow>(
    `SELECT doc, ordinal, vendor, account, invoice, currency, service, category, usage_type, product, start_on, end_on, amount_minor, pool_no
     FROM ${scope.scratch}.charge WHERE pool_no IN (SELECT pool_no FROM ${scope.scratch}.segment WHERE is_part)
     ORDER BY doc, ordinal`,
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
