// Says what became of one usage event: which bucket, tier or rate took each part, by which version of which document, or why
// none did. Draws the event's bucket group again from what the run pinned; decides nothing and changes nothing.
import { formatUsage, instantOfWallTime, invariant } from '@spillway/core'
import { inputsOf } from '../../catalog/run-record.ts'
import type { RunTable } from '../../catalog/tables.ts'
import type { PeriodScope } from '../../stages/allocate/period-scope.ts'
import type { RatingGroup } from '../../stages/rate/rating-groups.ts'
import { type Replay, withReplay } from '../../stages/rate/replay.ts'
import { withCorrected } from '../../stages/rate/replay-corrected.ts'
import { type TracedEvent, type TracedService, traceEvent } from '../../stages/rate/trace-service.ts'
import { pinnedDocuments } from '../../warehouse/live-documents.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { requireWholeTenant, wholeWorkspaceOf } from '../../workspace/scopes.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { currentRuns } from '../current-run.ts'
import { pinnedScope, type ScopeOptions } from '../pinned-scope.ts'
import type { EventExplanation, MovedAmount } from './event-explanation.ts'
import { citeRow } from './explain-scope.ts'
import { conflictsOf, type EventName, type FoundEvent, findEvent, repeatsOf } from './find-event.ts'
import { partText, RuleNames } from './rating-text.ts'

export type ExplainEventOptions = EventName &
  ScopeOptions & {
    /** The folder from which cited files are named, such as the user's own; without it by their names alone. */
    readonly namedFrom?: string | undefined
  }

/** Works where the workspace is open to read only. @throws Refusal `not-found`, `bad-command`, `not-permitted`, `cancelled`. */
export async function explainEvent(scoped: ScopedWorkspace, options: ExplainEventOptions): Promise<EventExplanation> {
  requireWholeTenant(scoped, 'What became of an event')
  const workspace = wholeWorkspaceOf(scoped)
  const event = await findEvent(workspace, options)
  const [document] = await pinnedDocuments(workspace, [event.doc])
  invariant(document, 'a live row belongs to a document', { doc: event.doc })
  const { namedFrom = '' } = options
  const fate = await fateOf(workspace, { event, options })
  return {
    source: event.source,
    id: event.id,
    service: event.service,
    account: fate.traced?.account ?? event.account,
    at: citeRow({ documents: new Map([[document.doc, document]]), namedFrom }, event),
    startedAt: `${event.started_at}${event.is_wall_time ? '' : 'Z'}`,
    quantity: event.quantity,
    unit: event.unit,
    quantityBase: event.quantity_base,
    usageType: event.usage_type,
    ...tracedParts(fate),
    outcome: fate.outcome,
    sentence: fate.sentence,
    run: fate.run?.id ?? '',
    runState: fate.run?.state ?? '',
    period: fate.period,
    moved: fate.moved,
    conflicts: await conflictsOf(workspace, event),
    repeats: await repeatsOf(workspace, document),
  }
}

type Fate = Pick<EventExplanation, 'outcome' | 'sentence' | 'period' | 'moved'> & {
  /** That rated it. */
  readonly run: RunTable | null
  readonly traced: TracedEvent | null
  readonly parts: EventExplanation['parts']
  readonly flats: TracedService['flats']
}

function tracedParts({ traced, parts, flats }: Fate) {
  const sum = (isDrawn: boolean) =>
    parts.reduce((total, part) => ((part.bucket !== '') === isDrawn ? total + part.quantityBase : total), 0n)
  const [drawnBase, ratedBase] = [sum(true), sum(false)]
  invariant(traced === null || drawnBase + ratedBase === traced.billedBase, 'drawn and rated is used', {
    ...{ drawnBase, ratedBase },
  })
  return {
    usageClass: traced?.usageClass ?? '',
    billedBase: traced?.billedBase ?? null,
    ...{ parts, drawnBase, ratedBase },
    flats: flats.map(({ bucket, tier, currency, amountMinor }) => ({ bucket, tier, currency, amountMinor })),
  }
}

type FateOf = { readonly event: FoundEvent; readonly options: ScopeOptions }

/** Nothing of it is rated. */
function unrated(outcome: 'not-yet' | 'not-rated', period: string, sentence: string): Fate {
  return { outcome, sentence, period, moved: [], run: null, traced: null, parts: [], flats: [] }
}

