// What the lines of each invoice sum to against the vendor's control totals. Adds, and compares; explains nothing away:
// where several totals are known, the one that the lines do not meet is shown.

/** Relations (a table, or a query in parentheses) with the columns of `charge` and `invoice_total`. */
export type BalanceRelations = { readonly charges: string; readonly totals: string }

export type BalanceRow = {
  vendor: string
  account: string
  invoice: string
  currency: string
  /** null: there are no lines, payments apart. HUGEINT: exact. */
  charges_minor: bigint | null
  lines: bigint | null
  total_minor: bigint | null
}

/** Grain: one row per invoice and currency that has lines or a total. Payments are not charges (spec, import). */
export function invoiceBalanceSql({ charges, totals }: BalanceRelations): string {
  return `SELECT vendor, account, invoice, currency, l.charges_minor, l.lines, t.total_minor
    FROM (SELECT vendor, account, invoice, currency, sum(amount_minor) AS charges_minor, count(*) AS lines
          FROM ${charges} AS c WHERE category <> 'payment' GROUP BY ALL) AS l
    FULL JOIN (SELECT t.vendor, t.account, t.invoice, t.currency, arg_max(t.total_minor,
                 {'misses': t.total_minor IS DISTINCT FROM s.charges_minor, 'doc': t.doc, 'ordinal': t.ordinal}) AS total_minor
          FROM ${totals} AS t LEFT JOIN (
            SELECT vendor, account, invoice, currency, sum(amount_minor) AS charges_minor
            FROM ${charges} AS c WHERE category <> 'payment' GROUP BY ALL) AS s
            USING (vendor, account, invoice, currency)
          WHERE t.service IS NULL GROUP BY ALL) AS t
    USING (vendor, account, invoice, currency)
    ORDER BY vendor, account, invoice, currency`
}

export type ServiceBalanceRow = BalanceRow & { service: string }

/** Grain: one row per invoice, currency and service whose own control total its lines do not meet. */
export function serviceBalanceSql({ charges, totals }: BalanceRelations): string {
  return `SELECT t.vendor, t.account, t.invoice, t.currency, t.service, l.charges_minor, l.lines, t.total_minor
    FROM (SELECT vendor, account, invoice, currency, service, arg_max(total_minor, {'doc': doc, 'ordinal': ordinal}) AS total_minor
          FROM ${totals} AS t WHERE service IS NOT NULL GROUP BY ALL) AS t
    LEFT JOIN (SELECT vendor, account, invoice, currency, service, sum(amount_minor) AS charges_minor, count(*) AS lines
          FROM ${charges} AS c WHERE category <> 'payment' GROUP BY ALL) AS l
    USING (vendor, account, invoice, currency, service)
    WHERE coalesce(l.charges_minor, 0) <> t.total_minor
    ORDER BY ALL`
}
