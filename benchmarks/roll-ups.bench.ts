// What roll-ups cost over HTTP with 20 asking at once, beside the bare warehouse query for one: as the first view of a
// question, whose answer nobody keeps, and as every view after it, which the server keeps because a run never changes. Prints a
// summary, keeps the raw results.
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { openWorkspace, type Workspace } from '@spillway/engine'
import { listen, makeLog, makeServer, readSettings } from '@spillway/server'
import type { Size } from './build-workspace.ts'
import { ACTOR, buildThirteenMonths, NEWEST } from './roll-ups-workspace.ts'
import { median, runSizes } from './run-sizes.ts'

const SIZES: Readonly<Record<string, Size>> = {
  '100k': { services: 100_000, pools: 2_000, usageRows: 100_000, chargesPerService: 3 },
  '1m': { services: 1_000_000, pools: 20_000, usageRows: 1_000_000, chargesPerService: 3 },
}
const AT_ONCE = 20
const ROUNDS = 5
const BARE_RUNS = 5

/** The least SQL that gives the figures, over the views that everybody reads, in one currency a row. */
const bareSum = (
  key: string,
) => `SELECT ${key} AS key, currency, sum(actual_minor) AS actual, sum(adjusted_minor) AS adjusted
  FROM carried WHERE tenant = $tenant AND run = '${NEWEST}.1' GROUP BY ALL ORDER BY ALL LIMIT 200`
const QUESTIONS: Readonly<Record<string, { readonly path: string; readonly bare: string }>> = {
  'charges by cost centre': { path: `charges?period=${NEWEST}&by=cost-centre`, bare: bareSum('cost_centre') },
  'charges by vendor': { path: `charges?period=${NEWEST}&by=vendor`, bare: bareSum('vendor') },
  'charges by service, first page': { path: `charges?period=${NEWEST}&by=service`, bare: bareSum('service') },
  'trend of 13 months by vendor': {
    path: `trend?period=${NEWEST}&by=vendor`,
    bare: `SELECT vendor, currency, run, sum(actual_minor) AS actual, sum(adjusted_minor) AS adjusted
      FROM carried WHERE tenant = $tenant GROUP BY ALL ORDER BY ALL`,
  },
  pools: {
    path: `pools?period=${NEWEST}`,
    bare: `SELECT pool, currency, sum(actual_minor) AS actual, sum(adjusted_minor) AS adjusted, count(DISTINCT service) AS members
      FROM allocation WHERE tenant = $tenant AND run = '${NEWEST}.1' GROUP BY ALL ORDER BY ALL LIMIT 200`,
  },
  'movers by cost centre': {
    path: `movers?period=${NEWEST}&by=cost-centre`,
    bare: `SELECT cost_centre, currency, sum(adjusted_minor) FILTER (run = '${NEWEST}.1') AS now,
        sum(adjusted_minor) FILTER (run = '2026-09.1') AS before
      FROM carried WHERE tenant = $tenant AND run IN ('${NEWEST}.1', '2026-09.1') GROUP BY ALL ORDER BY ALL LIMIT 200`,
  },
}

type Measured = {
  readonly name: string
  readonly bareMs: ReadonlyArray<number>
  /** Asked once, before anything is kept. */
  readonly firstMs: number
  /** 20 at once, each with a filter of its own that nobody asked before and that leaves nothing out. */
  readonly unkeptMs: ReadonlyArray<number>
  /** 20 at once, several times, of what was asked before. */
  readonly keptMs: ReadonlyArray<number>
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return Math.round((performance.now() - startedAt) * 10) / 10
}

async function measure(size: Size): Promise<Measured[]> {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-roll-ups-'))
  const folder = join(directory, 'w')
  await buildThirteenMonths(folder, size)
  const workspace = await openWorkspace(folder, { access: 'write', actor: ACTOR, holder: 'bench' })
  try {
    return await overHttp(workspace)
  } finally {
    await workspace.close()
    await rm(directory, { recursive: true, force: true })
  }
}

