import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Server as HttpServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { announce, closePeriod, type OutboxEvent, periodNamed, publishPeriod, reopenPeriod } from '@spillway/engine'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ask, type Question } from './ask.ts'
import { type ServedCompany, servedCompany } from './served-company.ts'

type Received = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string }
let company: ServedCompany
let receiver: HttpServer
let received: Received[] = []
/** What the receiver answers next; 204 where nothing is left. */
let answers: number[] = []

beforeAll(async () => {
  company = await servedCompany({
    SPILLWAY_WEBHOOK_PRIVATE_ADDRESSES: 'true',
    // The clock goes on for a day while a delivery is tried again.
    SPILLWAY_SESSION_IDLE_MINUTES: '10000',
  })
  receiver = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += String(piece)
    received.push({ path: request.url ?? '', headers: request.headers, body })
    response.writeHead(answers.shift() ?? 204, { location: '/elsewhere' }).end()
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
})
afterAll(async () => {
  receiver.close()
  await company.remove()
})
beforeEach(async () => {
  received = []
  answers = []
  await company.workspace.catalog
    .deleteFrom('webhook_endpoint')
    .where('tenant', '=', company.workspace.tenant)
    .execute()
})

const send = (question: Question) => ask(company.server, { as: 'owner', ...question })
const urlOf = (path: string) => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}${path}`
const create = async (path: string, events: string[], as: Question['as'] = 'owner') =>
  (await send({ method: 'POST', path: '/v1/webhooks', as, body: { url: urlOf(path), events } })).json as {
    id: string
    secret: string
  }
const deliver = () => company.server.services.webhooks.deliverDue()
type Delivery = {
  id: string
  type: string
  state: string
  attempts: number
  lastStatus: number | null
  lastError: string
  nextAt: string | null
}
const logOf = async (id: string) => (await send({ path: `/v1/webhooks/${id}/deliveries` })).json.items as Delivery[]
const OCTOBER = periodNamed('2026-10')

let events = 0
const announced = (more: Partial<OutboxEvent> = {}) => {
  events += 1
  const { catalog, tenant, actor } = company.workspace
  const event = {
    tenant,
    at: actor.now().toISOString(),
    type: 'import.failed',
    subject: 'x',
    body: {},
    identity: `${events}`,
  } as const
  return catalog.transaction().execute((transaction) => announce(transaction, [{ ...event, ...more }]))
}

describe('a webhook', () => {
  it('is told of what it asked for, signed by its secret, which no database or log holds', async () => {
    const { id, secret } = await create('/all', ['run.closed', 'run.published', 'run.reopened'])
    await create('/other', ['import.failed'])
    const { workspace } = company
    const { run } = await closePeriod(workspace, { period: OCTOBER })
    await publishPeriod(workspace, OCTOBER)
    await reopenPeriod(workspace, { period: OCTOBER, reason: 'a late bill' })
    await deliver()
    expect(received.map(({ path, body }) => [path, JSON.parse(body).type])).toEqual(
      ['run.closed', 'run.published', 'run.reopened'].map((type) => ['/all', type]),
    )
    const bodies = received.map(({ body }) => JSON.parse(body) as { data: object })
    expect(bodies[0]?.data).toMatchObject({
      run,
      period: '2026-10',
      totals: [{ currency: 'USD', actual: expect.any(String) }],
    })
    expect(bodies[2]?.data).toEqual({ run, period: '2026-10', reason: 'a late bill' })
    const [first] = received
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
    const {
      'webhook-id': eventId,
      'webhook-timestamp': timestamp,
      'webhook-signature': signature,
    } = first?.headers ?? {}
    expect(timestamp).toBe(String(Date.parse('2026-11-22T09:00:00Z') / 1000))
    const expected = createHmac('sha256', key).update(`${eventId}.${timestamp}.${first?.body}`).digest('base64')
    expect(signature).toBe(`v1,${expected}`)
    expect((await logOf(id)).map(({ state, lastStatus, attempts }) => [state, lastStatus, attempts])).toEqual(
      Array(3).fill(['delivered', 204, 1]),
    )
    const database = await readFile(join(workspace.directory, 'catalog.sqlite'))
    const text = [database.toString('latin1'), company.log.join(''), (await send({ path: '/v1/webhooks' })).text].join(
      '',
    )
    expect([text.includes(secret), text.includes(key.toString('base64')), text.includes(key.toString('hex'))]).toEqual([
      false,
      false,
      false,
    ])
  })

  it('is tried out with an event of its own, which no other webhook is told of', async () => {
    const { id } = await create('/tried', ['run.closed'])
    await create('/other', ['run.closed'])
    await send({ method: 'PATCH', path: `/v1/webhooks/${id}`, body: { state: 'paused' } })
    answers = [500]
    const { status, json } = await send({ method: 'POST', path: `/v1/webhooks/${id}/test` })
    expect([status, json.type, json.state]).toEqual([202, 'webhook.test', 'waiting'])
    await deliver()
    expect(received.map(({ path, body }) => [path, (JSON.parse(body) as { type: string }).type])).toEqual([
      ['/tried', 'webhook.test'],
    ])
    expect(await logOf(id)).toMatchObject([{ id: json.id, type: 'webhook.test', state: 'waiting', lastStatus: 500 }])
    const wanted = { url: urlOf('/x'), events: ['webhook.test'] }
    expect((await send({ method: 'POST', path: '/v1/webhooks', body: wanted })).status).toBe(400)
  })

  it('is tried again with growing pauses, and given up after eight times, until somebody sends it again', async () => {
    const { id } = await create('/down', ['import.failed'])
    answers = [500, 302, 404, 500, 500, 500, 500, 500]
    await announced()
    const pauses: number[] = []
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      await deliver()
      const [delivery] = await logOf(id)
      expect([delivery?.attempts, delivery?.state]).toEqual([attempt, attempt < 8 ? 'waiting' : 'failed'])
      if (delivery?.nextAt) {
        const pause = Date.parse(delivery.nextAt) - company.workspace.actor.now().getTime()
        pauses.push(pause / 1000)
        await deliver()
        expect(received).toHaveLength(attempt)
        company.wait(pause + 1)
      }
    }
    const nominal = [5, 30, 120, 600, 3600, 10_800, 28_800]
    for (const [at, pause] of pauses.entries())
      expect(Math.abs(pause / (nominal[at] as number) - 1)).toBeLessThanOrEqual(0.21)
    expect(new Set(received.map(({ path }) => path))).toEqual(new Set(['/down']))
    const [{ id: delivery } = { id: '' }] = await logOf(id)
    const again = await send({
      method: 'POST',
      path: `/v1/webhooks/${id}/deliveries/${encodeURIComponent(delivery)}/redeliver`,
    })
    expect(again.status).toBe(202)
    await deliver()
    expect((await logOf(id)).map(({ state, attempts }) => [state, attempts])).toEqual([['delivered', 1]])
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  })

  it('says why where nobody answers', async () => {
    const { id } = await create('/gone', ['import.failed'])
    await company.workspace.catalog
      .updateTable('webhook_endpoint')
      .set({ url: 'http://127.0.0.1:1/' })
      .where('id', '=', id)
      .execute()
    await announced()
    await deliver()
    expect(await logOf(id)).toMatchObject([
      { state: 'waiting', attempts: 1, lastStatus: null, lastError: 'ECONNREFUSED' },
    ])
  })

  it('of somebody who sees an account is told of the alerts of that account, and of nothing else', async () => {
    const { catalog } = company.workspace
    await catalog
      .updateTable('role_grant')
      .set({ scope_kind: 'account', scope_key: 'A-1' })
      .where('id', '=', 'gr_manager')
      .execute()
    const { id } = await create('/account', ['alert.raised', 'import.failed'], 'manager')
    await announced()
    await announced({ type: 'alert.raised', account: 'A-1', subject: 'mine' })
    await announced({ type: 'alert.raised', account: 'A-2', subject: 'theirs', body: { secret: 'theirs' } })
    await deliver()
    expect(received.map(({ path, body }) => [path, JSON.parse(body).type])).toEqual([['/account', 'alert.raised']])
    const states = Object.fromEntries((await logOf(id)).map(({ id: delivery, state }) => [delivery, state]))
    expect(Object.values(states).sort()).toEqual(['delivered', 'withheld', 'withheld'])
    const ownerOnly = await create('/owner', ['run.closed'])
    expect((await send({ path: `/v1/webhooks/${ownerOnly.id}`, method: 'DELETE', as: 'manager' })).status).toBe(404)
    await catalog.updateTable('app_user').set({ state: 'disabled' }).where('id', '=', 'usr_manager').execute()
    await announced({ type: 'alert.raised', account: 'A-1' })
    await deliver()
    expect(received).toHaveLength(1)
  })

  it('is told once of what is announced twice, and of nothing that was rolled back', async () => {
    await create('/once', ['import.failed'])
    await announced({ identity: 'the same' })
    await announced({ identity: 'the same' })
    const { catalog, tenant } = company.workspace
    const event = {
      tenant,
      at: '2026-11-22T09:00:00Z',
      type: 'import.failed',
      subject: 'x',
      body: {},
      identity: 'rolled back',
    } as const
    const failing = catalog.transaction().execute(async (transaction) => {
      await announce(transaction, [event])
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await deliver()
    expect(received).toHaveLength(1)
  })

  it('is paused, changed and deleted, and its secret made anew', async () => {
    const { id, secret } = await create('/x', ['import.failed'])
    const change = (body: object) => send({ method: 'PATCH', path: `/v1/webhooks/${id}`, body })
    expect((await change({ state: 'paused' })).json).toMatchObject({ state: 'paused', events: ['import.failed'] })
    await announced()
    await deliver()
    expect(received).toEqual([])
    const rotated = (await send({ method: 'POST', path: `/v1/webhooks/${id}/secret` })).json as { secret: string }
    expect([rotated.secret.startsWith('whsec_'), rotated.secret === secret]).toEqual([true, false])
    expect((await send({ method: 'DELETE', path: `/v1/webhooks/${id}` })).status).toBe(204)
    expect((await send({ path: `/v1/webhooks/${id}/deliveries` })).status).toBe(404)
    const { json } = await send({ path: '/v1/audit?action=delete-webhook', as: 'auditor' })
    expect(json.items).toMatchObject([{ who: 'owner@company.example', subject: urlOf('/x') }])
  })

  it.each(['ftp://example.com', 'http://user:pass@example.com', 'no address'])('to %s is refused', async (url) => {
    const { status } = await send({ method: 'POST', path: '/v1/webhooks', body: { url, events: ['run.closed'] } })
    expect(status).toBe(400)
  })
})
