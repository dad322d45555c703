// What drawing usage down costs beside the least that any rating does: a plain loop that sums the same typed columns by
// service and class. No database: usage is made here, pool by pool, and only the rating of a pool is on the clock.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import {
  compileGroup,
  type Demand,
  DrawDown,
  drawShortWay,
  finishRun,
  type GroupInput,
  needsOrder,
  type UsageColumns,
} from '@spillway/core'
import { makePool, makeProvider, POOL_KINDS, type PoolKind, SERVICES_PER_POOL } from './rating-provider.ts'

const SIZES: Readonly<Record<string, number>> = { '10k': 10_000, '100k': 100_000, '1m': 1_000_000 }
const RUNS = 3

/** All times are of the processor: the machine is shared, and a pool is rated in less than one turn on it. */
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
  readonly byKind: Readonly<Record<string, number>>
  readonly residentBytes: number
  readonly load: number
}

function processorMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

const emptyWay = (): Way => ({ pools: 0, services: 0, events: 0, processorMs: 0, drawMs: 0 })

/** The yardstick: one addition an event. */
function sumPlainly(columns: UsageColumns, sums: Float64Array, classCount: number): void {
  const { count, service, usageClass, quantityBase } = columns
  for (let event = 0; event < count; event += 1) {
    const place = (service[event] as number) * classCount + (usageClass[event] as number)
    sums[place] = (sums[place] as number) + (quantityBase[event] as number)
  }
}

type Rated = { readonly isOrdered: boolean; readonly processorMs: number; readonly drawMs: number; readonly isOut: boolean }

/** As the engine does: sums first, and events only where their order can matter. Rows, histories and balances are read. */
function ratePool(input: GroupInput, demands: ReadonlyArray<Demand>, columns: UsageColumns): Rated {
  const startedAt = processorMs()
  let group = compileGroup(input)
  const isOrdered = needsOrder(group, demands)
  let drawMs = 0
  let run: DrawDown
  if (isOrdered) {
    group = compileGroup(input)
    run = new DrawDown(group)
    const drawnFrom = processorMs()
    run.take(columns)
    drawMs = processorMs() - drawnFrom
  } else run = drawShortWay(group, demands)
  const { rows, flats, unrated, histories, balances } = finishRun(run)
  const ratedMs = processorMs() - startedAt
  if (rows.length === 0 || unrated.length > 0 || flats.length > rows.length || balances.length > histories.length)
    throw new Error('a pool was not rated')
  let left = 0n
  for (const { quantityBase } of demands) left += quantityBase
  for (const { quantityBase } of rows) left -= quantityBase
  if (left !== 0n) throw new Error('drawn and rated is not what was used')
  const isOut = histories.some(({ tiers, holder }) => holder.on === 'share-plan' && tiers[0]?.ranOutAt !== null)
  return { isOrdered, processorMs: ratedMs, drawMs, isOut }
}

function measure(services: number): Measured {
  const pools = services / SERVICES_PER_POOL
  const provider = makeProvider(pools)
  const ways = { short: emptyWay(), ordered: emptyWay() }
  const kindMs = new Map<PoolKind, number>(POOL_KINDS.map((kind) => [kind, 0]))
  const found = { plainMs: 0, poolsRunOut: 0, events: 0 }
  const sums = new Float64Array(SERVICES_PER_POOL * provider.classes.length)
  for (let number = 0; number < pools; number += 1) {
    const { kind, input, columns, demands } = makePool(provider, number)
    sums.fill(0)
    const startedAt = processorMs()
    sumPlainly(columns, sums, provider.classes.length)
    found.plainMs += processorMs() - startedAt
    const { isOrdered, drawMs, isOut, ...rated } = ratePool(input, demands, columns)
    const way = isOrdered ? ways.ordered : ways.short
    way.pools += 1
    way.services += SERVICES_PER_POOL
    way.events += columns.count
    way.processorMs += rated.processorMs
    way.drawMs += drawMs
    found.events += columns.count
    found.poolsRunOut += isOut ? 1 : 0
    kindMs.set(kind, (kindMs.get(kind) as number) + rated.processorMs)
  }
  return {
    ...{ services, pools, ...found, ...ways },
    ratingMs: ways.short.processorMs + ways.ordered.processorMs,
    byKind: Object.fromEntries([...kindMs].map(([kind, ms]) => [kind, Math.round(ms)])),
    residentBytes: process.resourceUsage().maxRSS * 1024,
    load: loadavg()[0] as number,
  }
}

const median = (values: ReadonlyArray<number>) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number

function runInChild(size: string): Measured {
  const output = execFileSync(process.execPath, ['--import', 'tsx', fileURLToPath(import.meta.url), 'child', size], {
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

function main(): void {
  const [first = 'all', size = ''] = process.argv.slice(2)
  if (first === 'child') {
    process.stdout.write(JSON.stringify(measure(SIZES[size] as number)))
    return
  }
  const sizes = first === 'all' ? ['100k', '1m'] : [first]
  if (sizes.some((one) => SIZES[one] === undefined)) throw new Error(`There is no size ${first}`)
  const results = sizes.map((one) => {
    const runs = Array.from({ length: RUNS }, () => runInChild(one))
    return { size: one, summary: summaryOf(runs), runs }
  })
  for (const { size: one, summary } of results) process.stdout.write(`${one} ${JSON.stringify(summary, null, 2)}\n`)
  if (first !== 'all') return
  const machine = { node: process.version, cpu: cpus()[0]?.model.trim(), cores: cpus().length }
  const kept = fileURLToPath(new URL('./results/rating-core.json', import.meta.url))
  mkdirSync(fileURLToPath(new URL('./results', import.meta.url)), { recursive: true })
  writeFileSync(kept, `${JSON.stringify({ machine, results }, null, 2)}\n`)
}

main()
