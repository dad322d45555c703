// What must hold of the results of a run: each check is a statement that returns no rows. Run after every close, before it
// is committed, and by `check`. They read the stored result tables and, where they lay them beside the charges, the
// scratch tables of the computation.
import type { Warehouse } from '../../warehouse/warehouse.ts'
import type { PeriodScope } from '../allocate/period-scope.ts'
import { NO_SERVICE } from '../allocate/service-keys.ts'
import { NO_NAME } from '../roll-up/carry-charges.ts'
import type { RunRows } from '../run-rows.ts'
import { mixedSql } from './mixed-sql.ts'

/** Every failing row says which row it is about, and what was expected and found. */
export type ResultCheck = {
  readonly name: string
  readonly question: string
  readonly sql: string
  /**
   * A query over {@link sumsSql} that has a row wherever `sql` has one, and costs less, because it reads the numbers and not
   * the names behind them. Where it has none, `sql` is not asked; of a run that has no numbers, `sql` is always asked.
   */
  readonly suspicion: string
}

export type FailedCheck = Pick<ResultCheck, 'name' | 'question'> & {
  readonly rows: ReadonlyArray<{ readonly row_key: string; readonly expected: string; readonly found: string }>
}

/** `rowsOf`: the numbers of the run, null for a run that has none. */
type Checked = { readonly run: string; readonly rowsMax: number; readonly rowsOf: RunRows | null }

/** The checks that fail, with their first rows in order. */
export async function failedChecks(
  { warehouse, tenant, scratch }: PeriodScope,
  { run, rowsMax, rowsOf }: Checked,
): Promise<ReadonlyArray<FailedCheck>> {
  const checks = resultChecks(scratch)
  const suspected = rowsOf === null ? null : await suspectedChecks(warehouse, checks, sumsSql(scratch, rowsOf))
  const failed: FailedCheck[] = []
  for (const { name, question, sql } of checks) {
    if (suspected?.has(name) === false) continue
    const rows = await warehouse.rows<FailedCheck['rows'][number]>(
      `SELECT * FROM (${sql}) ORDER BY ALL LIMIT ${rowsMax}`,
      { tenant, run },
    )
    if (rows.length > 0) failed.push({ name, question, rows })
  }
  return failed
}

/** What is asked of every run, in order. */
export function resultQuestions(): ReadonlyArray<Pick<ResultCheck, 'name' | 'question'>> {
  return resultChecks('').map(({ name, question }) => ({ name, question }))
}

/** All in one statement, so that the rows are read once. */
async function suspectedChecks(
  warehouse: Warehouse,
  checks: ReadonlyArray<ResultCheck>,
  sums: string,
): Promise<ReadonlySet<string>> {
  const each = checks.map(({ name, suspicion }) => `SELECT '${name}' AS name WHERE EXISTS (${suspicion})`)
  const found = await warehouse.rows<{ name: string }>(`WITH ${sums} ${each.join(' UNION ALL ')}`)
  return new Set(found.map(({ name }) => name))
}

const RUN = 'tenant = $tenant AND run = $run'

/** A number of 32 bits for what some columns say: mixed, so that no two swap their amounts unseen. */
function factorOf(...columns: ReadonlyArray<string>): string {
  return `(${mixedSql(columns.map((column) => `${column}::BIGINT`))} + 1)::HUGEINT`
}

/**
 * What the rows of numbers come to, as common table expressions: `stood` (the rows of allocation), `unordered` (parts of which a
 * row does not come after the one before it, in whatever order they are read; `is_scattered` where the part does not),
 * `shared` (per part) and `carried_sum` (per bill, kind and component). `by_service` is a sum of adjusted amounts, each times a number of its service.
 */
function sumsSql(scratch: string, rowsOf: RunRows): string {
  const sums = `sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor,
      sum(${factorOf('service_no')} * adjusted_minor) AS by_service`
  return `stood AS NOT MATERIALIZED (SELECT * FROM ${rowsOf('allocation_row')}),
    sequence AS (SELECT part_no, service_no, lag(part_no, 1, 0) OVER () AS part_before, lag(service_no, 1, 0) OVER () AS service_before
      FROM stood WHERE service_no <> ${NO_SERVICE}),
    unordered AS MATERIALIZED (SELECT DISTINCT part_no, part_no < part_before AS is_scattered FROM sequence
      WHERE part_no < part_before OR (part_no = part_before AND service_no <= service_before)),
    part_sum AS MATERIALIZED (SELECT part_no, ${sums} FROM stood GROUP BY part_no),
    shared AS (SELECT s.*, n.name_no, k.currency_no FROM part_sum AS s LEFT JOIN ${scratch}.part_key AS k USING (part_no)
      LEFT JOIN ${scratch}.part_name AS n ON n.segment_no = k.segment_no AND n.component_no = k.component_no),
    kind_sum AS MATERIALIZED (SELECT bill_no, sort_no, name_no, ${sums}, bool_or(actual_minor <> adjusted_minor) AS has_moved
      FROM ${rowsOf('carried_row')} GROUP BY bill_no, sort_no, name_no),
    carried_sum AS (SELECT s.*, k.currency_no
      FROM kind_sum AS s LEFT JOIN (SELECT DISTINCT sort_no, currency_no FROM ${scratch}.charge_kind) AS k USING (sort_no))`
}

function resultChecks(scratch: string): ReadonlyArray<ResultCheck> {
  return [
    {
      name: 'components-conserve',
      question: 'In which component does the adjusted view not sum to the actual one?',
      suspicion: 'SELECT 1 FROM part_sum WHERE actual_minor <> adjusted_minor',
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
          SELECT bill_no, sort_no, actual_minor, adjusted_minor FROM kind_sum
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
          SELECT name_no, currency_no, actual_minor, adjusted_minor FROM shared
          UNION ALL
          SELECT name_no, currency_no, -actual_minor, -adjusted_minor FROM carried_sum WHERE name_no <> ${NO_NAME})
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
      suspicion: `SELECT 1 WHERE (SELECT coalesce(sum(${factorOf('name_no', 'currency_no')} * by_service), 0) FROM shared) <> (
          SELECT coalesce(sum(${factorOf('name_no', 'currency_no')} * by_service), 0) FROM carried_sum WHERE name_no <> ${NO_NAME})`,
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
      // Rows in the order of part and service are each of another one: only of the other parts is each row compared with all.
      suspicion: `SELECT 1 FROM stood WHERE service_no <> ${NO_SERVICE}
          AND (part_no IN (SELECT part_no FROM unordered) OR EXISTS (SELECT 1 FROM unordered WHERE is_scattered))
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
      suspicion: `SELECT 1 FROM kind_sum WHERE name_no = ${NO_NAME} AND has_moved`,
      // One row per row of carried.
      sql: `SELECT 'carried ' || concat_ws(' / ', vendor, account, invoice, currency, service, category) AS row_key,
          actual_minor::VARCHAR AS expected, adjusted_minor::VARCHAR AS found
        FROM carried WHERE ${RUN} AND component = '' AND actual_minor <> adjusted_minor`,
    },
  ]
}
