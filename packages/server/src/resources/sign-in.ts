// Signing in and out. Every try is counted before it is looked at; who signed in, and who failed to, is in the audit log.
import { invariant, Refusal } from '@spillway/core'
import type { Catalog } from '@spillway/engine'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { signInRoutes as routes } from '../contract/sign-in.ts'
import type { Call } from '../http/call.ts'
import type { Server } from '../http/environment.ts'
import { register } from '../http/register.ts'
import type { Caller } from '../permissions/caller.ts'
import { callerOf } from '../permissions/caller-of.ts'
import { hasOwner } from '../sign-in/owner-setup.ts'
import { checkPassword, hashPassword } from '../sign-in/passwords.ts'
import { digestOf } from '../sign-in/secrets.ts'
import { beginSession, endSession, endSessionsOf, forgetCookie } from '../sign-in/sessions.ts'
import { enterPerson } from './enter-person.ts'
import { addGrant, addUser } from './save-user.ts'
import { toMe } from './shown.ts'

const FLOW_COOKIE = 'spillway-openid'

export function registerSignIn(server: Server): void {
  register(server, routes.getSignInWays, async (c, { services: { workspace, openId } }) => {
    const providers = openId ? [{ name: openId.settings.name, path: routes.startOpenId.path }] : []
    const needsOwner = !(await hasOwner(workspace.catalog, workspace.tenant))
    return c.json({ needsOwner, hasPassword: true, providers }, 200)
  })
  register(server, routes.signIn, async (c, call) => {
    const { email, password } = c.req.valid('json')
    return c.json(toMe(await signInByPassword(c, call, { email, password })), 200)
  })
  register(server, routes.makeOwner, async (c, call) =>
    c.json(toMe(await makeOwner(c, call, c.req.valid('json'))), 201),
  )
  register(server, routes.followSignInLink, async (c, call) => {
    await followLink(c, call, c.req.valid('query').token)
    return c.redirect('/')
  })
  registerOpenId(server)
  registerSignOut(server)
}

function registerOpenId(server: Server): void {
  const requireOpenId = ({ services }: Call) => {
    if (services.openId) return services.openId
    throw new Refusal('not-found', 'This server has no single sign-on.', { hint: 'Sign in with a password.' })
  }
  register(server, routes.startOpenId, async (c, call) => {
    const { url, flow } = await requireOpenId(call).start()
    // Lax: the provider sends the browser back by a link.
    setCookie(c, FLOW_COOKIE, flow, {
      prefix: 'host',
      secure: true,
      httpOnly: true,
      sameSite: 'Lax',
      path: '/',
      maxAge: 600,
    })
    return c.redirect(url)
  })
  register(server, routes.finishOpenId, async (c, call) => {
    const openId = requireOpenId(call)
    const attempt = { address: call.address }
    await call.services.attempts.count(attempt)
    const flow = getCookie(c, FLOW_COOKIE, 'host')
    deleteCookie(c, FLOW_COOKIE, { prefix: 'host', secure: true, path: '/' })
    const person = await openId.finish({ flow, query: new URL(c.req.url).search })
    const entry = { action: 'sign-in', subject: person.email, details: { by: 'openid', issuer: person.issuer } }
    await call.record(entry, async (catalog) => {
      const user = await enterPerson(call, { catalog, person, groups: openId.settings.groups })
      await begin(c, call, { catalog, user })
    })
    await call.services.attempts.forgive(attempt)
    return c.redirect('/')
  })
}

function registerSignOut(server: Server): void {
  register(server, routes.signOut, async (c, call) => {
    await call.record({ action: 'sign-out', subject: call.caller.user.email }, (catalog) =>
      endSession(catalog, sessionDigest(call)),
    )
    forgetCookie(c)
    return c.body(null, 204)
  })
  register(server, routes.signOutEverywhere, async (c, call) => {
    const { user } = call.caller
    const entry = { action: 'sign-out', subject: user.email, details: { everywhere: true } }
    await call.record(entry, (catalog) => endSessionsOf(catalog, { tenant: user.tenant, user: user.id }))
    forgetCookie(c)
    return c.body(null, 204)
  })
}

