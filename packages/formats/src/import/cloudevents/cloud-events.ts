// CloudEvents 1.0 as used for metering: an event is a use, by what its `data` says in the words of usage.csv. Events that
// say it in other words are for a Source mapping: which of their numbers counts is not guessed.
import {
  type CellOf,
  type DocumentKey,
  type Importer,
  type Problem,
  parseTimestamp,
  problem,
  type ReadContext,
  type ReadRow,
  readUsage,
  type SourcePlace,
  type Table,
  type TableRow,
  toBaseUnits,
  USAGE_TYPES,
  type UsageColumn,
} from '@spillway/core'
import { type ColumnLookup, type ColumnSpec, lookUpColumns, requireColumns } from '../../intake/column-lookup.ts'
import { placeOf } from '../../intake/part.ts'
import { UNIT_MEMBER_NAMES, UNIT_MEMBERS, type UnitMember, unitOfWord } from './event-quantity.ts'

const ATTRIBUTES = ['specversion', 'type', 'source', 'id', 'time'] as const
const QUANTITIES = ['data.quantity', 'data.value'] as const
const MEMBERS = [
  'data.account',
  'data.service',
  'data.usage_type',
  'data.class',
  'data.started_at',
  'data.ended_at',
  'data.duration',
  'data.unit',
  'data.zone',
  'data.time_band',
  'data.network',
  'data.account_code',
  'data.peer',
  'data.app',
  'data.pool',
  'data.participants',
  'data.conference',
  'data.participant',
] as const
/** The way that a message took; another one where it is sent again, and no part of what happened. */
const TRACES = ['traceparent', 'tracestate'] as const
type Column =
  | (typeof TRACES)[number]
  | (typeof ATTRIBUTES)[number]
  | (typeof QUANTITIES)[number]
  | (typeof MEMBERS)[number]
  | UnitMember
  | 'subject'

const COLUMNS: ReadonlyArray<ColumnSpec<Column>> = [
  ...ATTRIBUTES.map((name) => ({ name, required: true })),
  ...['subject' as const, ...TRACES, ...QUANTITIES, ...MEMBERS, ...UNIT_MEMBER_NAMES].map((name) => ({ name })),
]

/** Where a column of usage.csv stands in an event: the first of these that is given. */
const PLACES: Readonly<Record<Exclude<UsageColumn, 'quantity' | 'unit'>, ReadonlyArray<Column>>> = {
  source: ['source'],
  id: ['id'],
  account: ['data.account'],
  service: ['data.service', 'subject'],
  usage_type: ['data.usage_type', 'data.class', 'type'],
  started_at: ['data.started_at', 'time'],
  ended_at: ['data.ended_at'],
  zone: ['data.zone'],
  time_band: ['data.time_band'],
  network: ['data.network'],
  account_code: ['data.account_code'],
  peer: ['data.peer'],
  app: ['data.app'],
  pool: ['data.pool'],
  participants: ['data.participants'],
  conference: ['data.conference'],
  participant: ['data.participant'],
}

/** Events are known by source and id, so a file replaces nothing. */
const DOCUMENT: DocumentKey = { part: 'usage', vendor: '', account: '', invoice: '' }

export const cloudEvents: Importer = {
  name: 'cloudevents',
  version: 1,
  describes: 'CloudEvents 1.0 with usage in their data, as NDJSON or a list: one use for each event',
  recognises: ({ header }) => {
    const { missing, positions } = lookUpColumns(header, COLUMNS)
    const counts = [...QUANTITIES, ...UNIT_MEMBER_NAMES, 'data.duration'] as const
    return missing.length === 0 && counts.some((name) => positions[name] !== -1)
  },
  read: readEvents,
}

