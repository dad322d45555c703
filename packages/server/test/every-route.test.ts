// Walks every route that the document has, as everybody: without credentials, in each wrong role, and with another tenant's
// ids; and as who may see a part, who must see nothing of the others. A route is in here because it is described; nobody adds
// it. Planted holes prove that it would find one.
import { z } from '@hono/zod-openapi'
import { buildReport } from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PERMISSIONS, type Permission, permissionsOf } from '../src/contract/permissions.ts'
import { type DescribedRoute, describeRoute, jsonOf } from '../src/contract/route.ts'
import { ROUTES } from '../src/contract/routes.ts'
import { register } from '../src/http/register.ts'
import { makeServer, openApiDocument, type Server } from '../src/index.ts'
import { ask } from './ask.ts'
import { MARK, NOT_OF_A_TENANT, OTHERS_IDS, OTHERS_SESSION, OTHERS_TOKEN } from './other-tenant.ts'
import {
  OF_NORTHWOOD,
  OF_SOUTHGATE,
  PEOPLE,
  PERSON_NAMES,
  type PersonName,
  type ServedCompany,
  servedCompany,
} from './served-company.ts'

let company: ServedCompany
beforeAll(async () => {
  // Each wrong token is to come from another address, or the limit of guesses would answer in place of the route.
  company = await servedCompany({ SPILLWAY_TRUST_PROXY: 'true' })
})
afterAll(() => company.remove())

const isPermission = (access: string): access is Permission => access in PERMISSIONS

/** Whether what somebody was granted reaches a permission, said here once more and in another way. */
function mayCall(name: PersonName, permission: Permission): boolean {
  const somebody: { role?: Parameters<typeof permissionsOf>[0]; scopeKind?: string } = PEOPLE[name]
  if (somebody.role === undefined || !permissionsOf(somebody.role).includes(permission)) return false
  return PERMISSIONS[permission] === 'rows' || somebody.scopeKind === undefined
}

/** Paths with every path parameter filled in, by an id that only the other tenant has. */
function pathsOf(path: string): string[] {
  const [name] = /\{(\w+)\}/.exec(path)?.slice(1) ?? []
  if (name === undefined) return [path]
  const ids = NOT_OF_A_TENANT[name] === undefined ? OTHERS_IDS[name] : [NOT_OF_A_TENANT[name]]
  if (!ids) throw new Error(`give {${name}} of ${path} an id of the other tenant, in other-tenant.ts`)
  return ids.flatMap((id) => pathsOf(path.replace(`{${name}}`, id)))
}

const QUERY = '?period=2026-10'
/** What a question needs besides so that it would be answered. */
const QUERIES: Readonly<Record<string, string>> = {
  compareRuns: '&since=2026-10.1',
  explainEvent: '&id=2026-10-1',
  getLedes: '&project=M-1&from=2026-10-01&until=2026-11-01&invoiceNumber=7',
  getSourceLines: '&batch=batch-other&line=2&around=20',
}
/** What a change needs so that it would be done where the id were ours. */
const BODIES: Readonly<Record<string, unknown>> = {
  startExport: { what: 'report', report: 'charges', period: '2026-10' },
  changeUser: { name: MARK.toLowerCase() },
  createGrant: { user: 'usr_other', role: 'analyst', scopeKind: 'tenant' },
  createToken: { name: 'of another', permissions: ['report:read'], user: 'usr_other' },
  requestSubAccount: { document: { account: 'A-OTHER', 'user-id': 'user-other' }, because: 'a try' },
  addSubAccount: { document: { account: 'A-OTHER', 'user-id': 'user-other' } },
  refuseSubAccount: { reason: 'a try' },
  importSubAccounts: { account: 'A-OTHER', file: { name: 'a.csv', text: 'account,user_id\nA-OTHER,user-other\n' } },
  putSubAccount: { kind: 'SubAccount', account: 'A-OTHER', 'user-id': 'user-other', name: 'a try' },
  rotatePasscodes: { of: 'one', account: 'A-OTHER', userId: 'user-other' },
  verifyPasscode: { passcode: '135790', account: 'A-OTHER', userId: 'user-other' },
  cloneSharePlan: { as: 'plan-mine', name: 'A copy' },
  acceptDifference: { reason: 'a try' },
  takeBackImport: { reason: 'a try' },
  lookAgain: {},
  previewDraftFile: {},
  voidBill: { reason: 'a try' },
  preview: { period: '2026-10', files: [{ name: 'a.yaml', text: '{ kind: ServiceType, id: a }' }] },
  createView: { name: 'A try', path: '/pools' },
  changeView: { name: MARK.toLowerCase() },
  putPreferences: {
    ...{
      locale: null,
      timeZone: null,
      currencyDisplay: 'code',
      colourScheme: 'dark',
      density: 'compact',
      homeView: null,
    },
  },
  putDocument: { kind: 'Pool', name: `${MARK}-pool`, model: 'bulk', 'usage-type': 'data' },
}

