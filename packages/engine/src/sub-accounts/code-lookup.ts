// Whose passcode the entry code of a call record is (spec, accounts): what an import asks before it keeps a row. Codes that
// were replaced still say whose the calls of before were. Nothing is asked of the databases per row.
import type { ReadContext, SubAccountKey } from '@spillway/core'
import type { Workspace } from '../workspace/workspace.ts'
import { openHasher, type PasscodeHasher, storedKeyCheck } from './passcode-key.ts'

type Held = Pick<Workspace, 'catalog' | 'tenant' | 'directory' | 'passcodeKeyFile'>

/** Calls of one sub-account follow each other; beyond so many the answers are forgotten and found again. */
const ANSWERS_MAX = 10_000

/** undefined where nobody ever had a passcode. The key is read with the first code, so that files without any need none. */
export async function codeLookup(held: Held): Promise<ReadContext['subAccountOf']> {
  const check = await storedKeyCheck(held)
  if (check === undefined) return undefined
  const rows = await held.catalog
    .selectFrom('passcode')
    .select(['account', 'user_id', 'code_hmac'])
    .where('tenant', '=', held.tenant)
    .execute()
  if (rows.length === 0) return undefined
  const holders = new Map<string, SubAccountKey[]>()
  for (const { account, user_id: userId, code_hmac } of rows) {
    const known = holders.get(code_hmac)
    if (known) known.push({ account, userId })
    else holders.set(code_hmac, [{ account, userId }])
  }
  let hasher: PasscodeHasher | undefined
  const answers = new Map<string, SubAccountKey | undefined>()
  return (account, code) => {
    const asked = `${account}\u0000${code}`
    if (answers.has(asked)) return answers.get(asked)
    if (answers.size >= ANSWERS_MAX) answers.clear()
    hasher ??= openHasher(held, check)
    const answer = holderOf(holders.get(hasher.codeHmac(code)), account)
    answers.set(asked, answer)
    return answer
  }
}

function holderOf(holders: ReadonlyArray<SubAccountKey> | undefined, account: string): SubAccountKey | undefined {
  if (account !== '') return holders?.find((holder) => holder.account === account)
  return holders?.length === 1 ? holders[0] : undefined
}
