// Twilio's usage records of an account, by category and days. A later record of the same category and first day replaces
// the earlier one. Prices never become charges: they are finer than cents, stand in parents and children, and come on the bill.
import type { DocumentKey, Importer, LocalDate, ReadContext, ReadRow, Table, Usage } from '@spillway/core'
import { addDays, localDateOf } from '@spillway/core'
import { type ColumnSpec, lookUpColumns, requiredTitles } from '../../intake/column-lookup.ts'
import { type RowReading, readRows } from '../row-reading.ts'
import { isAbsent, wallMidnight } from '../written-values.ts'
import { type CountedCategory, countedCategory, TOTAL_CATEGORY, unitOf, unitWordsOf } from './usage-category.ts'

const SUBRESOURCES = [
  'subresource_uris.all_time',
  'subresource_uris.daily',
  'subresource_uris.last_month',
  'subresource_uris.monthly',
  'subresource_uris.this_month',
  'subresource_uris.today',
  'subresource_uris.yearly',
  'subresource_uris.yesterday',
] as const

const NAMES = [
  'account_sid',
  'description',
  'count_unit',
  'price',
  'price_unit',
  'as_of',
  'api_version',
  'uri',
] as const
const REQUIRED = ['category', 'count', 'usage', 'usage_unit', 'start_date', 'end_date'] as const
type Column = (typeof NAMES)[number] | (typeof REQUIRED)[number] | (typeof SUBRESOURCES)[number]
type Reading = RowReading<Column>

const COLUMNS: ReadonlyArray<ColumnSpec<Column>> = [
  ...REQUIRED.map((name) => ({ name, required: true })),
  ...[...NAMES, ...SUBRESOURCES].map((name) => ({ name })),
]
/** Addresses within Twilio's API say nothing of use. */
const KEPT: ReadonlyArray<Column> = ['category', 'description', 'count', 'count_unit', 'price', 'price_unit', 'as_of']

export const twilioAccountUsage: Importer = {
  name: 'twilio-usage-records',
  version: 1,
  describes: 'Twilio usage records of an account (JSON): calls and messages by category and days',
  get columns() {
    return requiredTitles(COLUMNS)
  },
  recognises: ({ header }) => lookUpColumns(header, COLUMNS).missing.length === 0,
  read: readRecords,
}

async function* readRecords(table: Table, context: ReadContext): AsyncGenerator<ReadonlyArray<ReadRow>> {
  yield* readRows({ table, context, columns: COLUMNS, currency: 'USD' }, readRecord)
}

function readRecord(reading: Reading): ReadRow {
  const category = reading.required('category')
  const counted = countedCategory(category)
  if (counted === null) {
    if (category !== TOTAL_CATEGORY) reportUncounted(reading, category)
    return reading.done([])
  }
  const days = readDays(reading)
  const use = readUse(reading, counted)
  if (!days || !use || reading.hasErrors) return reading.done([])
  const account = reading.text('account_sid')
  // By the first day alone: the record of this month ends on another day each time that it is fetched.
  const name = `${category} ${days.startOn}`
  const fact: Usage = {
    fact: 'usage',
    source: 'twilio',
    id: account === '' ? name : `${account} ${name}`,
    account,
    service: account,
    usageType: counted.usageType,
    startedAt: wallMidnight(days.startOn),
    endedAt: wallMidnight(addDays(days.lastOn, 1)),
    isWallTime: true,
    ...use,
    zone: '',
    timeBand: '',
    network: '',
    accountCode: '',
    peer: '',
    app: '',
    pool: '',
    participants: null,
    view: counted.view,
    cycleOn: `${days.startOn.slice(0, 7)}-01` as LocalDate,
    extra: reading.extra(KEPT),
  }
  const document: DocumentKey = { part: 'class-usage', vendor: 'twilio', account, invoice: name }
  return reading.done([{ document, fact }])
}

/** What is not nothing, and is counted nowhere, is said. */
function reportUncounted(reading: Reading, category: string): void {
  const isNothing = (['count', 'usage'] as const).every((column) => /^0*(\.0*)?$/.test(reading.text(column)))
  if (isNothing || isAbsent(category)) return
  const facts = { column: reading.nameOf('category'), value: category, allowed: ['calls', 'sms', 'mms'] }
  reading.report('value-unknown', facts, { column: 'category', severity: 'warning' })
}

type Days = { readonly startOn: LocalDate; readonly lastOn: LocalDate }

/** Both days are named, and lie in one month: else the use would belong to several. */
function readDays(reading: Reading): Days | null {
  const expected = { expected: 'a day like 2026-03-01', read: readDay }
  const startOn = reading.requiredDate('start_date', expected)
  const lastOn = reading.requiredDate('end_date', expected)
  if (!startOn || !lastOn) return null
  const [from, to] = [reading.text('start_date'), reading.text('end_date')]
  if (lastOn < startOn) return reading.report('date-order', { from, to }, { column: 'end_date' })
  if (startOn.slice(0, 7) === lastOn.slice(0, 7)) return { startOn, lastOn }
  const wanted = 'a day in the month of start_date, as daily and monthly records have it,'
  const facts = { column: reading.nameOf('end_date'), value: to, expected: wanted }
  return reading.report('date-unreadable', facts, { column: 'end_date' })
}

/** `2026-03-01`, and what client libraries make of it. */
function readDay(text: string): LocalDate | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:T00:00:00(?:\.0+)?(?:Z|[+-]00:00)?)?$/.exec(text)
  return match ? localDateOf(Number(match[1]), Number(match[2]), Number(match[3])) : null
}

type Use = Pick<Usage, 'quantity' | 'quantityBase' | 'unit'>

function readUse(reading: Reading, { usageType }: CountedCategory): Use | null {
  const word = reading.required('usage_unit')
  reading.required('usage')
  if (isAbsent(word)) return null
  const unit = unitOf(word.toLowerCase(), usageType)
  if (unit === '') {
    const facts = { column: reading.nameOf('usage_unit'), value: word, allowed: unitWordsOf(usageType) }
    return reading.report('unit-unknown', facts, { column: 'usage_unit' })
  }
  const quantity = reading.quantity('usage', { unit, usageType })
  return quantity && { quantity: quantity.quantity, quantityBase: quantity.base, unit }
}
