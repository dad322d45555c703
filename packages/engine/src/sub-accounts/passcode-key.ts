// The key under which passcodes are kept: a file beside the databases and in none of them. Without it nothing that is stored
// can be compared with a passcode, and nobody who takes the databases alone can try codes. Never prints the key or a code.
import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Refusal } from '@spillway/core'
import { appendAudit } from '../catalog/audit.ts'
import type { Workspace } from '../workspace/workspace.ts'

type Held = Pick<Workspace, 'catalog' | 'tenant' | 'actor' | 'directory' | 'passcodeKeyFile'>

const KEY_FILE = 'passcode.key'
const KEY_BYTES = 32
const KEY_TEXT = /^[0-9a-f]{64,256}$/i

export function passcodeKeyPath({ directory, passcodeKeyFile }: Pick<Held, 'directory' | 'passcodeKeyFile'>): string {
  return passcodeKeyFile ?? join(directory, KEY_FILE)
}

/** Makes of a code or a name what may be stored. The tenant is in it: what two tenants store cannot be compared. */
export class PasscodeHasher {
  readonly #key: Buffer
  readonly #tenant: string

  constructor(key: Buffer, tenant: string) {
    this.#key = key
    this.#tenant = tenant
  }

  /** HMAC-SHA-256, lower-case hex. */
  codeHmac(code: string): string {
    return this.#hmac('passcode', code)
  }

  /** Of a user id or a caller whose tries are counted. */
  subjectHmac(kind: 'caller' | 'user-id', text: string): string {
    return this.#hmac(kind, text)
  }

  /** By which the key is known again. */
  get check(): string {
    return this.#hmac('check', '')
  }

  #hmac(purpose: string, text: string): string {
    return createHmac('sha256', this.#key).update(`${purpose}\u0000${this.#tenant}\u0000${text}`).digest('hex')
  }
}

/** The key as the catalog knows it; undefined where no passcode was ever set. */
export async function storedKeyCheck({
  catalog,
  tenant,
}: Pick<Held, 'catalog' | 'tenant'>): Promise<string | undefined> {
  const row = await catalog
    .selectFrom('passcode_key')
    .select('key_check')
    .where('tenant', '=', tenant)
    .executeTakeFirst()
  return row?.key_check
}

/** @throws Refusal `passcode-key` where the key is missing, readable to others, or another one. */
export function openHasher(
  held: Pick<Held, 'tenant' | 'directory' | 'passcodeKeyFile'>,
  check: string,
): PasscodeHasher {
  const hasher = new PasscodeHasher(readKey(held), held.tenant)
  if (hasher.check === check) return hasher
  throw new Refusal('passcode-key', `${passcodeKeyPath(held)} is not the key under which the passcodes were stored.`, {
    hint: HINT,
  })
}

/** Of no key that is kept: where nobody has a passcode, trying one costs as much as where somebody has. */
export function throwawayHasher({ tenant }: Pick<Held, 'tenant'>): PasscodeHasher {
  return new PasscodeHasher(randomBytes(KEY_BYTES), tenant)
}

/** The key for setting passcodes; made, and named to the catalog, where there is none yet. @throws Refusal `passcode-key`. */
export async function hasherForSetting(held: Held): Promise<PasscodeHasher> {
  const check = await storedKeyCheck(held)
  if (check !== undefined) return openHasher(held, check)
  const path = passcodeKeyPath(held)
  if (held.passcodeKeyFile === undefined && !existsSync(path)) await writeKey(path)
  const hasher = new PasscodeHasher(readKey(held), held.tenant)
  await held.catalog
    .insertInto('passcode_key')
    .values({
      tenant: held.tenant,
      key_check: hasher.check,
      made_at: held.actor.now().toISOString(),
      made_by: held.actor.who,
    })
    .execute()
  return hasher
}

/**
 * Begins again with another key: every passcode of the tenant ends, because none can be compared any more. In the folder
 * of the workspace the key is made; elsewhere it is the one that lies there.
 */
export async function replacePasscodeKey(held: Held): Promise<PasscodeHasher> {
  const { catalog, tenant, actor } = held
  if (held.passcodeKeyFile === undefined) await writeKey(passcodeKeyPath(held))
  const hasher = new PasscodeHasher(readKey(held), tenant)
  const [at, who] = [actor.now().toISOString(), actor.who]
  await catalog.transaction().execute(async (transaction) => {
    for (const table of ['passcode', 'wrong_try', 'passcode_key'] as const)
      await transaction.deleteFrom(table).where('tenant', '=', tenant).execute()
    await transaction
      .insertInto('passcode_key')
      .values({ tenant, key_check: hasher.check, made_at: at, made_by: who })
      .execute()
    await appendAudit(transaction, { tenant, at, who, action: 'replace-passcode-key', subject: 'passcodes' })
  })
  return hasher
}

const HINT =
  'Put the key back from where it is kept; if it is lost, `spillway sub-account rotate --all --new-key` gives everybody another passcode.'

function readKey(held: Pick<Held, 'directory' | 'passcodeKeyFile'>): Buffer {
  const path = passcodeKeyPath(held)
  const text = readText(path)
  if (!KEY_TEXT.test(text) || text.length % 2 === 1)
    throw new Refusal('passcode-key', `${path} holds no key.`, {
      hint: `A key is 64 or more hexadecimal digits. ${HINT}`,
    })
  if (held.passcodeKeyFile === undefined) refuseReadableToOthers(path)
  return Buffer.from(text, 'hex')
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Refusal('passcode-key', `The key of the passcodes cannot be read: ${path} (${code}).`, { hint: HINT })
  }
}

/** A key that is mounted from elsewhere has the mode that its mount gives it; ours has the one that we gave it. */
function refuseReadableToOthers(path: string): void {
  if (process.platform === 'win32' || (statSync(path).mode & 0o077) === 0) return
  throw new Refusal('passcode-key', `${path} can be read by others than its owner.`, {
    hint: `Run \`chmod 600 ${path}\`; if somebody may have copied it, give everybody another passcode.`,
  })
}

/** Whole or not at all, and never for a moment readable to others. */
async function writeKey(path: string): Promise<void> {
  const part = `${path}.part`
  await rm(part, { force: true })
  await writeFile(part, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  await rename(part, path)
}
