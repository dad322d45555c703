// Whether a server under load keeps its memory: events, reports, an overview, closes and jobs for as many minutes as are asked for
// (45 if none are), resident memory every ten seconds, and a line through what was measured after the first third, which fills what
// is kept up to its bounds: pages of reports, and what the database holds of its file, which grows with every close and so
// has a limit here that it reaches. Flat: the line rises by less than 5 per cent of the middle over the time that is measured.
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

/** Least squares: MiB per second. */
function slopeOf(samples: ReadonlyArray<Sample>): number {
  const mean = (of: (sample: Sample) => number) => samples.reduce((sum, one) => sum + of(one), 0) / samples.length
  const [x, y] = [mean(({ seconds }) => seconds), mean(({ residentMiB }) => residentMiB)]
  const spread = samples.reduce((sum, { seconds }) => sum + (seconds - x) ** 2, 0)
  const common = samples.reduce((sum, { seconds, residentMiB }) => sum + (seconds - x) * (residentMiB - y), 0)
  return spread === 0 ? 0 : common / spread
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
    const middle = median(warm.map(({ residentMiB }) => residentMiB))
    const measuredSeconds = (warm.at(-1)?.seconds ?? 0) - (warm[0]?.seconds ?? 0)
    const riseMiB = slopeOf(warm) * measuredSeconds
    const summary = {
      ...{
        minutes: MINUTES,
        memoryLimit: MEMORY_LIMIT,
        done,
        residentMiB: middle,
        riseMiB: Number(riseMiB.toFixed(1)),
      },
      ...{ rise: Number((riseMiB / middle).toFixed(3)), isFlat: riseMiB < middle * RISE_MAX, load: loadavg()[0] },
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
