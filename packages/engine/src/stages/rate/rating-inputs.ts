// Which other runs the rating of a month stands on: the run before, whose buckets it takes over, and published runs that
// usage came late for. Chosen once, when a month is closed, and pinned with the run.

import { invariant, type Period, parsePeriod, ZoneClock } from '@spillway/core'
import { type ConfigurationDocument, loadConfigurationVersions } from '../../catalog/configuration.ts'
import { pinnedConfiguration } from '../../catalog/pinned-configuration.ts'
import { readBriefRun, readRun } from '../../catalog/read-runs.ts'
import { documentsReadBy, inputsOf, type RatingPins } from '../../catalog/run-record.ts'
import type { RunTable } from '../../catalog/tables.ts'
import { liveDocumentsCte } from '../../warehouse/live-documents.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { areBalancesLines, readState, type StateOfRun } from './rating-state.ts'

type Held = Pick<Workspace, 'catalog' | 'warehouse' | 'tenant' | 'actor'>

/** A published run whose period is rated again with the usage that is known now. */
export type CorrectedRun = {
  readonly run: string
  readonly period: Period
  /** As pinned when it was published: read when somebody asks, because most who ask what a run drew do not. */
  readonly readConfiguration: () => Promise<ReadonlyArray<ConfigurationDocument>>
  readonly documents: ReadonlyArray<number>
  /** The run that it took its buckets over from. */
  readonly before: string | null
}

/** A month that the rating of another stands on, as it was closed. */
export type RatedMonthOfRun = {
  readonly run: string
  readonly period: Period
  readonly documents: ReadonlyArray<number>
  /** Ids of what was sold. */
  readonly products: ReadonlyArray<string>
}

export type RatingInputs = {
  readonly before: string | null
  readonly opening: StateOfRun | null
  readonly corrected: ReadonlyArray<CorrectedRun>
  /** The months behind it, the newest first. */
  readonly chain: ReadonlyArray<RatedMonthOfRun>
  /** Whether the lines of its bills are charges of the period, as those of vendors' bills are. */
  readonly areBillsCharges: boolean
  /** 1, and more where bills of the period were issued before and taken back: no number is used twice. */
  readonly issue: number
  /** The run itself, where it is computed again; null where it is made now. */
  readonly stored: string | null
  /** Whether each balance is stored as a text of its own: in runs that earlier versions stored. */
  readonly areBalancesLines: boolean
}

type MonthOf = {
  /** `2026-10`. */
  readonly period: string
  readonly documents: ReadonlyArray<number>
}

type ConfiguredMonth = MonthOf & { readonly configuration: ReadonlyArray<Pick<ConfigurationDocument, 'kind'>> }

/** Nothing where nothing is sold: without a product there is nothing to rate. */
export async function pinRating(
  held: Held,
  { configuration, ...month }: ConfiguredMonth,
): Promise<{ readonly rating?: RatingPins }> {
  if (!configuration.some(({ kind }) => kind === 'Product')) return {}
  return { rating: await findRatingPins(held, month) }
}

/** For a close: the newest month before, and every published run from the first for which usage came late. */
async function findRatingPins(held: Held, { period, documents }: MonthOf): Promise<RatingPins> {
  const earlier = (await runsOf(held)).filter((run) => run.period < period)
  const before = earlier.at(-1)?.id ?? null
  const published = earlier.filter(({ state }) => state === 'published')
  const issue = await countIssues(held, period)
  const issued = issue === 1 ? {} : { issue }
  for (const [at, run] of published.entries())
    if (await hasLateUsage(held, run, documents))
      return { before, corrected: published.slice(at).map(({ id }) => id), areBillsCharges: true, ...issued }
  return { before, corrected: [], areBillsCharges: true, ...issued }
}

/** One more than the times that bills of the period were taken back: with its month, or each alone. */
async function countIssues({ catalog, tenant }: Held, period: string): Promise<number> {
  const runs = await catalog
    .selectFrom('run')
    .select('id')
    .where('tenant', '=', tenant)
    .where('period', '=', period)
    .where('state', '=', 'reopened')
    .execute()
  if (runs.length === 0) return 1
  const again = await catalog
    .selectFrom('bill_issue')
    .select('number')
    .where('tenant', '=', tenant)
    .where('replaces', '<>', '')
    .where(
      'run',
      'in',
      runs.map(({ id }) => id),
    )
    .execute()
  return 1 + runs.length + again.length
}

