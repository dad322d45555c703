// Rows of `carried` and `used` with the columns that a query wants and no others: over the whole tenant summed by the numbers
// that are stored before any name is looked up, which is what makes a million services answer at once; in a scope of rows the
// views, of which the scope shows its part.
import { literal } from '../../stages/allocate/period-scope.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import type { KeptSums } from '../kept-sums.ts'
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
  { scope, warehouse, sums: kept }: Pick<ScopedWorkspace, 'scope' | 'warehouse' | 'sums'>,
  { view, columns, runs, filter = NO_FILTER }: ResultRows,
): string {
  const { text, sums } = STORED[view]
  const ofRuns = `tenant = $tenant AND run ${amongSql(runs)}`
  const ofText = (from: string) =>
    `SELECT run, ${[...columns, ...sums].join(', ')} FROM ${from} WHERE ${ofRuns} AND ${conditionOf(filter)}`
  return scope.isWholeTenant && warehouse.hasNumbers
    ? `${numbersSql({ view, columns, runs, filter, kept })} UNION ALL ${ofText(text)}`
    : ofText(view)
}

/**
 * A query of the columns, `service` and `seen_in`: a bit for each month in which the two stand together in a row, counted from
 * `since`; rows may repeat, so that whoever reads it takes the bits together. Reads `run_month`, binds $tenant.
 */
export function servicesSeenSql(
  { scope, warehouse }: Pick<ScopedWorkspace, 'scope' | 'warehouse'>,
  { since, ...of }: Required<ResultRows> & { readonly since: number },
): string {
  const { view, columns, runs, filter } = of
  // As many months as a report may show.
  const bits = `bit_or(1::HUGEINT << (month - ${since})) AS seen_in`
  const shown = [...new Set([...columns, 'service'])].join(', ')
  const ofText = (from: string) => `SELECT ${shown}, ${bits} FROM ${from} JOIN run_month USING (run)
    WHERE tenant = $tenant AND run ${amongSql(runs)} AND service <> '' AND ${conditionOf(filter)} GROUP BY ALL`
  if (!scope.isWholeTenant || !warehouse.hasNumbers) return ofText(view)
  return `${seenByNumbersSql({ ...of, shown, bits })} UNION ALL ${ofText(STORED[view].text)}`
}

type SeenByNumbers = Required<ResultRows> & { readonly shown: string; readonly bits: string }

/** Each service once a month by numbers, of keys that several runs share; its name is looked up then, those of keys at the end. */
function seenByNumbersSql({ view, columns, runs, filter, shown, bits }: SeenByNumbers): string {
  const names: ReadonlyArray<NameTable> = STORED[view].names
  const ofRuns = `tenant = $tenant AND run ${amongSql(runs)}`
  const keys = names.filter((name) => name !== SERVICE && name.columns.some((column) => columns.includes(column)))
  const ranked = keys.map(({ table, number, columns: own }) => {
    const wanted = own.filter((column) => columns.includes(column)).join(', ')
    const rank = `dense_rank() OVER (ORDER BY ${wanted})::INTEGER AS ${table}_rank`
    return {
      rank: `${table}_rank`,
      number,
      ranks: `LEFT JOIN (SELECT run, ${number}, ${rank} FROM ${table} WHERE ${ofRuns}) AS ${table}_ranked USING (run, ${number})`,
      named: `LEFT JOIN (SELECT DISTINCT ${rank}, ${wanted} FROM ${table} WHERE ${ofRuns}) AS ${table}_named USING (${table}_rank)`,
    }
  })
  const ranks = ranked.map(({ rank }) => `${rank}, `).join('')
  const numbers = ['run', ...ranked.map(({ number }) => number), 'service_no'].join(', ')
  return `SELECT ${shown}, seen_in FROM (
      SELECT ${ranks}service, ${bits} FROM (
        SELECT DISTINCT month, ${ranks}service_no
        FROM (SELECT ${numbers} FROM (SELECT * FROM ${STORED[view].rows} WHERE ${ofRuns}) ${wantedSql({ view, runs, filter })})
        JOIN run_month USING (run) ${ranked.map((one) => one.ranks).join('\n')})
      JOIN (SELECT month, service_no, service FROM run_service JOIN run_month USING (run)
        WHERE ${ofRuns} AND service <> '' AND ${wantedOf(filter, SERVICE.columns)}) AS service_named USING (month, service_no)
      GROUP BY ALL) ${ranked.map((one) => one.named).join('\n')}`
}

