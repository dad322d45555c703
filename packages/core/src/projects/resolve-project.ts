// Which project a call belongs to, and whose it is (spec, accounts, "Projects and billable time"): the account code dialled,
// else the owner of the sub-account, else the assignment of the service on that day, else the first rule that matches.
import type { TimelinePiece } from '../directory/service-timeline.ts'
import type { ProjectRule, RuledCall } from './project-rule.ts'

/** What gave a call its project; '' for `unassigned`. */
export type ProjectSource = 'code' | 'owner' | 'assignment' | 'rule' | ''

export type CallOwner = { readonly person: string; readonly costCentre: string; readonly project: string }

export type CallOrigin = {
  /** What the dialled code stands for; '' for no valid code. */
  readonly codeProject: string
  /** Who has the sub-account on the day; null where there is none, or nobody has it. */
  readonly owner: CallOwner | null
  /** Who has the service on the day, by shares; empty where nobody has it. */
  readonly pieces: ReadonlyArray<TimelinePiece>
  readonly rules: ReadonlyArray<ProjectRule>
  readonly call: Omit<RuledCall, 'person' | 'costCentre'>
}

export type CallPart = {
  readonly person: string
  readonly costCentre: string
  /** '' for `unassigned`. */
  readonly project: string
  readonly by: ProjectSource
  /** In proportion to the other parts of the call. */
  readonly sharePpm: number
}

const WHOLE_PPM = 1_000_000

/** One part, or one for each share of a service that is split on that day; parts of one owner and project are one. */
export function resolveProject(origin: CallOrigin): ReadonlyArray<CallPart> {
  const parts = holdersOf(origin).map(({ sharePpm, ...holder }) => ({ ...projectOf(origin, holder), sharePpm }))
  const [first, ...others] = parts
  return others.length === 0 && first ? [first] : joined(parts)
}

type Holder = CallOwner & { readonly sharePpm: number }

/** The owner of a sub-account has it whole; what the owner does not say, the assignment of the service may. */
function holdersOf({ owner, pieces }: CallOrigin): ReadonlyArray<Holder> {
  const hasPerson = owner !== null && (owner.person !== '' || owner.costCentre !== '')
  if (owner !== null && (hasPerson || pieces.length === 0)) return [{ ...owner, sharePpm: WHOLE_PPM }]
  if (pieces.length === 0) return [{ person: '', costCentre: '', project: '', sharePpm: WHOLE_PPM }]
  return pieces.map(({ person, costCentre, project, sharePpm }) => ({ person, costCentre, project, sharePpm }))
}

function projectOf(
  { codeProject, owner, pieces, rules, call }: CallOrigin,
  holder: CallOwner,
): Omit<CallPart, 'sharePpm'> {
  const { person, costCentre } = holder
  const given = (project: string, by: ProjectSource) => ({ person, costCentre, project, by })
  if (codeProject !== '') return given(codeProject, 'code')
  if (owner !== null && owner.project !== '') return given(owner.project, 'owner')
  const assigned = holder.project === '' && pieces.length === 1 ? (pieces[0] as TimelinePiece).project : holder.project
  if (assigned !== '') return given(assigned, 'assignment')
  const rule = rules.find(({ matches }) => matches({ ...call, person, costCentre }))
  return rule ? given(rule.project, 'rule') : given('', '')
}

function joined(parts: ReadonlyArray<CallPart>): ReadonlyArray<CallPart> {
  const byOwner = new Map<string, CallPart>()
  for (const part of parts) {
    const key = [part.person, part.costCentre, part.project, part.by].join('\u0000')
    const known = byOwner.get(key)
    byOwner.set(key, known ? { ...known, sharePpm: known.sharePpm + part.sharePpm } : part)
  }
  return [...byOwner.values()]
}
