import { cp, rm } from 'node:fs/promises'
import { Writable } from 'node:stream'
import { openWorkspace } from '@spillway/engine'
import { listen, makeLog, makeServer, readSettings } from '@spillway/server'
const [, , minutes = '1', atOnce = '20'] = process.argv
const directory = `/tmp/i6/provider-${process.pid}`
await cp('/tmp/screens2/provider', directory, { recursive: true, dereference: true })
const actor = { who: 'tester', now: () => new Date(), codeVersion: 'test' }
const workspace = await openWorkspace(directory, { access: 'write', actor, holder: 'test' })
const settings = await readSettings({ environment: { SPILLWAY_PORT: '0', SPILLWAY_LOG_LEVEL: 'error' }, given: {} })
const logged: string[] = []
const log = new Writable({ write: (l, _e, d) => { logged.push(String(l)); d() } })
const server = makeServer({ workspace, settings, log: makeLog(log, 'error') })
const { url, stop } = await listen(server)
const r0 = await fetch(`${url}/v1/sign-in/owner`, { method: 'POST', headers: { 'content-type': 'application/json', origin: url }, body: JSON.stringify({ token: server.services.ownerSetup.offer(), email: 'o@x.example', name: 'O', password: 'correct horse battery' }) })
const cookie = (r0.headers.get('set-cookie') ?? '').split(';')[0]!
console.log(r0.status)
const P = process.env.P ?? '2026-09', A = 'CALLOWAY'
const PATHS = [
  'accounts?limit=1000', `buckets?period=${P}&account=${A}`, `balances?at=2026-09-30T23%3A59%3A59Z&account=${A}`, `balances?at=2026-09-15T12%3A00%3A00Z`,
  `charges?period=${P}&by=service&where=account%3D${A}`, `trend?period=${P}&by=account&key=${A}`, `trend?period=${P}&by=account`, `bills?period=${P}&account=${A}`,
  `bills?period=${P}`, `alerts?period=${P}&account=${A}`, `sub-accounts?period=${P}&account=${A}`, `alerts?period=${P}`, 'attention', `pools?period=${P}`,
].map((p) => `/v1/reports/${p}`).concat(['/v1/periods', '/v1/overview/attention', '/v1/me'])
const end = Date.now() + Number(minutes) * 60e3
const statuses = new Map<string, number>(); const texts = new Map<string, Map<string, number>>()
let n = 0
async function one() {
  while (Date.now() < end) {
    const path = PATHS[Math.floor(Math.random() * PATHS.length)]!
    const r = await fetch(url + path, { headers: { cookie } })
    const t = await r.text()
    n += 1
    const key = `${r.status} ${path}`
    statuses.set(key, (statuses.get(key) ?? 0) + 1)
    const seen = texts.get(path) ?? new Map(); texts.set(path, seen)
    if (r.status < 400) { const k = t.replace(/"requestId":"[^"]*"/, ''); seen.set(k, (seen.get(k) ?? 0) + 1) }
  }
}
await Promise.all(Array.from({ length: Number(atOnce) }, one))
console.log(n, 'requests'); console.log([...statuses].sort().map(([k, v]) => `${v} ${k}`).join('\n'))
for (const [p, s] of texts) if (s.size > 1) console.log('DIFFERENT ANSWERS', p, [...s].map(([k, v]) => [v, k.length]))
const kinds = new Map<string, number>()
for (const l of logged) { try { const o = JSON.parse(l); const m = `${o.err?.type} ${o.err?.message} ${(o.err?.stack ?? '').split('\n').slice(1, 7).join(' | ')}`; kinds.set(m, (kinds.get(m) ?? 0) + 1) } catch {} }
for (const [m, c] of kinds) console.log(c, m)
await stop(); await workspace.close(); await rm(directory, { recursive: true, force: true })
