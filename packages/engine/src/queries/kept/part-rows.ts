// The rows of a few parts of pools in the order of the report, with names and shares put to the numbers here: for so few the
// database takes longer to plan the view than to read them.
import { ALLOCATION_FLAGS, compareBytes, formatShare } from '@spillway/core'
import { flagBit } from '../../warehouse/result-tables.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import type { Part } from './part-sums.ts'

export type PartRowsOf = {
  readonly run: string
  readonly runNo: number
  readonly parts: ReadonlyArray<Part>
  /** A condition on `part_no` that only these meet. */
  readonly where: string
  /** Whether any row of the run has a weight that is no integer of 64 bits. */
  readonly hasWeights: boolean
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

/** In the order of pool, component, currency, service, the day on which a segment starts, policy and flags. */
export async function partRows(workspace: ScopedWorkspace, of: PartRowsOf): Promise<ReadonlyArray<Row>> {
  const { runNo, parts, where, hasWeights } = of
  const stored = await workspace.warehouse.rows<StoredRow>(
    `SELECT part_no, service_no, flags_no, actual_minor, adjusted_minor, weight, floor_minor
     FROM allocation_row_stored WHERE run_no = ${runNo} AND ${where}`,
  )
  const weights = hasWeights ? await weightsOf(workspace, of) : NO_WEIGHTS
  const nameOf = await serviceNames(workspace, { ...of, numbers: [...new Set(stored.map((row) => row.service_no))] })
  const byNumber = new Map(parts.map((part) => [part.partNo, part]))
  const rows = stored.flatMap((row) => {
    const part = byNumber.get(row.part_no)
    if (!part) return []
    const { partNo, weightTotal, ...texts } = part
    const exact = weights.get(placeOf(row))
    const share = weightTotal === 0n ? NO_SHARE : formatShare(row.weight, weightTotal)
    return [
      {
        ...texts,
        service: nameOf(row.service_no),
        actual_minor: row.actual_minor,
        adjusted_minor: row.adjusted_minor,
        difference_minor: row.adjusted_minor - row.actual_minor,
        weight: exact?.weight ?? String(row.weight),
        share: exact?.share ?? share,
        floor_minor: row.floor_minor,
        flags: flagsOf(row.flags_no),
      },
    ]
  })
  return rows.sort(inOrder)
}

const NO_WEIGHTS: ReadonlyMap<string, WeightRow> = new Map()
const NO_SHARE = '0.000000000'
const ORDER = ['pool', 'component', 'currency', 'service', 'segment_start_on', 'policy', 'flags'] as const
type Ordered = Readonly<Record<(typeof ORDER)[number], string>>

function inOrder(left: Ordered, right: Ordered): number {
  for (const column of ORDER) {
    const order = compareBytes(left[column], right[column])
    if (order !== 0) return order
  }
  return 0
}

const flagsOf = (number: number) => ALLOCATION_FLAGS.filter((flag) => (number & flagBit(flag)) !== 0).join(' ')

type Placed = Pick<WeightRow, 'part_no' | 'service_no' | 'flags_no'>
const placeOf = ({ part_no, service_no, flags_no }: Placed) => `${part_no} ${service_no} ${flags_no}`

/** Weights that are no integers of 64 bits. */
async function weightsOf(
  { warehouse, tenant }: ScopedWorkspace,
  { run, where }: PartRowsOf,
): Promise<ReadonlyMap<string, WeightRow>> {
  const rows = await warehouse.rows<WeightRow>(
    `SELECT part_no, service_no, flags_no, weight, share FROM run_weight WHERE tenant = $tenant AND run = $run AND ${where}`,
    { tenant, run },
  )
  return new Map(rows.map((row) => [placeOf(row), row]))
}

async function serviceNames(
  { warehouse, sums }: ScopedWorkspace,
  { run, runNo, numbers }: PartRowsOf & { readonly numbers: ReadonlyArray<number> },
): Promise<(number: number) => string> {
  const kept = sums?.servicesOf(run)
  if (kept) return (number) => kept.nameOfNumber(number)
  if (numbers.length === 0) return () => ''
  const rows = await warehouse.rows<{ service_no: number; service: string }>(
    `SELECT service_no, service FROM run_service_stored WHERE run_no = ${runNo} AND service_no IN (${numbers.join(', ')})`,
  )
  const names = new Map(rows.map(({ service_no, service }) => [service_no, service]))
  return (number) => names.get(number) ?? ''
}
