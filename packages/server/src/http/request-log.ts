// Gives each request an id, and writes one line about it: route, status, time, who. Never a header, a query or a body.
import { randomUUID } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { type DestinationStream, type Logger, pino } from 'pino'
import type { Services } from '../services.ts'
import type { ServerEnv } from './environment.ts'

const SECRET_KEYS = [
  'password',
  'old',
  'new',
  'token',
  'cookie',
  'authorization',
  'clientSecret',
  'client-secret',
  'secret',
  'smtp-url',
]

/** JSON lines. What has the name of a secret is not written, whatever part of the program logs it. */
export function makeLog(destination: DestinationStream, level: string): Logger {
  const paths = SECRET_KEYS.flatMap((key) => [`["${key}"]`, `*["${key}"]`, `*.*["${key}"]`])
  return pino(
    { level, base: null, redact: { paths, censor: '[secret]' }, timestamp: pino.stdTimeFunctions.isoTime },
    destination,
  )
}

/** A client's own id is taken where it is harmless in a log. */
const HARMLESS = /^[\w-]{8,64}$/

export function requestLog(services: Services): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const given = c.req.header('x-request-id')
    const requestId = given !== undefined && HARMLESS.test(given) ? given : randomUUID()
    c.set('requestId', requestId)
    c.set('route', 'none')
    c.header('x-request-id', requestId)
    const began = performance.now()
    await next()
    const seconds = (performance.now() - began) / 1000
    const [method, route, status] = [c.req.method, c.get('route'), c.res.status]
    services.metrics.observe({ method, route, status, seconds })
    const user = c.get('caller')?.user.id
    const line = { requestId, method, route, status, ms: Math.round(seconds * 1000), ...(user ? { user } : {}) }
    if (status >= 500) services.log.error(line, 'request')
    else services.log.info(line, 'request')
  }
}
