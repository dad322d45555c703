// Webhooks over HTTP. Who sees a part of the company has webhooks of their own, which are told of that part.
import { randomBytes } from 'node:crypto'
import type { z } from '@hono/zod-openapi'
import { type OutboxEventType, Refusal } from '@spillway/core'
import type { WebhookDeliveryTable, WebhookEndpointTable } from '@spillway/engine'
import { webhookRoutes as routes, TEST_EVENT, type webhook, type webhookDelivery } from '../contract/webhooks.ts'
import type { Call } from '../http/call.ts'
import type { Server } from '../http/environment.ts'
import { pageOfItems } from '../http/pages.ts'
import { register } from '../http/register.ts'
import { makeId } from '../sign-in/secrets.ts'
import { AddressNotAllowed, checkedAddress } from '../webhooks/checked-address.ts'

const SALT_BYTES = 16

export function registerWebhooks(server: Server): void {
  register(server, routes.listWebhooks, async (c, call) => {
    const items = (await endpointsOf(call)).map(toWebhook)
    return c.json(pageOfItems(items, { ...c.req.valid('query'), idOf: ({ id }) => id }), 200)
  })
  register(server, routes.createWebhook, async (c, call) => {
    const { url, events } = c.req.valid('json')
    await refusePrivate(url, call)
    const { tenant, actor } = call.services.workspace
    const row: WebhookEndpointTable = {
      ...{ tenant, id: makeId('wh'), url, events: JSON.stringify(events), salt: makeSalt(), state: 'active' },
      ...{ owner: call.caller.user.id, created_at: actor.now().toISOString() },
    }
    await call.record({ action: 'create-webhook', subject: url, after: toWebhook(row) }, (catalog) =>
      catalog.insertInto('webhook_endpoint').values(row).execute(),
    )
    return c.json({ ...toWebhook(row), secret: await call.services.webhookSecrets.secretOf(row) }, 201)
  })
  register(server, routes.changeWebhook, async (c, call) => {
    const row = await requireEndpoint(call, c.req.valid('param').id)
    const { events, state = row.state } = c.req.valid('json')
    const changed = { ...row, state, events: events === undefined ? row.events : JSON.stringify(events) }
    await saveEndpoint(call, { row, changed, action: 'change-webhook' })
    return c.json(toWebhook(changed), 200)
  })
  register(server, routes.rotateWebhookSecret, async (c, call) => {
    const row = await requireEndpoint(call, c.req.valid('param').id)
    const changed = { ...row, salt: makeSalt() }
    await saveEndpoint(call, { row, changed, action: 'rotate-webhook-secret' })
    return c.json({ ...toWebhook(changed), secret: await call.services.webhookSecrets.secretOf(changed) }, 200)
  })
  register(server, routes.deleteWebhook, async (c, call) => {
    const row = await requireEndpoint(call, c.req.valid('param').id)
    await call.record({ action: 'delete-webhook', subject: row.url, before: toWebhook(row) }, (catalog) =>
      catalog.deleteFrom('webhook_endpoint').where('tenant', '=', row.tenant).where('id', '=', row.id).execute(),
    )
    return c.body(null, 204)
  })
  register(server, routes.testWebhook, async (c, call) =>
    c.json(toDelivery(await sendTest(call, await requireEndpoint(call, c.req.valid('param').id))), 202),
  )
  register(server, routes.listDeliveries, async (c, call) => {
    const { id } = await requireEndpoint(call, c.req.valid('param').id)
    const items = (await deliveriesOf(call, id)).map(toDelivery)
    return c.json(pageOfItems(items, { ...c.req.valid('query'), idOf: (one) => one.id }), 200)
  })
  register(server, routes.redeliver, async (c, call) => {
    const { id, delivery } = c.req.valid('param')
    const endpoint = await requireEndpoint(call, id)
    const row = (await deliveriesOf(call, id)).find((one) => one.id === delivery)
    if (!row) throw new Refusal('not-found', `There is no delivery ${delivery}.`, { hint: 'List the deliveries.' })
    const { actor } = call.services.workspace
    const again = { state: 'waiting' as const, attempts: 0, next_at: actor.now().toISOString() }
    await call.record({ action: 'redeliver-webhook', subject: endpoint.url, details: { delivery } }, (catalog) =>
      catalog
        .updateTable('webhook_delivery')
        .set(again)
        .where('tenant', '=', row.tenant)
        .where('id', '=', row.id)
        .execute(),
    )
    return c.json(toDelivery({ ...row, ...again }), 202)
  })
}

