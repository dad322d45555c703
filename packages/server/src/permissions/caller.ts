// Who calls: a user by a session or by a token, with what they were granted.
import type { RoleGrantTable, UserTable } from '@spillway/engine'
import type { Permission, Role, ScopeKind } from '../contract/permissions.ts'
import { permissionsOf } from '../contract/permissions.ts'

export type Grant = Omit<RoleGrantTable, 'role' | 'scope_kind'> & {
  readonly role: Role
  readonly scope_kind: ScopeKind
}

export type Caller = {
  readonly user: UserTable
  readonly grants: ReadonlyArray<Grant>
  readonly by:
    | { readonly kind: 'session'; readonly digest: string }
    /** A token can less than its user, never more. */
    | { readonly kind: 'token'; readonly id: string; readonly name: string; readonly permissions: ReadonlySet<string> }
}

/** How the audit log and what is saved name a caller. */
export function nameOf({ user, by }: Caller): string {
  return by.kind === 'token' ? `${user.email} (token ${by.name})` : user.email
}

/** Those grants by which the caller has a permission, wherever they reach. */
export function grantsWith({ grants, by }: Caller, permission: Permission): ReadonlyArray<Grant> {
  if (by.kind === 'token' && !by.permissions.has(permission)) return []
  return grants.filter(({ role }) => permissionsOf(role).includes(permission))
}
