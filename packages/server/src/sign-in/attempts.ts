// Limits on guessing. Counts are in the catalog, so that a restart forgives nobody; what is counted is kept as a digest, because
// people type a password where their address belongs.
import { Refusal } from '@spillway/core'
import type { Catalog, Workspace } from '@spillway/engine'
import { sql } from 'kysely'
import { digestOf } from './secrets.ts'

const MINUTE_MS = 60_000

/** Tries that may fail within a window, and for how long it is locked after one more. */
const LIMITS = {
  /** One user from one address. */
  user: { tries: 5, windowMs: 15 * MINUTE_MS, lockMs: 15 * MINUTE_MS },
  /** One user from anywhere: more, so that a stranger cannot lock somebody out by five tries. */
  userAnywhere: { tries: 50, windowMs: 60 * MINUTE_MS, lockMs: 15 * MINUTE_MS },
  /** Every kind of credential from one address. */
  address: { tries: 60, windowMs: 15 * MINUTE_MS, lockMs: 15 * MINUTE_MS },
} as const
type LimitName = keyof typeof LIMITS

export type Attempt = { readonly address: string; readonly user?: string }
type Counted = { readonly name: LimitName; readonly subject: string }
type Held = Pick<Workspace, 'catalog' | 'tenant' | 'actor'>

export class Attempts {
  readonly #workspace: Held

  constructor(workspace: Held) {
    this.#workspace = workspace
  }

  /** Counts one before it is tried, so that many at once do not slip through. @throws Refusal `too-many`. */
  async count(attempt: Attempt): Promise<void> {
    const { catalog } = this.#workspace
    // One who is locked out costs no write.
    for (const counted of countedIn(attempt)) refuseOver(counted, await this.#find(counted), this.#now())
    const found = await catalog.transaction().execute(async (transaction) => {
      await this.#forgetOld(transaction)
      const rows: Array<readonly [Counted, Count]> = []
      for (const counted of countedIn(attempt)) rows.push([counted, await this.#add(transaction, counted)])
      return rows
    })
    for (const [counted, row] of found) refuseOver(counted, row, this.#now())
  }

  /** Takes back what was counted: it was right. */
  async forgive(attempt: Attempt): Promise<void> {
    const { catalog, tenant } = this.#workspace
    await catalog.transaction().execute(async (transaction) => {
      for (const { name, subject } of countedIn(attempt)) {
        if (name === 'address')
          await transaction
            .updateTable('sign_in_try')
            .set({ count: sql<number>`max(0, count - 1)` })
            .where('tenant', '=', tenant)
            .where('subject', '=', subject)
            .execute()
        else
          await transaction
            .deleteFrom('sign_in_try')
            .where('tenant', '=', tenant)
            .where('subject', '=', subject)
            .execute()
      }
    })
  }

  #now(): Date {
    return this.#workspace.actor.now()
  }

  #find({ subject }: Counted): Promise<Count | undefined> {
    const { catalog, tenant } = this.#workspace
    return catalog
      .selectFrom('sign_in_try')
      .select(['count', 'ends_at'])
      .where('tenant', '=', tenant)
      .where('subject', '=', subject)
      .executeTakeFirst()
  }

  /** One more in its window; the one that is too many begins the lock. */
  #add(transaction: Catalog, { name, subject }: Counted): Promise<Count> {
    const { tenant } = this.#workspace
    const { tries, windowMs, lockMs } = LIMITS[name]
    const now = this.#now().getTime()
    const [ends_at, lockedUntil] = [windowMs, lockMs].map((ms) => new Date(now + ms).toISOString()) as [string, string]
    return transaction
      .insertInto('sign_in_try')
      .values({ tenant, subject, count: 1, ends_at })
      .onConflict((conflict) =>
        conflict.columns(['tenant', 'subject']).doUpdateSet({
          count: sql<number>`sign_in_try.count + 1`,
          ends_at: sql<string>`CASE WHEN sign_in_try.count = ${tries} THEN ${lockedUntil} ELSE sign_in_try.ends_at END`,
        }),
      )
      .returning(['count', 'ends_at'])
      .executeTakeFirstOrThrow()
  }

  async #forgetOld(transaction: Catalog): Promise<void> {
    const { tenant } = this.#workspace
    await transaction
      .deleteFrom('sign_in_try')
      .where('tenant', '=', tenant)
      .where('ends_at', '<=', this.#now().toISOString())
      .execute()
  }
}

type Count = { readonly count: number; readonly ends_at: string }

/** @throws Refusal `too-many`. */
function refuseOver({ name }: Counted, row: Count | undefined, now: Date): void {
  if (row === undefined || row.count <= LIMITS[name].tries) return
  const left = Date.parse(row.ends_at) - now.getTime()
  if (left <= 0) return
  throw new Refusal('too-many', 'Too many tries failed.', {
    hint: 'Wait until it is unlocked.',
    facts: { retryAfterSeconds: Math.ceil(left / 1000) },
  })
}

function countedIn({ address, user }: Attempt): ReadonlyArray<Counted> {
  const of = (name: LimitName, ...words: string[]): Counted => ({
    name,
    subject: digestOf(JSON.stringify([name, ...words])),
  })
  return [of('address', address), ...(user === undefined ? [] : [of('user', user, address), of('userAnywhere', user)])]
}
