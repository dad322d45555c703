// The statement of one cost centre or person, as a PDF.
import { z } from '@hono/zod-openapi'
import { STATEMENT_KINDS } from '@spillway/core'
import { describeRoute, period } from './route.ts'

export const statementRoutes = {
  getStatement: describeRoute({
    method: 'get',
    path: '/v1/statements/{of}/{key}',
    operationId: 'getStatement',
    summary: 'the statement of one cost centre or person of a month, as a PDF; audited as an export',
    tags: ['exports'],
    'x-access': 'report:read',
    request: {
      params: z.object({
        of: z.enum(STATEMENT_KINDS).openapi({ param: { name: 'of', in: 'path' } }),
        key: z
          .string()
          .max(200)
          .openapi({ param: { name: 'key', in: 'path' } }),
      }),
      query: z.object({ period, company: z.string().max(200).optional().describe('the name in the heading') }),
    },
    responses: {
      200: {
        description: 'The statement',
        content: { 'application/pdf': { schema: z.string().openapi({ format: 'binary' }) } },
      },
    },
  }),
}
