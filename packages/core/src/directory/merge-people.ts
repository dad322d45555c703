// An HR feed against the people that are known: joiners, leavers, moves, rehires, corrections, retroactive changes.
// Matches people by employee number and never by name. Changes nothing itself: it says what there would be.
import type { Person } from '../facts/fact.ts'
import { problem } from '../problem.ts'
import type { LocalDate } from '../time/local-date.ts'
import { canonicalText } from './canonical-text.ts'
import { type FeedRules, type MergedFeed, type MergedId, mergeFeed } from './merge-feed.ts'
import { boundText, dayOfBound, endOf, firstOverlap, startOf } from './stint.ts'
import { compareStints, correctedRow, retroactiveSince, rowsAround, type StintChangeKind } from './stint-changes.ts'

/** `effectiveOn` null: since the beginning. `old` and `new` are the rows in force around that day; null for none. */
type PersonChangeOf<Kind extends string> = {
  readonly kind: Kind
  readonly employee: string
  readonly effectiveOn: LocalDate | null
  readonly old: Person | null
  readonly new: Person | null
}
export type PersonEvent = 'joiner' | 'leaver' | 'move' | 'rehire' | 'correction'
/** Discriminated on `kind`; one person may have several. */
export type PersonChange =
  | PersonChangeOf<'joiner'>
  /** `absent`: not in the feed, ended as of today. `dated`: the feed gives or changes the end. */
  | (PersonChangeOf<'leaver'> & { readonly because: 'absent' | 'dated' })
  | (PersonChangeOf<'move'> & { readonly fields: ReadonlyArray<'costCentre' | 'manager'> })
  | PersonChangeOf<'rehire'>
  | (PersonChangeOf<'correction'> & { readonly fields: ReadonlyArray<keyof Person> })
  /** Stands beside the changes it is about: days from `effectiveOn` on, before today, are no longer what they were. */
  | (PersonChangeOf<'retroactive'> & { readonly of: ReadonlyArray<PersonEvent> })

export type PeopleMerge = MergedFeed<Person, PersonChange>

/**
 * Merges an HR feed into the known people (see {@link mergeFeed}): several rows of one employee are a history and taken
 * as they are; a lone row with `from` holds from then on, without it as of `asOfOn`. `from` as the day of hire (the
 * beginning of a known unbroken employment) is no day of a move: with `startMeans: 'hired'`, the default, another cost
 * centre or manager on such a row holds as of `asOfOn`; with `'effective'`, since that day, retroactively.
 */
export function mergePeople({
  known,
  feed,
  asOfOn,
  startMeans = 'hired',
}: {
  known: ReadonlyArray<Person>
  feed: ReadonlyArray<Person>
  asOfOn: LocalDate
  startMeans?: 'hired' | 'effective'
}): PeopleMerge {
  const rules: FeedRules<Person> = { ...RULES, from: startMeans === 'hired' ? 'begun' : 'effective' }
  const isFirst = known.length === 0
  return mergeFeed({ known, feed, asOfOn, rules, changesOf: (merged) => changesOf(merged, { asOfOn, isFirst }) })
}

const CARD_FIELDS = ['name', 'email', 'aliases', 'extra'] as const

const RULES: Omit<FeedRules<Person>, 'from'> = {
  kind: 'person',
  idOf: (person) => person.employee,
  stateOf: (person) => JSON.stringify([person.costCentre, person.manager]),
  cardOf: (person) => canonicalText([person.name, person.email, sortedAliases(person), person.extra]),
  withRange: (person, { from, to }) => ({ ...person, from, to }),
  // A person has one name at a time, so that a report over an old period shows the one by which people know them now.
  withCard: (person, { name, email, aliases, extra }) => ({ ...person, name, email, aliases, extra }),
  problemsOf: (employee, rows) => {
    const overlap = firstOverlap(rows)
    if (!overlap) return []
    const range = { from: boundText(startOf(overlap)), to: boundText(endOf(overlap)) }
    return [problem('overlapping-stints', { kind: 'person', id: employee, ...range })]
  },
  takesNewWithProblems: false,
}

function sortedAliases(person: Person): string[] {
  return [...new Set(person.aliases)].sort()
}

const EVENT: Record<StintChangeKind, PersonEvent> = {
  begins: 'joiner',
  ends: 'leaver',
  resumes: 'rehire',
  differs: 'move',
  redated: 'correction',
}

function changesOf(
  { id, old, next, isAbsent }: MergedId<Person>,
  { asOfOn, isFirst }: { asOfOn: LocalDate; isFirst: boolean },
): PersonChange[] {
  const { changes, firstDifference } = compareStints({ old, next, stateOf: RULES.stateOf })
  const found: PersonChange[] = []
  const fields = new Set<keyof Person>()
  for (const { kind, effective } of changes) {
    const event = EVENT[kind]
    const around = { employee: id, effectiveOn: dayOfBound(effective), ...pairAround(old, next, effective) }
    if (event === 'correction') for (const field of redatedFields(around)) fields.add(field)
    else if (event === 'leaver') found.push({ ...around, kind: event, because: isAbsent ? 'absent' : 'dated' })
    else if (event === 'move') found.push({ ...around, kind: event, fields: movedFields(around) })
    else found.push({ ...around, kind: event })
  }
  const corrected = correctedRow({ old, next, ...RULES })
  const oldLast = corrected ? corrected.old : (old.at(-1) ?? null)
  const newLast = corrected ? corrected.new : (next.at(-1) ?? null)
  if (oldLast && newLast) for (const field of cardFields(oldLast, newLast)) fields.add(field)
  const redated = changes.find((change) => change.kind === 'redated')
  const pair = redated ? pairAround(old, next, redated.effective) : { old: oldLast, new: newLast }
  const correctedOn = redated ? dayOfBound(redated.effective) : null
  if (fields.size > 0)
    found.push({ kind: 'correction', employee: id, effectiveOn: correctedOn, ...pair, fields: [...fields].sort() })
  const since = retroactiveSince(firstDifference, asOfOn)
  const isBeginning = old.length === 0 && (isFirst || since === null)
  if (firstDifference === null || since === undefined || isBeginning) return found
  const of = found.map((change) => change.kind).filter((kind) => kind !== 'retroactive')
  const around = pairAround(old, next, firstDifference)
  return [...found, { kind: 'retroactive', employee: id, effectiveOn: since, ...around, of }]
}

type Pair = { readonly old: Person | null; readonly new: Person | null }

function pairAround(old: ReadonlyArray<Person>, next: ReadonlyArray<Person>, on: string): Pair {
  return { old: rowsAround(old, on)[0] ?? null, new: rowsAround(next, on)[0] ?? null }
}

function movedFields(pair: Pair): Array<'costCentre' | 'manager'> {
  return (['costCentre', 'manager'] as const).filter((field) => pair.old?.[field] !== pair.new?.[field])
}

function redatedFields(pair: Pair): Array<'from' | 'to'> {
  const fields = (['from', 'to'] as const).filter((field) => pair.old?.[field] !== pair.new?.[field])
  return fields.length > 0 ? fields : ['from', 'to']
}

function cardFields(old: Person, next: Person): Array<keyof Person> {
  const text = (person: Person, field: (typeof CARD_FIELDS)[number]) =>
    canonicalText(field === 'aliases' ? sortedAliases(person) : person[field])
  return CARD_FIELDS.filter((field) => text(old, field) !== text(next, field))
}
