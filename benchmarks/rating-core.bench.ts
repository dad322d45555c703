// What drawing usage down costs beside the least that any rating does: a plain loop that sums the same typed columns by
// service and class. No database: usage is made here, pool by pool, and only the rating of a pool is on the clock.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileGroup, DrawDown, drawShortWay, finishRun, needsOrder, type RatedGroup } from '@spillway/core'
import { makePool, makeProvider, POOL_KINDS, type Pool, SERVICES_PER_POOL } from './rating-provider.ts'

const SIZES: Readonly<Record<string, number>> = { '10k': 10_000, '100k': 100_000, '1m': 1_000_000 }
const RUNS = 3

/**
 * Times are of the processor: elapsed ones times the share of it that the process had over its life, all its threads together,
 * because the machine is shared and asking for processor time itself takes longer than a service does.
 */
type Way = { pools: number; services: number; events: number; processorMs: number; drawMs: number }
type Measured = {
  readonly services: number
  readonly events: number
  readonly pools: number
  readonly poolsRunOut: number
  readonly plainMs: number
  readonly ratingMs: number
  readonly short: Way
  readonly ordered: Way
  readonly microsPerService: Readonly<Record<string, number>>
  readonly residentBytes: number
  readonly load: number
}

function timed(work: () => void): number {
  const startedAt = performance.now()
  work()
  return performance.now() - startedAt
}

/** Of the life of this process; above 1 where several of its threads work. */
function processorShare(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000 / performance.now()
}

/** The yardstick: one addition an event. */
function sumPlainly({ columns }: Pool, sums: Float64Array, classCount: number): void {
  const { count, service, usageClass, quantityBase } = columns
  for (let event = 0; event < count; event += 1) {
    const place = (service[event] as number) * classCount + (usageClass[event] as number)
    sums[place] = (sums[place] as number) + (quantityBase[event] as number)
  }
}

/** Drawn and rated is used; a tenth of the pools run out. */
function checkPool({ demands, kind }: Pool, { rows, unrated, histories }: RatedGroup): boolean {
  let left = 0n
  for (const { quantityBase } of demands) left += BigInt(quantityBase)
  for (const { quantityBase } of rows) left -= quantityBase
  if (left !== 0n || unrated.length > 0) throw new Error(`a pool of kind ${kind} was not rated`)
  return histories.some(({ tiers, holder }) => holder.on === 'share-plan' && tiers[0]?.ranOutAt !== null)
}

/** Reads every part of a result, as the engine does to write it. */
function readAll({ rows, flats, unrated, histories, balances }: RatedGroup): number {
  return rows.length + flats.length + unrated.length + histories.length + balances.length
}

type Rated = { readonly result: RatedGroup; readonly isOrdered: boolean; readonly ms: number; readonly drawMs: number }

/** As the engine does: sums first, and events only where their order can matter. */
function ratePool({ input, demands, columns }: Pool): Rated {
  const startedAt = performance.now()
  const group = compileGroup(input)
  const isOrdered = needsOrder(group, demands)
  let drawMs = 0
  let run: DrawDown
  if (isOrdered) {
    // Another time, because the engine cannot keep a group until its events come.
    run = new DrawDown(compileGroup(input))
    drawMs = timed(() => run.take(columns))
  } else run = drawShortWay(group, demands)
  const result = finishRun(run)
  if (readAll(result) === 0) throw new Error('a pool has no result')
  return { result, isOrdered, ms: performance.now() - startedAt, drawMs }
}

const emptyWay = (): Way => ({ pools: 0, services: 0, events: 0, processorMs: 0, drawMs: 0 })