async function fateOf(workspace: Workspace, { event, options }: FateOf): Promise<Fate> {
  const month = event.started_at.slice(0, 7)
  const runs = await ratedRuns(workspace)
  const near = monthsAround(month).flatMap((name) => runs.find(({ period }) => period === name) ?? [])
  let isSold = false
  for (const run of near) {
    const found = await inRun(workspace, { run, event, options })
    isSold ||= found.isSold
    if (!found.isCovered) continue
    const { traced } = found
    if (traced !== null)
      return {
        ...traced,
        outcome: 'rated',
        sentence: `${said(event, traced)}, in ${run.id} (${run.state}).`,
        period: run.period,
        moved: [],
        run,
      }
    if (found.isPinned) return unrated('not-rated', run.period, found.reason)
    return fateOfLate(workspace, { event, options, runs, run })
  }
  if (!near.some(({ period }) => period === month))
    return unrated('not-yet', month, `${month} has not been closed; no bucket has taken anything of it.`)
  if (isSold) {
    const why = `No close covers ${event.started_at} for ${event.service}: the billing period that it is in is not closed.`
    return unrated('not-yet', month, why)
  }
  const why = `${event.service} is not sold by us: no row of services.csv gives it a product of the catalogue.`
  return unrated('not-rated', month, why)
}

/** The month itself, then those whose billing periods or zones may reach into it. */
function monthsAround(month: string): string[] {
  const number = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1
  return [number, number - 1, number + 1].map((one) => {
    return `${String(Math.floor(one / 12)).padStart(4, '0')}-${String((one % 12) + 1).padStart(2, '0')}`
  })
}

/** The run that speaks for each month in which something was sold. */
async function ratedRuns(workspace: Workspace): Promise<RunTable[]> {
  const ids = (await currentRuns(workspace)).map(({ id }) => id)
  if (ids.length === 0) return []
  const runs = await workspace.catalog
    .selectFrom('run')
    .selectAll()
    .where('tenant', '=', workspace.tenant)
    .where('id', 'in', ids)
    .orderBy('period')
    .execute()
  return runs.filter((run) => inputsOf(run).rating !== undefined)
}

type Traced = Pick<Fate, 'parts' | 'flats'> & { readonly traced: TracedEvent; readonly group: RatingGroup }
type Found = {
  /** Whether the service is in a group of the run. */
  readonly isSold: boolean
  /** Whether the run drew the time of the event. */
  readonly isCovered: boolean
  /** Whether it read the event. */
  readonly isPinned: boolean
  readonly traced: Traced | null
  /** Why it was not drawn, where it could have been. */
  readonly reason: string
}

type InRun = FateOf & { readonly run: RunTable }

async function inRun(workspace: Workspace, { run, event, options }: InRun): Promise<Found> {
  const isPinned = inputsOf(run).documents.some(({ doc }) => doc === event.doc)
  const scope = await pinnedScope(workspace, { ...options, run, scratch: '' })
  const of = { opening: { run: run.id }, near: { services: [event.service] }, isWanted: hasService(event) }
  return withReplay(scope, of, async (replay): Promise<Found> => {
    const [group] = replay.groups
    const none = { isPinned, traced: null, reason: '' }
    if (group === undefined) return { ...none, isSold: false, isCovered: false }
    const at = instantOf(event, replay, group)
    if (at < group.fromMicros || at >= group.untilMicros) return { ...none, isSold: true, isCovered: false }
    const traced = isPinned ? await traceIn(replay, { event, scope }) : null
    return { isSold: true, isCovered: true, isPinned, traced, reason: reasonOf(event) }
  })
}

function hasService({ service }: FoundEvent) {
  return (group: RatingGroup): boolean => group.services.some((row) => row.service === service)
}

function instantOf(event: FoundEvent, { index }: Replay, group: RatingGroup): number {
  const written = Number(event.written_micros)
  const row = group.services.find(({ service }) => service === event.service)
  if (!event.is_wall_time || row === undefined) return written
  return instantOfWallTime(written, index.account(row.account).timeZone)
}

