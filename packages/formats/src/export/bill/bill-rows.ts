// A bill as rows of one table, for files: sections in order, each with its lines and then its calls. The column `amount` sums to
// the bill; what each call has of it stands in `call_amount`, because the usage of its class has it already.
import {
  type Bill,
  type BillCall,
  type BillSection,
  formatAmount,
  formatUsage,
  type ReportColumn,
  type ReportRow,
  type UsageType,
} from '@spillway/core'

/** Cells by the keys of {@link BILL_COLUMNS}. */
export type BillRow = Readonly<Partial<Record<BillColumnKey, string>>>

const text = (title: string) => ({ title, kind: 'text' as const })

const COLUMNS = {
  bill: text('Bill'),
  section: text('Section'),
  section_name: text('Name'),
  charge: text('Charge'),
  about: text('For'),
  account: text('Account'),
  service: text('Service'),
  start: text('Start'),
  seconds: { title: 'Seconds', kind: 'quantity' },
  participants: { title: 'People', kind: 'quantity' },
  account_code: text('Code'),
  call: text('Call'),
  quantity_base: { title: 'Base units', kind: 'quantity' },
  quantity: text('Quantity'),
  currency: text('Currency'),
  call_amount: { title: 'Of a call', kind: 'amount' },
  amount: { title: 'Amount', kind: 'amount' },
} as const satisfies Readonly<Record<string, Omit<ReportColumn, 'key'>>>

export type BillColumnKey = keyof typeof COLUMNS
export const BILL_COLUMN_KEYS = Object.keys(COLUMNS) as ReadonlyArray<BillColumnKey>
export const BILL_COLUMNS: ReadonlyArray<ReportColumn> = BILL_COLUMN_KEYS.map((key) => ({ key, ...COLUMNS[key] }))

/** How the calls that another section lists are called in a section that has a part of them. */
const PARTS_OF_CALLS = 'parts-of-calls'

export async function* billRows(bill: Bill): AsyncGenerator<BillRow[]> {
  const { number, currency } = bill.heading
  let section = { section: '', section_name: '' }
  for await (const piece of bill.pieces) {
    if (piece.kind === 'section') section = { section: sectionKey(piece.section), section_name: piece.section.name }
    const rows =
      piece.kind === 'section'
        ? sectionRows(piece.section, currency)
        : piece.calls.map((call) => callRow(call, currency))
    yield rows.map((row) => ({ bill: number, currency, ...section, ...row }))
  }
}

export function sectionKey({ key }: { readonly key: string }): string {
  return key === '' ? 'unassigned' : key
}

/** The lines of a section but its calls; their amounts sum to the subtotal. */
export function sectionRows({ usage, lines, partsOfCalls }: BillSection, currency: string): BillRow[] {
  const money = (minor: bigint) => formatAmount(minor, currency)
  const parts = { charge: PARTS_OF_CALLS, about: callsText(partsOfCalls.calls) }
  return [
    ...lines.map(({ kind, about, account, service, amountMinor }) => {
      return { charge: kind, about, account, service, amount: money(amountMinor) }
    }),
    ...usage.map(({ usageClass, usageType, quantityBase, amountMinor }) => {
      const quantity = quantityBase === null ? {} : quantityCells(quantityBase, usageType)
      return { charge: 'usage', about: usageClass, ...quantity, amount: money(amountMinor) }
    }),
    ...(partsOfCalls.calls === 0 ? [] : [{ ...parts, call_amount: money(partsOfCalls.amountMinor) }]),
  ]
}

function callsText(calls: number): string {
  return `${calls} ${calls === 1 ? 'call' : 'calls'} listed in another section`
}

export function callRow(call: BillCall, currency: string): BillRow {
  const { account, service, start, seconds, participants, accountCode, usageClass, quantityBase, amountMinor } = call
  const counts = { seconds: String(seconds), participants: String(participants) }
  return {
    ...{
      charge: 'call',
      about: usageClass,
      account,
      service,
      start,
      ...counts,
      account_code: accountCode,
      call: call.call,
    },
    ...quantityCells(quantityBase, usageClass.split('/')[0] as UsageType),
    call_amount: formatAmount(amountMinor, currency),
  }
}

function quantityCells(base: bigint, usageType: UsageType) {
  return { quantity_base: String(base), quantity: formatUsage(base, usageType) }
}

export function toReportCells(row: BillRow, keys: ReadonlyArray<BillColumnKey>): ReportRow {
  return keys.map((key) => row[key] ?? '')
}
