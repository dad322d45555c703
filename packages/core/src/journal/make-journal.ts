// Makes the general-ledger journal of a period from what was carried: debits by GL code and cost centre, credits to the
// clearing account of each vendor, and of our own bills what customers owe against what we earn. One journal per legal
// entity and currency, each balanced by itself. Drops no charge: what has no GL code stands in suspense, with a problem.
import type { CostCentreTree } from '../directory/cost-centre-tree.ts'
import { invariant } from '../invariant.ts'
import { formatAmount } from '../money/amount.ts'
import { compareBytes } from '../money/largest-remainder.ts'
import { type Problem, problem } from '../problem.ts'
import { type CostCentreCoding, codeCostCentres, codesOfEntity, type JournalRules } from './journal-rules.ts'

/** A sum of charges in one view; '' where there is none. */
export type JournalCharge = {
  readonly currency: string
  readonly costCentre: string
  readonly project: string
  readonly vendor: string
  /** The vendor's account number, a part of the invoice's identity. */
  readonly account: string
  readonly invoice: string
  readonly category: string
  readonly amountMinor: bigint
  /** On a bill of ours: `account` is the customer's. */
  readonly isOurs?: boolean
}

/** What a line is about; a dimension that its side is not divided by is ''. */
export type JournalSubject = Pick<
  JournalCharge,
  'costCentre' | 'project' | 'vendor' | 'account' | 'invoice' | 'category'
>

/** One of `debitMinor` and `creditMinor` is 0 and the other positive. */
export type JournalLine = JournalSubject & {
  /** The id of the journal: `2026-10.2-adjusted-UK-GBP`. */
  readonly journal: string
  /** The journal that this one takes back; '' where it takes back none. */
  readonly reverses: string
  readonly entity: string
  readonly currency: string
  /** From 1 in its journal. */
  readonly line: number
  readonly role: 'expense' | 'tax' | 'suspense' | 'payable' | 'receivable' | 'revenue'
  readonly glCode: string
  readonly debitMinor: bigint
  readonly creditMinor: bigint
}

export type JournalOptions = {
  readonly charges: Iterable<JournalCharge>
  readonly tree: CostCentreTree
  readonly rules: JournalRules
  /** Begins the id of every journal: the run and the view, such as `2026-10.2-adjusted`. */
  readonly name: string
}
export type Journal = { readonly lines: ReadonlyArray<JournalLine>; readonly problems: ReadonlyArray<Problem> }

/** A sum before it takes a side: positive is a debit. */
type Entry = Omit<JournalLine, 'journal' | 'reverses' | 'line' | 'debitMinor' | 'creditMinor'> & { signedMinor: bigint }

const NO_SUBJECT: JournalSubject = { costCentre: '', project: '', vendor: '', account: '', invoice: '', category: '' }
const ROLES: ReadonlyArray<JournalLine['role']> = ['expense', 'tax', 'suspense', 'payable', 'receivable', 'revenue']

/**
 * Lines by entity, currency, role, GL code and subject, in order of bytes; the order of the charges changes nothing. A sum
 * that is negative stands on the other side, a sum of zero has no line. Per journal the debits equal the credits.
 *
 * 60.00 on a centre with code 6100 and a credit of 5.00 on one with 6200, both of vendor acme: debit 6100 60.00, credit
 * 6200 5.00, credit PAYABLE 55.00. A bill of ours of 9.00 to account C: debit RECEIVABLE 9.00 for C, credit REVENUE 9.00,
 * whoever carries it.
 */
export function makeJournal({ charges, tree, rules, name }: JournalOptions): Journal {
  const codingOf = codeCostCentres({ tree, rules })
  const entries = new Map<string, Entry>()
  const uncoded = new Map<string, { costCentre: string; currency: string; amountMinor: bigint }>()
  for (const charge of charges) {
    const coding = codingOf(charge.costCentre)
    if (charge.isOurs === true) {
      for (const entry of saleOf(charge, coding, rules)) add(entries, entry)
      continue
    }
    const debit = debitOf(charge, coding, rules)
    add(entries, debit)
    add(entries, creditOf(charge, coding, rules))
    if (debit.role !== 'suspense') continue
    const key = JSON.stringify([charge.costCentre, charge.currency])
    const { costCentre, currency } = charge
    const before = uncoded.get(key)?.amountMinor
    uncoded.set(key, {
      costCentre,
      currency,
      amountMinor: before === undefined ? charge.amountMinor : before + charge.amountMinor,
    })
  }
  const missing = [...uncoded.values()]
    .sort((a, b) => compareBytes(a.costCentre, b.costCentre) || compareBytes(a.currency, b.currency))
    .map(({ costCentre, currency, amountMinor }) =>
      problem('gl-code-missing', { costCentre, currency, amount: formatAmount(amountMinor, currency) }),
    )
  return { lines: toLines([...entries.values()], name), problems: [...missing, ...unknownCentres(tree, rules)] }
}

function debitOf(charge: JournalCharge, { entity, glCode }: CostCentreCoding, rules: JournalRules): Entry {
  const codes = codesOfEntity(rules, entity)
  const subject = {
    ...NO_SUBJECT,
    ...(rules.debitBy.includes('cost-centre') && { costCentre: charge.costCentre }),
    ...(rules.debitBy.includes('project') && { project: charge.project }),
    ...(rules.debitBy.includes('vendor') && { vendor: charge.vendor }),
    ...(rules.debitBy.includes('category') && { category: charge.category }),
    ...(rules.debitBy.includes('invoice') && invoiceOf(charge)),
  }
  const shared = { ...subject, entity, currency: charge.currency, signedMinor: charge.amountMinor }
  if (charge.category === 'tax' && codes.tax !== null)
    return { ...shared, role: 'tax', glCode: codes.tax, category: 'tax' }
  if (glCode !== null) return { ...shared, role: 'expense', glCode }
  return { ...shared, role: 'suspense', glCode: codes.suspense }
}

