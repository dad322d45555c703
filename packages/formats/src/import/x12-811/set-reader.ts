// Reads the segments of an interchange in order, each under what stands above it. A line item waits for the descriptions
// and references that follow it; nothing else is kept, so that a set of any length is read in bounded memory.
import { type ReadRow, Refusal, type SourcePlace, type TableRow, type UnreadableRow, type Usage } from '@spillway/core'
import type { ColumnLookup } from '../../intake/column-lookup.ts'
import { RowIdentity } from '../row-identity.ts'
import { Envelope } from './envelope.ts'
import { type BillPart, InvoiceHeading } from './invoice-heading.ts'
import { Levels } from './levels.ts'
import { chargeOf, type Item, type Money, usageOf } from './segment-facts.ts'
import { SegmentReading } from './segment-reading.ts'
import { readCall, readQuantity, readUsageDetail } from './usage-segments.ts'

export type SegmentColumn = 'segment' | 'elements'

type Waiting = () => ReadRow

/** Segments that say more of the line item before them. */
const OF_ITEM = new Set('PID REF SI QTY AMT MEA DTM FA1 FA2 NTE N1 N2 N3 N4 NM1 PER CUR'.split(' '))
const ENVELOPE = new Set(['ISA', 'GS', 'ST', 'SE', 'GE', 'IEA', 'TA1'])
const WAITING_MAX = 1000

const SET_NAMES: Readonly<Record<string, string>> = {
  '810': 'an invoice',
  '820': 'a payment order',
  '850': 'a purchase order',
  '997': 'an acknowledgement',
}

export class SetReader {
  private readonly envelope = new Envelope()
  private readonly identity = new RowIdentity()
  private readonly lookup: ColumnLookup<SegmentColumn>
  private readonly place: SourcePlace
  private heading = new InvoiceHeading({ sender: '' })
  private levels = new Levels()
  private sender = ''
  private isTaxDecimal: boolean
  private item: Item | null = null
  private waiting: Waiting[] = []
  private last: SegmentReading | null = null

  constructor(
    lookup: ColumnLookup<SegmentColumn>,
    { place, isTaxDecimal }: { readonly place: SourcePlace; readonly isTaxDecimal: boolean },
  ) {
    this.lookup = lookup
    this.place = place
    this.isTaxDecimal = isTaxDecimal
  }

  /** The rows that are complete now, in the order of the file. */
  read(row: TableRow | UnreadableRow): ReadRow[] {
    if (!('cells' in row)) return [...this.flush(), this.unreadable(row)]
    const { cells } = row
    const id = this.lookup.cell(cells, 'segment').trim().toUpperCase()
    const elements = this.lookup.cell(cells, 'elements')
    const reading = new SegmentReading({ id, elements, extra: this.lookup.extra(cells) }, row, this.place)
    this.last = reading
    this.envelope.check(reading)
    if (this.item && OF_ITEM.has(id) && this.waiting.length < WAITING_MAX) {
      this.waiting.push(this.readSegment(reading))
      return []
    }
    const complete = this.flush()
    if (id === 'IT1' || id === 'SLN') {
      this.item = { descriptions: [], service: '', code: '' }
      this.waiting.push(this.readSegment(reading))
      return complete
    }
    return [...complete, this.readSegment(reading)()]
  }

  /** The rows that waited; trailers that the file should have had are reported on the last one. */
  finish(): ReadRow[] {
    if (this.last) this.envelope.reportMissing(this.last, { before: 'end' })
    return this.flush()
  }

  private flush(): ReadRow[] {
    const complete = this.waiting.map((waiting) => waiting())
    this.waiting = []
    this.item = null
    return complete
  }

  private unreadable({ line, raw, problem }: UnreadableRow): ReadRow {
    this.last = new SegmentReading({ id: '', elements: '', extra: {} }, { line, raw, cells: [] }, this.place)
    this.last.problems.push(problem)
    return this.last.done([])
  }

  private readSegment(reading: SegmentReading): Waiting {
    if (!ENVELOPE.has(reading.id) && !this.envelope.isInSet) {
      reading.report('row-unreadable', { reason: 'it stands outside of a transaction set' })
      return () => reading.done([])
    }
    return this.readMoney(reading) ?? this.readUse(reading) ?? this.readContext(reading)
  }

