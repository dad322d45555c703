// Calls, messages and sessions one by one. Their airtime and other charges are shown with the row and never counted:
// the detail file bills them. No sample of this file is public, so columns are taken under several names.
import type { Importer, LocalDate, ReadContext, ReadRow, Table, Usage } from '@spillway/core'
import { type ColumnSpec, lookUpColumns, requiredTitles } from '../../intake/column-lookup.ts'
import { RowIdentity } from '../row-identity.ts'
import type { RowReading } from '../row-reading.ts'
import { isAbsent, readTimeOfDay, wallMidnight } from '../written-values.ts'
import { BILL_COLUMNS, type Bill, documentOf, readBill, readRows, readService, VENDOR } from './row-reading.ts'
import { UNSAID } from './usage-fields.ts'
import { classifyUsage, type UsageClass } from './usage-rules.ts'
import { readDateWithin } from './written-values.ts'

const COLUMNS = [
  ...BILL_COLUMNS,
  { name: 'Wireless Number', required: true },
  { name: 'Usage Category', required: true },
  { name: 'Date', required: true, aliases: ['Call Date', 'Usage Date'] },
  { name: 'Time', aliases: ['Call Time', 'Usage Time'] },
  { name: 'Number', aliases: ['Number Called', 'Called Number', 'To/From', 'Number Called To/From'] },
  { name: 'Usage Type', aliases: ['Usage Description', 'Item Description', 'Description'] },
  { name: 'Rate', aliases: ['Rate Period', 'Time Band', 'Time of Day', 'Peak/Off-Peak'] },
  { name: 'Origination', required: true },
  { name: 'Destination' },
  { name: 'Min.', aliases: ['Mins', 'Minutes', 'Airtime Minutes', 'Duration (Minutes)'] },
  { name: 'KB', aliases: ['Kilobytes', 'Data Usage (KB)', 'Usage (KB)'] },
  { name: 'MB', aliases: ['Megabytes', 'Data Usage (MB)', 'Usage (MB)'] },
  { name: 'GB', aliases: ['Gigabytes', 'Data Usage (GB)', 'Usage (GB)'] },
  { name: 'Messages', aliases: ['Message Count', 'Number of Messages'] },
  { name: 'Quantity', aliases: ['Usage', 'Used', 'Volume', 'Units'] },
  { name: 'Unit', aliases: ['Unit of Measure', 'UOM', 'Usage Unit'] },
] as const satisfies ReadonlyArray<ColumnSpec>
type Column = (typeof COLUMNS)[number]['name']
type Reading = RowReading<Column>

const KEPT: ReadonlyArray<Column> = ['Usage Category', 'Usage Type', 'Rate', 'Origination', 'Destination', 'Unit']

const IDENTITY: ReadonlyArray<Column> = [
  'Account Number',
  'Wireless Number',
  'Date',
  'Time',
  'Number',
  'Usage Category',
  'Usage Type',
  'Rate',
  'Origination',
  'Destination',
  'Min.',
  'KB',
  'MB',
  'GB',
  'Messages',
  'Quantity',
  'Unit',
]

const REQUIRED_TO_RECOGNISE = [
  { name: 'Usage Category', required: true },
  { name: 'Origination', required: true },
] as const satisfies ReadonlyArray<ColumnSpec>

/** Columns whose name says what they count, for rows whose category does not. */
const MEASURED: ReadonlyArray<{ readonly column: Column; readonly words: string; readonly unit: string }> = [
  { column: 'KB', words: 'kilobyte', unit: 'KiB' },
  { column: 'MB', words: 'megabyte', unit: 'MiB' },
  { column: 'GB', words: 'gigabyte', unit: 'GiB' },
  { column: 'Messages', words: 'messages', unit: 'count' },
  { column: 'Min.', words: 'minutes', unit: 'min' },
]

export const verizonUsage: Importer = {
  name: 'verizon-usage',
  version: 1,
  describes: 'Verizon raw data download, Wireless Usage Detail: calls, messages and data sessions one by one',
  get columns() {
    return requiredTitles(REQUIRED_TO_RECOGNISE)
  },
  recognises: ({ header }) => lookUpColumns(header, REQUIRED_TO_RECOGNISE).missing.length === 0,
  read: readUsage,
}

async function* readUsage(table: Table, context: ReadContext): AsyncGenerator<ReadonlyArray<ReadRow>> {
  const identity = new RowIdentity()
  yield* readRows({ table, context, columns: COLUMNS }, (reading: Reading) => readUsageRow(reading, identity))
}