/** Condition on the rows of a table of names: those alone that the filter leaves, of a million not the others. */
function wantedOf(filter: RowFilter, columns: ReadonlyArray<string>): string {
  return conditionOf(new Map([...filter].filter(([column]) => columns.includes(column))))
}

/** Leaves rows out by the numbers of the names that the filter is about. */
function wantedSql({ view, runs, filter }: Pick<Required<ResultRows>, 'view' | 'runs' | 'filter'>): string {
  const names: ReadonlyArray<NameTable> = STORED[view].names
  const asked = names.filter((name) => name.columns.some((column) => filter.has(column)))
  return asked
    .map(({ table, number, columns: own }) => {
      const ofRuns = `tenant = $tenant AND run ${amongSql(runs)}`
      return `SEMI JOIN (SELECT run, ${number} FROM ${table} WHERE ${ofRuns} AND ${wantedOf(filter, own)}) AS ${table}_wanted USING (run, ${number})`
    })
    .join('\n')
}

type NumberedRows = Required<ResultRows> & { readonly kept: KeptSums | undefined }

/** The numbered rows: filtered by the numbers of the wanted names, summed, then named. */
function numbersSql({ view, columns, runs, filter, kept }: NumberedRows): string {
  const stored = STORED[view]
  const names: ReadonlyArray<NameTable> = stored.names
  const ofRuns = `tenant = $tenant AND run ${amongSql(runs)}`
  const shown = names.filter((name) => name.columns.some((column) => columns.includes(column)))
  const numbers = ['run', ...shown.map(({ number }) => number)].join(', ')
  const sums = stored.sums.map((sum) => `sum(${sum}) AS ${sum}`).join(', ')
  // Each number has one name in its run. Of JOINs DuckDB would conclude that the names have their run in common, and pair them.
  const named = shown.map(
    ({ table, number, columns: own }) =>
      `LEFT JOIN (SELECT * EXCLUDE (tenant) FROM ${table} WHERE ${ofRuns} AND ${wantedOf(filter, own)}) AS ${table}_named USING (run, ${number})`,
  )
  return `SELECT run, ${[...columns, ...stored.sums].join(', ')} FROM (
      SELECT ${numbers}, ${sums} FROM (${rowsSql({ view, columns, runs, filter, kept })}) ${wantedSql({ view, runs, filter })} GROUP BY ALL) AS summed
    ${named.join('\n')}`
}

/** For each table of names that a filter of `carried` is about: what its number is called, and a query of those that are wanted. */
export function wantedNumbers(filter: RowFilter): ReadonlyArray<{ readonly number: string; readonly sql: string }> {
  const names: ReadonlyArray<NameTable> = STORED.carried.names
  return names.flatMap(({ table, number, columns }) => {
    const mine: RowFilter = new Map([...filter].filter(([column]) => columns.includes(column)))
    const sql = `SELECT ${number} AS number FROM ${table} WHERE tenant = $tenant AND run = $run AND ${conditionOf(mine)}`
    return mine.size === 0 ? [] : [{ number, sql }]
  })
}

/** Of runs whose sums are kept these, of others what is stored. */
function rowsSql({ view, columns, runs, filter, kept }: NumberedRows): string {
  const stored = STORED[view]
  const names: ReadonlyArray<NameTable> = stored.names
  const asked = new Set([...columns, ...filter.keys()])
  const tables = new Map(view === 'carried' && kept ? runs.map((run) => [run, kept.tableOf(run, asked)]) : [])
  const others = runs.filter((run) => !tables.get(run))
  const numbers = names.filter((name) => name.columns.some((column) => asked.has(column))).map(({ number }) => number)
  const wanted = [...numbers, ...stored.sums].join(', ')
  const parts = runs.flatMap((run) => {
    const table = tables.get(run)
    return table ? [`SELECT ${literal(run)} AS run, ${wanted} FROM ${table}`] : []
  })
  if (others.length > 0 || parts.length === 0)
    parts.push(`SELECT run, ${wanted} FROM ${stored.rows} WHERE tenant = $tenant AND run ${amongSql(others)}`)
  return parts.join(' UNION ALL ')
}
