// A row of accounts.csv (spec, import, "Facts"; spec, accounts).
import type { Account } from './fact.ts'
import { type CellOf, type FactReading, RowCells, type RowContext } from './read-cells.ts'

export const ACCOUNT_COLUMNS = [
  'account',
  'parent',
  'usage_invoicer',
  'name',
  'currency',
  'time_zone',
  'cycle_day',
] as const
export type AccountColumn = (typeof ACCOUNT_COLUMNS)[number]
export const ACCOUNT_REQUIRED = ['account'] as const satisfies ReadonlyArray<AccountColumn>

export function readAccount(cell: CellOf<AccountColumn>, context: RowContext<AccountColumn>): FactReading<Account> {
  const row = new RowCells(cell, context)
  const account = row.requiredId('account')
  const parent = row.id('parent')
  const usageInvoicer = row.id('usage_invoicer')
  const currency = row.currency('currency')
  const timeZone = readTimeZone(row)
  const cycleDay = row.count('cycle_day', { min: 1, max: 31 }) ?? null
  if (row.hasProblems || account === null || parent === null || usageInvoicer === null) return row.refused()
  if (currency === null || timeZone === null) return row.refused()
  const name = row.text('name')
  return {
    fact: { fact: 'account', account, parent, usageInvoicer, name, currency, timeZone, cycleDay, extra: row.extra },
  }
}

/** An IANA name, '' where not given; `+02:00` is refused, for it has no clock changes. */
function readTimeZone(row: RowCells<AccountColumn>): string | null {
  const value = row.text('time_zone')
  if (value === '' || isTimeZone(value)) return value
  const allowed = ['the IANA names, such as America/New_York, Europe/London, UTC']
  return row.report('value-unknown', { column: row.nameOf('time_zone'), value, allowed }, 'time_zone')
}

/** An IANA name; `+02:00` is none, for it has no clock changes. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
