// A directory file is the whole of what its source knows: its rows are merged with the source's live rows by core's
// merge, and the new document holds the full merged set, history included. Refuses a file that would end too many.
import {
  type Account,
  type CostCentre,
  type DirectoryFact,
  type EntityChange,
  entityId,
  isMassEnd,
  type LocalDate,
  type MassEnd,
  mergeEntities,
  mergePeople,
  mergePoolMembers,
  mergeServices,
  type Person,
  type PersonChange,
  type Pool,
  type PoolMember,
  type PoolMemberChange,
  type Problem,
  type Project,
  problem,
  Refusal,
  type Service,
  type ServiceChange,
} from '@spillway/core'

export type DirectoryKind = DirectoryFact['fact']

/** What core's merge of one kind says; `changes` discriminated on their `kind`. */
export type DirectoryMerge = {
  readonly rows: ReadonlyArray<DirectoryFact>
  readonly changes: ReadonlyArray<
    | PersonChange
    | ServiceChange
    | PoolMemberChange
    | EntityChange<CostCentre>
    | EntityChange<Project>
    | EntityChange<Account>
    | EntityChange<Pool>
  >
  readonly unchanged: number
  readonly problems: ReadonlyArray<Problem>
  readonly massEnd: MassEnd
}

export type FeedRow = {
  readonly fact: DirectoryFact
  readonly partNo: number
  readonly rowNo: number
  readonly line: number
  readonly document: number
}

export type MergedPart = {
  readonly merge: DirectoryMerge
  /** Rows as they are stored; `line` is 0 for what an earlier file said. */
  readonly rows: ReadonlyArray<{ readonly fact: DirectoryFact; readonly line: number }>
  /** Rows of ids that contradict each other: what was known of the id stays, the rows go to quarantine. */
  readonly refused: ReadonlyArray<{ readonly row: FeedRow; readonly problem: Problem }>
  /** Rows that repeat an earlier one of the file in every column. */
  readonly duplicates: ReadonlyArray<FeedRow>
  readonly problems: ReadonlyArray<Problem>
}

export type MergeOptions = {
  readonly kind: DirectoryKind
  readonly part: string
  readonly known: ReadonlyArray<DirectoryFact>
  readonly feed: ReadonlyArray<FeedRow>
  /** Rows of the part that could not be read: with some, nothing is ended for being absent. */
  readonly unreadRows: number
  /** Rows that add to what is known: nothing is ended for being absent. */
  readonly isSupplement?: boolean
  readonly asOfOn: LocalDate
}

/** @throws nothing: see {@link refuseMassEnd} for what may stop the import. */
export function mergeDirectoryPart(options: MergeOptions): MergedPart {
  const { kind, known, asOfOn } = options
  const { feed, duplicates } = withoutRepeats(options.feed)
  const facts = feed.map(({ fact }) => fact)
  const kept = options.unreadRows > 0 || options.isSupplement ? absentFrom(known, facts) : []
  const merge = mergeKind(kind, { known, feed: [...facts, ...kept], asOfOn })
  const refused = refusedRows({ known, feed, problems: merge.problems })
  const keptIds = new Set(kept.map(directoryId)).size
  const incomplete =
    keptIds === 0 || options.isSupplement
      ? []
      : [problem('feed-incomplete', { part: options.part, quarantined: options.unreadRows, kept: keptIds })]
  const refusedProblems = new Set(refused.map((row) => row.problem))
  return {
    merge,
    rows: withLines(merge.rows, feed),
    refused,
    duplicates,
    problems: [...merge.problems.filter((found) => !refusedProblems.has(found)), ...incomplete],
  }
}

/** @throws Refusal `mass-end` where more than 5 and more than 20 % of what is active would end. */
export function refuseMassEnd(part: string, { active, ending }: MassEnd): void {
  if (!isMassEnd({ active, ending })) return
  throw new Refusal('mass-end', `The file would end ${ending} of ${active} active rows of ${part}.`, {
    hint: 'Look whether the file is complete; if it is, import it again with --accept-ends.',
    facts: { part, active, ending },
  })
}

