// Where a request came from, for limits and the log.
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'

/** Behind a trusted proxy the last address that it added; without a socket (in tests) `local`. */
export function addressOf(c: Context, trustProxy: boolean): string {
  const forwarded = trustProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  if (forwarded) return forwarded
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>
  return incoming?.socket.remoteAddress ?? 'local'
}
