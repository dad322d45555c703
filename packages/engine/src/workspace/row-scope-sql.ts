// Restricts a query to the rows of a scope, whatever the query says: each table that it names is shadowed by a common table
// expression of the same name with the rows that may be seen. A table without a rule here shows none, so that a new one is
// closed until somebody decides.

import { RATED_TABLES, STORED_RATED_TABLES } from '../warehouse/rated-tables.ts'
import { RESULT_TABLES, RESULT_VIEWS, STORED_RESULT_TABLES, TEXT_TABLES } from '../warehouse/result-tables.ts'
import { FACT_TABLES, OTHER_TABLES } from '../warehouse/schema.ts'
import { literal } from '../warehouse/sql-literal.ts'
import type { RowScope } from './scope.ts'

const TABLES: ReadonlyArray<string> = [
  ...Object.keys(FACT_TABLES),
  ...Object.keys(OTHER_TABLES),
  ...new Set([...Object.keys(RESULT_TABLES), ...Object.keys(STORED_RESULT_TABLES)]),
  ...RESULT_VIEWS,
  ...Object.keys(TEXT_TABLES),
  ...new Set([...Object.keys(RATED_TABLES), ...Object.keys(STORED_RATED_TABLES)]),
]

type Rule = {
  readonly sql: string
  /** Rules that it reads. */
  readonly needs?: ReadonlyArray<string>
}

export class RowScopeSql {
  /** Each after what it needs. */
  readonly #rules: ReadonlyMap<string, Rule>

  constructor(tenant: string, rows: RowScope) {
    const rules = rulesOf(rows, `tenant = ${literal(tenant)}`)
    const closed = TABLES.filter((table) => !(table in rules)).map((table): [string, Rule] => [
      table,
      { sql: `SELECT * FROM main.${quoted(table)} WHERE false` },
    ])
    this.#rules = new Map([...Object.entries(rules), ...closed])
  }

