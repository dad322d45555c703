// What must hold of the results of a run: each check is a statement that returns no rows. Run after every close, before it
// is committed, and by `check`. They read the stored result tables and, where they lay them beside the charges, the
// scratch tables of the computation.
import type { PeriodScope } from '../allocate/period-scope.ts'

/** Every failing row says which row it is about, and what was expected and found. */
export type ResultCheck = {
  readonly name: string
  readonly question: string
  readonly sql: string
  /**
   * Has a row wherever `sql` has one, and costs less, because it groups by one hash of the keys in place of the keys: groups
   * that fall together still sum to what their parts do. Where it has none, `sql` is not asked.
   */
  readonly suspicion?: string
}

export type FailedCheck = Pick<ResultCheck, 'name' | 'question'> & {
  readonly rows: ReadonlyArray<{ readonly row_key: string; readonly expected: string; readonly found: string }>
}

/** The checks that fail, with their first rows in order. */
export async function failedChecks(
  { warehouse, tenant, scratch }: PeriodScope,
  { run, rowsMax }: { readonly run: string; readonly rowsMax: number },
): Promise<ReadonlyArray<FailedCheck>> {
  const failed: FailedCheck[] = []
  for (const { name, question, sql, suspicion } of resultChecks(scratch)) {
    if (suspicion && (await warehouse.rows(`${suspicion} LIMIT 1`, { tenant, run })).length === 0) continue
    const rows = await warehouse.rows<FailedCheck['rows'][number]>(
      `SELECT * FROM (${sql}) ORDER BY ALL LIMIT ${rowsMax}`,
      { tenant, run },
    )
    if (rows.length > 0) failed.push({ name, question, rows })
  }
  return failed
}

const RUN = 'tenant = $tenant AND run = $run'

function resultChecks(scratch: string): ReadonlyArray<ResultCheck> {
  return [
    {
      name: 'components-conserve',
      question: 'In which component does the adjusted view not sum to the actual one?',
      // One row per pool, segment, component and currency.
      sql: `SELECT 'allocation ' || concat_ws(' / ', pool, segment_start_on, component, currency) AS row_key,
          sum(actual_minor)::VARCHAR AS expected, sum(adjusted_minor)::VARCHAR AS found
        FROM allocation WHERE ${RUN} GROUP BY pool, policy, segment_start_on, component, currency
        HAVING sum(actual_minor) <> sum(adjusted_minor)`,
    },
    {
      name: 'invoices-reconcile',
      question: 'On which invoice does either view not sum to the charges?',
      // One row per invoice and currency.
      sql: `WITH billed AS (SELECT b.vendor, b.account, b.invoice, c.currency, c.amount_minor
            FROM (SELECT r.bill_no, k.currency, sum(r.amount_minor) AS amount_minor FROM ${scratch}.charge_row AS r
              JOIN ${scratch}.charge_kind AS k USING (kind_no) GROUP BY ALL) AS c JOIN ${scratch}.bill AS b USING (bill_no)),
          stored AS (SELECT vendor, account, invoice, currency, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor
            FROM carried WHERE ${RUN} GROUP BY ALL)
        SELECT 'carried ' || concat_ws(' / ', vendor, account, invoice, currency) AS row_key,
          coalesce(amount_minor::VARCHAR, 'nothing') AS expected,
          coalesce(actual_minor::VARCHAR || ' actual, ' || adjusted_minor::VARCHAR || ' adjusted', 'nothing') AS found
        FROM billed FULL JOIN stored USING (vendor, account, invoice, currency)
        WHERE amount_minor IS DISTINCT FROM actual_minor OR amount_minor IS DISTINCT FROM adjusted_minor`,
    },
    {
      name: 'pools-reconcile',
      question: 'In which component do the carried amounts not sum to the allocation?',
      // One row per pool, component and currency.
      sql: `WITH shared AS (SELECT pool, component, currency, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor
            FROM allocation WHERE ${RUN} GROUP BY ALL),
          stored AS (SELECT pool, component, currency, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor
            FROM carried WHERE ${RUN} AND component <> '' GROUP BY ALL)
        SELECT 'carried ' || concat_ws(' / ', pool, component, currency) AS row_key,
          coalesce(s.actual_minor::VARCHAR || ', ' || s.adjusted_minor::VARCHAR, 'nothing') AS expected,
          coalesce(t.actual_minor::VARCHAR || ', ' || t.adjusted_minor::VARCHAR, 'nothing') AS found
        FROM shared AS s FULL JOIN stored AS t USING (pool, component, currency)
        WHERE s.actual_minor IS DISTINCT FROM t.actual_minor OR s.adjusted_minor IS DISTINCT FROM t.adjusted_minor`,
    },
    {
      name: 'services-carry-their-share',
      question: 'Which service does not carry what its pools gave it?',
      suspicion: `SELECT 1 FROM (
          SELECT hash(pool, component, currency, service) AS row_hash, adjusted_minor FROM allocation WHERE ${RUN}
          UNION ALL
          SELECT hash(pool, component, currency, service), -adjusted_minor FROM carried WHERE ${RUN} AND component <> '')
        GROUP BY row_hash HAVING sum(adjusted_minor) <> 0`,
      // One row per pool, component, currency and service.
      sql: `WITH shared AS (SELECT pool, component, currency, service, sum(adjusted_minor) AS adjusted_minor
            FROM allocation WHERE ${RUN} GROUP BY ALL HAVING sum(adjusted_minor) <> 0),
          stored AS (SELECT pool, component, currency, service, sum(adjusted_minor) AS adjusted_minor
            FROM carried WHERE ${RUN} AND component <> '' GROUP BY ALL HAVING sum(adjusted_minor) <> 0)
        SELECT 'carried ' || concat_ws(' / ', pool, component, currency, service) AS row_key,
          coalesce(s.adjusted_minor::VARCHAR, 'nothing') AS expected, coalesce(t.adjusted_minor::VARCHAR, 'nothing') AS found
        FROM shared AS s FULL JOIN stored AS t USING (pool, component, currency, service)
        WHERE s.adjusted_minor IS DISTINCT FROM t.adjusted_minor`,
    },
    {
      name: 'services-stand-once',
      question: 'Which service has two rows in one component?',
      suspicion: `SELECT 1 FROM allocation WHERE ${RUN} AND service <> ''
        GROUP BY hash(pool, policy, segment_start_on, component, currency, service) HAVING count(*) > 1`,
      // One row per pool, segment, component, currency and service.
      sql: `SELECT 'allocation ' || concat_ws(' / ', pool, segment_start_on, component, currency, service) AS row_key,
          '1' AS expected, count(*)::VARCHAR AS found
        FROM allocation WHERE ${RUN} AND service <> '' GROUP BY pool, policy, segment_start_on, component, currency, service
        HAVING count(*) > 1`,
    },
    {
      name: 'retained-stays',
      question: 'Which charge that no component takes changed hands?',
      // One row per row of carried.
      sql: `SELECT 'carried ' || concat_ws(' / ', vendor, account, invoice, currency, service, category) AS row_key,
          actual_minor::VARCHAR AS expected, adjusted_minor::VARCHAR AS found
        FROM carried WHERE ${RUN} AND component = '' AND actual_minor <> adjusted_minor`,
    },
  ]
}
