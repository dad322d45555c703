// What is one's own: who one is, where one is signed in, one's password.
import { Refusal } from '@spillway/core'
import { signInRoutes as routes } from '../contract/sign-in.ts'
import type { Server } from '../http/environment.ts'
import { register } from '../http/register.ts'
import { checkPassword, hashPassword } from '../sign-in/passwords.ts'
import { endSessionsOf } from '../sign-in/sessions.ts'
import { toMe } from './shown.ts'
import { sessionDigest, sessionIdOf, setPassword } from './sign-in.ts'

export function registerMe(server: Server): void {
  register(server, routes.getMe, async (c, { caller }) => c.json(toMe(caller), 200))
  register(server, routes.listSessions, async (c, call) => {
    const { user } = call.caller
    const rows = await call.services.workspace.catalog
      .selectFrom('session')
      .selectAll()
      .where('tenant', '=', user.tenant)
      .where('user_id', '=', user.id)
      .orderBy('seen_at', 'desc')
      .execute()
    const own = sessionDigest(call)
    const items = rows.map(({ digest, agent, created_at, seen_at }) => ({
      id: sessionIdOf(digest),
      agent,
      createdAt: created_at,
      seenAt: seen_at,
      isThis: digest === own,
    }))
    return c.json({ items }, 200)
  })
  register(server, routes.changePassword, async (c, call) => {
    const { old, new: wanted } = c.req.valid('json')
    const { user } = call.caller
    const attempt = { address: call.address, user: user.email }
    await call.services.attempts.count(attempt)
    const { isRight } = await checkPassword(old, user.password_hash)
    if (!isRight) throw new Refusal('not-permitted', 'The old password is wrong.', { hint: 'Try again.' })
    await call.services.attempts.forgive(attempt)
    const hash = await hashPassword(wanted)
    await call.record({ action: 'change-password', subject: user.email }, async (catalog) => {
      await setPassword(catalog, { tenant: user.tenant, id: user.id, hash })
      await endSessionsOf(catalog, { tenant: user.tenant, user: user.id, keep: sessionDigest(call) })
    })
    return c.body(null, 204)
  })
}
