// Sub-accounts over HTTP: whose passcode it is, for a bridge; who may change and answer; and that no code stays anywhere.
import { applyConfiguration } from '@spillway/engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeServer } from '../src/index.ts'
import { ask } from './ask.ts'
import { PERSON_NAMES, type PersonName, type ServedCompany, servedCompany } from './served-company.ts'

let company: ServedCompany
beforeAll(async () => {
  company = await servedCompany()
  const text = ['A-1', 'A-2']
    .map((id) => `kind: Account\nid: ${id}\nname: Account ${id}\ncurrency: USD\ntime-zone: UTC\n`)
    .join('---\n')
  await applyConfiguration(company.workspace, { files: [{ name: 'accounts.yaml', text }] })
})
afterAll(() => company.remove())

const post = (path: string, body: unknown, as: PersonName = 'owner') =>
  ask(company.server, { method: 'POST', path, body, as })
const documentOf = (account: string, userId: string) => ({ kind: 'SubAccount', account, 'user-id': userId })
const add = async (account: string, userId: string, as: PersonName = 'owner') => {
  const answer = await post('/v1/sub-accounts', { document: documentOf(account, userId) }, as)
  const [made] = (answer.json.passcodes ?? []) as Array<{ passcode: string }>
  return { status: answer.status, passcode: made?.passcode ?? '' }
}
const verify = (passcode: string, rest: object = {}, server = company.server) =>
  ask(server, {
    ...{ method: 'POST', path: '/v1/sub-accounts/verify', byTokenOf: 'machine' },
    body: { passcode, account: 'A-1', caller: '+15550100', ...rest },
  })

describe('verify', () => {
  it('answers a bridge whose passcode it is, and the same whatever is wrong', async () => {
    const { passcode } = await add('A-1', 'ada')
    const disabled = await add('A-1', 'gone')
    expect((await post('/v1/sub-accounts/A-1/gone/disable', undefined)).json).toMatchObject({ outcome: 'changed' })
    const right = await verify(passcode)
    expect([right.status, right.json]).toEqual([
      200,
      { outcome: 'accepted', account: 'A-1', userId: 'ada', limits: [] },
    ])
    for (const [code, rest] of [
      ['000000', {}],
      [disabled.passcode, {}],
      [passcode, { account: 'A-2' }],
      [passcode, { account: 'A-OTHER' }],
      [passcode, { userId: 'gone' }],
      [passcode, { account: undefined, bridge: 'none' }],
    ] as const) {
      const { status, text } = await verify(code, { caller: 'another', ...rest })
      expect([status, text]).toEqual([200, '{"outcome":"refused"}'])
    }
    expect((await verify(passcode, { bridge: 'both' })).status).toBe(400)
  })

  it('asks the same statements of the databases, whatever it answers', async () => {
    const { passcode } = await add('A-1', 'steady')
    const counts: number[] = []
    const spied = new Proxy(company.workspace.catalog, {
      get: (target, name) => {
        const member = Reflect.get(target, name)
        if (typeof member !== 'function') return member
        return (...args: unknown[]) => {
          if (/From$|Into$|Table$|^transaction$/.test(String(name)))
            counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1
          return member.apply(target, args)
        }
      },
    })
    const server = makeServer({ ...company.server.services, workspace: { ...company.workspace, catalog: spied } })
    // What a server keeps of the catalog is read by whoever asks first.
    await verify(passcode, { caller: 'steady at first' }, server)
    for (const [code, rest] of [
      [passcode, {}],
      ['000001', {}],
      ['000002', { account: 'A-9' }],
      ['000003', { userId: 'steady' }],
    ] as const) {
      counts.push(0)
      await verify(code, { caller: `steady ${code}`, ...rest }, server)
    }
    expect(new Set(counts).size).toBe(1)
    expect(counts[0]).toBeGreaterThan(3)
  })

  it('locks a caller after ten wrong tries, through a restart, and lets other callers in', async () => {
    const { passcode } = await add('A-1', 'locked')
    for (let number = 0; number < 10; number += 1) await verify(`00000${number}`, { caller: 'guesser' })
    const again = makeServer(company.server.services)
    expect((await verify(passcode, { caller: 'guesser' }, again)).json).toEqual({ outcome: 'refused' })
    expect((await verify(passcode, { caller: 'somebody' }, again)).json).toMatchObject({ outcome: 'accepted' })
    company.wait(15 * 60_000)
    expect((await verify(passcode, { caller: 'guesser' }, again)).json).toMatchObject({ outcome: 'accepted' })
  })

  it('holds back a token that asks for hundreds of wrong ones, whatever callers it names', async () => {
    const server = makeServer(company.server.services)
    const statuses: number[] = []
    for (let number = 0; number < 302; number += 1)
      statuses.push((await verify('000000', { account: `A-${number}`, caller: `c${number}` }, server)).status)
    expect(statuses.slice(0, 300).every((status) => status === 200)).toBe(true)
    expect(statuses.at(-1)).toBe(429)
  })

  it('is for those with its permission alone', async () => {
    const body = { passcode: '135790', account: 'A-1' }
    const statuses = await Promise.all(
      PERSON_NAMES.map(async (as) => [as, (await post('/v1/sub-accounts/verify', body, as)).status] as const),
    )
    expect(statuses.filter(([, status]) => status === 200).map(([as]) => as)).toEqual(['owner', 'manager', 'machine'])
  })
})

