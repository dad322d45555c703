// Calls of an itemised BT bill. Their cost is kept with the calls and never becomes a charge: it is given to a tenth of a
// penny, and the bill rounds its sum once.
import type { Importer, LocalDate, ReadContext, ReadRow, Table, Usage } from '@spillway/core'
import { type ColumnSpec, lookUpColumns, requiredTitles } from '../../intake/column-lookup.ts'
import { RowIdentity } from '../row-identity.ts'
import { type RowReading, readRows } from '../row-reading.ts'
import { readDialled, readUkDate, UNSAID_OF_CALLS, wallInstant, zoneOfDialled } from '../uk-calls.ts'
import { isAbsent } from '../written-values.ts'

const VENDOR = 'bt'
const CURRENCY = 'GBP'

const COLUMNS = [
  { name: 'Charge Code', required: true },
  { name: 'Installation No', required: true },
  { name: 'Line No', required: true },
  { name: 'Charge Card No' },
  { name: 'Date', required: true },
  { name: 'Time', required: true },
  { name: 'Destination' },
  { name: 'Called No', required: true },
  { name: 'Duration', required: true },
  { name: 'Txt Direct Rebate' },
  { name: 'Cost', required: true },
] as const satisfies ReadonlyArray<ColumnSpec>
type Column = (typeof COLUMNS)[number]['name']
type Reading = RowReading<Column>

/** Known columns that no column of a fact takes. */
const KEPT: ReadonlyArray<Column> = ['Charge Code', 'Charge Card No', 'Destination', 'Txt Direct Rebate', 'Cost']

const IDENTITY: ReadonlyArray<Column> = [
  'Charge Code',
  'Installation No',
  'Line No',
  'Charge Card No',
  'Date',
  'Time',
  'Called No',
  'Duration',
]

/** Calls are known by what they say: the same call in a later file is the same call. */
const DOCUMENT = { part: 'itemised-usage', vendor: '', account: '', invoice: '' } as const

export const btItemised: Importer = {
  name: 'bt-itemised',
  version: 1,
  describes: 'BT itemised bill: calls one by one, with installation, line and cost',
  get columns() {
    return requiredTitles(COLUMNS)
  },
  recognises: ({ header }) => lookUpColumns(header, COLUMNS).missing.length === 0,
  read: readCalls,
}

async function* readCalls(table: Table, context: ReadContext): AsyncGenerator<ReadonlyArray<ReadRow>> {
  const identity = new RowIdentity()
  const rows = { table, context, columns: COLUMNS, currency: CURRENCY }
  yield* readRows(rows, (reading: Reading) => readCall(reading, identity))
}

function readCall(reading: Reading, identity: RowIdentity): ReadRow {
  const account = reading.required('Installation No')
  const service = readService(reading)
  reading.required('Date')
  const day = reading.date('Date', { expected: 'a date like 31/01/2026', read: readUkDate })
  const startedAt = day && readStart(reading, day)
  const seconds = readDuration(reading)
  readCost(reading)
  if (!day || startedAt === null || seconds === null || reading.hasErrors) return reading.done([])
  const peer = readDialled(reading.text('Called No'))
  const fact: Usage = {
    ...UNSAID_OF_CALLS,
    source: VENDOR,
    id: `call:${identity.nameOf(IDENTITY.map((name) => reading.text(name)))}`,
    account,
    service,
    usageType: 'voice',
    quantity: String(seconds),
    quantityBase: BigInt(seconds),
    unit: 's',
    startedAt,
    zone: zoneOfDialled(peer),
    timeBand: '',
    accountCode: '',
    peer,
    pool: '',
    cycleOn: `${day.slice(0, 7)}-01` as LocalDate,
    extra: reading.extra(KEPT),
  }
  return reading.done([{ document: DOCUMENT, fact }])
}

/** The line, or the charge card that was used; a call on neither is the installation's. */
function readService(reading: Reading): string {
  for (const column of ['Line No', 'Charge Card No', 'Installation No'] as const) {
    if (!isAbsent(reading.text(column))) return readDialled(reading.text(column))
  }
  return ''
}

function readStart(reading: Reading, day: LocalDate): number | null {
  const value = reading.required('Time')
  if (isAbsent(value)) return null
  const facts = { column: reading.nameOf('Time'), value, expected: 'a time like 09:15:00' }
  return wallInstant(day, value) ?? reading.report('date-unreadable', facts, { column: 'Time' })
}

/** `000119` and `00:01:19` are 79 seconds: hours, minutes and seconds, of two digits each but for the hours. */
function readDuration(reading: Reading): number | null {
  const value = reading.required('Duration')
  if (isAbsent(value)) return null
  const match = /^(\d{1,4}):?([0-5]\d):?([0-5]\d)$/.exec(value)
  if (match) return Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3])
  return reading.report('number-unreadable', { column: reading.nameOf('Duration'), value }, { column: 'Duration' })
}

/** A cost is for people to read; one that is no number shows that the row is not what it seems. */
function readCost(reading: Reading): void {
  const value = reading.text('Cost')
  if (isAbsent(value) || /^-?£?\d*\.?\d+$/.test(value)) return
  reading.report('amount-unreadable', { column: reading.nameOf('Cost'), value }, { column: 'Cost' })
}
