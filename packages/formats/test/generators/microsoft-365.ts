// Microsoft 365 usage reports and seat invoices as they could be sent: columns of different years, in any order, with names
// shown or concealed; with a planted difference or unreadable rows, of which it says where. The truth is counted here, by
// another way than the importer's.
import type { Grid } from '../variants.ts'
import { Random } from './random.ts'
import type { Cells } from './verizon-file.ts'

export type GeneratedReport = Grid & {
  readonly importer: string
  readonly delimiter: string
  /** Of all readable rows: uses by app, and bytes times hours. */
  readonly uses: number
  readonly byteHours: bigint
  readonly users: ReadonlyArray<string>
  readonly areNamesConcealed: boolean
  /** YYYY-MM-01 of the month to which the report belongs. */
  readonly monthOn: string
  /** Lines of the rows that cannot be read, the header being line 1. */
  readonly unreadableLines: ReadonlyArray<number>
}

type ReportShape = {
  readonly importer: string
  readonly user: string
  readonly counted: ReadonlyArray<string>
  readonly stored?: string
  /** Never left out; the others came with the years. */
  readonly always: ReadonlyArray<string>
  readonly sometimes: ReadonlyArray<string>
}

const SHAPES: ReadonlyArray<ReportShape> = [
  {
    importer: 'microsoft-365-teams',
    user: 'User Principal Name',
    counted: ['Team Chat Message Count', 'Private Chat Message Count', 'Call Count', 'Meeting Count'],
    always: ['Last Activity Date'],
    sometimes: [
      'Tenant Display Name',
      'Post Messages',
      'Meetings Attended Count',
      'Audio Duration In Seconds',
      'Is Licensed',
    ],
  },
  {
    importer: 'microsoft-365-email',
    user: 'User Principal Name',
    counted: ['Send Count', 'Read Count'],
    always: ['Receive Count', 'Last Activity Date'],
    sometimes: ['Display Name', 'Is Deleted', 'Assigned Products'],
  },
  {
    importer: 'microsoft-365-onedrive-activity',
    user: 'User Principal Name',
    counted: ['Viewed Or Edited File Count', 'Synced File Count', 'Shared Externally File Count'],
    always: ['Last Activity Date'],
    sometimes: ['Is Deleted', 'Assigned Products'],
  },
  {
    importer: 'microsoft-365-mailbox',
    user: 'User Principal Name',
    counted: [],
    stored: 'Storage Used (Byte)',
    always: ['Item Count', 'Last Activity Date'],
    sometimes: ['Display Name', 'Created Date', 'Has Archive', 'Deleted Item Quota (Byte)'],
  },
  {
    importer: 'microsoft-365-onedrive',
    user: 'Owner Principal Name',
    counted: [],
    stored: 'Storage Used (Byte)',
    always: ['Owner Display Name', 'Storage Allocated (Byte)', 'Last Activity Date'],
    sometimes: ['Site Id', 'File Count', 'Active File Count'],
  },
]

/** Refresh dates with the month that has most of the 30, and of the 7, days that end there. */
const REFRESHED = [
  ['2026-10-31', '2026-10-01', '2026-10-01'],
  ['2026-11-02', '2026-10-01', '2026-10-01'],
  ['2026-11-14', '2026-10-01', '2026-11-01'],
  ['2026-03-01', '2026-02-01', '2026-02-01'],
  ['2027-01-20', '2027-01-01', '2027-01-01'],
] as const

