// The tables of what rating and billing write, and the views that show rows of numbers with their names. What counts is what
// the catalog names as the run of its period, as for the results of allocation (result-tables.ts).

import { literal } from './sql-literal.ts'

const RUN = 'tenant VARCHAR NOT NULL, run VARCHAR NOT NULL'

/**
 * Columns of `customer_bill_line` that version 4 added, NULL in lines of before: the quantity of usage lines, and the share
 * plan that the line is of, '' for none, and where the plan is not shown on bills.
 */
export const ADDED_BILL_LINE_COLUMNS = ['quantity_base BIGINT', 'plan VARCHAR'] as const
const LINE_SINCE_4 = ADDED_BILL_LINE_COLUMNS.join(', ')

/** In place of an instant or a size that there is not; far from any that there is, and a safe integer. */
export const NONE = -9_007_199_254_740_991
/** In place of a size above what a BIGINT holds; it stands in `history_size`. */
export const WIDE = NONE + 1

/** Rows of integers, and the names behind their numbers once per run, as those of allocation (result-tables.ts). */
const NUMBER_TABLES = {
  rated_row: `${RUN}, service_no INTEGER NOT NULL, class_no INTEGER NOT NULL, bucket_no INTEGER NOT NULL, tier INTEGER NOT NULL,
    bill_no INTEGER NOT NULL, quantity_base BIGINT NOT NULL, amount_minor BIGINT NOT NULL`,
  /** `holder_no` is a service's where the bucket came with it. Instants are UTC microseconds. */
  history_row: `${RUN}, holder_no INTEGER NOT NULL, bucket_no INTEGER NOT NULL, start_micros BIGINT NOT NULL,
    until_micros BIGINT NOT NULL, tier INTEGER NOT NULL, size_base BIGINT NOT NULL, rolled_in_base BIGINT NOT NULL,
    drawn_base BIGINT NOT NULL, ran_out_micros BIGINT NOT NULL`,
  /** Everything that was sold, used or not. */
  rated_service: `${RUN}, service_no INTEGER NOT NULL, account VARCHAR NOT NULL, service VARCHAR NOT NULL`,
  rated_class: `${RUN}, class_no INTEGER NOT NULL, usage_class VARCHAR NOT NULL`,
  /** 0 is out of bucket. */
  rated_bucket: `${RUN}, bucket_no INTEGER NOT NULL, bucket VARCHAR NOT NULL`,
  /** Accounts that can be billed, with the billing period that the run bills. */
  rated_bill: `${RUN}, bill_no INTEGER NOT NULL, billed_to VARCHAR NOT NULL, period_start_on DATE NOT NULL, currency VARCHAR NOT NULL`,
  /** Holders that are no services. */
  rated_holder: `${RUN}, holder_no INTEGER NOT NULL, holder_on VARCHAR NOT NULL, account VARCHAR NOT NULL, holder VARCHAR NOT NULL`,
  history_size: `${RUN}, holder_no INTEGER NOT NULL, bucket_no INTEGER NOT NULL, start_micros BIGINT NOT NULL,
    tier INTEGER NOT NULL, size_base VARCHAR NOT NULL`,
} as const

/** What version 3 of the warehouse stored, with the names in every row: read and proved, never written again. */
const TEXT_TABLES = {
  rated_text: `${RUN}, account VARCHAR NOT NULL, service VARCHAR NOT NULL, usage_class VARCHAR NOT NULL, bucket VARCHAR NOT NULL,
    tier INTEGER NOT NULL, billed_to VARCHAR NOT NULL, period_start_on DATE NOT NULL, currency VARCHAR NOT NULL,
    quantity_base BIGINT NOT NULL, amount_minor BIGINT NOT NULL`,
  bucket_history_text: `${RUN}, holder_on VARCHAR NOT NULL, account VARCHAR NOT NULL, holder VARCHAR NOT NULL, bucket VARCHAR NOT NULL,
    start_at VARCHAR NOT NULL, until_at VARCHAR NOT NULL, tier INTEGER NOT NULL, size_base VARCHAR NOT NULL,
    rolled_in_base BIGINT NOT NULL, drawn_base BIGINT NOT NULL, ran_out_at VARCHAR NOT NULL`,
} as const