/** The run that speaks for each month, in order of months. */
async function runsOf({ catalog, tenant }: Held): Promise<RunTable[]> {
  const runs = await catalog
    .selectFrom('run')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('state', 'in', ['published', 'closed'])
    .orderBy('period')
    .orderBy('closed_at')
    .execute()
  return [...new Map(runs.map((run) => [run.period, run])).values()].filter((run) => inputsOf(run).rating)
}

/** Whether documents that hold usage of the run's time came or went since. */
async function hasLateUsage(held: Held, run: RunTable, documents: ReadonlyArray<number>): Promise<boolean> {
  const { warehouse, tenant } = held
  const [then, now] = [new Set(documentsReadBy(run)), new Set(documents)]
  const changed = [...then].filter((doc) => !now.has(doc)).concat(documents.filter((doc) => !then.has(doc)))
  const { checkpoints } = await readState(warehouse, { tenant, run: run.id, place: 'closing' }, { kinds: 'draws' })
  if (changed.length === 0 || checkpoints.size === 0) return false
  const untilMicros = Math.max(...[...checkpoints.values()].map((one) => one.untilMicros))
  const wallMicros = await latestWallTime(held, run, untilMicros)
  const found = await warehouse.rows(
    `WITH ${liveDocumentsCte(changed)} SELECT 1 FROM usage WHERE tenant = $tenant AND doc IN (FROM live_document)
       AND epoch_us(started_at) < CASE WHEN is_wall_time THEN ${wallMicros} ELSE ${untilMicros} END LIMIT 1`,
    { tenant },
  )
  return found.length > 0
}

/**
 * What the furthest of the clocks of the run's accounts shows at an instant. A clock that is further than any of theirs would
 * take the first calls of the next month for late ones, and have every published month rated again.
 */
async function latestWallTime(held: Held, run: RunTable, instantMicros: number): Promise<number> {
  const written = await loadConfigurationVersions(
    held,
    inputsOf(run).configuration.filter(({ kind }) => kind === 'Account'),
  )
  const listed = await held.warehouse.rows<{ time_zone: string }>(
    'SELECT DISTINCT time_zone FROM account WHERE tenant = $tenant',
    { tenant: held.tenant },
  )
  const zones = [
    ...written.map((document) => (document?.body as { readonly 'time-zone'?: string } | undefined)?.['time-zone']),
    ...listed.map(({ time_zone }) => time_zone),
  ]
  const clocks = [...new Set(zones.map((zone) => zone || 'UTC'))].map((zone) => new ZoneClock(zone))
  return Math.max(
    ...(clocks.length === 0 ? [new ZoneClock('UTC')] : clocks).map((one) => one.wallMicros(instantMicros)),
  )
}

/**
 * What was pinned. `stored`: the run itself, where it is computed again; it kept what it took over.
 *
 * @throws Bug where a pinned run is not there.
 */
export async function loadRatingInputs(
  held: Held,
  pins: RatingPins | undefined,
  stored?: string,
): Promise<RatingInputs | undefined> {
  if (pins === undefined) return undefined
  const { tenant } = held
  const corrected: CorrectedRun[] = []
  for (const id of pins.corrected) {
    const run = await readRun(held, id)
    const period = run && parsePeriod(run.period)
    invariant(run && period, 'a run that is corrected is kept', { id })
    const inputs = inputsOf(run)
    const readConfiguration = () => pinnedConfiguration(held, run)
    const documents = inputs.documents.map(({ doc }) => doc)
    corrected.push({ run: id, period, readConfiguration, documents, before: inputs.rating?.before ?? null })
  }
  const { before, areBillsCharges = false, issue = 1 } = pins
  const chain = await followChain(held, before)
  const areLines = stored !== undefined && (await areBalancesLines(held.warehouse, { tenant, run: stored }))
  const common = { before, corrected, chain, areBillsCharges, issue }
  const inputs = { ...common, stored: stored ?? null, areBalancesLines: areLines }
  if (stored !== undefined) return { ...inputs, opening: { tenant, run: stored, place: 'opening' } }
  return { ...inputs, opening: before === null ? null : { tenant, run: before, place: 'closing' } }
}

async function followChain(held: Held, newest: string | null): Promise<RatedMonthOfRun[]> {
  const chain: RatedMonthOfRun[] = []
  for (let id = newest; id !== null; ) {
    const run = await readBriefRun(held, id)
    const period = run && parsePeriod(run.head.period)
    invariant(run && period, 'a run that another stands on is kept', { id })
    const { documents, products, rating } = run
    chain.push({ run: id, period, documents, products })
    id = rating?.before ?? null
  }
  return chain
}
