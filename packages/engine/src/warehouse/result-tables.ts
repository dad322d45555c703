// The warehouse's tables of results: what a run wrote counts where its `run` is the run of its period. Rows are stored as
// numbers, and the names behind the numbers once per run, because writing names a million times costs more than all else of
// a close; everybody reads the views, which show them. Numbers mean nothing outside their run.
import { ALLOCATION_FLAGS } from '@spillway/core'

const RUN = 'tenant VARCHAR NOT NULL, run VARCHAR NOT NULL'

/** The names behind the numbers, in the order of their numbers. */
const NAME_TABLES = {
  run_service: `${RUN}, service_no INTEGER NOT NULL, service VARCHAR NOT NULL`,
  run_bill: `${RUN}, bill_no INTEGER NOT NULL, vendor VARCHAR NOT NULL, account VARCHAR NOT NULL, invoice VARCHAR NOT NULL`,
  /** What charges are summed by beside their bill and service. */
  run_charge_kind: `${RUN}, sort_no INTEGER NOT NULL, currency VARCHAR NOT NULL, category VARCHAR NOT NULL,
    usage_type VARCHAR NOT NULL`,
  run_owner: `${RUN}, owner_no INTEGER NOT NULL, person VARCHAR NOT NULL, cost_centre VARCHAR NOT NULL, project VARCHAR NOT NULL`,
  run_pool: `${RUN}, pool_no INTEGER NOT NULL, pool VARCHAR NOT NULL`,
  /** Pool and component; both empty for what no component takes. */
  run_component: `${RUN}, name_no INTEGER NOT NULL, pool VARCHAR NOT NULL, component VARCHAR NOT NULL`,
  run_usage_class: `${RUN}, class_no INTEGER NOT NULL, vendor VARCHAR NOT NULL, account VARCHAR NOT NULL,
    usage_type VARCHAR NOT NULL, zone VARCHAR NOT NULL, time_band VARCHAR NOT NULL, network VARCHAR NOT NULL`,
  /**
   * One row per segment of a pool's window, component and currency that was shared: `weight_total` is the sum of the
   * weights of its rows, 0 where none were used or where they stand in run_weight.
   */
  run_part: `${RUN}, part_no INTEGER NOT NULL, pool VARCHAR NOT NULL, policy VARCHAR NOT NULL, component VARCHAR NOT NULL,
    currency VARCHAR NOT NULL, segment_start_on DATE NOT NULL, segment_end_on DATE NOT NULL, method VARCHAR NOT NULL,
    weight_total BIGINT NOT NULL`,
  /** Weights that are no integers of 64 bits, and their shares, of every row of their part. */
  run_weight: `${RUN}, part_no INTEGER NOT NULL, service_no INTEGER NOT NULL, flags_no INTEGER NOT NULL, weight VARCHAR NOT NULL,
    share VARCHAR NOT NULL`,
  /** What a close found; one row per problem. */
  run_problem: `${RUN}, ordinal INTEGER NOT NULL, code VARCHAR NOT NULL, severity VARCHAR NOT NULL, message VARCHAR NOT NULL,
    hint VARCHAR NOT NULL, facts VARCHAR NOT NULL`,
} as const

/** Rows of integers alone. `flags_no` has a bit for each of ALLOCATION_FLAGS; service 0 is no service. */
const ROW_TABLES = {
  allocation_row: `${RUN}, part_no INTEGER NOT NULL, service_no INTEGER NOT NULL, flags_no INTEGER NOT NULL,
    actual_minor BIGINT NOT NULL, adjusted_minor BIGINT NOT NULL, weight BIGINT NOT NULL, floor_minor BIGINT NOT NULL,
    usage_base BIGINT NOT NULL, contribution_base BIGINT NOT NULL, days INTEGER NOT NULL`,
  carried_row: `${RUN}, bill_no INTEGER NOT NULL, sort_no INTEGER NOT NULL, service_no INTEGER NOT NULL, owner_no INTEGER NOT NULL,
    name_no INTEGER NOT NULL, flags_no INTEGER NOT NULL, actual_minor BIGINT NOT NULL, adjusted_minor BIGINT NOT NULL`,
  /** `pool_no` is 0 for usage that counts in no pool. */
  used_row: `${RUN}, class_no INTEGER NOT NULL, service_no INTEGER NOT NULL, owner_no INTEGER NOT NULL, pool_no INTEGER NOT NULL,
    quantity_base BIGINT NOT NULL`,
} as const

