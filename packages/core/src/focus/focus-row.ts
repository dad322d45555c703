// One row of FOCUS 1.3 Cost and Usage from what was carried. A component of a pool on one invoice is an origin charge in the
// specification's words, and what each service carries of it an allocated charge: only allocated charges are written, so that
// nothing counts twice, and they sum to the origin. What no pool shares is a charge of its own on the service billed.
import { invariant } from '../invariant.ts'
import { formatAmount } from '../money/amount.ts'
import { type FOCUS_CHARGE_CATEGORIES, type FOCUS_CHARGE_FREQUENCIES, FOCUS_COLUMNS } from './focus-columns.ts'

/** A row of what was carried, with the bill and the component that it is of; '' where there is none, dates half-open. */
export type FocusCharge = {
  readonly vendor: string
  readonly account: string
  readonly accountName: string
  readonly invoice: string
  readonly periodStartOn: string
  readonly periodEndOn: string
  readonly currency: string
  readonly category: string
  readonly usageType: string
  /** Both '' for what no component matched. */
  readonly pool: string
  readonly component: string
  readonly policy: string
  readonly method: string
  readonly service: string
  /** The names of who the service was assigned to. */
  readonly serviceName: string
  readonly person: string
  readonly costCentre: string
  readonly project: string
  readonly flag: string
  readonly actualMinor: bigint
  readonly adjustedMinor: bigint
  /** Fraction of the origin charge, as decimal text; null of an origin charge of zero, and where there is none. */
  readonly ratio: string | null
}

type ChargeWords = readonly [(typeof FOCUS_CHARGE_CATEGORIES)[number], (typeof FOCUS_CHARGE_FREQUENCIES)[number]]
const USED: ChargeWords = ['Usage', 'Usage-Based']
const SUBSCRIBED: ChargeWords = ['Purchase', 'Recurring']

/** By category of charge: ChargeCategory and ChargeFrequency. */
const CHARGE_WORDS: Readonly<Record<string, ChargeWords>> = {
  access: SUBSCRIBED,
  bulk: SUBSCRIBED,
  entry: SUBSCRIBED,
  feature: SUBSCRIBED,
  subscription: SUBSCRIBED,
  equipment: ['Purchase', 'One-Time'],
  overage: USED,
  usage: USED,
  roaming: USED,
  international: USED,
  'long-distance': USED,
  download: USED,
  tax: ['Tax', 'Recurring'],
  surcharge: ['Adjustment', 'Recurring'],
  credit: ['Credit', 'One-Time'],
  other: ['Adjustment', 'One-Time'],
}

type ServiceWords = readonly [name: string, category: string, subcategory: string]
const network = (name: string): ServiceWords => [name, 'Networking', 'Network Connectivity']
const NO_USAGE_TYPE: ServiceWords = ['Line and account charges', 'Other', 'Other (Other)']

/** By usage type: ServiceName, ServiceCategory and ServiceSubcategory. */
const SERVICE_WORDS: Readonly<Record<string, ServiceWords>> = {
  voice: network('Voice'),
  data: network('Data'),
  messaging: network('Messaging'),
  conference: ['Conferencing', 'Business Applications', 'Productivity and Collaboration'],
  app: ['Applications', 'Business Applications', 'Productivity and Collaboration'],
  storage: ['Storage', 'Storage', 'Other (Storage)'],
  event: ['Events', 'Other', 'Other (Other)'],
  '': NO_USAGE_TYPE,
}

const instant = (date: string) => `${date}T00:00:00Z`

