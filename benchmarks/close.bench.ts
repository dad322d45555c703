// What a close costs beside the least that any answer needs: one GROUP BY of the usage and one scan of the charges.
// And beside the same allocation by PostgreSQL, where that is installed. Each size runs in processes of its own, so that its
// resident memory is its own. Prints a table, keeps the raw results.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { closePeriod, openWorkspace, periodNamed } from '@spillway/engine'
import { buildBenchmarkWorkspace, type Size } from './build-workspace.ts'
import { measurePostgres, type PostgresMeasured } from './postgres-allocation.ts'
import { median } from './run-sizes.ts'

const SIZES: Readonly<Record<string, Size>> = {
  '10k': { services: 10_000, pools: 200, usageRows: 100_000, chargesPerService: 3 },
  '100k': { services: 100_000, pools: 2_000, usageRows: 1_000_000, chargesPerService: 3 },
  '1m': { services: 1_000_000, pools: 20_000, usageRows: 10_000_000, chargesPerService: 3 },
}
const BASELINE_RUNS = 5
const CLOSE_RUNS = 3

type Measured = {
  readonly size: string
  readonly baselineMs: ReadonlyArray<number>
  readonly closeMs: ReadonlyArray<number>
  readonly baselineCpuMs: ReadonlyArray<number>
  readonly closeCpuMs: ReadonlyArray<number>
  readonly ratio: number
  /** Of processor time on all cores, which other processes on the machine disturb less. */
  readonly cpuRatio: number
  readonly residentBytes: number
  /** null where PostgreSQL is not installed. */
  readonly postgres?: PostgresMeasured | null
}

type Spent = { readonly elapsedMs: number; readonly cpuMs: number }

async function spent(work: () => Promise<unknown>): Promise<Spent> {
  const startedAt = performance.now()
  const usedBefore = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(usedBefore)
  return { elapsedMs: Math.round(performance.now() - startedAt), cpuMs: Math.round((user + system) / 1000) }
}

/** Runs in the child: the workspace is there already, so that building it is in neither figure. */
async function measure(size: string, directory: string): Promise<Measured> {
  const actor = { who: 'bench', now: () => new Date('2026-11-02T00:00:00Z'), codeVersion: 'bench' }
  const workspace = await openWorkspace(directory, { access: 'write', actor, holder: 'npm run bench' })
  const baseline: Spent[] = []
  for (let run = 0; run < BASELINE_RUNS; run += 1)
    baseline.push(
      await spent(async () => {
        // One row per service, then one row: the floor under any answer. The groups stay in the database.
        await workspace.warehouse.run(
          'CREATE OR REPLACE TEMP TABLE baseline AS SELECT service, sum(quantity_base) AS used FROM usage GROUP BY service',
        )
        await workspace.warehouse.run('SELECT count(*), sum(amount_minor), max(service), max(category) FROM charge')
      }),
    )
  const closes: Spent[] = []
  for (let run = 0; run < CLOSE_RUNS; run += 1)
    closes.push(await spent(() => closePeriod(workspace, { period: periodNamed('2026-10') })))
  await workspace.close()
  const elapsed = (runs: ReadonlyArray<Spent>) => runs.map(({ elapsedMs }) => elapsedMs)
  const cpu = (runs: ReadonlyArray<Spent>) => runs.map(({ cpuMs }) => cpuMs)
  return {
    size,
    baselineMs: elapsed(baseline),
    closeMs: elapsed(closes),
    baselineCpuMs: cpu(baseline),
    closeCpuMs: cpu(closes),
    ratio: median(elapsed(closes)) / median(elapsed(baseline)),
    cpuRatio: median(cpu(closes)) / median(cpu(baseline)),
    residentBytes: process.resourceUsage().maxRSS * 1024,
  }
}

async function main(): Promise<void> {
  const [mode, size = '', directory = ''] = process.argv.slice(2)
  if (mode === 'build') return (await buildBenchmarkWorkspace(directory, SIZES[size] as Size)).close()
  if (mode === 'measure') {
    process.stdout.write(JSON.stringify(await measure(size, directory)))
    return
  }
  if (mode === 'postgres') {
    process.stdout.write(JSON.stringify(await measurePostgres(directory, spent)))
    return
  }
  const wanted = process.argv.slice(2).length > 0 ? process.argv.slice(2) : ['10k', '100k']
  const results = wanted.map(measureInChildren)
  const machine = { node: process.version, cpu: cpus()[0]?.model.trim(), cores: cpus().length }
  const path = fileURLToPath(new URL(`./results/close-${wanted.join('-')}.json`, import.meta.url))
  writeFileSync(path, `${JSON.stringify({ machine, sizes: SIZES, results }, null, 2)}\n`)
  for (const { size: name, baselineMs, closeMs, ratio, cpuRatio, residentBytes, postgres } of results) {
    process.stdout.write(
      `${name.padStart(5)}: close ${median(closeMs)} ms, GROUP BY and scan ${median(baselineMs)} ms, ratio ${ratio.toFixed(1)} (of processor time ${cpuRatio.toFixed(1)}), resident ${(residentBytes / 2 ** 20).toFixed(0)} MiB\n`,
    )
    if (postgres)
      process.stdout.write(
        `       with a floor: close ${median(postgres.closeMs)} ms, PostgreSQL ${postgres.version} ${median(postgres.postgresMs)} ms; of ${postgres.rows} rows ${postgres.differing} differ\n`,
      )
  }
}

function measureInChildren(size: string): Measured {
  if (!SIZES[size]) throw new Error(`There is no size ${size}: ${Object.keys(SIZES).join(', ')}`)
  const directory = mkdtempSync(join(tmpdir(), 'spillway-bench-'))
  const self = fileURLToPath(import.meta.url)
  const child = (mode: string) =>
    execFileSync(process.execPath, ['--import', 'tsx', self, mode, size, directory], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  try {
    child('build')
    const measured = JSON.parse(child('measure')) as Measured
    return { ...measured, postgres: JSON.parse(child('postgres')) as PostgresMeasured | null }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

await main()