  /** Every table and view that a query does not read as it is. */
  get tables(): ReadonlyArray<string> {
    return [...this.#rules.keys()]
  }

  /** The same query over the rows of the scope. */
  restrict(sql: string): string {
    const wanted = new Set<string>()
    for (const name of this.#rules.keys()) if (new RegExp(`\\b${name}\\b`, 'i').test(sql)) this.#want(name, wanted)
    if (wanted.size === 0) return sql
    const shadows = [...this.#rules]
      .filter(([name]) => wanted.has(name))
      .map(([name, rule]) => `${quoted(name)} AS NOT MATERIALIZED (${rule.sql})`)
      .join(',\n')
    const body = sql.replace(/^(?:\s|--.*\n)+/, '')
    const rest = /^WITH\s/i.exec(body)
    return rest ? `WITH ${shadows},\n${body.slice(rest[0].length)}` : `WITH ${shadows}\n${body}`
  }

  #want(name: string, wanted: Set<string>): void {
    wanted.add(name)
    for (const needed of this.#rules.get(name)?.needs ?? []) this.#want(needed, wanted)
  }
}

/** What may be seen of each table; `of` says whose tenant. What begins with `scope_` is of this file. */
function rulesOf(scope: RowScope, of: string): Readonly<Record<string, Rule>> {
  return { ...resultRules(scope, of), ...accountRules(scope, of), ...directoryRules(scope, of) }
}

const onCentre = ({ costCentres }: RowScope, column = 'cost_centre') => isOneOf(column, costCentres)
const onPerson = ({ people }: RowScope, column = 'person') => isOneOf(column, people)
const onAccount = ({ accounts }: RowScope, column = 'account') => isOneOf(column, accounts)
const onAny = (scope: RowScope) => `(${onCentre(scope)} OR ${onPerson(scope)} OR ${onAccount(scope)})`

function resultRules(scope: RowScope, of: string): Readonly<Record<string, Rule>> {
  const isOwn = '(run, service) IN (FROM scope_service)'
  return {
    // One row per run and service of which every row is in scope: what stands under a service as a whole may be seen.
    scope_service: {
      sql: `SELECT run, service FROM (
        SELECT run, service, ${onAny(scope)} AS is_in_scope FROM main.carried WHERE ${of} AND service <> ''
        UNION ALL SELECT run, service, ${onAny(scope)} FROM main.used WHERE ${of} AND service <> '')
      GROUP BY run, service HAVING bool_and(is_in_scope)`,
    },
    carried: { sql: `SELECT * FROM main.carried WHERE ${of} AND ${onAny(scope)}` },
    used: { sql: `SELECT * FROM main.used WHERE ${of} AND ${onAny(scope)}` },
    allocation: { sql: `SELECT * FROM main.allocation WHERE ${of} AND ${isOwn}`, needs: ['scope_service'] },
    rated: {
      sql: `SELECT * FROM main.rated WHERE ${of} AND (${isOwn} OR ${onAccount(scope)} OR ${onAccount(scope, 'billed_to')})`,
      needs: ['scope_service'],
    },
  }
}

/** What stands on an account alone: nobody sees it but by the account. */
function accountRules(scope: RowScope, of: string): Readonly<Record<string, Rule>> {
  const tables = ['bucket_history', 'bucket_alert', 'customer_bill', 'charge', 'invoice_total', 'usage'] as const
  const rules = tables.map((table): [string, Rule] => [
    table,
    { sql: `SELECT * FROM main.${quoted(table)} WHERE ${of} AND ${onAccount(scope)}` },
  ])
  return {
    ...Object.fromEntries(rules),
    customer_bill_line: {
      sql: `SELECT * FROM main.customer_bill_line WHERE ${of} AND number IN (SELECT number FROM customer_bill)`,
      needs: ['customer_bill'],
    },
  }
}

/** People, cost centres, accounts and projects whose names stand beside what may be seen; of what is above them nothing. */
function directoryRules(scope: RowScope, of: string): Readonly<Record<string, Rule>> {
  const parentIn = (isIn: string) => `SELECT * REPLACE (CASE WHEN ${isIn} THEN parent ELSE '' END AS parent)`
  return {
    // Those who are there now.
    scope_person: {
      sql: `SELECT employee FROM main.person
        WHERE ${of} AND to_on IS NULL AND (${onCentre(scope)} OR ${onPerson(scope, 'employee')})`,
    },
    service: {
      sql: `SELECT * FROM main.service
        WHERE ${of} AND (${onAny(scope)} OR (cost_centre = '' AND person IN (FROM scope_person)))`,
      needs: ['scope_person'],
    },
    person: {
      sql: `SELECT * FROM main.person
        WHERE ${of} AND (${onCentre(scope)} OR ${onPerson(scope, 'employee')} OR employee IN (SELECT person FROM carried))`,
      needs: ['carried'],
    },
    cost_centre: {
      sql: `${parentIn(onCentre(scope, 'parent'))} FROM main.cost_centre
        WHERE ${of} AND (${onCentre(scope)} OR cost_centre IN (SELECT cost_centre FROM carried))`,
      needs: ['carried'],
    },
    project: {
      sql: `SELECT * FROM main.project WHERE ${of} AND project IN (SELECT project FROM carried)`,
      needs: ['carried'],
    },
    account: {
      sql: `${parentIn(onAccount(scope, 'parent'))} FROM main.account
        WHERE ${of} AND (${onAccount(scope)} OR account IN (SELECT account FROM carried))`,
      needs: ['carried'],
    },
    pool: {
      sql: `SELECT * FROM main.pool WHERE ${of} AND pool IN (SELECT pool FROM allocation UNION SELECT pool FROM used)`,
      needs: ['allocation', 'used'],
    },
    pool_member: {
      sql: `SELECT * FROM main.pool_member WHERE ${of} AND service IN (SELECT service FROM service)`,
      needs: ['service'],
    },
  }
}

function isOneOf(column: string, keys: ReadonlyArray<string>): string {
  return keys.length === 0 ? 'false' : `${column} IN (${keys.map(literal).join(', ')})`
}

const quoted = (name: string) => `"${name}"`
