// Twilio's Super SIM usage records: bytes of a SIM in a period. Twilio may tell 0 at first and the bytes a day or two later:
// a later record of the same SIM, network, country and period replaces the earlier one. Refuses sums over several SIMs.
import {
  type DocumentKey,
  type Importer,
  parseTimestamp,
  type ReadContext,
  type ReadRow,
  type Table,
  type Usage,
} from '@spillway/core'
import { type ColumnSpec, lookUpColumns, requiredTitles } from '../../intake/column-lookup.ts'
import { type RowReading, readRows } from '../row-reading.ts'
import { isAbsent } from '../written-values.ts'

const REQUIRED = ['sim_sid', 'period.start_time', 'period.end_time', 'data_total'] as const
const OTHERS = [
  'account_sid',
  'network_sid',
  'fleet_sid',
  'iso_country',
  'data_upload',
  'data_download',
  'data_total_billed',
  'billed_unit',
] as const
type Column = (typeof REQUIRED)[number] | (typeof OTHERS)[number]
type Reading = RowReading<Column>

const COLUMNS: ReadonlyArray<ColumnSpec<Column>> = [
  ...REQUIRED.map((name) => ({ name, required: true })),
  ...OTHERS.map((name) => ({ name })),
]
const KEPT = OTHERS.filter((name) => name !== 'account_sid')

export const twilioSuperSimUsage: Importer = {
  name: 'twilio-super-sim',
  version: 1,
  describes: 'Twilio Super SIM usage records (JSON): bytes of each SIM in each period',
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
  const service = reading.required('sim_sid')
  const period = readPeriod(reading)
  reading.required('data_total')
  const total = reading.quantity('data_total', BYTES)
  if (total) checkDirections(reading, total.base)
  if (!period || !total || reading.hasErrors) return reading.done([])
  const account = reading.text('account_sid')
  // One without a network or country is the sum over them.
  const parts = [service, ...(['fleet_sid', 'network_sid', 'iso_country'] as const).map((name) => reading.text(name))]
  const name = `${parts.filter((part) => part !== '').join(' ')} ${shown(period.startedAt)}/${shown(period.endedAt)}`
  const fact: Usage = {
    fact: 'usage',
    source: 'twilio-super-sim',
    id: name,
    account,
    service,
    usageType: 'data',
    ...period,
    isWallTime: false,
    quantityBase: total.base,
    quantity: total.quantity,
    unit: BYTES.unit,
    zone: '',
    timeBand: '',
    network: '',
    accountCode: '',
    peer: '',
    app: '',
    pool: '',
    participants: null,
    view: '',
    cycleOn: null,
    extra: reading.extra(KEPT),
  }
  const document: DocumentKey = { part: 'line-usage', vendor: 'twilio', account, invoice: name }
  return reading.done([{ document, fact }])
}

const BYTES = { unit: 'B', usageType: 'data' } as const

function shown(micros: number): string {
  return `${new Date(micros / 1000).toISOString().slice(0, 19)}Z`
}

/** Both directions together are the total, where both are told. */
function checkDirections(reading: Reading, total: bigint): void {
  const up = reading.quantity('data_upload', { ...BYTES, severity: 'warning' })
  const down = reading.quantity('data_download', { ...BYTES, severity: 'warning' })
  if (!up || !down || up.base + down.base === total) return
  const [column, value] = [reading.nameOf('data_total'), reading.text('data_total')]
  const expected = `${up.base + down.base}, both directions together`
  reading.report('control-mismatch', { column, value, expected }, { column: 'data_total' })
}

type Period = { readonly startedAt: number; readonly endedAt: number }

/** The end is exclusive. A period of several months would count in each of them. */
function readPeriod(reading: Reading): Period | null {
  const [startedAt, endedAt] = [readInstant(reading, 'period.start_time'), readInstant(reading, 'period.end_time')]
  if (startedAt === null || endedAt === null) return null
  const [from, to] = [reading.text('period.start_time'), reading.text('period.end_time')]
  if (endedAt <= startedAt) return reading.report('date-order', { from, to }, { column: 'period.end_time' })
  const monthOf = (micros: number) => new Date(micros / 1000).toISOString().slice(0, 7)
  if (monthOf(startedAt) === monthOf(endedAt - 1000)) return { startedAt, endedAt }
  const expected = 'a time in the month of the start, as hours and days have it,'
  const facts = { column: reading.nameOf('period.end_time'), value: to, expected }
  return reading.report('date-unreadable', facts, { column: 'period.end_time' })
}

function readInstant(reading: Reading, column: 'period.start_time' | 'period.end_time'): number | null {
  const value = reading.required(column)
  if (isAbsent(value)) return null
  const instant = parseTimestamp(value)
  if (instant && !instant.isWallTime) return instant.micros
  const facts = { column: reading.nameOf(column), value, expected: 'an instant like 2026-03-02T00:00:00Z' }
  return reading.report('date-unreadable', facts, { column })
}