/** Cells in the order of `FOCUS_COLUMNS`; a null is ''. */
export function toFocusRow(charge: FocusCharge, run: string): string[] {
  const { vendor, currency, category, usageType } = charge
  const words = CHARGE_WORDS[category]
  const service = SERVICE_WORDS[usageType]
  invariant(words && service, 'what is carried has a known category and usage type', { category, usageType })
  const cost = formatAmount(charge.adjustedMinor, currency)
  const cells: Readonly<Record<string, string>> = {
    BilledCost: cost,
    BillingAccountId: charge.account,
    BillingAccountName: charge.accountName,
    BillingCurrency: currency,
    BillingPeriodEnd: instant(charge.periodEndOn),
    BillingPeriodStart: instant(charge.periodStartOn),
    ChargeCategory: words[0],
    ChargeDescription: descriptionOf(charge),
    ChargeFrequency: words[1],
    ChargePeriodEnd: instant(charge.periodEndOn),
    ChargePeriodStart: instant(charge.periodStartOn),
    ContractedCost: cost,
    EffectiveCost: cost,
    HostProviderName: vendor,
    InvoiceId: charge.invoice,
    InvoiceIssuerName: vendor,
    ListCost: cost,
    ProviderName: vendor,
    PublisherName: vendor,
    ServiceCategory: service[1],
    ServiceName: service[0],
    ServiceProviderName: vendor,
    ServiceSubcategory: service[2],
    ...(charge.component === '' ? chargedCells(charge) : allocatedCells(charge)),
    x_ActualCost: formatAmount(charge.actualMinor, currency),
    x_Category: category,
    x_Component: charge.component,
    x_CostCentre: charge.costCentre,
    x_Flag: charge.flag,
    x_Person: charge.person,
    x_Pool: charge.pool,
    x_Project: charge.project,
    x_Run: run,
  }
  return FOCUS_COLUMNS.map(({ name }) => cells[name] ?? '')
}

/** The resource is the service that the vendor billed; null for a charge on the account. */
function chargedCells({ service, serviceName, ...owner }: FocusCharge): Record<string, string> {
  return {
    ResourceId: service,
    ResourceName: service === '' ? '' : serviceName,
    ResourceType: service === '' ? '' : 'Service',
    Tags: tagsOf(owner),
  }
}

/** The resource is the pool, and what it is allocated to the service; null for what no service carries. */
function allocatedCells(charge: FocusCharge): Record<string, string> {
  const { pool, component, policy, method, service, serviceName, ratio } = charge
  const ours = `"x_Policy":${JSON.stringify(policy)},"x_Component":${JSON.stringify(component)}`
  return {
    AllocatedMethodDetails: ratio === null ? '' : `{"Elements":[{"AllocatedRatio":${ratio}}],${ours}}`,
    AllocatedMethodId: method,
    AllocatedResourceId: service,
    AllocatedResourceName: service === '' ? '' : serviceName || service,
    AllocatedTags: tagsOf(charge),
    ResourceId: pool,
    ResourceType: 'Pool',
  }
}

/** The directory's keys as a JSON object; '' where nobody owns it. */
function tagsOf({ costCentre, person, project }: Pick<FocusCharge, 'costCentre' | 'person' | 'project'>): string {
  const tags = Object.entries({ cost_centre: costCentre, person, project }).filter(([, value]) => value !== '')
  return tags.length === 0 ? '' : JSON.stringify(Object.fromEntries(tags))
}

/** The same for every row of an origin charge, as the specification wants of a dimension. */
function descriptionOf({ category, usageType, pool, component }: FocusCharge): string {
  const what = usageType === '' ? category : `${usageType} ${category}`
  return component === '' ? what : `Share of ${what} in pool ${pool}, component ${component}`
}

const RATIO_SCALE = 1_000_000_000n

/**
 * Fractions of an origin charge, handed out row by row: each is the share so far less the share before, cut to nine
 * decimals, so that whatever the signs they sum to exactly 1. 1, 1 and 1 of 3 give 0.333333333, 0.333333333, 0.333333334.
 */
export class RatioSequence {
  readonly #total: bigint
  #sum = 0n
  #given = 0n

  constructor(total: bigint) {
    this.#total = total
  }

  /** Decimal text; null where the total is zero. */
  next(amountMinor: bigint): string | null {
    if (this.#total === 0n) return null
    this.#sum += amountMinor
    const now = (this.#sum * RATIO_SCALE) / this.#total
    const part = now - this.#given
    this.#given = now
    return decimalOf(part)
  }
}

function decimalOf(part: bigint): string {
  const digits = (part < 0n ? -part : part).toString().padStart(10, '0')
  const fraction = digits.slice(-9).replace(/0+$/, '')
  return `${part < 0n ? '-' : ''}${digits.slice(0, -9)}${fraction === '' ? '' : `.${fraction}`}`
}
