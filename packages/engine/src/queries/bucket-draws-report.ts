// `report buckets --bucket`: who drew what from one bucket in a period, when it ran out, and whose event took the last unit.
// Draws the groups that the bucket is in again, from what the run pinned: nothing of one event is stored.
import { type BucketDraws, DrawHistory, type IndexedCatalogue, type Period, Refusal, type Report } from '@spillway/core'
import { inputsOf } from '../catalog/run-record.ts'
import type { RunTable } from '../catalog/tables.ts'
import { holderName, instantText } from '../stages/rate/history-rows.ts'
import { makeTable } from '../stages/rate/make-table.ts'
import type { RatingGroup } from '../stages/rate/rating-groups.ts'
import { type PlacedEvent, placedEvents, type Replay, readGroups, withReplay } from '../stages/rate/replay.ts'
import type { AskedAbout } from '../stages/rate/sold-near.ts'
import type { Row } from '../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { wholeWorkspaceOf } from '../workspace/scopes.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { oneBatch, type ReportField, textField, toReportRows } from './amount-cells.ts'
import { bucketUsageTypes, usageCells } from './bucket-usage-types.ts'
import { currentRun } from './current-run.ts'
import { pinnedScope } from './pinned-scope.ts'

const detail = (field: ReportField): ReportField => ({ ...field, isDetail: true })

const FIELDS: ReadonlyArray<ReportField> = [
  detail(textField('account', 'Account')),
  detail(textField('on', 'On')),
  detail(textField('holder', 'Holder')),
  detail(textField('bucket', 'Bucket')),
  detail(textField('usage_type', 'Usage type')),
  detail(textField('unit', 'Unit')),
  textField('start_at', 'From'),
  detail(textField('until_at', 'Until')),
  { key: 'tier', title: 'Tier', kind: 'quantity' },
  detail({ key: 'capacity', title: 'Capacity', kind: 'usage', isNullable: true }),
  detail(textField('service_account', 'Of account')),
  textField('service', 'Service'),
  { key: 'drawn', title: 'Drawn', kind: 'usage' },
  { key: 'events', title: 'Events', kind: 'quantity' },
  detail(textField('first_at', 'First')),
  detail(textField('last_at', 'Last')),
  textField('ran_out_at', 'Ran out'),
  detail(textField('last_unit_source', 'Source')),
  textField('last_unit_event', 'Took the last unit'),
]

export type BucketDrawsOptions = {
  readonly period: Period
  readonly bucket: string
  /** Only where this account holds it. */
  readonly account?: string | undefined
}

/**
 * One row per period and tier of the bucket and service that drew from it; quantities are base units. What earlier runs drew
 * of a period that was under way has a row without a service.
 *
 * @throws Refusal `period-not-closed`, `not-found` for a bucket that the run does not know.
 */
export async function bucketDrawsReport(
  scoped: ScopedWorkspace,
  { period, bucket, account }: BucketDrawsOptions,
): Promise<Report> {
  const run = await currentRun(scoped, period)
  const types = await bucketUsageTypes(scoped, run)
  const usageType = types.get(bucket)
  if (usageType === undefined) throw unknownBucket({ bucket, known: [...types.keys()], period })
  const workspace = wholeWorkspaceOf(scoped)
  const isVisible = (id: string) => scoped.scope.rows === null || scoped.scope.rows.accounts.includes(id)
  const isAsked = (id: string) => isVisible(id) && (account === undefined || id === account)
  const drawn = await readDraws(workspace, { run, bucket, account, isAsked })
  const rows = drawn.map((row) => ({ ...row, ...usageCells(usageType) }))
  return {
    name: 'buckets',
    title: `Who drew from ${bucket} in ${period.name}`,
    columns: FIELDS,
    rows: toReportRows(oneBatch(rows), FIELDS),
  }
}

type Reading = {
  readonly run: RunTable
  readonly bucket: string
  readonly account: string | undefined
  /** By the account that holds it. */
  readonly isAsked: (account: string) => boolean
}

async function readDraws(workspace: Workspace, { run, bucket, account, isAsked }: Reading): Promise<Row[]> {
  if (inputsOf(run).rating === undefined) return []
  const scope = await pinnedScope(workspace, { run, scratch: '' })
  const isWanted = (group: RatingGroup, index: IndexedCatalogue) => holdsBucket(index, { group, bucket })
  const near = (index: IndexedCatalogue) => (account === undefined ? holdersOf(index, bucket) : { accounts: [account] })
  const of = { opening: { run: run.id }, kinds: 'draws', columns: 'events' } as const
  return withReplay(scope, { ...of, near, isWanted }, async (replay) => {
    const begin = (group: RatingGroup) => new DrawHistory(replay.inputOf(group), (one) => one === bucket)
    const found: DrawsOf[] = []
    for await (const { group, result } of readGroups(replay, { groups: replay.groups, begin }))
      found.push({
        group,
        draws: result.filter(
          ({ history: { holder, untilMicros } }) => untilMicros > group.fromMicros && isAsked(holder.account),
        ),
      })
    const eventsOf = await namedEvents(replay, found)
    return found.flatMap(({ group, draws }) =>
      draws.flatMap((one) => [...drawRows(one, eventsOf.get(group.number) ?? new Map())]),
    )
  })
}

