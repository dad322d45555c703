import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AUDIT_HEADS_FILE, checkWorkspace } from '@spillway/engine'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, ask, type Question } from './ask.ts'
import { PASSWORD, PERSON_NAMES, type ServedCompany, servedCompany, sessionOf } from './served-company.ts'

let company: ServedCompany
beforeAll(async () => {
  company = await servedCompany()
})
afterAll(() => company.remove())

const send = (question: Question) => ask(company.server, { as: 'owner', ...question })
const statusAndCode = ({ status, json }: Answer) => [status, json.code]
const POOL = {
  kind: 'Pool',
  name: 'P-9',
  model: 'bulk',
  'usage-type': 'data',
  allowance: 1,
  unit: 'GB',
  members: [{ service: 'phone-1' }],
}
const PLACE = '/v1/configuration/Pool/P-9'

describe('a document of configuration', () => {
  it('is created, read, changed and deleted under its ETag, and never overwritten unseen', async () => {
    const put = (body: unknown, headers: Record<string, string> = {}) =>
      send({ method: 'PUT', path: PLACE, body, headers })
    expect(statusAndCode(await put(POOL))).toEqual([428, 'condition-missing'])
    expect(statusAndCode(await put(POOL, { 'if-match': '"1-x"' }))).toEqual([412, 'changed-meanwhile'])
    const created = await put(POOL, { 'if-none-match': '*' })
    expect([created.status, created.json.version]).toEqual([201, 1])
    expect(statusAndCode(await put(POOL, { 'if-none-match': '*' }))).toEqual([412, 'changed-meanwhile'])
    const etag = created.headers.get('etag') ?? ''
    const read = await send({ path: PLACE })
    expect([read.headers.get('etag'), read.json.body]).toEqual([etag, POOL])
    const changed = await put({ ...POOL, allowance: 2 }, { 'if-match': etag })
    expect([changed.status, changed.json.version]).toEqual([200, 2])
    expect(statusAndCode(await put({ ...POOL, allowance: 3 }, { 'if-match': etag }))).toEqual([
      412,
      'changed-meanwhile',
    ])
    expect(statusAndCode(await put({ ...POOL, name: 'P-8' }, { 'if-match': '*' }))).toEqual([422, 'bad-configuration'])
    const bad = await put({ ...POOL, model: 'moon' }, { 'if-match': '*' })
    expect([...statusAndCode(bad), (bad.json.issues as unknown[]).length]).toEqual([422, 'bad-configuration', 1])
    expect((await send({ method: 'DELETE', path: PLACE, headers: { 'if-match': etag } })).status).toBe(412)
    const gone = await send({
      method: 'DELETE',
      path: PLACE,
      headers: { 'if-match': changed.headers.get('etag') ?? '' },
    })
    expect([gone.status, (await send({ path: PLACE })).status]).toEqual([204, 404])
    const { json } = await send({ path: '/v1/audit?subject=Pool/P-9', as: 'auditor' })
    expect(
      (json.items as Array<Record<string, unknown>>).map(({ action, before, after, who }) => ({
        action,
        before,
        after,
        who,
      })),
    ).toEqual([
      { action: 'delete', before: { ...POOL, allowance: 2 }, after: undefined, who: 'owner@company.example' },
      { action: 'apply', before: POOL, after: { ...POOL, allowance: 2 }, who: 'owner@company.example' },
      { action: 'apply', before: undefined, after: POOL, who: 'owner@company.example' },
    ])
  })
})

