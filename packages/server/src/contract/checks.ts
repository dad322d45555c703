// Proving stored figures again, as a job: what `spillway check` does.
import { z } from '@hono/zod-openapi'
import { job } from './jobs.ts'
import { bodyOf, describeRoute, idempotencyKey, jsonOf, period } from './route.ts'

const failure = z.object({
  what: z.string(),
  row: z.string().describe('which row of which table'),
  expected: z.string(),
  found: z.string(),
})

/** The `result` of a job of the kind `check`. */
export const checkResult = z
  .object({
    isProved: z.boolean(),
    runs: z.array(
      z.object({
        run: z.string(),
        period,
        state: z.enum(['closed', 'published', 'reopened']),
        documents: z.int(),
        isProved: z.boolean(),
        checks: z
          .array(z.object({ name: z.string(), question: z.string(), isPassed: z.boolean().nullable() }))
          .describe('null: not asked, because what it stands on is not proved'),
        failures: z.array(failure).describe('the first ones'),
      }),
    ),
    audit: z.object({ entries: z.int(), isProved: z.boolean(), failures: z.array(failure) }),
  })
  .openapi('CheckResult')
export type CheckResult = z.infer<typeof checkResult>

export const checkRoutes = {
  startCheck: describeRoute({
    method: 'post',
    path: '/v1/checks',
    operationId: 'startCheck',
    summary: 'compute every closed and published figure again and compare, as a job; its result is a CheckResult',
    tags: ['periods'],
    'x-access': 'run:read',
    request: {
      headers: idempotencyKey,
      ...bodyOf(z.strictObject({ period: period.optional() }).openapi('CheckRequest')),
    },
    responses: { 202: jsonOf(job, 'The job, which waits for its turn') },
  }),
}
