// Says of every adjusted amount which invoice, category and usage type it stands for, so that both views sum to the same
// on every invoice. A component's charges form groups; each row of its result is divided over them in proportion, and
// rows and groups both keep their sums exactly: the amounts of one are divided along the running total of the other.
import type { AllocationRow } from '@spillway/core'
import type { RowWriter } from '../../warehouse/warehouse.ts'
import { make, type PeriodScope } from './period-scope.ts'

export type ComponentKey = { readonly segmentNo: number; readonly componentNo: number; readonly currencyNo: number }
type Group = { readonly groupNo: number; readonly amountMinor: bigint }
export type GroupsByComponent = ReadonlyMap<string, ReadonlyArray<Group>>

const keyOf = ({ segmentNo, componentNo, currencyNo }: ComponentKey) => `${segmentNo} ${componentNo} ${currencyNo}`

/**
 * Makes `charge_group`: one row per segment, component, currency, bill, category and usage type (`sort_no`) of
 * redistributed charges; `is_sole` where its component has no other. Returns the groups of the components that have several.
 */
export async function storeGroups(scope: PeriodScope): Promise<GroupsByComponent> {
  const { scratch } = scope
  await make(
    scope,
    'charge_group',
    `WITH summed AS (
       SELECT p.segment_no, p.component_no, k.currency_no, p.bill_no, k.sort_no, sum(p.amount_minor) AS amount_minor
       FROM ${scratch}.piece_row AS p JOIN ${scratch}.charge_kind AS k USING (kind_no)
       WHERE p.segment_no IS NOT NULL GROUP BY ALL)
     SELECT (row_number() OVER (ORDER BY segment_no, component_no, currency_no, bill_no, sort_no))::INTEGER AS group_no,
       count(*) OVER (PARTITION BY segment_no, component_no, currency_no) = 1 AS is_sole, * FROM summed`,
  )
  const rows = await scope.warehouse.rows<{
    segment_no: number
    component_no: number
    currency_no: number
    group_no: number
    amount_minor: bigint
  }>(
    `SELECT segment_no, component_no, currency_no, group_no, amount_minor
     FROM ${scratch}.charge_group WHERE NOT is_sole ORDER BY group_no`,
  )
  const groups = new Map<string, Group[]>()
  for (const row of rows) {
    const key = keyOf({ segmentNo: row.segment_no, componentNo: row.component_no, currencyNo: row.currency_no })
    const known = groups.get(key)
    const group = { groupNo: row.group_no, amountMinor: row.amount_minor }
    if (known) known.push(group)
    else groups.set(key, [group])
  }
  return groups
}

/** Who carries how much of a component. */
export type Carrier = { readonly serviceNo: number; readonly flagsNo: number; readonly adjustedMinor: bigint }

/** Writes `cell` (group_no, service_no, flags_no, adjusted_minor) and `kept`, the components that stayed as billed. */
export class GroupDivider {
  readonly #groups: GroupsByComponent
  readonly #cells: RowWriter
  readonly #kept: RowWriter

  private constructor(groups: GroupsByComponent, cells: RowWriter, kept: RowWriter) {
    this.#groups = groups
    this.#cells = cells
    this.#kept = kept
  }

  static async open({ warehouse, scratch }: PeriodScope, groups: GroupsByComponent): Promise<GroupDivider> {
    await warehouse.run(
      `CREATE TABLE ${scratch}.cell (group_no INTEGER, service_no INTEGER, flags_no INTEGER, adjusted_minor BIGINT)`,
    )
    await warehouse.run(`CREATE TABLE ${scratch}.kept (segment_no INTEGER, component_no INTEGER, currency_no INTEGER)`)
    const cells = await warehouse.writer('cell', ['group_no', 'service_no', 'flags_no', 'adjusted_minor'], scratch)
    const kept = await warehouse.writer('kept', ['segment_no', 'component_no', 'currency_no'], scratch)
    return new GroupDivider(groups, cells, kept)
  }

  /** The component stays as billed. */
  keep({ segmentNo, componentNo, currencyNo }: ComponentKey): void {
    this.#kept.append([segmentNo, componentNo, currencyNo])
  }

  hasSeveral(component: ComponentKey): boolean {
    return this.#groups.has(keyOf(component))
  }

  /** Of a component that has several groups. */
  divide(component: ComponentKey, carriers: ReadonlyArray<Carrier>): void {
    const groups = this.#groups.get(keyOf(component)) ?? []
    const cells = divideAlong(
      carriers.map(({ adjustedMinor }) => adjustedMinor),
      groups.map(({ amountMinor }) => amountMinor),
    )
    for (const [index, { serviceNo, flagsNo }] of carriers.entries())
      for (const [position, { groupNo }] of groups.entries()) {
        const amount = cells[index]?.[position] as bigint
        if (amount !== 0n) this.#cells.append([groupNo, serviceNo, flagsNo, amount])
      }
  }

  close(): void {
    this.#cells.close()
    this.#kept.close()
  }
}

/** Participants carry what the vendor put on them, and what stood on nobody is unallocated or does not exist. */
export function isAsBilled(rows: ReadonlyArray<AllocationRow>): boolean {
  const has = (flag: 'non-participant' | 'unallocated' | 'unused') => rows.some(({ flags }) => flags.includes(flag))
  if (has('unused') || has('non-participant') !== has('unallocated')) return false
  return rows.every(
    ({ actualMinor, adjustedMinor, flags }) =>
      flags.includes('non-participant') || flags.includes('unallocated') || actualMinor === adjustedMinor,
  )
}

/**
 * A table whose rows sum to `rows` and whose columns sum to `columns` (both of one total), each cell within two units of
 * the proportional amount. 67n and 33n along 90n and 10n: 60n, 7n and 30n, 3n. Where the total is 0, the first row takes
 * what the columns need to keep their sums.
 */
export function divideAlong(rows: ReadonlyArray<bigint>, columns: ReadonlyArray<bigint>): bigint[][] {
  const total = columns.reduce((sum, amount) => sum + amount, 0n)
  if (total === 0n)
    return rows.map((amount, index) =>
      columns.map((column, position) => (index === 0 ? column : 0n) + (position === 0 ? amount : 0n)),
    )
  let reached = 0n
  let before = columns.map(() => 0n)
  return rows.map((amount) => {
    reached += amount
    let sum = 0n
    const after = columns.map((column) => {
      sum += column
      return (reached * sum) / total
    })
    const cells = after.map((value, position) => {
      const cumulative = value - (before[position] as bigint)
      return position === 0
        ? cumulative
        : cumulative - ((after[position - 1] as bigint) - (before[position - 1] as bigint))
    })
    before = after
    return cells
  })
}
