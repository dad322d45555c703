// Which bills of a month are still to come: of accounts that billed the month before, and of those a schedule waits for.

export type BilledAccount = { readonly vendor: string; readonly account: string }
export type Billed = BilledAccount & {
  readonly invoice: string
  readonly currency: string
  readonly total: string
  readonly charges: string
}
export type MissingBill = BilledAccount & {
  /** The bills of the month before; none where only a schedule waits for it. */
  readonly before: ReadonlyArray<Billed>
  readonly isExpected: boolean
}

const keyOf = ({ vendor, account }: BilledAccount) => JSON.stringify([vendor, account])

/** In the order of vendor and account. */
export function missingOf(given: {
  readonly before: ReadonlyArray<Billed>
  readonly now: ReadonlyArray<BilledAccount>
  readonly expected: ReadonlyArray<BilledAccount>
}): ReadonlyArray<MissingBill> {
  const there = new Set(given.now.map(keyOf))
  const expected = new Set(given.expected.map(keyOf))
  const known = new Map([...given.before, ...given.expected].map((one) => [keyOf(one), one]))
  return [...known]
    .filter(([key]) => !there.has(key))
    .map(([key, { vendor, account }]) => ({
      vendor,
      account,
      before: given.before.filter((bill) => keyOf(bill) === key),
      isExpected: expected.has(key),
    }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

/** `2026-01` is after `2025-12`. */
export function monthBefore(period: string): string {
  const [year = 0, month = 1] = period.split('-').map(Number)
  return month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, '0')}`
}
