// The tables of what rating and billing write: one run's rows, named as people name them. What counts is what the catalog
// names as the run of its period, as for the results of allocation (result-tables.ts).

const RUN = 'tenant VARCHAR NOT NULL, run VARCHAR NOT NULL'

export const RATED_TABLES = {
  /**
   * One row per account, service, usage class, bucket, tier and billing period of the account that is billed. Out of
   * bucket `bucket` is '' and `tier` 0.
   */
  rated: `${RUN}, account VARCHAR NOT NULL, service VARCHAR NOT NULL, usage_class VARCHAR NOT NULL, bucket VARCHAR NOT NULL,
    tier INTEGER NOT NULL, billed_to VARCHAR NOT NULL, period_start_on DATE NOT NULL, currency VARCHAR NOT NULL,
    quantity_base BIGINT NOT NULL, amount_minor BIGINT NOT NULL`,
  /**
   * One row per bucket of a holder, period and tier. `size_base` is '' without end; instants are ISO texts, '' for none:
   * without end, or not run out.
   */
  bucket_history: `${RUN}, holder_on VARCHAR NOT NULL, account VARCHAR NOT NULL, holder VARCHAR NOT NULL, bucket VARCHAR NOT NULL,
    start_at VARCHAR NOT NULL, until_at VARCHAR NOT NULL, tier INTEGER NOT NULL, size_base VARCHAR NOT NULL,
    rolled_in_base BIGINT NOT NULL, drawn_base BIGINT NOT NULL, ran_out_at VARCHAR NOT NULL`,
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
    about VARCHAR NOT NULL, currency VARCHAR NOT NULL, amount_minor BIGINT NOT NULL`,
} as const
export type RatedTable = keyof typeof RATED_TABLES
