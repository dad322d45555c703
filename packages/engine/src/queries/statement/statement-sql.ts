// What a statement is made of, as one query per kind of row for all owners of a run. Each is ordered by the owner's key, so
// that the queries are read side by side. They need $tenant and $run.
import type { StatementKind } from '@spillway/core'
import { literal } from '../../warehouse/sql-literal.ts'
import { DIMENSION_COLUMN, NAME_SQL } from '../names.ts'
import { USAGE_CLASS_SQL } from '../usage-report.ts'

export type StatementScope = {
  readonly kind: StatementKind
  /** Owners to choose; undefined is all of them. */
  readonly keys: ReadonlyArray<string> | undefined
  /** CTE text of `live_document`, of the run. */
  readonly names: string
}

const OF_RUN = 'tenant = $tenant AND run = $run'

function chosen({ kind, keys }: StatementScope): string {
  if (keys === undefined) return ''
  return `AND ${DIMENSION_COLUMN[kind]} IN (${keys.map(literal).join(', ')})`
}

/** Who has charges or usage in the run. One row per key. */
export function keysSql(scope: StatementScope): string {
  const select = (table: string) =>
    `SELECT ${DIMENSION_COLUMN[scope.kind]} AS key FROM ${table} WHERE ${OF_RUN} ${chosen(scope)}`
  return `${select('carried')} UNION ${select('used')} ORDER BY key`
}

/** Who a statement is for. One row per key and, of a person, cost centre that the person's charges or usage fell on. */
export function ownersSql(scope: StatementScope): string {
  const centre = scope.kind === 'person' ? 'cost_centre' : `''`
  const select = (table: string) =>
    `SELECT ${DIMENSION_COLUMN[scope.kind]} AS key, ${centre} AS cost_centre FROM ${table} WHERE ${OF_RUN} ${chosen(scope)}`
  return `WITH ${scope.names}, owner AS (${select('carried')} UNION ${select('used')})
    SELECT owner.key, cost_centre, coalesce(named.name, '') AS name
    FROM owner LEFT JOIN (${NAME_SQL[scope.kind]}) AS named ON named.key = owner.key
    ORDER BY owner.key, cost_centre`
}

/** One row per key, currency, service, vendor, category, usage type and flag. */
export function chargesSql(scope: StatementScope): string {
  return `WITH ${scope.names}, service_name AS (${serviceNamesSql(scope)}), charge_sum AS (
      SELECT ${DIMENSION_COLUMN[scope.kind]} AS key, currency, service, vendor, category, usage_type, flag,
        sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor
      FROM carried WHERE ${OF_RUN} ${chosen(scope)} GROUP BY ALL)
    SELECT charge_sum.*, coalesce(service_name.name, '') AS name
    FROM charge_sum LEFT JOIN service_name USING (key, service) ORDER BY charge_sum.key`
}

/** Adjusted by service, for the month before. One row per key, currency and service. */
export function beforeSql(scope: StatementScope): string {
  return `WITH ${scope.names}, service_name AS (${serviceNamesSql(scope)}), service_sum AS (
      SELECT ${DIMENSION_COLUMN[scope.kind]} AS key, currency, service, sum(adjusted_minor) AS adjusted_minor
      FROM carried WHERE ${OF_RUN} ${chosen(scope)} GROUP BY ALL)
    SELECT service_sum.*, coalesce(service_name.name, '') AS name
    FROM service_sum LEFT JOIN service_name USING (key, service) ORDER BY service_sum.key`
}

/** A service goes by the people who use it; on a person's own statement by what it is. One row per key and service. */
function serviceNamesSql(scope: StatementScope): string {
  const column = DIMENSION_COLUMN[scope.kind]
  const own = `FROM carried WHERE ${OF_RUN} ${chosen(scope)} AND service <> ''`
  if (scope.kind === 'person')
    return `SELECT owned.key, owned.service, typed.name FROM (SELECT DISTINCT person AS key, service ${own}) AS owned
      JOIN (SELECT service, arg_max(service_type, coalesce(from_on, DATE '0001-01-01')) AS name FROM service
            WHERE tenant = $tenant AND doc IN (FROM live_document) GROUP BY service) AS typed USING (service)`
  return `SELECT owned.key, owned.service, string_agg(named.name, ', ' ORDER BY named.name) AS name
    FROM (SELECT DISTINCT ${column} AS key, service, person ${own}) AS owned
    JOIN (${NAME_SQL.person}) AS named ON named.key = owned.person WHERE named.name <> '' GROUP BY ALL`
}

/** The months of `run_month`. One row per key, month and currency. */
export function monthsSql(scope: StatementScope, runMonths: string): string {
  return `WITH ${runMonths}
    SELECT ${DIMENSION_COLUMN[scope.kind]} AS key, month, currency, sum(actual_minor) AS actual_minor,
      sum(adjusted_minor) AS adjusted_minor
    FROM carried JOIN run_month USING (run) WHERE tenant = $tenant ${chosen(scope)} GROUP BY ALL ORDER BY key`
}

/** One row per key and usage class. */
export function usageSql(scope: StatementScope): string {
  return `SELECT ${DIMENSION_COLUMN[scope.kind]} AS key, usage_type, ${USAGE_CLASS_SQL} AS usage_class,
      sum(quantity_base) AS quantity, count(DISTINCT service) AS services
    FROM used WHERE ${OF_RUN} ${chosen(scope)} GROUP BY ALL ORDER BY key`
}
