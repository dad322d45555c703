// What the screens of share plans, catalogue and bills ask: previews with their progress, uses, versions, candidates, and one
// bill in its sections, as files, taken back and issued again.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LocalDate, Period } from '@spillway/core'
import { parsePeriod } from '@spillway/core'
import { closePeriod, importFiles, previewRating, publishPeriod, readTried, reopenPeriod } from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { fileIntake, IMPORTERS } from '@spillway/formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Client, followAnswer } from '../src/client/index.ts'
import { ROUTES } from '../src/contract/routes.ts'
import { ask, ORIGIN } from './ask.ts'
import { type PersonName, type ServedCompany, servedCompany, sessionOf } from './served-company.ts'

const plan = (size: number) => `kind: SharePlan
id: pool
name: Pool
active: true
share-level: account
participating: [{ product: sim }]
buckets: [{ id: shared, accepts: [{ usage-type: data }], type: fixed, life: recurring, tiers: [{ size: ${size} GB }] }]
`
const CATALOGUE = `{ kind: Account, id: U, name: Umber, currency: USD }
---
{ kind: RatePlan, id: standard, rates: [{ usage-type: data, price: 1.00, per: 1 GB }] }
---
{ kind: Product, id: sim, service-type: cellular, rate-plan: standard, recurring: { amount: 3.00, in: arrears } }
---
{ kind: Product, id: sim-2, service-type: cellular, rate-plan: standard }
---
${plan(2)}---
{ kind: AccountSharePlan, account: U, plan: pool, from: 2026-10-01 }
`
const FILES = {
  'services.csv':
    'service,vendor,account,product,service_type,person,cost_centre,project,from,to,share\nsim-1,,U,sim,,,,,2020-01-01,,\nsim-2,,U,sim,,,,,2020-01-01,,\n',
  'usage.csv':
    'source,id,account,service,usage_type,started_at,ended_at,quantity,unit,zone,time_band,network,account_code,peer,app,pool,participants\nus,1,U,sim-1,data,2026-10-02T00:00:00Z,,4,GB,domestic,,,,,,,\nus,2,U,sim-2,data,2026-10-03T00:00:00Z,,1,GB,domestic,,,,,,,\n',
}
const OCTOBER = parsePeriod('2026-10') as Period

let company: ServedCompany
beforeAll(async () => {
  company = await servedCompany()
  const { workspace, server } = company
  const applied = await ask(server, {
    ...{ method: 'POST', path: '/v1/configuration', as: 'owner' },
    body: { files: [{ name: 'catalogue.yaml', text: CATALOGUE }] },
  })
  expect(applied.status).toBe(200)
  const paths: string[] = []
  for (const [name, text] of Object.entries(FILES)) {
    paths.push(join(workspace.directory, name))
    await writeFile(join(workspace.directory, name), text)
  }
  const asOfOn = '2026-11-22' as LocalDate
  // A directory file is the whole of what its source knows; usage says its source itself.
  const [services = '', usage = ''] = paths
  for (const [path, source] of [
    [services, 'ours'],
    [usage, ''],
  ] as const) {
    const { files } = await importFiles(workspace, { paths: [path], source, asOfOn, intake: fileIntake(IMPORTERS) })
    expect(files.map(({ outcome, refusal }) => refusal?.message ?? outcome)).toEqual(['imported'])
  }
  await closePeriod(workspace, { period: OCTOBER })
  await publishPeriod(workspace, OCTOBER)
})
afterAll(() => company.remove())

const get = (path: string, as: PersonName = 'owner') => ask(company.server, { path, as })
const post = (path: string, body: unknown = {}, as: PersonName = 'owner') =>
  ask(company.server, { method: 'POST', path, body, as })
type Rows = Array<Record<string, string>>
const files = (text: string) => [{ name: 'edited.yaml', text }]
const client = () =>
  new Client({
    url: ORIGIN,
    routes: ROUTES,
    fetch: async (url, request) => {
      const headers = new Headers(request?.headers)
      headers.set('cookie', `__Host-spillway=${sessionOf('owner')}`)
      headers.set('origin', ORIGIN)
      return company.server.app.request(String(url), { ...request, headers })
    },
  })

