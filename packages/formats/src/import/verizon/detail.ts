// The charges of every wireless number and of the account itself, and in the same rows what was used by class of use.
// A row says a charge, a use, or both; a row that says neither is refused, never skipped.
import type { Charge, Importer, ReadContext, ReadRow, Table, Usage, UsageType } from '@spillway/core'
import { type ColumnSpec, lookUpColumns, requiredTitles } from '../../intake/column-lookup.ts'
import { RowIdentity } from '../row-identity.ts'
import type { RowReading } from '../row-reading.ts'
import { isAbsent, readNumberText } from '../written-values.ts'
import { type ChargeClass, classifyCharge, type ItemWords } from './charge-rules.ts'
import {
  BILL_COLUMNS,
  type Bill,
  billFields,
  documentOf,
  readBill,
  readRows,
  readService,
  VENDOR,
} from './row-reading.ts'
import { summaryUsageFields } from './usage-fields.ts'
import { classifyUsage, type UsageClass } from './usage-rules.ts'
import { productOf, readShareGroup } from './written-values.ts'

const COLUMNS = [
  ...BILL_COLUMNS,
  { name: 'Wireless Number', required: true },
  { name: 'Item Category', required: true },
  { name: 'Item Description', required: true },
  { name: 'Cost', required: true },
  { name: 'Date' },
  { name: 'Item Type' },
  { name: 'Share Description' },
  { name: 'Share Voice' },
  { name: 'Share Messaging' },
  { name: 'Share Data' },
  { name: 'Quantity' },
  { name: 'Allowance' },
  { name: 'Used' },
  { name: 'Billable' },
] as const satisfies ReadonlyArray<ColumnSpec>
type Column = (typeof COLUMNS)[number]['name']
type Reading = RowReading<Column>

/** Known columns that no column of a fact takes whole. */
const KEPT: ReadonlyArray<Column> = [
  'Date',
  'Item Category',
  'Item Type',
  'Share Description',
  'Share Voice',
  'Share Messaging',
  'Share Data',
  'Allowance',
  'Used',
  'Billable',
]

/** What makes two rows the same row: not who used the number, which a corrected file may say otherwise. */
const IDENTITY: ReadonlyArray<Column> = [
  'Account Number',
  'Wireless Number',
  'Date',
  'Item Category',
  'Item Type',
  'Item Description',
  'Share Description',
  'Quantity',
  'Allowance',
  'Used',
  'Billable',
  'Cost',
]

/** Categories whose `Used` is usage; elsewhere it stays with the row as it is. */
const USED_CATEGORY = /voice|messag|data|roam|international|usage|in the us|outside the us/i
const NOT_USED_CATEGORY = /monthly|equipment|tax|surcharge|third.?party/i

const SHARE_COLUMNS: ReadonlyArray<{ readonly column: Column; readonly usageType: UsageType }> = [
  { column: 'Share Data', usageType: 'data' },
  { column: 'Share Voice', usageType: 'voice' },
  { column: 'Share Messaging', usageType: 'messaging' },
]

type Use = { readonly kind: UsageClass; readonly quantity: string; readonly base: bigint }

export const verizonDetail: Importer = {
  name: 'verizon-detail',
  version: 1,
  describes:
    'Verizon raw data download, Acct & Wireless Charges Detail Summary Usage: charges and usage by class of use',
  get columns() {
    return requiredTitles(REQUIRED_TO_RECOGNISE)
  },
  recognises: ({ header }) => lookUpColumns(header, REQUIRED_TO_RECOGNISE).missing.length === 0,
  read: readDetail,
}

const REQUIRED_TO_RECOGNISE = [
  { name: 'Item Category', required: true },
  { name: 'Item Description', required: true },
] as const satisfies ReadonlyArray<ColumnSpec>

async function* readDetail(table: Table, context: ReadContext): AsyncGenerator<ReadonlyArray<ReadRow>> {
  const identity = new RowIdentity()
  yield* readRows({ table, context, columns: COLUMNS }, (reading: Reading) => readDetailRow(reading, identity))
}

function readDetailRow(reading: Reading, identity: RowIdentity): ReadRow {
  const bill = readBill(reading)
  const costMinor = reading.amountMinor('Cost')
  const item = `${reading.text('Item Type')} ${reading.required('Item Description')}`.trim()
  const use = readUse(reading, { item, category: reading.text('Item Category') }, costMinor)
  if (costMinor === null && use === null && reading.problems.length === 0) {
    reading.report('value-missing', { column: reading.nameOf('Cost') }, { column: 'Cost' })
  }
  if (!bill || reading.problems.some(({ severity }) => severity === 'error'))
    return reading.refused(billedMinor(reading, { item, costMinor }))
  const name = identity.nameOf([bill.invoice, ...IDENTITY.map((column) => reading.text(column))])
  const facts: Array<ReadRow['facts'][number]> = []
  const isCharge = costMinor !== null && (costMinor !== 0n || use === null)
  if (isCharge)
    facts.push({
      document: documentOf('charges', bill),
      fact: chargeOf(reading, { bill, name, item, costMinor, use }),
    })
  if (use) facts.push({ document: documentOf('class-usage', bill), fact: usageOf(reading, { bill, name, use }) })
  return reading.done(facts)
}

