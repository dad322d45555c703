// Keeps the answer to a changing request that carries an Idempotency-Key, so that the same request sent again is done once.
// Keeps no request, only its digest; routes with secrets are never kept.
import { Refusal } from '@spillway/core'
import type { KeptAnswerTable, Workspace } from '@spillway/engine'

const KEPT_MS = 24 * 3600_000
const KEPT_HEADERS = ['content-type', 'etag', 'location']

/** Whose key it is. */
export type KeyPlace = { readonly who: string; readonly key: string }

export class KeptAnswers {
  readonly #workspace: Workspace

  constructor(workspace: Workspace) {
    this.#workspace = workspace
  }

  /** The kept answer, or undefined where the request is to be done. @throws Refusal `request-repeated`. */
  async begin({ who, key }: KeyPlace, digest: string): Promise<KeptAnswerTable | undefined> {
    const { catalog, tenant, actor } = this.#workspace
    const now = actor.now()
    const oldest = new Date(now.getTime() - KEPT_MS).toISOString()
    await catalog.deleteFrom('kept_answer').where('tenant', '=', tenant).where('kept_at', '<', oldest).execute()
    const row = {
      tenant,
      who,
      key,
      request_digest: digest,
      status: 0,
      headers: '{}',
      body: '',
      kept_at: now.toISOString(),
    }
    const { numInsertedOrUpdatedRows: inserted } = await catalog
      .insertInto('kept_answer')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (inserted === 1n) return undefined
    const kept = await catalog
      .selectFrom('kept_answer')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('who', '=', who)
      .where('key', '=', key)
      .executeTakeFirst()
    if (kept && kept.request_digest === digest && kept.status !== 0) return kept
    const isOther = kept !== undefined && kept.request_digest !== digest
    throw new Refusal(
      'request-repeated',
      isOther
        ? 'This idempotency key was used for another request.'
        : 'A request with this idempotency key was not finished.',
      {
        hint: isOther
          ? 'Use a new key for a new request.'
          : 'Look whether it was done before you send it with a new key.',
      },
    )
  }

  async finish({ who, key }: KeyPlace, answer: Response): Promise<void> {
    const headers = Object.fromEntries(
      KEPT_HEADERS.flatMap((name) => {
        const value = answer.headers.get(name)
        return value === null ? [] : [[name, value]]
      }),
    )
    await this.#workspace.catalog
      .updateTable('kept_answer')
      .set({ status: answer.status, headers: JSON.stringify(headers), body: await answer.text() })
      .where('tenant', '=', this.#workspace.tenant)
      .where('who', '=', who)
      .where('key', '=', key)
      .execute()
  }

  /** What failed on our side, or was refused, may be tried again with the same key. */
  async forget({ who, key }: KeyPlace): Promise<void> {
    await this.#workspace.catalog
      .deleteFrom('kept_answer')
      .where('tenant', '=', this.#workspace.tenant)
      .where('who', '=', who)
      .where('key', '=', key)
      .execute()
  }
}