describe('a preview', () => {
  const body = { period: '2026-10', files: files(plan(5)) }

  it('says what would be billed, with how far it is on the way where events are accepted', async () => {
    const { json } = await post('/v1/previews', body, 'analyst')
    expect(json).toMatchObject({
      run: '2026-10.2',
      documents: [{ kind: 'SharePlan', name: 'pool' }],
      // Two services at 3.00; 3 of 5 GB are out of bucket before, and none after.
      totals: [{ currency: 'USD', before: '9.00', after: '6.00', change: '-3.00' }],
      counts: { account: 1, plan: 1, bucket: 1, service: 2 },
      account: { rows: [{ account: 'U', name: 'Umber', services: '2', change: '-3.00' }], next: null },
      bucket: { rows: [{ bucket: 'shared', capacity_after: '5000000000', drawn_after: '5000000000' }] },
    })
    const stages: string[] = []
    const onProgress = ({ stage, done, total }: { stage: string; done: number; total: number }) =>
      void stages.push(`${stage} ${done}/${total}`)
    expect(await followAnswer(client(), 'preview', { body, onProgress })).toEqual(json)
    expect([stages[0], stages.at(-1)]).toEqual(['rate 0/3', 'rate 3/3'])
  })

  it('says in mid-answer what the answer would have been refused with', async () => {
    const wrong = { period: '2026-10', files: files(plan(5).replace('sim', 'nowhere')) }
    const refused = await post('/v1/previews', wrong)
    expect([refused.status, refused.json.code]).toEqual([422, 'bad-configuration'])
    await expect(followAnswer(client(), 'preview', { body: wrong, onProgress: () => undefined })).rejects.toMatchObject(
      {
        code: 'bad-configuration',
        message: refused.json.detail,
      },
    )
    expect((await post('/v1/previews', { ...body, period: '2026-09' })).json.code).toBe('bad-command')
  })

  it('is cancelled without stopping what others ask', async () => {
    const { workspace } = company
    const stop = new AbortController()
    const other = workspace.warehouse.rows(
      'SELECT sum(a.range * b.range) AS n FROM range(30000) AS a, range(3000) AS b',
    )
    const cancelled = workspace.warehouse.withConnection((warehouse) =>
      previewRating(unscoped({ ...workspace, warehouse }), {
        ...{ tried: readTried(files(plan(5))), period: OCTOBER, signal: stop.signal },
        onProgress: () => stop.abort(),
      }),
    )
    await expect(cancelled).rejects.toMatchObject({ kind: 'cancelled' })
    expect(await other).toHaveLength(1)
  })
})