function readUsageRow(reading: Reading, identity: RowIdentity): ReadRow {
  const bill = readBill(reading)
  const startedAt = bill && readStart(reading, bill)
  const use = readUse(reading)
  if (!bill || startedAt === null || !use || reading.problems.length > 0) return reading.done([])
  const name = identity.nameOf([bill.invoice, ...IDENTITY.map((column) => reading.text(column))])
  const fact: Usage = {
    ...UNSAID,
    source: VENDOR,
    id: `itemised:${bill.invoice}:${name}`,
    account: bill.account,
    service: readService(reading),
    usageType: use.kind.usageType,
    startedAt,
    endedAt: null,
    quantityBase: use.base,
    quantity: use.quantity,
    unit: use.kind.unit,
    zone: use.kind.zone,
    timeBand: use.kind.timeBand,
    network: use.kind.network,
    peer: isAbsent(reading.text('Number')) ? '' : reading.text('Number'),
    view: 'itemised',
    cycleOn: bill.period.startOn,
    extra: reading.extra(KEPT),
  }
  return reading.done([{ document: documentOf('itemised-usage', bill), fact }])
}

/** Wall-clock microseconds; a row without a time starts at midnight. */
function readStart(reading: Reading, bill: Bill): number | null {
  const value = reading.required('Date')
  if (isAbsent(value)) return null
  const expected = 'a date like Jan 3, 2026'
  const column = reading.nameOf('Date')
  const day: LocalDate | null =
    readDateWithin(value, bill.period) ??
    reading.report('date-unreadable', { column, value, expected }, { column: 'Date' })
  const written = reading.text('Time')
  if (!day || isAbsent(written)) return day && wallMidnight(day)
  const time = readTimeOfDay(written)
  if (time === null) {
    const facts = { column: reading.nameOf('Time'), value: written, expected: 'a time like 10:26 PM' }
    return reading.report('date-unreadable', facts, { column: 'Time' })
  }
  return Date.parse(`${day}T${time}Z`) * 1000
}

type Use = { readonly kind: UsageClass; readonly quantity: string; readonly base: bigint }

function readUse(reading: Reading): Use | null {
  const category = reading.required('Usage Category')
  if (isAbsent(category)) return null
  const kind = kindOf(reading, category)
  if (!kind) {
    const allowed = ['VOICE', 'DATA', 'MESSAGING']
    const facts = { column: reading.nameOf('Usage Category'), value: category, allowed }
    return reading.report('value-unknown', facts, { column: 'Usage Category' })
  }
  if (kind.unit === '') {
    const facts = { column: reading.nameOf('Unit'), value: reading.text('Unit'), allowed: ['KB', 'MB', 'GB'] }
    return reading.report('unit-unknown', facts, { column: 'Unit' })
  }
  const column = columnOf(reading, kind)
  if (column === null) {
    // A message is one message; a call without its minutes is not a call of none.
    if (kind.usageType === 'messaging') return { kind, quantity: '1', base: 1n }
    return reading.report('value-missing', { column: reading.nameOf('Quantity') }, { column: 'Quantity' })
  }
  const used = reading.quantity(column, { unit: kind.unit, usageType: kind.usageType })
  return used && { kind, ...used }
}

const VOICE_WORDS = /allow|peak|call|n&w|night|weekend|mobile.?to.?mobile|m2m|roam|international|long.?distance/i

/**
 * By the row's words; where they do not say the unit, by the column that is filled; else the printed bill's own words
 * (M2MAllow, PlanAllow, N&W, CallVM), which are voice although they do not say so.
 */
function kindOf(reading: Reading, category: string): UsageClass | null {
  const words = [category, reading.text('Usage Type'), reading.text('Rate'), reading.text('Unit')].join(' ')
  const kind = classifyUsage({ item: words, category })
  if (kind && kind.unit !== '') return kind
  const filled =
    MEASURED.find(({ column }) => /[1-9]/.test(reading.text(column))) ??
    MEASURED.find(({ column }) => !isAbsent(reading.text(column)))
  if (filled) return classifyUsage({ item: filled.words, category: words })
  return kind ?? (VOICE_WORDS.test(words) ? classifyUsage({ item: 'minutes', category: words }) : null)
}

/** Where the quantity stands: in the column of its unit, else in the general one; null where both are blank. */
function columnOf(reading: Reading, kind: UsageClass): Column | null {
  const own = MEASURED.find(({ unit, column }) => unit === kind.unit && !isAbsent(reading.text(column)))
  if (own) return own.column
  return isAbsent(reading.text('Quantity')) ? null : 'Quantity'
}