export function generateUsageReport({
  seed,
  unreadableRows = 0,
}: {
  readonly seed: number
  readonly unreadableRows?: number
}): GeneratedReport {
  const random = new Random(seed)
  const shape = random.pick(SHAPES)
  const [refreshed, monthOf30, monthOf7] = random.pick(REFRESHED)
  const period = random.pick(['7', '30'])
  const areNamesConcealed = random.chance(0.25)
  const columns = random.shuffled([
    ...['Report Refresh Date', 'Report Period', shape.user, ...shape.counted, ...shape.always],
    ...(shape.stored ? [shape.stored] : []),
    ...shape.sometimes.filter(() => random.chance(0.6)),
    ...(random.chance(0.3) ? ['Copilot Prompt Count'] : []),
  ])
  const rows = Array.from({ length: random.integer(3, 30) }, (_, at) => ({
    ...Object.fromEntries(columns.map((column) => [column, filler(column, random)])),
    'Report Refresh Date': refreshed,
    'Report Period': random.chance(0.5) ? period : `D${period}`,
    [shape.user]: areNamesConcealed ? hashOf(random) : `${random.pick(['Ada', 'ben'])}.${at}@Birchfield.example`,
    ...Object.fromEntries(shape.counted.map((column) => [column, String(random.pick([0, 0, random.integer(1, 900)]))])),
    ...(shape.stored ? { [shape.stored]: String(random.pick([0, random.integer(1, 2 ** 45)])) } : {}),
  })) as Cells[]
  const spoilt = random.shuffled(rows.map((_, index) => index)).slice(0, unreadableRows)
  for (const index of spoilt) spoil(random, rows[index] as Cells, shape)
  const read = rows.filter((_, index) => !spoilt.includes(index))
  const totalOf = (names: ReadonlyArray<string>) =>
    read.reduce((total, cells) => total + names.reduce((sum, name) => sum + Number(cells[name]), 0), 0)
  return {
    importer: shape.importer,
    delimiter: random.pick([',', ';', '\t']),
    header: columns,
    rows: rows.map((cells) => columns.map((column) => cells[column] ?? '')),
    uses: totalOf(shape.counted),
    byteHours: BigInt(totalOf(shape.stored ? [shape.stored] : [])) * (period === '7' ? 168n : 720n),
    users: read.map((cells) => (cells[shape.user] as string).toLowerCase()),
    areNamesConcealed: areNamesConcealed && read.length + spoilt.length > 0,
    monthOn: period === '7' ? monthOf7 : monthOf30,
    unreadableLines: spoilt.map((index) => index + 2).sort((a, b) => a - b),
  }
}

const hashOf = (random: Random) => Array.from({ length: 32 }, () => random.pick([...'0123456789ABCDEF'])).join('')

function filler(column: string, random: Random): string {
  if (column.endsWith('Date')) return random.pick(['', '2026-10-20', '2025-01-31'])
  if (column.endsWith('Count') || column.includes('Byte')) return String(random.integer(0, 99))
  if (column.startsWith('Site')) return hashOf(random).replace(/^(.{8})(.{4})/, '$1-$2-')
  return random.pick(['', 'MICROSOFT 365 E3+VISIO PLAN 2', 'Moss, "Ada"', 'True'])
}

function spoil(random: Random, cells: Cells, shape: ReportShape): void {
  const number = shape.stored ?? (shape.counted[0] as string)
  const [column, value] = random.pick([
    ['Report Refresh Date', ''],
    ['Report Refresh Date', '2026-02-30'],
    ['Report Period', '90'],
    ['Report Period', ''],
    ['Last Activity Date', 'yesterday'],
    [number, '-5'],
    [number, 'many'],
  ] as const)
  cells[column] = value
}

export type GeneratedSeatInvoice = Grid & {
  readonly delimiter: string
  /** Minor units by account and invoice, as the rows' own totals say. */
  readonly totals: ReadonlyMap<string, number>
  readonly taxMinor: number
  /** Seats billed, less those given back. */
  readonly seats: number
  readonly planted: { readonly invoice: string; readonly differenceMinor: number } | null
  readonly unreadable: ReadonlyArray<{ readonly line: number; readonly minor: number }>
}

const INVOICE_COLUMNS = {
  newer: { tax: 'TaxTotal', total: 'Total', domain: 'CustomerDomainName', product: 'SkuName' },
  older: { tax: 'Tax', total: 'TotalForCustomer', domain: 'DomainName', product: 'OfferName' },
} as const
const PRODUCTS = ['Microsoft 365 E3', 'Visio, Plan 2', 'Exchange Online "Plan 1"'] as const

