// Questions that tests ask of what an importer yields: which facts, and how they sum.
import type { Charge, Fact, InvoiceTotal, ReadRow, Usage } from '@spillway/core'

export const factsOf = (rows: ReadonlyArray<ReadRow>): ReadonlyArray<Fact> =>
  rows.flatMap((row) => row.facts.map(({ fact }) => fact))
export const isCharge = (fact: Fact): fact is Charge => fact.fact === 'charge'
export const isTotal = (fact: Fact): fact is InvoiceTotal => fact.fact === 'invoice'
export const isUsage = (fact: Fact): fact is Usage => fact.fact === 'usage'
export const isRefused = (row: ReadRow) => row.problems.some(({ severity }) => severity === 'error')
export const sum = (amounts: ReadonlyArray<bigint>) => amounts.reduce((total, amount) => total + amount, 0n)

export const problemsOf = (rows: ReadonlyArray<ReadRow>) =>
  rows.flatMap(({ line, problems }) =>
    problems.map(({ code, severity, source }) => ({ line, code, severity, at: source?.column })),
  )

/**
 * Charges but payments, less totals, by invoice and by invoice and service; only what has a total and differs from it.
 * Of several totals of a service the last counts.
 */
export function differences(rows: ReadonlyArray<ReadRow>): Record<string, bigint> {
  const facts = factsOf(rows)
  const found = new Map<string, bigint>()
  const keyOf = (invoice: string, service: string | null) => (service === null ? invoice : `${invoice}/${service}`)
  for (const total of facts.filter(isTotal)) found.set(keyOf(total.invoice, total.service), -total.totalMinor)
  for (const { invoice, service, amountMinor, category } of facts.filter(isCharge))
    for (const key of [invoice, `${invoice}/${service}`]) {
      const known = found.get(key)
      if (known !== undefined && category !== 'payment') found.set(key, known + amountMinor)
    }
  return Object.fromEntries([...found].filter(([, minor]) => minor !== 0n))
}
