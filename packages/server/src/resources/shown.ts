// What the API shows of the catalog's rows. Digests and hashes of secrets stay behind.

import type { z } from '@hono/zod-openapi'
import type { ApiTokenTable, RoleGrantTable, UserTable } from '@spillway/engine'
import type { Permission, Role, ScopeKind } from '../contract/permissions.ts'
import { PERMISSION_NAMES, PERMISSIONS } from '../contract/permissions.ts'
import type { me } from '../contract/sign-in.ts'
import type { apiToken, grant, user } from '../contract/users.ts'
import { type Caller, grantsWith } from '../permissions/caller.ts'

export function toUser(row: UserTable): z.infer<typeof user> {
  const { id, email, name, state, password_hash, created_at, created_by } = row
  return { id, email, name, state, hasPassword: password_hash !== null, createdAt: created_at, createdBy: created_by }
}

export function toGrant(row: RoleGrantTable): z.infer<typeof grant> {
  return {
    id: row.id,
    user: row.user_id,
    role: row.role as Role,
    scopeKind: row.scope_kind as ScopeKind,
    scopeKey: row.scope_key,
    via: row.via,
    grantedAt: row.granted_at,
    grantedBy: row.granted_by,
  }
}

export function toToken(row: ApiTokenTable): z.infer<typeof apiToken> {
  return {
    id: row.id,
    user: row.user_id,
    name: row.name,
    hint: row.hint,
    permissions: JSON.parse(row.permissions) as Permission[],
    createdAt: row.created_at,
    endsAt: row.ends_at,
    usedAt: row.used_at,
    revokedAt: row.revoked_at,
  }
}

export function toMe(caller: Caller): z.infer<typeof me> {
  return {
    user: toUser(caller.user),
    signedInBy: caller.by.kind,
    permissions: PERMISSION_NAMES.filter((permission) => isReached(caller, permission)),
    grants: caller.grants.map(toGrant),
  }
}

/** What counts for the whole tenant alone is nobody's by a grant on a part. */
function isReached(caller: Caller, permission: Permission): boolean {
  const grants = grantsWith(caller, permission)
  return PERMISSIONS[permission] === 'rows' ? grants.length > 0 : grants.some((one) => one.scope_kind === 'tenant')
}