function creditOf(charge: JournalCharge, { entity }: CostCentreCoding, rules: JournalRules): Entry {
  const own = rules.payableOfVendor.get(charge.vendor)
  return {
    ...NO_SUBJECT,
    ...(rules.creditBy.includes('vendor') && { vendor: charge.vendor }),
    ...(rules.creditBy.includes('invoice') && invoiceOf(charge)),
    entity,
    currency: charge.currency,
    role: 'payable',
    glCode: own ?? codesOfEntity(rules, entity).payable,
    signedMinor: -charge.amountMinor,
  }
}

/** A sale has no expense: what our own cost centres carry of it is in the reports, and in no ledger. */
function saleOf(charge: JournalCharge, { entity }: CostCentreCoding, rules: JournalRules): [Entry, Entry] {
  const { receivable, revenue } = codesOfEntity(rules, entity)
  const { account, invoice, category, currency, amountMinor } = charge
  const isByInvoice = rules.creditBy.includes('invoice')
  const owed = { ...NO_SUBJECT, account, ...(isByInvoice && { invoice }) }
  const earned = { ...NO_SUBJECT, ...(rules.debitBy.includes('category') && { category }) }
  return [
    { ...owed, entity, currency, role: 'receivable', glCode: receivable, signedMinor: amountMinor },
    { ...earned, entity, currency, role: 'revenue', glCode: revenue, signedMinor: -amountMinor },
  ]
}

const invoiceOf = ({ vendor, account, invoice }: JournalCharge) => ({ vendor, account, invoice })

/** The text of everything but the amount. */
function keyOf(entry: Omit<Entry, 'signedMinor'>): string {
  const { entity, currency, role, glCode, costCentre, project, vendor, account, invoice, category } = entry
  const cells = [entity, currency, String(ROLES.indexOf(role)), glCode, costCentre, project, vendor, account, invoice]
  return JSON.stringify([...cells, category])
}

function add(entries: Map<string, Entry>, entry: Entry): void {
  const key = keyOf(entry)
  const earlier = entries.get(key)
  if (earlier) earlier.signedMinor += entry.signedMinor
  else entries.set(key, { ...entry })
}

function toLines(entries: ReadonlyArray<Entry>, name: string): JournalLine[] {
  const kept = entries.filter(({ signedMinor }) => signedMinor !== 0n)
  const sorted = kept.map((entry) => ({ entry, key: keyOf(entry) })).sort((a, b) => compareBytes(a.key, b.key))
  const balances = new Map<string, bigint>()
  const counts = new Map<string, number>()
  const lines = sorted.map(({ entry: { signedMinor, ...entry } }): JournalLine => {
    const journal = `${name}-${entry.entity}-${entry.currency}`
    const line = (counts.get(journal) ?? 0) + 1
    counts.set(journal, line)
    balances.set(journal, (balances.get(journal) ?? 0n) + signedMinor)
    const [debitMinor, creditMinor] = signedMinor > 0n ? [signedMinor, 0n] : [0n, -signedMinor]
    return { journal, reverses: '', line, ...entry, debitMinor, creditMinor }
  })
  for (const [journal, difference] of balances)
    invariant(difference === 0n, 'the debits of a journal equal its credits', { journal, difference })
  return lines
}

/** Cost centres that an entity names and the directory does not have: their money would go to another entity unseen. */
function unknownCentres(tree: CostCentreTree, rules: JournalRules): Problem[] {
  return rules.entities.flatMap(({ entity, costCentres }) =>
    costCentres
      .filter((costCentre) => !tree.nodes.has(costCentre))
      .map((costCentre) => problem('cost-centre-unknown', { costCentre, usedBy: `the journal's entity ${entity}` })),
  )
}

/**
 * Takes every journal among the lines back: the same lines with their sides swapped, under the journal's id with
 * `-reversal`, and naming it. Original and reversal sum to nothing per GL code.
 */
export function reverseJournal(lines: ReadonlyArray<JournalLine>): JournalLine[] {
  return lines.map((line) => ({
    ...line,
    journal: `${line.journal}-reversal`,
    reverses: line.journal,
    debitMinor: line.creditMinor,
    creditMinor: line.debitMinor,
  }))
}

/** What one bill of ours has in the journals of its run, once it was taken back or issued again. */
export type BillChange = { readonly number: string; readonly change: 'void' | 'issue' }

/**
 * Journals of their own for a bill that was taken back, or issued again under another number: `lines` are those that the bill
 * has. An issue is booked as they are, a void with their sides swapped, and it names the journal that booked it; `before` is
 * what stands between that journal's id and the run's. A void and the issue in its place sum to nothing.
 */
export function billChangeJournal(
  lines: ReadonlyArray<JournalLine>,
  { number, change, before }: BillChange & { readonly before: string },
): JournalLine[] {
  if (change === 'issue') return lines.map((line) => ({ ...line, journal: `${line.journal}-issue-${number}` }))
  return lines.map((line) => ({
    ...line,
    journal: `${line.journal}-void-${number}`,
    reverses: `${line.journal}${before}`,
    debitMinor: line.creditMinor,
    creditMinor: line.debitMinor,
  }))
}
