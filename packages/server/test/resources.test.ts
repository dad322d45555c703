// What the command line has, over HTTP: configuration as files, periods after their close, the directory, comparisons.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, ORIGIN } from './ask.ts'
import { type PersonName, type ServedCompany, servedCompany, sessionOf } from './served-company.ts'

let company: ServedCompany
beforeAll(async () => {
  company = await servedCompany()
})
afterAll(() => company.remove())

const get = (path: string, as: PersonName = 'owner') => ask(company.server, { path, as })
const post = (path: string, body: unknown = {}, as: PersonName = 'owner') =>
  ask(company.server, { method: 'POST', path, body, as })
type Rows = Array<Record<string, string>>

describe('configuration as files', () => {
  const files = [
    {
      name: 'policy.yaml',
      text: 'kind: AllocationPolicy\nname: even\napplies-to: { pools: [P-1] }\ncomponents:\n  - { name: lump, charges: [{ category: bulk }], method: even }\n',
    },
  ]

  it('is applied as a whole, dry or not, and comes out as it went in', async () => {
    const outcome = async (dryRun: boolean) => {
      const { json } = await post('/v1/configuration', { files, dryRun })
      return (json.documents as Rows).map((one) => one.outcome)
    }
    expect([await outcome(true), await outcome(false), await outcome(false)]).toEqual([
      ['created'],
      ['created'],
      ['unchanged'],
    ])
    const { text, headers } = await get('/v1/exports/configuration?kind=AllocationPolicy')
    expect([headers.get('content-type'), text]).toEqual([
      'application/yaml; charset=utf-8',
      expect.stringContaining('name: even'),
    ])
    expect((await post('/v1/configuration', { files: [{ name: 'x', text: 'kind: None' }] })).status).toBe(422)
  })
})

describe('a period after its close', () => {
  it('is published, reopened with a reason, and compared', async () => {
    expect((await post('/v1/periods/2026-09/publish')).status).toBe(409)
    expect((await post('/v1/periods/2026-09/reopen', {})).status).toBe(400)
    expect((await post('/v1/periods/2026-09/reopen', { reason: 'a late bill' })).json).toEqual({ run: '2026-09.1' })
    expect((await post('/v1/periods/2026-09/publish', {}, 'analyst')).status).toBe(403)
    const audit = await get('/v1/audit?action=reopen')
    expect(audit.json.items).toMatchObject([{ who: 'owner@company.example', subject: '2026-09' }])
    const changes = await get('/v1/runs/2026-10.1/changes?since=2026-09.1&by=person')
    expect(changes.json).toMatchObject({ name: 'run-changes', rows: [] })
    expect((await get('/v1/runs/2026-10.1/changes?since=2026-01.9')).status).toBe(404)
  })

  it('says who would carry more under another policy, and changes nothing', async () => {
    const text =
      'kind: AllocationPolicy\nname: equal\napplies-to: { pools: [P-1] }\ncomponents:\n  - { name: lump, charges: [{ category: bulk }], method: even }\n'
    const before = await get('/v1/reports/charges?period=2026-10&by=service')
    const { json } = await post('/v1/simulations', {
      period: '2026-10',
      files: [{ name: 'equal.yaml', text }],
      by: 'service',
    })
    // 90.00 by usage is 15.00, 30.00 and 45.00; even it is 30.00 each.
    expect(json).toMatchObject({
      run: '2026-10.1',
      sums: [{ currency: 'USD', gainers: 1, gained: '15.00', losers: 1, lost: '15.00' }],
      report: {
        rows: [
          { key: 'phone-1', change: '15.00' },
          { key: 'phone-3', change: '-15.00' },
        ],
      },
    })
    expect((await get('/v1/reports/charges?period=2026-10&by=service')).json).toEqual(before.json)
  })

  it('says it of the greatest changes alone where it is asked so, of what was computed before, and to nobody of a part', async () => {
    const text = (method: string) =>
      `kind: AllocationPolicy\nname: tried\napplies-to: { pools: [P-1] }\ncomponents:\n  - { name: lump, charges: [{ category: bulk }], method: ${method} }\n`
    const body = (method: string, rest: object) => ({
      period: '2026-10',
      files: [{ name: 'tried.yaml', text: text(method) }],
      ...rest,
    })
    const by = async (method: string, rest: object) => (await post('/v1/simulations', body(method, rest))).json
    const one = await by('even', { by: 'service', limit: 1 })
    expect(one).toMatchObject({
      sums: [{ gainers: 1, losers: 1 }],
      report: { rowCount: 2, rows: [{ key: 'phone-1', change: '15.00' }] },
    })
    // The same again by something else, then another policy: each has its own figures.
    expect(await by('even', { by: 'person' })).toMatchObject({ report: { rows: [{ key: 'E-1' }, { key: 'E-3' }] } })
    expect(await by('as-billed', { by: 'service' })).not.toMatchObject({ report: { rowCount: 2 } })
    expect(await by('even', { by: 'service', limit: 1 })).toEqual(one)
    expect((await post('/v1/simulations', body('even', {}), 'head-of-C-1')).status).toBe(403)
  })
})