export function generateSeatInvoice({
  seed,
  plantDifference = false,
  unreadableRows = 0,
}: {
  readonly seed: number
  readonly plantDifference?: boolean
  readonly unreadableRows?: number
}): GeneratedSeatInvoice {
  const random = new Random(seed)
  const titles = random.pick([INVOICE_COLUMNS.newer, INVOICE_COLUMNS.older])
  const isTime = random.chance(0.5)
  const lines = Array.from({ length: random.integer(2, 25) }, (_, at) => invoiceLine(random, { at, titles, isTime }))
  const planted = plantDifference ? random.pick(lines) : undefined
  const differenceMinor = random.pick([-1, 1]) * random.integer(1, 50_000)
  if (planted) planted.totalMinor -= differenceMinor
  for (const line of lines) line.cells[titles.total] = amountOf(line.totalMinor)
  const spoilt = random.shuffled(lines.map((_, index) => index)).slice(0, unreadableRows)
  for (const index of spoilt) {
    const [column, value] = random.pick([
      ['Subtotal', 'n/k'],
      ['Subtotal', '1.005'],
      ['Quantity', 'some'],
      [titles.tax, ''],
    ] as const)
    ;(lines[index] as InvoiceLine).cells[column] = value
  }
  const totals = new Map<string, number>()
  for (const { invoice, totalMinor } of lines) totals.set(invoice, (totals.get(invoice) ?? 0) + totalMinor)
  const optional = ['PartnerId', 'MPNID', 'SubscriptionDescription', 'PromotionId'].filter(() => random.chance(0.5))
  const header = random.shuffled([...Object.keys((lines[0] as InvoiceLine).cells), ...optional])
  const read = lines.filter((_, index) => !spoilt.includes(index))
  return {
    delimiter: random.pick([',', ';', '\t']),
    header,
    rows: lines.map(({ cells }) => header.map((column) => cells[column] ?? '')),
    totals,
    taxMinor: read.reduce((sum, { taxMinor }) => sum + taxMinor, 0),
    seats: read.reduce((sum, { seats }) => sum + seats, 0),
    planted: planted ? { invoice: planted.invoice, differenceMinor } : null,
    unreadable: spoilt
      .sort((a, b) => a - b)
      .map((index) => ({ line: index + 2, minor: (lines[index] as InvoiceLine).totalMinor })),
  }
}

type InvoiceLine = {
  readonly cells: Cells
  readonly invoice: string
  readonly seats: number
  readonly taxMinor: number
  totalMinor: number
}
type Titles = (typeof INVOICE_COLUMNS)['newer' | 'older']

function invoiceLine(
  random: Random,
  { at, titles, isTime }: { at: number; titles: Titles; isTime: boolean },
): InvoiceLine {
  const seats = random.chance(0.2) ? -random.integer(1, 5) : random.integer(1, 400)
  const priceMinor = random.integer(100, 6000)
  const subtotalMinor = seats * priceMinor
  const taxMinor = Math.round(subtotalMinor * random.pick([0, 0.19, 0.2]))
  const domain = random.pick(['birchfield.example', 'Lindenhof.example'])
  const number = `G00${4410 + random.integer(0, 1)}`
  const startDay = random.pick([1, 1, 1, 12])
  const cells: Cells = {
    [titles.domain]: domain,
    InvoiceNumber: number,
    SubscriptionId: `sub-${at % 4}`,
    [titles.product]: random.pick(PRODUCTS),
    ChargeType: seats < 0 ? 'removeQuantity' : random.pick(['renewCycle', 'addQuantity']),
    UnitPrice: (priceMinor / 100 + 0.005).toFixed(3),
    Quantity: String(seats),
    Subtotal: amountOf(subtotalMinor),
    [titles.tax]: amountOf(taxMinor),
    [titles.total]: '',
    Currency: 'GBP',
    ChargeStartDate: isTime ? `10/${startDay}/2026 0:00` : `2026-10-${String(startDay).padStart(2, '0')}T00:00:00Z`,
    ChargeEndDate: isTime ? '10/31/2026 23:59' : '2026-10-31T23:59:59Z',
  }
  const invoice = `${domain.toLowerCase()} ${number}`
  return { cells, invoice, seats, taxMinor, totalMinor: subtotalMinor + taxMinor }
}

/** Without trailing noughts now and then, as the vendor writes them. */
function amountOf(minor: number): string {
  const text = (minor / 100).toFixed(2)
  return minor % 3 === 0 ? text.replace(/\.?0+$/, '') : text
}
