// The files of the web app: the same for everybody, with the headers of every answer, and none of them in place of the API.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initWorkspace, type Workspace } from '@spillway/engine'
import { makeLog, makeServer, readSettings } from '@spillway/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const bytes = (text: string) => new Uint8Array(new TextEncoder().encode(text))
const file = (type: string, text: string) => ({ type, codings: new Map([['', bytes(text)] as const]) })
const SCREENS = [
  { path: '/bills', scripts: ['/assets/bills.js'], styles: [] },
  { path: '/bills/$invoice', scripts: ['/assets/invoice.js', '/assets/table.js'], styles: ['/assets/table.css'] },
  { path: '/bills/import', scripts: ['/assets/wizard.js'], styles: [] },
]
const FILES = new Map([
  ['/index.html', file('text/html; charset=utf-8', '<head></head><body><p nonce="%NONCE%">%SIGNED_IN%</p></body>')],
  ['/screens.json', file('application/json', JSON.stringify(SCREENS))],
  ['/assets/app-1a2b.js', file('text/javascript; charset=utf-8', 'export {}')],
  ['/icon.svg', file('image/svg+xml', '<svg/>')],
  ['/v1/me', file('application/json', '"in place of the API"')],
])
const ASSET = '/assets/app-1a2b.js'

let folder: string
let workspace: Workspace
let server: ReturnType<typeof makeServer>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-web-files-'))
  const actor = { who: 'test', now: () => new Date('2026-11-22T12:00:00Z'), codeVersion: 'test' }
  workspace = await initWorkspace(join(folder, 'w'), { actor, holder: 'test' })
  const settings = await readSettings({ environment: {}, given: {} })
  server = makeServer({ workspace, settings, log: makeLog(process.stderr, 'silent'), web: FILES })
})
afterAll(async () => {
  await workspace.close()
  await rm(folder, { recursive: true, force: true })
})

const get = async (path: string, init: RequestInit = {}) => server.app.request(`http://127.0.0.1${path}`, init)

describe('a file of the web app', () => {
  it.each([ASSET, '/icon.svg'])('%s has the headers of every answer', async (path) => {
    const { status, headers } = await get(path)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe(FILES.get(path)?.type)
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('cache-control')).toMatch(path === ASSET ? /immutable/ : /max-age=3600/)
    expect(headers.get('set-cookie')).toBeNull()
  })

  it('is served without anybody being looked up, whoever asks', async () => {
    const credentials = { authorization: 'Bearer not-a-token-of-anybody-here', cookie: '__Host-spillway=nobody' }
    expect((await get(ASSET, { headers: credentials })).status).toBe(200)
    expect((await get('/v1/me', { headers: credentials })).status).toBe(401)
  })

  it.each([
    ['/v1/me', 401],
    ['/assets/of-another-build.js', 404],
    ['/assets/../catalog.sqlite', 200],
  ])('stands for nothing at %s', async (path, status) => {
    const answer = await get(path)
    expect(answer.status).toBe(status)
    const text = await answer.text()
    expect(text).not.toContain('in place of the API')
    // Any other address is the one page.
    if (status === 200) expect(text).toMatch(/^<head><\/head><body><p nonce="[^%]+">no<\/p><\/body>$/)
  })

  it('of the pages alone is answered to nobody', async () => {
    for (const path of ['/index.html', '/screens.json'])
      expect(await (await get(path)).text(), path).toMatch(/<p nonce="[^%]+">no</)
  })

  it('is only read', async () => {
    expect((await get(ASSET, { method: 'HEAD' })).status).toBe(200)
    expect((await get(ASSET, { method: 'POST', headers: { origin: 'http://127.0.0.1' } })).status).toBe(404)
    expect((await get('/index.html')).headers.get('cache-control')).toBe('no-store')
  })
})

describe('the page of somebody who is signed in', () => {
  const NAME = 'Olive </script><script>alert(1)</script>'
  let cookie = ''
  beforeAll(async () => {
    const answer = await get('/v1/sign-in/owner', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'http://127.0.0.1' },
      body: JSON.stringify({
        token: server.services.ownerSetup.offer(),
        ...{ email: 'olive@company.example', name: NAME, password: 'correct horse battery' },
      }),
    })
    cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  })
  const page = async (path: string) => (await get(path, { headers: { cookie } })).text()

  it('has the answers to what every screen asks first, as the routes give them', async () => {
    const text = await page('/')
    const [, block = ''] = /<script type="application\/json" id="first-answers">(.*?)<\/script>/s.exec(text) ?? []
    expect(block).not.toContain('<')
    const answers = JSON.parse(block) as ReadonlyArray<{ operation: string; answer: unknown }>
    expect(answers.map(({ operation }) => operation)).toEqual(['getMe', 'getPreferences', 'listPeriods'])
    const paths = ['/v1/me', '/v1/me/preferences', '/v1/periods?sort=-period&limit=120']
    for (const [index, path] of paths.entries())
      expect(answers[index]?.answer, path).toEqual(await (await get(path, { headers: { cookie } })).json())
    expect(answers[0]?.answer).toMatchObject({ user: { name: NAME } })
  })

  it.each([
    ['/bills', ['/assets/bills.js']],
    ['/bills/', ['/assets/bills.js']],
    ['/bills/INV-1', ['/assets/invoice.js', '/assets/table.js', '/assets/table.css']],
    ['/bills/import', ['/assets/wizard.js']],
    ['/bills/INV-1/lines', []],
  ])('at %s names the files of its screen in its head', async (path, files) => {
    const head = (await page(path)).split('</head>')[0] ?? ''
    expect([...head.matchAll(/href="([^"]+)"/g)].map(([, file]) => file)).toEqual(files)
  })

  it('has neither for a visitor', async () => {
    const text = await (await get('/bills')).text()
    expect(text).not.toContain('first-answers')
    expect(text).not.toContain('href')
  })
})
