// What others are to be told of, written in the transaction of what happened: neither is kept without the other. Sends nothing;
// the server does, and decides then what each endpoint's owner may see.
import { createHash } from 'node:crypto'
import { invariant, type OutboxEventType } from '@spillway/core'
import type { Catalog } from './open-catalog.ts'

export type OutboxEvent = {
  readonly tenant: string
  /** ISO instant. */
  readonly at: string
  readonly type: OutboxEventType
  readonly subject: string
  /** Of an alert: whose it is. Left out, it is for those who see the whole tenant. */
  readonly account?: string
  readonly body: object
  /** What makes it the same event: announced again, it is not told again. */
  readonly identity: string
}

/** Whether anybody asks for such events: reading what nobody is told of can be left. */
export async function isAwaited(transaction: Catalog, tenant: string, type: OutboxEventType): Promise<boolean> {
  return (await endpointsOf(transaction, tenant)).some(({ events }) => events.includes(type))
}

/** Keeps each event once, with a delivery for every endpoint that asks for its type; nothing where no endpoint does. */
export async function announce(transaction: Catalog, events: ReadonlyArray<OutboxEvent>): Promise<void> {
  invariant(transaction.isTransaction, 'an event is announced in a transaction', { events: events.length })
  const [first] = events
  if (!first) return
  const endpoints = await endpointsOf(transaction, first.tenant)
  for (const event of events) {
    const wanting = endpoints.filter((one) => one.events.includes(event.type))
    if (wanting.length > 0)
      await keep(
        transaction,
        event,
        wanting.map(({ id }) => id),
      )
  }
}

async function endpointsOf(transaction: Catalog, tenant: string) {
  const rows = await transaction
    .selectFrom('webhook_endpoint')
    .select(['id', 'events'])
    .where('tenant', '=', tenant)
    .where('state', '=', 'active')
    .execute()
  return rows.map(({ id, events }) => ({ id, events: JSON.parse(events) as ReadonlyArray<string> }))
}

async function keep(transaction: Catalog, event: OutboxEvent, endpoints: ReadonlyArray<string>): Promise<void> {
  const { tenant, at, type, subject, account = '', body, identity } = event
  const id = `evt_${createHash('sha256')
    .update(JSON.stringify([tenant, type, identity]))
    .digest('base64url')
    .slice(0, 22)}`
  const { numInsertedOrUpdatedRows: kept } = await transaction
    .insertInto('outbox_event')
    .values({ tenant, id, type, subject, account, body: JSON.stringify(body), at })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (kept !== 1n) return
  for (const endpoint of endpoints)
    await transaction
      .insertInto('webhook_delivery')
      .values({
        ...{ tenant, id: `${id}.${endpoint}`, endpoint, event: id, state: 'waiting', attempts: 0, next_at: at },
        ...{ last_at: null, last_status: null, last_error: '', created_at: at },
      })
      .execute()
}
