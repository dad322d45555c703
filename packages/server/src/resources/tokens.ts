// API tokens: one's own, and for who may change users those of everybody. A token is shown once and can less than its user.
import { Refusal } from '@spillway/core'
import type { ApiTokenTable } from '@spillway/engine'
import { userRoutes as routes } from '../contract/users.ts'
import type { Call } from '../http/call.ts'
import type { Server } from '../http/environment.ts'
import { pageOfItems } from '../http/pages.ts'
import { register } from '../http/register.ts'
import { grantsWith } from '../permissions/caller.ts'
import { digestOf, makeId, makeSecret } from '../sign-in/secrets.ts'
import { toToken } from './shown.ts'

const PREFIX = 'spillway_'
const HINT_LENGTH = PREFIX.length + 4
const DAY_MS = 86_400_000

export function registerTokens(server: Server): void {
  register(server, routes.listTokens, async (c, call) => {
    const { all, ...page } = c.req.valid('query')
    const rows = await tokensOf(call, { ofEverybody: all === 'true' })
    return c.json(pageOfItems(rows.map(toToken), { ...page, idOf: ({ id }) => id }), 200)
  })
  register(server, routes.createToken, async (c, call) => {
    const { name, permissions, days, user = call.caller.user.id } = c.req.valid('json')
    const { tenant, actor } = call.services.workspace
    if (user !== call.caller.user.id) await requireMachine(call, user)
    const token = makeSecret(PREFIX)
    const now = actor.now()
    const row: ApiTokenTable = {
      tenant,
      id: makeId('tok'),
      user_id: user,
      name,
      hint: token.slice(0, HINT_LENGTH),
      digest: digestOf(token),
      permissions: JSON.stringify(permissions),
      created_at: now.toISOString(),
      ends_at: new Date(now.getTime() + days * DAY_MS).toISOString(),
      used_at: null,
      revoked_at: null,
    }
    await call.record({ action: 'create-token', subject: name, after: toToken(row) }, (transaction) =>
      transaction.insertInto('api_token').values(row).execute(),
    )
    return c.json({ ...toToken(row), token }, 201)
  })
  register(server, routes.revokeToken, async (c, call) => {
    const { id } = c.req.valid('param')
    const token = (await tokensOf(call, { ofEverybody: mayChangeUsers(call) })).find((one) => one.id === id)
    if (!token) throw new Refusal('not-found', `You have no token ${id}.`, { hint: 'List your tokens.' })
    const { workspace } = call.services
    await call.record({ action: 'revoke-token', subject: token.name, before: toToken(token) }, (catalog) =>
      catalog
        .updateTable('api_token')
        .set({ revoked_at: workspace.actor.now().toISOString() })
        .where('tenant', '=', workspace.tenant)
        .where('id', '=', id)
        .execute(),
    )
    return c.body(null, 204)
  })
}

function mayChangeUsers({ caller }: Call): boolean {
  return grantsWith(caller, 'user:change').some(({ scope_kind }) => scope_kind === 'tenant')
}

/** @throws Refusal `not-permitted`. */
async function tokensOf(call: Call, { ofEverybody }: { ofEverybody: boolean }): Promise<ApiTokenTable[]> {
  const { catalog, tenant } = call.services.workspace
  if (ofEverybody && !mayChangeUsers(call))
    throw new Refusal('not-permitted', 'You may see your own tokens.', { hint: 'Leave `all` out.' })
  const all = await catalog.selectFrom('api_token').selectAll().where('tenant', '=', tenant).execute()
  return ofEverybody ? all : all.filter(({ user_id }) => user_id === call.caller.user.id)
}

/** Nobody makes a token in the name of another person. @throws Refusal `not-permitted`, `not-found`. */
async function requireMachine(call: Call, id: string): Promise<void> {
  const { catalog, tenant } = call.services.workspace
  const user = await catalog
    .selectFrom('app_user')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!mayChangeUsers(call) || user?.password_hash !== null)
    throw new Refusal('not-permitted', 'A token is for yourself, or for a machine: a user without a password.', {
      hint: 'Let the person make it.',
    })
  const grants = await catalog
    .selectFrom('role_grant')
    .select('role')
    .where('tenant', '=', tenant)
    .where('user_id', '=', id)
    .execute()
  if (grants.some(({ role }) => role !== 'machine'))
    throw new Refusal('not-permitted', 'This user is a person.', { hint: 'Let the person make it.' })
}
