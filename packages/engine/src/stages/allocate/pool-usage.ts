// Which usage counts in which pool: for its members, in the pool's window, in the class that the pool is narrowed to.
// Where a service is in several pools of one usage type, usage goes to the narrowest of those that could take it, so that
// no usage counts twice.
import type { AllocationPolicy, Basis } from '@spillway/core'
import { formatBasis, usageFilterOf } from '@spillway/core'
import { literal } from '../../warehouse/sql-literal.ts'
import type { Members } from './define-pools.ts'
import { make, type PeriodScope, show } from './period-scope.ts'
import type { SummedUsage } from './sum-usage.ts'

/** What a pool could take: its own usage type and class; a row that names a pool of its usage type counts in that pool alone. */
const CAN_TAKE = `c.usage_type = p.usage_type AND CASE WHEN c.named_no IS NOT NULL THEN c.named_no = p.pool_no
  ELSE (p.zone = '' OR c.zone = p.zone OR (p.zone = 'domestic' AND c.zone = ''))
    AND (p.time_band = '' OR c.time_band = p.time_band) AND (p.network = '' OR c.network = p.network) END`

/**
 * Makes `pool_usage_row`: one row per segment and usage sum that counts in it. The view `pool_usage` shows it with the
 * names of `usage_sum`.
 */
export async function placeUsage(
  scope: PeriodScope,
  { hasEnds }: Pick<SummedUsage, 'hasEnds'>,
  { hasSeveral }: Members,
): Promise<void> {
  const { scratch } = scope
  // Rows of one day count for members on that day; rows that span the segment for members on any of its days.
  const ofDay = `SELECT u.usage_no, u.service_no, p.usage_type, g.segment_no, g.pool_no, p.narrowness
       FROM ${scratch}.usage_row AS u JOIN ${scratch}.usage_class AS c USING (class_no)
       JOIN ${scratch}.member AS m ON m.service_no = u.service_no AND m.usage_type = c.usage_type
         AND u.start_on >= m.from_on AND u.start_on < m.to_on
       JOIN ${scratch}.pool AS p ON p.pool_no = m.pool_no AND ${CAN_TAKE}
       JOIN ${scratch}.segment AS g ON g.pool_no = m.pool_no AND u.start_on >= g.start_on AND u.start_on < g.end_on
       WHERE NOT (u.is_span AND u.start_on <= g.start_on AND u.end_on >= g.end_on)`
  const spanning = `SELECT u.usage_no, u.service_no, p.usage_type, g.segment_no, g.pool_no, p.narrowness
       FROM ${scratch}.usage_row AS u JOIN ${scratch}.usage_class AS c USING (class_no)
       JOIN ${scratch}.participant AS t ON t.service_no = u.service_no
       JOIN ${scratch}.segment AS g ON g.segment_no = t.segment_no
       JOIN ${scratch}.pool AS p ON p.pool_no = g.pool_no AND ${CAN_TAKE}
       WHERE u.is_span AND u.start_on <= g.start_on AND u.end_on >= g.end_on`
  const takes = hasEnds ? `${ofDay} UNION ALL ${spanning}` : ofDay
  // Services in several pools of one usage type alone need the question of the narrowest.
  await make(
    scope,
    'pool_usage_row',
    !hasSeveral
      ? `SELECT segment_no, pool_no, usage_no FROM (${takes})`
      : `WITH takes AS MATERIALIZED (${takes}),
     outdone AS (
       SELECT t.usage_no, max(t.narrowness) AS narrowness FROM takes AS t
       SEMI JOIN ${scratch}.several AS s ON s.service_no = t.service_no AND s.usage_type = t.usage_type AND s.is_contested
       GROUP BY t.usage_no)
     SELECT t.segment_no, t.pool_no, t.usage_no FROM takes AS t LEFT JOIN outdone AS o USING (usage_no)
     WHERE o.usage_no IS NULL OR t.narrowness = o.narrowness`,
  )
  await show(
    scope,
    'pool_usage',
    `SELECT t.segment_no, t.pool_no, u.* FROM ${scratch}.pool_usage_row AS t JOIN ${scratch}.usage_sum AS u USING (usage_no)`,
  )
}

/** The bases of all policies, each once, and the SQL column that sums each: `basis_0`, `basis_1`, ... */
export class BasisColumns {
  readonly #columns = new Map<string, string>()
  readonly #conditions: string[] = []

  constructor(policies: Iterable<AllocationPolicy>) {
    for (const { components } of policies) for (const { basis } of components) this.#add(basis)
  }

  #add(basis: Basis): void {
    const key = formatBasis(basis)
    if (this.#columns.has(key)) return
    this.#columns.set(key, `basis_${this.#columns.size}`)
    this.#conditions.push(basisSql(basis))
  }

  columnOf(basis: Basis): string {
    return this.#columns.get(formatBasis(basis)) as string
  }

  get names(): ReadonlyArray<string> {
    return [...this.#columns.values()]
  }

  /** One expression per column over rows with zone, time_band, network and quantity_base; a column without rows is 0. */
  sumsSql(): string {
    return this.names
      .map((name, index) => `coalesce(sum(quantity_base) FILTER (${this.#conditions[index]}), 0) AS ${name}`)
      .join(', ')
  }
}

/** The rows that a basis counts, as a condition on zone, time_band and network. */
export function basisSql(basis: Basis): string {
  const { timeBands, networks, zones } = usageFilterOf(basis)
  const parts = [
    ['time_band', timeBands],
    ['network', networks],
    ['zone', zones],
  ] as const
  const conditions = parts.flatMap(([column, words]) =>
    words === null ? [] : [`${column} IN (${words.map(literal).join(', ') || 'NULL'})`],
  )
  return conditions.join(' AND ') || 'true'
}
