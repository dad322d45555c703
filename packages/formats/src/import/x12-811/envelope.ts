// Checks that an interchange holds what its own counts say: segments of a set, sets of a group, groups, line items. What is
// missing is said and not made up; what is there is read.
import type { SegmentReading } from './segment-reading.ts'

/** What must have ended before a segment of the envelope, or before the end of the file. */
const ENDED_BY = {
  ST: ['SE'],
  GE: ['SE'],
  GS: ['SE', 'GE'],
  IEA: ['SE', 'GE'],
  ISA: ['SE', 'GE', 'IEA'],
  end: ['SE', 'GE', 'IEA'],
} as const satisfies Record<string, ReadonlyArray<string>>
type EndsOthers = keyof typeof ENDED_BY

type Open = { readonly control: string; count: number }

export class Envelope {
  private interchange: Open | null = null
  private group: Open | null = null
  private set: Open | null = null
  private items = 0
  private levels = 0

  get isInSet(): boolean {
    return this.set !== null
  }

  /** Call with every segment, in order. */
  check(reading: SegmentReading): void {
    const { id } = reading
    if (Object.hasOwn(ENDED_BY, id)) this.reportMissing(reading, { before: id as EndsOthers })
    if (this.set) this.set.count += 1
    if (id === 'IT1') this.items += 1
    else if (id === 'HL') this.levels += 1
    else if (id === 'ISA') this.interchange = { control: reading.element(13), count: 0 }
    else if (id === 'GS') this.openGroup(reading)
    else if (id === 'ST') this.openSet(reading)
    else if (id === 'CTT') this.checkItems(reading)
    else if (id === 'SE') this.set = this.close(reading, { open: this.set, opener: 'ST' })
    else if (id === 'GE') this.group = this.close(reading, { open: this.group, opener: 'GS' })
    else if (id === 'IEA') this.interchange = this.close(reading, { open: this.interchange, opener: 'ISA' })
  }

  private openGroup(reading: SegmentReading): void {
    if (this.interchange) this.interchange.count += 1
    this.group = { control: reading.element(6), count: 0 }
  }

  private openSet(reading: SegmentReading): void {
    if (this.group) this.group.count += 1
    this.set = { control: reading.element(2), count: 1 }
    this.items = 0
    this.levels = 0
  }

  /** Senders count line items or levels. */
  private checkItems(reading: SegmentReading): void {
    const said = reading.element(1)
    if (said === '' || same(said, this.items) || same(said, this.levels)) return
    reading.report(
      'control-mismatch',
      { column: 'CTT01', value: said, expected: String(this.items) },
      { column: 'CTT01' },
    )
  }

  private close(reading: SegmentReading, { open, opener }: { open: Open | null; opener: string }): null {
    const [countName, controlName] = [reading.nameOf(1), reading.nameOf(2)]
    if (!open) {
      const expected = `no ${reading.id} without ${opener}`
      return reading.report('control-mismatch', { column: reading.id, value: reading.id, expected })
    }
    const [count, control] = [reading.element(1), reading.element(2)]
    if (!same(count, open.count)) {
      const facts = { column: countName, value: count, expected: String(open.count) }
      reading.report('control-mismatch', facts, { column: countName })
    }
    if (control !== open.control) {
      const facts = { column: controlName, value: control, expected: open.control }
      reading.report('control-mismatch', facts, { column: controlName })
    }
    return null
  }

  /** Reports on a segment that should have come after a trailer, or on the last one of the file. */
  reportMissing(reading: SegmentReading, { before }: { readonly before: EndsOthers }): void {
    const ended: ReadonlyArray<string> = ENDED_BY[before]
    const missing: string[] = []
    if (this.set && ended.includes('SE')) missing.push(`SE*${this.set.count + 1}*${this.set.control}`)
    if (this.group && ended.includes('GE')) missing.push(`GE*${this.group.count}*${this.group.control}`)
    if (this.interchange && ended.includes('IEA')) {
      missing.push(`IEA*${this.interchange.count}*${this.interchange.control}`)
    }
    for (const expected of missing) {
      const column = expected.slice(0, expected.indexOf('*'))
      reading.report('control-mismatch', { column, value: '', expected }, { column })
    }
    if (ended.includes('SE')) this.set = null
    if (ended.includes('GE')) this.group = null
    if (ended.includes('IEA')) this.interchange = null
  }
}

function same(text: string, count: number): boolean {
  return /^\d{1,15}$/.test(text) && Number(text) === count
}
