// `report accounts`: the tree of accounts as it is in force today, of files and of documents; a document counts before a file.
// Every account stands beneath its parent where the reader sees that too.
import { CATALOGUE_DOCUMENTS, Refusal, type Report, type ReportColumn, type ReportRow } from '@spillway/core'
import { loadConfiguration } from '../catalog/configuration.ts'
import { KeptLast } from '../catalog/kept-last.ts'
import { readAccounts, stateOfAccounts } from '../stages/import/live-directory.ts'
import { loadSubAccounts } from '../sub-accounts/load-sub-accounts.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { wholeWorkspaceOf } from '../workspace/scopes.ts'
import { oneBatch, textField } from './amount-cells.ts'

const COLUMNS: ReadonlyArray<ReportColumn> = [
  textField('account', 'Account'),
  textField('name', 'Name'),
  { ...textField('parent', 'Parent'), isDetail: true },
  { key: 'level', title: 'Level', kind: 'quantity', isDetail: true },
  textField('usage_invoicer', 'Usage invoicer'),
  textField('currency', 'Currency'),
  { ...textField('time_zone', 'Time zone'), isDetail: true },
  { key: 'cycle_day', title: 'Cycle day', kind: 'quantity', isNullable: true },
  { key: 'sub_accounts', title: 'Sub-accounts', kind: 'quantity' },
  { ...textField('of', 'Of'), isDetail: true },
]

type Place = {
  readonly account: string
  readonly name: string
  readonly parent: string
  readonly usageInvoicer: string
  readonly currency: string
  readonly timeZone: string
  readonly cycleDay: number | null
  /** Where it is said: `a document` can be changed here, `a file` where it comes from. */
  readonly of: 'a document' | 'a file'
}

/**
 * One row per account, children beneath their parent, each level in the order of ids. Of one account: it, those above it, and those
 * right beneath it. @throws Refusal `not-found` where nobody sees such an account.
 */
export async function accountsReport(
  workspace: ScopedWorkspace,
  { account: asked }: { readonly account?: string | undefined } = {},
): Promise<Report> {
  const { rows: scope } = workspace.scope
  const { places, placed } = await treeOf(workspace)
  const seen = scope === null ? placed : inTreeOrder(places.filter(({ account }) => scope.accounts.includes(account)))
  const counts = new Map<string, number>()
  for (const { account } of (await loadSubAccounts(workspace)).values())
    counts.set(account, (counts.get(account) ?? 0) + 1)
  const shown = asked === undefined ? seen : around(seen, asked)
  const rows = shown.map(({ place, level }): ReportRow => {
    const { account, name, parent, usageInvoicer, currency, timeZone, cycleDay, of } = place
    const isSeen = scope === null || scope.accounts.includes(parent)
    const first = [account, name, isSeen ? parent : '', String(level), usageInvoicer, currency, timeZone]
    return [...first, cycleDay === null ? '' : String(cycleDay), String(counts.get(account) ?? 0), of]
  })
  return { name: 'accounts', title: 'Accounts', columns: COLUMNS, rows: oneBatch(rows) }
}

type Tree = { readonly places: ReadonlyArray<Place>; readonly placed: ReadonlyArray<Placed> }

const treeBy = new KeptLast<Tree>()

/** Of all accounts: the same for as long as none of them changes. */
async function treeOf(workspace: ScopedWorkspace): Promise<Tree> {
  const state = await stateOfAccounts(workspace)
  return treeBy.get(workspace.catalog, { name: workspace.tenant, state }, async () => {
    const places = [...(await placesOf(workspace)).values()]
    return { places, placed: inTreeOrder(places) }
  })
}

async function placesOf(workspace: ScopedWorkspace): Promise<Map<string, Place>> {
  const places = new Map<string, Place>()
  for (const fact of await readAccounts(wholeWorkspaceOf(workspace))) {
    const { fact: _, extra: __, ...place } = fact
    places.set(place.account, { ...place, of: 'a file' })
  }
  for (const { body } of await loadConfiguration(workspace, 'Account')) {
    const reading = CATALOGUE_DOCUMENTS.Account.safeParse(body)
    if (!reading.success) continue
    const { id, name = '', parent = '', currency } = reading.data
    const of = 'a document'
    const { 'usage-invoicer': usageInvoicer = '', 'time-zone': timeZone, 'cycle-day': cycleDay } = reading.data
    places.set(id, { account: id, name, parent, usageInvoicer, currency, timeZone, cycleDay, of })
  }
  return places
}

function around(placed: ReadonlyArray<Placed>, asked: string): ReadonlyArray<Placed> {
  const byAccount = new Map(placed.map(({ place }) => [place.account, place]))
  if (!byAccount.has(asked))
    throw new Refusal('not-found', `There is no account "${asked}".`, {
      hint: '`spillway report accounts` lists them.',
      facts: { account: asked },
    })
  const above = new Set<string>()
  for (let at: string | undefined = asked; at !== undefined && !above.has(at); at = byAccount.get(at)?.parent)
    above.add(at)
  return placed.filter(({ place }) => above.has(place.account) || place.parent === asked)
}

type Placed = { readonly place: Place; readonly level: number }

/** Accounts of files may stand beneath each other in a ring; they come last, as if they had no parent. */
function inTreeOrder(places: ReadonlyArray<Place>): ReadonlyArray<Placed> {
  const sorted = [...places].sort((a, b) => (a.account < b.account ? -1 : 1))
  const known = new Set(sorted.map(({ account }) => account))
  const below = new Map<string, Place[]>()
  for (const place of sorted) {
    const above = known.has(place.parent) ? place.parent : ''
    const children = below.get(above)
    if (children) children.push(place)
    else below.set(above, [place])
  }
  const found = new Map<string, Placed>()
  const open = (below.get('') ?? []).map((place): Placed => ({ place, level: 0 })).reverse()
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { place, level } = next
    if (found.has(place.account)) continue
    found.set(place.account, next)
    const children = place.account === '' ? [] : (below.get(place.account) ?? [])
    for (const child of children.toReversed()) open.push({ place: child, level: level + 1 })
  }
  return [
    ...found.values(),
    ...sorted.filter(({ account }) => !found.has(account)).map((place) => ({ place, level: 0 })),
  ]
}