async function* readEvents(table: Table, context: ReadContext): AsyncGenerator<ReadonlyArray<ReadRow>> {
  const place = placeOf({ file: context.fileName, member: context.member, sheet: table.sheet })
  const layout = layoutOf(requireColumns(table.header, COLUMNS, { ...place, line: table.headerLine }))
  for await (const batch of table.rows)
    yield batch.map((row) =>
      'cells' in row
        ? new EventReading(layout, row, place).read()
        : { line: row.line, raw: row.raw, facts: [], problems: [row.problem] },
    )
}

type Cell = { readonly column: Column; readonly text: string }
type Placed = keyof typeof PLACES
type QuantityColumn = (typeof QUANTITIES)[number] | UnitMember

/** What of all this a file has, found once: an event has few of the members that events may have. */
type Layout = {
  readonly lookup: ColumnLookup<Column>
  readonly places: ReadonlyArray<readonly [Placed, ReadonlyArray<Column>]>
  readonly quantities: ReadonlyArray<QuantityColumn>
  readonly known: ReadonlyArray<Column>
}

function layoutOf(lookup: ColumnLookup<Column>): Layout {
  const isThere = (column: Column) => lookup.positions[column] !== -1
  const places = Object.entries(PLACES).map(([name, columns]) => {
    // The last one is the event's own attribute, where there is one.
    const found = columns.filter((column, at) => isThere(column) || at === columns.length - 1)
    return [name as Placed, found] as const
  })
  const quantities = [...QUANTITIES, ...UNIT_MEMBER_NAMES].filter(isThere)
  const known = COLUMNS.map(({ name }) => name).filter((name) => isThere(name) && !NEVER_KEPT.includes(name))
  return { lookup, places, quantities, known }
}

const NEVER_KEPT: ReadonlyArray<Column> = ['specversion', 'time', ...TRACES]

class EventReading {
  private readonly problems: Problem[] = []
  private readonly layout: Layout
  private readonly lookup: ColumnLookup<Column>
  private readonly row: TableRow
  private readonly source: SourcePlace

  constructor(layout: Layout, row: TableRow, place: SourcePlace) {
    this.layout = layout
    this.lookup = layout.lookup
    this.row = row
    this.source = { ...place, line: row.line }
  }

  read(): ReadRow {
    this.checkVersion()
    const cells = this.findCells()
    const cellOf: CellOf<UsageColumn> = (column) => cells[column].text
    const columnName = (column: UsageColumn) => this.lookup.columnName(cells[column].column)
    const reading = readUsage(cellOf, { source: this.source, columnName, extra: this.extraBeside(cells) })
    const found = 'problems' in reading ? reading.problems : []
    const problems = [...this.problems, ...found]
    const facts = 'fact' in reading && problems.length === 0 ? [{ document: DOCUMENT, fact: reading.fact }] : []
    return { line: this.row.line, raw: this.row.raw, facts, problems }
  }

  private text(column: Column): string {
    return this.lookup.cell(this.row.cells, column).trim()
  }

  private sourceOf(column: Column): SourcePlace {
    return { ...this.source, column: this.lookup.columnName(column) }
  }

  private checkVersion(): void {
    const value = this.text('specversion')
    if (value === '1.0') return
    const facts = { column: 'specversion', value, allowed: ['1.0'] }
    this.problems.push(problem('value-unknown', facts, { source: this.sourceOf('specversion') }))
  }

  private findCells(): Readonly<Record<UsageColumn, Cell>> {
    const found = {} as Record<Placed, Cell>
    for (const [name, columns] of this.layout.places) found[name] = this.firstOf(columns)
    const usageType = { ...found.usage_type, text: usageTypeOf(found.usage_type) }
    this.checkOffset(found.started_at)
    return {
      ...found,
      usage_type: usageType,
      ended_at: this.endOf(found.ended_at, found.started_at),
      ...this.quantityOf(usageType.text),
    }
  }

  private firstOf(columns: ReadonlyArray<Column>): Cell {
    const given = columns.find((column) => this.text(column) !== '')
    const column = given ?? (columns.at(-1) as Column)
    return { column, text: this.text(column) }
  }

