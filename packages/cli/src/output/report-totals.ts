// The lines under a table: what its amounts come to, one line a currency. Exact, over all rows, those not shown too.
import { formatAmount, invariant, parseAmount, type ReportColumn, type ReportRow } from '@spillway/core'

/** Per currency the sum of each amount column in minor units; null for other columns. */
export type Totals = Map<string, (bigint | null)[]>

/** Adds a row; its amounts are decimal texts of its currency, empty where unknown. */
export function addToTotals(
  totals: Totals,
  { columns, row }: { readonly columns: ReadonlyArray<ReportColumn>; readonly row: ReportRow },
): void {
  const currency = row[columns.findIndex(({ key }) => key === 'currency')]
  invariant(currency !== undefined, 'a report with totals has currencies', { columns })
  const sums = totals.get(currency) ?? columns.map(({ kind }) => (kind === 'amount' ? 0n : null))
  totals.set(
    currency,
    sums.map((sum, index) => {
      const cell = row[index]
      if (sum === null || cell === undefined || cell === '') return sum
      const reading = parseAmount(cell, currency)
      invariant(reading.ok, 'an amount of a report is a decimal of its currency', { cell, currency })
      return sum + reading.minor
    }),
  )
}

/** Rows for the table: `Total` in the first column, the currency, and the sums. */
export function drawTotals(totals: Totals, columns: ReadonlyArray<ReportColumn>): ReportRow[] {
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