/** The tables as everybody reads them; of those with many rows this is a view, see {@link storedTable}. */
export const RESULT_TABLES = { ...ROW_TABLES, ...NAME_TABLES } as const
export type ResultTable = keyof typeof RESULT_TABLES

/** Two texts that are the same in every row take as long to write as all numbers beside them: these have the run's number. */
const NUMBERED = ['allocation_row', 'carried_row', 'run_service', 'used_row'] as const
export type NumberedTable = (typeof NUMBERED)[number]
export const NUMBERED_TABLES: ReadonlyArray<NumberedTable> = NUMBERED

export function isNumbered(table: ResultTable): table is NumberedTable {
  return (NUMBERED as ReadonlyArray<ResultTable>).includes(table)
}

/** Where the rows are written: `run_no` stands for tenant and run in the tables with many rows. */
export function storedTable(table: ResultTable): string {
  return isNumbered(table) ? `${table}_stored` : table
}

/** The number of each run of each tenant; never given twice while any row has it. */
const RUN_NUMBERS = { run_number: `${RUN}, run_no INTEGER NOT NULL` } as const

/** Every table of results as it is made. */
export const STORED_RESULT_TABLES: Readonly<Record<string, string>> = {
  ...RUN_NUMBERS,
  ...Object.fromEntries(
    Object.entries(RESULT_TABLES).map(([table, columns]) => [
      storedTable(table as ResultTable),
      isNumbered(table as ResultTable) ? columns.replace(RUN, 'run_no INTEGER NOT NULL') : columns,
    ]),
  ),
}

/** The rows with the tenant and the run that their number stands for. */
export function numberedViewSql(table: NumberedTable): string {
  return `SELECT n.tenant, n.run, r.* EXCLUDE (run_no) FROM ${storedTable(table)} AS r JOIN run_number AS n ON n.run_no = r.run_no`
}

export function hasNames(table: ResultTable): boolean {
  return table in NAME_TABLES
}

/** Results of version 1 of the warehouse, with their names in every row: read and proved, never written again. */
export const TEXT_TABLES = {
  allocation_text: `${RUN}, pool VARCHAR NOT NULL, policy VARCHAR NOT NULL, component VARCHAR NOT NULL, currency VARCHAR NOT NULL,
    service VARCHAR NOT NULL, actual_minor BIGINT NOT NULL, adjusted_minor BIGINT NOT NULL, weight VARCHAR NOT NULL,
    share VARCHAR NOT NULL, floor_minor BIGINT NOT NULL, flags VARCHAR NOT NULL, segment_start_on DATE NOT NULL,
    segment_end_on DATE NOT NULL, method VARCHAR NOT NULL, usage_base BIGINT NOT NULL, contribution_base BIGINT NOT NULL,
    days INTEGER NOT NULL, formula VARCHAR NOT NULL`,
  carried_text: `${RUN}, vendor VARCHAR NOT NULL, account VARCHAR NOT NULL, invoice VARCHAR NOT NULL, currency VARCHAR NOT NULL,
    service VARCHAR NOT NULL, person VARCHAR NOT NULL, cost_centre VARCHAR NOT NULL, project VARCHAR NOT NULL,
    pool VARCHAR NOT NULL, component VARCHAR NOT NULL, category VARCHAR NOT NULL, usage_type VARCHAR NOT NULL,
    flag VARCHAR NOT NULL, actual_minor BIGINT NOT NULL, adjusted_minor BIGINT NOT NULL`,
  used_text: `${RUN}, vendor VARCHAR NOT NULL, account VARCHAR NOT NULL, service VARCHAR NOT NULL, person VARCHAR NOT NULL,
    cost_centre VARCHAR NOT NULL, project VARCHAR NOT NULL, pool VARCHAR NOT NULL, usage_type VARCHAR NOT NULL,
    zone VARCHAR NOT NULL, time_band VARCHAR NOT NULL, network VARCHAR NOT NULL, quantity_base BIGINT NOT NULL`,
} as const
export type TextTable = keyof typeof TEXT_TABLES

