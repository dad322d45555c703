// Takes a directory file that arrives again and again, and is the whole of what its source knows, into the rows that are
// known. What is known of the past stays; absence ends. The same file again changes nothing, on any later day.
// Refuses to take an id whose rows contradict each other, and keeps what was known of that id.
import { compareBytes } from '../money/largest-remainder.ts'
import { type Problem, problem } from '../problem.ts'
import type { LocalDate } from '../time/local-date.ts'
import { canonicalText } from './canonical-text.ts'
import { compareBounds, endedBy, endOf, isInForceOn, runsOf, type Stint, startOf } from './stint.ts'

/** How rows of one kind are told apart and continued. */
export type FeedRules<Row extends Stint> = {
  /** For messages: `person`. */
  readonly kind: string
  readonly idOf: (row: Row) => string
  /** What is in force from a day to a day: rows of equal state that meet are one. */
  readonly stateOf: (row: Row) => string
  /** Everything else: a change of it is a correction and has no day. */
  readonly cardOf: (row: Row) => string
  readonly withRange: (row: Row, range: Stint) => Row
  /** Gives a row of the past the card of the feed's row; the identity where the card belongs to the stint. */
  readonly withCard: (row: Row, feedRow: Row) => Row
  /**
   * What a lone row says whose `from` is the beginning of a known unbroken run (or earlier): `effective`, that all of
   * it holds since then; `begun`, that the id is in force since then and the rest holds as of today (an HR feed that
   * carries the day of hire).
   */
  readonly from: 'effective' | 'begun'
  /** What is wrong among the feed's rows of one id. */
  readonly problemsOf: (id: string, rows: ReadonlyArray<Row>) => ReadonlyArray<Problem>
  /** True where an id with problems is taken as given if nothing is known of it; else it is left out. */
  readonly takesNewWithProblems: boolean
}

/** How many ids in force on a day would no longer be: the measure for a file that was cut short. */
export type MassEnd = { readonly active: number; readonly ending: number }

/** True where more than 5 ids and more than 20 % of the active would end: more likely a partial file than the truth. */
export function isMassEnd({ active, ending }: MassEnd): boolean {
  return ending > 5 && ending * 5 > active
}

export type MergedId<Row> = {
  readonly id: string
  readonly old: ReadonlyArray<Row>
  readonly next: ReadonlyArray<Row>
  readonly isAbsent: boolean
}
export type MergedFeed<Row, Change> = {
  /** All rows in force or past, ordered by id (bytes), from, to. */
  readonly rows: ReadonlyArray<Row>
  readonly changes: ReadonlyArray<Change>
  /** Ids of the feed that are as they were. */
  readonly unchanged: number
  readonly problems: ReadonlyArray<Problem>
  readonly massEnd: MassEnd
}

/**
 * Merges a feed into what is known. Per id of the feed: several ranges are a history and taken as they are; a lone
 * range holds from its `from` on, and without one as of `asOfOn`, while the days before stay as known; an id that is
 * absent ends as of `asOfOn`. Plans of the future that the feed no longer has are dropped.
 */
export function mergeFeed<Row extends Stint, Change>({
  known,
  feed,
  asOfOn,
  rules,
  changesOf,
}: {
  known: ReadonlyArray<Row>
  feed: ReadonlyArray<Row>
  asOfOn: LocalDate
  rules: FeedRules<Row>
  changesOf: (merged: MergedId<Row>) => ReadonlyArray<Change>
}): MergedFeed<Row, Change> {
  const [oldById, feedById] = [groupById(known, rules), groupById(feed, rules)]
  const ids = [...new Set([...oldById.keys(), ...feedById.keys()])].sort(compareBytes)
  const rows: Row[] = []
  const changes: Change[] = []
  const problems: Problem[] = []
  const massEnd = { active: 0, ending: 0 }
  let unchanged = 0
  for (const id of ids) {
    const old = oldById.get(id) ?? []
    const given = feedById.get(id)
    const found = given ? [...rangeProblems(given), ...rules.problemsOf(id, given)] : []
    problems.push(...found)
    const isRefused = found.length > 0 && !(rules.takesNewWithProblems && old.length === 0)
    const next = isRefused ? old : ordered(mergeId({ old, given, asOfOn, rules }), rules)
    rows.push(...next)
    const wasActive = old.some((row) => isInForceOn(row, asOfOn))
    if (wasActive) massEnd.active += 1
    if (wasActive && !next.some((row) => isInForceOn(row, asOfOn))) massEnd.ending += 1
    if (isRefused) continue
    const changed = changesOf({ id, old, next, isAbsent: given === undefined })
    changes.push(...changed)
    if (given && changed.length === 0) unchanged += 1
  }
  return { rows, changes, unchanged, problems, massEnd }
}

function rangeProblems(rows: ReadonlyArray<Stint>): Problem[] {
  return rows
    .filter((row) => startOf(row) >= endOf(row))
    .map((row) => problem('date-order', { from: startOf(row), to: endOf(row) }))
}

function mergeId<Row extends Stint>({
  old,
  given,
  asOfOn,
  rules,
}: {
  old: ReadonlyArray<Row>
  given: ReadonlyArray<Row> | undefined
  asOfOn: LocalDate
  rules: FeedRules<Row>
}): ReadonlyArray<Row> {
  const first = given?.[0]
  if (!given || !first) return endedBy(old, asOfOn, rules.withRange)
  const isHistory = given.some((row) => row.from !== first.from || row.to !== first.to)
  // Where nothing has been in force yet, what was planned is simply replaced.
  if (isHistory || old.every((row) => startOf(row) > asOfOn)) return given
  // Contradictory rows, taken when nothing better was known, are no history to continue.
  if (rules.takesNewWithProblems && rules.problemsOf(rules.idOf(first), old).length > 0) return given
  const { from, to } = first
  if (from === null) {
    if (to !== null && to <= asOfOn) return endInPast({ old, given, to, rules })
    return continueFrom({ old, given, on: asOfOn, rules })
  }
  if (rules.from === 'begun' && isBeginning(old, from)) return continueBegun({ old, given, from, asOfOn, rules })
  return continueFrom({ old, given, on: from, rules })
}

