// What is done to a share plan as a whole (spec, share plans, "Actions"): list, clone, activate, deactivate. Each is a new
// version of its document, so that what a command does and what a file says are the same thing.
import {
  type CatalogueIssue,
  Refusal,
  type Report,
  type ReportColumn,
  type SharePlanDocument,
  sharePlanDocument,
} from '@spillway/core'
import { oneBatch, textField } from '../queries/amount-cells.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { loadConfiguration, saveConfiguration } from './configuration.ts'
import { requireConfiguration } from './delete-configuration.ts'
import { issuesOfChange, readProviderCatalogue } from './provider-catalogue.ts'

const KIND = 'SharePlan'

const COLUMNS: ReadonlyArray<ReportColumn> = [
  textField('id', 'Plan'),
  textField('name', 'Name'),
  textField('active', 'Active'),
  { ...textField('share_level', 'Level'), isDetail: true },
  textField('buckets', 'Buckets'),
  textField('participating', 'Participating'),
  textField('accounts', 'Accounts'),
  { ...textField('selling_product', 'Sold as'), isDetail: true },
]

/** One row per share plan whose name or id has `filter` in it (whatever the case), ordered by id. */
export async function sharePlansReport(workspace: Workspace, filter = ''): Promise<Report> {
  const { catalogue } = await readProviderCatalogue(workspace)
  const wanted = filter.toLowerCase()
  const rows = [...catalogue.sharePlans.values()]
    .filter(({ plan, name }) => [plan, name].some((text) => text.toLowerCase().includes(wanted)))
    .map((plan) => [
      plan.plan,
      plan.name,
      plan.isActive ? 'yes' : 'no',
      plan.shareLevel,
      plan.buckets.map(({ bucket }) => bucket).join(', '),
      plan.participating.map(({ id }) => id).join(', '),
      accountsOf(catalogue.accountSharePlans, plan.plan).join(', '),
      plan.sellingProduct,
    ])
  return { name: 'share-plans', title: 'Share plans', columns: COLUMNS, rows: oneBatch(rows) }
}

function accountsOf(added: ReadonlyArray<{ readonly account: string; readonly plan: string }>, plan: string): string[] {
  return [...new Set(added.filter((one) => one.plan === plan).map(({ account }) => account))].sort()
}

export type CloneOptions = {
  readonly plan: string
  /** The id of the clone. */
  readonly as: string
  readonly name: string
  /** Who participates in the clone, by whom it takes the place of: nobody participates in two plans. */
  readonly participants: ReadonlyMap<string, string>
}

export type ClonedPlan = {
  readonly plan: string
  readonly version: number
  /** Those of the original who do not participate in the clone. */
  readonly leftOut: ReadonlyArray<string>
}

/**
 * Saves a copy under another id and name. It is not active, and its buckets are named after it. Nobody participates in two
 * plans, so that it has only the participants who take the place of another.
 *
 * @throws Refusal `not-found`, `bad-configuration`.
 */
export async function cloneSharePlan(workspace: Workspace, options: CloneOptions): Promise<ClonedPlan> {
  const { plan, as, name, participants } = options
  const original = await requireSharePlan(workspace, plan)
  const taken = await loadConfiguration(workspace, KIND)
  if (taken.some((one) => one.name === as))
    throw new Refusal('bad-configuration', `There is a share plan ${as} already.`, { hint: 'Choose another id.' })
  const own = original.participating.map((one) => ('product' in one ? one.product : one['service-type']))
  for (const id of participants.keys())
    if (!own.includes(id))
      throw new Refusal('bad-configuration', `${id} does not participate in ${plan}.`, {
        hint: `Those who do are ${own.join(', ')}.`,
      })
  const body = cloneOf(original, options)
  const version = await saveChecked(workspace, { id: as, body: { ...body, name } })
  return { plan: as, version, leftOut: own.filter((id) => !participants.has(id)) }
}

/** @throws Refusal `not-found`, `bad-configuration` where the plan cannot become active. */
export async function setSharePlanActive(
  workspace: Workspace,
  { plan, isActive }: { readonly plan: string; readonly isActive: boolean },
): Promise<number> {
  const { body } = await requireConfiguration(workspace, { kind: KIND, name: plan })
  return saveChecked(workspace, { id: plan, body: { ...(body as object), active: isActive } })
}

async function requireSharePlan(workspace: Workspace, plan: string): Promise<SharePlanDocument> {
  const { body } = await requireConfiguration(workspace, { kind: KIND, name: plan })
  return sharePlanDocument.parse(body)
}

async function saveChecked(
  workspace: Workspace,
  { id, body }: { readonly id: string; readonly body: object },
): Promise<number> {
  const document = { kind: KIND, name: id, body }
  const issues = await issuesOfChange(workspace, { changed: [document] })
  if (issues.length > 0) throw refuseIssues(issues)
  const { version } = await saveConfiguration(workspace, document)
  return version
}

function refuseIssues(issues: ReadonlyArray<CatalogueIssue>): Refusal {
  const lines = issues.map(({ kind, name, message }) => `${kind} ${name}: ${message}`)
  return new Refusal('bad-configuration', `Nothing was changed. ${lines.join('\n')}`, {
    hint: 'Mend what is listed, in its document, and apply it first.',
    facts: { issues },
  })
}

function cloneOf(original: SharePlanDocument, { plan, as, participants }: CloneOptions): SharePlanDocument {
  const renamed = <T>(values: Readonly<Record<string, T>> | undefined) =>
    values === undefined
      ? {}
      : Object.fromEntries(
          Object.entries(values).flatMap(([id, value]) => {
            const other = participants.get(id)
            return other === undefined ? [] : [[other, value]]
          }),
        )
  return {
    ...original,
    id: as,
    active: false,
    participating: original.participating.flatMap((one) => {
      const other = participants.get('product' in one ? one.product : one['service-type'])
      if (other === undefined) return []
      return ['product' in one ? { product: other } : { 'service-type': other }]
    }),
    buckets: original.buckets.map((bucket) => ({
      ...bucket,
      id: bucket.id.startsWith(plan) ? `${as}${bucket.id.slice(plan.length)}` : `${as}-${bucket.id}`,
      ...(bucket.contributions === undefined ? {} : { contributions: renamed(bucket.contributions) }),
      ...(bucket.limits === undefined ? {} : { limits: renamed(bucket.limits) }),
      ...(bucket.tiers === undefined
        ? {}
        : {
            tiers: bucket.tiers.map((tier) =>
              tier.rates === undefined ? tier : { ...tier, rates: renamed(tier.rates) },
            ),
          }),
    })),
  }
}
