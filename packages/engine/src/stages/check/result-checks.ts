// What must hold of the results of a run: each check is a statement that returns no rows. Run after every close, before it
// is committed, and by `check`. They read the stored result tables and, where they lay them beside the charges, the
// scratch tables of the computation.
import type { PeriodScope } from '../allocate/period-scope.ts'
import { NO_SERVICE } from '../allocate/service-keys.ts'
import { NO_NAME } from '../roll-up/carry-charges.ts'
import { mixedSql } from './mixed-sql.ts'

/** Every failing row says which row it is about, and what was expected and found. */
export type ResultCheck = {
  readonly name: string
  readonly question: string
  readonly sql: string
  /**
   * Has a row wherever `sql` has one, and costs less, because it reads the numbers and not the names behind them. Where it
   * has none, `sql` is not asked; of a run that has no numbers, `sql` is always asked.
   */
  readonly suspicion: string
}

export type FailedCheck = Pick<ResultCheck, 'name' | 'question'> & {
  readonly rows: ReadonlyArray<{ readonly row_key: string; readonly expected: string; readonly found: string }>
}

/** The checks that fail, with their first rows in order. */
export async function failedChecks(
  { warehouse, tenant, scratch }: PeriodScope,
  { run, rowsMax, hasNumbers }: { readonly run: string; readonly rowsMax: number; readonly hasNumbers: boolean },
): Promise<ReadonlyArray<FailedCheck>> {
  const failed: FailedCheck[] = []
  for (const { name, question, sql, suspicion } of resultChecks(scratch)) {
    if (hasNumbers && (await warehouse.rows(`${suspicion} LIMIT 1`, { tenant, run })).length === 0) continue
    const rows = await warehouse.rows<FailedCheck['rows'][number]>(
      `SELECT * FROM (${sql}) ORDER BY ALL LIMIT ${rowsMax}`,
      { tenant, run },
    )
    if (rows.length > 0) failed.push({ name, question, rows })
  }
  return failed
}

const RUN = 'tenant = $tenant AND run = $run'

/** A number of 32 bits for each name, currency and service: mixed, so that no two swap their amounts unseen. */
function keyFactor(currencies: string, services: string, names: string = currencies): string {
  const keys = [`${names}.name_no`, `${currencies}.currency_no`, `${services}.service_no`]
  return `(${mixedSql(keys.map((key) => `${key}::BIGINT`))} + 1)::HUGEINT`
}

function resultChecks(scratch: string): ReadonlyArray<ResultCheck> {
  const part = `(SELECT k.part_no, n.name_no, k.currency_no FROM ${scratch}.part_key AS k
    JOIN ${scratch}.part_name AS n USING (segment_no, component_no))`
  const kind = `(SELECT DISTINCT sort_no, currency_no FROM ${scratch}.charge_kind)`
  return [
    {
      name: 'components-conserve',
      question: 'In which component does the adjusted view not sum to the actual one?',
      suspicion: `SELECT 1 FROM allocation_row WHERE ${RUN} GROUP BY part_no HAVING sum(actual_minor) <> sum(adjusted_minor)`,
      // One row per pool, segment, component and currency.
      sql: `SELECT 'allocation ' || concat_ws(' / ', pool, segment_start_on, component, currency) AS row_key,
          sum(actual_minor)::VARCHAR AS expected, sum(adjusted_minor)::VARCHAR AS found
        FROM allocation WHERE ${RUN} GROUP BY pool, policy, segment_start_on, component, currency
        HAVING sum(actual_minor) <> sum(adjusted_minor)`,
    },
    {
      name: 'invoices-reconcile',
      question: 'On which invoice does either view not sum to the charges?',
      suspicion: `SELECT 1 FROM (
          SELECT bill_no, sort_no, actual_minor, adjusted_minor FROM carried_row WHERE ${RUN}
          UNION ALL
          SELECT c.bill_no, k.sort_no, -c.amount_minor, -c.amount_minor
          FROM ${scratch}.charge_row AS c JOIN ${scratch}.charge_kind AS k USING (kind_no))
        GROUP BY bill_no, sort_no HAVING sum(actual_minor) <> 0 OR sum(adjusted_minor) <> 0`,
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
      suspicion: `SELECT 1 FROM (
          SELECT p.name_no, p.currency_no, a.actual_minor, a.adjusted_minor FROM (
            SELECT part_no, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor FROM allocation_row
            WHERE ${RUN} GROUP BY part_no) AS a JOIN ${part} AS p USING (part_no)
          UNION ALL
          SELECT c.name_no, k.currency_no, -c.actual_minor, -c.adjusted_minor FROM (
            SELECT name_no, sort_no, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor FROM carried_row
            WHERE ${RUN} AND name_no <> ${NO_NAME} GROUP BY name_no, sort_no) AS c JOIN ${kind} AS k USING (sort_no))
        GROUP BY name_no, currency_no HAVING sum(actual_minor) <> 0 OR sum(adjusted_minor) <> 0`,
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
      // A sum of amounts, each times a number of its key: it is the same on both sides where every key has the same amount.
      suspicion: `SELECT 1 WHERE (
          SELECT coalesce(sum(${keyFactor('p', 'a')} * adjusted_minor), 0) FROM allocation_row AS a
          JOIN ${part} AS p ON p.part_no = a.part_no WHERE ${RUN}) <> (
          SELECT coalesce(sum(${keyFactor('k', 'c', 'c')} * adjusted_minor), 0) FROM carried_row AS c
          JOIN ${kind} AS k ON k.sort_no = c.sort_no WHERE ${RUN} AND c.name_no <> ${NO_NAME})`,
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
      suspicion: `SELECT 1 FROM allocation_row WHERE ${RUN} AND service_no <> ${NO_SERVICE}
        GROUP BY part_no, service_no HAVING count(*) > 1`,
      // One row per pool, segment, component, currency and service.
      sql: `SELECT 'allocation ' || concat_ws(' / ', pool, segment_start_on, component, currency, service) AS row_key,
          '1' AS expected, count(*)::VARCHAR AS found
        FROM allocation WHERE ${RUN} AND service <> '' GROUP BY pool, policy, segment_start_on, component, currency, service
        HAVING count(*) > 1`,
    },
    {
      name: 'retained-stays',
      question: 'Which charge that no component takes changed hands?',
      suspicion: `SELECT 1 FROM carried_row WHERE ${RUN} AND name_no = ${NO_NAME} AND actual_minor <> adjusted_minor`,
      // One row per row of carried.
      sql: `SELECT 'carried ' || concat_ws(' / ', vendor, account, invoice, currency, service, category) AS row_key,
          actual_minor::VARCHAR AS expected, adjusted_minor::VARCHAR AS found
        FROM carried WHERE ${RUN} AND component = '' AND actual_minor <> adjusted_minor`,
    },
  ]
}