async function overHttp(workspace: Workspace): Promise<Measured[]> {
  const token = await makeToken(workspace)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const settings = await readSettings({ environment: { SPILLWAY_PORT: '0', SPILLWAY_HOST: '127.0.0.1' }, given: {} })
  const server = makeServer({ workspace, settings, log: makeLog(silent, 'error') })
  const { url, stop } = await listen(server)
  const ask = async (path: string) => {
    const response = await fetch(`${url}/v1/reports/${path}`, { headers: { authorization: `Bearer ${token}` } })
    const text = await response.text()
    if (!response.ok) throw new Error(`${path} answers ${response.status}: ${text}`)
  }
  const measured: Measured[] = []
  try {
    // What it makes before anybody asks would run beside what is measured.
    await server.services.warmUp.settled()
    for (const [name, { path, bare }] of Object.entries(QUESTIONS)) {
      const bareMs: number[] = []
      for (let run = 0; run < BARE_RUNS; run += 1)
        bareMs.push(await timed(() => workspace.warehouse.rows(bare, { tenant: workspace.tenant })))
      const firstMs = await timed(() => ask(path))
      const atOnce = (paths: ReadonlyArray<string>) => Promise.all(paths.map((one) => timed(() => ask(one))))
      const same = Array.from({ length: AT_ONCE }, () => path)
      const unkeptMs = path.startsWith('pools')
        ? await atOnce(same.map((one, index) => `${one}&limit=${100 + index}`))
        : await atOnce(same.map((one, index) => `${one}&where=currency%3DUSD&where=currency%3DX${index}`))
      const keptMs: number[] = []
      for (let round = 0; round < ROUNDS; round += 1) keptMs.push(...(await atOnce(same)))
      measured.push({ name, bareMs, firstMs, unkeptMs, keptMs })
    }
  } finally {
    await stop()
  }
  return measured
}

/** An owner with a token, straight into the catalog: signing in is not what is measured. */
async function makeToken({ catalog, tenant }: Workspace): Promise<string> {
  const token = `spillway_${randomBytes(32).toString('base64url')}`
  const at = ACTOR.now().toISOString()
  const by = { created_at: at, created_by: 'bench' }
  const user = { tenant, id: 'usr_bench', email: 'bench@company.example', name: 'Bench' }
  await catalog
    .insertInto('app_user')
    .values({ ...user, ...by, state: 'active', password_hash: null })
    .execute()
  const grant = { tenant, id: 'gr_bench', user_id: user.id, role: 'owner', scope_kind: 'tenant', scope_key: '' }
  await catalog
    .insertInto('role_grant')
    .values({ ...grant, via: 'people', granted_at: at, granted_by: 'bench' })
    .execute()
  const digest = createHash('sha256').update(token).digest('hex')
  await catalog
    .insertInto('api_token')
    .values({
      ...{ tenant, id: 'tok_bench', user_id: user.id, name: 'bench', hint: 'spillway_', digest },
      ...{ permissions: JSON.stringify(['report:read']), created_at: at, ends_at: '2027-11-22T00:00:00Z' },
    })
    .execute()
  return token
}

const p95 = (values: ReadonlyArray<number>): number =>
  [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] as number

await runSizes<Size, Measured[]>({
  sizes: SIZES,
  measure,
  summaryOf: (measured) =>
    measured.map(({ name, bareMs, firstMs, unkeptMs, keptMs }) => {
      const bare = median(bareMs)
      const ratio = (ms: number) => Number((ms / bare).toFixed(2))
      return {
        ...{ name, bareMs: bare, firstMs, firstRatio: ratio(firstMs) },
        ...{ keptP95Ms: p95(keptMs), keptRatio: ratio(p95(keptMs)) },
        ...{ unkeptP95Ms: p95(unkeptMs), unkeptRatio: ratio(p95(unkeptMs)) },
      }
    }),
  script: import.meta.url,
  resultFile: 'roll-ups.json',
})
