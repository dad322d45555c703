// Itemised calls (TCD), use by class (USD) and quantities used (QTY) as usage. What they cost is the charges' matter.
import { type LocalDate, toBaseUnits, type Usage, type UsageType, type Zone } from '@spillway/core'
import { wallMidnight } from '../written-values.ts'
import type { Bill } from './invoice-heading.ts'
import { readX12Time, type SegmentReading } from './segment-reading.ts'

export type Used = Pick<
  Usage,
  'usageType' | 'quantity' | 'quantityBase' | 'unit' | 'zone' | 'view' | 'startedAt' | 'endedAt' | 'peer'
>

type Unit = { readonly usageType: UsageType; readonly unit: string }

/** Codes of data element 355 as carriers use them; data counts in steps of 1024. */
const UNITS: Readonly<Record<string, Unit>> = {
  MJ: { usageType: 'voice', unit: 'min' },
  MIN: { usageType: 'voice', unit: 'min' },
  '03': { usageType: 'voice', unit: 's' },
  SEC: { usageType: 'voice', unit: 's' },
  HR: { usageType: 'voice', unit: 'h' },
  AD: { usageType: 'data', unit: 'B' },
  '2P': { usageType: 'data', unit: 'KiB' },
  KB: { usageType: 'data', unit: 'KiB' },
  '4L': { usageType: 'data', unit: 'MiB' },
  MB: { usageType: 'data', unit: 'MiB' },
  E34: { usageType: 'data', unit: 'GiB' },
  GB: { usageType: 'data', unit: 'GiB' },
  MSG: { usageType: 'messaging', unit: 'count' },
}

/** A quantity that says by its qualifier what it counts. */
const QUALIFIERS: Readonly<Record<string, Unit>> = { DG: { usageType: 'data', unit: 'GiB' } }

/** A unit may be composite: its code stands before the component separator, whichever that is. */
function unitOf(text: string): Unit | null {
  const code = /^[A-Z0-9]+/i.exec(text)?.[0]?.toUpperCase() ?? ''
  return Object.hasOwn(UNITS, code) ? (UNITS[code] as Unit) : null
}

function zoneOf(words: string): Zone {
  if (/roam/i.test(words)) return 'roaming'
  if (/international|\bintl\b/i.test(words)) return 'international'
  return /long.?distance/i.test(words) ? 'long-distance' : 'domestic'
}

/** null where the segment's quantity is no use (a number of items, say), or cannot be read, which is then reported. */
export function readQuantity(reading: SegmentReading, { bill, words }: { bill: Bill; words: string }): Used | null {
  const written = reading.element(3)
  const qualifier = reading.element(1)
  const named = Object.hasOwn(QUALIFIERS, qualifier) ? (QUALIFIERS[qualifier] as Unit) : null
  const unit = written === '' ? named : unitOf(written)
  return unit && measured(reading, { number: 2, unit, bill, words, view: 'line-summary' })
}

/** null where the unit is unknown or the quantity cannot be read; both are reported, the first as a warning. */
export function readUsageDetail(reading: SegmentReading, { bill, words }: { bill: Bill; words: string }): Used | null {
  if (reading.element(6) === '') return null
  const unit = unitOf(reading.element(5))
  if (unit) return measured(reading, { number: 6, unit, bill, words, view: 'class-summary' })
  const facts = { column: 'USD05', value: reading.element(5), allowed: Object.keys(UNITS) }
  return reading.report('unit-unknown', facts, { column: 'USD05', severity: 'warning' })
}

type Measure = {
  readonly number: number
  readonly unit: Unit
  readonly bill: Bill
  readonly words: string
  readonly view: Usage['view']
}

function measured(reading: SegmentReading, { number, unit, bill, words, view }: Measure): Used | null {
  const value = reading.element(number)
  const read = toBaseUnits(value, unit.unit, unit.usageType)
  const column = reading.nameOf(number)
  if (!read.ok) return reading.report('number-unreadable', { column, value }, { column })
  return {
    usageType: unit.usageType,
    quantity: value,
    quantityBase: read.base,
    unit: unit.unit,
    zone: zoneOf(words),
    view,
    startedAt: wallMidnight(bill.periodStartOn),
    endedAt: wallMidnight(bill.periodEndOn),
    peer: '',
  }
}

/** A call: minutes in TCD10 and seconds in TCD11 are together its duration. null where it has none, which is reported. */
export function readCall(reading: SegmentReading, { words }: { words: string }): Used | null {
  const startedAt = readStart(reading)
  const duration = readDuration(reading)
  if (startedAt === null || duration === null) return null
  return {
    usageType: 'voice',
    ...duration,
    zone: zoneOf(words),
    view: 'itemised',
    startedAt,
    endedAt: null,
    peer: reading.element(5),
  }
}

function readStart(reading: SegmentReading): number | null {
  const day: LocalDate | null = reading.required(2) === '' ? null : reading.date(2)
  const value = reading.element(3)
  if (!day || value === '') return day && wallMidnight(day)
  const time = readX12Time(value)
  if (time !== null) return Date.parse(`${day}T${time}Z`) * 1000
  return reading.report('date-unreadable', { column: 'TCD03', value, expected: 'HHMM or HHMMSS' }, { column: 'TCD03' })
}

function readDuration(reading: SegmentReading): Pick<Used, 'quantity' | 'quantityBase' | 'unit'> | null {
  const parts = [
    { number: 10, unit: 'min' },
    { number: 11, unit: 's' },
  ].filter(({ number }) => reading.element(number) !== '')
  if (parts.length === 0) {
    return reading.report('value-missing', { column: 'TCD10' }, { column: 'TCD10' })
  }
  let base = 0n
  for (const { number, unit } of parts) {
    const value = reading.element(number)
    const read = toBaseUnits(value, unit, 'voice')
    const column = reading.nameOf(number)
    if (!read.ok) return reading.report('number-unreadable', { column, value }, { column })
    base += read.base
  }
  const [only, second] = parts
  const isOne = only !== undefined && second === undefined
  if (isOne) return { quantity: reading.element(only.number), quantityBase: base, unit: only.unit }
  return { quantity: String(base), quantityBase: base, unit: 's' }
}
