// What the amounts of a report come to, one sum a currency: below a table and at the end of a sheet. Exact, over all rows.
import { invariant } from '../invariant.ts'
import { formatAmount, parseAmount } from '../money/amount.ts'
import type { ReportColumn, ReportRow } from '../ports/report.ts'

/** Per currency the sum of each amount column in minor units; null for other columns, and where no amount is known. */
export type ReportTotals = Map<string, (bigint | null)[]>

/**
 * Adds a row; its amounts are decimal texts of its currency, empty where unknown. A row without a currency has no amount
 * and adds nothing. @throws Bug for any other text.
 */
export function addToTotals(
  totals: ReportTotals,
  { columns, row }: { readonly columns: ReadonlyArray<ReportColumn>; readonly row: ReportRow },
): void {
  const currency = row[columns.findIndex(({ key }) => key === 'currency')]
  invariant(currency !== undefined, 'a report with totals has currencies', { columns })
  if (currency === '') return
  const sums = totals.get(currency) ?? columns.map(() => null)
  totals.set(
    currency,
    sums.map((sum, index) => {
      const cell = row[index]
      if (columns[index]?.kind !== 'amount' || cell === undefined || cell === '') return sum
      const reading = parseAmount(cell, currency)
      invariant(reading.ok, 'an amount of a report is a decimal of its currency', { cell, currency })
      return (sum ?? 0n) + reading.minor
    }),
  )
}

/** Rows in the report's columns: `Total` in the first one, the currency, and the sums; in the order of the currencies. */
export function toTotalRows(totals: ReportTotals, columns: ReadonlyArray<ReportColumn>): ReportRow[] {
  return [...totals]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, sums]) =>
      columns.map(({ key }, index) => {
        const sum = sums[index]
        if (sum !== null && sum !== undefined) return formatAmount(sum, currency)
        if (index === 0) return 'Total'
        return key === 'currency' ? currency : ''
      }),
    )
}
