// Webhooks: what happened is sent to addresses that ask for it, signed, tried again, and written down.
import { z } from '@hono/zod-openapi'
import { OUTBOX_EVENT_TYPES } from '@spillway/core'
import { listQuery, pageOf } from './paging.ts'
import { bodyOf, describeRoute, idempotencyKey, instant, jsonOf, noContent } from './route.ts'

const url = z
  .url()
  .max(2000)
  .refine((text) => {
    if (!URL.canParse(text)) return false
    const { protocol, username, password } = new URL(text)
    return (protocol === 'https:' || protocol === 'http:') && username === '' && password === ''
  }, 'an http or https address without a name and password')
const events = z.array(z.enum(OUTBOX_EVENT_TYPES)).min(1).max(OUTBOX_EVENT_TYPES.length)
/** Of a trial, which cannot be asked for beforehand. */
export const TEST_EVENT = 'webhook.test'
const state = z.enum(['active', 'paused'])

export const webhook = z
  .object({
    id: z.string(),
    url: z.string(),
    events,
    state,
    owner: z.string().describe('the user who made it: it is told what they may see, and nothing else'),
    createdAt: instant,
  })
  .openapi('Webhook')
const madeWebhook = webhook
  .extend({ secret: z.string().describe('by which deliveries are signed; shown this once') })
  .openapi('MadeWebhook')

export const webhookDelivery = z
  .object({
    id: z.string(),
    event: z.string(),
    type: z.enum([...OUTBOX_EVENT_TYPES, TEST_EVENT]),
    state: z
      .enum(['waiting', 'delivered', 'failed', 'withheld'])
      .describe('failed: given up; withheld: the owner may not see it'),
    attempts: z.int(),
    nextAt: instant.nullable().describe('when it is tried next'),
    lastAt: instant.nullable(),
    lastStatus: z.int().nullable(),
    lastError: z.string(),
    createdAt: instant,
  })
  .openapi('WebhookDelivery')

const id = z.object({ id: z.string().openapi({ param: { name: 'id', in: 'path' }, description: 'of the webhook' }) })
const tags = ['webhooks']

export const webhookRoutes = {
  listWebhooks: describeRoute({
    method: 'get',
    path: '/v1/webhooks',
    operationId: 'listWebhooks',
    summary: 'webhooks: all for who sees the whole company, else your own',
    tags,
    'x-access': 'webhook:read',
    request: { query: listQuery(['createdAt', 'url']) },
    responses: { 200: jsonOf(pageOf(webhook, 'WebhookPage'), 'A page of webhooks') },
  }),
  createWebhook: describeRoute({
    method: 'post',
    path: '/v1/webhooks',
    operationId: 'createWebhook',
    summary: 'a webhook, with its secret',
    description: `Each delivery is a POST of JSON (\`type\`, \`timestamp\`, \`data\`) with the headers of Standard Webhooks: \`webhook-id\`
(the same for the same event, however often it comes), \`webhook-timestamp\`, and \`webhook-signature\`: \`v1,\` and the base64
of HMAC-SHA-256 over id, timestamp and body joined by dots, under the bytes whose base64 follows \`whsec_\` in the secret.
Any 2xx within 10 seconds takes it; else it is tried again, 8 times within a day. Redirects are not followed.`,
    tags,
    'x-access': 'webhook:change',
    'x-secret': true,
    request: bodyOf(z.object({ url, events }).openapi('NewWebhook')),
    responses: { 201: jsonOf(madeWebhook, 'The webhook') },
  }),
  changeWebhook: describeRoute({
    method: 'patch',
    path: '/v1/webhooks/{id}',
    operationId: 'changeWebhook',
    summary: 'change its events, or pause it; what happens meanwhile is not told later',
    tags,
    'x-access': 'webhook:change',
    request: {
      params: id,
      headers: idempotencyKey,
      ...bodyOf(z.object({ events: events.optional(), state: state.optional() }).openapi('ChangedWebhook')),
    },
    responses: { 200: jsonOf(webhook, 'The webhook') },
  }),
  rotateWebhookSecret: describeRoute({
    method: 'post',
    path: '/v1/webhooks/{id}/secret',
    operationId: 'rotateWebhookSecret',
    summary: 'another secret; the one before signs nothing more',
    tags,
    'x-access': 'webhook:change',
    'x-secret': true,
    request: { params: id },
    responses: { 200: jsonOf(madeWebhook, 'The webhook') },
  }),
  deleteWebhook: describeRoute({
    method: 'delete',
    path: '/v1/webhooks/{id}',
    operationId: 'deleteWebhook',
    summary: 'delete a webhook with its log',
    tags,
    'x-access': 'webhook:change',
    request: { params: id, headers: idempotencyKey },
    responses: { 204: noContent },
  }),
  testWebhook: describeRoute({
    method: 'post',
    path: '/v1/webhooks/{id}/test',
    operationId: 'testWebhook',
    summary: 'send an event of the type webhook.test to it now, which stands in its log as every other',
    tags,
    'x-access': 'webhook:change',
    request: { params: id, headers: idempotencyKey },
    responses: { 202: jsonOf(webhookDelivery, 'It is sent at once; its log says what came of it') },
  }),
  listDeliveries: describeRoute({
    method: 'get',
    path: '/v1/webhooks/{id}/deliveries',
    operationId: 'listDeliveries',
    summary: 'its log: what was sent and what became of it',
    tags,
    'x-access': 'webhook:read',
    request: {
      params: id,
      query: listQuery(['createdAt']).extend({ sort: z.enum(['createdAt', '-createdAt']).default('-createdAt') }),
    },
    responses: { 200: jsonOf(pageOf(webhookDelivery, 'WebhookDeliveryPage'), 'A page of deliveries') },
  }),
  redeliver: describeRoute({
    method: 'post',
    path: '/v1/webhooks/{id}/deliveries/{delivery}/redeliver',
    operationId: 'redeliver',
    summary: 'send it again now, whatever became of it',
    tags,
    'x-access': 'webhook:change',
    request: {
      params: id.extend({ delivery: z.string().openapi({ param: { name: 'delivery', in: 'path' } }) }),
      headers: idempotencyKey,
    },
    responses: { 202: jsonOf(webhookDelivery, 'It is sent at once') },
  }),
}
