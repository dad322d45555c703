// Sub-accounts, bridges and master accounts as they are in force.
import {
  type BridgeDocument,
  bridgeDocument,
  CATALOGUE_DOCUMENTS,
  readSubAccounts,
  type SubAccount,
  subAccountDocument,
  subAccountName,
  toSubAccount,
} from '@spillway/core'
import { configurationState, loadConfiguration } from '../catalog/configuration.ts'
import { KeptLast } from '../catalog/kept-last.ts'
import { readAccounts, stateOfAccounts } from '../stages/import/live-directory.ts'
import type { Workspace } from '../workspace/workspace.ts'

type Held = Pick<Workspace, 'catalog' | 'tenant' | 'actor'>

export const SUB_ACCOUNT = 'SubAccount'
export const BRIDGE = 'Bridge'

const subAccountsBy = new KeptLast<ReadonlyMap<string, SubAccount>>()

/** By {@link subAccountName}, in the order of their names: the same for as long as nothing is saved. */
export async function loadSubAccounts(held: Held): Promise<ReadonlyMap<string, SubAccount>> {
  const state = await configurationState(held)
  return subAccountsBy.get(held.catalog, { name: held.tenant, state }, async () => {
    const documents = await loadConfiguration(held, SUB_ACCOUNT)
    const found = readSubAccounts(documents.map(({ body }) => body))
    return new Map(found.map((one) => [subAccountName(one), one]))
  })
}

/** One of them; null where there is none of this name. One question, whatever the answer. */
export async function findSubAccount({ catalog, tenant }: Held, name: string): Promise<SubAccount | null> {
  const row = await catalog
    .selectFrom('configuration')
    .select(['body', 'deleted'])
    .where('tenant', '=', tenant)
    .where('kind', '=', SUB_ACCOUNT)
    .where('name', '=', name)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row || row.deleted === 1) return null
  return toSubAccount(subAccountDocument.parse(JSON.parse(row.body)))
}

export async function loadBridges(held: Held): Promise<ReadonlyArray<BridgeDocument>> {
  const documents = await loadConfiguration(held, BRIDGE)
  return documents.map(({ body }) => bridgeDocument.parse(body))
}

/** What a limit is measured by. `currency` is '' for a vendor's account that says none. */
export type MasterAccount = { readonly currency: string; readonly timeZone: string; readonly cycleDay: number }

type AccountChange = { readonly changed?: ReadonlyArray<unknown>; readonly removed?: ReadonlySet<string> }

type HeldAccounts = Pick<Workspace, 'catalog' | 'warehouse' | 'tenant' | 'actor'>

const mastersBy = new KeptLast<ReadonlyMap<string, MasterAccount>>()

/** Accounts of accounts.csv and of documents, by id, after a change of documents; a document counts before a file. */
export async function loadMasterAccounts(
  workspace: HeldAccounts,
  change?: AccountChange,
): Promise<ReadonlyMap<string, MasterAccount>> {
  if (change !== undefined) return mastersAfter(workspace, change)
  const state = await stateOfAccounts(workspace)
  return mastersBy.get(workspace.catalog, { name: workspace.tenant, state }, () => mastersAfter(workspace, {}))
}

async function mastersAfter(
  workspace: HeldAccounts,
  { changed = [], removed = new Set() }: AccountChange,
): Promise<ReadonlyMap<string, MasterAccount>> {
  const masters = new Map<string, MasterAccount>()
  for (const { account, currency, timeZone, cycleDay } of await readAccounts(workspace)) {
    masters.set(account, { currency, timeZone: timeZone === '' ? 'UTC' : timeZone, cycleDay: cycleDay ?? 1 })
  }
  const saved = (await loadConfiguration(workspace, 'Account')).filter(({ name }) => !removed.has(name))
  for (const body of [...saved.map((document) => document.body), ...changed]) {
    const reading = CATALOGUE_DOCUMENTS.Account.safeParse(body)
    if (!reading.success) continue
    const { id, currency, 'time-zone': timeZone, 'cycle-day': cycleDay } = reading.data
    masters.set(id, { currency, timeZone, cycleDay })
  }
  return masters
}
