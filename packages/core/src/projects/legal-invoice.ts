// An invoice of billable time as the legal trade exchanges it: one line per call, whose units times unit cost and adjustment
// are its total, and whose totals are the invoice's. Says everything that is missing at once; guesses no id.
import { parseDecimal } from '../allocation/rational.ts'
import { divideHalfAwayFromZero, formatAmount } from '../money/amount.ts'
import { minorDigitsOf } from '../money/currency.ts'
import { addDays, type LocalDate } from '../time/local-date.ts'
import type { LegalBilling } from './legal-billing.ts'

/** A call with a rate. `billableSeconds` is more than 0. */
export type InvoicedCall = {
  readonly project: string
  readonly client: string
  readonly person: string
  readonly on: LocalDate
  readonly billableSeconds: number
  /** Decimal text per hour. */
  readonly rate: string
  readonly amountMinor: bigint
  readonly currency: string
  /** In the currency of the rate; null where it is not known or not asked for. */
  readonly costMinor: bigint | null
  readonly description: string
}

export type LegalInvoiceRequest = {
  readonly billing: LegalBilling
  readonly calls: ReadonlyArray<InvoicedCall>
  readonly invoiceNumber: string
  readonly invoicedOn: LocalDate
  /** Half-open local days. */
  readonly from: LocalDate
  readonly until: LocalDate
  /** The client's id of the matter, in place of the document's. */
  readonly clientMatterId?: string | undefined
}

export type LegalInvoiceLine = {
  readonly lawFirmMatterId: string
  readonly clientMatterId: string
  /** Fee for time, expense for what a call costs. */
  readonly type: 'F' | 'E'
  /** Decimal texts: total = units × unit cost + adjustment, exactly. */
  readonly units: string
  readonly unitCost: string
  readonly adjustment: string
  readonly total: string
  readonly on: LocalDate
  readonly taskCode: string
  readonly expenseCode: string
  readonly activityCode: string
  readonly timekeeper: { readonly id: string; readonly name: string; readonly classification: string } | null
  readonly description: string
}

export type LegalInvoice = {
  readonly invoiceNumber: string
  readonly invoicedOn: LocalDate
  readonly clientId: string
  readonly lawFirmId: string
  readonly currency: string
  readonly total: string
  readonly startOn: LocalDate
  /** The last day. */
  readonly lastOn: LocalDate
  readonly description: string
  readonly lines: ReadonlyArray<LegalInvoiceLine>
}

export type LegalInvoiceReading =
  | { readonly ok: true; readonly invoice: LegalInvoice }
  /** What to add, each a sentence. */
  | { readonly ok: false; readonly missing: ReadonlyArray<string> }

/** Decimals of the format's numbers: units times unit cost must not have more, or no adjustment makes the total of it. */
const PLACES_MAX = 4
const SECONDS_PER_HOUR = 3600n

/** The lines stand in the order of the calls; a call's cost follows its time. */
export function makeLegalInvoice(request: LegalInvoiceRequest): LegalInvoiceReading {
  const { billing, calls, invoiceNumber, invoicedOn, from, until } = request
  const missing = new Set<string>(missingOf(request))
  const [first] = calls
  const clientId = billing.clients.find(({ client }) => client === first?.client)?.['client-id']
  if (first === undefined || clientId === undefined || missing.size > 0) return { ok: false, missing: [...missing] }
  const lines = calls.flatMap((call) => linesOf(call, request))
  const totalMinor = calls.reduce((sum, { amountMinor, costMinor }) => sum + amountMinor + (costMinor ?? 0n), 0n)
  return {
    ok: true,
    invoice: {
      invoiceNumber,
      invoicedOn,
      clientId,
      lawFirmId: billing['law-firm-id'],
      currency: first.currency,
      total: formatAmount(totalMinor, first.currency),
      startOn: from,
      lastOn: addDays(until, -1),
      description: billing.description ?? 'Conference calls',
      lines,
    },
  }
}

