// What a call costs and comes to, by currency, and its cells.
import { compareBytes, formatAmount } from '@spillway/core'
import type { BillableCall } from './read-billable-calls.ts'

export type BillableMoney = {
  readonly currency: string
  readonly costMinor: bigint | null
  readonly amountMinor: bigint | null
}

/** The currency of the rate first; without a rate that of the cost. */
export function moneyOf({ currency, amountMinor, costs }: BillableCall): ReadonlyArray<BillableMoney> {
  const own = { currency, amountMinor, costMinor: costs?.get(currency) ?? null }
  if (!costs || costs.size === 0) return [own]
  const others = [...costs].filter(([code]) => code !== currency).sort(([a], [b]) => compareBytes(a, b))
  const rows = others.map(([code, costMinor]): BillableMoney => ({ currency: code, costMinor, amountMinor: null }))
  return currency === '' && rows.length > 0 ? rows : [own, ...rows]
}

export const moneyCells = ({ currency, costMinor, amountMinor }: BillableMoney) => [
  currency,
  cellOf(costMinor, currency),
  cellOf(amountMinor, currency),
]

const cellOf = (minor: bigint | null, currency: string) => (minor === null ? '' : formatAmount(minor, currency))
