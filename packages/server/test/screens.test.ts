// What the screens keep and begin with: saved views, preferences, the overview, statements, checks, and the link of the demo.
import { applyConfiguration } from '@spillway/engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBackground, stopBackground } from '../src/background.ts'
import { checkResult, type Job } from '../src/contract/index.ts'
import { offerDemoLink } from '../src/index.ts'
import { Attempts } from '../src/sign-in/attempts.ts'
import { ask, ORIGIN, type Question } from './ask.ts'
import { type PersonName, type ServedCompany, servedCompany } from './served-company.ts'

let company: ServedCompany
beforeAll(async () => {
  company = await servedCompany()
  await startBackground(company.server.services)
})
afterAll(async () => {
  await stopBackground(company.server.services)
  await company.remove()
})

const send = (question: Question) => ask(company.server, { as: 'manager', ...question })
const save = async (body: object, as: PersonName = 'manager') =>
  (await send({ method: 'POST', path: '/v1/views', as, body })).json as { id: string; etag: string }
const namesSeenBy = async (as: PersonName) =>
  ((await send({ path: '/v1/views', as })).json.items as Array<{ name: string }>).map(({ name }) => name)

describe('a saved view', () => {
  it('is seen by its owner, and by others once it is shared', async () => {
    const body = { name: 'Pools of October', path: '/pools', search: '?period=2026-10&view=adjusted' }
    const { id, etag } = await save(body)
    expect(await send({ path: `/v1/views/${id}` })).toMatchObject({
      json: { ...body, isShared: false, isOwn: true, owner: { name: 'manager' } },
    })
    expect((await send({ path: `/v1/views/${id}`, as: 'owner' })).status).toBe(404)
    const change = { method: 'PATCH', path: `/v1/views/${id}`, body: { isShared: true } }
    expect((await send(change)).json.code).toBe('condition-missing')
    const shared = await send({ ...change, headers: { 'if-match': etag } })
    expect([shared.status, shared.headers.get('etag')]).toEqual([200, shared.json.etag])
    expect((await send({ ...change, headers: { 'if-match': etag } })).json.code).toBe('changed-meanwhile')
    expect(await namesSeenBy('employee-E-3')).toEqual(['Pools of October'])
    const { json } = await send({ path: '/v1/reports/pools?period=2026-10', as: 'nobody' })
    expect(json.code).toBe('not-permitted')
    await send({ method: 'DELETE', path: `/v1/views/${id}`, headers: { 'if-match': '*' } })
    expect(await namesSeenBy('manager')).toEqual([])
  })

  it('is changed by its owner and by an owner of the company alone', async () => {
    const { id } = await save({ name: 'Mine', path: '/runs', isShared: true }, 'analyst')
    const remove = (as: PersonName) =>
      send({ method: 'DELETE', path: `/v1/views/${id}`, as, headers: { 'if-match': '*' } })
    expect((await remove('manager')).status).toBe(403)
    expect((await remove('owner')).status).toBe(204)
    const { json } = await send({ path: '/v1/audit?action=delete-view', as: 'auditor' })
    expect(json.items).toMatchObject([{ who: 'owner@company.example' }, { who: 'manager@company.example' }])
  })

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', '/a?b', '/a#b', ''])(
    'leads nowhere but into the app: %j',
    async (path) =>
      expect((await send({ method: 'POST', path: '/v1/views', body: { name: 'x', path } })).status).toBe(400),
  )
})

describe('preferences', () => {
  const wanted = {
    ...{ locale: 'de-CH', timeZone: 'Europe/Zurich', currencyDisplay: 'symbol', colourScheme: 'dark' },
    ...{ density: 'compact', homeView: null },
  }
  const put = (body: object) => send({ method: 'PUT', path: '/v1/me/preferences', body })
  const get = async (as: PersonName = 'manager') => (await send({ path: '/v1/me/preferences', as })).json

  it('are of one user, and forget a home that is gone', async () => {
    const before = await get()
    expect(before).toMatchObject({ locale: null, colourScheme: 'system' })
    const { id } = await save({ name: 'Home', path: '/' })
    await put({ ...wanted, homeView: id })
    expect(await get()).toEqual({ ...wanted, homeView: id })
    expect(await get('owner')).toEqual(before)
    await send({ method: 'DELETE', path: `/v1/views/${id}`, headers: { 'if-match': '*' } })
    expect(await get()).toEqual(wanted)
  })

  it.each<[what: string, change: object, status: number]>([
    ['a locale', { locale: 'nonsense-' }, 400],
    ['a time zone', { timeZone: 'Europe/Nowhere' }, 400],
    ['a view', { homeView: 'view_other' }, 404],
  ])('take no %s that does not exist', async (_, change, status) =>
    expect((await put({ ...wanted, ...change })).status).toBe(status),
  )
})

describe('the overview', () => {
  const kindsFor = async (as: PersonName) =>
    ((await send({ path: '/v1/overview', as })).json.items as Array<{ kind: string }>).map(({ kind }) => kind)

  it('shows a part of the company nothing of the whole', async () => {
    const text = 'kind: Account\nid: A-2\nname: Second\ncurrency: USD\ntime-zone: UTC\n'
    await applyConfiguration(company.workspace, { files: [{ name: 'a.yaml', text }] })
    const asked = await send({
      method: 'POST',
      path: '/v1/sub-account-requests',
      as: 'manager-of-A-2',
      body: { document: { kind: 'SubAccount', account: 'A-2', 'user-id': 'guest-1' }, because: 'a guest' },
    })
    expect([asked.status, asked.json.detail]).toEqual([201, undefined])
    expect(await kindsFor('manager')).toContain('sub-account-request')
    expect(await kindsFor('manager-of-A-2')).toContain('sub-account-request')
    expect(await kindsFor('head-of-C-1')).toEqual([])
  })

  it('says what the report of the same name says, of the newest month that is closed', async () => {
    const { json } = await send({ path: '/v1/overview' })
    expect(json).toMatchObject({ period: '2026-10', run: '2026-10.1', state: 'closed', isEmpty: false })
    const { rows } = (await send({ path: '/v1/reports/attention' })).json
    const items = json.items as Array<{ look: { in: string; key: string }; count: number; what: string }>
    expect(
      items.map(({ look, count, ...item }) => ({
        ...{ ...item, currency: (item as { currency?: string | null }).currency ?? '' },
        ...{ count: String(count), look_in: look.in, look_key: look.key },
      })),
    ).toEqual(rows)
  })
})

