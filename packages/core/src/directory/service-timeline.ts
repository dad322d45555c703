// Who has a service on which days: its assignment rows, and the cost centres of its persons on those days.
// A cost centre on the service's own row wins over the person's; without one, the person's stint of the day decides.
// Refuses to guess: days without a row, and days whose shares do not sum to 100 %, belong to nobody.
import type { Person, Service } from '../facts/fact.ts'
import { compareBytes } from '../money/largest-remainder.ts'
import type { Problem } from '../problem.ts'
import { isWhole, type ShareDays, shareDaysOf, sharePpmOf, shareProblems } from './share-days.ts'
import { type Bound, compareBounds, endOf, startOf } from './stint.ts'

/** Who carries: '' where not given; all three '' is `unassigned`. */
export type Owner = { readonly person: string; readonly costCentre: string; readonly project: string }
export type TimelinePiece = Owner & {
  /** The day since which this owner has had this share without a change. Ties are broken by it. */
  readonly since: Bound
  readonly sharePpm: number
}
/** Half-open days on which the same pieces hold. */
export type TimelineSpan = {
  readonly start: Bound
  readonly end: Bound
  readonly pieces: ReadonlyArray<TimelinePiece>
  /** The sum of the pieces' shares: 1,000,000, or as near as the decimals of the split come. */
  readonly shareTotalPpm: number
}
/** In order of time, without overlap; days between spans are unassigned. */
export type ServiceTimeline = { readonly service: string; readonly spans: ReadonlyArray<TimelineSpan> }

/** Where a person belongs from a day to a day. */
export type PersonStint = { readonly start: Bound; readonly end: Bound; readonly costCentre: string }
/** By employee number; in order of time, without overlap. */
export type PersonStints = ReadonlyMap<string, ReadonlyArray<PersonStint>>

export function stintsByPerson(people: Iterable<Person>): PersonStints {
  const stints = new Map<string, PersonStint[]>()
  for (const person of people) {
    const stint = { start: startOf(person), end: endOf(person), costCentre: person.costCentre }
    const known = stints.get(person.employee)
    if (known) known.push(stint)
    else stints.set(person.employee, [stint])
  }
  for (const [employee, known] of stints) if (known.length > 1) stints.set(employee, withoutOverlap(known))
  return stints
}

/** Where stints overlap against the rules, the one that began later counts from its first day on. */
function withoutOverlap(stints: ReadonlyArray<PersonStint>): PersonStint[] {
  const sorted = [...stints].sort(
    (a, b) =>
      compareBounds(a.start, b.start) || compareBounds(a.end, b.end) || compareBytes(a.costCentre, b.costCentre),
  )
  return sorted
    .map((stint, index) => {
      const next = sorted[index + 1]
      return next && next.start < stint.end ? { ...stint, end: next.start } : stint
    })
    .filter((stint) => stint.start < stint.end)
}

/** The timelines of all services, by service id; a `share-sum` for each stretch of days that is not whole, by service. */
export function buildTimelines({ services, people }: { services: Iterable<Service>; people: Iterable<Person> }): {
  timelines: ReadonlyMap<string, ServiceTimeline>
  problems: ReadonlyArray<Problem>
} {
  const stints = stintsByPerson(people)
  const rowsOf = new Map<string, Service[]>()
  for (const row of services) {
    const known = rowsOf.get(row.service)
    if (known) known.push(row)
    else rowsOf.set(row.service, [row])
  }
  const timelines = new Map<string, ServiceTimeline>()
  const faulty = new Map<string, ReadonlyArray<Problem>>()
  for (const [service, rows] of rowsOf) {
    const built = buildTimeline({ service, rows, stints })
    timelines.set(service, built.timeline)
    if (built.problems.length > 0) faulty.set(service, built.problems)
  }
  const problems = [...faulty.keys()].sort(compareBytes).flatMap((service) => faulty.get(service) as Problem[])
  return { timelines, problems }
}

/** The timeline of one service from its rows. */
export function buildTimeline({
  service,
  rows,
  stints,
}: {
  service: string
  rows: ReadonlyArray<Service>
  stints: PersonStints
}): { timeline: ServiceTimeline; problems: ReadonlyArray<Problem> } {
  const stretches = shareDaysOf(rows)
  const problems = shareProblems(service, stretches)
  const spans = stretches.filter(isWhole).flatMap((days) => spansOf(days, stints))
  return { timeline: { service, spans: coalesced(spans) }, problems }
}

/** Splits days of unchanged rows where a person of theirs changes the cost centre, joins or leaves. */
function spansOf(days: ShareDays, stints: PersonStints): TimelineSpan[] {
  const rows = days.rows.filter((row) => sharePpmOf(row) > 0)
  const bounds = new Set<Bound>([days.start, days.end])
  for (const row of rows) {
    if (row.costCentre !== '' || row.person === '') continue
    for (const stint of stints.get(row.person) ?? [])
      for (const bound of [stint.start, stint.end]) if (days.start < bound && bound < days.end) bounds.add(bound)
  }
  const sorted = [...bounds].sort(compareBounds)
  return sorted.slice(0, -1).map((start, index) => {
    const pieces = piecesOn({ rows, start, stints })
    const shareTotalPpm = pieces.reduce((total, piece) => total + piece.sharePpm, 0)
    return { start, end: sorted[index + 1] as Bound, pieces, shareTotalPpm }
  })
}

/** One piece per owner, in order of owner: two rows of one split that name the same owner are one share. */
function piecesOn({
  rows,
  start,
  stints,
}: {
  rows: ReadonlyArray<Service>
  start: Bound
  stints: PersonStints
}): TimelinePiece[] {
  const pieces = new Map<string, TimelinePiece>()
  for (const row of rows) {
    const stint = stints.get(row.person)?.find((each) => each.start <= start && start < each.end)
    const costCentre = row.costCentre === '' && stint ? stint.costCentre : row.costCentre
    const owner = { person: row.person, costCentre, project: row.project }
    const before = pieces.get(ownerKey(owner))
    const sharePpm = sharePpmOf(row) + (before ? before.sharePpm : 0)
    pieces.set(ownerKey(owner), { ...owner, since: start, sharePpm })
  }
  return [...pieces.entries()].sort(([a], [b]) => compareBytes(a, b)).map(([, piece]) => piece)
}

/** Compared byte by byte: by person, then cost centre, then project. */
export function ownerKey({ person, costCentre, project }: Owner): string {
  return `${person}\u0000${costCentre}\u0000${project}`
}

/** Joins spans that meet and are the same, and carries each piece's first day through the spans that it goes on in. */
function coalesced(spans: ReadonlyArray<TimelineSpan>): TimelineSpan[] {
  const joined: TimelineSpan[] = []
  for (const span of spans) {
    const last = joined.at(-1)
    if (!last || last.end !== span.start) {
      joined.push(span)
      continue
    }
    const before = new Map(last.pieces.map((piece) => [`${ownerKey(piece)}\u0000${piece.sharePpm}`, piece.since]))
    const pieces = span.pieces.map((piece) => {
      const since = before.get(`${ownerKey(piece)}\u0000${piece.sharePpm}`)
      return since === undefined ? piece : { ...piece, since }
    })
    const isSame = pieces.length === last.pieces.length && pieces.every((piece) => piece.since < span.start)
    if (isSame) joined[joined.length - 1] = { ...last, end: span.end }
    else joined.push({ ...span, pieces })
  }
  return joined
}
