// The columns of the FOCUS 1.3 dataset "Cost and Usage" (FinOps Open Cost and Usage Specification) that a bill of a carrier
// can fill, and our own, which begin with x_ as the specification asks. Claims nothing about prices: a bill says none.
//
// Always null: ChargeClass (a corrected bill replaces the earlier one, so that no row corrects a row), ConsumedQuantity and
// ConsumedUnit (a row is a sum of bill lines, whose quantities have different units), PricingQuantity and PricingUnit (no price
// list). Left out, as their conditions do not hold: regions and zones, SKUs and unit prices, pricing category and currency,
// commitment discounts, capacity reservations, contracts, sub-accounts and account types.

export type FocusColumn = {
  readonly name: string
  /** Left out for ours. */
  readonly level?: 'mandatory' | 'recommended' | 'conditional'
  readonly kind: 'text' | 'amount' | 'quantity'
  /** True where the specification allows it, for ours where there may be none. */
  readonly isNullable: boolean
  readonly allowed?: ReadonlyArray<string>
}

export const FOCUS_VERSION = '1.3'

export const FOCUS_CHARGE_CATEGORIES = ['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment'] as const
export const FOCUS_CHARGE_FREQUENCIES = ['One-Time', 'Recurring', 'Usage-Based'] as const

const mandatory = (name: string, rest: Partial<FocusColumn> = {}): FocusColumn => ({
  name,
  level: 'mandatory',
  kind: 'text',
  isNullable: false,
  ...rest,
})
const nullable = (name: string, level: 'recommended' | 'conditional' = 'conditional'): FocusColumn => ({
  name,
  level,
  kind: 'text',
  isNullable: true,
})
const cost = (name: string) => mandatory(name, { kind: 'amount' })
const ours = (name: string, isNullable = true): FocusColumn => ({ name, kind: 'text', isNullable })

/** In the order of the file: those of the specification by name, then ours. */
export const FOCUS_COLUMNS: ReadonlyArray<FocusColumn> = [
  nullable('AllocatedMethodDetails', 'recommended'),
  nullable('AllocatedMethodId'),
  nullable('AllocatedResourceId'),
  nullable('AllocatedResourceName'),
  nullable('AllocatedTags'),
  cost('BilledCost'),
  mandatory('BillingAccountId'),
  mandatory('BillingAccountName', { isNullable: true }),
  mandatory('BillingCurrency'),
  mandatory('BillingPeriodEnd'),
  mandatory('BillingPeriodStart'),
  mandatory('ChargeCategory', { allowed: FOCUS_CHARGE_CATEGORIES }),
  mandatory('ChargeClass', { isNullable: true, allowed: ['Correction'] }),
  mandatory('ChargeDescription', { isNullable: true }),
  { ...nullable('ChargeFrequency', 'recommended'), isNullable: false, allowed: FOCUS_CHARGE_FREQUENCIES },
  mandatory('ChargePeriodEnd'),
  mandatory('ChargePeriodStart'),
  { ...nullable('ConsumedQuantity'), kind: 'quantity' },
  nullable('ConsumedUnit'),
  cost('ContractedCost'),
  cost('EffectiveCost'),
  mandatory('HostProviderName'),
  nullable('InvoiceId', 'recommended'),
  mandatory('InvoiceIssuerName'),
  cost('ListCost'),
  mandatory('PricingQuantity', { kind: 'quantity', isNullable: true }),
  mandatory('PricingUnit', { isNullable: true }),
  mandatory('ProviderName'),
  mandatory('PublisherName'),
  nullable('ResourceId'),
  nullable('ResourceName'),
  nullable('ResourceType'),
  mandatory('ServiceCategory', { allowed: ['Networking', 'Business Applications', 'Storage', 'Other'] }),
  mandatory('ServiceName'),
  mandatory('ServiceProviderName'),
  {
    ...nullable('ServiceSubcategory', 'recommended'),
    isNullable: false,
    allowed: ['Network Connectivity', 'Productivity and Collaboration', 'Other (Storage)', 'Other (Other)'],
  },
  nullable('Tags'),
  { name: 'x_ActualCost', kind: 'amount', isNullable: false },
  ours('x_Category', false),
  ours('x_Component'),
  ours('x_CostCentre'),
  ours('x_Flag'),
  ours('x_Person'),
  ours('x_Pool'),
  ours('x_Project'),
  ours('x_Run', false),
]
