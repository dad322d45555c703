// Restricts a query to the rows of a scope, whatever the query says: each table that it names is shadowed by a common table
// expression of the same name with the rows that may be seen. A table without a rule here shows none, so that a new one is
// closed until somebody decides.
import { RATED_TABLES } from '../warehouse/rated-tables.ts'
import { RESULT_TABLES, RESULT_VIEWS, TEXT_TABLES } from '../warehouse/result-tables.ts'
import { FACT_TABLES, OTHER_TABLES } from '../warehouse/schema.ts'
import type { RowScope } from './scope.ts'

const TABLES: ReadonlyArray<string> = [
  ...Object.keys(FACT_TABLES),
  ...Object.keys(OTHER_TABLES),
  ...Object.keys(RESULT_TABLES),
  ...RESULT_VIEWS,
  ...Object.keys(TEXT_TABLES),
  ...Object.keys(RATED_TABLES),
]

export class RowScopeSql {
  readonly #bodies: ReadonlyMap<string, string>

  constructor(tenant: string, rows: RowScope) {
    const rules = rulesOf(rows)
    const of = `tenant = ${literal(tenant)}`
    const closed = TABLES.map((table): [string, string] => [table, `SELECT * FROM main.${quoted(table)} WHERE false`])
    const open = Object.entries(rules).map(([name, rule]): [string, string] => [name, rule(of)])
    this.#bodies = new Map([...closed, ...open])
  }

  /** The same query over the rows of the scope. */
  restrict(sql: string): string {
    const named = this.#namedIn(sql)
    if (named.length === 0) return sql
    const shadows = named.map((name) => `${quoted(name)} AS NOT MATERIALIZED (${this.#bodies.get(name)})`).join(',\n')
    const body = sql.replace(/^(?:\s|--.*\n)+/, '')
    const rest = /^WITH\s/i.exec(body)
    return rest ? `WITH ${shadows},\n${body.slice(rest[0].length)}` : `WITH ${shadows}\n${body}`
  }

  /** Those that the query names, and those that their rules name, each after what it rests on. */
  #namedIn(sql: string): ReadonlyArray<string> {
    const found = new Set<string>()
    const visit = (text: string) => {
      for (const [name, body] of this.#bodies) {
        // `main.carried` is the table itself, in a rule.
        if (found.has(name) || !new RegExp(`(?<![\\w.])"?${name}\\b`).test(text)) continue
        visit(body)
        found.add(name)
      }
    }
    visit(sql)
    return [...found]
  }
}

/** What may be seen of each table; `of` says whose tenant. `scope_*` are of this file alone. */
function rulesOf({ costCentres, people, accounts }: RowScope): Readonly<Record<string, (of: string) => string>> {
  const onCentre = (column = 'cost_centre') => isOneOf(column, costCentres)
  const onPerson = (column = 'person') => isOneOf(column, people)
  const onAccount = (column = 'account') => isOneOf(column, accounts)
  const carriedBy = `(${onCentre()} OR ${onPerson()} OR ${onAccount()})`
  const isOwn = '(run, service) IN (FROM scope_service)'
  return {
    // One row per run and service of which every row is in scope: what stands under a service as a whole may be seen.
    scope_service: (of) => `SELECT run, service FROM (
        SELECT run, service, ${carriedBy} AS is_in_scope FROM main.carried WHERE ${of} AND service <> ''
        UNION ALL SELECT run, service, ${carriedBy} FROM main.used WHERE ${of} AND service <> '')
      GROUP BY run, service HAVING bool_and(is_in_scope)`,
    // Those who are there now.
    scope_person: (of) => `SELECT employee FROM main.person
      WHERE ${of} AND to_on IS NULL AND (${onCentre()} OR ${onPerson('employee')})`,
    carried: (of) => `SELECT * FROM main.carried WHERE ${of} AND ${carriedBy}`,
    used: (of) => `SELECT * FROM main.used WHERE ${of} AND ${carriedBy}`,
    allocation: (of) => `SELECT * FROM main.allocation WHERE ${of} AND ${isOwn}`,
    rated: (of) => `SELECT * FROM main.rated WHERE ${of} AND (${isOwn} OR ${onAccount()} OR ${onAccount('billed_to')})`,
    bucket_history: (of) => `SELECT * FROM main.bucket_history WHERE ${of} AND ${onAccount()}`,
    bucket_alert: (of) => `SELECT * FROM main.bucket_alert WHERE ${of} AND ${onAccount()}`,
    customer_bill: (of) => `SELECT * FROM main.customer_bill WHERE ${of} AND ${onAccount()}`,
    customer_bill_line: (of) =>
      `SELECT * FROM main.customer_bill_line WHERE ${of} AND number IN (SELECT number FROM customer_bill)`,
    charge: (of) => `SELECT * FROM main.charge WHERE ${of} AND ${onAccount()}`,
    invoice_total: (of) => `SELECT * FROM main.invoice_total WHERE ${of} AND ${onAccount()}`,
    usage: (of) => `SELECT * FROM main.usage WHERE ${of} AND ${onAccount()}`,
    service: (of) => `SELECT * FROM main.service
      WHERE ${of} AND (${carriedBy} OR (cost_centre = '' AND person IN (FROM scope_person)))`,
    person: (of) => `SELECT * FROM main.person
      WHERE ${of} AND (${onCentre()} OR ${onPerson('employee')} OR employee IN (SELECT person FROM carried))`,
    cost_centre: (
      of,
    ) => `SELECT * REPLACE (CASE WHEN ${onCentre('parent')} THEN parent ELSE '' END AS parent) FROM main.cost_centre
      WHERE ${of} AND (${onCentre()} OR cost_centre IN (SELECT cost_centre FROM carried))`,
    project: (of) => `SELECT * FROM main.project WHERE ${of} AND project IN (SELECT project FROM carried)`,
    account: (
      of,
    ) => `SELECT * REPLACE (CASE WHEN ${onAccount('parent')} THEN parent ELSE '' END AS parent) FROM main.account
      WHERE ${of} AND (${onAccount()} OR account IN (SELECT account FROM carried))`,
    pool: (of) => `SELECT * FROM main.pool
      WHERE ${of} AND pool IN (SELECT pool FROM allocation UNION SELECT pool FROM used)`,
  }
}

function isOneOf(column: string, keys: ReadonlyArray<string>): string {
  return keys.length === 0 ? 'false' : `${column} IN (${keys.map(literal).join(', ')})`
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`
const quoted = (name: string) => `"${name}"`
