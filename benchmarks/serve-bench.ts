// A server in a process of its own, for benchmarks: over a workspace that the parent named, listening where it likes. Tells its
// parent over IPC where, and what it uses when it is asked.
import { initWorkspace, isWorkspace, openWorkspace, serverMemoryLimit, type Workspace } from '@spillway/engine'
import { listen, makeLog, makeServer, readSettings } from '@spillway/server'

export type ServedBench = { readonly url: string; readonly token: string }
export type Usage = {
  readonly residentBytes: number
  readonly heapBytes: number
  /** What DuckDB counts of its own. */
  readonly databaseBytes: number
  readonly cpuMs: number
}

const ORIGIN = 'https://bench.example'
const actor = { who: 'bench', now: () => new Date(), codeVersion: 'bench' }

/** Everything is permitted to it. */
const PERMISSIONS = [
  'event:send',
  'import:read',
  'import:change',
  'report:read',
  'run:read',
  'period:change',
  'job:read',
]

async function makeToken(url: string, ownerToken: string): Promise<string> {
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: ORIGIN, ...headers },
      body: JSON.stringify(body),
    })
  const person = { email: 'owner@bench.example', name: 'Bench', password: 'a password of the bench' }
  const owner = await post('/v1/sign-in/owner', { token: ownerToken, ...person })
  const cookie = (owner.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const made = await post('/v1/tokens', { name: 'bench', permissions: PERMISSIONS }, { cookie })
  const { token } = (await made.json()) as { token?: string }
  if (token === undefined) throw new Error(`no token was made: ${made.status}`)
  return token
}

async function usageOf({ warehouse }: Workspace): Promise<Usage> {
  const { bytes } = await warehouse.row<{ bytes: bigint }>(
    'SELECT sum(memory_usage_bytes)::BIGINT AS bytes FROM duckdb_memory()',
  )
  const { rss, heapUsed } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  return { residentBytes: rss, heapBytes: heapUsed, databaseBytes: Number(bytes), cpuMs: (user + system) / 1000 }
}

/** `memoryLimit` of the database, such as `256MB`; '' for the usual one. */
async function main(directory: string, importSeconds: number, memoryLimit: string): Promise<void> {
  const options = { actor, holder: 'bench', memoryLimit: memoryLimit || serverMemoryLimit() }
  const workspace = isWorkspace(directory)
    ? await openWorkspace(directory, { ...options, access: 'write' })
    : await initWorkspace(directory, options)
  const settings = await readSettings({
    environment: {},
    given: { port: 0, origin: ORIGIN, 'events-import-seconds': importSeconds, 'log-level': 'error' },
  })
  const server = makeServer({ workspace, settings, log: makeLog(process.stderr, 'error') })
  const listening = await listen(server)
  const token = await makeToken(listening.url, server.services.ownerSetup.offer())
  process.on('message', (asked) => {
    if (asked === 'usage') void usageOf(workspace).then((usage) => process.send?.(usage))
    else if (asked === 'warmed') void server.services.warmUp.settled().then(() => process.send?.('warmed'))
    else
      void listening
        .stop()
        .then(() => workspace.close())
        .then(() => process.exit(0))
  })
  process.send?.({ url: listening.url, token } satisfies ServedBench)
}

await main(process.argv[2] as string, Number(process.argv[3]), process.argv[4] ?? '')
