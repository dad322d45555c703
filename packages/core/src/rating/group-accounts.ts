// Which accounts must be rated together, because their services can draw from one bucket.

import { compareBytes } from '../money/largest-remainder.ts'
import type { IndexedCatalogue } from './indexed-catalogue.ts'

/**
 * The bucket group of each account, named by its smallest account: accounts are together where one shares a bucket with
 * its descendants, or has a plan for those whose usage invoicer it is.
 */
export function groupAccounts(index: IndexedCatalogue): ReadonlyMap<string, string> {
  const parents = new Map<string, string>()
  const find = (account: string): string => {
    const up = parents.get(account)
    if (up === undefined || up === account) return account
    const root = find(up)
    parents.set(account, root)
    return root
  }
  const join = (one: string, other: string): void => {
    const [a, b] = [find(one), find(other)]
    if (a === b) return
    if (compareBytes(a, b) < 0) parents.set(b, a)
    else parents.set(a, b)
  }
  for (const { account, usageInvoicer } of index.catalogue.accounts.values()) {
    for (const ancestor of index.ancestors(account)) {
      if (index.bucketsOn(ancestor).some(({ on }) => on?.isSharedToChildren)) join(account, ancestor)
    }
    if (usageInvoicer !== '' && index.hasInvoicerPlan(usageInvoicer)) join(account, usageInvoicer)
  }
  return new Map([...index.catalogue.accounts.keys()].map((account) => [account, find(account)]))
}