  private readContext(reading: SegmentReading): Waiting {
    const { id } = reading
    if (id === 'GS') this.openGroup(reading)
    else if (id === 'ST') this.openSet(reading)
    else if (id === 'BIG') this.heading.readBig(reading)
    else if (id === 'CUR') this.heading.readCurrency(reading)
    else if (id === 'N1' && this.levels.isHeading) this.heading.readParty(reading)
    else if (id === 'REF') this.readReference(reading)
    else if (id === 'DTM') this.heading.readDate(reading)
    else if (id === 'HL') this.levels.openHl(reading)
    else if (id === 'LX') this.levels.openLx(reading)
    else if (id === 'SI') this.levels.readCharacteristics(reading)
    else if (id === 'PID') this.readDescription(reading.element(5))
    else if (id === 'FA2') this.readCode(reading.element(2))
    else if (id === 'CTT') this.levels.close()
    return () => reading.done([])
  }

  private openGroup(reading: SegmentReading): void {
    this.sender = reading.element(2)
    const value = reading.element(1)
    if (value === 'CI') return
    reading.report('value-unknown', { column: 'GS01', value, allowed: ['CI'] }, { column: 'GS01', severity: 'warning' })
  }

  /** @throws Refusal `unrecognised-file` where the set is another transaction. */
  private openSet(reading: SegmentReading): void {
    const set = reading.element(1)
    if (set !== '811') {
      const what = Object.hasOwn(SET_NAMES, set) ? ` (${SET_NAMES[set]})` : ''
      throw new Refusal(
        'unrecognised-file',
        `${this.place.file} holds the X12 transaction ${set}${what}, not an 811.`,
        {
          hint: 'Ask the carrier for the consolidated service invoice, 811.',
          facts: { set, segment: reading.nameOf(1) },
        },
      )
    }
    this.heading = new InvoiceHeading({ sender: this.sender })
    this.levels = new Levels()
  }

  private readReference(reading: SegmentReading): void {
    const [qualifier, value] = [reading.element(1), reading.element(2)]
    if (this.item) {
      if (qualifier === 'MN' || (qualifier === '12' && this.item.service === '')) this.item.service = value
      return
    }
    if (this.levels.isHeading || !this.heading.hasAccount) this.heading.readReference(reading)
    this.levels.readReference(reading)
  }

  private readDescription(text: string): void {
    if (!this.item) this.levels.readDescription(text)
    else if (text !== '' && this.item.descriptions.length < 10) this.item.descriptions.push(text)
  }

  private readCode(text: string): void {
    if (this.item) this.item.code = text
    else this.levels.readCode(text)
  }

  /** null where the segment bears no money. */
  private readMoney(reading: SegmentReading): Waiting | null {
    const { currency } = this.heading
    switch (reading.id) {
      case 'IT1':
        return this.charge(reading, { minor: reading.productMinor({ quantity: 2, price: 4 }, currency), quantity: 2 })
      case 'SLN':
        return this.readSubline(reading)
      case 'SAC':
        return this.allowanceOrCharge(reading, { amount: 5, description: 15, code: 2 })
      case 'ITA':
        return this.allowanceOrCharge(reading, { amount: 7, description: 13, code: 3 })
      case 'TXI':
        return this.readTax(reading)
      case 'TDS':
        return this.readTotal(reading)
      case 'BAL':
        return this.readBalance(reading)
      default:
        return null
    }
  }

  /** The price of a subline adds to the bill only where its relationship says so: A adds, D deducts. */
  private readSubline(reading: SegmentReading): Waiting {
    const relation = reading.element(8) || reading.element(3)
    if (relation !== 'A' && relation !== 'D') return () => reading.done([])
    const minor = reading.productMinor({ quantity: 4, price: 6 }, this.heading.currency)
    return this.charge(reading, { minor: minor !== null && relation === 'D' ? -minor : minor, quantity: 4 })
  }

  /** An allowance is negative, whether or not it is written with a minus; other indicators move no money. */
  private allowanceOrCharge(
    reading: SegmentReading,
    { amount, description, code }: { amount: number; description: number; code: number },
  ): Waiting {
    const indicator = reading.element(1)
    if (indicator !== 'A' && indicator !== 'C') return () => reading.done([])
    reading.required(amount)
    const minor = reading.amountMinor(amount, { currency: this.heading.currency, isImplied: true })
    const isNegative = indicator === 'A' && minor !== null && minor > NOTHING
    const text = reading.element(description)
    return this.charge(reading, {
      minor: isNegative ? -minor : minor,
      description: text,
      product: reading.element(code),
    })
  }