const makeSalt = () => randomBytes(SALT_BYTES).toString('hex')

function toWebhook({ id, url, events, state, owner, created_at }: WebhookEndpointTable): z.infer<typeof webhook> {
  return { id, url, events: JSON.parse(events) as OutboxEventType[], state, owner, createdAt: created_at }
}

type DeliveryRow = WebhookDeliveryTable & { readonly type: string }

function toDelivery(row: DeliveryRow): z.infer<typeof webhookDelivery> {
  return {
    id: row.id,
    event: row.event,
    type: row.type as OutboxEventType | typeof TEST_EVENT,
    state: row.state,
    attempts: row.attempts,
    nextAt: row.state === 'waiting' ? row.next_at : null,
    lastAt: row.last_at,
    lastStatus: row.last_status,
    lastError: row.last_error,
    createdAt: row.created_at,
  }
}

/** An event of its own, for this webhook alone, whether it is paused or not. */
async function sendTest(call: Call, { id: endpoint, url, tenant }: WebhookEndpointTable): Promise<DeliveryRow> {
  const at = call.services.workspace.actor.now().toISOString()
  const event = makeId('evt')
  const body = JSON.stringify({ webhook: endpoint, askedBy: call.caller.user.email })
  const row: WebhookDeliveryTable = {
    ...{
      tenant,
      id: `${event}.${endpoint}`,
      endpoint,
      event,
      state: 'waiting',
      attempts: 0,
      next_at: at,
      last_at: null,
    },
    ...{ last_status: null, last_error: '', created_at: at },
  }
  await call.record({ action: 'test-webhook', subject: url, details: { event } }, async (catalog) => {
    await catalog
      .insertInto('outbox_event')
      .values({ tenant, id: event, type: TEST_EVENT, subject: url, account: '', body, at })
      .execute()
    await catalog.insertInto('webhook_delivery').values(row).execute()
  })
  return { ...row, type: TEST_EVENT }
}

async function endpointsOf({ workspace: { catalog, tenant, scope }, caller }: Call): Promise<WebhookEndpointTable[]> {
  const query = catalog.selectFrom('webhook_endpoint').selectAll().where('tenant', '=', tenant)
  return (scope.isWholeTenant ? query : query.where('owner', '=', caller.user.id)).execute()
}

/** @throws Refusal `not-found`. */
async function requireEndpoint(call: Call, id: string): Promise<WebhookEndpointTable> {
  const row = (await endpointsOf(call)).find((one) => one.id === id)
  if (row) return row
  throw new Refusal('not-found', `There is no webhook ${id}.`, { hint: 'List the webhooks.' })
}

function deliveriesOf({ workspace: { catalog, tenant } }: Call, endpoint: string): Promise<DeliveryRow[]> {
  return catalog
    .selectFrom('webhook_delivery')
    .innerJoin('outbox_event', (join) =>
      join
        .onRef('outbox_event.tenant', '=', 'webhook_delivery.tenant')
        .onRef('outbox_event.id', '=', 'webhook_delivery.event'),
    )
    .selectAll('webhook_delivery')
    .select('outbox_event.type')
    .where('webhook_delivery.tenant', '=', tenant)
    .where('endpoint', '=', endpoint)
    .execute()
}

type Saving = { readonly row: WebhookEndpointTable; readonly changed: WebhookEndpointTable; readonly action: string }

async function saveEndpoint(call: Call, { row, changed, action }: Saving): Promise<void> {
  const { events, state, salt } = changed
  await call.record({ action, subject: row.url, before: toWebhook(row), after: toWebhook(changed) }, (catalog) =>
    catalog
      .updateTable('webhook_endpoint')
      .set({ events, state, salt })
      .where('tenant', '=', row.tenant)
      .where('id', '=', row.id)
      .execute(),
  )
}

/** Said at once, where it can be; a name that leads elsewhere later is found out when something is sent. */
async function refusePrivate(url: string, { services }: Call): Promise<void> {
  const allowsPrivate = services.settings['webhook-private-addresses']
  try {
    await checkedAddress(new URL(url).hostname, { allowsPrivate })
  } catch (error) {
    const reason = error instanceof AddressNotAllowed ? error.message : 'its name cannot be looked up'
    throw new Refusal('bad-command', `Nothing can be sent to ${new URL(url).host}: ${reason}.`, {
      hint: 'Name a public address, or let the server allow private ones (webhook-private-addresses).',
    })
  }
}
