// The columns of a usage row that the vendor's bills leave empty, and the span of a monthly summary.
import { wallMidnight } from '../written-values.ts'
import type { Bill } from './row-reading.ts'

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