const WRITTEN_TABLES = {
  ...NUMBER_TABLES,
  /** One row per bucket of a holder, period and share of its capacity that was reached; `exhausted_at` is '' for not in it. */
  bucket_alert: `${RUN}, holder_on VARCHAR NOT NULL, account VARCHAR NOT NULL, holder VARCHAR NOT NULL, bucket VARCHAR NOT NULL,
    start_at VARCHAR NOT NULL, share_percent INTEGER NOT NULL, capacity_base VARCHAR NOT NULL, drawn_base VARCHAR NOT NULL,
    exhausted_at VARCHAR NOT NULL, is_projected BOOLEAN NOT NULL`,
  /** What one run takes over from the one before, and leaves to the next: `place` is opening or closing; `body` is JSON. */
  rating_state: `${RUN}, place VARCHAR NOT NULL, kind VARCHAR NOT NULL, account VARCHAR NOT NULL, name VARCHAR NOT NULL,
    body VARCHAR NOT NULL`,
  /** One row per corrected period of an account that is billed and service: what late usage owes to it. */
  rating_adjustment: `${RUN}, account VARCHAR NOT NULL, service VARCHAR NOT NULL, billed_to VARCHAR NOT NULL,
    corrected_on DATE NOT NULL, currency VARCHAR NOT NULL, amount_minor BIGINT NOT NULL`,
  /** One row per account and billing period with anything to bill. */
  customer_bill: `${RUN}, number VARCHAR NOT NULL, account VARCHAR NOT NULL, period_start_on DATE NOT NULL, period_end_on DATE NOT NULL,
    currency VARCHAR NOT NULL, total_minor BIGINT NOT NULL`,
  /** One row per bill, account and service, kind of charge, and what it is for: a usage class, a product or a period. */
  customer_bill_line: `${RUN}, number VARCHAR NOT NULL, account VARCHAR NOT NULL, service VARCHAR NOT NULL, kind VARCHAR NOT NULL,
    about VARCHAR NOT NULL, currency VARCHAR NOT NULL, amount_minor BIGINT NOT NULL, ${LINE_SINCE_4}`,
} as const

/** The tables as everybody reads them; of those with many rows this is a view, see {@link storedRatedTable}. */
export const RATED_TABLES = { ...WRITTEN_TABLES, ...TEXT_TABLES } as const
export type RatedTable = keyof typeof RATED_TABLES

/** With the number of the run in place of tenant and run, for the reason that result-tables.ts gives. */
const NUMBERED = ['history_row', 'rated_row', 'rated_service'] as const
export type NumberedRatedTable = (typeof NUMBERED)[number]
export const NUMBERED_RATED_TABLES: ReadonlyArray<NumberedRatedTable> = NUMBERED

export function isNumberedRated(table: string): table is NumberedRatedTable {
  return (NUMBERED as ReadonlyArray<string>).includes(table)
}

/** Where the rows are written. */
export function storedRatedTable(table: RatedTable): string {
  return isNumberedRated(table) ? `${table}_stored` : table
}

/** Every table of rating as it is made. */
export const STORED_RATED_TABLES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(RATED_TABLES).map(([table, columns]) => [
    storedRatedTable(table as RatedTable),
    isNumberedRated(table) ? columns.replace(RUN, 'run_no INTEGER NOT NULL') : columns,
  ]),
)

/** The rows with the tenant and the run that their number stands for. */
export function numberedRatedViewSql(table: NumberedRatedTable): string {
  return `SELECT n.tenant, n.run, r.* EXCLUDE (run_no) FROM ${storedRatedTable(table)} AS r JOIN run_number AS n ON n.run_no = r.run_no`
}

/** Those that a run writes, in the order of their names. */
export const WRITTEN_RATED_TABLES = Object.keys(WRITTEN_TABLES).sort() as ReadonlyArray<keyof typeof WRITTEN_TABLES>

export const RATED_VIEWS = ['rated', 'bucket_history'] as const
export type RatedView = (typeof RATED_VIEWS)[number]

/** Whether its rows are integers alone. */
export function isOfNumbers(table: RatedTable): boolean {
  return table === 'rated_row' || table === 'history_row'
}

/** The columns of a view but for tenant and run. */
export function ratedViewColumns(view: RatedView): ReadonlyArray<string> {
  const columns = TEXT_TABLES[`${view}_text`].split(',').map((column) => column.trim().split(/\s+/)[0] as string)
  return columns.filter((column) => column !== 'tenant' && column !== 'run')
}

const SECOND = 1_000_000
/** ISO, to the second or as exact as it is; '' for none. */
function instantSql(micros: string): string {
  const fraction = `((${micros} % ${SECOND}) + ${SECOND}) % ${SECOND}`
  return `CASE ${micros} WHEN ${NONE} THEN '' ELSE strftime(make_timestamp(${micros}), '%Y-%m-%dT%H:%M:%S')
    || CASE ${fraction} WHEN 0 THEN '' ELSE '.' || lpad((${fraction})::VARCHAR, 6, '0') END || 'Z' END`
}

type Join = (table: RatedTable, alias: string, ...keys: ReadonlyArray<string>) => string