  private readTax(reading: SegmentReading): Waiting {
    if (reading.element(7) === 'O') return () => reading.done([])
    reading.required(2)
    if (isDecimalTax(reading.element(2))) this.isTaxDecimal = true
    const minor = reading.amountMinor(2, { currency: this.heading.currency, isImplied: !this.isTaxDecimal })
    return this.charge(reading, { minor, product: reading.element(1), description: reading.element(5) })
  }

  private readTotal(reading: SegmentReading): Waiting {
    this.levels.close()
    reading.required(1)
    const minor = reading.amountMinor(1, { currency: this.heading.currency, isImplied: true })
    const bill = this.heading.billFor(reading)
    if (!bill || minor === null) return () => reading.done([])
    const fact = { fact: 'invoice', ...bill, service: null, totalMinor: minor, extra: reading.foreign } as const
    return () => reading.done([{ document: this.heading.document('totals', bill), fact }])
  }

  /** A balance brought forward is shown and never allocated; other balances repeat what is known. */
  private readBalance(reading: SegmentReading): Waiting {
    if (reading.element(1) !== 'P' && reading.element(2) !== 'PB') return () => reading.done([])
    const minor = reading.amountMinor(3, { currency: this.heading.currency, isImplied: false })
    return this.charge(reading, { minor, description: 'Previous balance', product: 'PB' })
  }

  private charge(reading: SegmentReading, money: Money): Waiting {
    const bill = this.heading.billFor(reading)
    const { currency } = this.heading
    const { item, heading } = this
    const above = { service: this.levels.service, extra: this.levels.extra }
    const name = bill ? this.identity.nameOf([bill.invoice, above.service, reading.id, ...reading.elements]) : ''
    return () => {
      const { minor } = money
      // A balance counts in no sum.
      const billed = reading.id === 'BAL' ? null : minor
      if (!bill || minor === null || reading.hasErrors) return reading.refused({ currency, minor: billed })
      const own = item && (reading.id === 'IT1' || reading.id === 'SLN') ? item : null
      const fact = chargeOf(reading, { ...money, minor, bill, name, own, above })
      return reading.done([{ document: heading.document('charges', bill), fact }])
    }
  }

  /** null where the segment tells no use. */
  private readUse(reading: SegmentReading): Waiting | null {
    const { id } = reading
    if (id !== 'TCD' && id !== 'USD' && id !== 'QTY') return null
    const bill = this.heading.billFor(reading)
    if (!bill) return () => reading.done([])
    const words = [...(this.item?.descriptions ?? []), this.levels.extra.level ?? ''].join(' ')
    const used =
      id === 'TCD'
        ? readCall(reading, { words })
        : id === 'USD'
          ? readUsageDetail(reading, { bill, words })
          : readQuantity(reading, { bill, words })
    const charged = this.chargedUse(reading)
    const above = { service: this.item?.service || this.levels.service, extra: this.levels.extra }
    const name = this.identity.nameOf([bill.invoice, above.service, id, ...reading.elements])
    const part = PART_OF_VIEW[used?.view ?? 'itemised']
    const { heading } = this
    return () => {
      if (reading.hasErrors) return reading.refused({ currency: bill.currency, minor: charged })
      const facts: Array<ReadRow['facts'][number]> = []
      if (used)
        facts.push({ document: heading.document(part, bill), fact: usageOf(reading, { used, bill, name, above }) })
      if (charged !== null) {
        const money = { minor: charged, bill, name, own: null, above }
        facts.push({ document: heading.document('charges', bill), fact: chargeOf(reading, money) })
      }
      return reading.done(facts)
    }
  }

  /** What a call or a use adds to the bill: nothing, unless its relationship code is A; a net amount before a gross one. */
  private chargedUse(reading: SegmentReading): bigint | null {
    const { currency } = this.heading
    if (reading.id === 'TCD' && reading.element(16) === 'A') {
      return reading.amountMinor(reading.element(13) === '' ? 12 : 13, { currency, isImplied: false })
    }
    if (reading.id !== 'USD' || reading.element(1) !== 'A') return null
    if (reading.element(8) !== '') return reading.amountMinor(8, { currency, isImplied: false })
    return reading.productMinor({ quantity: 6, price: 3 }, currency)
  }
}

const NOTHING = 0n

/** A damaged number with a point tells nothing of how a sender writes taxes. */
export function isDecimalTax(text: string): boolean {
  return /^-?\d*\.\d{1,2}$/.test(text)
}

const PART_OF_VIEW: Readonly<Record<Usage['view'], BillPart>> = {
  '': 'line-usage',
  'class-summary': 'class-usage',
  'line-summary': 'line-usage',
  itemised: 'itemised-usage',
}
