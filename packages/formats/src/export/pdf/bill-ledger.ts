// A bill as rows of a paper, page by page: what is carried over a page stands at its foot and at the head of the next. Rows
// are of one height, so that the pages are known before they are drawn. Adds up nothing but what it carries.
import { BILLED_CALL_TYPES, type Bill, type BillCall, type BillSection, formatUsage } from '@spillway/core'
import { amountText } from './amount-text.ts'

/** `counted` is carried forward; `amount` may repeat it, as a subtotal does. */
export type LedgerRow = {
  readonly kind: 'title' | 'section' | 'head' | 'line' | 'call' | 'subtotal' | 'total' | 'note' | 'carried'
  readonly text: string
  readonly cells?: { readonly duration: string; readonly people: string; readonly code: string }
  readonly quantity?: string
  readonly inner?: string
  readonly amount?: string
  readonly counted?: bigint
}
export type LedgerPage = ReadonlyArray<LedgerRow>

/** A paper of more is read by nobody; the rest is in the bill's other formats, and the paper says so. */
export const PAPER_LIMITS = { calls: 5000, sections: 1000 }
export type PaperLimits = typeof PAPER_LIMITS

const FILES_HAVE_ALL = 'the CSV and XLSX of this bill have them'

/** The rows of the whole bill, its calls among them up to the limit: those of a section all, or none. */
export async function ledgerRows(bill: Bill, limits: PaperLimits): Promise<LedgerRow[]> {
  const rows = summaryRows(bill, limits)
  rows.push({ kind: 'title', text: 'Details' })
  const writer = new DetailWriter(bill, { rows, limits })
  for await (const piece of bill.pieces) {
    if (piece.kind === 'section') writer.section(piece.section)
    else writer.calls(piece.calls)
  }
  writer.close()
  rows.push(totalRow(bill))
  return rows
}

function totalRow({ heading: { currency, totalMinor } }: Bill): LedgerRow {
  return { kind: 'total', text: `Total ${currency}`, amount: amountText(totalMinor, currency) }
}

const SECTIONS_TITLE = {
  'user-id': 'Sections by user id',
  service: 'Sections by service',
  'cost-centre': 'Sections by cost centre',
  project: 'Sections by project',
} as const

function titleOf({ key, name }: { readonly key: string; readonly name: string }): string {
  if (key === '') return 'unassigned'
  return name === '' || name === key ? key : `${key} · ${name}`
}

function summaryRows(bill: Bill, limits: PaperLimits): LedgerRow[] {
  const { heading, sections } = bill
  const rows: LedgerRow[] = [{ kind: 'title', text: SECTIONS_TITLE[heading.sections] }]
  const line = (text: string, minor: bigint): LedgerRow => ({
    ...{ kind: 'line', text, counted: minor, amount: amountText(minor, heading.currency) },
  })
  for (const section of sections.slice(0, limits.sections)) rows.push(line(titleOf(section), section.subtotalMinor))
  const further = sections.slice(limits.sections)
  if (further.length > 0) {
    const rest = further.reduce((sum, { subtotalMinor }) => sum + subtotalMinor, 0n)
    rows.push(line(`${further.length} further sections: ${FILES_HAVE_ALL}`, rest))
  }
  rows.push(totalRow(bill))
  return rows
}

const KIND_TEXT = { recurring: 'Recurring', minimum: 'Minimum', adjustment: 'Adjustment of the period from' } as const

/** Holds one section until its calls are known to fit. */
class DetailWriter {
  readonly #bill: Bill
  readonly #rows: LedgerRow[]
  #callsLeft: number
  #sectionsLeft: number
  #section: BillSection | null = null
  #held: BillCall[] = []
  #count = 0
  #further = { sections: 0, minor: 0n }

  constructor(bill: Bill, { rows, limits }: { readonly rows: LedgerRow[]; readonly limits: PaperLimits }) {
    this.#bill = bill
    this.#rows = rows
    this.#callsLeft = limits.calls
    this.#sectionsLeft = limits.sections
  }

  section(section: BillSection): void {
    this.#flush()
    this.#section = section
  }

