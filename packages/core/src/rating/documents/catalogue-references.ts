// What the provider's documents say of each other: names that lead nowhere, a product in two share plans, bucket ids that
// two buckets have, a share plan that an account cannot hold.

import { parseAmount } from '../../money/amount.ts'
import type { Catalogue } from '../catalogue.ts'
import { instantOfMoment } from '../moment.ts'
import type { AccountSharePlan, SharePlan } from '../share-plan.ts'
import type { CatalogueIssue } from './catalogue-issue.ts'
import { accountSharePlanName } from './share-plan-document.ts'

export function issuesOfReferences(catalogue: Catalogue): ReadonlyArray<CatalogueIssue> {
  return [
    ...issuesOfProducts(catalogue),
    ...issuesOfRatePlans(catalogue),
    ...issuesOfBuckets(catalogue),
    ...issuesOfSharePlans(catalogue),
    ...issuesOfAccountSharePlans(catalogue),
  ]
}

function issuesOfProducts({ products, ratePlans, buckets }: Catalogue): ReadonlyArray<CatalogueIssue> {
  return [...products.values()].flatMap((product) => {
    const messages: string[] = []
    if (product.ratePlan !== '' && !ratePlans.has(product.ratePlan))
      messages.push(`rate-plan: there is no RatePlan ${product.ratePlan}`)
    for (const id of product.buckets) {
      const bucket = buckets.get(id)
      if (!bucket) messages.push(`buckets: there is no Bucket ${id}`)
      else if (bucket.on)
        messages.push(`buckets: ${id} is on the account ${bucket.on.account} and comes with no service`)
    }
    return messages.map((message) => ({ kind: 'Product' as const, name: product.product, message }))
  })
}

function issuesOfRatePlans({ ratePlans, products }: Catalogue): ReadonlyArray<CatalogueIssue> {
  return [...ratePlans.values()].flatMap(({ ratePlan, rates }) =>
    rates.flatMap(({ product }, at) =>
      product === '' || products.has(product)
        ? []
        : [
            {
              kind: 'RatePlan' as const,
              name: ratePlan,
              message: `rates[${at}].product: there is no Product ${product}`,
            },
          ],
    ),
  )
}

function issuesOfBuckets({ buckets, accounts, sharePlans }: Catalogue): ReadonlyArray<CatalogueIssue> {
  const issues: CatalogueIssue[] = []
  for (const { bucket, on } of buckets.values())
    if (on && !accounts.has(on.account))
      issues.push({ kind: 'Bucket', name: bucket, message: `on.account: there is no account ${on.account}` })
  const holders = new Map([...buckets.keys()].map((id) => [id, `Bucket ${id}`]))
  for (const { plan, buckets: own } of sharePlans.values())
    for (const [at, { bucket }] of own.entries()) {
      const holder = holders.get(bucket)
      holders.set(bucket, holder ?? `the share plan ${plan}`)
      if (holder === undefined) continue
      const message = `buckets[${at}].id: ${bucket} is the id of ${holder.startsWith('Bucket') ? `a ${holder}` : `a bucket of ${holder}`}`
      issues.push({ kind: 'SharePlan', name: plan, message })
    }
  return issues
}

/** A product or a service type participates in at most one share plan, whether the plans are active or not. */
function issuesOfSharePlans({ sharePlans, products, serviceTypes }: Catalogue): ReadonlyArray<CatalogueIssue> {
  const types = new Set([...serviceTypes.keys(), ...[...products.values()].map(({ serviceType }) => serviceType)])
  const holders = new Map<string, string>()
  return [...sharePlans.values()].flatMap((plan) => {
    const messages: string[] = []
    if (plan.sellingProduct !== '' && !products.has(plan.sellingProduct))
      messages.push(`selling-product: there is no Product ${plan.sellingProduct}`)
    for (const [at, { by, id }] of plan.participating.entries()) {
      const isKnown = by === 'product' ? products.has(id) : types.has(id)
      if (!isKnown)
        messages.push(
          by === 'product'
            ? `participating[${at}]: there is no Product ${id}`
            : `participating[${at}]: there is no ServiceType ${id}, and no product of that type`,
        )
      const holder = holders.get(`${by} ${id}`)
      if (holder === undefined) holders.set(`${by} ${id}`, plan.plan)
      else messages.push(`participating[${at}]: ${by} ${id} participates in the share plan ${holder} already`)
    }
    return messages.map((message) => ({ kind: 'SharePlan' as const, name: plan.plan, message }))
  })
}

function issuesOfAccountSharePlans({
  accountSharePlans,
  accounts,
  sharePlans,
}: Catalogue): ReadonlyArray<CatalogueIssue> {
  const issues: CatalogueIssue[] = []
  /** Those before, by account and plan. */
  const earlier = new Map<string, AccountSharePlan[]>()
  for (const added of accountSharePlans) {
    const key = JSON.stringify([added.account, added.plan])
    const others = earlier.get(key) ?? []
    earlier.set(key, [...others, added])
    const account = accounts.get(added.account)
    const plan = sharePlans.get(added.plan)
    const say = (message: string) =>
      issues.push({ kind: 'AccountSharePlan', name: accountSharePlanName(added), message })
    if (!account) say(`account: there is no account ${added.account}`)
    if (!plan) say(`plan: there is no SharePlan ${added.plan}`)
    if (!account || !plan) continue
    for (const message of amountsThatDoNotFit(plan, account.currency)) say(message)
    const [start, end] = spanOf(added, account.timeZone)
    if (end <= start) say('until: is not after from; until is exclusive')
    const overlapped = others.find((other) => {
      const [otherStart, otherEnd] = spanOf(other, account.timeZone)
      return otherStart < end && start < otherEnd
    })
    if (overlapped) say(`from: the account ${added.account} has the share plan ${added.plan} already at that time`)
  }
  return issues
}

function spanOf({ from, until }: AccountSharePlan, timeZone: string): [number, number] {
  return [instantOfMoment(from, timeZone), until === null ? Number.POSITIVE_INFINITY : instantOfMoment(until, timeZone)]
}

/** A flat charge is posted as it stands, so that it must be an amount of the account's currency. */
function amountsThatDoNotFit({ plan, buckets }: SharePlan, currency: string): ReadonlyArray<string> {
  return buckets.flatMap(({ bucket, tiers }) =>
    tiers.flatMap(({ flat }) =>
      flat === null || parseAmount(flat, currency).ok
        ? []
        : [`plan: ${plan} charges a flat ${flat} in its bucket ${bucket}, which is no amount in ${currency}`],
    ),
  )
}
