// What a request carries through the middleware.
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Caller } from '../permissions/caller.ts'
import type { Services } from '../services.ts'
import type { Call } from './call.ts'

export type ServerEnv = {
  Variables: {
    requestId: string
    /** null where no credentials came. */
    caller: Caller | null
    /** Made once the route knows who may call it. */
    call: Call
    /** The route's path, for logs and metrics: never the path with its ids. */
    route: string
  }
}

export type Server = {
  readonly app: OpenAPIHono<ServerEnv>
  readonly services: Services
  readonly registered: Set<string>
}