describe('sub-accounts', () => {
  it('are changed by a manager of their account, and of no other', async () => {
    expect((await add('A-2', 'mine', 'manager-of-A-2')).status).toBe(201)
    expect((await add('A-1', 'theirs', 'manager-of-A-2')).status).toBe(403)
    for (const [verb, body] of [
      ['A-1/ada/disable', undefined],
      ['rotate', { of: 'one', account: 'A-1', userId: 'ada' }],
      ['rotate', { of: 'all', account: 'A-1' }],
      ['rotate', { of: 'all' }],
    ] as const)
      expect((await post(`/v1/sub-accounts/${verb}`, body, 'manager-of-A-2')).status).toBe(403)
    const listed = await ask(company.server, { path: '/v1/sub-accounts', as: 'manager-of-A-2' })
    expect((listed.json.rows as Array<{ user_id: string }>).map(({ user_id }) => user_id)).toEqual(['mine'])
  })

  it('are asked for by a member, and answered by a manager of the account', async () => {
    const asked = (userId: string, account = 'A-2') =>
      post('/v1/sub-account-requests', { document: documentOf(account, userId), because: 'a course' }, 'employee-E-3')
    const [first, second, other] = [await asked('one'), await asked('two'), await asked('three', 'A-1')]
    expect([first.status, second.status, other.status]).toEqual([201, 201, 201])
    const answer = (id: unknown, verb: string, as: PersonName) =>
      post(`/v1/sub-account-requests/${id}/${verb}`, { reason: 'as agreed' }, as)
    expect((await answer(first.json.request, 'approve', 'employee-E-3')).status).toBe(403)
    expect((await answer(other.json.request, 'approve', 'manager-of-A-2')).status).toBe(404)
    const approved = await answer(first.json.request, 'approve', 'manager-of-A-2')
    expect(approved.json).toMatchObject({ account: 'A-2', userId: 'one' })
    expect((await verify(String(approved.json.passcode), { account: 'A-2' })).json).toMatchObject({ userId: 'one' })
    expect((await answer(second.json.request, 'refuse', 'manager-of-A-2')).status).toBe(204)
    expect((await answer(second.json.request, 'approve', 'owner')).status).toBe(409)
  })

  it('say their passcodes once: no log, audit entry, list or repeated answer has one', async () => {
    const { passcode } = await add('A-1', 'once')
    const rotated = await post('/v1/sub-accounts/rotate', { of: 'one', account: 'A-1', userId: 'once' })
    const [{ passcode: second } = { passcode: '' }] = rotated.json.passcodes as Array<{ passcode: string }>
    expect((await verify(passcode)).json).toEqual({ outcome: 'refused' })
    expect((await verify(second)).json).toMatchObject({ userId: 'once' })
    const chosen = await post('/v1/sub-accounts/rotate', {
      ...{ of: 'one', account: 'A-1', userId: 'once', chosen: '83920174' },
    })
    expect(chosen.json).toEqual({ passcodes: [] })
    const audit = await ask(company.server, { path: '/v1/audit?limit=500', as: 'owner' })
    const listed = await ask(company.server, { path: '/v1/sub-accounts?limit=500', as: 'owner' })
    const everywhere = [audit.text, listed.text, ...company.log].join('\n')
    for (const code of [passcode, second, '83920174']) expect(everywhere).not.toContain(code)
    expect(audit.text).toContain('SubAccount/A-1 once')
  })

  it('hold the version that was read, where it is named', async () => {
    await add('A-1', 'versioned')
    const disable = (etag: string) =>
      ask(company.server, {
        ...{ method: 'POST', path: '/v1/sub-accounts/A-1/versioned/disable', as: 'owner' },
        headers: { 'if-match': etag },
      })
    expect((await disable('"9-x"')).status).toBe(412)
    const { headers } = await ask(company.server, { path: '/v1/configuration/SubAccount/A-1%20versioned', as: 'owner' })
    expect((await disable(headers.get('etag') ?? '')).status).toBe(200)
  })
})

