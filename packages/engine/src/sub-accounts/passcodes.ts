// Sets and ends passcodes. A code is returned to whoever set it, once, and only what is left of it under the key is stored.
import { randomInt } from 'node:crypto'
import {
  invariant,
  makePasscode,
  PASSCODE_FAULT_WORDS,
  PASSCODE_LENGTH_DEFAULT,
  PASSCODE_LENGTH_MAX,
  PASSCODE_LENGTH_MIN,
  passcodeFault,
  Refusal,
  type SubAccountKey,
  subAccountDocument,
  subAccountName,
} from '@spillway/core'
import { appendAudits } from '../catalog/audit.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { loadBridges } from './load-sub-accounts.ts'
import type { PasscodeHasher } from './passcode-key.ts'

type Held = Pick<Workspace, 'catalog' | 'tenant' | 'actor'>

export type NewPasscode = SubAccountKey & {
  /** Shown once; nowhere else. */
  readonly passcode: string
}

export type PasscodeWish = SubAccountKey & {
  /** A code that somebody chose; made at random where it is left out. */
  readonly passcode?: string | undefined
}

export type SetPasscodes = {
  readonly wishes: ReadonlyArray<PasscodeWish>
  /** Of codes that are made. */
  readonly length?: number | undefined
  readonly hasher: PasscodeHasher
}

const ROWS_PER_INSERT = 500

/**
 * Gives each a passcode and ends the one before at once. `catalog` is the transaction of whatever else is done.
 *
 * @throws Refusal `bad-command` for a length or a chosen code that cannot be; the code is in no message.
 */
export async function setPasscodes(held: Held, { wishes, length, hasher }: SetPasscodes): Promise<NewPasscode[]> {
  const { catalog, tenant, actor } = held
  const digits = length ?? PASSCODE_LENGTH_DEFAULT
  if (!Number.isInteger(digits) || digits < PASSCODE_LENGTH_MIN || digits > PASSCODE_LENGTH_MAX)
    throw new Refusal('bad-command', `A passcode cannot have ${digits} digits.`, {
      hint: `Choose from ${PASSCODE_LENGTH_MIN} to ${PASSCODE_LENGTH_MAX}.`,
    })
  const taken = await takenCodes(held, new Set(wishes.map(({ account }) => account)))
  const set_at = actor.now().toISOString()
  const rows = wishes.map((wish) => {
    const ofAccount = taken.get(wish.account)
    invariant(ofAccount, 'every account has its taken codes', { account: wish.account })
    const passcode = wish.passcode ?? freeCode(wish, { digits, ofAccount, hasher })
    const code_hmac = hasher.codeHmac(passcode)
    if (wish.passcode !== undefined) refuseUnfit(wish, passcode, ofAccount.has(code_hmac))
    for (const shared of ofAccount.shared) shared.add(code_hmac)
    return {
      passcode,
      row: {
        tenant,
        account: wish.account,
        user_id: wish.userId,
        code_hmac,
        set_at,
        set_by: actor.who,
        ended_at: null,
      },
    }
  })
  await endPasscodes(held, wishes)
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT)
    await catalog
      .insertInto('passcode')
      .values(rows.slice(start, start + ROWS_PER_INSERT).map(({ row }) => row))
      .execute()
  const entry = { tenant, at: set_at, who: actor.who, action: 'set-passcode' }
  await appendAudits(
    catalog,
    rows.map(({ row }) => ({ ...entry, subject: subjectOf(row) })),
  )
  return rows.map(({ passcode, row }) => ({ account: row.account, userId: row.user_id, passcode }))
}

/** From now on nobody is let in with them. */
async function endPasscodes({ catalog, tenant, actor }: Held, keys: ReadonlyArray<SubAccountKey>): Promise<void> {
  const ended_at = actor.now().toISOString()
  const inForce = catalog
    .updateTable('passcode')
    .set({ ended_at })
    .where('tenant', '=', tenant)
    .where('ended_at', 'is', null)
  for (const account of new Set(keys.map((key) => key.account))) {
    const ids = keys.flatMap((key) => (key.account === account ? [key.userId] : []))
    for (let start = 0; start < ids.length; start += ROWS_PER_INSERT)
      await inForce
        .where('account', '=', account)
        .where('user_id', 'in', ids.slice(start, start + ROWS_PER_INSERT))
        .execute()
  }
}

