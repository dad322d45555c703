// What needs attention, for the first screen: the rows of `report attention`, with what the screen asks besides.
import { z } from '@hono/zod-openapi'
import { ATTENTION_KINDS, ATTENTION_PLACES } from '@spillway/core'
import { describeRoute, jsonOf, period } from './route.ts'

export const attentionItem = z
  .object({
    severity: z.enum(['error', 'warning', 'info']),
    kind: z.enum(ATTENTION_KINDS),
    what: z.string().describe('one sentence'),
    currency: z.string().nullable(),
    amount: z.string().nullable(),
    count: z.int().describe('of what the kind is about'),
    look: z.object({
      in: z.enum(ATTENTION_PLACES),
      key: z.string().describe("the one that is meant; '' where it is the list"),
    }),
  })
  .openapi('AttentionItem')

export const overview = z
  .object({
    period: period
      .nullable()
      .describe('that was asked for, else the newest that is closed; null before the first close'),
    run: z.string().nullable(),
    state: z.enum(['closed', 'published']).nullable(),
    isEmpty: z.boolean().describe('nothing was imported yet'),
    items: z.array(attentionItem),
  })
  .openapi('Overview')

export const overviewRoutes = {
  getOverview: describeRoute({
    method: 'get',
    path: '/v1/overview',
    operationId: 'getOverview',
    summary: 'what needs attention, worst first, of what you may see',
    tags: ['reports'],
    'x-access': 'report:read',
    request: { query: z.object({ period: period.optional() }) },
    responses: { 200: jsonOf(overview, 'The overview') },
  }),
}