describe('a request with an idempotency key', () => {
  const grant = { user: 'usr_nobody', role: 'analyst', scopeKind: 'tenant' }
  const post = (body: unknown, key: string) =>
    send({ method: 'POST', path: '/v1/grants', body, headers: { 'idempotency-key': key } })

  it('is done once and answered the same again, and its key serves no other request', async () => {
    const first = await post(grant, 'key-number-1')
    const again = await post(grant, 'key-number-1')
    expect([first.status, again.status, again.json]).toEqual([201, 201, first.json])
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(statusAndCode(await post({ ...grant, role: 'auditor' }, 'key-number-1'))).toEqual([409, 'request-repeated'])
    expect(statusAndCode(await post(grant, 'key-number-2'))).toEqual([409, 'exists'])
    // What was refused may be sent again with the same key.
    expect((await send({ method: 'DELETE', path: `/v1/grants/${first.json.id}` })).status).toBe(204)
    expect((await post(grant, 'key-number-2')).status).toBe(201)
  })
})

describe('users and grants', () => {
  it('come in pages in their order, and can be filtered', async () => {
    const emails: string[] = []
    let cursor = ''
    do {
      const { json } = await send({ path: `/v1/users?limit=4&sort=-email${cursor}` })
      emails.push(...(json.items as Array<{ email: string }>).map(({ email }) => email))
      cursor = json.next === null ? '' : `&cursor=${json.next}`
    } while (cursor !== '')
    expect(emails).toEqual([...emails].sort().reverse())
    expect(new Set(emails).size).toBe(PERSON_NAMES.length)
    expect((await send({ path: '/v1/users?sort=email&cursor=e30' })).status).toBe(400)
    expect((await send({ path: '/v1/grants?role=owner' })).json.items).toHaveLength(1)
  })

  it('leave always an owner, and a role only on what it is for', async () => {
    expect(statusAndCode(await send({ method: 'DELETE', path: '/v1/grants/gr_owner' }))).toEqual([409, 'in-use'])
    const disable = await send({ method: 'PATCH', path: '/v1/users/usr_owner', body: { state: 'disabled' } })
    expect(statusAndCode(disable)).toEqual([409, 'in-use'])
    const wrong = [
      { role: 'owner', scopeKind: 'cost-centre', scopeKey: 'C-1' },
      { role: 'employee', scopeKind: 'tenant' },
      { role: 'department-head', scopeKind: 'cost-centre', scopeKey: '' },
    ]
    for (const grant of wrong) {
      const answer = await send({ method: 'POST', path: '/v1/grants', body: { user: 'usr_nobody', ...grant } })
      expect([grant, ...statusAndCode(answer)]).toEqual([grant, 400, 'bad-command'])
    }
  })

  it('hold with the next request, given or taken', async () => {
    const mayRead = async () => (await send({ path: '/v1/audit', as: 'nobody' })).status
    const statuses = [await mayRead()]
    for (let time = 0; time < 2; time += 1) {
      const body = { user: 'usr_nobody', role: 'auditor', scopeKind: 'tenant' }
      const { json } = await send({ method: 'POST', path: '/v1/grants', body })
      statuses.push(await mayRead(), await mayRead())
      await send({ method: 'DELETE', path: `/v1/grants/${json.id}` })
      statuses.push(await mayRead())
    }
    expect(statuses).toEqual([403, 200, 200, 403, 200, 200, 403])
  })

  it('let somebody in with what they are granted from then on', async () => {
    const body = { email: 'New@Company.example', name: 'New', password: PASSWORD }
    const { status, json } = await send({ method: 'POST', path: '/v1/users', body })
    expect([status, json.email]).toEqual([201, 'new@company.example'])
    expect(statusAndCode(await send({ method: 'POST', path: '/v1/users', body }))).toEqual([409, 'exists'])
    const grant = { user: json.id, role: 'department-head', scopeKind: 'cost-centre', scopeKey: 'C-2' }
    expect((await send({ method: 'POST', path: '/v1/grants', body: grant })).status).toBe(201)
    const signedIn = await send({
      method: 'POST',
      path: '/v1/sign-in',
      body: { email: body.email, password: PASSWORD },
    })
    expect(signedIn.json.permissions).toEqual(['report:read', 'explain:read', 'sub-account:request'])
  })
})

