// Whose call is this? (spec, accounts): what a conference bridge asks with the passcode that somebody dialled. Who is refused
// learns nothing from the answer, and nothing from how long it takes: every refusal does the same work, with the record of
// somebody else where there is none. Refuses for limits only whoever has the right code.
import {
  afterWrongTry,
  isLocked,
  isUsedUp,
  type LimitState,
  LOCK_SECONDS,
  limitStates,
  NO_WRONG_TRIES,
  type SubAccount,
  type SubAccountKey,
  subAccountName,
  type WrongTries,
} from '@spillway/core'
import { appendAudit } from '../catalog/audit.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { findSubAccount, loadBridges, loadMasterAccounts, type MasterAccount } from './load-sub-accounts.ts'
import { openHasher, type PasscodeHasher, storedKeyCheck, throwawayHasher } from './passcode-key.ts'
import { periodAt, useSoFar } from './sub-account-use.ts'

export type VerifyRequest = {
  readonly passcode: string
  /**
   * The master account, with the user id where the caller gave one: a code of somebody else is then wrong. Or the bridge, on
   * which the codes of its master accounts are unique.
   */
  readonly of: { readonly account: string; readonly userId?: string | undefined } | { readonly bridge: string }
  /** By what wrong tries of one caller are counted: a telephone number, an address. */
  readonly caller: string
}

export type Verification =
  | {
      readonly outcome: 'accepted'
      readonly account: string
      readonly userId: string
      /** What the bridge is to hold, and what is left of the period. */
      readonly limits: ReadonlyArray<LimitState>
    }
  /** Whatever the reason: unknown, wrong, disabled, locked or used up. */
  | { readonly outcome: 'refused' }

const REFUSED: Verification = { outcome: 'refused' }

/** @throws Refusal `passcode-key` where there are passcodes and the key is not at hand. */
export async function verifyPasscode(workspace: Workspace, request: VerifyRequest): Promise<Verification> {
  const check = await storedKeyCheck(workspace)
  const hasher = check === undefined ? throwawayHasher(workspace) : openHasher(workspace, check)
  const found = await lookUp(workspace, { request, hasher })
  const { subAccount, states } = await readLimits(workspace, found)
  return workspace.catalog.transaction().execute(async (transaction) => {
    const tries = await readTries({ ...workspace, catalog: transaction }, found)
    const now = workspace.actor.now().getTime()
    const locked = isLocked(tries.caller, now) || isLocked(tries.user, now)
    const isRight = found.holder !== null && subAccount?.isEnabled === true
    const isLimited = isRight && !locked && isUsedUp(subAccount.limits, states)
    const isAccepted = isRight && !locked && !isLimited
    await writeTries({ ...workspace, catalog: transaction }, { found, tries, now, isAccepted, isLimited })
    if (!isAccepted || found.holder === null) return REFUSED
    return { outcome: 'accepted', ...found.holder, limits: states }
  })
}

type Found = {
  /** Whose code it is; null where it is nobody's, or not that of the user id that was named. */
  readonly holder: SubAccountKey | null
  /** Whose record is read: the holder's, or anybody's. */
  readonly read: SubAccountKey
  readonly caller: string
  readonly user: string
  /** Without a user id, a code that nobody has is wrong for no user id. */
  readonly hasUser: boolean
  /** For the record of what happened, in which nothing stands that was typed. */
  readonly known: SubAccountKey | null
}

const NOBODY: SubAccountKey = { account: '', userId: '' }

type LookUp = { readonly request: VerifyRequest; readonly hasher: PasscodeHasher }

async function lookUp(workspace: Workspace, { request, hasher }: LookUp): Promise<Found> {
  const accounts = await accountsOf(workspace, request)
  const named = namedIn(request)
  const { catalog, tenant } = workspace
  const inForce = catalog
    .selectFrom('passcode')
    .select(['account', 'user_id'])
    .where('tenant', '=', tenant)
    .where('ended_at', 'is', null)
  const holders = await inForce
    .where('code_hmac', '=', hasher.codeHmac(request.passcode))
    .where('account', 'in', accounts)
    .limit(2)
    .execute()
  const ofNamed = named ?? NOBODY
  const withName = await inForce.where('account', '=', ofNamed.account).where('user_id', '=', ofNamed.userId).execute()
  const somebody = await inForce.orderBy('account').orderBy('user_id').limit(1).execute()
  const only = holders.length === 1 ? keyOf(holders) : null
  const holder = only !== null && (named === null || named.userId === only.userId) ? only : null
  const counted = named ?? holder
  return {
    holder,
    read: holder ?? keyOf(somebody) ?? NOBODY,
    caller: hasher.subjectHmac('caller', request.caller),
    user: hasher.subjectHmac('user-id', subAccountName(counted ?? NOBODY)),
    hasUser: counted !== null,
    known: holder ?? keyOf(withName),
  }
}

