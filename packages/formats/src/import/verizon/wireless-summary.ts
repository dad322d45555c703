// One row per wireless number and bill: its control total, and its use of the month as a whole. Says when the row's own
// columns do not sum to its total.
import {
  type ExtraColumns,
  formatAmount,
  type Importer,
  type InvoiceTotal,
  type ReadContext,
  type ReadRow,
  type Table,
  type Usage,
  type UsageType,
  type Zone,
} from '@spillway/core'
import { type ColumnSpec, normaliseName } from '../../intake/column-lookup.ts'
import { RowIdentity } from '../row-identity.ts'
import type { RowReading } from '../row-reading.ts'
import { isAbsent } from '../written-values.ts'
import {
  BILL_COLUMNS,
  type Bill,
  billFields,
  CURRENCY,
  documentOf,
  readBill,
  readRows,
  readService,
  VENDOR,
} from './row-reading.ts'
import { sumOfParts } from './sum-of-parts.ts'
import { summaryUsageFields } from './usage-fields.ts'

const PARTS = [
  'Account Charges and Credits',
  'Monthly Charges',
  'Usage and Purchase Charges',
  'Equipment Charges',
  'Total Surcharges and Other Charges and Credits',
  'Taxes, Governmental Surcharges and Fees',
  'Third-Party Charges (includes Tax)',
] as const

const COLUMNS = [
  ...BILL_COLUMNS,
  { name: 'Wireless Number', required: true },
  { name: 'Total Charges', required: true },
  { name: 'Your Calling Plan', aliases: ['Your Calling Plans'] },
  { name: 'Account Charges and Credits' },
  { name: 'Monthly Charges' },
  { name: 'Usage and Purchase Charges' },
  { name: 'Equipment Charges' },
  {
    name: 'Total Surcharges and Other Charges and Credits',
    aliases: ['Surcharges and Other Charges and Credits', 'Surcharges and OC&Cs'],
  },
  { name: 'Taxes, Governmental Surcharges and Fees' },
  { name: 'Third-Party Charges (includes Tax)' },
  { name: 'Voice Plan Usage' },
  { name: 'Messaging Usage' },
  { name: 'Data Usage (KB)' },
  { name: 'Data Usage (MB)' },
  { name: 'Data Usage (GB)' },
  { name: 'Voice Roaming' },
  { name: 'Messaging Roaming' },
  { name: 'Data Roaming (KB)' },
  { name: 'Data Roaming (MB)' },
  { name: 'Data Roaming (GB)' },
] as const satisfies ReadonlyArray<ColumnSpec>
type Column = (typeof COLUMNS)[number]['name']
type Reading = RowReading<Column>

type UsageColumn = {
  readonly column: Column
  readonly usageType: UsageType
  readonly unit: string
  readonly zone: Zone
}

/** Each inner list shows one kind of use; the data columns run from the finest unit to the coarsest. */
const USAGE_COLUMNS: ReadonlyArray<ReadonlyArray<UsageColumn>> = [
  [{ column: 'Voice Plan Usage', usageType: 'voice', unit: 'min', zone: 'domestic' }],
  [{ column: 'Messaging Usage', usageType: 'messaging', unit: 'count', zone: 'domestic' }],
  [
    { column: 'Data Usage (KB)', usageType: 'data', unit: 'KiB', zone: 'domestic' },
    { column: 'Data Usage (MB)', usageType: 'data', unit: 'MiB', zone: 'domestic' },
    { column: 'Data Usage (GB)', usageType: 'data', unit: 'GiB', zone: 'domestic' },
  ],
  [{ column: 'Voice Roaming', usageType: 'voice', unit: 'min', zone: 'roaming' }],
  [{ column: 'Messaging Roaming', usageType: 'messaging', unit: 'count', zone: 'roaming' }],
  [
    { column: 'Data Roaming (KB)', usageType: 'data', unit: 'KiB', zone: 'roaming' },
    { column: 'Data Roaming (MB)', usageType: 'data', unit: 'MiB', zone: 'roaming' },
    { column: 'Data Roaming (GB)', usageType: 'data', unit: 'GiB', zone: 'roaming' },
  ],
]