describe('what is written down', () => {
  it('has no secret: not in the log, not in the audit log, not in an error', async () => {
    const token = `spillway_${'s3cret'.repeat(8)}`
    await send({ path: '/v1/me', headers: { authorization: `Bearer ${token}` } })
    await send({
      method: 'POST',
      path: '/v1/sign-in',
      body: { email: 'x@company.example', password: 's3cret-password' },
    })
    company.server.services.log.info({ password: 's3cret', deep: { token: 's3cret' } }, 'planted')
    const audit = (await send({ path: '/v1/audit?limit=500' })).text
    const stored = await sql<{
      text: string
    }>`SELECT json_group_array(body || headers) AS text FROM kept_answer`.execute(company.workspace.catalog)
    for (const text of [company.log.join(''), audit, stored.rows[0]?.text ?? ''])
      expect(text).not.toMatch(/s3cret|argon2|session-of|token-of/)
    expect(company.log.at(-1)).toContain('"route":"/v1/audit"')
  })

  it('says nothing of its inside where it broke, and the log has it under the id of the request', async () => {
    const { catalog } = company.workspace
    const runs = await catalog.selectFrom('run').selectAll().where('tenant', '=', 'default').execute()
    const setInputs = (id: string, inputs: string) =>
      catalog.updateTable('run').set({ inputs }).where('tenant', '=', 'default').where('id', '=', id).execute()
    for (const { id } of runs) await setInputs(id, '{inside')
    const response = await company.server.app.request('/v1/reports/charges?period=2026-10&format=csv', {
      headers: { cookie: `__Host-spillway=${sessionOf('owner')}`, 'x-request-id': 'my-own-request' },
    })
    for (const { id, inputs } of runs) await setInputs(id, inputs)
    const problem = (await response.json()) as Record<string, unknown>
    expect([response.status, problem.code, problem.requestId]).toEqual([500, 'internal', 'my-own-request'])
    expect(JSON.stringify(problem)).not.toMatch(/inside\b.*JSON|SyntaxError|\.ts/)
    expect(company.log.some((line) => line.includes('my-own-request') && line.includes('SyntaxError'))).toBe(true)
  })
})

describe('the audit log', () => {
  it('is proved by check, which names the entry that was changed and a head that is not its own', async () => {
    const { workspace } = company
    const { catalog } = workspace
    const heads = await readFile(join(workspace.directory, AUDIT_HEADS_FILE), 'utf8')
    expect(JSON.parse(heads)).toMatchObject({ tenant: 'default', run: '2026-09.1' })
    const { audit } = await checkWorkspace(workspace)
    expect([audit.failures, audit.entries > 10]).toEqual([[], true])
    await expect(catalog.updateTable('audit').set({ who: 'nobody' }).execute()).rejects.toThrow(/never changed/)
    await expect(catalog.deleteFrom('audit').execute()).rejects.toThrow(/never changed/)
    await sql`DROP TRIGGER audit_no_update`.execute(catalog)
    const { id } = await catalog
      .selectFrom('audit')
      .select('id')
      .where('action', '=', 'publish')
      .executeTakeFirstOrThrow()
    await catalog.updateTable('audit').set({ who: 'nobody' }).where('id', '=', id).execute()
    expect((await checkWorkspace(workspace)).audit.failures).toMatchObject([
      { what: 'the chain of the audit log', row: `catalog.audit ${id}` },
    ])
    await catalog.updateTable('audit').set({ who: 'tester' }).where('id', '=', id).execute()
    const head = { tenant: 'default', at: '', run: 'x', id, hash: 'another' }
    await appendFile(
      join(workspace.directory, AUDIT_HEADS_FILE),
      `${JSON.stringify(head)}\n${JSON.stringify({ ...head, id: 99_999 })}\n`,
    )
    expect((await checkWorkspace(workspace)).audit.failures.map(({ row, expected }) => [row, expected])).toEqual([
      [`catalog.audit ${id}`, 'another'],
      ['catalog.audit 99999', 'another'],
    ])
  })
})
