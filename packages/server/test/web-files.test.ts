// The files of the web app: the same for everybody, with the headers of every answer, and none of them in place of the API.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initWorkspace, type Workspace } from '@spillway/engine'
import { makeLog, makeServer, readSettings } from '@spillway/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const bytes = (text: string) => new Uint8Array(new TextEncoder().encode(text))
const file = (type: string, text: string) => ({ type, codings: new Map([['', bytes(text)] as const]) })
const FILES = new Map([
  ['/index.html', file('text/html; charset=utf-8', '<p nonce="%NONCE%">%SIGNED_IN%</p>')],
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
    if (status === 200) expect(text).toMatch(/^<p nonce="[^%]+">no<\/p>$/)
  })

  it('is only read', async () => {
    expect((await get(ASSET, { method: 'HEAD' })).status).toBe(200)
    expect((await get(ASSET, { method: 'POST', headers: { origin: 'http://127.0.0.1' } })).status).toBe(404)
    expect((await get('/index.html')).headers.get('cache-control')).toBe('no-store')
  })
})