  calls(calls: ReadonlyArray<BillCall>): void {
    this.#count += calls.length
    if (this.#count <= this.#callsLeft && this.#sectionsLeft > 0) this.#held.push(...calls)
    else this.#held = []
  }

  close(): void {
    this.#flush()
    const { sections, minor } = this.#further
    if (sections > 0)
      this.#rows.push({
        ...{ kind: 'line', text: `${sections} further sections: ${FILES_HAVE_ALL}`, counted: minor },
        amount: this.#money(minor),
      })
  }

  #flush(): void {
    const section = this.#section
    if (section === null) return
    if (this.#sectionsLeft === 0)
      this.#further = { sections: this.#further.sections + 1, minor: this.#further.minor + section.subtotalMinor }
    else this.#write(section)
    this.#section = null
    this.#held = []
    this.#count = 0
  }

  #write(section: BillSection): void {
    this.#sectionsLeft -= 1
    const isListed = this.#count > 0 && this.#held.length === this.#count
    if (isListed) this.#callsLeft -= this.#count
    this.#rows.push({ kind: 'section', text: titleOf(section) })
    this.#lines(section, isListed)
    if (isListed) {
      this.#rows.push({ kind: 'head', text: 'Calls' })
      for (const call of this.#held) this.#rows.push(this.#callRow(call))
      this.#withoutCall(section)
    } else if (this.#count > 0) {
      const text = `Its ${this.#count} calls are more than this paper lists: ${FILES_HAVE_ALL}.`
      this.#rows.push({ kind: 'note', text })
    }
    this.#rows.push({
      kind: 'subtotal',
      text: `Subtotal ${titleOf(section)}`,
      amount: this.#money(section.subtotalMinor),
    })
  }

  #lines({ lines, usage, partsOfCalls }: BillSection, isListed: boolean): void {
    for (const { kind, about, account, service, amountMinor } of lines) {
      const whose = account === this.#bill.heading.account ? service : `${account} ${service}`.trim()
      const text = [KIND_TEXT[kind], about, whose].filter((word) => word !== '').join(' · ')
      this.#rows.push({ kind: 'line', text, counted: amountMinor, amount: this.#money(amountMinor) })
    }
    for (const { usageClass, usageType, quantityBase, amountMinor } of usage) {
      const quantity = quantityBase === null ? '' : formatUsage(quantityBase, usageType)
      const text = `Usage · ${usageClass}`
      // Where its calls are listed they are what is carried.
      if (isListed && BILLED_CALL_TYPES.includes(usageType))
        this.#rows.push({ kind: 'line', text, quantity, inner: this.#money(amountMinor) })
      else this.#rows.push({ kind: 'line', text, quantity, counted: amountMinor, amount: this.#money(amountMinor) })
    }
    if (partsOfCalls.calls === 0) return
    const many =
      partsOfCalls.calls === 1
        ? 'a call that another section lists'
        : `${partsOfCalls.calls} calls that other sections list`
    const parts = { kind: 'line', text: `Its part of ${many}` } as const
    if (isListed)
      this.#rows.push({ ...parts, counted: partsOfCalls.amountMinor, amount: this.#money(partsOfCalls.amountMinor) })
    else this.#rows.push({ ...parts, inner: this.#money(partsOfCalls.amountMinor) })
  }

  /** What is charged for such usage beside the calls that are listed, so that what is carried is all of the section. */
  #withoutCall({ usage, partsOfCalls }: BillSection): void {
    const charged = usage.filter(({ usageType }) => BILLED_CALL_TYPES.includes(usageType))
    const listed = this.#held.reduce((sum, { amountMinor }) => sum + amountMinor, partsOfCalls.amountMinor)
    const rest = charged.reduce((sum, { amountMinor }) => sum + amountMinor, -listed)
    if (rest === 0n) return
    this.#rows.push({ kind: 'line', text: 'Usage of no call', counted: rest, amount: this.#money(rest) })
  }

  #callRow({ start, service, seconds, participants, accountCode, amountMinor }: BillCall): LedgerRow {
    const isOneService = this.#bill.heading.sections === 'user-id' || this.#bill.heading.sections === 'service'
    const at = start.slice(0, 19).replace('T', ' ')
    const isUnassigned = this.#section?.key === ''
    return {
      kind: 'call',
      text: isOneService && !isUnassigned ? at : `${at} · ${service}`,
      cells: { duration: clockText(seconds), people: String(participants), code: accountCode },
      counted: amountMinor,
      amount: this.#money(amountMinor),
    }
  }

  #money(minor: bigint): string {
    return amountText(minor, this.#bill.heading.currency)
  }
}

/** 3725 is `1:02:05`. */
function clockText(seconds: number): string {
  const two = (number: number) => String(number).padStart(2, '0')
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

type PageRoom = { readonly first: number; readonly other: number; readonly currency: string }

/** Rows that are of no use as the last of a page. */
const KEPT_WITH_NEXT: ReadonlySet<LedgerRow['kind']> = new Set(['title', 'section', 'head'])

/** Rows with an empty one above them, but at the head of a page. */
const SPACED: ReadonlySet<LedgerRow['kind']> = new Set(['title', 'section'])
const SPACE: LedgerRow = { kind: 'note', text: '' }

/** The rows of each page, at most so many; a sum under way is carried over. */
export function toPages(rows: ReadonlyArray<LedgerRow>, { first, other, currency }: PageRoom): LedgerPage[] {
  const pages: LedgerRow[][] = [[]]
  let carried = 0n
  let isUnderWay = false
  const page = () => pages.at(-1) as LedgerRow[]
  const room = () => (pages.length === 1 ? first : other)
  for (const [index, row] of rows.entries()) {
    let needed = 1
    while (KEPT_WITH_NEXT.has((rows[index + needed - 1] as LedgerRow).kind) && index + needed < rows.length) needed += 1
    const isSpaced = SPACED.has(row.kind) && page().length > 0 && page().at(-1)?.kind !== 'title'
    // One row is kept for what is carried forward.
    if (page().length + needed + (isSpaced ? 1 : 0) > room() - 1) {
      const amount = amountText(carried, currency)
      if (isUnderWay) page().push({ kind: 'carried', text: 'Carried forward', amount })
      pages.push(isUnderWay ? [{ kind: 'carried', text: 'Brought forward', amount }] : [])
    } else if (isSpaced) page().push(SPACE)
    if (row.kind === 'title') carried = 0n
    isUnderWay = row.kind !== 'title' && row.kind !== 'total' && (isUnderWay || row.counted !== undefined)
    if (row.counted !== undefined) carried += row.counted
    page().push(row)
  }
  return pages
}
