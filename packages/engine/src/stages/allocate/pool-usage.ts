// Which usage counts in which pool: for its members, in the pool's window, in the class that the pool is narrowed to.
// Where a service is in several pools of one usage type, usage goes to the narrowest of those that could take it, so that
// no usage counts twice.
import type { AllocationPolicy, Basis } from '@spillway/core'
import { formatBasis, usageFilterOf } from '@spillway/core'
import { literal, make, type PeriodScope } from './period-scope.ts'

/** What a pool could take: its own usage type and class; a row that names a pool counts in that pool alone. */
const CAN_TAKE = `u.usage_type = p.usage_type AND CASE WHEN u.named_pool <> '' THEN u.named_pool = p.pool
  ELSE (p.zone = '' OR u.zone = p.zone OR (p.zone = 'domestic' AND u.zone = ''))
    AND (p.time_band = '' OR u.time_band = p.time_band) AND (p.network = '' OR u.network = p.network) END`

/**
 * Makes `pool_usage`: one row per segment and usage sum that counts in it, with the pool's own columns.
 * Makes `class_gap`: one row per segment that has usage without a time band or a network.
 */
export async function placeUsage(scope: PeriodScope): Promise<void> {
  const { scratch } = scope
  // Services in several pools of one usage type, which alone need the question of the narrowest.
  await make(
    scope,
    'contested',
    `SELECT DISTINCT service, usage_type FROM ${scratch}.member
     GROUP BY service, usage_type HAVING count(DISTINCT pool_no) > 1`,
  )
  // Rows of one day count for members on that day; rows that span the segment for members on any of its days.
  await make(
    scope,
    'takes',
    `SELECT u.usage_no, g.segment_no, g.pool_no, p.narrowness
     FROM ${scratch}.usage_sum AS u
     JOIN ${scratch}.member AS m ON m.service = u.service AND m.usage_type = u.usage_type
       AND u.start_on >= m.from_on AND u.start_on < m.to_on
     JOIN ${scratch}.pool AS p ON p.pool_no = m.pool_no AND ${CAN_TAKE}
     JOIN ${scratch}.segment AS g ON g.pool_no = m.pool_no AND u.start_on >= g.start_on AND u.start_on < g.end_on
     WHERE NOT (u.is_span AND u.start_on <= g.start_on AND u.end_on >= g.end_on)
     UNION ALL
     SELECT u.usage_no, g.segment_no, g.pool_no, p.narrowness
     FROM ${scratch}.usage_sum AS u
     JOIN ${scratch}.participant AS t ON t.service = u.service
     JOIN ${scratch}.segment AS g ON g.segment_no = t.segment_no
     JOIN ${scratch}.pool AS p ON p.pool_no = g.pool_no AND ${CAN_TAKE}
     WHERE u.is_span AND u.start_on <= g.start_on AND u.end_on >= g.end_on`,
  )
  await make(
    scope,
    'outdone',
    `SELECT t.usage_no, max(t.narrowness) AS narrowness FROM ${scratch}.takes AS t
     JOIN ${scratch}.usage_sum AS u USING (usage_no) JOIN ${scratch}.contested AS c USING (service, usage_type)
     GROUP BY t.usage_no`,
  )
  await make(
    scope,
    'pool_usage',
    `SELECT t.segment_no, t.pool_no, u.*
     FROM ${scratch}.takes AS t JOIN ${scratch}.usage_sum AS u USING (usage_no)
     LEFT JOIN ${scratch}.outdone AS o USING (usage_no)
     WHERE o.usage_no IS NULL OR t.narrowness = o.narrowness`,
  )
  await make(
    scope,
    'class_gap',
    `SELECT segment_no FROM ${scratch}.pool_usage GROUP BY segment_no HAVING bool_or(time_band = '' OR network = '')`,
  )
  await scope.warehouse.run(`DROP TABLE ${scratch}.takes`)
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
