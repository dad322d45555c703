// A webhook's secret, made of its salt under a key in a file beside the databases: no database, dump or backup holds a secret. A
// workspace whose key is gone makes another, and then every secret is to be made anew.
import { createHmac, randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { invariant, Refusal } from '@spillway/core'

const KEY_FILE = 'webhook.key'
const KEY_BYTES = 32
const PREFIX = 'whsec_'

export type SaltedEndpoint = { readonly tenant: string; readonly id: string; readonly salt: string }

export class WebhookSecrets {
  readonly #path: string
  #key: Promise<Buffer> | null = null

  constructor(directory: string) {
    this.#path = join(directory, KEY_FILE)
  }

  /** As it is shown once: `whsec_` and base64. */
  async secretOf(endpoint: SaltedEndpoint): Promise<string> {
    return `${PREFIX}${(await this.#bytesOf(endpoint)).toString('base64')}`
  }

  /** The value of `webhook-signature` (Standard Webhooks). `timestamp` is in seconds. */
  async sign(
    endpoint: SaltedEndpoint,
    { id, timestamp, body }: { readonly id: string; readonly timestamp: number; readonly body: string },
  ): Promise<string> {
    const key = await this.#bytesOf(endpoint)
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  }

  async #bytesOf({ tenant, id, salt }: SaltedEndpoint): Promise<Buffer> {
    this.#key ??= readOrMakeKey(this.#path)
    const key = await this.#key
    return createHmac('sha256', key).update(['webhook', tenant, id, salt].join('\u0000')).digest()
  }
}

async function readOrMakeKey(path: string): Promise<Buffer> {
  const found = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new Refusal('workspace-damaged', `The key of webhooks cannot be read: ${path} (${error.code}).`, {
      hint: 'Let the user of the server read it.',
    })
  })
  if (found !== null) {
    const key = Buffer.from(found.trim(), 'hex')
    invariant(key.length === KEY_BYTES, 'the key of webhooks is whole', { path })
    return key
  }
  const key = randomBytes(KEY_BYTES)
  await writeFile(`${path}.part`, `${key.toString('hex')}\n`, { mode: 0o600, flush: true })
  await rename(`${path}.part`, path)
  return key
}
