// Rows of `carried` and `used` with the columns that a query wants and no others: over the whole tenant summed by the numbers
// that are stored before any name is looked up, which is what makes a million services answer at once; in a scope of rows the
// views, of which the scope shows its part.
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { amongSql, conditionOf, NO_FILTER, type RowFilter } from './report-filter.ts'

type NameTable = { readonly table: string; readonly number: string; readonly columns: ReadonlyArray<string> }

const OWNER: NameTable = { table: 'run_owner', number: 'owner_no', columns: ['person', 'cost_centre', 'project'] }
const SERVICE: NameTable = { table: 'run_service', number: 'service_no', columns: ['service'] }

const STORED = {
  carried: {
    rows: 'carried_row',
    text: 'carried_text',
    sums: ['actual_minor', 'adjusted_minor'],
    names: [
      { table: 'run_bill', number: 'bill_no', columns: ['vendor', 'account', 'invoice'] },
      { table: 'run_charge_kind', number: 'sort_no', columns: ['currency', 'category', 'usage_type'] },
      SERVICE,
      OWNER,
      { table: 'run_component', number: 'name_no', columns: ['pool', 'component'] },
    ],
  },
  used: {
    rows: 'used_row',
    text: 'used_text',
    sums: ['quantity_base'],
    names: [
      {
        table: 'run_usage_class',
        number: 'class_no',
        columns: ['vendor', 'account', 'usage_type', 'zone', 'time_band', 'network'],
      },
      SERVICE,
      OWNER,
      { table: 'run_pool', number: 'pool_no', columns: ['pool'] },
    ],
  },
} as const satisfies Readonly<
  Record<string, { rows: string; text: string; sums: ReadonlyArray<string>; names: ReadonlyArray<NameTable> }>
>

export type ResultRows = {
  readonly view: keyof typeof STORED
  /** Beside `run` and the sums of the view. */
  readonly columns: ReadonlyArray<string>
  readonly runs: ReadonlyArray<string>
  readonly filter?: RowFilter
}

/**
 * A query of `run`, the columns, and the sums of the view; rows of the same columns may repeat, so that whoever reads it sums.
 * Binds $tenant.
 */
export function resultRowsSql(
  { scope, warehouse }: Pick<ScopedWorkspace, 'scope' | 'warehouse'>,
  { view, columns, runs, filter = NO_FILTER }: ResultRows,
): string {
  const { text, sums } = STORED[view]
  const ofRuns = `tenant = $tenant AND run ${amongSql(runs)}`
  const ofText = (from: string) =>
    `SELECT run, ${[...columns, ...sums].join(', ')} FROM ${from} WHERE ${ofRuns} AND ${conditionOf(filter)}`
  return scope.isWholeTenant && warehouse.hasNumbers
    ? `${numbersSql({ view, columns, runs, filter })} UNION ALL ${ofText(text)}`
    : ofText(view)
}

/** The numbered rows: filtered by the numbers of the wanted names, summed, then named. */
function numbersSql({ view, columns, runs, filter }: Required<ResultRows>): string {
  const stored = STORED[view]
  const names: ReadonlyArray<NameTable> = stored.names
  const ofRuns = `tenant = $tenant AND run ${amongSql(runs)}`
  const shown = names.filter((name) => name.columns.some((column) => columns.includes(column)))
  const asked = names.filter((name) => name.columns.some((column) => filter.has(column)))
  const semis = asked.map(({ table, number, columns: own }) => {
    const mine: RowFilter = new Map([...filter].filter(([column]) => own.includes(column)))
    return `SEMI JOIN (SELECT run, ${number} FROM ${table} WHERE ${ofRuns} AND ${conditionOf(mine)}) AS ${table}_wanted USING (run, ${number})`
  })
  const numbers = ['run', ...shown.map(({ number }) => number)].join(', ')
  const sums = stored.sums.map((sum) => `sum(${sum}) AS ${sum}`).join(', ')
  // Each number has one name in its run. Of JOINs DuckDB would conclude that the names have their run in common, and pair them.
  const named = shown.map(
    ({ table, number }) =>
      `LEFT JOIN (SELECT * EXCLUDE (tenant) FROM ${table} WHERE ${ofRuns}) AS ${table}_named USING (run, ${number})`,
  )
  return `SELECT run, ${[...columns, ...stored.sums].join(', ')} FROM (
      SELECT ${numbers}, ${sums} FROM (SELECT * FROM ${stored.rows} WHERE ${ofRuns}) ${semis.join('\n')} GROUP BY ALL) AS summed
    ${named.join('\n')}`
}