describe('a simulation that nobody waits for any more', () => {
  const text =
    'kind: AllocationPolicy\nname: left\napplies-to: { pools: [P-1] }\ncomponents:\n  - { name: lump, charges: [{ category: bulk }], method: even }\n'
  const body = { period: '2026-10', files: [{ name: 'left.yaml', text }], by: 'service' }
  const scratches = async () => {
    const sql = `SELECT count(*)::INTEGER AS n FROM duckdb_databases() WHERE database_name LIKE 'scratch%'`
    return (await company.workspace.warehouse.row<{ n: number }>(sql)).n
  }

  it('is broken off, leaves nothing behind, and is answered to whoever asks next', async () => {
    const { json } = await post('/v1/simulations', {
      ...body,
      files: [{ name: 'a.yaml', text: text.replace('left', 'a') }],
    })
    const gone = new AbortController()
    const session = `__Host-spillway=${sessionOf('owner')}`
    const answer = await company.server.app.request(`${ORIGIN}/v1/simulations`, {
      method: 'POST',
      headers: { origin: ORIGIN, cookie: session, accept: 'text/event-stream', 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: gone.signal,
    })
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toContain('event: progress')
    gone.abort()
    await reader.cancel()
    await expect.poll(scratches).toBe(0)
    expect((await post('/v1/simulations', body)).json.sums).toEqual(json.sums)
  })
})

describe('the directory', () => {
  it('comes in pages, by key and by text, each once', async () => {
    const services: string[] = []
    let next: string | null = ''
    while (next !== null) {
      const { json } = await get(`/v1/services?limit=2${next === '' ? '' : `&cursor=${next}`}`)
      services.push(...(json.items as Rows).map(({ service, person }) => `${service} ${person}`))
      next = json.next as string | null
    }
    expect(services).toEqual(['idle-3 E-3', 'phone-1 E-1', 'phone-2 E-2', 'phone-3 E-3', 'phone-4 E-1', 'phone-4 E-3'])
    const items = async (path: string, as?: PersonName) => (await get(path, as)).json.items as Rows
    expect((await items('/v1/people?text=QUILL')).map(({ employee }) => employee)).toEqual(['E-1'])
    expect((await items('/v1/pool-members?key=P-1')).map(({ service }) => service)).toEqual([
      'phone-1',
      'phone-2',
      'phone-3',
    ])
    expect((await items('/v1/pools')).map(({ pool, allowance_base }) => [pool, allowance_base])).toEqual([
      ['P-1', '10000000000'],
    ])
  })

  it('shows a part of the company its own', async () => {
    const keys = async (path: string, key: string, as: PersonName) =>
      ((await get(path, as)).json.items as Rows).map((row) => row[key])
    expect(await keys('/v1/people', 'employee', 'head-of-C-1')).toEqual(['E-1', 'E-2'])
    expect(await keys('/v1/cost-centres', 'cost_centre', 'head-of-C-1')).toEqual(['C-1', 'C-11'])
    expect(await keys('/v1/services', 'service', 'employee-E-3')).toEqual(['idle-3', 'phone-3', 'phone-4'])
    expect(await keys('/v1/pool-members', 'service', 'employee-E-3')).toEqual(['phone-3'])
  })
})

it('reads a body of which nobody said the length, and no more of it than it takes', async () => {
  const send = (mebibytes: number) => {
    const start = new TextEncoder().encode('{"files":[{"name":"a","text":"')
    let left = mebibytes
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(start),
      pull(controller) {
        if (left > 0) controller.enqueue(new TextEncoder().encode('x'.repeat(1024 ** 2)))
        else {
          controller.enqueue(new TextEncoder().encode('"}],"dryRun":true}'))
          controller.close()
        }
        left -= 1
      },
    })
    return company.server.app.request(`${ORIGIN}/v1/configuration`, {
      ...{ method: 'POST', body, duplex: 'half' },
      headers: { 'content-type': 'application/json', origin: ORIGIN, cookie: `__Host-spillway=${sessionOf('owner')}` },
    } as RequestInit)
  }
  expect((await send(1)).status).toBe(422)
  expect((await send(12)).status).toBe(413)
})
