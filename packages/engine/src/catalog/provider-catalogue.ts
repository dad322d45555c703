// The provider's documents in force, read together with the accounts of accounts.csv, and what a change of them would break.
import {
  type Account,
  accountSharePlanName,
  CATALOGUE_KINDS,
  type CatalogueDocument,
  type CatalogueIssue,
  type CatalogueKind,
  type CatalogueReading,
  type CustomerAccount,
  readCatalogue,
  toCustomerAccount,
} from '@spillway/core'
import { readAccounts } from '../stages/import/live-directory.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { loadConfiguration } from './configuration.ts'

export function isCatalogueKind(kind: string): kind is CatalogueKind {
  return (CATALOGUE_KINDS as ReadonlyArray<string>).includes(kind)
}

/** Those of the provider among documents of configuration. */
export function catalogueDocuments(
  documents: ReadonlyArray<{ readonly kind: string; readonly body: unknown }>,
): CatalogueDocument[] {
  return documents.flatMap(({ kind, body }) => (isCatalogueKind(kind) ? [{ kind, body }] : []))
}

type NamedDocument = { readonly kind: string; readonly name: string; readonly body: unknown }

/** What is in force, after `changed` is saved and `removed` is deleted. */
export type CatalogueChange = {
  readonly changed?: ReadonlyArray<NamedDocument>
  readonly removed?: ReadonlyArray<{ readonly kind: string; readonly name: string }>
}

/** Made once for a list of documents that is kept, and the accounts of files beside it. */
const readings = new WeakMap<ReadonlyArray<NamedDocument>, { accounts: unknown; reading: CatalogueReading }>()

export async function readProviderCatalogue(workspace: Workspace): Promise<CatalogueReading> {
  return readNow(await loadInForce(workspace))
}

function readNow(inForce: InForce): CatalogueReading {
  const { documents, accounts } = inForce
  const known = readings.get(documents)
  if (known?.accounts === accounts) return known.reading
  const reading = readAfter(inForce, {})
  readings.set(documents, { accounts, reading })
  return reading
}

type InForce = { readonly documents: ReadonlyArray<NamedDocument>; readonly accounts: ReadonlyArray<CustomerAccount> }

async function loadInForce(workspace: Workspace): Promise<InForce> {
  return { documents: await loadConfiguration(workspace), accounts: await accountsOfFiles(workspace) }
}

function readAfter(
  { documents, accounts }: InForce,
  { changed = [], removed = [] }: CatalogueChange,
): CatalogueReading {
  const after = new Map<string, CatalogueDocument>()
  for (const { kind, name, body } of [...documents, ...changed])
    if (isCatalogueKind(kind)) after.set(`${kind}/${name}`, { kind, body })
  for (const { kind, name } of removed) after.delete(`${kind}/${name}`)
  return readCatalogue([...after.values()], accounts)
}

/** What would be wrong after a change and is not wrong now; an import may have broken something else before. */
export async function issuesOfChange(
  workspace: Workspace,
  change: CatalogueChange,
): Promise<ReadonlyArray<CatalogueIssue>> {
  const { changed = [] } = change
  if (!changed.some(({ kind }) => isCatalogueKind(kind)) && !change.removed) return []
  const textOf = ({ kind, name, message }: CatalogueIssue) => `${kind}/${name}: ${message}`
  const inForce = await loadInForce(workspace)
  const before = readNow(inForce)
  const known = new Set(before.issues.map(textOf))
  const isChanged = new Set(changed.map(({ kind, name }) => `${kind}/${name}`))
  const after = readAfter(inForce, change)
  const found = after.issues.filter((one) => isChanged.has(`${one.kind}/${one.name}`) || !known.has(textOf(one)))
  return [...found, ...inactivePlansAdded(before, after)]
}

/** An inactive plan cannot be added to an account; accounts that have it keep it (spec, share plans, "Share plan"). */
function inactivePlansAdded(before: CatalogueReading, after: CatalogueReading): ReadonlyArray<CatalogueIssue> {
  const kind = 'AccountSharePlan' as const
  const had = new Set(before.catalogue.accountSharePlans.map(accountSharePlanName))
  return after.catalogue.accountSharePlans.flatMap((added) => {
    const plan = after.catalogue.sharePlans.get(added.plan)
    if (!plan || plan.isActive || had.has(accountSharePlanName(added))) return []
    const message = `plan: ${plan.plan} is not active; activate it before it is added to an account`
    return [{ kind, name: accountSharePlanName(added), message }]
  })
}

const customersOf = new WeakMap<ReadonlyArray<Account>, ReadonlyArray<CustomerAccount>>()

/** Accounts that a file names with their currency; a vendor's account needs none. */
export async function accountsOfFiles(workspace: Workspace): Promise<ReadonlyArray<CustomerAccount>> {
  const facts = await readAccounts(workspace)
  const known = customersOf.get(facts)
  if (known !== undefined) return known
  const customers = facts.flatMap((fact) => {
    const account = toCustomerAccount(fact)
    return account === null ? [] : [account]
  })
  customersOf.set(facts, customers)
  return customers
}
