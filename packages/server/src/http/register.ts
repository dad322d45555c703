// Registers a described route: who may call it is asked before anything of the request is read, and an answer that may be
// asked for again is kept. The only way by which a route comes into the server.
import type { RouteHandler } from '@hono/zod-openapi'
import { invariant, Refusal } from '@spillway/core'
import type { Scope } from '@spillway/engine'
import type { Context, MiddlewareHandler } from 'hono'
import { PERMISSIONS, type Permission } from '../contract/permissions.ts'
import type { DescribedRoute } from '../contract/route.ts'
import { type Caller, nameOf } from '../permissions/caller.ts'
import { onOwnConnection, requireAccount, requireTenantWide, scopeFor, workspaceIn } from '../permissions/scope-of.ts'
import type { Services } from '../services.ts'
import { addressOf } from './address-of.ts'
import { limitBody } from './body-limit.ts'
import { auditIn, type Call } from './call.ts'
import type { Server, ServerEnv } from './environment.ts'
import { idempotent } from './idempotent.ts'

/** Of a body that is read whole; what may be larger is streamed. */
const BODY_LIMIT = limitBody(10 * 1024 ** 2)

type Handler<R extends DescribedRoute> = (
  c: Parameters<RouteHandler<R, ServerEnv>>[0],
  call: Call,
) => ReturnType<RouteHandler<R, ServerEnv>> | Promise<Response>

export function register<R extends DescribedRoute>(server: Server, route: R, handler: Handler<R>): void {
  const { app, services, registered } = server
  invariant(!registered.has(route.operationId), 'a route is registered once', { operation: route.operationId })
  registered.add(route.operationId)
  const middleware: MiddlewareHandler<ServerEnv>[] = [
    async (c, next) => {
      c.set('route', route.path)
      c.set('call', await admit(c, services, route))
      return next()
    },
  ]
  if (route['x-streams'] !== true) middleware.push(BODY_LIMIT)
  if (route.method !== 'get' && route['x-secret'] !== true && route['x-streams'] !== true)
    middleware.push(idempotent(services.answers))
  // `handle` takes the same context; the generic types of the library cannot see it through.
  const handle = ((c: Context<ServerEnv>) => handler(c as never, c.get('call'))) as unknown as RouteHandler<
    R & { middleware: typeof middleware },
    ServerEnv
  >
  app.openapi({ ...route, middleware }, handle as never)
}

/** @throws Refusal `not-signed-in`, `not-permitted`. */
async function admit(c: Context<ServerEnv>, services: Services, route: DescribedRoute): Promise<Call> {
  const access = route['x-access']
  const caller = c.get('caller')
  if (access === 'anyone') return callOf(c, { services, caller, scope: null })
  if (caller === null)
    throw new Refusal('not-signed-in', 'Sign in first.', {
      hint: 'Send a session cookie, or `Authorization: Bearer TOKEN`.',
    })
  if (access === 'session' && caller.by.kind !== 'session')
    throw new Refusal('not-permitted', 'A token cannot do this.', { hint: 'Sign in as a person.' })
  const scope = isPermission(access) ? await scopeFor(services.workspace, caller, access) : null
  return callOf(c, { services, caller, scope })
}

const isPermission = (access: string): access is Permission => access in PERMISSIONS

type Admitted = { readonly services: Services; readonly caller: Caller | null; readonly scope: Scope | null }

function callOf(c: Context<ServerEnv>, { services, caller, scope }: Admitted): Call {
  const { workspace, turns, settings } = services
  const requireScope = () => {
    invariant(scope, 'figures are read by a route with a permission')
    return scope
  }
  const who = () => (caller ? nameOf(caller) : 'nobody')
  const acting = () => ({ ...workspace, actor: { ...workspace.actor, who: who() } })
  const call: Call = {
    services,
    requestId: c.get('requestId'),
    address: addressOf(c, settings['trust-proxy']),
    callerOrNull: caller,
    get caller() {
      invariant(caller, 'a route for anyone has no caller')
      return caller
    },
    get workspace() {
      return workspaceIn(workspace, requireScope())
    },
    withOwnConnection: (work, signal) => onOwnConnection(workspace, { scope: requireScope(), work, signal }),
    change: async (work) => {
      requireTenantWide(scope)
      return turns.take(() => work(acting()))
    },
    changeOfAccount: async (account, work) => {
      requireAccount(scope, account)
      return turns.take(() => work(acting()))
    },
    propose: (work) => {
      requireScope()
      return turns.take(() => work(acting()))
    },
    atOnce: async (work) => {
      requireTenantWide(scope)
      return workspace.warehouse.withConnection((warehouse) => work({ ...acting(), warehouse }))
    },
    record: (entry, work) =>
      workspace.catalog.transaction().execute(async (catalog) => {
        const result = await work(catalog)
        await auditIn(call, { catalog, who: who(), entry })
        return result
      }),
    audit: (entry) => call.record(entry, async () => undefined),
  }
  return call
}
