// What a bill is made of beside its amounts, as it was when the bill was issued: the directory that its run pinned, and the
// configuration of that moment. What changes later changes no bill that was issued.
import {
  type Account,
  type AccountBill,
  buildTimelines,
  CATALOGUE_DOCUMENTS,
  type Person,
  type Project,
  ProjectBook,
  type ProjectRule,
  readProjectRules,
  readSubAccounts,
  type Service,
  type SubAccount,
  subAccountName,
  toAccountBill,
  toAccountCodes,
} from '@spillway/core'
import { configurationState } from '../../catalog/configuration.ts'
import { LastAsked } from '../../catalog/last-asked.ts'
import { documentsReadBy } from '../../catalog/run-record.ts'
import { readDirectory } from '../../stages/import/live-directory.ts'
import { fromDirectoryRow } from '../../warehouse/fact-rows.ts'
import { liveDocumentsCte, pinnedDocuments } from '../../warehouse/live-documents.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { CallOwners } from '../billable-time/call-owners.ts'
import { AccountFacts } from '../calls/account-facts.ts'
import type { FoundBill } from './find-bill.ts'

export type BillContext = {
  readonly provider: string
  readonly name: string
  readonly asked: AccountBill
  readonly accounts: AccountFacts
  /** By {@link subAccountName}. */
  readonly subAccounts: ReadonlyMap<string, SubAccount>
  readonly rules: ReadonlyArray<ProjectRule>
}

/** What the bills of a run that were issued at one moment have in common. */
type ContextOfRun = Omit<BillContext, 'name' | 'asked'> & {
  readonly nameOf: (account: string) => string
  readonly askedOf: (account: string) => AccountBill
}

/** A provider's accounts are tens of thousands, with every bill that is looked at. */
const CONTEXTS_KEPT = 2
const keptBy = new WeakMap<Workspace['catalog'], LastAsked<string, Promise<ContextOfRun>>>()

export async function readBillContext(workspace: Workspace, found: FoundBill): Promise<BillContext> {
  const { nameOf, askedOf, ...context } = await contextOfRun(workspace, found)
  const asked = askedOf(found.account)
  return { ...context, name: asked.name === '' ? nameOf(found.account) : asked.name, asked }
}

/** Made anew once a document is saved: of a draft all of it is as it is now. */
async function contextOfRun(workspace: Workspace, found: FoundBill): Promise<ContextOfRun> {
  const { catalog, tenant } = workspace
  const kept = keptBy.get(catalog) ?? new LastAsked<string, Promise<ContextOfRun>>(CONTEXTS_KEPT)
  keptBy.set(catalog, kept)
  const state = JSON.stringify([tenant, found.run.id, found.issuedAt, await configurationState(workspace)])
  const known = kept.get(state)
  if (known) return known
  const context = readContextOfRun(workspace, found)
  kept.set(state, context)
  context.catch(() => kept.delete(state))
  return context
}

async function readContextOfRun(workspace: Workspace, found: FoundBill): Promise<ContextOfRun> {
  const bodies = (kind: string) => bodiesAt(workspace, { kind, at: found.issuedAt })
  const documents = await pinnedDocuments(workspace, documentsReadBy(found.run))
  const facts = (await readDirectory(workspace, 'account', documents)) as Account[]
  const known = new Map(facts.map(({ account, ...rest }) => [account, rest]))
  const bills = new Map<string, AccountBill>()
  for (const body of await bodies('Account')) {
    const reading = CATALOGUE_DOCUMENTS.Account.safeParse(body)
    if (!reading.success) continue
    const { id, name = '', parent = '', currency, 'time-zone': timeZone, bill } = reading.data
    known.set(id, { ...emptyAccount, name, parent, currency, timeZone })
    if (bill !== undefined) bills.set(id, toAccountBill(bill))
  }
  const codes = (await bodies('AccountCodes')).flatMap((body) => toAccountCodes(body) ?? [])
  const [provider] = (await bodies('Provider')).flatMap((body) => {
    const reading = CATALOGUE_DOCUMENTS.Provider.safeParse(body)
    return reading.success ? [reading.data.name ?? reading.data.id] : []
  })
  const subAccounts = readSubAccounts(await bodies('SubAccount'))
  return {
    provider: provider ?? '',
    nameOf: (account) => known.get(account)?.name ?? '',
    askedOf: (account) => bills.get(account) ?? toAccountBill(undefined),
    accounts: new AccountFacts(known, new Map(codes.map((one) => [one.account, one]))),
    subAccounts: new Map(subAccounts.map((one) => [subAccountName(one), one])),
    rules: readProjectRules(await bodies('ProjectRule')),
  }
}

const emptyAccount = { fact: 'account', usageInvoicer: '', cycleDay: null, extra: {} } as const

/** The documents of a kind as they were at an instant; as they are now for ''. */
async function bodiesAt(
  { catalog, tenant }: Workspace,
  { kind, at }: { readonly kind: string; readonly at: string },
): Promise<unknown[]> {
  const rows = await catalog
    .selectFrom('configuration')
    .select(['name', 'body', 'deleted'])
    .where('tenant', '=', tenant)
    .where('kind', '=', kind)
    .where('saved_at', '<=', at === '' ? '9999' : at)
    .orderBy('name')
    .orderBy('version')
    .execute()
  const newest = new Map(rows.map((row) => [row.name, row]))
  return [...newest.values()].filter(({ deleted }) => deleted === 0).map(({ body }) => JSON.parse(body) as unknown)
}

type OwnersOf = {
  readonly found: FoundBill
  readonly context: BillContext
  /** A table with every row of the inventory of the services on the bill, of others some or all. */
  readonly services: string
}

/** Of the services on the bill, as the run knew the directory. */
export async function readBillOwners(
  workspace: Workspace,
  { found, context, services: inventory }: OwnersOf,
): Promise<CallOwners> {
  const ids = documentsReadBy(found.run)
  const documents = await pinnedDocuments(workspace, ids)
  const people = (await readDirectory(workspace, 'person', documents)) as Person[]
  const projects = (await readDirectory(workspace, 'project', documents)) as Project[]
  const rows = await workspace.warehouse.rows(
    `WITH ${liveDocumentsCte(ids)} SELECT * FROM ${inventory} WHERE tenant = $tenant AND doc IN (FROM live_document)
       AND service IN (SELECT service FROM customer_bill_line WHERE tenant = $tenant AND run = $run AND number = $bill)
     ORDER BY doc, ordinal`,
    { tenant: workspace.tenant, run: found.run.id, bill: found.bill },
  )
  const services = rows.map((row) => fromDirectoryRow('service', row) as Service)
  return new CallOwners({
    accounts: context.accounts,
    projects: new ProjectBook(projects),
    people: [...people].sort((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1)),
    timelines: buildTimelines({ services, people }).timelines,
    subAccounts: context.subAccounts,
    rules: context.rules,
  })
}
