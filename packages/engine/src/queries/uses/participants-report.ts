// Who can participate in a share plan: every product and service type, with the plan that it is in already. Nobody is in two
// plans, whether they are active or not (spec, share plans, "Share plan").
import type { Report } from '@spillway/core'
import { readProviderCatalogue } from '../../catalog/provider-catalogue.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { oneBatch, textField } from '../amount-cells.ts'

const COLUMNS = [
  textField('by', 'By'),
  textField('id', 'Participant'),
  textField('name', 'Name'),
  { ...textField('service_type', 'Service type'), isDetail: true },
  textField('plan', 'Plan'),
  textField('can_choose', 'Can be chosen'),
  textField('why', 'Why not'),
]

export type ParticipantsAsked = {
  readonly plan: string
  /** These alone; both where it is left out. */
  readonly by?: 'product' | 'service-type' | undefined
  /** In the name or id, whatever the case. */
  readonly text?: string | undefined
}

/**
 * One row per product, then one per service type, ordered by id. For `plan` those that are in it already can be chosen; ''
 * for a plan that is still to be made.
 */
export async function participantsReport(workspace: Workspace, asked: ParticipantsAsked): Promise<Report> {
  const { plan, by, text = '' } = asked
  const { catalogue } = await readProviderCatalogue(workspace)
  const holders = new Map(
    [...catalogue.sharePlans.values()].flatMap((one) =>
      one.participating.map(({ by, id }) => [`${by}/${id}`, one] as const),
    ),
  )
  const rowOf = (by: 'product' | 'service-type', { id, name, serviceType }: Candidate) => {
    const holder = holders.get(`${by}/${id}`)
    const isElsewhere = holder !== undefined && holder.plan !== plan
    const why = isElsewhere ? `participates in the share plan ${holder.plan} (${holder.name}) already` : ''
    return [by, id, name, serviceType, holder?.plan ?? '', isElsewhere ? 'no' : 'yes', why]
  }
  const products = [...catalogue.products.values()].map((one) => ({
    ...{ id: one.product, name: one.name, serviceType: one.serviceType },
  }))
  // A type needs no document of its own: products say it.
  const types = new Map([
    ...products.map(({ serviceType }) => [serviceType, ''] as const),
    ...[...catalogue.serviceTypes.values()].map(({ serviceType, name }) => [serviceType, name] as const),
  ])
  const wanted = text.toLowerCase()
  const found = (all: ReadonlyArray<Candidate>) =>
    inOrder(all.filter(({ id, name }) => [id, name].some((one) => one.toLowerCase().includes(wanted))))
  const ofTypes = [...types].map(([id, name]) => ({ id, name, serviceType: id }))
  return {
    name: 'participants',
    title: plan === '' ? 'Who can participate in a share plan' : `Who can participate in ${plan}`,
    columns: COLUMNS,
    rows: oneBatch([
      ...(by === 'service-type' ? [] : found(products).map((one) => rowOf('product', one))),
      ...(by === 'product' ? [] : found(ofTypes).map((one) => rowOf('service-type', one))),
    ]),
  }
}

type Candidate = { readonly id: string; readonly name: string; readonly serviceType: string }

function inOrder(candidates: ReadonlyArray<Candidate>): Candidate[] {
  return [...candidates].sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)))
}
