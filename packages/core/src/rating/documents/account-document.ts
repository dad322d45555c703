// `kind: Account` and `kind: Provider`, and what is wrong with accounts beside each other (spec, share plans, "Words" and
// "Share plan").

import { z } from 'zod'
import { accountBillDocument } from '../../bills/account-bill.ts'
import type { Account } from '../../facts/fact.ts'
import { isTimeZone } from '../../facts/read-account.ts'
import { parseAmount } from '../../money/amount.ts'
import { isCurrency } from '../../money/currency.ts'
import type { CustomerAccount, Provider } from '../catalogue.ts'
import { writtenId, writtenPrice } from './written-usage.ts'

export const providerDocument = z.strictObject({
  kind: z.literal('Provider'),
  id: writtenId,
  name: z.string().optional(),
})
export type ProviderDocument = z.infer<typeof providerDocument>

export function toProvider({ id, name }: ProviderDocument): Provider {
  return { provider: id, name: name ?? '' }
}

export const accountDocument = z.strictObject({
  kind: z.literal('Account'),
  id: writtenId,
  name: z.string().optional(),
  parent: writtenId.optional(),
  'usage-invoicer': writtenId.optional(),
  currency: z.string().refine(isCurrency, { error: 'is no ISO 4217 code in use' }),
  'time-zone': z
    .string()
    .refine(isTimeZone, { error: 'is no IANA name such as America/New_York or UTC' })
    .default('UTC'),
  'cycle-day': z.int().min(1).max(31, { error: 'must be from 1 to 31' }).default(1),
  minimum: writtenPrice.optional(),
  bill: accountBillDocument.optional(),
})
export type AccountDocument = z.infer<typeof accountDocument>

export function issuesOfAccount({ minimum, currency }: AccountDocument): ReadonlyArray<string> {
  if (minimum === undefined || parseAmount(String(minimum), currency).ok) return []
  return [`minimum: ${minimum} is no amount in ${currency}`]
}

export function toAccount(document: AccountDocument): CustomerAccount {
  const { minimum } = document
  return {
    account: document.id,
    parent: document.parent ?? '',
    usageInvoicer: document['usage-invoicer'] ?? '',
    name: document.name ?? '',
    currency: document.currency,
    timeZone: document['time-zone'],
    cycleDay: document['cycle-day'],
    ...(minimum === undefined ? {} : { minimum: String(minimum) }),
  }
}

/** An account of accounts.csv, with the document's defaults; null without a currency, which a vendor's account need not have. */
export function toCustomerAccount(fact: Account): CustomerAccount | null {
  const { account, parent, usageInvoicer, name, currency, timeZone, cycleDay } = fact
  if (currency === '') return null
  const zone = timeZone === '' ? 'UTC' : timeZone
  return { account, parent, usageInvoicer, name, currency, timeZone: zone, cycleDay: cycleDay ?? 1 }
}

export type AccountIssue = { readonly account: string; readonly message: string }

/**
 * What is wrong with accounts beside each other: a parent or usage invoicer that there is not, a circle of parents, an
 * invoicer that has an invoicer, or one in another currency.
 */
export function issuesOfAccounts(accounts: ReadonlyMap<string, CustomerAccount>): ReadonlyArray<AccountIssue> {
  return [...accounts.values()].flatMap((account) =>
    [...issuesOfParent(account, accounts), ...issuesOfInvoicer(account, accounts)].map((message) => ({
      account: account.account,
      message,
    })),
  )
}

function issuesOfParent(
  { account, parent }: CustomerAccount,
  accounts: ReadonlyMap<string, CustomerAccount>,
): ReadonlyArray<string> {
  if (parent === '') return []
  if (!accounts.has(parent)) return [`parent: there is no account ${parent}`]
  const path = [account]
  for (let next = parent; next !== ''; next = accounts.get(next)?.parent ?? '') {
    path.push(next)
    if (next === account) return [`parent: goes round in a circle: ${path.join(' → ')}`]
    // A circle further up is said of the accounts that are in it.
    if (path.indexOf(next) < path.length - 1) return []
  }
  return []
}

function issuesOfInvoicer(
  { account, usageInvoicer, currency }: CustomerAccount,
  accounts: ReadonlyMap<string, CustomerAccount>,
): ReadonlyArray<string> {
  if (usageInvoicer === '') return []
  if (usageInvoicer === account) return ['usage-invoicer: names the account itself; leave it out']
  const invoicer = accounts.get(usageInvoicer)
  if (!invoicer) return [`usage-invoicer: there is no account ${usageInvoicer}`]
  const issues: string[] = []
  if (invoicer.usageInvoicer !== '')
    issues.push(
      `usage-invoicer: ${usageInvoicer} has a usage invoicer itself (${invoicer.usageInvoicer}); name that one instead`,
    )
  if (invoicer.currency !== currency)
    issues.push(`usage-invoicer: ${usageInvoicer} is billed in ${invoicer.currency}, and ${account} in ${currency}`)
  return issues
}
