// Rows of the Microsoft 365 usage reports: a user, a mailbox or a site with what was done and stored in the days of the
// report. Says nothing of money. Counts of a report over 90 or 180 days belong to no month, and its rows are refused.
import type { DocumentKey, Importer, LocalDate, ReadContext, ReadRow, Table, Usage } from '@spillway/core'
import { type ColumnSpec, lookUpColumns } from '../../intake/column-lookup.ts'
import { RowIdentity } from '../row-identity.ts'
import { type RowReading, readRows } from '../row-reading.ts'
import { isAbsent, wallMidnight } from '../written-values.ts'
import { PERIODS_READ, type ReportDays, reportDays } from './report-days.ts'
import { REPORT_KINDS, type ReportKind } from './reports.ts'

const VENDOR = 'microsoft'
const REFRESHED = 'Report Refresh Date'
const PERIOD = 'Report Period'
/** What a report without a period looks back over. */
const PERIOD_UNSAID = '30'
/** Reports have no money. */
const NO_CURRENCY = ''

type Reading = RowReading<string>

export const MICROSOFT_365_REPORTS: ReadonlyArray<Importer> = REPORT_KINDS.map((kind) => {
  const known = [REFRESHED, kind.service[0] as string, ...kind.knownBy].map((name) => ({ name, required: true }))
  return {
    name: kind.name,
    version: 1,
    describes: kind.describes,
    recognises: ({ header }) =>
      lookUpColumns(header, known).missing.length === 0 && (kind.notWith === undefined || !has(header, kind.notWith)),
    read: (table, context) => readReport(table, { context, kind }),
  }
})

const has = (header: ReadonlyArray<string>, name: string) =>
  lookUpColumns(header, [{ name, required: true }]).missing.length === 0

/** Every column that this report's rows are asked for, once. */
function columnsOf(kind: ReportKind): ReadonlyArray<ColumnSpec> {
  const [first] = kind.service
  const required = new Set([REFRESHED, first, ...kind.knownBy])
  const asked = [
    ...required,
    ...kind.service,
    ...kind.partedBy,
    ...[...kind.counts, ...kind.lastUses, ...(kind.storage ? [kind.storage] : [])].map(({ column }) => column),
    ...kind.dates,
    PERIOD,
  ]
  return [...new Set(asked)].map((name) => ({ name: name as string, required: required.has(name) }))
}

type FileReading = {
  readonly kind: ReportKind
  readonly identity: RowIdentity
  /** Known columns that no column of a fact takes. */
  readonly kept: ReadonlyArray<string>
  areNamesConcealed: boolean
}

async function* readReport(
  table: Table,
  { context, kind }: { context: ReadContext; kind: ReportKind },
): AsyncGenerator<ReadonlyArray<ReadRow>> {
  const columns = columnsOf(kind)
  const taken = new Set([kind.service[0], ...kind.counts.map(({ column }) => column)])
  const kept = columns.map(({ name }) => name).filter((name) => !taken.has(name))
  const file: FileReading = { kind, identity: new RowIdentity(), kept, areNamesConcealed: false }
  const rows = { table, context, columns, currency: NO_CURRENCY }
  yield* readRows(rows, (reading: Reading) => readReportRow(reading, file))
}

const DAY = { expected: 'a day like 2026-10-31' }

function readReportRow(reading: Reading, file: FileReading): ReadRow {
  const { kind } = file
  const refreshedOn = reading.requiredDate(REFRESHED, DAY)
  const length = readPeriod(reading, kind)
  for (const column of kind.dates) reading.date(column, DAY)
  const service = readService(reading, file)
  const days = refreshedOn && length ? reportDays(refreshedOn, length) : null
  const uses = readUses(reading, { kind, days })
  if (days === null || service === '' || reading.hasErrors) return reading.done([])
  const account = domainOf(service)
  const invoice = `${kind.name}-${days.document}`
  const view = kind.isSnapshot ? 'itemised' : days.view
  const document: DocumentKey = { part: PART[view], vendor: VENDOR, account, invoice }
  const cells = [service, ...kind.partedBy.map((column) => reading.text(column))]
  const row: Row = { kind, days, view, account, service, invoice, name: file.identity.nameOf(cells) }
  const extra = reading.extra(file.kept)
  return reading.done(uses.map((use) => ({ document, fact: usageOf(use, row, extra) })))
}

/** Uses that a snapshot shows count where no report counts them. */
type View = Exclude<Usage['view'], ''>
const PART: Readonly<Record<View, string>> = {
  'class-summary': 'class-usage',
  'line-summary': 'line-usage',
  itemised: 'itemised-usage',
}

