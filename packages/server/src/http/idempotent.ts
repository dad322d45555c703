// Does a changing request that carries an Idempotency-Key once, and answers the same when it is sent again.
import { createHash } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import type { ServerEnv } from './environment.ts'
import type { KeptAnswers } from './kept-answers.ts'

/** After the caller is known: a key is one caller's own. The body is read whole, so not for uploads. */
export function idempotent(answers: KeptAnswers): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const key = c.req.header('idempotency-key')
    const caller = c.get('caller')
    if (key === undefined || caller === null) return next()
    const place = { who: caller.user.id, key }
    const kept = await answers.begin(place, await digestOfRequest(c.req))
    if (kept) {
      const headers = JSON.parse(kept.headers) as Record<string, string>
      return new Response(kept.body === '' ? null : kept.body, {
        status: kept.status,
        headers: { ...headers, 'idempotency-replayed': 'true' },
      })
    }
    await next()
    if (c.error || c.res.status >= 400) await answers.forget(place)
    else await answers.finish(place, c.res.clone())
    return undefined
  }
}

async function digestOfRequest(request: Context['req']): Promise<string> {
  const { pathname, search } = new URL(request.url)
  const heading = [request.method, pathname, search, request.header('if-match'), request.header('content-type')]
  const body = new Uint8Array(await request.arrayBuffer())
  return createHash('sha256').update(JSON.stringify(heading)).update(body).digest('hex')
}