export const verizonWirelessSummary: Importer = {
  name: 'verizon-wireless-summary',
  version: 1,
  describes: 'Verizon raw data download, Account & Wireless Summary: total and use of each wireless number',
  recognises: ({ header }) => {
    const names = header.map(normaliseName)
    return (
      names.some((name) => name.startsWith('yourcallingplan')) && names.some((name) => name.startsWith('datausage'))
    )
  },
  read: readSummary,
}

async function* readSummary(table: Table, context: ReadContext): AsyncGenerator<ReadonlyArray<ReadRow>> {
  const identity = new RowIdentity()
  yield* readRows({ table, context, columns: COLUMNS }, (reading: Reading) => readSummaryRow(reading, identity))
}

function readSummaryRow(reading: Reading, identity: RowIdentity): ReadRow {
  const bill = readBill(reading)
  reading.required('Total Charges')
  const totalMinor = reading.amountMinor('Total Charges')
  const sumMinor = sumOfParts(reading, PARTS)
  const used = readUsed(reading)
  if (!bill || totalMinor === null || reading.problems.length > 0) return reading.done([])
  const service = readService(reading)
  if (sumMinor !== null && sumMinor !== totalMinor) reportDifference(reading, { bill, service, totalMinor, sumMinor })
  const extra = reading.extra(['Your Calling Plan', ...PARTS])
  const total: InvoiceTotal = { fact: 'invoice', ...billFields(bill), service, totalMinor, extra }
  const name = identity.nameOf([bill.invoice, service])
  return reading.done([
    { document: documentOf('service-totals', bill), fact: total },
    ...used.map((use) => ({
      document: documentOf('line-usage', bill),
      fact: usageOf(use, { bill, service, name, extra: reading.extra([]) }),
    })),
  ])
}

function reportDifference(
  reading: Reading,
  { bill, service, totalMinor, sumMinor }: { bill: Bill; service: string; totalMinor: bigint; sumMinor: bigint },
): void {
  reading.report('service-does-not-foot', {
    invoice: bill.invoice,
    service,
    currency: CURRENCY,
    total: formatAmount(totalMinor, CURRENCY),
    amount: formatAmount(sumMinor, CURRENCY),
    difference: formatAmount(sumMinor - totalMinor, CURRENCY),
  })
}

type Used = UsageColumn & { readonly quantity: string; readonly base: bigint }

function readUsed(reading: Reading): ReadonlyArray<Used> {
  return USAGE_COLUMNS.flatMap((columns) => {
    const used = columns.flatMap((column) => {
      const read = isAbsent(reading.text(column.column)) ? null : reading.quantity(column.column, column)
      return read ? [{ ...column, ...read }] : []
    })
    return withoutRepeats(used)
  })
}

/**
 * The data columns are parts of the month's use in different units, and are added; but a column that only repeats a
 * finer one in its own unit (1048576 KB, 1024 MB, 1.000 GB) is the same use again. A 0 beside other parts says nothing.
 */
function withoutRepeats(used: ReadonlyArray<Used>): ReadonlyArray<Used> {
  const counted = used.filter((use) => use.base !== 0n)
  if (counted.length < 2) return counted.length === 1 ? counted : used.slice(0, 1)
  const [finest, ...coarser] = counted as [Used, ...Used[]]
  return [finest, ...coarser.filter((use) => !repeats(use, finest))]
}

const BYTES: Readonly<Record<string, bigint>> = { KiB: 1024n, MiB: 1024n ** 2n, GiB: 1024n ** 3n }

/** Equal to within one step of the last decimal that the coarser column shows. */
function repeats(coarser: Used, finer: Used): boolean {
  const decimals = coarser.quantity.split('.')[1]?.length ?? 0
  const stepBytes = (BYTES[coarser.unit] as bigint) / 10n ** BigInt(decimals) + 1n
  const difference = coarser.base - finer.base
  return (difference < 0n ? -difference : difference) <= stepBytes
}

type Line = { readonly bill: Bill; readonly service: string; readonly name: string; readonly extra: ExtraColumns }

function usageOf(use: Used, { bill, service, name, extra }: Line): Usage {
  return {
    ...summaryUsageFields(bill),
    source: VENDOR,
    id: `line-summary:${bill.invoice}:${name}:${use.zone}:${use.usageType}:${use.unit}`,
    service,
    usageType: use.usageType,
    quantityBase: use.base,
    quantity: use.quantity,
    unit: use.unit,
    zone: use.zone,
    timeBand: '',
    network: '',
    view: 'line-summary',
    extra,
  }
}
