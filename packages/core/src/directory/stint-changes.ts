// What differs between two histories of one id, told from the days alone: not from how the rows are sliced or ordered.
import type { LocalDate } from '../time/local-date.ts'
import {
  BEGINNING,
  type Bound,
  compareBounds,
  dayOfBound,
  endOf,
  FOREVER,
  isInForceOn,
  type Run,
  runsOf,
  type Stint,
  startOf,
} from './stint.ts'

/**
 * `begins`: nothing was known. `ends`: the new history stops earlier. `resumes`: in force again after a gap.
 * `differs`: in force in both, with another state. `redated`: a beginning or an end is another day.
 */
export type StintChangeKind = 'begins' | 'ends' | 'resumes' | 'differs' | 'redated'
export type StintChange = { readonly kind: StintChangeKind; readonly effective: Bound }
export type StintComparison = {
  readonly changes: ReadonlyArray<StintChange>
  /** The first day that is not as it was; null where no day differs. */
  readonly firstDifference: Bound | null
}

type Difference = { readonly start: Bound; readonly was: boolean; readonly is: boolean }

/** Compares two histories of one id day by day; an empty list of changes means that every day is as it was. */
export function compareStints<Row extends Stint>({
  old,
  next,
  stateOf,
}: {
  old: ReadonlyArray<Row>
  next: ReadonlyArray<Row>
  stateOf: (row: Row) => string
}): StintComparison {
  const differences = differencesBetween(old, next, stateOf)
  const [first] = differences
  if (!first) return { changes: [], firstDifference: null }
  if (old.length === 0) return { changes: [{ kind: 'begins', effective: first.start }], firstDifference: first.start }
  const changes: StintChange[] = []
  const isCovered = presenceChanges({ old, next, changes })
  const differs = differences.find((difference) => difference.was && difference.is)
  if (differs) changes.push({ kind: 'differs', effective: differs.start })
  const redated = differences.find((difference) => difference.was !== difference.is && !isCovered(difference))
  if (redated) changes.push({ kind: 'redated', effective: redated.start })
  return { changes, firstDifference: first.start }
}

/** Adds `ends` and `resumes`, and says which differences of presence they account for. */
function presenceChanges({
  old,
  next,
  changes,
}: {
  old: ReadonlyArray<Stint>
  next: ReadonlyArray<Stint>
  changes: StintChange[]
}): (difference: Difference) => boolean {
  const [oldRuns, nextRuns] = [runsOf(old), runsOf(next)]
  const oldFirst = oldRuns[0] as Run
  const oldEnd = (oldRuns.at(-1) as Run).end
  const nextEnd = nextRuns.at(-1)?.end ?? oldFirst.start
  if (nextEnd < oldEnd) changes.push({ kind: 'ends', effective: nextEnd })
  const oldStarts = new Set(oldRuns.map((run) => run.start))
  const resumedAt = nextRuns.findIndex(
    (run, index) => index > 0 && run.start > oldFirst.start && !oldStarts.has(run.start),
  )
  const resumed = nextRuns[resumedAt]
  if (resumed) changes.push({ kind: 'resumes', effective: resumed.start })
  const gapStart = resumed ? (nextRuns[resumedAt - 1] as Run).end : FOREVER
  return ({ start, is }) => (!is && start >= nextEnd && nextEnd < oldEnd) || start >= gapStart
}

/** The stretches of days on which the two histories differ, in order. */
function differencesBetween<Row extends Stint>(
  old: ReadonlyArray<Row>,
  next: ReadonlyArray<Row>,
  stateOf: (row: Row) => string,
): Difference[] {
  const bounds = new Set<Bound>()
  for (const row of [...old, ...next]) bounds.add(startOf(row)).add(endOf(row))
  const sorted = [...bounds].sort(compareBounds)
  const differences: Difference[] = []
  for (const start of sorted.slice(0, -1)) {
    const was = statesOn(old, start, stateOf)
    const is = statesOn(next, start, stateOf)
    if (was.join('\n') !== is.join('\n')) differences.push({ start, was: was.length > 0, is: is.length > 0 })
  }
  return differences
}

function statesOn<Row extends Stint>(
  rows: ReadonlyArray<Row>,
  on: Bound,
  stateOf: (row: Row) => string,
): ReadonlyArray<string> {
  return rows
    .filter((row) => isInForceOn(row, on))
    .map(stateOf)
    .sort()
}

/** The rows in force on a day; where there are none, those that began last before it, else the first to come. */
export function rowsAround<Row extends Stint>(rows: ReadonlyArray<Row>, on: Bound): Row[] {
  const inForce = rows.filter((row) => isInForceOn(row, on))
  if (inForce.length > 0) return inForce
  const before = rows.filter((row) => endOf(row) <= on)
  const end = before.reduce((latest, row) => (endOf(row) > latest ? endOf(row) : latest), BEGINNING)
  if (before.length > 0) return before.filter((row) => endOf(row) === end)
  const start = rows.reduce((earliest, row) => (startOf(row) < earliest ? startOf(row) : earliest), FOREVER)
  return rows.filter((row) => startOf(row) === start)
}

/** The latest day's rows of one state whose cards differ; null where every card is as it was. */
export function correctedRow<Row extends Stint>({
  old,
  next,
  stateOf,
  cardOf,
}: {
  old: ReadonlyArray<Row>
  next: ReadonlyArray<Row>
  stateOf: (row: Row) => string
  cardOf: (row: Row) => string
}): { old: Row; new: Row } | null {
  const starts = [...new Set([...old, ...next].map(startOf))].sort(compareBounds).reverse()
  for (const start of starts) {
    const before = old.filter((each) => isInForceOn(each, start))
    for (const row of next.filter((each) => isInForceOn(each, start))) {
      const same = before.filter((each) => stateOf(each) === stateOf(row))
      const [first] = same
      if (first && !same.some((each) => cardOf(each) === cardOf(row))) return { old: first, new: row }
    }
  }
  return null
}

/** The day from which days before `asOfOn` change; undefined where none do. null: from the beginning. */
export function retroactiveSince(firstDifference: Bound | null, asOfOn: LocalDate): LocalDate | null | undefined {
  return firstDifference !== null && firstDifference < asOfOn ? dayOfBound(firstDifference) : undefined
}
