// What others are to be told of, written in the transaction of what happened: neither is kept without the other. Sends nothing;
// the server does, and decides then what each endpoint's owner may see.
import { createHash } from 'node:crypto'
import { invariant } from '@spillway/core'
import type { Catalog } from './open-catalog.ts'

export const OUTBOX_EVENT_TYPES = [
  'run.closed',
  'run.published',
  'run.reopened',
  'alert.raised',
  'import.finished',
  'import.failed',
] as const
export type OutboxEventType = (typeof OUTBOX_EVENT_TYPES)[number]

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

/** Keeps each event once, with a delivery for every endpoint that asks for its type; nothing where no endpoint does. */
export async function announce(transaction: Catalog, events: ReadonlyArray<OutboxEvent>): Promise<void> {
  invariant(transaction.isTransaction, 'an event is announced in a transaction', { events: events.length })
  const [first] = events
  if (!first) return
  const endpoints = await transaction
    .selectFrom('webhook_endpoint')
    .select(['id', 'events'])
    .where('tenant', '=', first.tenant)
    .where('state', '=', 'active')
    .execute()
  for (const event of events) {
    const wanting = endpoints.filter((one) => (JSON.parse(one.events) as string[]).includes(event.type))
    if (wanting.length > 0)
      await keep(
        transaction,
        event,
        wanting.map(({ id }) => id),
      )
  }
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