/** `unused`: a bit of `flags_no`. */
export function flagBit(flag: (typeof ALLOCATION_FLAGS)[number]): number {
  return 1 << ALLOCATION_FLAGS.indexOf(flag)
}

/** The flags of `flags_no` of rows `r` in their order, with spaces between. */
export const FLAGS = `trim(${ALLOCATION_FLAGS.map((flag, bit) => `CASE WHEN r.flags_no & ${1 << bit} <> 0 THEN '${flag} ' ELSE '' END`).join(' || ')})`

/** weight / total of weights with 9 decimals, rounded half up, as core's `formatShare`; integers alone, and no money. */
const SCALED = '((2 * r.weight::HUGEINT * 1000000000 + p.weight_total) // (2 * p.weight_total::HUGEINT))'
const SHARE = `CASE WHEN p.weight_total = 0 THEN '0.000000000'
  ELSE (${SCALED} // 1000000000)::VARCHAR || '.' || lpad((${SCALED} % 1000000000)::VARCHAR, 9, '0') END`

/** Columns without tenant and run; over `database`, `''` for the warehouse itself, whose rows are of many runs. */
type ViewParts = { readonly select: string; readonly columns: ReadonlyArray<string> }
type Join = (table: ResultTable, alias: string, ...keys: ReadonlyArray<string>) => string

const VIEWS: Readonly<Record<ResultView, (join: Join) => ViewParts>> = {
  /**
   * One row per pool, policy, component, currency and service (spec, allocation, "Arithmetic"); '' for a charge on nobody,
   * for *unused* and for *unallocated*, told apart by the flags. segment_*: the days of the pool's window that the row is
   * about. `weight` is an exact integer or fraction (`200`, `1/3`).
   */
  allocation: (join) => ({
    columns: [
      ...['pool', 'policy', 'component', 'currency', 'service', 'actual_minor', 'adjusted_minor', 'weight', 'share'],
      ...[
        'floor_minor',
        'flags',
        'segment_start_on',
        'segment_end_on',
        'method',
        'usage_base',
        'contribution_base',
        'days',
      ],
    ],
    select: `p.pool, p.policy, p.component, p.currency, s.service, r.actual_minor, r.adjusted_minor,
      coalesce(w.weight, r.weight::VARCHAR) AS weight, coalesce(w.share, ${SHARE}) AS share, r.floor_minor, ${FLAGS} AS flags,
      p.segment_start_on, p.segment_end_on, p.method, r.usage_base, r.contribution_base, r.days
      FROM ${join('allocation_row', 'r')} ${join('run_part', 'p', 'part_no')} ${join('run_service', 's', 'service_no')}
      ${join('run_weight', 'w', 'part_no', 'service_no', 'flags_no')}`,
  }),
  /**
   * Who carries what: one row per charge-bearing combination. Actual and adjusted stand in the same row so that any sum of
   * the one can be laid beside the same sum of the other. `pool` and `component` are '' for retained charges; person,
   * cost_centre and project where nobody owns the service (shown as `unassigned`).
   */
  carried: (join) => ({
    columns: [
      ...[
        'vendor',
        'account',
        'invoice',
        'currency',
        'service',
        'person',
        'cost_centre',
        'project',
        'pool',
        'component',
      ],
      ...['category', 'usage_type', 'flag', 'actual_minor', 'adjusted_minor'],
    ],
    select: `b.vendor, b.account, b.invoice, k.currency, s.service, o.person, o.cost_centre, o.project, n.pool, n.component,
      k.category, k.usage_type, ${FLAGS} AS flag, r.actual_minor, r.adjusted_minor
      FROM ${join('carried_row', 'r')} ${join('run_bill', 'b', 'bill_no')} ${join('run_charge_kind', 'k', 'sort_no')}
      ${join('run_service', 's', 'service_no')} ${join('run_owner', 'o', 'owner_no')} ${join('run_component', 'n', 'name_no')}`,
  }),
  /** Usage that counted in a period: one row per account, service, person, cost centre, project, pool and usage class. */
  used: (join) => ({
    columns: [
      ...[
        'vendor',
        'account',
        'service',
        'person',
        'cost_centre',
        'project',
        'pool',
        'usage_type',
        'zone',
        'time_band',
      ],
      ...['network', 'quantity_base'],
    ],
    select: `c.vendor, c.account, s.service, o.person, o.cost_centre, o.project, l.pool, c.usage_type, c.zone, c.time_band,
      c.network, r.quantity_base
      FROM ${join('used_row', 'r')} ${join('run_usage_class', 'c', 'class_no')} ${join('run_service', 's', 'service_no')}
      ${join('run_owner', 'o', 'owner_no')} ${join('run_pool', 'l', 'pool_no')}`,
  }),
}
export const RESULT_VIEWS = ['allocation', 'carried', 'used'] as const
export type ResultView = (typeof RESULT_VIEWS)[number]