function keyOf([row]: ReadonlyArray<{ readonly account: string; readonly user_id: string }>): SubAccountKey | null {
  return row === undefined ? null : { account: row.account, userId: row.user_id }
}

function namedIn({ of }: VerifyRequest): SubAccountKey | null {
  return 'account' in of && of.userId !== undefined ? { account: of.account, userId: of.userId } : null
}

async function accountsOf(workspace: Workspace, { of }: VerifyRequest): Promise<ReadonlyArray<string>> {
  if ('account' in of) return [of.account]
  const bridge = (await loadBridges(workspace)).find(({ name }) => name === of.bridge)
  return bridge ? [...bridge.accounts].sort() : ['']
}

const NO_MASTER: MasterAccount = { currency: '', timeZone: 'UTC', cycleDay: 1 }

async function readLimits(
  workspace: Workspace,
  { read }: Found,
): Promise<{ readonly subAccount: SubAccount | null; readonly states: ReadonlyArray<LimitState> }> {
  const subAccount = await findSubAccount(workspace, subAccountName(read))
  const { currency, ...cycle } = (await loadMasterAccounts(workspace)).get(read.account) ?? NO_MASTER
  const period = periodAt({ currency, ...cycle }, workspace.actor.now())
  const use = await useSoFar(workspace, { ...read, currency, period })
  return { subAccount, states: subAccount === null ? [] : limitStates(subAccount.limits, use, { currency }) }
}

type Tries = { readonly caller: WrongTries; readonly user: WrongTries }
type InTransaction = Pick<Workspace, 'catalog' | 'tenant' | 'actor'>

async function readTries({ catalog, tenant }: InTransaction, { caller, user }: Found): Promise<Tries> {
  const rows = await catalog
    .selectFrom('wrong_try')
    .select(['subject', 'count', 'last_at', 'locked_until'])
    .where('tenant', '=', tenant)
    .where('subject', 'in', [caller, user])
    .execute()
  const triesOf = (subject: string): WrongTries => {
    const row = rows.find((one) => one.subject === subject)
    if (!row) return NO_WRONG_TRIES
    const lockedUntil = row.locked_until === null ? null : Date.parse(row.locked_until)
    return { count: row.count, lastAt: Date.parse(row.last_at), lockedUntil }
  }
  return { caller: triesOf(caller), user: triesOf(user) }
}

type Decided = {
  readonly found: Found
  readonly tries: Tries
  readonly now: number
  readonly isAccepted: boolean
  readonly isLimited: boolean
}

/** The same three statements, whatever was decided. */
async function writeTries(held: InTransaction, decided: Decided): Promise<void> {
  const { found, tries, now, isAccepted, isLimited } = decided
  const { catalog, tenant } = held
  const isWrong = !isAccepted && !isLimited
  // The right code clears the count of its user id, and never the caller's: who has one code could guess others for ever.
  const caller = isWrong ? afterWrongTry(tries.caller, now) : tries.caller
  const user = isAccepted || !found.hasUser ? NO_WRONG_TRIES : isWrong ? afterWrongTry(tries.user, now) : tries.user
  await catalog
    .deleteFrom('wrong_try')
    .where('tenant', '=', tenant)
    .where('last_at', '<', instantText(now - LOCK_SECONDS * 1000))
    .execute()
  await writeTry(held, found.caller, caller)
  await writeTry(held, found.user, user)
  await recordLock(held, found, {
    now,
    caller: isLockedNow(caller, tries.caller, now),
    user: isLockedNow(user, tries.user, now),
  })
}

function isLockedNow(after: WrongTries, before: WrongTries, now: number): boolean {
  return isLocked(after, now) && !isLocked(before, now)
}

type Locks = { readonly now: number; readonly caller: boolean; readonly user: boolean }

/** More work than for other tries, but only for the one that makes the lock: whoever counts to ten knows which one that is. */
async function recordLock({ catalog, tenant, actor }: InTransaction, { known }: Found, locks: Locks): Promise<void> {
  const { now, caller, user } = locks
  if (!caller && !user) return
  const subject = known === null ? 'passcodes' : `SubAccount/${subAccountName(known)}`
  const details = { locked: [...(caller ? ['caller'] : []), ...(user ? ['user id'] : [])], seconds: LOCK_SECONDS }
  await appendAudit(catalog, { tenant, at: instantText(now), who: actor.who, action: 'lock', subject, details })
}

const instantText = (millis: number) => new Date(millis).toISOString()

async function writeTry({ catalog, tenant }: InTransaction, subject: string, tries: WrongTries): Promise<void> {
  const { count, lastAt, lockedUntil } = tries
  const row = {
    count,
    last_at: instantText(lastAt),
    locked_until: lockedUntil === null ? null : instantText(lockedUntil),
  }
  await catalog
    .insertInto('wrong_try')
    .values({ tenant, subject, ...row })
    .onConflict((conflict) => conflict.columns(['tenant', 'subject']).doUpdateSet(row))
    .execute()
}
