// Where a row that names an invoice leads; vendor and account go along, as two vendors may use one number.
import type { ReportRow } from '../api/use-report.ts'
import type { RowLink } from './rows-table.tsx'

export function invoiceLink({ vendor, account, invoice, period }: ReportRow): RowLink | undefined {
  if (!invoice) return undefined
  return {
    to: `/bills/${encodeURIComponent(invoice)}`,
    search: {
      ...(period ? { period } : {}),
      where: [`vendor=${vendor ?? ''}`, `account=${account ?? ''}`],
    },
  }
}