/** What counts towards the invoice; null for a payment, and where the cost cannot be read. */
function billedMinor(reading: Reading, { item, costMinor }: { item: string; costMinor: bigint | null }): bigint | null {
  if (costMinor === null) return null
  const words = wordsOf(reading, { item, costMinor, service: readService(reading) })
  return classifyCharge(words).category === 'payment' ? null : costMinor
}

/**
 * What was used; null where the row says nothing of it. A use that cannot be told quarantines the row only where the
 * row bills nothing: money is kept, and the use stays readable among the row's other columns.
 */
function readUse(
  reading: Reading,
  words: { readonly item: string; readonly category: string },
  costMinor: bigint | null,
): Use | null {
  const written = reading.text('Used')
  if (isAbsent(written) || /^unlimited$/i.test(written)) return null
  if (!USED_CATEGORY.test(words.category) || NOT_USED_CATEGORY.test(words.category)) return null
  const kind = classifyUsage(words)
  const severity = costMinor === null ? 'error' : 'warning'
  if (!kind) {
    const allowed = ['VOICE', 'DATA', 'MESSAGING', 'MINUTES', 'KILOBYTE', 'MEGABYTE', 'GIGABYTE']
    const facts = { column: reading.nameOf('Item Description'), value: words.item, allowed }
    return reading.report('value-unknown', facts, { column: 'Item Description', severity })
  }
  if (kind.unit === '') {
    const allowed = ['KILOBYTE', 'MEGABYTE', 'GIGABYTE']
    const facts = { column: reading.nameOf('Item Description'), value: words.item, allowed }
    return reading.report('unit-unknown', facts, { column: 'Item Description', severity })
  }
  const used = reading.quantity('Used', kind)
  return used && { kind, ...used }
}

type RowFacts = { readonly bill: Bill; readonly name: string; readonly use: Use | null }

function chargeOf(
  reading: Reading,
  { bill, name, item, costMinor, use }: RowFacts & { item: string; costMinor: bigint },
): Charge {
  const service = readService(reading)
  const kind = classifyCharge(wordsOf(reading, { item, costMinor, service }))
  const billed = use && readNumberText(reading.text('Billable'))
  const quantity = readNumberText(reading.text('Quantity'))
  const kept = quantity === null ? [...KEPT, 'Quantity' as const] : KEPT
  return {
    fact: 'charge',
    ...billFields(bill),
    line: name,
    service,
    pool: poolOf(reading, kind),
    category: kind.category,
    usageType: kind.usageType,
    product: productOf(reading.text('Item Description')),
    description: reading.text('Item Description'),
    amountMinor: costMinor,
    quantity: billed ?? quantity ?? '',
    unit: use && billed !== null ? use.kind.unit : '',
    extra: reading.extra(kept),
  }
}

function wordsOf(
  reading: Reading,
  { item, costMinor, service }: { item: string; costMinor: bigint; service: string },
): ItemWords {
  const allowance = readNumberText(reading.text('Allowance'))
  return {
    category: reading.text('Item Category'),
    item,
    shareDescription: reading.text('Share Description'),
    shared: SHARE_COLUMNS.find(({ column }) => isFlagged(reading, column))?.usageType ?? '',
    isCredit: costMinor < 0n,
    isAccountLevel: service === '',
    hasAllowance: allowance !== null && /[1-9]/.test(allowance),
  }
}

/** A charge names its pool only where it pays for what is shared and the Share column of its usage type says so. */
function poolOf(reading: Reading, kind: ChargeClass): string {
  if (kind.category !== 'access' && kind.category !== 'bulk' && kind.category !== 'overage') return ''
  const share = SHARE_COLUMNS.find(({ usageType }) => usageType === kind.usageType)
  return share && isFlagged(reading, share.column) ? readShareGroup(reading.text('Share Description')) : ''
}

function isFlagged(reading: Reading, column: Column): boolean {
  return /^(y|yes|x|true)$/i.test(reading.text(column))
}

function usageOf(reading: Reading, { bill, name, use }: RowFacts & { use: Use }): Usage {
  return {
    ...summaryUsageFields(bill),
    source: VENDOR,
    id: `class-summary:${bill.invoice}:${name}`,
    service: readService(reading),
    usageType: use.kind.usageType,
    quantityBase: use.base,
    quantity: use.quantity,
    unit: use.kind.unit,
    zone: use.kind.zone,
    timeBand: use.kind.timeBand,
    network: use.kind.network,
    view: 'class-summary',
    extra: reading.extra(KEPT),
  }
}
