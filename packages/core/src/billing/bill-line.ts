// What a line of our bill is as a charge, so that it can be divided and charged back like a line of any vendor's bill (spec,
// share plans, "Billing"). Knows the catalogue that the bill was made under, and no amount.

import { type ChargeCategory, ZONES } from '../facts/words.ts'
import type { UsageType } from '../quantity/unit.ts'
import type { Catalogue } from '../rating/catalogue.ts'
import type { UsageClass } from '../rating/usage-class.ts'

export const BILL_LINE_KINDS = ['recurring', 'usage', 'minimum', 'adjustment'] as const
export type BillLineKind = (typeof BILL_LINE_KINDS)[number]

/** `about`: of usage its class (`data/domestic`), of an adjustment the period that it corrects, else the product or ''. */
export type BillLineSubject = { readonly kind: BillLineKind; readonly about: string }

export type BillCharge = {
  readonly category: ChargeCategory
  /** '' where the line is about no one usage type: it can then be in no pool. */
  readonly usageType: UsageType | ''
  readonly product: string
}

/** The vendor of our bills where no document of kind Provider says who we are. */
export const UNNAMED_PROVIDER = 'provider'

/**
 * Priced usage is overage, or roaming, international or long-distance by its zone: what is included has no price. The
 * recurring charge of a product is access, and bulk where the product sells a share plan, which is one lump for many. Both
 * have a usage type where all that the product brings is of one.
 */
export function chargeOfBillLine({ kind, about }: BillLineSubject, catalogue: Catalogue): BillCharge {
  if (kind === 'adjustment') return { category: 'other', usageType: '', product: '' }
  if (kind === 'usage') {
    const [usageType, ...words] = about.split('/') as [UsageType, ...string[]]
    const zone: UsageClass['zone'] = ZONES.find((one) => words.includes(one)) ?? ''
    return { category: zone === '' || zone === 'domestic' ? 'overage' : zone, usageType, product: '' }
  }
  const usageType = about === '' ? '' : usageTypeOf(about, catalogue)
  if (kind === 'minimum') return { category: 'other', usageType, product: about }
  return { category: plansSoldBy(about, catalogue).length > 0 ? 'bulk' : 'access', usageType, product: about }
}

export function plansSoldBy(product: string, { sharePlans }: Catalogue) {
  return [...sharePlans.values()].filter(({ sellingProduct }) => sellingProduct === product)
}

function usageTypeOf(id: string, catalogue: Catalogue): UsageType | '' {
  const product = catalogue.products.get(id)
  const rates = product ? (catalogue.ratePlans.get(product.ratePlan)?.rates ?? []) : []
  const own = product?.buckets.flatMap((bucket) => catalogue.buckets.get(bucket) ?? []) ?? []
  const shared = plansSoldBy(id, catalogue).flatMap(({ buckets }) => buckets)
  const types = new Set([
    ...rates.filter((rate) => rate.product === '' || rate.product === id).map(({ match }) => match.usageType),
    ...[...own, ...shared].flatMap(({ accepts }) => accepts.map(({ usageType }) => usageType)),
  ])
  const [only, another] = types
  return only !== undefined && another === undefined ? only : ''
}