let addresses = 0
function nextAddress(): string {
  addresses += 1
  return `10.0.${addresses >> 8}.${addresses & 255}`
}

/** What the walk finds wrong with one route; nothing where it is closed to everybody to whom it should be. */
async function holesIn(route: DescribedRoute, server: Server = company.server): Promise<string[]> {
  const holes: string[] = []
  const access = route['x-access']
  if (access === undefined) return [`${route.path} does not say who may call it`]
  const body = route.method === 'get' ? {} : { body: BODIES[route.operationId] ?? {} }
  for (const place of pathsOf(route.path)) {
    const query = `${QUERY}${QUERIES[route.operationId] ?? ''}`
    const question = { method: route.method.toUpperCase(), path: `${place}${query}`, ...body }
    const say = (text: string) => holes.push(`${question.method} ${question.path}: ${text}`)
    const anonymous = await ask(server, question)
    if (access !== 'anyone' && anonymous.status !== 401) say(`answers ${anonymous.status} without credentials`)
    if (anonymous.text.includes(MARK)) say('shows another tenant without credentials')
    for (const headers of [
      { authorization: `Bearer ${OTHERS_TOKEN}`, 'x-forwarded-for': nextAddress() },
      { cookie: `__Host-spillway=${OTHERS_SESSION}` },
    ]) {
      const { status } = await ask(server, { ...question, headers })
      if (access !== 'anyone' && status !== 401) say(`answers ${status} to somebody of another tenant`)
    }
    if (isPermission(access))
      for (const as of PERSON_NAMES) {
        if (mayCall(as, access)) continue
        const { status, text } = await ask(server, { ...question, as })
        if (status !== 403) say(`answers ${status} to ${as}`)
        if (text.includes(MARK)) say(`shows another tenant to ${as}`)
      }
    if (access === 'session') {
      const { status } = await ask(server, { ...question, byTokenOf: 'owner' })
      if (status !== 403) say(`answers ${status} to a token`)
    }
    // Those would end the owner's session, and name nothing of anybody.
    if (route.operationId.startsWith('signOut')) continue
    const owner = await ask(server, { ...question, as: 'owner', headers: { 'if-match': '*' } })
    if (owner.text.replaceAll(`${MARK}-pool`, '').replaceAll(`${MARK}-service`, '').includes(MARK))
      say('shows the owner another tenant')
    const isOthers =
      /\{/.test(route.path) && !Object.values(NOT_OF_A_TENANT).some((value) => place.includes(`/${value}`))
    if (isOthers && owner.status < 400) say(`answers ${owner.status} about another tenant's ids`)
  }
  return holes
}

/** Who sees a part of the company, and what of the others must come before them nowhere. */
const HIDDEN: ReadonlyArray<readonly [PersonName, ReadonlyArray<string>]> = [
  ['head-of-C-1', OF_SOUTHGATE],
  ['employee-E-3', OF_NORTHWOOD],
  ['auditor-of-C-2', OF_NORTHWOOD],
  ['analyst-of-A-2', OF_NORTHWOOD],
  ['manager-of-A-2', OF_NORTHWOOD],
]
/** Ids of ours, some in the part of each and some not. */
const OWN_IDS: Readonly<Record<string, ReadonlyArray<string>>> = {
  report: ['charges', 'allocation', 'usage', 'pools', 'cost-centres', 'unused'],
  service: ['phone-1', 'phone-3'],
  id: ['2026-10.1', 'usr_owner'],
}

/** Where somebody who may see a part sees others: of each route that reads, with ids of ours. */
async function othersShown(route: DescribedRoute, server: Server = company.server): Promise<string[]> {
  const access = route['x-access']
  if (route.method !== 'get' || !isPermission(access) || route['x-streams'] === true) return []
  const idsOf = (name: string) => OWN_IDS[name] ?? [NOT_OF_A_TENANT[name] ?? 'none']
  const fill = (path: string): string[] => {
    const [name] = /\{(\w+)\}/.exec(path)?.slice(1) ?? []
    return name === undefined ? [path] : idsOf(name).flatMap((id) => fill(path.replace(`{${name}}`, id)))
  }
  const shown: string[] = []
  for (const place of fill(route.path))
    for (const [as, hidden] of HIDDEN) {
      const path = `${place}${QUERY}${QUERIES[route.operationId] ?? ''}`
      const { text, status } = await ask(server, { path, as })
      // What was asked for is said again where it is refused.
      const said = status === 200 ? text : text.replaceAll(place.split('/').at(-1) ?? '', '')
      for (const value of hidden) if (said.includes(value)) shown.push(`GET ${path} shows ${value} to ${as}`)
    }
  return shown
}

describe('every route', () => {
  it.each(
    Object.values(ROUTES)
      .filter(({ method }) => method === 'get')
      .map((route) => [route.path, route] as const),
  )('GET %s shows a part of the company nothing of the others', async (_, route) => {
    expect(await othersShown(route as DescribedRoute)).toEqual([])
  })

  it.each(Object.values(ROUTES).map((route) => [route.method, route.path, route] as const))(
    '%s %s is closed to whom it should be',
    async (_, __, route) => {
      expect(await holesIn(route as DescribedRoute)).toEqual([])
    },
  )

  it('changed nothing of the other tenant', async () => {
    const { catalog } = company.workspace
    const user = await catalog.selectFrom('app_user').selectAll().where('id', '=', 'usr_other').executeTakeFirst()
    expect([user?.name, user?.state]).toEqual([MARK, 'active'])
    const grants = await catalog.selectFrom('role_grant').select('id').where('user_id', '=', 'usr_other').execute()
    expect(grants).toEqual([{ id: 'gr_other' }])
    const tokens = await catalog
      .selectFrom('api_token')
      .select(['id', 'revoked_at'])
      .where('user_id', '=', 'usr_other')
      .execute()
    expect(tokens).toEqual([{ id: 'tok_other', revoked_at: null }])
  })

  it('is in the document with who may call it, and the document has no other', () => {
    const { paths = {} } = openApiDocument()
    const operations = Object.values(paths).flatMap((place) =>
      Object.values(place as Record<string, { operationId: string }>),
    )
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(ROUTES).sort())
    expect(operations.filter((operation) => !('x-access' in operation))).toEqual([])
    const served = company.server.app.routes.filter(
      ({ method, path }) => method !== 'ALL' && !path.startsWith('/v1/docs') && path !== '/v1/openapi.json',
    )
    const described = new Set(
      Object.values(ROUTES).map(
        ({ method, path }) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      ),
    )
    expect(served.map(({ method, path }) => `${method} ${path}`).filter((one) => !described.has(one))).toEqual([])
  })
})