/** The known rows up to `on`, then the feed's; where the same state is in force up to `on`, it goes on unbroken. */
function continueFrom<Row extends Stint>({
  old,
  given,
  on,
  rules,
}: {
  old: ReadonlyArray<Row>
  given: ReadonlyArray<Row>
  on: LocalDate
  rules: FeedRules<Row>
}): Row[] {
  const [first] = given as [Row]
  const kept = endedBy(old, on, rules.withRange).map((row) => rules.withCard(row, first))
  const meeting = kept.filter((row) => row.to === on)
  const from = goesOnFrom(meeting, given, rules)
  if (from === undefined) return [...kept, ...given.map((row) => rules.withRange(row, { from: on, to: row.to }))]
  const before = kept.filter((row) => row.to !== on)
  return [...before, ...given.map((row) => rules.withRange(row, { from, to: row.to }))]
}

/** The day from which `rows` have been what `given` is; undefined where they are something else. */
function goesOnFrom<Row extends Stint>(
  rows: ReadonlyArray<Row>,
  given: ReadonlyArray<Row>,
  rules: FeedRules<Row>,
): LocalDate | null | undefined {
  const [first] = rows
  if (!first || rows.some((row) => row.from !== first.from)) return undefined
  const states = (of: ReadonlyArray<Row>) => of.map(rules.stateOf).sort().join('\n')
  return states(rows) === states(given) ? first.from : undefined
}

/** An undated row that ended: only the end is dated, so a new state that never had a day is not read into the past. */
function endInPast<Row extends Stint>({
  old,
  given,
  to,
  rules,
}: {
  old: ReadonlyArray<Row>
  given: ReadonlyArray<Row>
  to: LocalDate
  rules: FeedRules<Row>
}): ReadonlyArray<Row> {
  const [first] = given as [Row]
  const kept = endedBy(old, to, rules.withRange).map((row) => rules.withCard(row, first))
  const end = runsOf(kept).at(-1)?.end
  if (end === undefined) return given
  const last = kept.filter((row) => endOf(row) === end)
  const from = goesOnFrom(last, given, rules)
  const before = kept.filter((row) => endOf(row) !== end)
  if (from !== undefined) return [...before, ...given.map((row) => rules.withRange(row, { from, to }))]
  return [...before, ...last.map((row) => rules.withRange(row, { from: row.from, to }))]
}

function isBeginning(rows: ReadonlyArray<Stint>, from: LocalDate): boolean {
  const runs = runsOf(rows)
  return from < (runs[0]?.start as string) || runs.some((run) => run.start === from)
}

/** In force since `from` without a gap, as known so far, and as the feed says from `asOfOn` on. */
function continueBegun<Row extends Stint>({
  old,
  given,
  from,
  asOfOn,
  rules,
}: {
  old: ReadonlyArray<Row>
  given: ReadonlyArray<Row>
  from: LocalDate
  asOfOn: LocalDate
  rules: FeedRules<Row>
}): ReadonlyArray<Row> {
  const [first] = given as [Row]
  const { to } = first
  const earlier = old.filter((row) => startOf(row) < from)
  const since = ordered(
    old.filter((row) => startOf(row) >= from && startOf(row) < asOfOn),
    rules,
  )
  if (since.length === 0) return [...earlier.map((row) => rules.withCard(row, first)), ...given]
  const whole = since.map((row, index) => {
    const next = since[index + 1]
    return rules.withRange(row, { from: index === 0 ? from : row.from, to: next ? next.from : asOfOn })
  })
  const all = [...earlier, ...whole]
  if (to !== null && to <= asOfOn) return endInPast({ old: all, given, to, rules })
  return continueFrom({ old: all, given, on: asOfOn, rules })
}

function groupById<Row extends Stint>(rows: ReadonlyArray<Row>, rules: FeedRules<Row>): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(rules.idOf(row))
    if (group) group.push(row)
    else groups.set(rules.idOf(row), [row])
  }
  for (const [id, group] of groups) if (group.length > 1) groups.set(id, ordered(group, rules))
  return groups
}

/** In order of time, each row once. */
function ordered<Row extends Stint>(rows: ReadonlyArray<Row>, rules: FeedRules<Row>): Row[] {
  if (rows.length <= 1) return [...rows]
  const keyed = rows.map((row) => ({ row, key: `${rules.stateOf(row)}\n${rules.cardOf(row)}` }))
  keyed.sort(
    (a, b) =>
      compareBounds(startOf(a.row), startOf(b.row)) ||
      compareBounds(endOf(a.row), endOf(b.row)) ||
      compareBytes(a.key, b.key) ||
      // Rows that say the same in other words (a whole share, and 100 %): the choice must not depend on their order.
      compareBytes(canonicalText(a.row), canonicalText(b.row)),
  )
  return keyed
    .filter(({ row, key }, index) => {
      const before = keyed[index - 1]
      return !before || before.key !== key || before.row.from !== row.from || before.row.to !== row.to
    })
    .map(({ row }) => row)
}
