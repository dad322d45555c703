// A services file against the assignments that are known: new, ended, reassigned, split changed, retroactive.
// A row is an assignment from its own `from` on; rows of one range are a split. Changes nothing itself.
import type { Service } from '../facts/fact.ts'
import { problem } from '../problem.ts'
import type { LocalDate } from '../time/local-date.ts'
import { canonicalText } from './canonical-text.ts'
import { type FeedRules, type MergedFeed, type MergedId, mergeFeed } from './merge-feed.ts'
import { shareDaysOf, sharePpmOf, shareProblems } from './share-days.ts'
import { boundText, dayOfBound, endOf, firstOverlap, startOf } from './stint.ts'
import { compareStints, correctedRow, retroactiveSince, rowsAround, type StintChangeKind } from './stint-changes.ts'

/** `effectiveOn` null: since the beginning. `old` and `new` are the rows in force around that day: several in a split. */
type ServiceChangeOf<Kind extends string> = {
  readonly kind: Kind
  readonly service: string
  readonly effectiveOn: LocalDate | null
  readonly old: ReadonlyArray<Service>
  readonly new: ReadonlyArray<Service>
}
export type ServiceEvent =
  | 'new'
  | 'ended'
  | 'resumed'
  /** Another person, cost centre or project. */
  | 'reassigned'
  /** The same persons, cost centres and projects with other shares. */
  | 'split-changed'
  /** The same assignment of another product, service type, vendor or account. */
  | 'product-changed'
  /** Another first or last day, device type or unread column. */
  | 'correction'
/** Discriminated on `kind`; one service may have several. */
export type ServiceChange =
  | ServiceChangeOf<Exclude<ServiceEvent, 'ended'>>
  | (ServiceChangeOf<'ended'> & { readonly because: 'absent' | 'dated' })
  /** Stands beside the changes it is about: days from `effectiveOn` on, before today, are no longer what they were. */
  | (ServiceChangeOf<'retroactive'> & { readonly of: ReadonlyArray<ServiceEvent> })

export type ServicesMerge = MergedFeed<Service, ServiceChange>

/**
 * Merges a services file into the known assignments (see {@link mergeFeed}). A service whose shares do not sum to 100 %
 * or whose whole rows overlap keeps what was known of it; where nothing was, it is taken as given, so that the inventory
 * knows it, and its money of those days is unassigned.
 */
export function mergeServices({
  known,
  feed,
  asOfOn,
}: {
  known: ReadonlyArray<Service>
  feed: ReadonlyArray<Service>
  asOfOn: LocalDate
}): ServicesMerge {
  const isFirst = known.length === 0
  return mergeFeed({ known, feed, asOfOn, rules: RULES, changesOf: (merged) => changesOf(merged, { asOfOn, isFirst }) })
}

const ownerOf = (row: Service) => JSON.stringify([row.person, row.costCentre, row.project])
const productOf = (row: Service) => JSON.stringify([row.vendor, row.account, row.product, row.serviceType])

const RULES: FeedRules<Service> = {
  kind: 'service',
  idOf: (row) => row.service,
  stateOf: (row) => JSON.stringify([ownerOf(row), sharePpmOf(row), productOf(row)]),
  cardOf: (row) => canonicalText([row.deviceType, row.extra]),
  withRange: (row, { from, to }) => ({ ...row, from, to }),
  withCard: (row) => row,
  from: 'effective',
  problemsOf: (service, rows) => {
    const overlap = firstOverlap(rows.filter((row) => row.sharePpm === null))
    if (!overlap) return shareProblems(service, shareDaysOf(rows))
    const range = { from: boundText(startOf(overlap)), to: boundText(endOf(overlap)) }
    return [problem('overlapping-stints', { kind: 'service', id: service, ...range })]
  },
  takesNewWithProblems: true,
}

function changesOf(
  { id, old, next, isAbsent }: MergedId<Service>,
  { asOfOn, isFirst }: { asOfOn: LocalDate; isFirst: boolean },
): ServiceChange[] {
  const { changes, firstDifference } = compareStints({ old, next, stateOf: RULES.stateOf })
  const found: ServiceChange[] = []
  for (const { kind, effective } of changes) {
    const pair = { old: rowsAround(old, effective), new: rowsAround(next, effective) }
    const around = { service: id, effectiveOn: dayOfBound(effective), ...pair }
    if (kind === 'ends') found.push({ ...around, kind: 'ended', because: isAbsent ? 'absent' : 'dated' })
    else found.push({ ...around, kind: kind === 'differs' ? differenceOf(pair) : EVENT[kind] })
  }
  const corrected = correctedRow({ old, next, ...RULES })
  if (corrected && !changes.some((change) => change.kind === 'redated'))
    found.push({ kind: 'correction', service: id, effectiveOn: null, old: [corrected.old], new: [corrected.new] })
  const since = retroactiveSince(firstDifference, asOfOn)
  const isBeginning = old.length === 0 && (isFirst || since === null)
  if (firstDifference === null || since === undefined || isBeginning) return found
  const pair = { old: rowsAround(old, firstDifference), new: rowsAround(next, firstDifference) }
  const of = found.map((change) => change.kind).filter((kind) => kind !== 'retroactive')
  return [...found, { kind: 'retroactive', service: id, effectiveOn: since, ...pair, of }]
}

const EVENT: Record<Exclude<StintChangeKind, 'differs' | 'ends'>, 'new' | 'resumed' | 'correction'> = {
  begins: 'new',
  resumes: 'resumed',
  redated: 'correction',
}

function differenceOf({
  old,
  new: next,
}: {
  old: ReadonlyArray<Service>
  new: ReadonlyArray<Service>
}): 'reassigned' | 'split-changed' | 'product-changed' {
  const textsOf = (rows: ReadonlyArray<Service>, textOf: (row: Service) => string) =>
    [...new Set(rows.map(textOf))].sort().join('\n')
  if (textsOf(old, ownerOf) !== textsOf(next, ownerOf)) return 'reassigned'
  return textsOf(old, productOf) === textsOf(next, productOf) ? 'split-changed' : 'product-changed'
}
