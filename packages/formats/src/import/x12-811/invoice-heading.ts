// What the heading of a transaction set says of its invoice: who bills, which account, which number, which period. Gathered
// until the first charge needs it, and fixed from there: all rows of a set stand under one bill.
import {
  addDays,
  addMonths,
  type DateRange,
  type DocumentKey,
  fromInclusive,
  isCurrency,
  type LocalDate,
} from '@spillway/core'
import { periodEndingOn } from '../written-values.ts'
import { readX12Date, type SegmentReading } from './segment-reading.ts'

export type Bill = {
  readonly vendor: string
  readonly account: string
  readonly invoice: string
  readonly issuedOn: LocalDate | null
  readonly periodStartOn: LocalDate
  readonly periodEndOn: LocalDate
  readonly currency: string
}
export type BillPart = 'charges' | 'totals' | 'class-usage' | 'line-usage' | 'itemised-usage'

/** Names by which the same vendor's own downloads are known. */
const VENDORS: ReadonlyArray<readonly [RegExp, string]> = [
  [/verizon|\bvzw\b/i, 'verizon'],
  [/at ?& ?t\b|\batt\b|cingular/i, 'att'],
  [/t-?mobile/i, 't-mobile'],
]

/** Who bills, the surer roles first: remit-to, vendor, seller, service provider, payee. */
const BILLER_ROLES = ['RE', 'VN', 'SE', 'SJ', 'SP', 'PE']
const PAYER_ROLES = ['BT', 'PR']
/** Qualifiers of an account, the surer ones first; 12 is a billing telephone number, which older bills use as one. */
const ACCOUNT_REFERENCES = ['9V', 'AN', '12']

export class InvoiceHeading {
  private readonly billers = new Map<string, string>()
  private readonly accounts = new Map<string, string>()
  private payerAccount = ''
  private invoice = ''
  private issuedOn: LocalDate | null = null
  private startOn: LocalDate | null = null
  private lastOn: LocalDate | null = null
  private currencyCode = 'USD'
  private bill: Bill | null = null
  private readonly documents = new Map<BillPart, DocumentKey>()
  private readonly sender: string

  constructor({ sender }: { readonly sender: string }) {
    this.sender = sender
  }

  get currency(): string {
    return this.currencyCode
  }

  readBig(reading: SegmentReading): void {
    this.issuedOn = reading.date(1)
    this.invoice = reading.required(2)
  }

  readCurrency(reading: SegmentReading): void {
    const code = reading.required(2).toUpperCase()
    if (isCurrency(code)) this.currencyCode = code
    else if (code !== '') reading.report('currency-unknown', { column: 'CUR02', value: code }, { column: 'CUR02' })
  }

  readParty(reading: SegmentReading): void {
    const [role, name, id] = [reading.element(1), reading.element(2), reading.element(4)]
    if (BILLER_ROLES.includes(role) && name !== '' && !this.billers.has(role)) this.billers.set(role, name)
    if (PAYER_ROLES.includes(role) && this.payerAccount === '') this.payerAccount = id
  }

  /** A reference of the heading, or of a level while no account is known. */
  readReference(reading: SegmentReading): void {
    const [qualifier, value] = [reading.element(1), reading.element(2)]
    if (ACCOUNT_REFERENCES.includes(qualifier) && value !== '' && !this.accounts.has(qualifier)) {
      this.accounts.set(qualifier, value)
    }
  }

  get hasAccount(): boolean {
    return this.accounts.size > 0
  }

  /** 150 and 186 begin the billed period, 151 and 187 end it, that day included; RD8 gives both at once. */
  readDate(reading: SegmentReading): void {
    const qualifier = reading.element(1)
    if (!['150', '151', '186', '187'].includes(qualifier)) return
    const range = /^(\d{8})-(\d{8})$/.exec(reading.element(6))
    if (range) {
      this.startOn ??= readX12Date(range[1] as string)
      this.lastOn ??= readX12Date(range[2] as string)
    } else {
      const day = reading.date(2)
      if (qualifier === '150' || qualifier === '186') this.startOn ??= day
      else this.lastOn ??= day
    }
    if (this.startOn && this.lastOn && this.startOn > this.lastOn) {
      const facts = { from: this.startOn, to: this.lastOn }
      reading.report('date-order', facts, { severity: 'warning' })
      ;[this.startOn, this.lastOn] = [this.lastOn, this.startOn]
    }
  }

  /** The bill; null where the heading does not name it, which is then reported on this segment. */
  billFor(reading: SegmentReading): Bill | null {
    if (this.bill) return this.bill
    const account =
      ACCOUNT_REFERENCES.map((name) => this.accounts.get(name)).find((value) => value) ?? this.payerAccount
    if (this.invoice === '') reading.report('value-missing', { column: 'BIG02' }, { column: 'BIG02' })
    if (account === '') reading.report('value-missing', { column: 'REF 9V' }, { column: 'REF 9V' })
    const period = this.period(reading)
    if (this.invoice === '' || account === '' || !period) return null
    this.bill = {
      vendor: this.vendor(),
      account,
      invoice: this.invoice,
      issuedOn: this.issuedOn,
      periodStartOn: period.startOn,
      periodEndOn: period.endOn,
      currency: this.currencyCode,
    }
    return this.bill
  }

  /** One object for each part, so that rows of one document share it. */
  document(part: BillPart, { vendor, account, invoice }: Bill): DocumentKey {
    const known = this.documents.get(part)
    if (known) return known
    const document = { part, vendor, account, invoice }
    this.documents.set(part, document)
    return document
  }

  private period(reading: SegmentReading): DateRange | null {
    const { startOn, lastOn, issuedOn } = this
    if (startOn && lastOn) return fromInclusive(startOn, lastOn)
    if (startOn) return { startOn, endOn: addMonths(startOn, 1) }
    if (lastOn) return periodEndingOn(lastOn)
    const severity = issuedOn ? 'warning' : 'error'
    reading.report('value-missing', { column: 'DTM 150' }, { column: 'DTM 150', severity })
    return issuedOn && periodEndingOn(addDays(issuedOn, -1))
  }

  private vendor(): string {
    const name = BILLER_ROLES.map((role) => this.billers.get(role)).find((text) => text) ?? this.sender
    const known = VENDORS.find(([pattern]) => pattern.test(name))
    if (known) return known[1]
    return name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-+|-+$/g, '')
  }
}
