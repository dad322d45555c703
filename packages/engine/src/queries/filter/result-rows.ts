// Rows of `carried` and `used` with the columns that a query wants and no others: over the whole tenant summed by the numbers
// that are stored before any name is looked up, which is what makes a million services answer at once; in a scope of rows the
// views, of which the scope shows its part.
import { literal } from '../../warehouse/sql-literal.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import type { KeptSums } from '../kept-sums.ts'
import { amongSql, conditionOf } from './report-filter.ts'
import { NO_FILTER, type RowFilter } from './row-filter.ts'
import { nearPlacesSql, placesSql, type ServicePlace } from './service-places.ts'
import { type NameTable, SERVICE, STORED } from './stored-rows.ts'

export type ResultRows = {
  readonly view: keyof typeof STORED
  /** Beside `run` and the sums of the view. */
  readonly columns: ReadonlyArray<string>
  readonly runs: ReadonlyArray<string>
  readonly filter?: RowFilter
  /** Those of the services that the filter names, where they are known: rows are read by them. */
  readonly places?: ReadonlyArray<ServicePlace> | null
}

/**
 * A query of `run`, the columns, and the sums of the view; rows of the same columns may repeat, so that whoever reads it sums.
 * Binds $tenant.
 */
export function resultRowsSql(
  { scope, warehouse, sums: kept }: Pick<ScopedWorkspace, 'scope' | 'warehouse' | 'sums'>,
  { view, columns, runs, filter = NO_FILTER, places = null }: ResultRows,
): string {
  const { text, sums } = STORED[view]
  const ofRuns = `tenant = $tenant AND run ${amongSql(runs)}`
  const ofText = (from: string) =>
    `SELECT run, ${[...columns, ...sums].join(', ')} FROM ${from} WHERE ${ofRuns} AND ${conditionOf(filter)}`
  return scope.isWholeTenant && warehouse.hasNumbers
    ? `${numbersSql({ view, columns, runs, filter, places, kept })} UNION ALL ${ofText(text)}`
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
  const places = of.places?.filter(({ run }) => runs.includes(run)) ?? null
  return `${seenByNumbersSql({ ...of, places, shown, bits })} UNION ALL ${ofText(STORED[view].text)}`
}

type SeenByNumbers = Required<ResultRows> & { readonly shown: string; readonly bits: string }