/** Of the sub-account that a document is of. */
export async function endPasscodeNamed(held: Held, body: unknown): Promise<void> {
  const { account, 'user-id': userId } = subAccountDocument.parse(body)
  await endPasscodes(held, [{ account, userId }])
}

export function subjectOf({ account, user_id }: { readonly account: string; readonly user_id: string }): string {
  return `SubAccount/${subAccountName({ account, userId: user_id })}`
}

/** Codes that an account cannot give again: its own of all times, and those in force on the bridges that it is on. */
class TakenCodes {
  readonly #own = new Set<string>()
  readonly #others: ReadonlyArray<Set<string>>
  /** Where a code that is given now is taken from now on. */
  readonly shared: ReadonlyArray<Set<string>>

  constructor(bridges: ReadonlyArray<Set<string>>) {
    this.#others = bridges
    this.shared = [this.#own, ...bridges]
  }

  addOwn(code: string): void {
    this.#own.add(code)
  }

  has(code: string): boolean {
    return this.#own.has(code) || this.#others.some((codes) => codes.has(code))
  }
}

async function takenCodes(held: Held, accounts: ReadonlySet<string>): Promise<ReadonlyMap<string, TakenCodes>> {
  const { catalog, tenant } = held
  const bridges = (await loadBridges(held)).map((bridge) => ({
    accounts: new Set(bridge.accounts),
    codes: new Set<string>(),
  }))
  const taken = new Map(
    [...accounts].map((account) => {
      const on = bridges.filter((bridge) => bridge.accounts.has(account)).map(({ codes }) => codes)
      return [account, new TakenCodes(on)] as const
    }),
  )
  const rows = await catalog
    .selectFrom('passcode')
    .select(['account', 'code_hmac', 'ended_at'])
    .where('tenant', '=', tenant)
    .execute()
  for (const { account, code_hmac, ended_at } of rows) {
    taken.get(account)?.addOwn(code_hmac)
    if (ended_at === null) for (const bridge of bridges) if (bridge.accounts.has(account)) bridge.codes.add(code_hmac)
  }
  return taken
}

type CodeWanted = { readonly digits: number; readonly ofAccount: TakenCodes; readonly hasher: PasscodeHasher }

/** Beyond so many tries there are hardly any codes of this length left. */
const TRIES_MAX = 1000

function freeCode(key: SubAccountKey, { digits, ofAccount, hasher }: CodeWanted): string {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const code = makePasscode(digits, () => randomInt(10))
    if (!isWrittenElsewhere(key, code) && !ofAccount.has(hasher.codeHmac(code))) return code
  }
  throw new Refusal('bad-command', `${key.account} has hardly any passcodes of ${digits} digits left.`, {
    hint: 'Give longer ones: --length 10.',
  })
}

/** What stands on every bill is no secret. */
function isWrittenElsewhere({ account, userId }: SubAccountKey, code: string): boolean {
  return account.includes(code) || userId.includes(code)
}

/** Whose a code is that is taken is not said: whoever chooses one must not learn another's. */
function refuseUnfit(key: SubAccountKey, code: string, isTaken: boolean): void {
  const fault = passcodeFault(code)
  if (fault !== null)
    throw new Refusal('bad-command', `That cannot be a passcode: ${PASSCODE_FAULT_WORDS[fault]}.`, { hint: CHOOSE })
  if (isTaken || isWrittenElsewhere(key, code))
    throw new Refusal('bad-command', 'That cannot be a passcode: choose another.', { hint: CHOOSE })
}

const CHOOSE = 'Leave it to chance: without --chosen a passcode is made at random.'
