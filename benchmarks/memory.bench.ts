// Whether a server under load keeps its memory: events, reports, an overview, closes and jobs for as many minutes as are asked for
// (45 if none are), resident memory every ten seconds, and lines through what was measured after the first third, which fills
// what is kept up to its bounds. Flat: what is resident besides the database's own rises by less than 5 per cent of its
// middle over the time that is measured. The database holds blocks of its file, which grows with every close, up to its limit.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildBenchmarkWorkspace } from './build-workspace.ts'
import { median } from './run-sizes.ts'
import { type Served, startServed } from './served.ts'

const MINUTES = Number(process.argv[2] ?? 45)
const MEMORY_LIMIT = '256MB'
const SAMPLE_MS = 10_000
const PERIOD = '2026-10'
const RISE_MAX = 0.05
const BATCH = 100
/** Sent again and again, so that what is stored does not grow for ever: known events count once. */
const EVENTS_DISTINCT = 20_000
const SIZE = { services: 5000, pools: 100, usageRows: 50_000, chargesPerService: 3 }
const REPORTS = [
  'reports/charges?by=service&limit=1000',
  'reports/allocation?limit=1000',
  'reports/pools?',
  'reports/trend?by=cost-centre&limit=1000',
  'reports/cost-centres?',
  'overview?',
]

const eventOf = (index: number) =>
  `{"specversion":"1.0","id":"m-${index}","source":"/memory","type":"com.acme.data","time":"2026-11-02T08:00:00Z","subject":"${String(index % SIZE.services).padStart(15, '0')}","data":{"account":"A-1","usage_type":"data","quantity":"1","unit":"MB"}}`

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A server that nobody pauses between requests would measure nothing but a queue. */
async function load(served: Served, until: number): Promise<Record<string, number>> {
  const done: Record<string, number> = { events: 0, reports: 0, closes: 0 }
  const count = (what: string, by = 1) => {
    done[what] = (done[what] as number) + by
  }
  const sending = async () => {
    for (let first = 0; Date.now() < until; first = (first + BATCH) % EVENTS_DISTINCT) {
      const body = `[${Array.from({ length: BATCH }, (_, at) => eventOf(first + at)).join(',')}]`
      await served.ask('/v1/events', { method: 'POST', type: 'application/cloudevents-batch+json', body })
      count('events', BATCH)
      await wait(50)
    }
  }
  const reading = async () => {
    for (let at = 0; Date.now() < until; at += 1) {
      await served.ask(`/v1/${REPORTS[at % REPORTS.length]}&period=${PERIOD}`)
      count('reports')
      await wait(100)
    }
  }
  const closing = async () => {
    while (Date.now() < until) {
      const { id } = (await served.ask(`/v1/periods/${PERIOD}/close`, { method: 'POST' })) as { id: string }
      for (let ended = false; !ended && Date.now() < until; ) {
        await wait(1000)
        ended = ((await served.ask(`/v1/jobs/${id}`)) as { endedAt: string | null }).endedAt !== null
      }
      count('closes')
      await wait(20_000)
    }
  }
  await Promise.all([sending(), reading(), closing()])
  return done
}

type Sample = {
  readonly seconds: number
  readonly residentMiB: number
  readonly heapMiB: number
  readonly databaseMiB: number
}

async function sampleUntil(served: Served, until: number): Promise<Sample[]> {
  const samples: Sample[] = []
  const startedAt = Date.now()
  while (Date.now() < until) {
    await wait(Math.min(SAMPLE_MS, Math.max(1, until - Date.now())))
    const used = await served.usage()
    const seconds = Math.round((Date.now() - startedAt) / 1000)
    const [residentMiB, heapMiB, databaseMiB] = [used.residentBytes, used.heapBytes, used.databaseBytes].map((bytes) =>
      Math.round(bytes / 2 ** 20),
    ) as [number, number, number]
    samples.push({ seconds, residentMiB, heapMiB, databaseMiB })
    process.stderr.write(
      `${seconds} s  ${residentMiB} MiB resident, ${heapMiB} MiB heap, ${databaseMiB} MiB database\n`,
    )
  }
  return samples
}

type Line = { readonly middleMiB: number; readonly riseMiB: number; readonly rise: number }

/** Least squares through the samples: how much it rises from the first to the last, and beside the middle. */
function lineOf(samples: ReadonlyArray<Sample>, measured: (sample: Sample) => number): Line {
  const mean = (of: (sample: Sample) => number) => samples.reduce((sum, one) => sum + of(one), 0) / samples.length
  const [x, y] = [mean(({ seconds }) => seconds), mean(measured)]
  const spread = samples.reduce((sum, { seconds }) => sum + (seconds - x) ** 2, 0)
  const common = samples.reduce((sum, sample) => sum + (sample.seconds - x) * (measured(sample) - y), 0)
  const seconds = (samples.at(-1)?.seconds ?? 0) - (samples[0]?.seconds ?? 0)
  const [middleMiB, riseMiB] = [median(samples.map(measured)), spread === 0 ? 0 : (common / spread) * seconds]
  return { middleMiB, riseMiB: Number(riseMiB.toFixed(1)), rise: Number((riseMiB / middleMiB).toFixed(3)) }
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-memory-'))
  try {
    const directory = join(folder, 'w')
    await (await buildBenchmarkWorkspace(directory, SIZE)).close()
    const served = await startServed(directory, { importSeconds: 5, memoryLimit: MEMORY_LIMIT })
    // The first close comes before reports of the month can be read.
    const { id } = (await served.ask(`/v1/periods/${PERIOD}/close`, { method: 'POST' })) as { id: string }
    while (((await served.ask(`/v1/jobs/${id}`)) as { endedAt: string | null }).endedAt === null) await wait(200)
    const until = Date.now() + MINUTES * 60_000
    const [done, samples] = await Promise.all([load(served, until), sampleUntil(served, until)])
    await served.stop()
    const warm = samples.slice(Math.floor(samples.length / 3))
    const besidesDatabase = lineOf(warm, ({ residentMiB, databaseMiB }) => residentMiB - databaseMiB)
    const summary = {
      ...{ minutes: MINUTES, memoryLimit: MEMORY_LIMIT, done },
      resident: lineOf(warm, ({ residentMiB }) => residentMiB),
      database: lineOf(warm, ({ databaseMiB }) => databaseMiB),
      ...{ besidesDatabase, isFlat: besidesDatabase.rise < RISE_MAX, load: loadavg()[0] },
    }
    process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`)
    const machine = { node: process.version, cpu: cpus()[0]?.model.trim(), cores: cpus().length }
    const results = fileURLToPath(new URL('./results', import.meta.url))
    mkdirSync(results, { recursive: true })
    writeFileSync(join(results, 'memory.json'), `${JSON.stringify({ machine, summary, samples }, null, 2)}\n`)
    if (!summary.isFlat) process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

await main()
