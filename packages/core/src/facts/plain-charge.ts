// Rows of charges.csv that hold nothing unusual, which are nearly all of a large file. Judges nothing: readCharge has every other row.
import { parseAmount } from '../money/amount.ts'
import { USAGE_TYPES } from '../quantity/unit.ts'
import type { LocalDate } from '../time/local-date.ts'
import type { Charge } from './fact.ts'
import { isPlainText, PlainColumn, PlainCurrencies, PlainDates, PlainWords } from './plain-cells.ts'
import type { PlainReader } from './plain-usage.ts'
import { CHARGE_COLUMNS, type ChargeColumn } from './read-charge.ts'
import { CHARGE_CATEGORIES } from './words.ts'

/** For the rows of one table; `positionOf` a column in its cells, -1 where it has no such column. */
export function plainChargeReader(positionOf: (column: ChargeColumn) => number): PlainReader<Charge> {
  const at = Object.fromEntries(CHARGE_COLUMNS.map((name) => [name, positionOf(name)])) as Record<ChargeColumn, number>
  const bill = new PlainBill(at)
  const [product, description, unit] = [new PlainColumn(), new PlainColumn(), new PlainColumn()]
  const categories = new PlainWords(CHARGE_CATEGORIES)
  const usageTypes = new PlainWords(USAGE_TYPES)
  return (cells, extra) => {
    const line = cells[at.line] ?? ''
    const service = cells[at.service] ?? ''
    const pool = cells[at.pool] ?? ''
    const quantity = cells[at.quantity] ?? ''
    if (line === '' || !isPlainText(line) || !isPlainText(service)) return null
    if (!isPlainText(pool) || !isPlainText(quantity) || !bill.read(cells)) return null
    const category = categories.read(cells[at.category] ?? '')
    const usageType = usageTypes.read(cells[at.usage_type] ?? '')
    const texts = {
      product: product.read(cells[at.product] ?? ''),
      description: description.read(cells[at.description] ?? ''),
      unit: unit.read(cells[at.unit] ?? ''),
    }
    if (category === null || category === '' || usageType === null) return null
    if (texts.product === null || texts.description === null || texts.unit === null) return null
    const amount = cells[at.amount] ?? ''
    if (amount === '' || !isPlainText(amount)) return null
    const reading = parseAmount(amount, bill.currency)
    if (!reading.ok) return null
    return {
      fact: 'charge',
      vendor: bill.vendor,
      account: bill.account,
      invoice: bill.invoice,
      issuedOn: bill.issuedOn,
      periodStartOn: bill.periodStartOn as LocalDate,
      periodEndOn: bill.periodEndOn as LocalDate,
      currency: bill.currency,
      line,
      service,
      pool,
      category,
      usageType,
      product: texts.product,
      description: texts.description,
      amountMinor: reading.minor,
      quantity,
      unit: texts.unit,
      extra,
    }
  }
}

/** What a row says of its bill; valid until the next is read. */
class PlainBill {
  vendor = ''
  account = ''
  invoice = ''
  currency = ''
  issuedOn: LocalDate | null = null
  periodStartOn: LocalDate | null = null
  periodEndOn: LocalDate | null = null
  readonly #at: Readonly<Record<ChargeColumn, number>>
  readonly #vendors = new PlainColumn()
  readonly #accounts = new PlainColumn()
  readonly #invoices = new PlainColumn()
  readonly #currencies = new PlainCurrencies()
  readonly #issued = new PlainDates()
  readonly #starts = new PlainDates()
  readonly #ends = new PlainDates()

  constructor(at: Readonly<Record<ChargeColumn, number>>) {
    this.#at = at
  }

  /** False where something of it is not plain. */
  read(cells: ReadonlyArray<string>): boolean {
    const at = this.#at
    const vendor = this.#vendors.read(cells[at.vendor] ?? '')
    const account = this.#accounts.read(cells[at.account] ?? '')
    const invoice = this.#invoices.read(cells[at.invoice] ?? '')
    const currency = this.#currencies.read(cells[at.currency] ?? '')
    if (!vendor || !account || !invoice || !currency) return false
    this.vendor = vendor
    this.account = account
    this.invoice = invoice
    this.currency = currency
    return this.#readDays(cells)
  }

  #readDays(cells: ReadonlyArray<string>): boolean {
    const at = this.#at
    const issued = cells[at.issued_on] ?? ''
    this.issuedOn = issued === '' ? null : this.#issued.read(issued)
    this.periodStartOn = this.#starts.read(cells[at.period_start] ?? '')
    this.periodEndOn = this.#ends.read(cells[at.period_end] ?? '')
    if (this.periodStartOn === null || this.periodEndOn === null) return false
    return this.periodStartOn < this.periodEndOn && (issued === '' || this.issuedOn !== null)
  }
}
