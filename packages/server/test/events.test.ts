import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { intakeOf } from '@spillway/engine'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ask, type Question } from './ask.ts'
import { type ServedCompany, servedCompany } from './served-company.ts'

let company: ServedCompany
beforeAll(async () => {
  company = await servedCompany({ SPILLWAY_EVENTS_WAITING_MEGABYTES: '1' })
})
afterAll(async () => {
  await company.server.services.intake.stop()
  await company.remove()
})

/** Of the test, so that none sees the events of another. */
let source = ''
let tests = 0
type Status = Record<string, number | string | null>
let before: Status = {}
beforeEach(async () => {
  tests += 1
  source = `/meter-${tests}`
  before = company.server.services.intake.status() as unknown as Status
})

const send = (question: Question) => ask(company.server, { as: 'manager', ...question })
type Members = Readonly<Record<string, unknown>>
const event = (id: string, members: Members = {}, data: Members = {}) => ({
  ...{
    specversion: '1.0',
    id,
    source,
    type: 'com.acme.data',
    time: '2026-11-02T08:00:00Z',
    subject: 'phone-1',
  },
  ...members,
  data: { bytes: 5, account: 'A-1', ...data },
})
const TYPES = {
  one: 'application/cloudevents+json',
  batch: 'application/cloudevents-batch+json',
  lines: 'application/x-ndjson',
} as const
const post = (type: string, body: unknown, headers: Record<string, string> = {}) =>
  send({ method: 'POST', path: '/v1/events', body, headers: { 'content-type': type, ...headers } })
/** The status afterwards; counts are of this test. */
const importNow = async () => {
  const status = (await send({ method: 'POST', path: '/v1/events/import' })).json as Status
  const counted = Object.entries(status).filter(([name]) =>
    /^(?:imported|quarantined|duplicate|refused)Events$/.test(name),
  )
  return {
    ...status,
    ...Object.fromEntries(counted.map(([name, count]) => [name, Number(count) - Number(before[name])])),
  }
}
const used = () =>
  company.workspace.warehouse.rows<{ id: string; quantity_base: bigint }>(
    'SELECT id, quantity_base FROM usage WHERE source = $source ORDER BY id',
    { source },
  )

