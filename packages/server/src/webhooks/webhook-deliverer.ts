// Sends what stands in the outbox to the webhooks that asked for it: signed, tried again with growing pauses, given up at last.
// Whether the owner of a webhook may see an event is asked when it is sent, by what they are granted then.
import { Refusal } from '@spillway/core'
import type { OutboxEventTable, WebhookDeliveryTable, WebhookEndpointTable, Workspace } from '@spillway/engine'
import type { Logger } from 'pino'
import { Counter, type Registry } from 'prom-client'
import { TEST_EVENT } from '../contract/webhooks.ts'
import { scopeOfOwner } from '../permissions/scope-of.ts'
import { postTo } from './post-to.ts'
import type { WebhookSecrets } from './webhook-secrets.ts'

/** Pauses before the second attempt, the third, and so on; each is a fifth shorter or longer by chance. */
const PAUSES_SECONDS = [5, 30, 120, 600, 3600, 3 * 3600, 8 * 3600]
const ATTEMPTS_MAX = PAUSES_SECONDS.length + 1
const LOOK_MS = 1000
const AT_ONCE = 8
/** Of what was delivered, or given up. */
const KEPT_MS = 30 * 86_400_000

export type WebhookParts = {
  readonly workspace: Workspace
  readonly secrets: WebhookSecrets
  readonly log: Logger
  readonly registry: Registry
  readonly allowsPrivate: boolean
}

type Due = {
  readonly delivery: WebhookDeliveryTable
  readonly event: OutboxEventTable
  readonly endpoint: WebhookEndpointTable
}

export class WebhookDeliverer {
  readonly #parts: WebhookParts
  readonly #attempts: Counter<'state'>
  readonly #abort = new AbortController()
  #timer: NodeJS.Timeout | null = null
  #round: Promise<void> = Promise.resolve()

  constructor(parts: WebhookParts) {
    this.#parts = parts
    this.#attempts = new Counter({
      name: 'spillway_webhook_attempts_total',
      help: 'Attempts to deliver a webhook, by what became of the delivery.',
      labelNames: ['state'],
      registers: [parts.registry],
    })
  }

  async start(): Promise<void> {
    await this.#forgetOld()
    this.#wait()
  }

  /** What is under way is broken off, and sent again after the next start. */
  async stop(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    this.#abort.abort()
    await this.#round
  }

  #wait(): void {
    if (this.#abort.signal.aborted) return
    this.#timer = setTimeout(() => {
      this.#round = this.deliverDue()
        .catch((error: unknown) => this.#parts.log.error({ err: error }, 'webhooks cannot be delivered'))
        .then(() => this.#wait())
    }, LOOK_MS)
    this.#timer.unref()
  }

  /** One attempt for each that is due. */
  async deliverDue(): Promise<void> {
    for (;;) {
      const due = await this.#due()
      if (due.length === 0) return
      await Promise.all(due.map((one) => this.#deliver(one)))
      if (this.#abort.signal.aborted) return
    }
  }

  async #due(): Promise<Due[]> {
    const { catalog, tenant, actor } = this.#parts.workspace
    const deliveries = await catalog
      .selectFrom('webhook_delivery')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('state', '=', 'waiting')
      .where('next_at', '<=', actor.now().toISOString())
      .orderBy('next_at')
      .limit(AT_ONCE)
      .execute()
    const due: Due[] = []
    for (const delivery of deliveries) {
      const event = await catalog
        .selectFrom('outbox_event')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('id', '=', delivery.event)
        .executeTakeFirstOrThrow()
      const endpoint = await catalog
        .selectFrom('webhook_endpoint')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('id', '=', delivery.endpoint)
        .executeTakeFirstOrThrow()
      due.push({ delivery, event, endpoint })
    }
    return due
  }

  async #deliver(due: Due): Promise<void> {
    const { delivery, endpoint } = due
    const attempts = delivery.attempts + 1
    if (!(await this.#maySee(due)))
      return this.#note(delivery, { state: 'withheld', attempts: delivery.attempts, error: '' })
    try {
      const status = await this.#send(due)
      const isTaken = status >= 200 && status < 300
      // Paused meanwhile, or answered with a failure: as for every other attempt.
      await this.#note(delivery, {
        state: isTaken ? 'delivered' : this.#next(attempts),
        attempts,
        status,
        error: isTaken ? '' : `answered ${status}`,
      })
    } catch (error) {
      if (this.#abort.signal.aborted) return
      const { code, message } = error as NodeJS.ErrnoException
      this.#parts.log.debug({ endpoint: endpoint.id, err: error }, 'a webhook was not taken')
      await this.#note(delivery, { state: this.#next(attempts), attempts, error: code ?? message })
    }
  }

  #next(attempts: number): 'waiting' | 'failed' {
    return attempts < ATTEMPTS_MAX ? 'waiting' : 'failed'
  }

  async #send({ delivery, event, endpoint }: Due): Promise<number> {
    const { workspace, secrets, allowsPrivate } = this.#parts
    const body = JSON.stringify({ type: event.type, timestamp: event.at, data: JSON.parse(event.body) as unknown })
    const timestamp = Math.floor(workspace.actor.now().getTime() / 1000)
    const signature = await secrets.sign(endpoint, { id: delivery.event, timestamp, body })
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'spillway',
      'webhook-id': delivery.event,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signature,
    }
    return postTo({ url: endpoint.url, headers, body, allowsPrivate, signal: this.#abort.signal })
  }

  async #maySee({ event, endpoint }: Due): Promise<boolean> {
    try {
      const scope = await scopeOfOwner(this.#parts.workspace, endpoint.owner, 'webhook:read')
      // A trial says nothing of anybody, and is for its own webhook.
      if (event.type === TEST_EVENT) return true
      return scope.isWholeTenant || (event.account !== '' && scope.rows?.accounts.includes(event.account) === true)
    } catch (error) {
      if (error instanceof Refusal) return false
      throw error
    }
  }

  async #note(
    { tenant, id }: WebhookDeliveryTable,
    {
      state,
      attempts,
      status,
      error,
    }: { state: WebhookDeliveryTable['state']; attempts: number; status?: number; error: string },
  ): Promise<void> {
    const { catalog, actor } = this.#parts.workspace
    const now = actor.now()
    const pause = (PAUSES_SECONDS[attempts - 1] ?? 0) * (0.8 + Math.random() * 0.4)
    const next_at = new Date(now.getTime() + pause * 1000).toISOString()
    const last = { last_at: now.toISOString(), last_status: status ?? null, last_error: error.slice(0, 200) }
    await catalog
      .updateTable('webhook_delivery')
      .set({ state, attempts, next_at, ...last })
      .where('tenant', '=', tenant)
      .where('id', '=', id)
      .execute()
    this.#attempts.inc({ state })
  }

  async #forgetOld(): Promise<void> {
    const { catalog, tenant, actor } = this.#parts.workspace
    const oldest = new Date(actor.now().getTime() - KEPT_MS).toISOString()
    await catalog
      .deleteFrom('outbox_event')
      .where('tenant', '=', tenant)
      .where('at', '<', oldest)
      .where('id', 'not in', (waiting) =>
        waiting
          .selectFrom('webhook_delivery')
          .select('event')
          .where('tenant', '=', tenant)
          .where('state', '=', 'waiting'),
      )
      .execute()
  }
}