/** The columns of a view but for tenant and run. */
export function viewColumns(view: ResultView): ReadonlyArray<string> {
  return VIEWS[view](() => '').columns
}

/**
 * The view over the warehouse's tables, those of version 1 among them. Every number has one name, so that a LEFT JOIN gives
 * the rows of a JOIN; but only of JOINs may DuckDB conclude that two tables of names have their run in common, and join these.
 */
export function storedViewSql(view: ResultView): string {
  const { select, columns } = VIEWS[view]((table, alias, ...keys) => {
    const rows = isNumbered(table) ? `(${numberedViewSql(table)})` : table
    if (keys.length === 0) return `${rows} AS ${alias}`
    return `LEFT JOIN ${rows} AS ${alias} ON ${['tenant', 'run', ...keys].map((key) => `${alias}.${key} = r.${key}`).join(' AND ')}`
  })
  return `SELECT r.tenant, r.run, ${select} UNION ALL SELECT tenant, run, ${columns.join(', ')} FROM ${view}_text`
}

type RowsOfView = {
  /** The run's own number. */
  readonly runNo: number
  readonly where: string
  /** A condition on service_no that all of its services meet. */
  readonly services: string
  /** The same on part_no, of an allocation. */
  readonly parts?: string
}

/** The view of one run, of those of its rows that `where` names by their numbers; its columns without tenant and run. Binds $tenant and $run. */
export function rowsOfViewSql(view: ResultView, { runNo, where, services, parts }: RowsOfView): string {
  const ofRun = (table: ResultTable) => (isNumbered(table) ? `run_no = ${runNo}` : 'tenant = $tenant AND run = $run')
  const { select } = VIEWS[view]((table, alias, ...keys) => {
    const stored = `SELECT * FROM ${storedTable(table)} WHERE ${ofRun(table)}`
    if (keys.length === 0) return `(${stored} AND ${where}) AS ${alias}`
    // Of a million services, and of the parts of all pools, those alone that are shown, lest all are put in a table to join them.
    const few = table === 'run_service' ? services : keys.includes('part_no') ? parts : undefined
    return `LEFT JOIN (${stored}${few === undefined ? '' : ` AND ${few}`}) AS ${alias} ON ${keys.map((key) => `${alias}.${key} = r.${key}`).join(' AND ')}`
  })
  return `SELECT ${select}`
}

/** The view over the one run that a scratch database holds. */
export function computedViewSql(view: ResultView, scratch: string): string {
  const { select } = VIEWS[view]((table, alias, ...keys) => {
    const named = `${scratch}.${table} AS ${alias}`
    return keys.length === 0
      ? named
      : `LEFT JOIN ${named} ON ${keys.map((key) => `${alias}.${key} = r.${key}`).join(' AND ')}`
  })
  return `SELECT ${select}`
}
