// Writes users and grants, within the transaction of whatever else is done.
import { Refusal } from '@spillway/core'
import type { Catalog, RoleGrantTable } from '@spillway/engine'
import { isGrantable, ROLES, type Role, type ScopeKind } from '../contract/permissions.ts'
import type { Call } from '../http/call.ts'
import { makeId } from '../sign-in/secrets.ts'

type In = { readonly catalog: Catalog; readonly who: string }
type NewUser = { readonly email: string; readonly name: string; readonly passwordHash: string | null }

/** Its id. @throws Refusal `exists`. */
export async function addUser(
  { services: { workspace } }: Pick<Call, 'services'>,
  { catalog, who, user: { email, name, passwordHash } }: In & { readonly user: NewUser },
): Promise<string> {
  const { tenant, actor } = workspace
  const known = await catalog
    .selectFrom('app_user')
    .select('id')
    .where('tenant', '=', tenant)
    .where('email', '=', email)
    .executeTakeFirst()
  if (known) throw new Refusal('exists', `There is a user ${email} already.`, { hint: 'Change that one.' })
  const id = makeId('usr')
  const created_at = actor.now().toISOString()
  await catalog
    .insertInto('app_user')
    .values({ tenant, id, email, name, state: 'active', password_hash: passwordHash, created_at, created_by: who })
    .execute()
  return id
}

export type NewGrant = {
  readonly user: string
  readonly role: Role
  readonly scopeKind: ScopeKind
  readonly scopeKey: string
  readonly via: RoleGrantTable['via']
}

/** The saved grant. @throws Refusal `bad-command` for a role on what it cannot be granted on, `exists`. */
export async function addGrant(
  { services: { workspace } }: Pick<Call, 'services'>,
  { catalog, who, grant }: In & { readonly grant: NewGrant },
): Promise<RoleGrantTable> {
  const { user, role, scopeKind, scopeKey, via } = grant
  refuseMisfit(grant)
  const { tenant, actor } = workspace
  const row: RoleGrantTable = {
    tenant,
    id: makeId('gr'),
    user_id: user,
    role,
    scope_kind: scopeKind,
    scope_key: scopeKey,
    via,
    granted_at: actor.now().toISOString(),
    granted_by: who,
  }
  const { numInsertedOrUpdatedRows: inserted } = await catalog
    .insertInto('role_grant')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (inserted === 1n) return row
  throw new Refusal('exists', 'This is granted already.', { hint: 'See the grants of the user.' })
}

function refuseMisfit({ role, scopeKind, scopeKey }: NewGrant): void {
  if (!isGrantable(role, scopeKind))
    throw new Refusal('bad-command', `The role ${role} cannot be granted on a ${scopeKind}.`, {
      hint: `It is granted on ${ROLES[role].grantedOn.join(' or ')}.`,
    })
  if ((scopeKind === 'tenant') !== (scopeKey === ''))
    throw new Refusal('bad-command', 'A grant on the tenant has no key, and every other one has one.', {
      hint: `Give scopeKey the id of the ${scopeKind}.`,
    })
}
