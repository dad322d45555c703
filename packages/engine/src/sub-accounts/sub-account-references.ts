// What a change of configuration would break between sub-accounts, bridges and their master accounts.
import { bridgeDocument, parseAmount, readSubAccounts, type SubAccount, subAccountName } from '@spillway/core'
import type { NewDocument } from '../catalog/configuration.ts'
import type { Workspace } from '../workspace/workspace.ts'
import {
  BRIDGE,
  loadBridges,
  loadMasterAccounts,
  loadSubAccounts,
  type MasterAccount,
  SUB_ACCOUNT,
} from './load-sub-accounts.ts'

export type SubAccountIssue = { readonly kind: string; readonly name: string; readonly message: string }

type Change = {
  readonly changed?: ReadonlyArray<NewDocument>
  readonly removed?: ReadonlyArray<{ readonly kind: string; readonly name: string }>
}

const KINDS: ReadonlySet<string> = new Set([SUB_ACCOUNT, BRIDGE, 'Account'])

/** None where the change touches neither. Documents that cannot be read are refused before this is asked. */
export async function issuesOfSubAccountChange(
  workspace: Workspace,
  { changed = [], removed = [] }: Change,
): Promise<ReadonlyArray<SubAccountIssue>> {
  if (![...changed, ...removed].some(({ kind }) => KINDS.has(kind))) return []
  const masters = await mastersAfter(workspace, { changed, removed })
  const touched = new Set([...changed, ...removed].flatMap(({ kind, name }) => (kind === 'Account' ? [name] : [])))
  const isRemoved = new Set(removed.map(({ kind, name }) => `${kind}/${name}`))
  const bodiesOf = (kind: string) => changed.filter((one) => one.kind === kind).map(({ body }) => body)
  const saved = touched.size === 0 ? [] : [...(await loadSubAccounts(workspace)).values()]
  const ofTouched = saved.filter(
    (one) => touched.has(one.account) && !isRemoved.has(`${SUB_ACCOUNT}/${subAccountName(one)}`),
  )
  const subAccounts = new Map(
    [...ofTouched, ...readSubAccounts(bodiesOf(SUB_ACCOUNT))].map((one) => [subAccountName(one), one]),
  )
  const bridges = bodiesOf(BRIDGE).map((body) => bridgeDocument.parse(body))
  const kept = (await loadBridges(workspace)).filter(
    ({ name, accounts }) =>
      accounts.some((account) => touched.has(account)) &&
      !isRemoved.has(`${BRIDGE}/${name}`) &&
      !bridges.some((bridge) => bridge.name === name),
  )
  return [
    ...[...subAccounts.values()].flatMap((one) => issuesOfMaster(one, masters)),
    ...[...kept, ...bridges].flatMap(({ name, accounts }) =>
      accounts
        .filter((account) => !masters.has(account))
        .map((account) => ({ kind: BRIDGE, name, message: `accounts: ${unknown(account)}` })),
    ),
    ...(await sharedCodes(workspace, bridges)),
  ]
}

async function mastersAfter(
  workspace: Workspace,
  { changed, removed }: Required<Change>,
): Promise<ReadonlyMap<string, MasterAccount>> {
  const accounts = changed.filter(({ kind }) => kind === 'Account')
  return loadMasterAccounts(workspace, {
    changed: accounts.map(({ body }) => body),
    removed: new Set(removed.filter(({ kind }) => kind === 'Account').map(({ name }) => name)),
  })
}

const unknown = (account: string) => `there is no account ${account}; import it with accounts.csv, or apply it`

function issuesOfMaster(
  subAccount: SubAccount,
  masters: ReadonlyMap<string, MasterAccount>,
): ReadonlyArray<SubAccountIssue> {
  const { account, limits } = subAccount
  const say = (message: string) => [{ kind: SUB_ACCOUNT, name: subAccountName(subAccount), message }]
  const master = masters.get(account)
  if (!master) return say(`account: ${unknown(account)}`)
  if (limits.spend === null) return []
  if (master.currency === '') return say(`limits.spend: the account ${account} has no currency; give it one first`)
  if (parseAmount(limits.spend, master.currency).ok) return []
  return say(`limits.spend: is ${limits.spend}, which is no amount in ${master.currency}`)
}

/** Sub-accounts of a bridge that the code alone would not tell apart; which code it is cannot be said, nor need it be. */
async function sharedCodes(
  { catalog, tenant }: Workspace,
  bridges: ReadonlyArray<{ readonly name: string; readonly accounts: ReadonlyArray<string> }>,
): Promise<ReadonlyArray<SubAccountIssue>> {
  if (bridges.length === 0) return []
  const rows = await catalog
    .selectFrom('passcode')
    .select(['account', 'user_id', 'code_hmac'])
    .where('tenant', '=', tenant)
    .where('ended_at', 'is', null)
    .orderBy('account')
    .orderBy('user_id')
    .execute()
  return bridges.flatMap(({ name, accounts }) => {
    const holders = new Map<string, string>()
    return rows.flatMap(({ account, user_id, code_hmac }) => {
      if (!accounts.includes(account)) return []
      const own = subAccountName({ account, userId: user_id })
      const other = holders.get(code_hmac)
      holders.set(code_hmac, other ?? own)
      if (other === undefined) return []
      return [{ kind: BRIDGE, name, message: `accounts: ${other} and ${own} have the same passcode; rotate one first` }]
    })
  })
}