/** Each service once a month by numbers, of keys that several runs share; its name is looked up then, those of keys at the end. */
function seenByNumbersSql({ view, columns, runs, filter, places, shown, bits }: SeenByNumbers): string {
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
        FROM (SELECT ${numbers} FROM (${places ? placedSql({ view, places, columns: ['*'] }) : `SELECT * FROM ${STORED[view].rows} WHERE ${ofRuns}`})
          ${wantedSql({ view, runs, filter, places })})
        JOIN run_month USING (run) ${ranked.map((one) => one.ranks).join('\n')})
      JOIN (SELECT month, service_no, service FROM ${places ? placesSql(places) : 'run_service'} JOIN run_month USING (run)
        WHERE ${places ? '' : `${ofRuns} AND `}service <> '' AND ${wantedOf(filter, SERVICE.columns)}) AS service_named USING (month, service_no)
      GROUP BY ALL) ${ranked.map((one) => one.named).join('\n')}`
}

/** Condition on the rows of a table of names: those alone that the filter leaves, of a million not the others. */
function wantedOf(filter: RowFilter, columns: ReadonlyArray<string>): string {
  return conditionOf(new Map([...filter].filter(([column]) => columns.includes(column))))
}

/** Leaves rows out by the numbers of the names that the filter is about. */
function wantedSql({
  view,
  runs,
  filter,
  places,
}: Pick<Required<ResultRows>, 'view' | 'runs' | 'filter' | 'places'>): string {
  const names: ReadonlyArray<NameTable> = STORED[view].names
  const asked = names.filter(
    (name) => name.columns.some((column) => filter.has(column)) && !(places && name === SERVICE),
  )
  return asked
    .map(({ table, number, columns: own }) => {
      const ofRuns = `tenant = $tenant AND run ${amongSql(runs)}`
      return `SEMI JOIN (SELECT run, ${number} FROM ${table} WHERE ${ofRuns} AND ${wantedOf(filter, own)}) AS ${table}_wanted USING (run, ${number})`
    })
    .join('\n')
}

type NumberedRows = Required<ResultRows> & { readonly kept: KeptSums | undefined }

/** The numbered rows: filtered by the numbers of the wanted names, summed, then named. */
function numbersSql({ view, columns, runs, filter, places, kept }: NumberedRows): string {
  const stored = STORED[view]
  const names: ReadonlyArray<NameTable> = stored.names
  const ofRuns = `tenant = $tenant AND run ${amongSql(runs)}`
  const shown = names.filter((name) => name.columns.some((column) => columns.includes(column)))
  const numbers = ['run', ...shown.map(({ number }) => number)].join(', ')
  const sums = stored.sums.map((sum) => `sum(${sum}) AS ${sum}`).join(', ')
  // Each number has one name in its run. Of JOINs DuckDB would conclude that the names have their run in common, and pair them.
  const named = shown.map((name) => {
    const { table, number, columns: own } = name
    const of =
      places && name === SERVICE
        ? `SELECT run, service_no, service FROM ${placesSql(places)}`
        : `SELECT * EXCLUDE (tenant) FROM ${table} WHERE ${ofRuns} AND ${wantedOf(filter, own)}`
    return `LEFT JOIN (${of}) AS ${table}_named USING (run, ${number})`
  })
  return `SELECT run, ${[...columns, ...stored.sums].join(', ')} FROM (
      SELECT ${numbers}, ${sums} FROM (${rowsSql({ view, columns, runs, filter, places, kept })}) ${wantedSql({ view, runs, filter, places })} GROUP BY ALL) AS summed
    ${named.join('\n')}`
}

/** For each table of names that a filter of `carried` is about: what its number is called, and a query of those that are wanted. */
export function wantedNumbers(filter: RowFilter): ReadonlyArray<WantedNumbers> {
  const names: ReadonlyArray<NameTable> = STORED.carried.names
  return names.flatMap(({ table, number, columns }) => {
    const mine: RowFilter = new Map([...filter].filter(([column]) => columns.includes(column)))
    const ofRun = `SELECT ${number} AS number FROM ${table} WHERE tenant = $tenant AND run = $run AND`
    const condition = conditionOf(mine)
    const others = `${ofRun} NOT (${condition}) LIMIT 1`
    return mine.size === 0 ? [] : [{ number, columns: [...mine.keys()], sql: `${ofRun} ${condition}`, others }]
  })
}

export type WantedNumbers = {
  readonly number: string
  /** That the filter is about. */
  readonly columns: ReadonlyArray<string>
  readonly sql: string
  /** A query of one that is not wanted. */
  readonly others: string
}

/** Of runs whose sums are kept these, of others what is stored. */
function rowsSql({ view, columns, runs, filter, places, kept }: NumberedRows): string {
  const stored = STORED[view]
  const names: ReadonlyArray<NameTable> = stored.names
  const asked = new Set([...columns, ...filter.keys()])
  const tables = new Map(view === 'carried' && kept ? runs.map((run) => [run, kept.tableOf(run, asked)]) : [])
  const others = runs.filter((run) => !tables.get(run))
  const numbers = names.filter((name) => name.columns.some((column) => asked.has(column))).map(({ number }) => number)
  if (places) return placedSql({ view, places, columns: ['run', ...numbers, ...stored.sums] })
  const wanted = [...numbers, ...stored.sums].join(', ')
  const parts = runs.flatMap((run) => {
    const table = tables.get(run)
    return table ? [`SELECT ${literal(run)} AS run, ${wanted} FROM ${table}`] : []
  })
  if (others.length > 0 || parts.length === 0)
    parts.push(`SELECT run, ${wanted} FROM ${stored.rows} WHERE tenant = $tenant AND run ${amongSql(others)}`)
  return parts.join(' UNION ALL ')
}

type Placed = Pick<ResultRows, 'view' | 'columns'> & { readonly places: ReadonlyArray<ServicePlace> }

/** What is stored of these services. */
function placedSql({ view, columns, places }: Placed): string {
  return `SELECT ${columns.join(', ')} FROM (FROM ${STORED[view].rows}_stored WHERE ${nearPlacesSql(places)})
    JOIN (SELECT run, run_no, service_no FROM ${placesSql(places)}) USING (run_no, service_no)`
}
