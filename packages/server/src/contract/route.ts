// How a route is described. Everything that the server registers is described here or beside it, with what a caller must be
// permitted; a route without that cannot be written.
import { createRoute, type RouteConfig, z } from '@hono/zod-openapi'
import type { Permission } from './permissions.ts'
import { problemDetails } from './problem-details.ts'

/** `anyone` needs no credentials, `signed-in` any, `session` a person's session and no token. */
export type Access = 'anyone' | 'signed-in' | 'session' | Permission

export type DescribedRoute = RouteConfig & {
  readonly operationId: string
  readonly 'x-access': Access
  /** Its request or its answer holds a secret: it is never kept to be repeated. */
  readonly 'x-secret'?: boolean
  /** Its request may be of any size and is read piece by piece: never kept for Idempotency-Key either. */
  readonly 'x-streams'?: boolean
}

const PROBLEM = {
  description: 'A problem (RFC 9457)',
  content: { 'application/problem+json': { schema: problemDetails } },
}

/** Adds what all routes have: problems, and which credentials it takes. */
export function describeRoute<
  P extends string,
  A extends Access,
  R extends Omit<DescribedRoute, 'path' | 'x-access'> & { path: P; 'x-access': A },
>(route: R): R & { 'x-access': A } {
  const access = route['x-access']
  const token = access === 'session' ? [] : [{ token: [] }]
  const security = access === 'anyone' ? [] : [{ session: [] }, ...token]
  return createRoute<P, R>({ ...route, security, responses: { ...route.responses, default: PROBLEM } })
}

export const jsonOf = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

export const bodyOf = <S extends z.ZodType>(schema: S) => ({
  body: { required: true, content: { 'application/json': { schema } } },
})

export const noContent = { description: 'Done' } as const

/** An instant, ISO 8601 in UTC. */
export const instant = z.string().openapi({ format: 'date-time', example: '2026-11-22T08:00:00.000Z' })

export const period = z
  .string()
  .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'a calendar month, such as 2026-10')
  .openapi({ example: '2026-10' })

export const idempotencyKey = z.object({
  'idempotency-key': z
    .string()
    .min(8)
    .max(200)
    .optional()
    .describe('the same key with the same request is done once, and answered the same again for 24 hours'),
})