/** @throws Refusal `not-signed-in` without saying whether the user or the password is wrong; `too-many`. */
async function signInByPassword(
  c: Context,
  call: Call,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<Caller> {
  const { workspace, attempts } = call.services
  const attempt = { address: call.address, user: email }
  await attempts.count(attempt)
  const user = await workspace.catalog
    .selectFrom('app_user')
    .selectAll()
    .where('tenant', '=', workspace.tenant)
    .where('email', '=', email)
    .where('state', '=', 'active')
    .executeTakeFirst()
  const { isRight, isOutdated } = await checkPassword(password, user?.password_hash ?? null)
  if (!user || !isRight) {
    await call.audit({ action: 'sign-in-failed', subject: email, details: { by: 'password', from: call.address } })
    throw new Refusal('not-signed-in', 'The address or the password is wrong.', { hint: 'Try again.' })
  }
  await attempts.forgive(attempt)
  const renewed = isOutdated ? await hashPassword(password) : null
  await call.record({ action: 'sign-in', subject: email, details: { by: 'password' } }, async (catalog) => {
    if (renewed !== null) await setPassword(catalog, { tenant: user.tenant, id: user.id, hash: renewed })
    await begin(c, call, { catalog, user: user.id })
  })
  return requireCaller(call, user.id)
}

/** @throws Refusal `not-permitted` for a wrong token or one that was used, `too-many`. */
async function followLink(c: Context, call: Call, token: string): Promise<void> {
  const { signInLinks, attempts } = call.services
  const attempt = { address: call.address }
  await attempts.count(attempt)
  const user = signInLinks.redeem(token)
  if (user === null)
    throw new Refusal('not-permitted', 'This link signs nobody in, or did so already.', {
      hint: 'Start the demo again: it prints a new one.',
    })
  await attempts.forgive(attempt)
  await call.record({ action: 'sign-in', subject: user, details: { by: 'link' } }, (catalog) =>
    begin(c, call, { catalog, user }),
  )
}

type NewOwner = { readonly token: string; readonly email: string; readonly name: string; readonly password: string }

/** @throws Refusal `not-permitted` for a wrong token, `too-many`, `exists`. */
async function makeOwner(c: Context, call: Call, { token, email, name, password }: NewOwner): Promise<Caller> {
  const { ownerSetup, attempts } = call.services
  const attempt = { address: call.address }
  await attempts.count(attempt)
  if (!ownerSetup.redeem(token))
    throw new Refusal('not-permitted', 'This token makes no owner, or did so already.', {
      hint: 'Start the server with `spillway serve --owner`: it prints a new one.',
    })
  await attempts.forgive(attempt)
  try {
    const passwordHash = await hashPassword(password)
    const id = await call.record(
      { action: 'create-owner', subject: email, after: { email, name } },
      async (catalog) => {
        const user = await addUser(call, { catalog, who: email, user: { email, name, passwordHash } })
        await addGrant(call, {
          catalog,
          who: email,
          grant: { user, role: 'owner', scopeKind: 'tenant', scopeKey: '', via: 'people' },
        })
        await begin(c, call, { catalog, user })
        return user
      },
    )
    return await requireCaller(call, id)
  } catch (error) {
    ownerSetup.restore(token)
    throw error
  }
}

function begin(c: Context, call: Call, { catalog, user }: { catalog: Catalog; user: string }): Promise<void> {
  const { workspace, settings } = call.services
  return beginSession(c, { workspace, catalog, user, settings })
}

async function requireCaller({ services: { workspace } }: Call, id: string): Promise<Caller> {
  const caller = await callerOf(workspace, id, { kind: 'session', digest: '' })
  invariant(caller, 'who has just signed in is there', { id })
  return caller
}

export function sessionDigest({ caller: { by } }: Call): string {
  invariant(by.kind === 'session', 'a route for sessions has one')
  return by.digest
}

export async function setPassword(
  catalog: Catalog,
  { tenant, id, hash }: { readonly tenant: string; readonly id: string; readonly hash: string },
): Promise<void> {
  await catalog
    .updateTable('app_user')
    .set({ password_hash: hash })
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .execute()
}

/** The id of a session that may be shown: its digest would do, but for whoever has read the database. */
export const sessionIdOf = (digest: string) => digestOf(digest).slice(0, 16)
