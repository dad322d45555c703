// Finds out who calls: by an API token, else by a session. Wrong credentials are refused, never taken for none.
import { Refusal } from '@spillway/core'
import { type ApiTokenTable, keptRead, type Workspace } from '@spillway/engine'
import type { Context, MiddlewareHandler } from 'hono'
import { addressOf } from '../http/address-of.ts'
import type { ServerEnv } from '../http/environment.ts'
import type { Caller } from '../permissions/caller.ts'
import { callerOf } from '../permissions/caller-of.ts'
import type { Services } from '../services.ts'
import { digestOf } from './secrets.ts'
import { sessionOf } from './sessions.ts'

export function authenticate(services: Services): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const authorization = c.req.header('authorization')
    c.set(
      'caller',
      authorization === undefined ? await bySession(c, services) : await byToken(c, services, authorization),
    )
    return next()
  }
}

async function bySession(c: Context<ServerEnv>, { workspace, settings }: Services): Promise<Caller | null> {
  const session = await sessionOf(c, workspace, settings)
  if (!session) return null
  return callerOf(workspace, session.user_id, { kind: 'session', digest: session.digest })
}

/** @throws Refusal `not-signed-in` where it is none of ours, ended or revoked; `too-many`. */
async function byToken(c: Context<ServerEnv>, services: Services, authorization: string): Promise<Caller> {
  const { workspace, attempts, settings } = services
  const token = /^Bearer ([\w-]{20,200})$/i.exec(authorization)?.[1]
  const known = token === undefined ? undefined : await findToken(workspace, digestOf(token))
  const isValid = known !== undefined && known.row.ends_at > workspace.actor.now().toISOString()
  const caller = isValid ? await callerOf(workspace, known.row.user_id, known.by) : null
  if (known && caller) {
    await noteUse(workspace, known.row)
    return caller
  }
  await attempts.count({ address: addressOf(c, settings['trust-proxy']) })
  throw new Refusal('not-signed-in', 'This token is not known, or it has ended.', { hint: 'Make a new one.' })
}

function byOf({ id, name, permissions }: ApiTokenTable): Caller['by'] {
  return { kind: 'token', id, name, permissions: new Set(JSON.parse(permissions) as string[]) }
}

type KnownToken = { readonly row: ApiTokenTable; readonly by: Caller['by'] }

/** One that is not revoked; it may have ended, which depends on the clock. */
function findToken({ catalog, tenant }: Workspace, digest: string): Promise<KnownToken | undefined> {
  return keptRead(catalog, { question: ['token', tenant, digest] }, async () => {
    const row = await catalog
      .selectFrom('api_token')
      .selectAll()
      .where('digest', '=', digest)
      .where('tenant', '=', tenant)
      .where('revoked_at', 'is', null)
      .executeTakeFirst()
    return row && { row, by: byOf(row) }
  })
}

/** To the hour: nobody needs to know better, and a write for each call would cost more than the call. */
async function noteUse({ catalog, tenant, actor }: Workspace, { id, used_at }: ApiTokenTable): Promise<void> {
  const hour = `${actor.now().toISOString().slice(0, 13)}:00:00.000Z`
  if (used_at === hour) return
  await catalog
    .updateTable('api_token')
    .set({ used_at: hour })
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .execute()
}
