// The catalogue by what rating asks of it, made once for all groups of a run.

import { invariant } from '../invariant.ts'
import type { Bucket } from './bucket.ts'
import type { Catalogue, CustomerAccount, RatedService } from './catalogue.ts'
import { type AccountSharePlan, type Participation, participationIn, type SharePlan } from './share-plan.ts'

type Participant = { readonly plan: SharePlan; readonly participation: Participation }

export class IndexedCatalogue {
  readonly catalogue: Catalogue
  readonly #bucketsOn = new Map<string, Bucket[]>()
  readonly #plansOf = new Map<string, AccountSharePlan[]>()
  readonly #planOfProduct = new Map<string, SharePlan>()
  readonly #planOfType = new Map<string, SharePlan>()
  readonly #depths = new Map<string, number>()

  constructor(catalogue: Catalogue) {
    this.catalogue = catalogue
    for (const bucket of catalogue.buckets.values()) if (bucket.on) push(this.#bucketsOn, bucket.on.account, bucket)
    for (const added of catalogue.accountSharePlans) push(this.#plansOf, added.account, added)
    for (const plan of catalogue.sharePlans.values()) {
      for (const { by, id } of plan.participating) {
        if (by === 'product') this.#planOfProduct.set(id, plan)
        else this.#planOfType.set(id, plan)
      }
    }
  }

  /** @throws Bug where the account is not in the catalogue: whose usage is nobody's is settled before rating. */
  account(account: string): CustomerAccount {
    const found = this.catalogue.accounts.get(account)
    invariant(found, 'an account that is rated is in the catalogue', { account })
    return found
  }

  bucketsOn(account: string): ReadonlyArray<Bucket> {
    return this.#bucketsOn.get(account) ?? []
  }

  /** The plan that a service takes part in, by its product before by its type; null for none. */
  participantOf(service: Pick<RatedService, 'product' | 'serviceType'>): Participant | null {
    const plan = this.#planOfProduct.get(service.product) ?? this.#planOfType.get(service.serviceType)
    if (plan === undefined) return null
    const participation = participationIn(plan, service)
    return participation === null ? null : { plan, participation }
  }

  /** Every time that a plan is on an account. */
  plansOn(account: string): ReadonlyArray<AccountSharePlan> {
    return this.#plansOf.get(account) ?? []
  }

  /** The times that a plan is on an account. */
  addedPlans(account: string, plan: string): ReadonlyArray<AccountSharePlan> {
    return (this.#plansOf.get(account) ?? []).filter((one) => one.plan === plan)
  }

  /** Whether any plan on an account is shared with the accounts whose usage invoicer it is. */
  hasInvoicerPlan(account: string): boolean {
    const isShared = ({ plan }: AccountSharePlan) =>
      this.catalogue.sharePlans.get(plan)?.shareLevel === 'usage-invoicer'
    return (this.#plansOf.get(account) ?? []).some(isShared)
  }

  /** The accounts that may hold a plan for a service of an account: the account, then its invoicer. */
  planHolders(account: string, plan: SharePlan): ReadonlyArray<string> {
    const { usageInvoicer } = this.account(account)
    const isInvoiced = usageInvoicer !== '' && usageInvoicer !== account && plan.shareLevel === 'usage-invoicer'
    return isInvoiced ? [account, usageInvoicer] : [account]
  }

  /** The account that usage charges of an account are billed to. */
  billedTo(account: string): CustomerAccount {
    const own = this.account(account)
    return own.usageInvoicer === '' ? own : this.account(own.usageInvoicer)
  }

  /** From the parent up. */
  ancestors(account: string): ReadonlyArray<string> {
    const found: string[] = []
    for (let at = this.account(account).parent; at !== ''; at = this.account(at).parent) {
      invariant(!found.includes(at) && at !== account, 'the tree of accounts has no circle', { account })
      found.push(at)
    }
    return found
  }

  /** 0 for an account without a parent. */
  depth(account: string): number {
    const known = this.#depths.get(account)
    if (known !== undefined) return known
    const depth = this.ancestors(account).length
    this.#depths.set(account, depth)
    return depth
  }
}

function push<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}