describe('events', () => {
  it('of every form are acknowledged, imported once, and kept digit by digit', async () => {
    expect((await post(TYPES.one, event('one'))).json).toEqual({ accepted: 1 })
    const big = JSON.stringify([event('a,]"\\'), event('b')], null, 2).replace(
      '"bytes": 5',
      '"bytes": 9007199254740993',
    )
    expect((await post(TYPES.batch, big)).json).toEqual({ accepted: 2 })
    const stream = ['c', 'd', 'e'].map((id) => JSON.stringify(event(id))).join('\n\n')
    expect((await post(TYPES.lines, stream)).json).toEqual({ accepted: 3 })
    const { data, ...attributes } = event('binary')
    const headers = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, String(value)]))
    expect((await post('application/json', data, headers)).json).toEqual({ accepted: 1 })
    expect((await post(TYPES.batch, [event('b'), event('e', {}, { bytes: 6 })])).status).toBe(202)
    expect((await send({ path: '/v1/events/status' })).json).toMatchObject({ waitingEvents: 9, importedThrough: null })
    expect(await importNow()).toMatchObject({
      ...{ waitingEvents: 0, waitingBytes: 0, importedThrough: '2026-11-22T09:00:00.000Z', failure: '' },
      ...{ importedEvents: 7, duplicateEvents: 1, quarantinedEvents: 1, refusedEvents: 0 },
    })
    const quantities = Object.fromEntries((await used()).map(({ id, quantity_base }) => [id, quantity_base]))
    expect(quantities).toEqual({ one: 5n, 'a,]"\\': 9_007_199_254_740_993n, b: 5n, c: 5n, d: 5n, e: 5n, binary: 5n })
    expect(await readdir(intakeOf(company.workspace.directory))).toEqual([])
  })

  it('of a batch are taken all or none, and each that is wrong is told', async () => {
    const wrong = [event('good'), event('', { time: '2026-11-02' }), { ...event('x'), data: [1] }, 7]
    const { status, json } = await post(TYPES.batch, wrong)
    expect([status, json.code, json.issues]).toEqual([
      400,
      'bad-command',
      [
        { event: 2, at: 'id', message: 'must be a text that is not empty' },
        { event: 2, at: 'time', message: 'must be a time with an offset or Z (RFC 3339)' },
        { event: 3, at: 'data', message: 'must be an object that says what was used' },
        { event: 4, at: '', message: 'an event is an object' },
      ],
    ])
    expect(await importNow()).toMatchObject({ importedEvents: 0 })
  })

  it.each<[what: string, type: string, body: unknown, status: number]>([
    ['no JSON', TYPES.one, '{"id":', 400],
    ['no list', TYPES.batch, event('x'), 400],
    ['a list as one', TYPES.one, [event('x')], 400],
    ['an unknown type', 'text/plain', 'x', 400],
    ['an attribute that is an object', TYPES.one, event('x', { extra: {} }), 400],
    ['an attribute with capitals', TYPES.one, event('x', { partKey: 'y' }), 400],
    ['too large', TYPES.one, event('x'.repeat(70_000)), 413],
    ['one too large in a batch', TYPES.batch, [event('x'.repeat(70_000))], 400],
    ['a line too large', TYPES.lines, JSON.stringify(event('x'.repeat(70_000))), 413],
  ])('that are %s are refused', async (_, type, body, status) => {
    expect((await post(type, body)).status).toBe(status)
  })

  it('of a stream are taken until the chunk that is wrong, which says how many were', async () => {
    const lines = Array.from({ length: 3000 }, (_, at) => JSON.stringify(event(`s${at}`)))
    lines[2900] = '{"id":"broken"}'
    const { status, json } = await post(TYPES.lines, lines.join('\n'))
    expect([status, json.accepted]).toEqual([400, expect.any(Number)])
    const accepted = Number(json.accepted)
    expect(accepted).toBeGreaterThan(500)
    expect(accepted).toBeLessThan(2901)
    expect(json.issues).toContainEqual({ event: 2901, at: 'specversion', message: 'must be "1.0"' })
    expect(await importNow()).toMatchObject({ importedEvents: accepted })
  })

  it('with names without end are set aside, and every other one counts', async () => {
    const many = Array.from({ length: 2100 }, (_, at) => [`n${at}`, 1])
    await post(TYPES.batch, [event('first'), event('odd', {}, Object.fromEntries(many)), event('last')])
    expect(await importNow()).toMatchObject({ importedEvents: 2, refusedEvents: 1, failure: '' })
    expect((await used()).map(({ id }) => id)).toEqual(['first', 'last'])
    expect(await readdir(join(company.workspace.directory, 'intake-refused'))).toHaveLength(1)
  })

  it('are refused with when to come back where too many wait', async () => {
    const body = Array.from({ length: 100 }, (_, at) => event(`${at}`, { filler: 'x'.repeat(20_000) }))
    expect((await post(TYPES.batch, body)).status).toBe(202)
    const refused = await post(TYPES.batch, body)
    expect([refused.status, refused.json.code, refused.headers.get('retry-after')]).toEqual([503, 'intake-full', '5'])
    expect(await importNow()).toMatchObject({ importedEvents: 100 })
    expect((await post(TYPES.batch, [event('after')])).status).toBe(202)
  })

  it('of a grant on an account are those that name it', async () => {
    const { catalog, tenant } = company.workspace
    await catalog
      .updateTable('role_grant')
      .set({ scope_kind: 'account', scope_key: 'A-1' })
      .where('id', '=', 'gr_machine')
      .execute()
    await catalog
      .updateTable('api_token')
      .set({ permissions: '["event:send"]' })
      .where('tenant', '=', tenant)
      .where('id', '=', 'tok_machine')
      .execute()
    const byMachine = (body: unknown) =>
      ask(company.server, {
        method: 'POST',
        path: '/v1/events',
        byTokenOf: 'machine',
        body,
        headers: { 'content-type': TYPES.batch },
      })
    expect((await byMachine([event('mine')])).status).toBe(202)
    const { status, json } = await byMachine([
      event('mine'),
      event('theirs', {}, { account: 'A-2' }),
      event('nobodys', {}, { account: undefined }),
    ])
    expect([
      status,
      (json.issues as Array<{ event: number; at: string }>).map(({ event: number, at: place }) => [number, place]),
    ]).toEqual([
      400,
      [
        [2, 'data.account'],
        [3, 'data.account'],
      ],
    ])
    expect((await ask(company.server, { path: '/v1/events/status', byTokenOf: 'machine' })).status).toBe(403)
  })
})
