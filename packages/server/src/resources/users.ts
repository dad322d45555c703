// Users and what they are granted. There is always an owner who can sign in.
import { Refusal } from '@spillway/core'
import type { Catalog, UserTable } from '@spillway/engine'
import { userRoutes as routes } from '../contract/users.ts'
import type { Call } from '../http/call.ts'
import type { Server } from '../http/environment.ts'
import { pageOfItems } from '../http/pages.ts'
import { register } from '../http/register.ts'
import { nameOf } from '../permissions/caller.ts'
import { hasOwner } from '../sign-in/owner-setup.ts'
import { hashPassword } from '../sign-in/passwords.ts'
import { endSessionsOf } from '../sign-in/sessions.ts'
import { addGrant, addUser } from './save-user.ts'
import { toGrant, toUser } from './shown.ts'

export function registerUsers(server: Server): void {
  register(server, routes.listUsers, async (c, { workspace: { catalog, tenant } }) => {
    const { state, ...page } = c.req.valid('query')
    const rows = await catalog.selectFrom('app_user').selectAll().where('tenant', '=', tenant).execute()
    const users = rows.map(toUser).filter((user) => state === undefined || user.state === state)
    return c.json(pageOfItems(users, { ...page, idOf: ({ id }) => id }), 200)
  })
  register(server, routes.createUser, async (c, call) => {
    const { email, name, password } = c.req.valid('json')
    const passwordHash = password === undefined ? null : await hashPassword(password)
    const who = nameOf(call.caller)
    const id = await call.record({ action: 'create-user', subject: email, after: { email, name } }, (catalog) =>
      addUser(call, { catalog, who, user: { email, name, passwordHash } }),
    )
    return c.json(toUser(await requireUser(call, id)), 201)
  })
  register(server, routes.getUser, async (c, call) =>
    c.json(toUser(await requireUser(call, c.req.valid('param').id)), 200),
  )
  register(server, routes.changeUser, async (c, call) => {
    const user = await requireUser(call, c.req.valid('param').id)
    await changeUser(call, { user, wanted: c.req.valid('json') })
    return c.json(toUser(await requireUser(call, user.id)), 200)
  })
  registerGrants(server)
}

function registerGrants(server: Server): void {
  register(server, routes.listGrants, async (c, { workspace: { catalog, tenant } }) => {
    const { user, role, ...page } = c.req.valid('query')
    const rows = await catalog.selectFrom('role_grant').selectAll().where('tenant', '=', tenant).execute()
    const grants = rows
      .map(toGrant)
      .filter((grant) => (user === undefined || grant.user === user) && (role === undefined || grant.role === role))
    return c.json(pageOfItems(grants, { ...page, idOf: ({ id }) => id }), 200)
  })
  register(server, routes.createGrant, async (c, call) => {
    const grant = c.req.valid('json')
    const { email } = await requireUser(call, grant.user)
    const who = nameOf(call.caller)
    const row = await call.record({ action: 'grant', subject: email, after: grant }, (catalog) =>
      addGrant(call, { catalog, who, grant: { ...grant, via: 'people' } }),
    )
    return c.json(toGrant(row), 201)
  })
  register(server, routes.deleteGrant, async (c, call) => {
    await deleteGrant(call, c.req.valid('param').id)
    return c.body(null, 204)
  })
}

/** @throws Refusal `not-found`. */
async function requireUser({ workspace: { catalog, tenant } }: Call, id: string): Promise<UserTable> {
  const user = await catalog
    .selectFrom('app_user')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst()
  if (user) return user
  throw new Refusal('not-found', `There is no user ${id}.`, { hint: 'List the users.' })
}

type Wanted = {
  readonly name?: string | undefined
  readonly state?: UserTable['state'] | undefined
  readonly password?: string | undefined
}

async function changeUser(
  call: Call,
  { user, wanted: { name = user.name, state = user.state, password } }: { user: UserTable; wanted: Wanted },
): Promise<void> {
  const hash = password === undefined ? user.password_hash : await hashPassword(password)
  const shownOf = (one: Pick<UserTable, 'name' | 'state'>) => ({ name: one.name, state: one.state })
  const entry = {
    action: 'change-user',
    subject: user.email,
    details: { password: password === undefined ? 'kept' : 'changed' },
    before: shownOf(user),
    after: shownOf({ name, state }),
  }
  await call.record(entry, async (catalog) => {
    await catalog
      .updateTable('app_user')
      .set({ name, state, password_hash: hash })
      .where('tenant', '=', user.tenant)
      .where('id', '=', user.id)
      .execute()
    if (state === 'disabled' || password !== undefined)
      await endSessionsOf(catalog, { tenant: user.tenant, user: user.id })
    await requireOwnerLeft(catalog, user.tenant)
  })
}

async function deleteGrant(call: Call, id: string): Promise<void> {
  const { catalog: outer, tenant } = call.workspace
  const row = await outer
    .selectFrom('role_grant')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw new Refusal('not-found', `There is no grant ${id}.`, { hint: 'List the grants.' })
  const { email } = await requireUser(call, row.user_id)
  await call.record({ action: 'revoke-grant', subject: email, before: toGrant(row) }, async (catalog) => {
    await catalog.deleteFrom('role_grant').where('tenant', '=', tenant).where('id', '=', id).execute()
    await requireOwnerLeft(catalog, tenant)
  })
}

/** @throws Refusal `in-use`, which rolls the change back. */
async function requireOwnerLeft(catalog: Catalog, tenant: string): Promise<void> {
  if (await hasOwner(catalog, tenant)) return
  throw new Refusal('in-use', 'Nobody would be left who owns this company.', {
    hint: 'Make somebody else an owner first.',
  })
}
