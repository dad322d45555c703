// Sessions of people: a secret in a cookie, its digest here. They end when nobody used them for a while, at the latest after some days,
// and when their user signs out, is disabled or gets a new password.
import { type Catalog, keptRead, type SessionTable, type Workspace } from '@spillway/engine'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { ServerSettings } from '../settings.ts'
import { digestOf, makeSecret } from './secrets.ts'

const COOKIE = 'spillway'
/** So often a session that is in use is written down as seen. */
const SEEN_MS = 60_000

type Held = Pick<Workspace, 'catalog' | 'tenant' | 'actor'>
type Limits = Pick<ServerSettings, 'session-idle-minutes' | 'session-days'>

/** Within the transaction that records the sign-in. */
export async function beginSession(
  c: Context,
  { workspace, catalog, user, settings }: { workspace: Held; catalog: Catalog; user: string; settings: Limits },
): Promise<void> {
  const secret = makeSecret('')
  const at = workspace.actor.now().toISOString()
  const agent = (c.req.header('user-agent') ?? '').slice(0, 200)
  const { tenant } = workspace
  await catalog
    .insertInto('session')
    .values({ digest: digestOf(secret), tenant, user_id: user, agent, created_at: at, seen_at: at })
    .execute()
  setCookie(c, COOKIE, secret, {
    prefix: 'host',
    secure: true,
    httpOnly: true,
    sameSite: 'Lax',
    path: '/',
    maxAge: settings['session-days'] * 86_400,
  })
}

/** The session of the request's cookie, if it holds; one that has run out is deleted. */
export async function sessionOf(c: Context, workspace: Held, limits: Limits): Promise<SessionTable | undefined> {
  const secret = getCookie(c, COOKIE, 'host')
  if (!secret) return undefined
  const { catalog, tenant, actor } = workspace
  const digest = digestOf(secret)
  const session = await keptRead(catalog, { question: ['session', tenant, digest] }, () =>
    catalog
      .selectFrom('session')
      .selectAll()
      .where('digest', '=', digest)
      .where('tenant', '=', tenant)
      .executeTakeFirst(),
  )
  if (!session) return undefined
  const now = actor.now()
  const idleMs = now.getTime() - Date.parse(session.seen_at)
  const ageMs = now.getTime() - Date.parse(session.created_at)
  if (idleMs > limits['session-idle-minutes'] * 60_000 || ageMs > limits['session-days'] * 86_400_000) {
    await endSession(catalog, digest)
    return undefined
  }
  if (idleMs > SEEN_MS)
    await catalog.updateTable('session').set({ seen_at: now.toISOString() }).where('digest', '=', digest).execute()
  return session
}

export async function endSession(catalog: Catalog, digest: string): Promise<void> {
  await catalog.deleteFrom('session').where('digest', '=', digest).execute()
}

/** All of a user's, but the one that is kept. */
export async function endSessionsOf(
  catalog: Catalog,
  { tenant, user, keep = '' }: { tenant: string; user: string; keep?: string },
): Promise<void> {
  await catalog
    .deleteFrom('session')
    .where('tenant', '=', tenant)
    .where('user_id', '=', user)
    .where('digest', '!=', keep)
    .execute()
}

export function forgetCookie(c: Context): void {
  deleteCookie(c, COOKIE, { prefix: 'host', secure: true, path: '/' })
}
