import { hash } from '@node-rs/argon2'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ask, ORIGIN, type Question } from './ask.ts'
import {
  emailOf,
  PASSWORD,
  type PersonName,
  type ServedCompany,
  servedCompany,
  sessionOf,
  tokenOf,
} from './served-company.ts'

let company: ServedCompany
beforeEach(async () => {
  company = await servedCompany()
})
afterEach(() => company.remove())

const send = (question: Question) => ask(company.server, question)
const signIn = (name: PersonName, password = PASSWORD) =>
  send({ method: 'POST', path: '/v1/sign-in', body: { email: emailOf(name), password } })
const cookieOf = (answer: { headers: Headers }) => (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''

describe('signing in with a password', () => {
  it('begins a session in a cookie that no script reads, and signing out ends it', async () => {
    const answer = await signIn('analyst')
    expect(answer.json).toMatchObject({
      user: { email: 'analyst@company.example', hasPassword: true },
      signedInBy: 'session',
    })
    const cookie = answer.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^__Host-spillway=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    const headers = { cookie: cookieOf(answer) }
    expect((await send({ path: '/v1/me', headers })).status).toBe(200)
    const stored = await company.workspace.catalog.selectFrom('session').select('digest').execute()
    expect(stored.map(({ digest }) => digest)).not.toContain(headers.cookie.split('=')[1])
    expect((await send({ method: 'POST', path: '/v1/sign-out', headers })).status).toBe(204)
    expect((await send({ path: '/v1/me', headers })).status).toBe(401)
  })

  it('says the same of a wrong password, an unknown user and a machine, and locks after five', async () => {
    const wrong = await signIn('analyst', 'not the password')
    const unknown = await send({
      method: 'POST',
      path: '/v1/sign-in',
      body: { email: 'no@company.example', password: 'x' },
    })
    const machine = await signIn('machine')
    const saidOf = ({ status, json: { requestId: _, ...said } }: typeof wrong) => ({ status, ...said })
    expect(saidOf(wrong)).toMatchObject({
      status: 401,
      code: 'not-signed-in',
      detail: 'The address or the password is wrong.',
    })
    expect([saidOf(unknown), saidOf(machine)]).toEqual([saidOf(wrong), saidOf(wrong)])
    for (let attempt = 2; attempt <= 5; attempt += 1) expect((await signIn('analyst', 'not it')).status).toBe(401)
    const locked = await signIn('analyst')
    expect([locked.status, locked.json.code]).toEqual([429, 'too-many'])
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(800)
    expect((await signIn('manager')).status).toBe(200)
    const { json } = await send({
      path: '/v1/audit?action=sign-in-failed&subject=analyst@company.example',
      as: 'auditor',
    })
    expect(json.items).toHaveLength(5)
  })

  it('hashes a password anew that was hashed with less', async () => {
    const { catalog } = company.workspace
    const weak = await hash(PASSWORD, { memoryCost: 4096, timeCost: 1, parallelism: 1 })
    await catalog.updateTable('app_user').set({ password_hash: weak }).where('name', '=', 'analyst').execute()
    expect((await signIn('analyst')).status).toBe(200)
    const user = await catalog
      .selectFrom('app_user')
      .select('password_hash')
      .where('name', '=', 'analyst')
      .executeTakeFirst()
    expect(user?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect((await signIn('analyst')).status).toBe(200)
  })

  it('ends a session that nobody used, and every one at last', async () => {
    expect((await send({ path: '/v1/me', as: 'analyst' })).status).toBe(200)
    company.wait(7 * 3600_000)
    expect((await send({ path: '/v1/me', as: 'analyst' })).status).toBe(200)
    company.wait(7 * 3600_000)
    expect((await send({ path: '/v1/me', as: 'analyst' })).status).toBe(200)
    expect((await send({ path: '/v1/me', as: 'manager' })).status).toBe(401)
    for (let hours = 14; hours <= 7 * 24; hours += 7) {
      await send({ path: '/v1/me', as: 'analyst' })
      company.wait(7 * 3600_000)
    }
    expect((await send({ path: '/v1/me', as: 'analyst' })).status).toBe(401)
  })

  it('ends sessions everywhere, with a new password the others, and of who is disabled all', async () => {
    const first = { cookie: cookieOf(await signIn('analyst')) }
    const { json } = await send({ path: '/v1/me/sessions', headers: first })
    expect((json.items as Array<{ isThis: boolean }>).map(({ isThis }) => isThis).sort()).toEqual([false, true])
    const changed = { old: PASSWORD, new: 'another good one' }
    expect(
      (await send({ method: 'PUT', path: '/v1/me/password', headers: first, body: { ...changed, old: 'wrong' } }))
        .status,
    ).toBe(403)
    expect((await send({ method: 'PUT', path: '/v1/me/password', headers: first, body: changed })).status).toBe(204)
    expect((await send({ path: '/v1/me', as: 'analyst' })).status).toBe(401)
    expect((await send({ path: '/v1/me', headers: first })).status).toBe(200)
    await send({ method: 'POST', path: '/v1/sign-out/everywhere', headers: first })
    expect((await send({ path: '/v1/me', headers: first })).status).toBe(401)
    await send({ method: 'PATCH', path: '/v1/users/usr_manager', as: 'owner', body: { state: 'disabled' } })
    expect((await send({ path: '/v1/me', as: 'manager' })).status).toBe(401)
    expect((await send({ path: '/v1/me', byTokenOf: 'manager' })).status).toBe(401)
  })
})

describe('a change that another site sends', () => {
  it.each([
    ['from elsewhere', { origin: 'https://evil.example' }, 403],
    ['from another port', { origin: `${ORIGIN}:8443` }, 403],
    ['from nowhere', { origin: 'null' }, 403],
    ['of another site by its own word', { origin: '', 'sec-fetch-site': 'cross-site' }, 403],
    ['of a sibling', { origin: '', 'sec-fetch-site': 'same-site' }, 403],
    ['without a word, with a cookie', { origin: '' }, 403],
    ['from here', { origin: ORIGIN }, 204],
    ['from here by its own word', { origin: '', 'sec-fetch-site': 'same-origin' }, 204],
  ])('%s is answered %s', async (_, headers, status) => {
    const sent = new Headers({ cookie: `__Host-spillway=${sessionOf('analyst')}` })
    for (const [name, value] of Object.entries(headers)) if (value !== '') sent.set(name, value)
    const answer = await company.server.app.request(`${ORIGIN}/v1/sign-out`, { method: 'POST', headers: sent })
    expect(answer.status).toBe(status)
  })
})

describe('the first owner', () => {
  const body = { email: 'First@company.example', name: 'First', password: 'long enough for us' }
  it('is made once by the token that the terminal shows', async () => {
    await company.workspace.catalog.deleteFrom('role_grant').where('role', '=', 'owner').execute()
    expect((await send({ path: '/v1/sign-in' })).json).toEqual({ needsOwner: true, hasPassword: true, providers: [] })
    const token = company.server.services.ownerSetup.offer()
    const make = (sent: object) => send({ method: 'POST', path: '/v1/sign-in/owner', body: { ...body, ...sent } })
    expect((await make({ token: 'guess' })).status).toBe(403)
    expect((await make({ token, email: emailOf('analyst') })).status).toBe(409)
    const made = await make({ token })
    expect([made.status, made.json.grants]).toMatchObject([201, [{ role: 'owner', scopeKind: 'tenant' }]])
    expect((await send({ path: '/v1/users', headers: { cookie: cookieOf(made) } })).status).toBe(200)
    expect((await make({ token, email: 'second@company.example' })).status).toBe(403)
    expect((await send({ path: '/v1/sign-in' })).json.needsOwner).toBe(false)
  })
})

describe('an API token', () => {
  it('is shown once, can what it was made for, and nothing after it is revoked or has ended', async () => {
    const made = await send({
      method: 'POST',
      path: '/v1/tokens',
      as: 'owner',
      body: { name: 'robot', permissions: ['user:read'], days: 2 },
    })
    const token = String(made.json.token)
    expect(token).toMatch(/^spillway_[\w-]{43}$/)
    const headers = { authorization: `Bearer ${token}` }
    expect((await send({ path: '/v1/users', headers })).status).toBe(200)
    expect((await send({ path: '/v1/audit', headers })).status).toBe(403)
    expect((await send({ path: '/v1/tokens', as: 'owner' })).text).not.toContain(token)
    expect(company.log.join('')).not.toContain(token.slice(12))
    company.wait(3 * 86_400_000)
    expect((await send({ path: '/v1/users', headers })).status).toBe(401)
    const id = 'tok_analyst'
    expect(
      (
        await send({
          method: 'DELETE',
          path: `/v1/tokens/${id}`,
          headers: { authorization: `Bearer ${tokenOf('manager')}` },
        })
      ).status,
    ).toBe(404)
    expect(
      (
        await send({
          method: 'DELETE',
          path: `/v1/tokens/${id}`,
          headers: { authorization: `Bearer ${tokenOf('analyst')}` },
        })
      ).status,
    ).toBe(204)
    expect((await send({ path: '/v1/me', byTokenOf: 'analyst' })).status).toBe(401)
  })

  it('is not made in the name of another person, and guessing one is limited', async () => {
    const forOther = (user: string) =>
      send({ method: 'POST', path: '/v1/tokens', as: 'owner', body: { name: 'x', permissions: ['report:read'], user } })
    expect((await forOther('usr_analyst')).status).toBe(403)
    expect((await forOther('usr_machine')).status).toBe(201)
    let status = 401
    for (let guess = 0; guess < 70 && status === 401; guess += 1)
      status = (
        await send({ path: '/v1/me', headers: { authorization: `Bearer spillway_${String(guess).padStart(43, 'x')}` } })
      ).status
    expect(status).toBe(429)
    expect((await send({ path: '/v1/me', byTokenOf: 'owner' })).status).toBe(200)
  })
})
