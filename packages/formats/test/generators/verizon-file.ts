// A file of the raw data download, written as the vendor might: columns in an order of its own, some left out and some
// that nobody knows, its line ends and quotes as they come.
import type { Random } from './random.ts'

export type Cells = Record<string, string>
export type VendorFile = { readonly name: string; readonly text: string }

const OPTIONAL = [
  'ECPD Profile ID',
  'User Name',
  'Cost Center',
  'Item Type',
  'Vendor Name / Contact Information',
  'Quantity',
  'Billable',
]

export const DETAIL_COLUMNS = [
  'ECPD Profile ID',
  'Bill Cycle Date',
  'Account Number',
  'Invoice Number',
  'Wireless Number',
  'User Name',
  'Cost Center',
  'Date',
  'Item Category',
  'Item Type',
  'Vendor Name / Contact Information',
  'Item Description',
  'Share Description',
  'Share Voice',
  'Share Messaging',
  'Share Data',
  'Bill Period',
  'Quantity',
  'Allowance',
  'Used',
  'Billable',
  'Cost',
]
export const WIRELESS_COLUMNS = [
  'Bill Cycle Date',
  'Account Number',
  'Invoice Number',
  'Wireless Number',
  'User Name',
  'Your Calling Plan',
  'Total Charges',
  'Voice Plan Usage',
  'Messaging Usage',
  'Data Usage (KB)',
  'Data Usage (MB)',
  'Data Usage (GB)',
  'Bill Period',
]
export const ACCOUNT_COLUMNS = [
  'Account Number',
  'Bill Cycle Date',
  'Invoice Number',
  'Bill Name',
  'Previous Balance',
  'Payments',
  'Balance Forward',
  'Total Current Charges',
  'Total Amount Due',
  'Bill Period',
]
export const USAGE_COLUMNS = [
  'Bill Cycle Date',
  'Account Number',
  'Invoice Number',
  'Wireless Number',
  'Date',
  'Time',
  'Number',
  'Usage Category',
  'Origination',
  'Destination',
  'Min.',
  'Bill Period',
]

type Contents = { readonly name: string; readonly columns: ReadonlyArray<string>; readonly rows: ReadonlyArray<Cells> }

export function writeVendorFile(random: Random, { name, columns, rows }: Contents): VendorFile {
  const kept = columns.filter((column) => !OPTIONAL.includes(column) || random.chance(0.7))
  const extra = random.chance(0.5) ? ['Customer Tag', 'New Column 2026'] : []
  const header = random.chance(0.5) ? random.shuffled([...kept, ...extra]) : [...kept, ...extra]
  const ends = random.pick([
    ['\r\n', '\n'],
    ['\n', '\n'],
    ['\r\n', '\r\n'],
  ] as const)
  const quote = (cell: string) => (/["\t,]/.test(cell) || random.chance(0.1) ? `"${cell.replaceAll('"', '""')}"` : cell)
  const titles = header.map((title) => (random.chance(0.1) ? title.toUpperCase() : title))
  const lines = rows.map(
    (cells) => header.map((column) => quote(cells[column] ?? (extra.includes(column) ? 'x' : ''))).join('\t') + ends[1],
  )
  return {
    name: `${name}_202601.txt`,
    text: `${random.pick(['\ufeff', ''])}${titles.join('\t')}${ends[0]}${lines.join('')}`,
  }
}