const VIEWS: Readonly<Record<RatedView, (join: Join) => string>> = {
  /**
   * One row per account, service, usage class, bucket, tier and billing period of the account that is billed. Out of
   * bucket `bucket` is '' and `tier` 0.
   */
  rated: (join) => `s.account, s.service, c.usage_class, b.bucket, r.tier, l.billed_to, l.period_start_on, l.currency,
      r.quantity_base, r.amount_minor
    FROM ${join('rated_row', 'r')} ${join('rated_service', 's', 'service_no')} ${join('rated_class', 'c', 'class_no')}
    ${join('rated_bucket', 'b', 'bucket_no')} ${join('rated_bill', 'l', 'bill_no')}`,
  /**
   * One row per bucket of a holder, period and tier. `size_base` is '' without end; instants are ISO texts, '' for none:
   * without end, or not run out.
   */
  bucket_history: (join) => `coalesce(h.holder_on, 'service') AS holder_on, coalesce(h.account, s.account) AS account,
      coalesce(h.holder, s.service) AS holder, b.bucket, ${instantSql('r.start_micros')} AS start_at,
      ${instantSql('r.until_micros')} AS until_at, r.tier,
      CASE r.size_base WHEN ${NONE} THEN '' WHEN ${WIDE} THEN z.size_base ELSE r.size_base::VARCHAR END AS size_base,
      r.rolled_in_base, r.drawn_base, ${instantSql('r.ran_out_micros')} AS ran_out_at
    FROM ${join('history_row', 'r')} ${join('rated_bucket', 'b', 'bucket_no')}
    ${join('rated_service', 's', 'service_no = holder_no')} ${join('rated_holder', 'h', 'holder_no')}
    ${join('history_size', 'z', 'holder_no', 'bucket_no', 'start_micros', 'tier')}`,
}

/** `a = b` is two columns; one alone is that of both sides. */
function onKeys(alias: string, keys: ReadonlyArray<string>): string {
  return keys
    .map((key) => {
      const [named, numbered = named] = key.split(' = ')
      return `${alias}.${named} = r.${numbered}`
    })
    .join(' AND ')
}

/** Over the warehouse's tables, those of version 3 among them; LEFT JOIN for the reason that result-tables.ts gives. */
export function storedRatedViewSql(view: RatedView): string {
  const select = VIEWS[view]((table, alias, ...keys) => {
    const rows = isNumberedRated(table) ? `(${numberedRatedViewSql(table)})` : table
    return keys.length === 0
      ? `${rows} AS ${alias}`
      : `LEFT JOIN ${rows} AS ${alias} ON ${onKeys(alias, ['tenant', 'run', ...keys])}`
  })
  return `SELECT r.tenant, r.run, ${select} UNION ALL SELECT tenant, run, ${ratedViewColumns(view).join(', ')} FROM ${view}_text`
}

export type RatedRowsOf = {
  /** The run's own. */
  readonly runNo: number
  readonly of: RatedSubject
  /** All that the subject's services can be on, where somebody knows them: names are stored by account, and others are passed by. */
  readonly accounts?: ReadonlyArray<string> | undefined
}

/** Of more accounts no block is passed by. */
const ACCOUNTS_MAX = 20

/**
 * What all rows are of: one, bound as `$account` or `$service`, or the services of a relation that has a column of that name. Of
 * `bucket_history` an account.
 */
export type RatedSubject = 'account' | 'service' | { readonly servicesIn: string }

/** The condition on the names of rows. */
export function isOfSubjectSql(of: RatedSubject): string {
  return typeof of === 'string' ? `${of} = $${of}` : `service IN (SELECT service FROM ${of.servicesIn})`
}

/**
 * The rows that the view of a run has of its subject, which is looked for among names first, and rows are read by their numbers.
 * The view's columns without tenant and run; binds $tenant and $run.
 */
export function ratedRowsOfSql(view: RatedView, { runNo, of, accounts }: RatedRowsOf): string {
  const isOf = isOfSubjectSql(of)
  const isNear = accounts !== undefined && accounts.length <= ACCOUNTS_MAX
  const among = isNear ? `AND account IN (${accounts.map(literal).join(', ') || 'NULL'})` : ''
  const rowsOf = (table: RatedTable) =>
    `SELECT * FROM ${storedRatedTable(table)} WHERE ${isNumberedRated(table) ? `run_no = ${runNo}` : 'tenant = $tenant AND run = $run'}`
  const services = `${rowsOf('rated_service')} AND ${isOf} ${among}`
  const holders = of === 'account' ? ` UNION ALL SELECT holder_no FROM (${rowsOf('rated_holder')} AND ${isOf})` : ''
  const numbers = `SELECT service_no FROM (${services})${holders}`
  const select = VIEWS[view]((table, alias, ...keys) => {
    if (keys.length > 0)
      return `LEFT JOIN (${table === 'rated_service' ? services : rowsOf(table)}) AS ${alias} ON ${onKeys(alias, keys)}`
    return `(${rowsOf(table)} AND ${table === 'history_row' ? 'holder_no' : 'service_no'} IN (${numbers})) AS ${alias}`
  })
  const columns = ratedViewColumns(view).join(', ')
  return `SELECT ${columns} FROM (SELECT ${select}) UNION ALL
    SELECT ${columns} FROM ${view}_text WHERE tenant = $tenant AND run = $run AND ${isOf}`
}

/** Over the one run that a scratch database holds. */
export function computedRatedViewSql(view: RatedView, scratch: string): string {
  const select = VIEWS[view]((table, alias, ...keys) =>
    keys.length === 0
      ? `${scratch}.${table} AS ${alias}`
      : `LEFT JOIN ${scratch}.${table} AS ${alias} ON ${onKeys(alias, keys)}`,
  )
  return `SELECT ${select}`
}
