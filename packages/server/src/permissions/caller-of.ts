// Who a user is by now: with what they are granted at this moment, however they are known.
import { keptRead, type UserTable, type Workspace } from '@spillway/engine'
import type { Caller, Grant } from './caller.ts'

type Known = { readonly user: UserTable; readonly grants: ReadonlyArray<Grant> }

/** null for a user who is disabled. */
export async function callerOf(workspace: Workspace, id: string, by: Caller['by']): Promise<Caller | null> {
  const { catalog, tenant } = workspace
  const known = await keptRead(catalog, { question: ['caller', tenant, id] }, () => readCaller(workspace, id))
  return known && { ...known, by }
}

async function readCaller({ catalog, tenant }: Workspace, id: string): Promise<Known | null> {
  const user = await catalog
    .selectFrom('app_user')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .where('state', '=', 'active')
    .executeTakeFirst()
  if (!user) return null
  const grants = await catalog
    .selectFrom('role_grant')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('user_id', '=', id)
    .orderBy('granted_at')
    .orderBy('role')
    .orderBy('scope_kind')
    .orderBy('scope_key')
    .orderBy('id')
    .execute()
  return { user, grants: grants as ReadonlyArray<Grant> }
}