/** What the rows of a kind are told apart by: an employee, a service, a centre, a pool and service, ... */
function directoryId(fact: DirectoryFact): string {
  switch (fact.fact) {
    case 'person':
      return fact.employee
    case 'service':
      return fact.service
    case 'pool-member':
      return `${fact.pool} / ${fact.service}`
    default:
      return entityId(fact)
  }
}

type Merging = {
  readonly known: ReadonlyArray<DirectoryFact>
  readonly feed: ReadonlyArray<DirectoryFact>
  readonly asOfOn: LocalDate
}

function mergeKind(kind: DirectoryKind, { known, feed, asOfOn }: Merging): DirectoryMerge {
  const both = <Row extends DirectoryFact>() => ({
    known: known as ReadonlyArray<Row>,
    feed: feed as ReadonlyArray<Row>,
  })
  switch (kind) {
    case 'person':
      return mergePeople({ ...both<Person>(), asOfOn })
    case 'service':
      return mergeServices({ ...both<Service>(), asOfOn })
    case 'pool-member':
      return mergePoolMembers({ ...both<PoolMember>(), asOfOn })
    case 'cost-centre':
      return mergeEntities(both<CostCentre>())
    case 'project':
      return mergeEntities(both<Project>())
    case 'account':
      return mergeEntities(both<Account>())
    case 'pool':
      return mergeEntities(both<Pool>())
  }
}

function withoutRepeats(rows: ReadonlyArray<FeedRow>): { feed: FeedRow[]; duplicates: FeedRow[] } {
  const seen = new Set<string>()
  const [feed, duplicates]: [FeedRow[], FeedRow[]] = [[], []]
  for (const row of rows) {
    const content = contentOf(row.fact)
    if (seen.has(content)) duplicates.push(row)
    else feed.push(row)
    seen.add(content)
  }
  return { feed, duplicates }
}

/** The known rows of ids that the file does not have. */
function absentFrom(known: ReadonlyArray<DirectoryFact>, feed: ReadonlyArray<DirectoryFact>): DirectoryFact[] {
  const given = new Set(feed.map(directoryId))
  return known.filter((row) => !given.has(directoryId(row)))
}

/** The file's rows of ids with problems, unless the merge took them because nothing was known of a service. */
function refusedRows({
  known,
  feed,
  problems,
}: {
  known: ReadonlyArray<DirectoryFact>
  feed: ReadonlyArray<FeedRow>
  problems: ReadonlyArray<Problem>
}): MergedPart['refused'] {
  if (problems.length === 0) return []
  const knownIds = new Set(known.map(directoryId))
  const problemOf = new Map<string, Problem>()
  for (const found of problems) {
    const facts = found.facts as Readonly<Record<string, unknown>>
    const id = facts.id ?? facts.service
    if (typeof id === 'string' && !problemOf.has(id)) problemOf.set(id, found)
  }
  const backwards = problems.filter((found) => found.code === 'date-order')
  return feed.flatMap((row) => {
    const id = directoryId(row.fact)
    const { from = null, to = null } = row.fact as { from?: LocalDate | null; to?: LocalDate | null }
    const own =
      from !== null && to !== null && from >= to
        ? backwards.find(({ facts }) => 'from' in facts && facts.from === from)
        : undefined
    const found = own ?? problemOf.get(id)
    const isTaken = row.fact.fact === 'service' && !knownIds.has(id)
    return found && !isTaken ? [{ row, problem: found }] : []
  })
}

/** A row of the file keeps its line though the merge moved its days; what only the past knew has none. */
function withLines(rows: ReadonlyArray<DirectoryFact>, feed: ReadonlyArray<FeedRow>): MergedPart['rows'] {
  const lineOf = new Map(feed.map((row) => [stateOf(row.fact), row.line]))
  return rows.map((fact) => ({ fact, line: lineOf.get(stateOf(fact)) ?? NO_LINE }))
}

const NO_LINE = 0

/** One text for equal rows, whatever the order of their keys. */
function contentOf(fact: DirectoryFact): string {
  return JSON.stringify(fact, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

function stateOf(fact: DirectoryFact): string {
  return contentOf({ ...fact, from: null, to: null } as DirectoryFact)
}
