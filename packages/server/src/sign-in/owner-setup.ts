// The token by which the first owner, or one more after all are locked out, is made: only whoever starts the server sees it. It
// is held in memory, works once, and is gone with the process.
import { timingSafeEqual } from 'node:crypto'
import type { Catalog } from '@spillway/engine'
import { digestOf, makeSecret } from './secrets.ts'

export class OwnerSetup {
  #digest: string | null = null

  /** A new token; the one before it works no more. */
  offer(): string {
    const token = makeSecret('spillway_owner_')
    this.#digest = digestOf(token)
    return token
  }

  /** True once for the token that was offered. */
  redeem(token: string): boolean {
    const expected = this.#digest
    if (expected === null || !timingSafeEqual(Buffer.from(expected), Buffer.from(digestOf(token)))) return false
    this.#digest = null
    return true
  }

  /** After what it was redeemed for failed. */
  restore(token: string): void {
    this.#digest = digestOf(token)
  }
}

/** Whether anybody is an owner and can sign in. */
export async function hasOwner(catalog: Catalog, tenant: string): Promise<boolean> {
  const found = await catalog
    .selectFrom('role_grant')
    .innerJoin('app_user', (join) =>
      join.onRef('app_user.id', '=', 'role_grant.user_id').onRef('app_user.tenant', '=', 'role_grant.tenant'),
    )
    .select('app_user.id')
    .where('role_grant.tenant', '=', tenant)
    .where('role_grant.role', '=', 'owner')
    .where('app_user.state', '=', 'active')
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}
