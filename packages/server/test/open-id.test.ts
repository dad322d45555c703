// Single sign-on against a real provider of identities on loopback, with a browser made of fetch and a jar of cookies.
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, ORIGIN } from './ask.ts'
import { type ServedCompany, servedCompany } from './served-company.ts'

let http: HttpServer
let company: ServedCompany
/** What the provider says of each login, changed by the tests. */
const claimsOf: Record<string, Record<string, unknown>> = {}

beforeAll(async () => {
  http = createServer()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'spillway',
        client_secret: 'a-client-secret',
        redirect_uris: [`${ORIGIN}/v1/sign-in/openid/callback`],
      },
    ],
    claims: { openid: ['sub'], email: ['email'], profile: ['name', 'groups'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...claimsOf[id] }) }),
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ['of-the-test'] },
  })
  http.on('request', provider.callback())
  const openid = {
    issuer,
    'client-id': 'spillway',
    'client-secret': 'a-client-secret',
    'allow-http': true,
    groups: [
      { group: 'finance', role: 'manager' },
      { group: 'heads', role: 'department-head', 'scope-kind': 'cost-centre', 'scope-key': 'C-2' },
    ],
  }
  company = await servedCompany({}, openid)
})
afterAll(async () => {
  await company.remove()
  http.closeAllConnections()
  http.close()
})

/** Goes where the provider sends it, signs in as `login`, agrees to everything, and stops at our callback. */
async function throughProvider(start: string, login: string): Promise<string> {
  const jar = new Map<string, string>()
  let request: { url: string; body?: URLSearchParams } = { url: start }
  for (let step = 0; step < 12; step += 1) {
    const { url, body } = request
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(body ? { method: 'POST', body } : {}),
    })
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      jar.set(name, value)
    }
    const location = response.headers.get('location')
    if (location !== null) {
      const next = new URL(location, url).href
      if (next.startsWith(ORIGIN)) return next.slice(ORIGIN.length)
      request = { url: next }
      continue
    }
    const page = await response.text()
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1]
    const action = /action="([^"]+)"/.exec(page)?.[1]
    if (prompt === undefined || action === undefined) throw new Error(`the provider shows ${response.status} ${page}`)
    request = { url: new URL(action, url).href, body: new URLSearchParams({ prompt, login, password: 'any' }) }
  }
  throw new Error('the provider leads nowhere')
}

const cookieOf = (headers: Headers, name: string) =>
  headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith(name))
    ?.split(';')[0] ?? ''

async function start() {
  const { status, headers } = await ask(company.server, { path: '/v1/sign-in/openid' })
  expect(status).toBe(302)
  return { url: headers.get('location') ?? '', cookie: cookieOf(headers, '__Host-spillway-openid=') }
}

async function signIn(login: string) {
  const { url, cookie } = await start()
  const path = await throughProvider(url, login)
  return ask(company.server, { path, headers: { cookie } })
}

describe('single sign-on', () => {
  it('asks with PKCE, a state and a nonce, and lets in whose group has a role, with what it has now', async () => {
    const query = new URL((await start()).url).searchParams
    expect(query.get('code_challenge_method')).toBe('S256')
    expect(
      [query.get('state'), query.get('nonce'), query.get('code_challenge')].every((one) => (one ?? '').length > 20),
    ).toBe(true)
    claimsOf.dora = { email: 'Dora@company.example', name: 'Dora', groups: ['finance', 'heads'] }
    const answer = await signIn('dora')
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/'])
    const session = cookieOf(answer.headers, '__Host-spillway=')
    const { json } = await ask(company.server, { path: '/v1/me', headers: { cookie: session } })
    expect(json).toMatchObject({ user: { email: 'dora@company.example', name: 'Dora', hasPassword: false } })
    expect(json.grants as object[]).toMatchObject([
      { role: 'department-head', scopeKind: 'cost-centre', scopeKey: 'C-2', via: 'groups' },
      { role: 'manager', scopeKind: 'tenant', via: 'groups' },
    ])
    claimsOf.dora = { ...claimsOf.dora, groups: ['heads'] }
    const later = cookieOf((await signIn('dora')).headers, '__Host-spillway=')
    const { json: now } = await ask(company.server, { path: '/v1/me', headers: { cookie: later } })
    expect(now.grants).toHaveLength(1)
    expect((now.user as { id: string }).id).toBe((json.user as { id: string }).id)
  })

  it('lets nobody in who has no role here, or whose address is another user of ours', async () => {
    claimsOf.eve = { email: 'eve@company.example', name: 'Eve', groups: ['others'] }
    expect((await signIn('eve')).json).toMatchObject({ status: 403, code: 'not-permitted' })
    claimsOf.mallory = { email: 'owner@company.example', name: 'Mallory', groups: ['finance'] }
    expect((await signIn('mallory')).json).toMatchObject({ status: 409, code: 'exists' })
  })

  it('refuses an answer of another flow, a code again, and an answer without its cookie', async () => {
    claimsOf.dora = { email: 'dora@company.example', name: 'Dora', groups: ['heads'] }
    const first = await start()
    const second = await start()
    const path = await throughProvider(first.url, 'dora')
    for (const headers of [{ cookie: second.cookie }, {}, { cookie: `${second.cookie}x` }] as Array<
      Record<string, string>
    >)
      expect((await ask(company.server, { path, headers })).json).toMatchObject({ status: 401, code: 'not-signed-in' })
    const wrongState = path.replace(/state=[^&]+/, 'state=of-somebody-else')
    expect((await ask(company.server, { path: wrongState, headers: { cookie: first.cookie } })).status).toBe(401)
    expect((await ask(company.server, { path, headers: { cookie: first.cookie } })).status).toBe(401)
    expect((await ask(company.server, { path: '/v1/sign-in' })).json.providers).toEqual([
      { name: 'Single sign-on', path: '/v1/sign-in/openid' },
    ])
  })
})