  /** An event happens at an instant; a time without offset could be of any place. */
  private checkOffset({ column, text }: Cell): void {
    if (parseTimestamp(text)?.isWallTime !== true) return
    const facts = { column: this.lookup.columnName(column), value: text, expected: 'a time with an offset or Z' }
    this.problems.push(problem('date-unreadable', facts, { source: this.sourceOf(column) }))
  }

  /** The end as it is given, else the start and as many seconds more as `data.duration` says. */
  private endOf(given: Cell, start: Cell): Cell {
    const value = this.text('data.duration')
    if (given.text !== '' || value === '') return given
    const seconds = toBaseUnits(value, 's', 'voice')
    const startedAt = parseTimestamp(start.text)
    if (!seconds.ok || seconds.base < 0 || seconds.base > DURATION_SECONDS_MAX) {
      const facts = { column: this.lookup.columnName('data.duration'), value }
      this.problems.push(problem('number-unreadable', facts, { source: this.sourceOf('data.duration') }))
    } else if (startedAt && !startedAt.isWallTime) {
      const endedAt = new Date(startedAt.micros / 1000 + Number(seconds.base) * 1000)
      return { column: 'data.duration', text: endedAt.toISOString() }
    }
    return given
  }

  private quantityOf(usageType: string): { readonly quantity: Cell; readonly unit: Cell } {
    const given = this.layout.quantities.filter((column) => this.text(column) !== '')
    const [first = QUANTITIES[0]] = given
    if (given.length > 1) {
      const reason = `it has several quantities (${given.map((column) => this.lookup.columnName(column)).join(', ')})`
      this.problems.push(problem('row-unreadable', { reason }, { source: this.source }))
    }
    if (given.length === 0 && this.text('data.duration') !== '' && DURATION_TYPES.includes(usageType)) {
      const column = 'data.duration'
      return { quantity: { column, text: this.text(column) }, unit: { column, text: 's' } }
    }
    const quantity = { column: first, text: this.text(first) }
    return { quantity, unit: this.unitOf(first, usageType) }
  }

  private unitOf(column: QuantityColumn, usageType: string): Cell {
    if (column in UNIT_MEMBERS) return { column, text: UNIT_MEMBERS[column as UnitMember] }
    const written = this.text('data.unit')
    const text = written === '' && COUNTED_TYPES.includes(usageType) ? 'count' : unitOfWord(written)
    return { column: 'data.unit', text }
  }

  /** Members that no column of the fact took, with what nobody asked for. */
  private extraBeside(cells: Readonly<Record<UsageColumn, Cell>>): Record<string, string> {
    const extra: Record<string, string> = {}
    for (const column of this.layout.known) {
      const text = this.text(column)
      if (text !== '' && !isTaken(cells, column)) extra[this.lookup.columnName(column)] = text
    }
    return Object.assign(extra, this.lookup.extra(this.row.cells))
  }
}

function isTaken(cells: Readonly<Record<UsageColumn, Cell>>, column: Column): boolean {
  for (const name in cells) if (cells[name as UsageColumn].column === column) return true
  return false
}

/** A year: what lasts longer is no event. */
const DURATION_SECONDS_MAX = 366n * 86_400n

const DURATION_TYPES: ReadonlyArray<string> = ['voice', 'conference']
const COUNTED_TYPES: ReadonlyArray<string> = ['messaging', 'event', 'app']

/** `com.acme.usage.voice.v2` is voice by its last word before a version; other cells are as they stand. */
function usageTypeOf({ column, text }: Cell): string {
  if (column !== 'type') return text
  const words = text.toLowerCase().split(/[^a-z0-9]+/)
  const last = words.filter((word) => !/^(v?\d+)?$/.test(word)).at(-1) ?? ''
  return USAGE_TYPES.find((usageType) => usageType === last) ?? text
}