describe('a planted hole', () => {
  const hole = (access: DescribedRoute['x-access'], path: string) =>
    describeRoute({
      method: 'get',
      path,
      operationId: path,
      'x-access': access,
      responses: { 200: jsonOf(z.object({ text: z.string() }), 'A hole') },
    }) as unknown as DescribedRoute

  it('is found where everybody sees what should be closed, or the owner sees another tenant', async () => {
    const open = hole('anyone', '/v1/hole/open')
    const others = hole('report:read', '/v1/hole/others/{id}')
    // A server takes no route after its first request.
    const server = makeServer(company.server.services)
    for (const route of [open, others])
      register(server, route, (async (c: { json(body: object, status: number): Response }) =>
        c.json({ text: MARK }, 200)) as never)
    expect(await holesIn(open, server)).toEqual([
      'GET /v1/hole/open?period=2026-10: shows another tenant without credentials',
      expect.stringContaining('shows the owner'),
    ])
    expect((await holesIn(others, server)).some((one) => one.includes("about another tenant's ids"))).toBe(true)
    // Described as closed, and registered as open.
    expect(
      (await holesIn({ ...open, 'x-access': 'audit:read' }, server)).filter((one) => one.includes('answers 200')),
    ).not.toEqual([])
  })

  it('is found where a route reads without the scope of who asks, or takes another permission than it says', async () => {
    const unscopedReport = hole('report:read', '/v1/hole/unscoped')
    const wrong = hole('audit:read', '/v1/hole/wrong')
    const server = makeServer(company.server.services)
    type Answering = { json(body: object, status: number): Response }
    register(server, unscopedReport, (async (c: Answering) => {
      const report = await buildReport(unscoped(company.workspace), {
        name: 'charges',
        period: '2026-10',
        by: 'person',
      })
      const rows: unknown[] = []
      for await (const batch of report.rows) rows.push(...batch)
      return c.json({ text: JSON.stringify(rows) }, 200)
    }) as never)
    register(server, { ...wrong, 'x-access': 'report:read' }, (async (c: Answering) =>
      c.json({ text: '' }, 200)) as never)
    expect(await othersShown(unscopedReport, server)).toContain(
      'GET /v1/hole/unscoped?period=2026-10 shows Cyra Vantongeren to head-of-C-1',
    )
    expect(await holesIn(wrong, server)).toContain('GET /v1/hole/wrong?period=2026-10: answers 200 to analyst')
  })

  it('is found where a route does not say who may call it', async () => {
    const { 'x-access': _, ...route } = hole('anyone', '/v1/hole/unsaid')
    expect(await holesIn(route as DescribedRoute)).toEqual(['/v1/hole/unsaid does not say who may call it'])
  })
})
