// What an import is about: vendors, accounts, invoices and days, of rows that are staged or stored. Adds nothing up.
import { compareBytes, type LocalDate, monthsIn } from '@spillway/core'
import { type BillDates, periodOfBill } from '../../queries/bill-period.ts'
import type { Warehouse } from '../../warehouse/warehouse.ts'

const NAMES_MAX = 20
const MONTHS_MAX = 120

export type ImportCover = {
  /** The first in the order of their names. */
  readonly vendors: ReadonlyArray<string>
  readonly accounts: ReadonlyArray<string>
  readonly accountCount: number
  readonly invoiceCount: number
  /** Days of its bills and usage, half-open; null where it has neither. */
  readonly from: LocalDate | null
  readonly until: LocalDate | null
  /** Periods that its bills belong to, or in which its usage was. */
  readonly months: ReadonlyArray<string>
}

/** Relations with the columns of the tables; undefined where there is no such row. Their text may use `$tenant`. */
export type CoverRelations = {
  readonly charge?: string | undefined
  readonly invoice_total?: string | undefined
  readonly usage?: string | undefined
}

export async function coverOf(
  { warehouse, tenant }: { readonly warehouse: Warehouse; readonly tenant: string },
  relations: CoverRelations,
): Promise<ImportCover> {
  const { charge, invoice_total: total, usage } = relations
  const bills = [charge, total].filter((one) => one !== undefined)
  const parameters = [charge, total, usage].some((one) => one?.includes('$tenant')) ? { tenant } : undefined
  // One row per invoice and set of dates.
  const billed = bills.map(
    (one) =>
      `SELECT DISTINCT vendor, account, invoice, period_start_on, period_end_on, issued_on, period_by FROM ${one}`,
  )
  // One row per account of usage.
  const used =
    usage === undefined
      ? []
      : [
          `SELECT account, min(started_at)::DATE AS first_on, max(coalesce(ended_at, started_at))::DATE AS last_on
           FROM ${usage} GROUP BY account`,
        ]
  const dates = bills.length === 0 ? [] : await warehouse.rows<BillDates>(datesSql(billed), parameters)
  const names = async (column: 'vendor' | 'account', parts: ReadonlyArray<string>) => {
    if (parts.length === 0) return { names: [], count: 0 }
    const of = parts.map((part) => `SELECT ${column} AS name FROM (${part})`).join(' UNION ')
    const rows = await warehouse.rows<{ name: string; names: bigint }>(
      `WITH found AS MATERIALIZED (SELECT name FROM (${of}) WHERE name <> '')
       SELECT name, (SELECT count(*) FROM found) AS names FROM found ORDER BY name LIMIT ${NAMES_MAX}`,
      parameters,
    )
    return { names: rows.map(({ name }) => name), count: rows[0] === undefined ? 0 : Number(rows[0].names) }
  }
  const accounts = await names('account', [...billed, ...used])
  const days = used.length === 0 ? [] : await warehouse.rows<UsedDays>(usedSql(used), parameters)
  return {
    vendors: (await names('vendor', billed)).names,
    accounts: accounts.names,
    accountCount: accounts.count,
    invoiceCount: billed.length === 0 ? 0 : await countInvoices(warehouse, billed, parameters),
    ...spanOf(dates, days),
    months: monthsOf(dates, days),
  }
}

type UsedDays = { readonly first_on: LocalDate | null; readonly until_on: LocalDate | null }

/** One row per set of dates that bills have. */
const datesSql = (billed: ReadonlyArray<string>) =>
  `SELECT DISTINCT period_start_on, period_end_on, issued_on, period_by FROM (${billed.join(' UNION ')}) ORDER BY ALL`

/** One row: the first day of usage, and the day after the last. */
const usedSql = ([used]: ReadonlyArray<string>) =>
  `SELECT min(first_on) AS first_on, (max(last_on) + 1)::DATE AS until_on FROM (${used})`

async function countInvoices(
  warehouse: Warehouse,
  billed: ReadonlyArray<string>,
  parameters: { tenant: string } | undefined,
): Promise<number> {
  const { invoices } = await warehouse.row<{ invoices: bigint }>(
    `SELECT count(DISTINCT (vendor, account, invoice)) AS invoices FROM (${billed.join(' UNION ')})`,
    parameters,
  )
  return Number(invoices)
}

function spanOf(dates: ReadonlyArray<BillDates>, days: ReadonlyArray<UsedDays>): Pick<ImportCover, 'from' | 'until'> {
  const starts = [...dates.map((one) => one.period_start_on), ...days.map((one) => one.first_on)]
  const ends = [...dates.map((one) => one.period_end_on), ...days.map((one) => one.until_on)]
  const known = (list: ReadonlyArray<string | null>) => list.filter((one) => one !== null).sort(compareBytes)
  return {
    from: (known(starts)[0] ?? null) as LocalDate | null,
    until: (known(ends).at(-1) ?? null) as LocalDate | null,
  }
}

function monthsOf(dates: ReadonlyArray<BillDates>, days: ReadonlyArray<UsedDays>): string[] {
  const months = new Set(dates.map(periodOfBill))
  for (const { first_on: first, until_on: until } of days) {
    if (first === null || until === null) continue
    let count = 0
    for (const { name } of monthsIn({ startOn: first, endOn: until })) {
      if (count === MONTHS_MAX) break
      months.add(name)
      count += 1
    }
  }
  return [...months].sort(compareBytes).slice(0, MONTHS_MAX)
}