describe('sub-accounts from a file, and as documents', () => {
  const importFile = (text: string, rest: object = {}, as: PersonName = 'manager-of-A-2') =>
    post('/v1/sub-accounts/import', { account: 'A-2', file: { name: 'users.csv', text }, ...rest }, as)
  const listed = async () => (await ask(company.server, { path: '/v1/sub-accounts?account=A-2', as: 'owner' })).text

  it('say what would happen and change nothing, then are all made or none', async () => {
    const text = 'account,user_id,minutes\nA-2,file-1,90\nA-2,file-2,\n'
    const dry = await importFile(text, { dryRun: true })
    expect(dry.json).toMatchObject({ withoutPasscode: 2, passcodes: [] })
    expect(await listed()).not.toContain('file-1')
    for (const [bad, said] of [
      ['account,user_id\nA-2,file-1\nA-1,file-9\n', 'users.csv, line 3: is of account A-1, not A-2'],
      ['account,user_id,minutes\nA-2,file-1,many\n', 'users.csv, line 2'],
      ['account,user_id,pin\nA-2,file-1,135791\n', 'has a column of passcodes'],
    ] as const) {
      const answer = await importFile(bad)
      expect([answer.status, answer.text.includes(said), answer.text.includes('135791')]).toEqual([422, true, false])
    }
    expect((await importFile(text, {}, 'analyst-of-A-2')).status).toBe(403)
    expect((await importFile(text, { account: 'A-1' })).status).toBe(403)
    const made = (await importFile(text)).json as { passcodes: ReadonlyArray<{ userId: string }> }
    expect(made.passcodes.map(({ userId }) => userId)).toEqual(['file-1', 'file-2'])
    expect((await importFile(text)).json).toMatchObject({ withoutPasscode: 0, passcodes: [] })
  })

  it('are changed by who answers for the account, with the version that they read', async () => {
    await importFile('account,user_id\nA-2,limited\n')
    const path = '/v1/sub-accounts/A-2/limited'
    const read = await ask(company.server, { path, as: 'manager-of-A-2' })
    const etag = read.headers.get('etag') ?? ''
    const put = (ifMatch: string, as: PersonName = 'manager-of-A-2') =>
      ask(company.server, {
        ...{ method: 'PUT', path, as, headers: { 'if-match': ifMatch } },
        body: { kind: 'SubAccount', account: 'A-1', 'user-id': 'another', limits: { minutes: 30 } },
      })
    expect((await put(etag, 'analyst-of-A-2')).status).toBe(403)
    const changed = await put(etag)
    expect([changed.status, changed.json]).toMatchObject([
      200,
      { name: 'A-2 limited', version: 2, body: { account: 'A-2', 'user-id': 'limited', limits: { minutes: 30 } } },
    ])
    expect((await put(etag)).status).toBe(412)
    for (const other of ['/v1/sub-accounts/A-1/ada', '/v1/sub-accounts/A-2/nobody']) {
      const answer = await ask(company.server, { path: other, as: 'manager-of-A-2' })
      expect([answer.status, /A-1 \w/.test(answer.text.replace('A-1 ada', ''))]).toEqual([404, false])
    }
  })
})
