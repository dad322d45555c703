// A bill of 20,000 lines on 50 invoices and 20,000 usage rows, the same every time.
import { charge, total, usage } from './test-facts.ts'
import type { TestFile } from './test-intake.ts'

export const KILLED_ROWS = { invoices: 50, linesPerInvoice: 400, usage: 20_000 }

export function killedBill(): TestFile {
  const { invoices, linesPerInvoice, usage: events } = KILLED_ROWS
  const numbers = Array.from({ length: invoices }, (_, index) => `INV-${index}`)
  const charges = numbers.flatMap((invoice) =>
    Array.from({ length: linesPerInvoice }, (_, line) => charge({ invoice, line: String(line), amountMinor: 10n })),
  )
  const totals = numbers.map((invoice) => total({ invoice, totalMinor: BigInt(linesPerInvoice) * 10n }))
  const used = Array.from({ length: events }, (_, id) => usage({ id: `u${id}` }))
  return {
    parts: [
      { member: 'charges', rows: [...charges, ...totals] },
      { member: 'usage', rows: used },
    ],
  }
}
