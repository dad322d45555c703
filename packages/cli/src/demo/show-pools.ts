// What the demo shows of a provider's pools: each month's use against capacity, and the last month tier by tier.
import {
  type Catalogue,
  formatAmount,
  type LocalDate,
  parseAmount,
  parseTimestamp,
  type SharePlanBucket,
  type Tier,
  type UsageType,
  ZoneClock,
} from '@spillway/core'
import { bucketsReport, periodNamed, readProviderCatalogue, type Workspace } from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { drawBar } from '../output/bar-chart.ts'
import { drawUsage } from '../output/draw-usage.ts'
import { drawTable } from '../output/print-table.ts'
import type { Terminal } from '../terminal.ts'
import { collectCells, type RowCells } from './report-rows.ts'

/** One tier of a share plan's bucket in the period that begins in a month. */
type PoolTier = {
  readonly account: string
  readonly plan: string
  readonly bucket: string
  readonly usageType: UsageType
  readonly tier: number
  /** null: without end. */
  readonly capacity: bigint | null
  readonly rolledIn: bigint
  readonly drawn: bigint
  /** The local day on which it ran out; null: something is left. */
  readonly ranOutOn: LocalDate | null
}

const DAY_MICROS = 86_400_000_000

/** Begins are local midnights: at the same instant of the day after, every zone shows a day of the period. */
function beginsIn(month: string, startAt: string): boolean {
  const start = parseTimestamp(startAt)
  return start !== null && new ZoneClock('UTC').localDate(start.micros + DAY_MICROS).startsWith(month)
}

async function readPools(workspace: Workspace, catalogue: Catalogue, month: string): Promise<PoolTier[]> {
  const rows = await collectCells(await bucketsReport(unscoped(workspace), { period: periodNamed(month) }))
  return rows
    .filter((cell) => cell('on') === 'share-plan' && beginsIn(month, cell('start_at')))
    .map((cell) => poolTier(cell, catalogue))
}

function poolTier(cell: RowCells, catalogue: Catalogue): PoolTier {
  const ranOut = parseTimestamp(cell('ran_out_at'))
  const zone = catalogue.accounts.get(cell('account'))?.timeZone ?? 'UTC'
  return {
    account: cell('account'),
    plan: cell('holder'),
    bucket: cell('bucket'),
    usageType: cell('usage_type') as UsageType,
    tier: Number(cell('tier')),
    capacity: cell('capacity') === '' ? null : BigInt(cell('capacity')),
    rolledIn: BigInt(cell('rolled_in')),
    drawn: BigInt(cell('drawn')),
    ranOutOn: ranOut && new ZoneClock(zone).localDate(ranOut.micros),
  }
}

const MONTH_NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `2026-10-09` is `9 Oct`. */
function shortDay(date: LocalDate): string {
  return `${Number(date.slice(8))} ${MONTH_NAMES[Number(date.slice(5, 7)) - 1]}`
}

/** How much of what is included each pool used, month by month, or the day on which it ran out. */
export async function showPoolMonths(
  workspace: Workspace,
  { months, terminal }: { readonly months: ReadonlyArray<string>; readonly terminal: Terminal },
): Promise<void> {
  const { catalogue } = await readProviderCatalogue(workspace)
  const byMonth = await Promise.all(months.map((month) => readPools(workspace, catalogue, month)))
  const firsts = byMonth.map((pools) => pools.filter(({ tier }) => tier === 1))
  const rows = (firsts.at(-1) ?? []).map(({ account, plan, bucket }) => [
    account,
    plan,
    bucket,
    ...firsts.map((pools) => standing(pools.find((one) => one.account === account && one.bucket === bucket))),
  ])
  const columns = ['Account', 'Share plan', 'Bucket', ...months].map(
    (title) => ({ key: title, title, kind: 'text' }) as const,
  )
  await terminal.out(
    `\n${terminal.colours.bold('How much of each pool was used')} ${terminal.colours.dim('(or the day on which what is included ran out)')}\n\n`,
  )
  await terminal.out(drawTable({ columns, rows }, terminal))
}

function standing(pool: PoolTier | undefined): string {
  if (!pool?.capacity) return ''
  if (pool.ranOutOn !== null) return `out ${shortDay(pool.ranOutOn)}`
  return `${(pool.drawn * 100n) / pool.capacity} %`
}

/** A bar for each tier: what was drawn of it, what it costs, when it ran out. */
export async function showTiers(workspace: Workspace, month: string, terminal: Terminal): Promise<void> {
  const { bold, dim } = terminal.colours
  const { catalogue } = await readProviderCatalogue(workspace)
  const pools = await readPools(workspace, catalogue, month)
  await terminal.out(`\n${bold(`The pools of ${month}, tier by tier`)}\n`)
  for (const [at, pool] of pools.entries()) {
    const plan = catalogue.sharePlans.get(pool.plan)
    const bucket = plan?.buckets.find((one) => one.bucket === pool.bucket)
    const currency = catalogue.accounts.get(pool.account)?.currency
    if (!plan || !bucket || !currency) continue
    const isNew = pools[at - 1]?.bucket !== pool.bucket || pools[at - 1]?.account !== pool.account
    if (isNew)
      await terminal.out(`\n  ${pool.bucket}  ${dim(`${plan.name} of ${pool.account}, ${kindOf(bucket, pool)}`)}\n`)
    await terminal.out(tierLine(pool, { price: priceOf(bucket.tiers[pool.tier - 1], currency), terminal }))
  }
}

const SIZE_WORDS: Readonly<Record<SharePlanBucket['type'], string>> = {
  fixed: 'of fixed size',
  'variable-single-tier': 'as its services bring',
  'variable-multi-tier': 'growing with its services',
}

function kindOf({ type, order }: SharePlanBucket, { rolledIn, usageType }: PoolTier): string {
  const rolled = rolledIn > 0n ? [`${drawUsage(String(rolledIn), usageType)} rolled over`] : []
  return [SIZE_WORDS[type], ...rolled, ...(order === 'highest-rate' ? ['dearest first'] : [])].join(', ')
}

const BAR_WIDTH_MAX = 30

function tierLine(pool: PoolTier, { price, terminal }: { price: string; terminal: Terminal }): string {
  const { cyan, yellow } = terminal.colours
  const drawn = drawUsage(String(pool.drawn), pool.usageType)
  const of = pool.capacity === null ? '' : ` of ${drawUsage(String(pool.capacity), pool.usageType)}`
  const used = `${drawn}${of}`.padStart(21)
  const width = Math.min(BAR_WIDTH_MAX, Math.max(10, terminal.width - 59))
  const line = `    ${price.padEnd(15)}${used}`
  if (pool.capacity === null) return `${line}\n`
  const bar = drawBar({ value: pool.drawn, most: pool.capacity, width })
  const end = pool.ranOutOn === null ? '' : `${' '.repeat(width - [...bar].length)}  out ${shortDay(pool.ranOutOn)}`
  return `${line}${bar === '' ? '' : `  ${cyan(bar)}`}${end === '' ? '' : yellow(end)}\n`
}

/** What the units of a tier cost; a flat price is an amount of the account's currency. */
function priceOf(tier: Tier | undefined, currency: string): string {
  if (!tier || (tier.flat === null && tier.rate === null)) return 'included'
  if (tier.rate === null) return `flat ${amountText(tier.flat ?? '', currency)}`
  return typeof tier.rate.price === 'string' ? `${tier.rate.price} per ${tier.rate.per.text}` : 'rate by product'
}

function amountText(written: string, currency: string): string {
  const reading = parseAmount(written, currency)
  return reading.ok ? formatAmount(reading.minor, currency) : written
}
