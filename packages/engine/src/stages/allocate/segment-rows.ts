// What SQL hands over of each segment: its participants with their usage, and what was billed on whom; and the same in the
// words of core's `allocatePool`, for the segments that are shared one by one and for those who explain a figure.
import {
  allocatePool,
  daysIn,
  type MeasuredParticipant,
  type PoolCharge,
  type PoolResult,
  TAXES_COMPONENT,
} from '@spillway/core'
import type { PlannedSegment } from './match-components.ts'
import type { PeriodScope } from './period-scope.ts'
import { BasisColumns } from './pool-usage.ts'
import { bySegment, type SegmentColumns } from './segment-columns.ts'
import { NO_SERVICE } from './service-keys.ts'
import { type WeightedLookup, weightedServices } from './weighted-services.ts'

/** Columns of {@link billedSql}. */
export const BILLED = { component: 1, currency: 2, service: 3, actual: 4 } as const
/** Columns of {@link participantsSql}; those of the bases follow. */
export const PARTICIPANT = { service: 1, days: 2, contribution: 3, bases: 4 } as const

/** One row per charge piece that a component takes, by segment. */
export function billedSql(scratch: string, condition = 'p.segment_no IS NOT NULL'): string {
  return `SELECT p.segment_no, p.component_no, h.currency_no, p.service_no, p.amount_minor
    FROM ${scratch}.piece_row AS p JOIN ${scratch}.charge_kind AS h USING (kind_no)
    WHERE ${condition} ORDER BY p.segment_no`
}

/** One row per segment and participant, with its usage in every basis; in the order of the service ids. */
export function participantsSql(scratch: string, bases: BasisColumns, condition: string): string {
  const names = bases.names.map((name) => `coalesce(u.${name}, 0)::BIGINT AS ${name}`)
  const sums = bases.names.length === 0 ? '' : `, ${bases.sumsSql()}`
  return `SELECT ${['t.segment_no', 't.service_no', 't.days', 't.contribution_base', ...names].join(', ')}
    FROM ${scratch}.participant AS t
    LEFT JOIN (SELECT p.segment_no, r.service_no${sums} FROM ${scratch}.pool_usage_row AS p
      JOIN ${scratch}.usage_row AS r USING (usage_no) JOIN ${scratch}.usage_class USING (class_no)
      GROUP BY p.segment_no, r.service_no) AS u
      ON u.segment_no = t.segment_no AND u.service_no = t.service_no
    WHERE t.segment_no ${condition} ORDER BY t.segment_no, t.service_no`
}

/** Makes `currency_key`: one row per currency. */
export async function readCurrencies({ warehouse, scratch }: PeriodScope): Promise<ReadonlyMap<number, string>> {
  const rows = await warehouse.rows<{ currency_no: number; currency: string }>(
    `SELECT DISTINCT currency_no, currency FROM ${scratch}.charge_kind ORDER BY ALL`,
  )
  return new Map(rows.map(({ currency_no, currency }) => [currency_no, currency]))
}

export type SegmentInWords = {
  readonly segment: PlannedSegment
  readonly billed: SegmentColumns
  readonly participants: SegmentColumns
  readonly bases: BasisColumns
  readonly currencies: ReadonlyMap<number, string>
  readonly weighted: WeightedLookup
  /** Its names must be in the order of the numbers for participants, and '' for no service. */
  readonly nameOf: (serviceNo: number) => string
}

/** Shares a segment by core's `allocatePool`, which says of every row how it came about. */
export function allocateInWords(words: SegmentInWords): PoolResult {
  const { segment, participants } = words
  const { policy, pool } = segment
  const columns = policy.components.map(
    ({ basis }) => PARTICIPANT.bases + words.bases.names.indexOf(words.bases.columnOf(basis)),
  )
  const measured: MeasuredParticipant[] = []
  for (let row = 0; row < participants.count; row += 1) {
    const cell = (column: number) => participants.columns[column]?.[row] as number | bigint
    const serviceNo = Number(cell(PARTICIPANT.service))
    measured.push({
      service: words.nameOf(serviceNo),
      memberDays: Number(cell(PARTICIPANT.days)),
      contributionBase: BigInt(cell(PARTICIPANT.contribution)),
      usageBase: columns.map((column) => BigInt(cell(column))),
      ...words.weighted(segment.segmentNo, serviceNo),
    })
  }
  return allocatePool({
    policy,
    windowDays: daysIn(segment),
    allowanceBase: pool.allowanceBase,
    participants: measured,
    charges: chargesOf(words),
  })
}

/** One for each component, currency and service. */
function chargesOf({ segment, billed, currencies, nameOf }: SegmentInWords): PoolCharge[] {
  const charges = new Map<string, PoolCharge>()
  for (let row = 0; row < billed.count; row += 1) {
    const cell = (column: number) => billed.columns[column]?.[row] as number | bigint
    const [componentNo, currencyNo, serviceNo] = [BILLED.component, BILLED.currency, BILLED.service].map((column) =>
      Number(cell(column)),
    ) as [number, number, number]
    const key = `${componentNo} ${currencyNo} ${serviceNo}`
    const actualMinor = BigInt(cell(BILLED.actual))
    const known = charges.get(key)
    if (known) charges.set(key, { ...known, actualMinor: known.actualMinor + actualMinor })
    else
      charges.set(key, {
        component: componentNo === segment.policy.components.length ? TAXES_COMPONENT : componentNo,
        currency: currencies.get(currencyNo) as string,
        service: serviceNo === NO_SERVICE ? '' : nameOf(serviceNo),
        actualMinor,
      })
  }
  return [...charges.values()]
}

/** One segment of a planned period once more, with its formulas: for those who explain. */
export async function allocateSegment(scope: PeriodScope, segment: PlannedSegment): Promise<PoolResult> {
  const { scratch, warehouse } = scope
  const { segmentNo, policy } = segment
  const bases = new BasisColumns([policy])
  const read = async (sql: string): Promise<SegmentColumns> => {
    for await (const found of bySegment(warehouse.streamNumbers(sql))) {
      // What is read is valid until the stream goes on.
      return { ...found, columns: found.columns.map((column) => column.slice(0, found.count)) }
    }
    return { segmentNo, count: 0, columns: [] }
  }
  const names = await warehouse.rows<{ service_no: number; service: string }>(
    `SELECT service_no, service FROM ${scratch}.service_key WHERE service_no IN (
       SELECT service_no FROM ${scratch}.participant WHERE segment_no = ${segmentNo}
       UNION SELECT service_no FROM ${scratch}.piece_row WHERE segment_no = ${segmentNo})`,
  )
  const byNumber = new Map(names.map(({ service_no, service }) => [service_no, service]))
  return allocateInWords({
    segment,
    billed: await read(billedSql(scratch, `p.segment_no = ${segmentNo}`)),
    participants: await read(participantsSql(scratch, bases, `= ${segmentNo}`)),
    bases,
    currencies: await readCurrencies(scope),
    weighted: await weightedServices(scope, [segment]),
    nameOf: (serviceNo) => byNumber.get(serviceNo) as string,
  })
}
