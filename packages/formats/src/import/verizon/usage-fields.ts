// The columns of a usage row that the vendor's bills leave empty, and the span of a monthly summary.
import { dayNumber, type LocalDate } from '@spillway/core'
import type { Bill } from './row-reading.ts'

const MICROSECONDS_PER_DAY = 86_400_000_000

/** Midnight at the start of a day, as wall-clock microseconds. */
export function wallMidnight(date: LocalDate): number {
  return dayNumber(date) * MICROSECONDS_PER_DAY
}

/** What no file of the download says of a use. */
export const UNSAID = {
  fact: 'usage',
  isWallTime: true,
  accountCode: '',
  peer: '',
  app: '',
  pool: '',
  participants: null,
} as const

/** A summary spans its bill's period, in the account's own time zone. */
export function summaryUsageFields(bill: Bill) {
  return {
    ...UNSAID,
    account: bill.account,
    startedAt: wallMidnight(bill.period.startOn),
    endedAt: wallMidnight(bill.period.endOn),
    cycleOn: bill.period.startOn,
  }
}
