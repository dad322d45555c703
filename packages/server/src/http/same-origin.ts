// Refuses a change that a browser sends for another site: cookies go along with those, tokens do not.
import { Refusal } from '@spillway/core'
import type { MiddlewareHandler } from 'hono'
import type { ServerEnv } from './environment.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Browsers say where a request comes from, in one of two headers; a request that says neither must have no cookie of ours. */
export function sameOrigin(origin: string | undefined): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const isByToken = c.req.header('authorization') !== undefined
    if (!SAFE.has(c.req.method) && !isByToken && !comesFromUs(c.req.raw.headers, { url: c.req.url, origin }))
      throw new Refusal('not-permitted', 'This request comes from another site.', {
        hint: 'Send it from the pages of this server, or use a token.',
      })
    return next()
  }
}

function comesFromUs(headers: Headers, { url, origin }: { url: string; origin: string | undefined }): boolean {
  const from = headers.get('origin')
  if (from !== null) return origin === undefined ? hostOf(from) === hostOf(url) : from === origin
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin' || site === 'none'
  return headers.get('cookie') === null
}

/** TLS ends at a proxy: the scheme is not known here, the host is. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : ''
}