describe('a document', () => {
  it('has versions that stay, and says who names it', async () => {
    const place = '/v1/configuration/SharePlan/pool'
    for (let size = 3; size < 13; size += 1) await post('/v1/configuration', { files: files(plan(size)) })
    const first = await get(`${place}/versions?limit=3`, 'auditor')
    const second = await get(`${place}/versions?limit=500&cursor=${first.json.next}`)
    const versions = [...(first.json.items as Rows), ...(second.json.items as Rows)]
    expect(versions.map(({ version }) => version)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    expect(versions[0]).toMatchObject({ savedBy: 'owner@company.example', isInForce: true, isDeleted: false })
    const { json } = await get(`${place}/versions/1`)
    expect(json).toMatchObject({ version: 1, body: { id: 'pool' }, text: expect.stringContaining('size: 2 GB') })
    expect((await get(`${place}/versions/12`)).status).toBe(404)
    expect((await get('/v1/configuration/Product/sim/uses')).json).toEqual({
      canDelete: false,
      users: [{ kind: 'SharePlan', name: 'pool', path: 'participating[0].product', isHolding: true }],
      services: 2,
    })
    expect((await get(`${place}/uses`)).json).toMatchObject({
      canDelete: false,
      users: [{ kind: 'AccountSharePlan', path: 'plan', isHolding: true }],
    })
    expect((await get('/v1/configuration/Product/sim-2/uses')).json).toMatchObject({ canDelete: true, users: [] })
  })

  it('is checked while it is typed, each issue by its place, while something else is being changed', async () => {
    let finish = () => {}
    const busy = company.server.services.turns.take(() => new Promise<void>((resolve) => (finish = resolve)))
    const text = plan(2).replace('fixed', 'variable-multi-tier').replace('active: true', 'active: perhaps')
    const { status, json } = await post('/v1/configuration', { files: files(text), dryRun: true })
    finish()
    await busy
    expect(status).toBe(422)
    expect(json.issues).toMatchObject([{ file: 'edited.yaml', document: 1, path: 'active' }])
  })

  it('lists who can participate in a plan, and why others cannot', async () => {
    const rowsOf = async (query: string) => (await get(`/v1/share-plans/participants${query}`)).json.rows as Rows
    const shown = (rows: Rows) =>
      rows.map((row) => `${row.by} ${row.id} ${row.plan} ${row.can_choose} ${row.why}`.trim())
    expect(shown(await rowsOf(''))).toEqual([
      'product sim pool no participates in the share plan pool (Pool) already',
      'product sim-2  yes',
      'service-type cellular  yes',
    ])
    expect(shown(await rowsOf('?plan=pool'))[0]).toBe('product sim pool yes')
  })
})

describe('a bill', () => {
  const bill = '/v1/bills/U-2026-10-01'

  it('has sections that sum to it, one in full, and files', async () => {
    const { json } = await get(`${bill}/sections?by=service&key=sim-1`)
    expect(json).toMatchObject({
      heading: { number: 'U-2026-10-01', state: 'issued', total: '9.00', sections: 'service', name: 'Umber' },
      section: { key: 'sim-1', subtotal: '5.00', usage: [{ quantity: '4000000000', amount: '2.00' }] },
    })
    const sections = (json.sections as { rows: Rows }).rows
    expect(sections.map(({ key, usage, recurring, subtotal }) => [key, usage, recurring, subtotal])).toEqual([
      ['sim-1', '2.00', '3.00', '5.00'],
      ['sim-2', '1.00', '3.00', '4.00'],
    ])
    expect((await get(`${bill}/sections?by=service&key=none`)).status).toBe(404)
    const found = async (asked: string) => {
      const { rows, rowCount, totals } = (await get(`${bill}/sections?by=service&${asked}`)).json.sections as {
        rows: Rows
        rowCount: number
        totals: ReadonlyArray<{ amounts: Record<string, string> }>
      }
      return [rows.map(({ key }) => key), rowCount, totals.map(({ amounts }) => amounts.subtotal)]
    }
    expect(await found('search=M-2')).toEqual([['sim-2'], 1, ['4.00']])
    expect(await found('search=sim&limit=1')).toEqual([['sim-1'], 2, ['9.00']])
    expect(await found('search=nothing')).toEqual([[], 0, []])
    expect(await found('search=')).toEqual([['sim-1', 'sim-2'], 2, ['9.00']])
    const begins = async (format: string) => (await get(`${bill}/file?by=service&format=${format}`)).text.slice(0, 4)
    expect([await begins('pdf'), (await begins('xlsx')).slice(0, 2)]).toEqual(['%PDF', 'PK'])
    const file = await get(`${bill}/file?format=csv&calls=false`)
    expect([file.status, file.headers.get('content-disposition')]).toEqual([
      200,
      'attachment; filename="bill-U-2026-10-01.csv"',
    ])
    expect((await get('/v1/audit?action=export&limit=1', 'auditor')).json.items).toMatchObject([
      { subject: 'bill U-2026-10-01', details: { format: 'csv' } },
    ])
    expect((await get('/v1/bills/none/file')).status).toBe(404)
    expect((await get(`${bill}/sections`, 'head-of-C-1')).status).toBe(404)
  })

  it('is taken back with a reason, and issued again under another number', async () => {
    const listed = async () =>
      ((await get('/v1/reports/bills?period=2026-10')).json.rows as Rows).map((row) => `${row.bill} ${row.state}`)
    // Each is kept, and asked again once it is another.
    expect((await get(`${bill}/sections`)).json.heading).toMatchObject({ state: 'issued' })
    expect(await listed()).toEqual(['U-2026-10-01 issued'])
    expect((await post(`${bill}/void`, { reason: '' })).status).toBe(400)
    expect((await post(`${bill}/void`, { reason: 'a wrong address' }, 'analyst')).status).toBe(403)
    expect((await post(`${bill}/void`, { reason: 'a wrong address' })).json).toEqual({
      ...{ number: 'U-2026-10-01', state: 'void', total: '9.00', currency: 'USD' },
    })
    expect((await post(`${bill}/reissue`)).json).toEqual({ number: 'U-2026-10-01-R2' })
    const { json } = await get(`${bill}/sections`)
    expect(json.heading).toMatchObject({ state: 'void', replacedBy: 'U-2026-10-01-R2', voidReason: 'a wrong address' })
    expect(await listed()).toEqual(['U-2026-10-01 void', 'U-2026-10-01-R2 issued'])
  })
})

describe('an answer that is kept', () => {
  const ASKED = [
    '/v1/reports/buckets?period=2026-10&account=U',
    '/v1/reports/bucket-days?period=2026-10&bucket=shared&account=U',
    '/v1/reports/balances?at=2026-10-01T12:00:00Z&account=U',
    '/v1/reports/bills?period=2026-10',
    '/v1/bills/U-2026-10-01-R2/sections?by=service&key=sim-1',
    '/v1/explain/sim-1?period=2026-10',
  ] as const
  const answers = () => Promise.all(ASKED.map(async (path) => (await get(path)).text))

  it('is made once, for everybody in the same scope, and for nobody else', async () => {
    const made = async () =>
      Number(/^spillway_report_pages_made_total (\d+)$/m.exec(await company.server.services.metrics.text())?.[1])
    const first = await answers()
    const before = await made()
    expect(await answers()).toEqual(first)
    expect(await made()).toBe(before)
    for (const [at, path] of ASKED.entries()) expect((await get(path, 'head-of-C-1')).text, path).not.toBe(first[at])
  })

  it('is another once a document names what was asked about', async () => {
    const uses = async () => (await get('/v1/configuration/Product/sim-2/uses')).json
    expect(await uses()).toMatchObject({ canDelete: true })
    await post('/v1/configuration', { files: files(plan(2).replace('sim }', 'sim }, { product: sim-2 }')) })
    expect(await uses()).toMatchObject({ canDelete: false, users: [{ kind: 'SharePlan', name: 'pool' }] })
    expect((await get('/v1/configuration/Product/sim-2/uses', 'head-of-C-1')).status).toBe(403)
    await post('/v1/configuration', { files: files(plan(2)) })
    expect(await uses()).toMatchObject({ canDelete: true, users: [] })
  })

  it('is another once the month is closed again with usage that came since, and not before', async () => {
    const { workspace } = company
    const before = await answers()
    const path = join(workspace.directory, 'more.csv')
    const [head = ''] = FILES['usage.csv'].split('\n')
    await writeFile(path, `${head}\nus,3,U,sim-1,data,2026-10-01T10:00:00Z,,2,GB,domestic,,,,,,,\n`)
    const asOfOn = '2026-11-22' as LocalDate
    await importFiles(workspace, { paths: [path], source: '', asOfOn, intake: fileIntake(IMPORTERS) })
    expect(await answers()).toEqual(before)
    await reopenPeriod(workspace, { period: OCTOBER, reason: 'usage that came late' })
    await closePeriod(workspace, { period: OCTOBER })
    const after = await answers()
    for (const [at, asked] of ASKED.entries()) expect(after[at], asked).not.toBe(before[at])
    const drawn = (JSON.parse(after[1] as string) as { rows: Rows }).rows.at(-1)
    expect(drawn).toMatchObject({ so_far: '2000000000', left: '0', exhausted_at: '2026-10-01T10:00:00Z' })
  })
})