function* missingOf({ billing, calls, clientMatterId, invoiceNumber }: LegalInvoiceRequest): Generator<string> {
  if (
    invoiceNumber === '' ||
    invoiceNumber.length > 20 ||
    !/^[\x20-\x7e]+$/.test(invoiceNumber) ||
    /[|[\]]/.test(invoiceNumber)
  )
    yield 'an invoice number of 1 to 20 ASCII characters without | [ or ]'
  if (calls.length === 0) yield 'calls with billable time in these days'
  const known = new Set(billing.clients.map(({ client }) => client))
  for (const client of new Set(calls.map((call) => call.client)))
    if (client === '') yield 'the client of the project (projects.csv)'
    else if (!known.has(client)) yield `the client-id of client ${client} (clients)`
  if (new Set(calls.map((call) => call.client)).size > 1) yield 'projects of one client alone'
  if (new Set(calls.map((call) => call.currency)).size > 1) yield 'rates of one currency alone'
  for (const project of new Set(calls.map((call) => call.project))) {
    const matter = billing.matters.find((one) => one.project === project)
    if (matter?.['client-matter-id'] === undefined && clientMatterId === undefined)
      yield `the client-matter-id of project ${project} (matters), or --matter`
    if (matter?.['law-firm-matter-id'] === undefined && !/^[\x20-\x5a\x5c\x5e-\x7b\x7d\x7e]{1,20}$/.test(project))
      yield `the law-firm-matter-id of project ${project} (matters): its own id is no 1 to 20 ASCII characters without | [ or ]`
  }
  const timekeepers = new Set(billing.timekeepers.map(({ person }) => person))
  for (const person of new Set(calls.map((call) => call.person)))
    if (person === '') yield 'the person of calls that nobody has (the owner of the sub-account, or an assignment)'
    else if (!timekeepers.has(person)) yield `the id, name and classification of ${person} (timekeepers)`
  for (const rate of new Set(calls.map((call) => call.rate)))
    if (placesOf(rate) >= PLACES_MAX) yield `a rate of at most ${PLACES_MAX - 1} decimals in place of ${rate}`
}

const placesOf = (decimal: string) => (decimal.split('.')[1] ?? '').replace(/0+$/, '').length

function linesOf(call: InvoicedCall, { billing, clientMatterId }: LegalInvoiceRequest): LegalInvoiceLine[] {
  const matter = billing.matters.find(({ project }) => project === call.project)
  const keeper = billing.timekeepers.find(({ person }) => person === call.person)
  const common = {
    lawFirmMatterId: matter?.['law-firm-matter-id'] ?? call.project,
    clientMatterId: clientMatterId ?? matter?.['client-matter-id'] ?? '',
    on: call.on,
    description: call.description,
  }
  const fee: LegalInvoiceLine = {
    ...common,
    type: 'F',
    ...numbersOf(call),
    taskCode: matter?.['task-code'] ?? billing['task-code'] ?? '',
    expenseCode: '',
    activityCode: matter?.['activity-code'] ?? billing['activity-code'] ?? '',
    timekeeper: keeper ? { id: keeper.id, name: keeper.name, classification: keeper.classification } : null,
  }
  if (call.costMinor === null || call.costMinor === 0n) return [fee]
  const cost = formatAmount(call.costMinor, call.currency)
  const expense: LegalInvoiceLine = {
    ...common,
    type: 'E',
    units: '1',
    unitCost: cost,
    adjustment: '0.00',
    total: cost,
    taskCode: '',
    expenseCode: billing['expense-code'],
    activityCode: '',
    timekeeper: null,
  }
  return [fee, expense]
}

/**
 * Hours and rate as the format holds them, and what is left as the adjustment: 0.1 × 333.33 is 33.333, the call comes to
 * 33.33, so the adjustment is -0.003. Hours have at most as many decimals as leave the product within four.
 */
function numbersOf({ billableSeconds, rate, amountMinor, currency }: InvoicedCall) {
  const ratePlaces = placesOf(rate)
  const unitPlaces = PLACES_MAX - ratePlaces
  const scaled = BigInt(billableSeconds) * 10n ** BigInt(unitPlaces)
  const units = divideHalfAwayFromZero(scaled, SECONDS_PER_HOUR)
  const price = parseDecimal(rate) ?? { numerator: 0n, denominator: 1n }
  const cost = (price.numerator * 10n ** BigInt(ratePlaces)) / price.denominator
  const total = amountMinor * 10n ** BigInt(PLACES_MAX - minorDigitsOf(currency))
  return {
    units: decimalOf(units, { places: unitPlaces, least: 0 }),
    unitCost: decimalOf(cost, { places: ratePlaces, least: 2 }),
    adjustment: decimalOf(total - units * cost, { places: PLACES_MAX, least: 2 }),
    total: formatAmount(amountMinor, currency),
  }
}

/** `scaled` ÷ 10^places as decimal text, without the zeros at its end beyond `least` decimals. */
function decimalOf(scaled: bigint, { places, least }: { readonly places: number; readonly least: number }): string {
  const magnitude = (scaled < 0n ? -scaled : scaled).toString().padStart(places + 1, '0')
  const whole = magnitude.slice(0, magnitude.length - places)
  const fraction = magnitude
    .slice(magnitude.length - places)
    .replace(/0+$/, '')
    .padEnd(least, '0')
  return `${scaled < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}
