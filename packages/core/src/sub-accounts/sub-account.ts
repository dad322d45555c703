// A sub-account: an account under a master account, known by its user id, owned by one person, cost centre, project or
// client at a time (spec, accounts). Holds no passcode: nothing here could print one.
import type { LocalDate } from '../time/local-date.ts'

export const OWNER_KINDS = ['person', 'cost-centre', 'project', 'client'] as const
export type OwnerKind = (typeof OWNER_KINDS)[number]

/** `id` is the key of the person, cost centre or project in the directory; of a client its name as projects write it. */
export type SubAccountOwner = { readonly kind: OwnerKind; readonly id: string }

/** Half-open, in local days of the master account; null is without beginning or end. */
export type OwnerStint = {
  readonly owner: SubAccountOwner
  readonly from: LocalDate | null
  readonly until: LocalDate | null
}

export const AT_LIMIT = ['alert', 'refuse'] as const

/** Of one billing period of the master account, but for `participants` and `callMinutes`, which are of one call. null: no limit. */
export type SubAccountLimits = {
  /** Decimal text in the currency of the master account. */
  readonly spend: string | null
  readonly minutes: number | null
  /** At once in one call. */
  readonly participants: number | null
  readonly callMinutes: number | null
  /** What happens once the spend or the minutes of the period are used up. */
  readonly atLimit: (typeof AT_LIMIT)[number]
}

export type SubAccount = {
  /** The master account. */
  readonly account: string
  /** Unique in the master account. */
  readonly userId: string
  readonly name: string
  /** In the order of time; they do not overlap, and may leave days to nobody. */
  readonly owners: ReadonlyArray<OwnerStint>
  readonly isEnabled: boolean
  readonly limits: SubAccountLimits
}

export type SubAccountKey = Pick<SubAccount, 'account' | 'userId'>

/** What its document is saved under; a user id has no blanks, so that no two sub-accounts share a name. */
export function subAccountName({ account, userId }: SubAccountKey): string {
  return `${account} ${userId}`
}

/** null on a day that no stint covers: what is used then is `unassigned`. */
export function ownerOn({ owners }: Pick<SubAccount, 'owners'>, on: LocalDate): SubAccountOwner | null {
  const stint = owners.find(({ from, until }) => (from === null || from <= on) && (until === null || on < until))
  return stint === undefined ? null : stint.owner
}