async function traceIn(
  replay: Replay,
  { event, scope }: { readonly event: FoundEvent; readonly scope: PeriodScope },
): Promise<Traced | null> {
  const found = await traceEvent(replay, event)
  if (found === null) return null
  const rules = new RuleNames(scope.configuration)
  const { event: traced, group, flats } = found
  const parts = traced.parts.map((part) => partText(part, { index: replay.index, rules, product: traced.product }))
  return { traced, group, flats, parts }
}

function reasonOf({ quantity_base, service, view }: FoundEvent): string {
  if (quantity_base < 0n)
    return 'It is not rated: it is less than nothing, and no bucket can say which units it would give back. Send the event itself again, corrected, under another id.'
  if (quantity_base === 0n) return 'It is not rated: it is nothing, so there is nothing to draw.'
  if (view !== '')
    return `It is not rated: another view of the same usage counts, and this row (${view}) is there to look into.`
  return `It is not rated: ${service} is on no account of ours at that time.`
}

function said({ usage_type }: FoundEvent, { traced, parts }: Traced): string {
  const amount = (isDrawn: boolean) =>
    formatUsage(
      parts.reduce((sum, part) => ((part.bucket !== '') === isDrawn ? sum + part.quantityBase : sum), 0n),
      usage_type,
    )
  const used = formatUsage(traced.billedBase, usage_type)
  const isUnpriced = parts.some(({ cost }) => cost === '')
  const unpriced = isUnpriced ? '; a part of it is without a price' : ''
  return `${amount(true)} drawn + ${amount(false)} rated = ${used} used${unpriced}`
}

type LateIn = InRun & { readonly runs: ReadonlyArray<RunTable> }

/** `run` drew the time of the event and had not read it. */
async function fateOfLate(workspace: Workspace, { event, options, runs, run }: LateIn): Promise<Fate> {
  if (run.state !== 'published')
    return unrated(
      'not-yet',
      run.period,
      `It came after ${run.period} was closed as ${run.id}, and is not in it: \`spillway close ${run.period}\` again.`,
    )
  const later = runs.find((one) => {
    const { documents, rating } = inputsOf(one)
    return rating?.corrected.includes(run.id) === true && documents.some(({ doc }) => doc === event.doc)
  })
  if (later === undefined)
    return unrated(
      'not-yet',
      run.period,
      `It came late: ${run.period} is published as ${run.id} without it. The next close rates ${run.period} again and posts the difference as an adjustment.`,
    )
  const scope = await pinnedScope(workspace, { ...options, run: later, scratch: '' })
  const corrected = { run: run.id, near: { services: [event.service] }, isWanted: hasService(event) }
  return withCorrected(scope, corrected, async (replay): Promise<Fate> => {
    const traced = await traceIn(replay, { event, scope: replay.scope })
    if (traced === null) return unrated('not-rated', run.period, reasonOf(event))
    const moved = await movedBy(workspace, { later, traced })
    const sentence = `It came late: ${run.period} was published as ${run.id} without it. ${later.id} (${later.state}) rated ${run.period} again, with ${said(event, traced)}.`
    return { ...traced, outcome: 'late', sentence, period: run.period, moved, run: later }
  })
}

type MovedIn = { readonly later: RunTable; readonly traced: Traced }

/** The adjustments of the periods on whose bills the event would have been, of all who share its buckets. */
async function movedBy({ warehouse, tenant }: Workspace, { later, traced }: MovedIn): Promise<MovedAmount[]> {
  const bills = new Set(traced.traced.parts.map(({ billedOn }) => billedOn as string))
  const accounts = new Set(traced.group.accounts.map(({ account }) => account))
  // One row per corrected period and service.
  const rows = await warehouse.rows<{
    account: string
    service: string
    billed_to: string
    corrected_on: string
    currency: string
    amount_minor: bigint
  }>(
    `SELECT account, service, billed_to, corrected_on, currency, amount_minor FROM rating_adjustment
     WHERE tenant = $tenant AND run = $run ORDER BY ALL`,
    { tenant, run: later.id },
  )
  return rows
    .filter(({ account, corrected_on }) => accounts.has(account) && bills.has(corrected_on))
    .map(({ account, service, billed_to, corrected_on, currency, amount_minor }) => {
      return { account, service, billedTo: billed_to, correctedOn: corrected_on, currency, amountMinor: amount_minor }
    })
}
