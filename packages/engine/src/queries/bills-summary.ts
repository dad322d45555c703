// What a run billed, in a few figures for whoever closed or published it. Lists nothing: `report bills` does.
import { inputsOf } from '../catalog/run-record.ts'
import type { Workspace } from '../workspace/workspace.ts'

export type BillsSummary = {
  /** Per currency in order; the amounts in minor units. */
  readonly totals: ReadonlyArray<{
    readonly currency: string
    readonly bills: number
    readonly totalMinor: bigint
    /** Lines that correct earlier months, and what they sum to. */
    readonly adjustments: number
    readonly adjustedMinor: bigint
    /** Lines that make up a minimum, and what they sum to. */
    readonly minimums: number
    readonly minimumMinor: bigint
  }>
  /** Shares of buckets that were reached, each once in a bucket's period. */
  readonly alerts: number
}

/** null where the run rated nothing. */
export async function billsSummary(
  { catalog, warehouse, tenant }: Pick<Workspace, 'catalog' | 'warehouse' | 'tenant'>,
  run: string,
): Promise<BillsSummary | null> {
  const record = await catalog
    .selectFrom('run')
    .select('inputs')
    .where('tenant', '=', tenant)
    .where('id', '=', run)
    .executeTakeFirst()
  if (!record || inputsOf(record).rating === undefined) return null
  const of = 'tenant = $tenant AND run = $run'
  const linesOf = (kind: string) => `FILTER (kind = '${kind}')`
  // One row per currency.
  const rows = await warehouse.rows<
    { currency: string } & Record<'bills' | 'total' | 'adjustments' | 'adjusted' | 'minimums' | 'minimum', bigint>
  >(
    `SELECT currency, count(DISTINCT number) AS bills, sum(amount_minor) AS total,
       count(*) ${linesOf('adjustment')} AS adjustments, coalesce(sum(amount_minor) ${linesOf('adjustment')}, 0) AS adjusted,
       count(*) ${linesOf('minimum')} AS minimums, coalesce(sum(amount_minor) ${linesOf('minimum')}, 0) AS minimum
     FROM customer_bill_line WHERE ${of} GROUP BY currency ORDER BY currency`,
    { tenant, run },
  )
  const { alerts } = await warehouse.row<{ alerts: bigint }>(
    `SELECT count(*) AS alerts FROM bucket_alert WHERE ${of}`,
    { tenant, run },
  )
  return {
    totals: rows.map((row) => ({
      currency: row.currency,
      bills: Number(row.bills),
      totalMinor: BigInt(row.total),
      adjustments: Number(row.adjustments),
      adjustedMinor: BigInt(row.adjusted),
      minimums: Number(row.minimums),
      minimumMinor: BigInt(row.minimum),
    })),
    alerts: Number(alerts),
  }
}
