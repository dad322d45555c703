// The owners of sub-accounts as rows of the inventory, under the user id that usage and charges name as their service (spec,
// accounts). Refuses to guess: the inventory knows a service by its name alone, so that where two master accounts give one
// user id to different owners, neither has it.
import { type Bound, compareBounds, dayOfBound, endOf, type Stint, startOf } from '../directory/stint.ts'
import type { LocalDate } from '../time/local-date.ts'
import { OWNER_KINDS, ownerOn, type SubAccount, type SubAccountOwner } from './sub-account.ts'

/** Half-open; null is without beginning or end. */
export type OwnerDays = Stint

/** One row of the inventory: all of the service, on half-open days. */
export type OwnerAssignment = {
  /** The user id. */
  readonly service: string
  /** The master account; '' where sub-accounts of several have the same owner. */
  readonly account: string
  /** '' where the owner is no person; so with the others. A client is none of them: its row is `unassigned`. */
  readonly person: string
  readonly costCentre: string
  readonly project: string
  readonly from: LocalDate | null
  readonly to: LocalDate | null
}

/** Days on which sub-accounts of one user id have different owners: their row names nobody. */
export type SharedUserId = OwnerDays & {
  readonly userId: string
  readonly accounts: ReadonlyArray<string>
}

export type OwnerAssignments = {
  readonly rows: ReadonlyArray<OwnerAssignment>
  readonly shared: ReadonlyArray<SharedUserId>
}

/**
 * One row per user id and stretch of days with the same owner, but for the days on which the inventory has a row of the
 * service itself (`taken`, by service): its own rows win. In the order of `subAccounts`, then of time.
 */
export function assignOwners(
  subAccounts: Iterable<SubAccount>,
  taken: ReadonlyMap<string, ReadonlyArray<OwnerDays>>,
): OwnerAssignments {
  const byUserId = new Map<string, SubAccount[]>()
  for (const one of subAccounts) {
    const known = byUserId.get(one.userId)
    if (known) known.push(one)
    else byUserId.set(one.userId, [one])
  }
  const rows: OwnerAssignment[] = []
  const shared: SharedUserId[] = []
  for (const [userId, held] of byUserId)
    for (const stretch of joined(stretchesOf(held, taken.get(userId) ?? []))) {
      const stint = { from: dayOfBound(stretch.start), to: dayOfBound(stretch.end) }
      const accounts = held.map(({ account }) => account)
      if (stretch.isShared) shared.push({ userId, accounts, ...stint })
      const account = held.length === 1 ? (accounts[0] as string) : ''
      rows.push({ service: userId, account, ...keysOf(stretch.owner), ...stint })
    }
  return { rows, shared }
}

type Stretch = {
  readonly start: Bound
  readonly end: Bound
  /** null where it is shared. */
  readonly owner: SubAccountOwner | null
  readonly isShared: boolean
}

/** The days that some sub-account has an owner on and the inventory has no row for. */
function stretchesOf(held: ReadonlyArray<SubAccount>, taken: ReadonlyArray<Stint>): Stretch[] {
  const stints = held.flatMap(({ owners }) => owners.map(({ from, until }): Stint => ({ from, to: until })))
  const bounds = new Set([...stints, ...taken].flatMap((stint) => [startOf(stint), endOf(stint)]))
  const sorted = [...bounds].sort(compareBounds)
  return sorted.slice(0, -1).flatMap((start, at): Stretch[] => {
    if (taken.some((stint) => startOf(stint) <= start && start < endOf(stint))) return []
    const owners = held.map((one) => ownerOn(one, start as LocalDate))
    const [first = null] = owners
    const isShared = owners.some((owner) => owner?.kind !== first?.kind || owner?.id !== first?.id)
    if (first === null && !isShared) return []
    return [{ start, end: sorted[at + 1] as Bound, owner: isShared ? null : first, isShared }]
  })
}

function joined(stretches: ReadonlyArray<Stretch>): Stretch[] {
  const whole: Stretch[] = []
  for (const stretch of stretches) {
    const last = whole.at(-1)
    const isSame = last?.end === stretch.start && last.isShared === stretch.isShared
    if (last && isSame && last.owner?.kind === stretch.owner?.kind && last.owner?.id === stretch.owner?.id)
      whole[whole.length - 1] = { ...last, end: stretch.end }
    else whole.push(stretch)
  }
  return whole
}

function keysOf(owner: SubAccountOwner | null): Pick<OwnerAssignment, 'person' | 'costCentre' | 'project'> {
  const [person, costCentre, project] = OWNER_KINDS.map((kind) => (owner?.kind === kind ? owner.id : ''))
  return { person: person as string, costCentre: costCentre as string, project: project as string }
}
