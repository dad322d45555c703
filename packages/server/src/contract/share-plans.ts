// What is done to a share plan as a whole; its fields are changed in its document.
import { z } from '@hono/zod-openapi'
import { listPage } from './paging.ts'
import { reportPage } from './reports.ts'
import { bodyOf, describeRoute, idempotencyKey, jsonOf } from './route.ts'

const plan = z.object({
  plan: z
    .string()
    .max(200)
    .openapi({ param: { name: 'plan', in: 'path' } }),
})
const version = z.object({ plan: z.string(), version: z.int() })
const headers = idempotencyKey.extend({
  'if-match': z.string().max(200).optional().describe('the ETag of the version that is changed'),
})
const tags = ['share-plans']

const setActive = <V extends 'activate' | 'deactivate'>(verb: V, summary: string) =>
  describeRoute({
    method: 'post',
    path: `/v1/share-plans/{plan}/${verb}`,
    operationId: `${verb}SharePlan`,
    ...{ summary, tags, 'x-access': 'configuration:change' as const },
    request: { params: plan, headers },
    responses: { 200: jsonOf(version.openapi('SharePlanVersion'), 'The version that holds now') },
  })

export const sharePlanRoutes = {
  listSharePlans: describeRoute({
    method: 'get',
    path: '/v1/share-plans',
    operationId: 'listSharePlans',
    summary: 'every share plan, with its buckets, participants and accounts',
    tags,
    'x-access': 'configuration:read',
    request: { query: listPage.extend({ text: z.string().max(200).default('').describe('in the name or id') }) },
    responses: { 200: jsonOf(reportPage, 'A page of share plans') },
  }),
  listParticipants: describeRoute({
    method: 'get',
    path: '/v1/share-plans/participants',
    operationId: 'listParticipants',
    summary: 'every product and service type, with the plan that it is in: nobody is in two',
    tags,
    'x-access': 'configuration:read',
    request: {
      query: listPage.extend({
        plan: z.string().max(200).default('').describe('for which plan: those that are in it can be chosen'),
        by: z.enum(['product', 'service-type']).optional().describe('these alone'),
        text: z.string().max(200).default('').describe('in the name or id'),
      }),
    },
    responses: { 200: jsonOf(reportPage, 'A page of candidates') },
  }),
  cloneSharePlan: describeRoute({
    method: 'post',
    path: '/v1/share-plans/{plan}/clone',
    operationId: 'cloneSharePlan',
    summary: 'copy a share plan under another id and name; the copy is not active',
    tags,
    'x-access': 'configuration:change',
    request: {
      params: plan,
      headers: idempotencyKey,
      ...bodyOf(
        z.strictObject({
          as: z.string().min(1).max(200).describe('the id of the copy'),
          name: z.string().min(1).max(200),
          participants: z
            .record(z.string(), z.string())
            .default({})
            .describe('who takes whose place, by the one replaced'),
        }),
      ),
    },
    responses: {
      201: jsonOf(
        version
          .extend({ leftOut: z.array(z.string()).describe('nobody participates in two plans') })
          .openapi('ClonedSharePlan'),
        'The copy',
      ),
    },
  }),
  activateSharePlan: setActive('activate', 'let accounts have the plan'),
  deactivateSharePlan: setActive('deactivate', 'let no other account have the plan; those that have it keep it'),
}