function measure(services: number): Measured {
  const pools = services / SERVICES_PER_POOL
  const provider = makeProvider(pools)
  const ways = { short: emptyWay(), ordered: emptyWay() }
  const kinds = new Map(POOL_KINDS.map((kind) => [kind, { ms: 0, services: 0 }]))
  const sums = new Float64Array(SERVICES_PER_POOL * provider.classes.length)
  const found = { plainMs: 0, poolsRunOut: 0, events: 0 }
  for (let number = 0; number < pools; number += 1) {
    const pool = makePool(provider, number)
    found.plainMs += timed(() => sumPlainly(pool, sums, provider.classes.length))
    const { result, isOrdered, ms, drawMs } = ratePool(pool)
    const way = isOrdered ? ways.ordered : ways.short
    way.pools += 1
    way.services += SERVICES_PER_POOL
    way.events += pool.columns.count
    way.processorMs += ms
    way.drawMs += drawMs
    const ofKind = kinds.get(pool.kind) as { ms: number; services: number }
    ofKind.ms += ms
    ofKind.services += SERVICES_PER_POOL
    found.events += pool.columns.count
    found.poolsRunOut += checkPool(pool, result) ? 1 : 0
  }
  const share = processorShare()
  found.plainMs *= share
  for (const way of Object.values(ways)) {
    way.processorMs *= share
    way.drawMs *= share
  }
  const micros = ({ ms, services: count }: { ms: number; services: number }) =>
    Number(((ms * share * 1000) / count).toFixed(2))
  return {
    ...{ services, pools, ...found, ...ways },
    ratingMs: ways.short.processorMs + ways.ordered.processorMs,
    microsPerService: Object.fromEntries([...kinds].map(([kind, one]) => [kind, micros(one)])),
    residentBytes: process.resourceUsage().maxRSS * 1024,
    load: loadavg()[0] as number,
  }
}

const median = (values: ReadonlyArray<number>) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number

/** Bundled as the command line is: what runs TypeScript as it stands names every closure when it is made, which costs. */
async function bundle(): Promise<string> {
  const { build } = await import('esbuild')
  const outfile = join(mkdtempSync(join(tmpdir(), 'spillway-bench-')), 'rating-core.mjs')
  const entryPoints = [fileURLToPath(import.meta.url)]
  const options = { platform: 'node', target: 'node20', format: 'esm' } as const
  await build({ entryPoints, outfile, bundle: true, external: ['esbuild'], ...options })
  return outfile
}

function runInChild(script: string, size: string): Measured {
  const output = execFileSync(process.execPath, [script, 'child', size], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(output) as Measured
}

function summaryOf(runs: ReadonlyArray<Measured>) {
  const of = (figure: (run: Measured) => number) => Number(median(runs.map(figure)).toFixed(2))
  return {
    shortMicrosPerService: of(({ short }) => (short.processorMs * 1000) / short.services),
    orderedMicrosPerService: of(({ ordered }) => ((ordered.processorMs - ordered.drawMs) * 1000) / ordered.services),
    drawNanosPerEvent: of(({ ordered }) => (ordered.drawMs * 1e6) / ordered.events),
    plainNanosPerEvent: of(({ plainMs, events }) => (plainMs * 1e6) / events),
    ratioToPlain: of(({ ratingMs, plainMs }) => ratingMs / plainMs),
    ratingMs: of(({ ratingMs }) => ratingMs),
    residentMiB: of(({ residentBytes }) => residentBytes / 2 ** 20),
  }
}

async function main(): Promise<void> {
  const [first = 'all', size = ''] = process.argv.slice(2)
  if (first === 'child') {
    process.stdout.write(JSON.stringify(measure(SIZES[size] as number)))
    return
  }
  const sizes = first === 'all' ? ['100k', '1m'] : [first]
  if (sizes.some((one) => SIZES[one] === undefined)) throw new Error(`There is no size ${first}`)
  const script = await bundle()
  const results = sizes.map((one) => {
    const runs = Array.from({ length: RUNS }, () => runInChild(script, one))
    return { size: one, summary: summaryOf(runs), runs }
  })
  rmSync(dirname(script), { recursive: true })
  for (const { size: one, summary } of results) process.stdout.write(`${one} ${JSON.stringify(summary, null, 2)}\n`)
  if (first !== 'all') return
  const machine = { node: process.version, cpu: cpus()[0]?.model.trim(), cores: cpus().length }
  const kept = fileURLToPath(new URL('./results/rating-core.json', import.meta.url))
  mkdirSync(fileURLToPath(new URL('./results', import.meta.url)), { recursive: true })
  writeFileSync(kept, `${JSON.stringify({ machine, results }, null, 2)}\n`)
}

await main()
