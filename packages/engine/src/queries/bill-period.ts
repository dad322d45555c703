// To which period an invoice belongs (spec, allocation, "Which period"). core decides per set of dates; SQL gives every
// line of an invoice the period of its invoice. Handed over as CTE text, so that a read-only warehouse can use it too.
import { type LocalDate, monthOf, monthOfBill } from '@spillway/core'
import { LastAsked } from '../catalog/last-asked.ts'
import type { Catalog } from '../catalog/open-catalog.ts'
import { liveDocumentsCte, runsOf } from '../warehouse/live-documents.ts'
import { literal } from '../warehouse/sql-literal.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import { boundParameters } from './bound-parameters.ts'
import { textRelationSql } from './text-relation.ts'

export type BillDates = {
  readonly period_start_on: string
  readonly period_end_on: string
  readonly issued_on: string | null
  readonly period_by: string
}

/**
 * The dates of an invoice are those of its control total where it has one, else those that most of its lines carry; a
 * tie goes to the earlier. Grain: one row per invoice and set of dates. `ofDocuments` is a condition on the fact rows `f`.
 */
export function billDatesSql(ofDocuments: string): string {
  return `SELECT vendor, account, invoice, period_start_on, period_end_on, issued_on, period_by,
         bool_or(is_total) AS is_total, count(*) AS row_count
  FROM (SELECT vendor, account, invoice, period_start_on, period_end_on, issued_on, period_by, true AS is_total
        FROM invoice_total AS f WHERE service IS NULL AND ${ofDocuments}
        UNION ALL
        SELECT vendor, account, invoice, period_start_on, period_end_on, issued_on, period_by, false
        FROM charge AS f WHERE ${ofDocuments})
  GROUP BY ALL`
}

type Held = {
  readonly catalog: Catalog
  readonly warehouse: Pick<Warehouse, 'rows'>
  readonly tenant: string
}
type Documents = ReadonlyArray<number | { readonly doc: number }>
type DatedBill = BillDates & {
  readonly vendor: string
  readonly account: string
  readonly invoice: string
  readonly is_total: boolean
  readonly row_count: bigint
}

/** More are read again by whoever asks. */
const KEPT_MAX = 5000
/** What is asked of at once: what is live, and what a few runs pinned. */
const KEPT_SETS = 8
const kept = new WeakMap<Catalog, LastAsked<string, string | null>>()

/**
 * A relation of what {@link billDatesSql} gives of documents, kept for whoever asks next, since documents do not change; null
 * where bills are many. For those who show what was closed: whoever proves it reads it again.
 */
export async function keptBillDates(
  { catalog, warehouse, tenant }: Held,
  documents: Documents,
): Promise<string | null> {
  const ids = documents.map((document) => (typeof document === 'number' ? document : document.doc))
  const key = JSON.stringify([tenant, runsOf(ids)])
  const sets = kept.get(catalog) ?? new LastAsked<string, string | null>(KEPT_SETS)
  kept.set(catalog, sets)
  const known = sets.get(key)
  if (known !== undefined) return known
  const bills = await warehouse.rows<DatedBill>(
    `WITH ${liveDocumentsCte(documents)} FROM (${billDatesSql(OF_LIVE)}) LIMIT ${KEPT_MAX + 1}`,
    { tenant },
  )
  const relation = bills.length > KEPT_MAX ? null : relationOf(bills)
  sets.set(key, relation)
  return relation
}

function relationOf(bills: ReadonlyArray<DatedBill>): string {
  const columns = [
    ...['vendor', 'account', 'invoice'].map((name) => ({ name, type: 'VARCHAR' })),
    ...['period_start_on', 'period_end_on', 'issued_on'].map((name) => ({ name, type: 'DATE' })),
    ...[
      { name: 'period_by', type: 'VARCHAR' },
      { name: 'is_total', type: 'BOOLEAN' },
      { name: 'row_count', type: 'BIGINT' },
    ],
  ]
  const rows = bills.map((bill) => [
    ...[bill.vendor, bill.account, bill.invoice, bill.period_start_on, bill.period_end_on, bill.issued_on ?? ''],
    ...[bill.period_by, String(bill.is_total), String(bill.row_count)],
  ])
  return textRelationSql({ columns, rows })
}

/** One row per invoice of `bill_dates`, with its period; needs the CTE `dated_period` (see `datedPeriodCte`). */
export const BILL = `SELECT DISTINCT ON (d.vendor, d.account, d.invoice)
         d.vendor, d.account, d.invoice, p.period, d.period_start_on, d.period_end_on, d.issued_on
  FROM bill_dates d JOIN dated_period p
    ON p.period_start_on = d.period_start_on AND p.period_end_on = d.period_end_on
   AND p.issued_on IS NOT DISTINCT FROM d.issued_on AND p.period_by = d.period_by
  ORDER BY d.vendor, d.account, d.invoice, d.is_total DESC, d.row_count DESC, d.period_start_on, d.period_end_on,
           d.issued_on, d.period_by`

const OF_LIVE = 'f.tenant = $tenant AND f.doc IN (FROM live_document)'

/**
 * CTE text that defines `live_document(doc)` and `bill(vendor, account, invoice, period, period_start_on, period_end_on,
 * issued_on)`: one row per invoice that has charges or a total among `documents`; `period` is a name such as `2026-10`.
 * The query that uses it binds `$tenant`. `keptDates`: see {@link keptBillDates}.
 */
export async function billPeriodCtes(
  { warehouse, tenant }: { readonly warehouse: Pick<Warehouse, 'rows'>; readonly tenant: string },
  documents: Documents,
  keptDates: string | null = null,
): Promise<string> {
  const dates = `${liveDocumentsCte(documents)}, bill_dates AS (${keptDates ?? billDatesSql(OF_LIVE)})`
  const sql = `WITH ${dates} ${DISTINCT_DATES}`
  const distinct = await warehouse.rows<BillDates>(sql, boundParameters(sql, { tenant }))
  return `${dates}, ${datedPeriodCte(distinct)}, bill AS (${BILL})`
}

/** The sets of dates that occur in `bill_dates`, for `datedPeriodCte`. */
export const DISTINCT_DATES =
  'SELECT DISTINCT period_start_on, period_end_on, issued_on, period_by FROM bill_dates ORDER BY ALL'

/** The month of issue where the source says so and the date is known, else the month with most of the bill's days. */
export function periodOfBill({ period_start_on, period_end_on, issued_on, period_by }: BillDates): string {
  if (period_by === 'issued' && issued_on !== null) return monthOf(issued_on as LocalDate).name
  return monthOfBill({ startOn: period_start_on as LocalDate, endOn: period_end_on as LocalDate }).name
}

/** CTE text that gives every set of dates its period. */
export function datedPeriodCte(distinct: ReadonlyArray<BillDates>): string {
  const columns = 'dated_period(period_start_on, period_end_on, issued_on, period_by, period)'
  if (distinct.length === 0)
    return `${columns} AS (SELECT NULL::DATE, NULL::DATE, NULL::DATE, NULL::VARCHAR, NULL::VARCHAR WHERE false)`
  const rows = distinct.map((dates) => {
    const issued = dates.issued_on === null ? 'NULL::DATE' : `DATE '${dates.issued_on}'`
    const by = literal(dates.period_by)
    return `(DATE '${dates.period_start_on}', DATE '${dates.period_end_on}', ${issued}, ${by}, '${periodOfBill(dates)}')`
  })
  return `${columns} AS (VALUES ${rows.join(', ')})`
}