describe('a statement', () => {
  it.each<[who: PersonName, what: string, status: number]>([
    ['manager', 'person/E-1', 200],
    ['head-of-C-1', 'cost-centre/C-11', 200],
    ['employee-E-3', 'person/E-3', 200],
    ['head-of-C-1', 'person/E-1', 403],
    ['employee-E-3', 'cost-centre/C-2', 403],
    ['manager', 'person/E-404', 404],
  ])('for %s of %s answers %i', async (as, what, status) => {
    const { bytes, ...answer } = await send({ path: `/v1/statements/${what}?period=2026-10`, as })
    expect(answer.status).toBe(status)
    if (status === 200) expect(new TextDecoder().decode(bytes.slice(0, 5))).toBe('%PDF-')
  })
})

describe('a check', () => {
  it('is a job that lists what was asked of each run, and names the row that does not hold', async () => {
    const check = async () => {
      const { json } = await send({ method: 'POST', path: '/v1/checks', as: 'auditor', body: { period: '2026-10' } })
      for (;;) {
        const job = (await send({ path: `/v1/jobs/${json.id}`, as: 'auditor' })).json as Job
        if (job.endedAt !== null) return checkResult.parse(job.result)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
    const { runs, isProved } = await check()
    expect([isProved, runs.length, runs[0]?.checks.every(({ isPassed }) => isPassed)]).toEqual([true, 1, true])
    const { warehouse, tenant } = company.workspace
    const damage = (step: number) =>
      warehouse.run(
        `UPDATE carried_row_stored SET adjusted_minor = adjusted_minor + ${step} WHERE actual_minor = 777777
         AND run_no = (SELECT run_no FROM run_number WHERE tenant = $tenant AND run = '2026-10.1')`,
        { tenant },
      )
    await damage(1)
    const [damaged] = (await check()).runs
    await damage(-1)
    expect(damaged?.checks.filter(({ isPassed }) => isPassed === false).map(({ name }) => name)).toEqual([
      'results',
      'invoices-reconcile',
      'retained-stays',
    ])
    expect(damaged?.failures.some(({ row }) => row.includes('phone-3'))).toBe(true)
  })
})

describe('the list of jobs', () => {
  it('comes in pages that miss none and repeat none, either way round', async () => {
    for (let made = 0; made < 4; made += 1)
      await send({ method: 'POST', path: '/v1/exports', body: { what: 'focus', period: '2026-10' } })
    const walk = async (sort: string) => {
      const ids: string[] = []
      for (let cursor = ''; ; ) {
        const { json } = await send({ path: `/v1/jobs?limit=2&kind=export&sort=${sort}${cursor}` })
        ids.push(...(json.items as Job[]).map(({ id }) => id))
        if (json.next === null) return ids
        cursor = `&cursor=${json.next}`
      }
    }
    const all = await walk('createdAt')
    expect([all.length, new Set(all).size]).toEqual([4, 4])
    expect(await walk('-createdAt')).toEqual([...all].reverse())
    const { next } = (await send({ path: '/v1/jobs?limit=2&kind=export' })).json
    expect((await send({ path: `/v1/jobs?limit=2&sort=createdAt&cursor=${next}` })).status).toBe(400)
  })
})

describe('the link of a demo', () => {
  it('signs its owner in once', async () => {
    const link = await offerDemoLink(company.server)
    const follow = () => company.server.app.request(`${ORIGIN}${link}`)
    const first = await follow()
    expect([first.status, first.headers.get('location')]).toEqual([302, '/'])
    const [cookie = ''] = (first.headers.get('set-cookie') ?? '').split(';')
    const me = await ask(company.server, { path: '/v1/me', headers: { cookie } })
    expect(me.json).toMatchObject({ user: { email: 'owner@demo.example' }, grants: [{ role: 'owner' }] })
    expect((await follow()).status).toBe(403)
    const again = await offerDemoLink(company.server)
    expect(again).not.toBe(link)
    expect((await send({ path: '/v1/users', as: 'owner' })).text.split('owner@demo.example')).toHaveLength(2)
  })
})

describe('wrong tries to sign in', () => {
  it('are counted on after a restart, and forgotten when their window ends', async () => {
    const attempt = { address: '192.0.2.7', user: 'who@company.example' }
    for (let tries = 0; tries < 5; tries += 1) await new Attempts(company.workspace).count(attempt)
    const restarted = new Attempts(company.workspace)
    await expect(restarted.count(attempt)).rejects.toMatchObject({ kind: 'too-many' })
    await expect(restarted.count({ ...attempt, user: 'else@company.example' })).resolves.toBeUndefined()
    const { catalog } = company.workspace
    const kept = JSON.stringify(await catalog.selectFrom('sign_in_try').selectAll().execute())
    expect(kept).not.toMatch(/192\.0\.2\.7|company\.example/)
    company.wait(15 * 60_000 + 1)
    await expect(restarted.count(attempt)).resolves.toBeUndefined()
    await restarted.forgive(attempt)
  })
})
