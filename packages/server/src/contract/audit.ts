// The audit log: every change, export and sign-in, with before and after.
import { z } from '@hono/zod-openapi'
import { pageOf } from './paging.ts'
import { describeRoute, instant, jsonOf } from './route.ts'

export const auditEntry = z
  .object({
    id: z.int(),
    at: instant,
    who: z.string(),
    action: z.string(),
    subject: z.string(),
    details: z.record(z.string(), z.unknown()),
    before: z.unknown().optional(),
    after: z.unknown().optional(),
    hash: z.string().describe('over this entry and the hash of the one before it'),
  })
  .openapi('AuditEntry')

export const auditRoutes = {
  listAudit: describeRoute({
    method: 'get',
    path: '/v1/audit',
    operationId: 'listAudit',
    summary: 'the audit log, newest first',
    tags: ['audit'],
    'x-access': 'audit:read',
    request: {
      query: z.object({
        limit: z.coerce.number().int().min(1).max(500).default(50),
        cursor: z.string().max(1000).optional(),
        who: z.string().optional(),
        action: z.string().optional(),
        subject: z.string().optional(),
      }),
    },
    responses: { 200: jsonOf(pageOf(auditEntry, 'AuditPage'), 'A page of entries') },
  }),
}
