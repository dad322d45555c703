// The warehouse's tables of facts; result-tables.ts has those of results. Both are appended and never updated; what counts
// is named by the catalog: a fact row counts where its `doc` is a live document.
// Money is BIGINT minor units, usage BIGINT base units. Empty text means "not given".

/** Columns every fact begins with: tenant, the document (catalog.document.id), the place in the file. */
const FACT = `tenant VARCHAR NOT NULL, doc INTEGER NOT NULL, ordinal INTEGER NOT NULL, line INTEGER NOT NULL`
/** Columns every fact ends with: unread columns as JSON ('' for none), and md5_number_lower over all cells before it. */
const END = `extra VARCHAR NOT NULL, digest UBIGINT NOT NULL`

/** Columns of `usage` that version 4 added behind the digest, where ALTER TABLE puts them; '' for not given. */
export const ADDED_USAGE_COLUMNS = ['conference', 'participant'] as const
const USAGE_SINCE_4 = ADDED_USAGE_COLUMNS.map((column) => `${column} VARCHAR NOT NULL`).join(', ')

export const FACT_TABLES = {
  charge: `${FACT}, vendor VARCHAR NOT NULL, account VARCHAR NOT NULL, invoice VARCHAR NOT NULL, issued_on DATE,
    period_start_on DATE NOT NULL, period_end_on DATE NOT NULL, currency VARCHAR NOT NULL, invoice_line VARCHAR NOT NULL,
    service VARCHAR NOT NULL, pool VARCHAR NOT NULL, category VARCHAR NOT NULL, usage_type VARCHAR NOT NULL,
    product VARCHAR NOT NULL, description VARCHAR NOT NULL, amount_minor BIGINT NOT NULL, quantity VARCHAR NOT NULL,
    unit VARCHAR NOT NULL, period_by VARCHAR NOT NULL, ${END}`,
  // service: NULL is the invoice's own total, '' its account-level lines, else one service.
  invoice_total: `${FACT}, vendor VARCHAR NOT NULL, account VARCHAR NOT NULL, invoice VARCHAR NOT NULL, issued_on DATE,
    period_start_on DATE NOT NULL, period_end_on DATE NOT NULL, currency VARCHAR NOT NULL, service VARCHAR,
    total_minor BIGINT NOT NULL, period_by VARCHAR NOT NULL, ${END}`,
  usage: `${FACT}, source VARCHAR NOT NULL, id VARCHAR NOT NULL, account VARCHAR NOT NULL, service VARCHAR NOT NULL,
    usage_type VARCHAR NOT NULL, started_at TIMESTAMP NOT NULL, ended_at TIMESTAMP, is_wall_time BOOLEAN NOT NULL,
    quantity_base BIGINT NOT NULL, quantity VARCHAR NOT NULL, unit VARCHAR NOT NULL, zone VARCHAR NOT NULL,
    time_band VARCHAR NOT NULL, network VARCHAR NOT NULL, account_code VARCHAR NOT NULL, peer VARCHAR NOT NULL,
    app VARCHAR NOT NULL, pool VARCHAR NOT NULL, participants INTEGER, view VARCHAR NOT NULL, cycle_on DATE, ${END},
    ${USAGE_SINCE_4}`,
  pool: `${FACT}, pool VARCHAR NOT NULL, vendor VARCHAR NOT NULL, account VARCHAR NOT NULL, model VARCHAR NOT NULL,
    usage_type VARCHAR NOT NULL, allowance_base BIGINT, max_members INTEGER, zone VARCHAR NOT NULL,
    time_band VARCHAR NOT NULL, network VARCHAR NOT NULL, ${END}`,
  pool_member: `${FACT}, pool VARCHAR NOT NULL, service VARCHAR NOT NULL, contribution VARCHAR NOT NULL,
    unit VARCHAR NOT NULL, from_on DATE, to_on DATE, ${END}`,
  service: `${FACT}, service VARCHAR NOT NULL, vendor VARCHAR NOT NULL, account VARCHAR NOT NULL,
    product VARCHAR NOT NULL, service_type VARCHAR NOT NULL, person VARCHAR NOT NULL, cost_centre VARCHAR NOT NULL,
    project VARCHAR NOT NULL, from_on DATE, to_on DATE, share_ppm INTEGER, device_type VARCHAR NOT NULL, ${END}`,
  person: `${FACT}, employee VARCHAR NOT NULL, name VARCHAR NOT NULL, email VARCHAR NOT NULL, aliases VARCHAR NOT NULL,
    cost_centre VARCHAR NOT NULL, manager VARCHAR NOT NULL, from_on DATE, to_on DATE, ${END}`,
  cost_centre: `${FACT}, cost_centre VARCHAR NOT NULL, parent VARCHAR NOT NULL, name VARCHAR NOT NULL,
    gl_code VARCHAR NOT NULL, budget VARCHAR NOT NULL, ${END}`,
  project: `${FACT}, project VARCHAR NOT NULL, client VARCHAR NOT NULL, name VARCHAR NOT NULL, rate VARCHAR NOT NULL,
    increment_minutes INTEGER, from_on DATE, to_on DATE, ${END}`,
  account: `${FACT}, account VARCHAR NOT NULL, parent VARCHAR NOT NULL, usage_invoicer VARCHAR NOT NULL,
    name VARCHAR NOT NULL, currency VARCHAR NOT NULL, time_zone VARCHAR NOT NULL, cycle_day INTEGER, ${END}`,
} as const
export type FactTable = keyof typeof FACT_TABLES

/** Rows that could not be read, kept raw with their first error; one row per source row. `facts` is the problem's facts as JSON. */
const QUARANTINE = `tenant VARCHAR NOT NULL, batch VARCHAR NOT NULL, member VARCHAR NOT NULL, sheet VARCHAR NOT NULL,
  line INTEGER NOT NULL, raw VARCHAR NOT NULL, code VARCHAR NOT NULL, column_name VARCHAR NOT NULL, value VARCHAR NOT NULL,
  message VARCHAR NOT NULL, hint VARCHAR NOT NULL, facts VARCHAR NOT NULL`

export const OTHER_TABLES = { quarantine: QUARANTINE } as const
