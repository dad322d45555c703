// A pool_members file against the memberships that are known: added, ended, changed, resumed, retroactive.
import type { PoolMember } from '../facts/fact.ts'
import { problem } from '../problem.ts'
import type { LocalDate } from '../time/local-date.ts'
import { canonicalText } from './canonical-text.ts'
import { type FeedRules, type MergedFeed, type MergedId, mergeFeed } from './merge-feed.ts'
import { boundText, dayOfBound, endOf, firstOverlap, startOf } from './stint.ts'
import { compareStints, correctedRow, retroactiveSince, rowsAround, type StintChangeKind } from './stint-changes.ts'

export type PoolMemberEvent = 'added' | 'ended' | 'resumed' | 'changed' | 'correction'
/** `effectiveOn` null: since the beginning. `old` and `new` are the rows in force around that day; null for none. */
export type PoolMemberChange = {
  readonly pool: string
  readonly service: string
  readonly effectiveOn: LocalDate | null
  readonly old: PoolMember | null
  readonly new: PoolMember | null
} & (
  | { readonly kind: Exclude<PoolMemberEvent, 'ended'> }
  | { readonly kind: 'ended'; readonly because: 'absent' | 'dated' }
  | { readonly kind: 'retroactive'; readonly of: ReadonlyArray<PoolMemberEvent> }
)

const RULES: FeedRules<PoolMember> = {
  kind: 'pool member',
  idOf: (row) => JSON.stringify([row.pool, row.service]),
  stateOf: (row) => JSON.stringify([row.contribution, row.unit]),
  cardOf: (row) => canonicalText(row.extra),
  withRange: (row, { from, to }) => ({ ...row, from, to }),
  withCard: (row) => row,
  from: 'effective',
  problemsOf: (_, rows) => {
    const [first] = rows
    const overlap = firstOverlap(rows)
    if (!overlap || !first) return []
    const range = { from: boundText(startOf(overlap)), to: boundText(endOf(overlap)) }
    return [problem('overlapping-stints', { kind: 'pool member', id: `${first.pool} / ${first.service}`, ...range })]
  },
  takesNewWithProblems: false,
}

const EVENT: Record<StintChangeKind, PoolMemberEvent> = {
  begins: 'added',
  ends: 'ended',
  resumes: 'resumed',
  differs: 'changed',
  redated: 'correction',
}

/** Merges a pool_members file into the known memberships (see {@link mergeFeed}); an id is a pool and a service. */
export function mergePoolMembers({
  known,
  feed,
  asOfOn,
}: {
  known: ReadonlyArray<PoolMember>
  feed: ReadonlyArray<PoolMember>
  asOfOn: LocalDate
}): MergedFeed<PoolMember, PoolMemberChange> {
  const isFirst = known.length === 0
  return mergeFeed({ known, feed, asOfOn, rules: RULES, changesOf: (merged) => changesOf(merged, { asOfOn, isFirst }) })
}

function changesOf(
  { old, next, isAbsent }: MergedId<PoolMember>,
  { asOfOn, isFirst }: { asOfOn: LocalDate; isFirst: boolean },
): PoolMemberChange[] {
  const { changes, firstDifference } = compareStints({ old, next, stateOf: RULES.stateOf })
  const { pool, service } = (old[0] ?? next[0]) as PoolMember
  const around = (on: string) => ({
    pool,
    service,
    effectiveOn: dayOfBound(on),
    old: rowsAround(old, on)[0] ?? null,
    new: rowsAround(next, on)[0] ?? null,
  })
  const found: PoolMemberChange[] = changes.map(({ kind, effective }) => {
    const event = EVENT[kind]
    if (event !== 'ended') return { ...around(effective), kind: event }
    return { ...around(effective), kind: event, because: isAbsent ? 'absent' : 'dated' }
  })
  const corrected = correctedRow({ old, next, ...RULES })
  if (corrected) found.push({ kind: 'correction', pool, service, effectiveOn: null, ...corrected })
  const since = retroactiveSince(firstDifference, asOfOn)
  const isBeginning = old.length === 0 && (isFirst || since === null)
  if (firstDifference === null || since === undefined || isBeginning) return found
  const of = found.map((change) => change.kind).filter((kind) => kind !== 'retroactive')
  return [...found, { ...around(firstDifference), kind: 'retroactive', of }]
}
