// What the rows of a file say that each service and each invoice comes to, for files that state no total of an invoice: it is
// the sum of the rows' own totals, and is known only where every one of them was read. Nothing is made up for one that was not.
import { type ExtraColumns, type InvoiceTotal, invariant, type ReadRow } from '@spillway/core'
import { RowIdentity } from './row-identity.ts'

export type Bill = Pick<
  InvoiceTotal,
  'vendor' | 'account' | 'invoice' | 'issuedOn' | 'periodStartOn' | 'periodEndOn' | 'currency'
>

/** Rows held back at most, so that a file of nothing but damage is read in bounded memory. */
const HELD_MAX = 10_000

type Known = {
  /** Each set of dates that rows carry, by how many do. */
  readonly dates: Map<string, { readonly bill: Bill; rows: number }>
  minor: bigint
  /** Of the account's own rows; null where there are none. */
  accountMinor: bigint | null
  isWhole: boolean
  extra: ExtraColumns
}
type RowTotal = { readonly service: string; readonly totalMinor: bigint | null; readonly extra: ExtraColumns }

export class BillTotals {
  private readonly invoices = new Map<string, Known>()
  private readonly services = new RowIdentity()
  private hasStrays = false
  private held: ReadRow[] = []

  /** A row without a readable bill: it belongs to one of the invoices, and nobody knows to which. */
  addStray(): void {
    this.hasStrays = true
  }

  /** `totalMinor` is null where the row's own total cannot be read. */
  addRow(bill: Bill, { service, totalMinor, extra }: RowTotal): void {
    const key = [bill.account, bill.invoice, bill.currency].join('\u001f')
    const known = this.invoices.get(key) ?? emptyOf(extra)
    countDates(known, bill)
    known.extra = sharedBy(known.extra, extra)
    if (totalMinor === null) known.isWhole = false
    else known.minor += totalMinor
    if (totalMinor !== null && service === '') known.accountMinor = (known.accountMinor ?? NOTHING) + totalMinor
    this.invoices.set(key, known)
  }

  /**
   * True where the row may say its service's total: the first row of a number. The account's own rows are several; their
   * sum is said with the invoice's.
   */
  isTotalOf(bill: Bill, service: string): boolean {
    if (service === '') return false
    return this.services.nameOf([bill.account, bill.invoice, service]).endsWith('.1')
  }

  /** The rows of a file as they come, with the totals at its end. A row that could not be split is a stray. */
  async *complete(batches: AsyncIterable<ReadonlyArray<ReadRow>>): AsyncGenerator<ReadonlyArray<ReadRow>> {
    for await (const batch of batches) {
      if (batch.some(({ problems }) => problems.some(({ code }) => code === 'row-unreadable'))) this.addStray()
      yield this.release(batch)
    }
    yield this.finish()
  }

  /** Rows that may go on now. The last one that is accepted, and those behind it, wait for the end of the file. */
  private release(batch: ReadonlyArray<ReadRow>): ReadonlyArray<ReadRow> {
    const last = batch.findLastIndex(isAccepted)
    if (last === -1) {
      this.held.push(...batch)
      return this.held.length > HELD_MAX ? this.held.splice(0) : []
    }
    const released = [...this.held, ...batch.slice(0, last)]
    this.held = batch.slice(last)
    return released
  }

  /** The rows that waited, the first with the totals of all invoices that are known. */
  private finish(): ReadonlyArray<ReadRow> {
    const [first, ...others] = this.held
    if (!first || !isAccepted(first)) return this.held
    const known = this.hasStrays ? [] : [...this.invoices.values()].filter(({ isWhole }) => isWhole)
    return [{ ...first, facts: [...first.facts, ...known.flatMap(totalsOf)] }, ...others]
  }
}

function emptyOf(extra: ExtraColumns): Known {
  return { dates: new Map(), minor: NOTHING, accountMinor: null, isWhole: true, extra }
}

function countDates({ dates }: Known, bill: Bill): void {
  const key = `${bill.periodStartOn} ${bill.periodEndOn} ${bill.issuedOn}`
  const known = dates.get(key)
  if (known) known.rows += 1
  else dates.set(key, { bill, rows: 1 })
}

/** With the dates that most rows carry; a tie goes to the earlier, as it does for a bill without a total. */
function billOf({ dates }: Known): Bill {
  const [first] = [...dates].sort(([a, one], [b, other]) => other.rows - one.rows || (a < b ? -1 : 1))
  invariant(first, 'a total is of one row at least', {})
  return first[1].bill
}

function totalsOf(known: Known): ReadRow['facts'] {
  const { minor, accountMinor, extra } = known
  const bill = billOf(known)
  const { vendor, account, invoice } = bill
  const total = { fact: 'invoice', ...bill, extra } as const
  const ofInvoice = {
    document: { part: 'totals', vendor, account, invoice },
    fact: { ...total, service: null, totalMinor: minor },
  }
  if (accountMinor === null) return [ofInvoice]
  const document = { part: 'service-totals', vendor, account, invoice }
  return [{ document, fact: { ...total, service: '', totalMinor: accountMinor } }, ofInvoice]
}

/** What both say alike: of a column that differs from row to row nothing can be said of the invoice. */
function sharedBy(first: ExtraColumns, second: ExtraColumns): ExtraColumns {
  const shared = Object.entries(first).filter(([column, cell]) => second[column] === cell)
  return shared.length === Object.keys(first).length ? first : Object.fromEntries(shared)
}

/** The sum over no rows. */
const NOTHING = 0n

function isAccepted({ facts, problems }: ReadRow): boolean {
  return facts.length > 0 && !problems.some(({ severity }) => severity === 'error')
}