function readPeriod(reading: Reading, kind: ReportKind): (typeof PERIODS_READ)[number] | null {
  const value = reading.text(PERIOD)
  if (isAbsent(value)) {
    if (kind.hasPeriod) reading.required(PERIOD)
    return kind.hasPeriod ? null : PERIOD_UNSAID
  }
  const days = value.replace(/^D/i, '')
  const known = PERIODS_READ.find((period) => period === days)
  return (
    known ??
    reading.report(
      'value-unknown',
      { column: reading.nameOf(PERIOD), value, allowed: PERIODS_READ },
      { column: PERIOD },
    )
  )
}

/** The vendor writes a name now with capitals, now without; names of persons and sites are no different for it. */
function readService(reading: Reading, file: FileReading): string {
  const [first] = file.kind.service as [string]
  const column = file.kind.service.find((name) => !isAbsent(reading.text(name)))
  if (column === undefined) {
    reading.required(first)
    return ''
  }
  const value = reading.text(column)
  if (!file.areNamesConcealed && isConcealed(value)) {
    file.areNamesConcealed = true
    reading.report('names-concealed', { column: reading.nameOf(column), value }, { column })
  }
  return value.toLowerCase()
}

/** A hash in the place of a name: 32 hexadecimal digits. An id of a site has hyphens. */
const isConcealed = (name: string) => /^[0-9a-f]{32}$/i.test(name)

/** `contoso.com` of `anna@contoso.com`, `contoso.sharepoint.com` of a site; '' where the name says none. */
function domainOf(service: string): string {
  const address = /^https?:\/\/([^/]+)/.exec(service)
  if (address) return address[1] as string
  return service.includes('@') ? service.slice(service.lastIndexOf('@') + 1) : ''
}

type Use = Pick<Usage, 'usageType' | 'quantity' | 'quantityBase' | 'unit' | 'app'> & { readonly source?: string }

/** What is not zero. A row of nothing but zeros is one use of 0: its user has a seat, and did not use it. */
function readUses(reading: Reading, { kind, days }: { kind: ReportKind; days: ReportDays | null }): ReadonlyArray<Use> {
  const { storage } = kind
  const stored = storage && days ? [storedUse(storage.app, readBytes(reading, storage.column), days)] : []
  const uses = [
    ...kind.counts.map(({ column, app }) => appUse(app, readCount(reading, column))),
    ...kind.lastUses.map(({ column, app, source = kind.name }) => ({
      ...appUse(app, readLastUse(reading, { column, days })),
      source,
    })),
    ...stored,
  ].filter((use) => use.quantityBase !== NOTHING)
  if (uses.length > 0) return uses
  return stored.length > 0 ? stored : [appUse(kind.app, NOTHING)]
}

const NOTHING = 0n

function appUse(app: string, count: bigint): Use {
  return { usageType: 'app', quantity: String(count), quantityBase: count, unit: 'count', app }
}

/** Below a petabyte and a quadrillion of messages; what is stored for 30 days then fits a 64-bit column. */
const DIGITS = /^\d{1,15}$/

/** A whole number that is not negative; a blank cell of a report counts nothing, and one that cannot be read is reported. */
function readCount(reading: Reading, column: string): bigint {
  const value = reading.text(column)
  if (isAbsent(value)) return NOTHING
  if (DIGITS.test(value)) return BigInt(value)
  reading.report('number-unreadable', { column: reading.nameOf(column), value }, { column })
  return NOTHING
}

/** Bytes that must be there: a report of storage without them says nothing. */
function readBytes(reading: Reading, column: string): bigint {
  reading.required(column)
  return readCount(reading, column)
}

const ONE = 1n

/** 1 where the last use is in the days of the report, else 0. */
function readLastUse(reading: Reading, { column, days }: { column: string; days: ReportDays | null }): bigint {
  const lastOn: LocalDate | null = reading.date(column, DAY)
  if (lastOn === null || days === null) return NOTHING
  return lastOn >= days.days.startOn && lastOn < days.days.endOn ? ONE : NOTHING
}

const HOURS_PER_DAY = 24n

/** What was stored when the report was made, as if it had been there on every day of the report. */
function storedUse(app: string, bytes: bigint, { length }: ReportDays): Use {
  const base = bytes * HOURS_PER_DAY * BigInt(length)
  return { usageType: 'storage', quantity: String(base), quantityBase: base, unit: 'Bh', app }
}

type Row = {
  readonly kind: ReportKind
  readonly days: ReportDays
  readonly view: View
  readonly account: string
  readonly service: string
  readonly invoice: string
  readonly name: string
}

function usageOf(use: Use, { kind, days, view, account, service, invoice, name }: Row, extra: Usage['extra']): Usage {
  return {
    fact: 'usage',
    source: kind.name,
    id: `${invoice}:${name}:${use.app}`,
    account,
    service,
    ...use,
    startedAt: wallMidnight(days.counted.startOn),
    endedAt: wallMidnight(days.counted.endOn),
    isWallTime: true,
    zone: '',
    timeBand: '',
    network: '',
    accountCode: '',
    peer: '',
    pool: '',
    participants: null,
    view,
    cycleOn: days.monthOn,
    extra,
  }
}
