// A row of usage.csv (spec, import, "Facts"; spec, money and units, "Quantities").
import { toBaseUnits, UNIT_NAMES, USAGE_TYPES, type UsageType } from '../quantity/unit.ts'
import type { Usage } from './fact.ts'
import { type CellOf, type FactReading, RowCells, type RowContext } from './read-cells.ts'
import type { Timestamp } from './read-timestamp.ts'
import { NETWORKS, TIME_BANDS, ZONES } from './words.ts'

export const USAGE_COLUMNS = [
  'source',
  'id',
  'account',
  'service',
  'usage_type',
  'started_at',
  'ended_at',
  'quantity',
  'unit',
  'zone',
  'time_band',
  'network',
  'account_code',
  'peer',
  'app',
  'pool',
  'participants',
  'conference',
  'participant',
] as const
export type UsageColumn = (typeof USAGE_COLUMNS)[number]

export const USAGE_REQUIRED = [
  'source',
  'id',
  'service',
  'usage_type',
  'started_at',
  'quantity',
  'unit',
] as const satisfies ReadonlyArray<UsageColumn>

/** The most that a 32-bit column holds. */
const PARTICIPANTS_MAX = 2 ** 31 - 1

/**
 * `1.5`, `min` is 90 seconds; what does not land on a whole base unit is rounded up. A time without an offset is a
 * wall-clock time of the account (`isWallTime`). A negative quantity is a correction.
 */
export function readUsage(cell: CellOf<UsageColumn>, context: RowContext<UsageColumn>): FactReading<Usage> {
  const row = new RowCells(cell, context)
  const source = row.requiredId('source')
  const id = row.requiredId('id')
  const account = row.id('account')
  const service = row.requiredId('service')
  const usageType = row.requiredWord('usage_type', USAGE_TYPES)
  const { startedAt, endedAt, isWallTime } = readSpan(row)
  const { quantity, unit, quantityBase } = readQuantity(row, usageType)
  const zone = row.word('zone', ZONES)
  const timeBand = row.word('time_band', TIME_BANDS)
  const network = row.word('network', NETWORKS)
  const accountCode = row.id('account_code')
  const pool = row.id('pool')
  const conference = row.id('conference')
  const participants = row.count('participants', { min: 0, max: PARTICIPANTS_MAX }) ?? null
  if (row.hasProblems || source === null || id === null || account === null || service === null) return row.refused()
  if (usageType === null || startedAt === null || quantityBase === null) return row.refused()
  if (zone === null || timeBand === null || network === null) return row.refused()
  if (accountCode === null || pool === null || conference === null) return row.refused()
  const fact: Usage = {
    fact: 'usage',
    source,
    id,
    account,
    service,
    usageType,
    startedAt,
    endedAt,
    isWallTime,
    quantityBase,
    quantity,
    unit,
    zone,
    timeBand,
    network,
    accountCode,
    peer: row.text('peer'),
    app: row.text('app'),
    pool,
    participants,
    conference,
    participant: row.text('participant'),
    view: '',
    cycleOn: null,
    extra: row.extra,
  }
  return { fact }
}

type Span = { readonly startedAt: number | null; readonly endedAt: number | null; readonly isWallTime: boolean }

function readSpan(row: RowCells<UsageColumn>): Span {
  const start = row.required('started_at') === null ? null : row.timestamp('started_at')
  const end = row.timestamp('ended_at')
  if (start && end) checkSpan(row, start, end)
  return { startedAt: start?.micros ?? null, endedAt: end?.micros ?? null, isWallTime: start?.isWallTime ?? false }
}

function checkSpan(row: RowCells<UsageColumn>, start: Timestamp, end: Timestamp): void {
  const [from, to] = [row.text('started_at'), row.text('ended_at')]
  if (start.isWallTime !== end.isWallTime) {
    const expected = `a time ${start.isWallTime ? 'without' : 'with'} an offset, as ${row.nameOf('started_at')} is`
    row.report('date-unreadable', { column: row.nameOf('ended_at'), value: to, expected }, 'ended_at')
  } else if (end.micros < start.micros) row.report('date-order', { from, to }, 'ended_at')
}

type QuantityCells = { readonly quantity: string; readonly unit: string; readonly quantityBase: bigint | null }

/** Reports what is wrong with the number and with the unit, each for itself. */
function readQuantity(row: RowCells<UsageColumn>, usageType: UsageType | null): QuantityCells {
  const quantity = row.required('quantity') ?? ''
  const unit = row.required('unit') ?? ''
  if (quantity === '' || unit === '') return { quantity, unit, quantityBase: null }
  // Without a usage type a unit can only be known or not, which any type tells.
  const reading = toBaseUnits(quantity, unit, usageType ?? 'data')
  if (reading.ok) return { quantity, unit, quantityBase: usageType === null ? null : reading.base }
  const facts = { column: row.nameOf('unit'), value: unit }
  if (reading.reason === 'unknown-unit') row.report('unit-unknown', { ...facts, allowed: UNIT_NAMES }, 'unit')
  else if (reading.reason === 'unit-of-other-type') {
    if (usageType !== null) row.report('unit-mismatch', { ...facts, usageType }, 'unit')
  } else row.reportNumber('quantity', quantity)
  const isUnitAtFault = reading.reason === 'unknown-unit' || reading.reason === 'unit-of-other-type'
  if (isUnitAtFault) row.decimal('quantity', { placesMax: 30, isSigned: true })
  return { quantity, unit, quantityBase: null }
}
