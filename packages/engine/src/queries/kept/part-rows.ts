// The rows of a few parts of pools in the order of the report, with names and shares put to the numbers here: for so few the
// database takes longer to plan the view than to read them. From memory where they are kept there.
import { ALLOCATION_FLAGS, compareBytes, formatAmount, formatShare, type ReportRow } from '@spillway/core'
import { flagBit } from '../../warehouse/result-tables.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import type { Part } from './part-sums.ts'

type Sources = Pick<ScopedWorkspace, 'sums' | 'tenant' | 'warehouse'>

export type PartsOf<P extends Part = Part> = {
  readonly run: string
  readonly runNo: number
  readonly parts: ReadonlyArray<P>
  /** Whether any row of the run has a weight that is no integer of 64 bits. */
  readonly hasWeights: boolean
}

export type PartRowsOf = PartsOf & {
  /** How many of their rows come before the page, and how many are on it. */
  readonly skipped: number
  readonly limit: number
}

type StoredRow = Row & {
  part_no: number
  service_no: number
  flags_no: number
  actual_minor: bigint
  adjusted_minor: bigint
  weight: bigint
  floor_minor: bigint
}
type WeightRow = { part_no: number; service_no: number; flags_no: number; weight: string; share: string }

/** One row of a part; amounts are minor units. */
export type PartRow<P extends Part = Part> = {
  readonly part: P
  readonly service: string
  readonly flags: string
  readonly actualMinor: bigint
  readonly adjustedMinor: bigint
  readonly floorMinor: bigint
  readonly weight: string
  readonly share: string
}

/**
 * In the order of pool, component, currency, service, the day on which a segment starts, policy and flags; cells of pool, policy,
 * component, currency, service, actual, adjusted, difference, weight, share, floor and flags.
 */
export async function partRows(workspace: Sources, of: PartRowsOf): Promise<ReadonlyArray<ReportRow>> {
  const rows = (await rowsOfParts(workspace, of)).sort(inOrder)
  return rows.slice(of.skipped, of.skipped + of.limit).map(toCells)
}

/** A condition on `part_no`. Parts of one pool mostly follow each other; a range tells at once where none of them is, as a list does not. */
export function amongParts(parts: ReadonlyArray<Part>): string {
  const numbers = parts.map(({ partNo }) => partNo)
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)]
  const range = `part_no BETWEEN ${least} AND ${most}`
  return most - least + 1 === numbers.length ? range : `${range} AND part_no IN (${numbers.join(', ')})`
}

/** In no order. */
export async function rowsOfParts<P extends Part>(workspace: Sources, of: PartsOf<P>): Promise<PartRow<P>[]> {
  return keptRows(workspace, of) ?? (await storedRows(workspace, of))
}

/** null where they are not kept. */
function keptRows<P extends Part>({ sums }: Sources, { run, parts, hasWeights }: PartsOf<P>): PartRow<P>[] | null {
  const [kept, services] = [sums?.partRowsOf(run), sums?.servicesOf(run)]
  if (!kept || !services || hasWeights) return null
  const rows: PartRow<P>[] = []
  for (const part of parts) {
    const { count, service, flags, actual, adjusted, weight, floor } = kept.rowsOf(part.partNo)
    for (let row = 0; row < count; row += 1) {
      const own = BigInt(weight[row] as number)
      rows.push({
        part,
        service: services.nameOfNumber(service[row] as number),
        flags: flagsOf(flags[row] as number),
        actualMinor: BigInt(actual[row] as number),
        adjustedMinor: BigInt(adjusted[row] as number),
        floorMinor: BigInt(floor[row] as number),
        weight: String(own),
        share: shareOf(own, part),
      })
    }
  }
  return rows
}