/** Whether anyone of a group can draw from it. */
export function holdsBucket(
  index: IndexedCatalogue,
  { group, bucket: id }: { readonly group: RatingGroup; readonly bucket: string },
): boolean {
  const { buckets, products, sharePlans } = index.catalogue
  const known = buckets.get(id)
  const plans = [...sharePlans.values()].filter((plan) => plan.buckets.some(({ bucket }) => bucket === id))
  return (
    group.accounts.some(({ account }) => known?.on?.account === account) ||
    group.accounts.some(({ account }) => plans.some(({ plan }) => index.addedPlans(account, plan).length > 0)) ||
    group.services.some(({ product }) => products.get(product)?.buckets.includes(id) === true)
  )
}

/** Of every group that {@link holdsBucket}, an account. */
export function holdersOf({ catalogue }: IndexedCatalogue, id: string): AskedAbout {
  const { buckets, products, sharePlans, accountSharePlans } = catalogue
  const on = buckets.get(id)?.on?.account
  const plans = [...sharePlans.values()].filter((one) => one.buckets.some(({ bucket }) => bucket === id))
  const ids = new Set(plans.map(({ plan }) => plan))
  const sold = plans.flatMap(({ sellingProduct }) => (sellingProduct === '' ? [] : [sellingProduct]))
  const owning = [...products.values()].filter((product) => product.buckets.includes(id))
  return {
    accounts: [
      ...(on === undefined ? [] : [on]),
      ...accountSharePlans.flatMap(({ account, plan }) => (ids.has(plan) ? [account] : [])),
    ],
    products: [...sold, ...owning.map(({ product }) => product)],
  }
}

type DrawsOf = { readonly group: RatingGroup; readonly draws: ReadonlyArray<BucketDraws> }

type Events = ReadonlyMap<number, PlacedEvent>

/** Those that are named in a row, by number of their group and position in its order of drawing: of all groups at once. */
async function namedEvents(replay: Replay, found: ReadonlyArray<DrawsOf>): Promise<ReadonlyMap<number, Events>> {
  const { scope } = replay
  const columns = await makeTable(scope, 'named_event', { group_no: 'INTEGER', position: 'INTEGER' })
  const writer = await scope.warehouse.writer('named_event', columns, scope.scratch)
  for (const { group, draws } of found)
    for (const position of positionsOf(draws)) writer.append([group.number, position])
  writer.close()
  const events = new Map<number, Map<number, PlacedEvent>>()
  for (const event of await placedEvents(replay, {
    groups: found.flatMap(({ group, draws }) => (draws.length > 0 ? [group] : [])),
    where: `(group_no, position) IN (SELECT (group_no, position) FROM ${scope.scratch}.named_event)`,
  })) {
    const ofGroup = events.get(event.groupNo) ?? new Map<number, PlacedEvent>()
    events.set(event.groupNo, ofGroup.set(event.position, event))
  }
  return events
}

function positionsOf(draws: ReadonlyArray<BucketDraws>): ReadonlySet<number> {
  const wanted = new Set<number>()
  for (const { draws: list, lastEvents } of draws) {
    for (const { firstEvent, lastEvent } of list) wanted.add(firstEvent).add(lastEvent)
    for (const event of lastEvents) if (event !== null) wanted.add(event)
  }
  return wanted
}

function* drawRows({ history, beforeBase, draws, lastEvents }: BucketDraws, events: ReadonlyMap<number, PlacedEvent>) {
  const { holder, bucket, startMicros, untilMicros, tiers } = history
  const name = holderName(holder)
  const place = {
    account: holder.account,
    on: holder.on,
    holder: name === '' ? holder.account : name,
    bucket,
    start_at: instantText(startMicros),
    until_at: instantText(untilMicros),
  }
  const at = (event: number) => instantText(events.get(event)?.startMicros ?? Number.NaN)
  const tierCells = (tier: number) => ({
    tier,
    capacity: String(tiers[tier - 1]?.sizeBase ?? ''),
    ran_out_at: instantText(tiers[tier - 1]?.ranOutAt ?? Number.NaN),
  })
  if (beforeBase > 0n) {
    const nobody = { service_account: '', service: '', events: '', first_at: '', last_at: '' }
    yield { ...place, ...tierCells(1), ...nobody, drawn: beforeBase, last_unit_source: '', last_unit_event: '' }
  }
  for (const { account, service, tier, quantityBase, eventCount, firstEvent, lastEvent } of draws) {
    const last = lastEvents[tier - 1] === lastEvent ? events.get(lastEvent) : undefined
    yield {
      ...place,
      ...tierCells(tier),
      service_account: account,
      service,
      drawn: quantityBase,
      events: eventCount,
      first_at: at(firstEvent),
      last_at: at(lastEvent),
      last_unit_source: last?.source ?? '',
      last_unit_event: last?.id ?? '',
    }
  }
}

type Unknown = { readonly bucket: string; readonly known: ReadonlyArray<string>; readonly period: Period }

export function unknownBucket({ bucket, known, period }: Unknown): Refusal {
  const near = known.filter((id) => id.toLowerCase().includes(bucket.toLowerCase())).sort()
  return new Refusal('not-found', `${period.name} has no bucket "${bucket}".`, {
    hint:
      near.length > 0
        ? `Did you mean ${near.slice(0, 3).join(' or ')}?`
        : `\`spillway report buckets --period ${period.name}\` lists the buckets.`,
    facts: { bucket, period: period.name, nearest: near.slice(0, 3) },
  })
}