async function storedRows<P extends Part>(workspace: Sources, of: PartsOf<P>): Promise<PartRow<P>[]> {
  const { runNo, parts, hasWeights } = of
  const stored = await workspace.warehouse.rows<StoredRow>(
    `SELECT part_no, service_no, flags_no, actual_minor, adjusted_minor, weight, floor_minor
     FROM allocation_row_stored WHERE run_no = ${runNo} AND ${amongParts(parts)}`,
  )
  const weights = hasWeights ? await weightsOf(workspace, of) : NO_WEIGHTS
  const nameOf = await serviceNames(workspace, { ...of, numbers: [...new Set(stored.map((row) => row.service_no))] })
  const byNumber = new Map(parts.map((part) => [part.partNo, part]))
  return stored.flatMap((row) => {
    const part = byNumber.get(row.part_no)
    if (!part) return []
    const exact = weights.get(placeOf(row))
    return [
      {
        part,
        service: nameOf(row.service_no),
        flags: flagsOf(row.flags_no),
        actualMinor: row.actual_minor,
        adjustedMinor: row.adjusted_minor,
        floorMinor: row.floor_minor,
        weight: exact?.weight ?? String(row.weight),
        share: exact?.share ?? shareOf(row.weight, part),
      },
    ]
  })
}

function toCells({ part, service, flags, actualMinor, adjustedMinor, floorMinor, weight, share }: PartRow): ReportRow {
  const { pool, policy, component, currency } = part
  const amount = (minor: bigint) => formatAmount(minor, currency)
  const amounts = [amount(actualMinor), amount(adjustedMinor), amount(adjustedMinor - actualMinor)]
  return [pool, policy, component, currency, service, ...amounts, weight, share, amount(floorMinor), flags]
}

const NO_WEIGHTS: ReadonlyMap<string, WeightRow> = new Map()
const NO_SHARE = '0.000000000'
const shareOf = (weight: bigint, { weightTotal }: Part) =>
  weightTotal === 0n ? NO_SHARE : formatShare(weight, weightTotal)

const FIRST_ORDER = ['pool', 'component', 'currency'] as const
const LAST_ORDER = ['segment_start_on', 'policy'] as const

function inOrder(left: PartRow, right: PartRow): number {
  const byPart = (columns: ReadonlyArray<(typeof FIRST_ORDER | typeof LAST_ORDER)[number]>) => {
    for (const column of columns) {
      const order = compareBytes(left.part[column], right.part[column])
      if (order !== 0) return order
    }
    return 0
  }
  const isOfOne = left.part === right.part
  return (
    (isOfOne ? 0 : byPart(FIRST_ORDER)) ||
    compareBytes(left.service, right.service) ||
    (isOfOne ? 0 : byPart(LAST_ORDER)) ||
    compareBytes(left.flags, right.flags)
  )
}

const flagsOf = (number: number) =>
  number === 0 ? '' : ALLOCATION_FLAGS.filter((flag) => (number & flagBit(flag)) !== 0).join(' ')

type Placed = Pick<WeightRow, 'part_no' | 'service_no' | 'flags_no'>
const placeOf = ({ part_no, service_no, flags_no }: Placed) => `${part_no} ${service_no} ${flags_no}`

/** Weights that are no integers of 64 bits. */
async function weightsOf(
  { warehouse, tenant }: Sources,
  { run, parts }: PartsOf,
): Promise<ReadonlyMap<string, WeightRow>> {
  const rows = await warehouse.rows<WeightRow>(
    `SELECT part_no, service_no, flags_no, weight, share FROM run_weight WHERE tenant = $tenant AND run = $run AND ${amongParts(parts)}`,
    { tenant, run },
  )
  return new Map(rows.map((row) => [placeOf(row), row]))
}

/** So many are named one by one: the database reads names where these stand, and not those of all services. */
const NUMBERS_MAX = 5000

async function serviceNames(
  { warehouse, sums }: Sources,
  { run, runNo, parts, numbers }: PartsOf & { readonly numbers: ReadonlyArray<number> },
): Promise<(number: number) => string> {
  const kept = sums?.servicesOf(run)
  if (kept) return (number) => kept.nameOfNumber(number)
  if (numbers.length === 0) return () => ''
  const among =
    numbers.length > NUMBERS_MAX
      ? `SELECT service_no FROM allocation_row_stored WHERE run_no = ${runNo} AND ${amongParts(parts)}`
      : numbers.join(', ')
  const rows = await warehouse.rows<{ service_no: number; service: string }>(
    `SELECT service_no, service FROM run_service_stored WHERE run_no = ${runNo} AND service_no IN (${among})`,
  )
  const names = new Map(rows.map(({ service_no, service }) => [service_no, service]))
  return (number) => names.get(number) ?? ''
}
