// Works one bill of each plan out from the files alone, event by event, with integers and nothing of the product; the golden
// files have what the product made of them.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

type Row = Readonly<Record<string, string>>
type Use = {
  readonly at: string
  readonly id: string
  readonly service: string
  readonly kind: string
  readonly bytes: bigint
}

const text = (path: string) => readFile(join(import.meta.dirname, path), 'utf8')

async function rowsOf(path: string): Promise<Row[]> {
  const [header = '', ...lines] = (await text(path)).trim().split('\n')
  const names = header.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [names[index] ?? '', cell])))
}

/** Billed in blocks: 10 kB of a tracker's data, 100 kB of a gateway's. */
const inBlocks = (bytes: bigint, block: bigint) => ((bytes + block - 1n) / block) * block

async function usesOfCsv(path: string, block: bigint): Promise<Use[]> {
  return (await rowsOf(path)).map((row) => ({
    at: new Date(row.started_at ?? '').toISOString(),
    id: row.id ?? '',
    service: row.service ?? '',
    kind: `${row.usage_type}/${row.zone ?? 'domestic'}`,
    bytes: row.unit === 'kB' ? inBlocks(BigInt(row.quantity ?? '') * 1000n, block) : BigInt(row.quantity ?? ''),
  }))
}

/** In the order of drawing, each id once: what is sent twice is one event. */
function inOrder(uses: ReadonlyArray<Use>): Use[] {
  const once = [...new Map(uses.map((use) => [use.id, use])).values()]
  return once.sort((a, b) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1))
}

const MB = 1_000_000n

/** What can be drawn from, by the one that draws. */
type Stock = {
  left: bigint
  readonly leftOf?: Map<string, bigint>
  readonly limit?: (service: string) => bigint | null
}

function draw(stock: Stock, { service, wanted }: { service: string; wanted: bigint }): bigint {
  const limit = stock.limit?.(service) ?? null
  const room = limit === null ? wanted : limit - (stock.leftOf?.get(service) ?? 0n)
  const drawn = [wanted, stock.left, room].reduce((least, one) => (one < least ? one : least))
  stock.left -= drawn
  stock.leftOf?.set(service, (stock.leftOf.get(service) ?? 0n) + drawn)
  return drawn
}

/** Half away from zero; nothing here is negative. */
const rounded = (numerator: bigint, denominator: bigint) => (numerator * 2n + denominator) / (denominator * 2n)
const sum = (amounts: Iterable<bigint>) => [...amounts].reduce((total, amount) => total + amount, 0n)
const add = (sums: Map<string, bigint>, key: string, amount: bigint) => sums.set(key, (sums.get(key) ?? 0n) + amount)
const cents = (decimal: string | undefined) => BigInt((decimal ?? '').replace('.', ''))

async function billed(month: string, bill: string) {
  const row = (await rowsOf(`expected/${month}/bills.csv`)).find((one) => one.bill === bill)
  return ['recurring', 'usage', 'adjustment', 'total'].map((column) => cents(row?.[column]))
}

/** Grid pool: own 8 MB, 90 MB of Northway's, 1200 MB, 200 MB for 30.00, all within 60 MB a meter; then 0.12 a megabyte. */
function gridUsage(uses: ReadonlyArray<Use>): Map<string, bigint> {
  const own = new Map(Array.from({ length: 8 }, (_, at) => [`MTR-000${at + 1}`, { left: 8n * MB }]))
  const reserve = { left: 90n * MB }
  const pool = { left: 1400n * MB, leftOf: new Map<string, bigint>(), limit: () => 60n * MB }
  const out = new Map<string, bigint>()
  const costs = new Map<string, bigint>()
  for (const { service, bytes } of inOrder(uses)) {
    let wanted = bytes
    for (const stock of [own.get(service), reserve]) if (stock) wanted -= draw(stock, { service, wanted })
    const before = pool.left
    wanted -= draw(pool, { service, wanted })
    if (before >= 200n * MB && pool.left < 200n * MB) add(costs, service, 3000n)
    add(out, service, wanted)
  }
  for (const [service, bytes] of out) add(costs, service, rounded(bytes * 12n, MB))
  return costs
}

describe('a bill of each plan, worked out from the files alone', () => {
  it('is that of Northway for October: a fixed pool, and late usage of September', async () => {
    const late = (await usesOfCsv('usage/2026-10/resent-meters.csv', 1000n)).filter(({ at }) => at < '2026-10')
    const september = await usesOfCsv('usage/2026-09/meters.csv', 1000n)
    const october = await usesOfCsv('usage/2026-10/meters.csv', 1000n)
    const [posted, corrected] = [gridUsage(september), gridUsage([...september, ...late])]
    const moved = [...corrected].map(([service, cost]) => [service, cost - (posted.get(service) ?? 0n)] as const)
    const [recurring, usage, adjustment] = [8n * 140n, sum(gridUsage(october).values()), sum(moved.map(([, by]) => by))]
    expect(late).toHaveLength(20)
    expect(await billed('2026-09', 'NORTHWAY-2026-09-01')).toEqual([
      recurring,
      sum(posted.values()),
      0n,
      recurring + sum(posted.values()),
    ])
    expect(await billed('2026-10', 'NORTHWAY-2026-10-01')).toEqual([
      recurring,
      usage,
      adjustment,
      recurring + usage + adjustment,
    ])
    const lines = (await rowsOf('expected/2026-10/bills-by-service.csv')).filter(
      ({ charge }) => charge === 'adjustment',
    )
    expect(new Map(lines.map(({ service = '', amount }) => [service, cents(amount)]))).toEqual(
      new Map(moved.filter(([, by]) => by !== 0n)),
    )
  })

  it('has the figure that the README works by hand: what its limit leaves of MTR-2013', async () => {
    const uses = await usesOfCsv('usage/2026-09/meters.csv', 1000n)
    const used = sum(uses.filter(({ service }) => service === 'MTR-2013').map(({ bytes }) => bytes))
    expect([used, gridUsage(uses).get('MTR-2013')]).toEqual([128_198_000n, 792n])
    const rows = (await rowsOf('expected/2026-09/usage.csv')).filter(({ service }) => service === 'MTR-2013')
    expect(rows.map(({ bucket, quantity, amount }) => [bucket, quantity, amount])).toEqual([
      ['', '66023000', '7.92'],
      ['grid-data', '60000000', '0.00'],
      ['reserve', '2175000', '0.00'],
    ])
    expect(await text('README.md')).toContain('66.023 × 0.12 = 7.92276, so **7.92**')
  })

  it('is that of Alderholm for September: what the trackers bring by day, what rolled over, the dearest texts first', async () => {
    const lites = (service: string) => service.startsWith('TRK-005')
    const limit = (service: string) => (lites(service) ? 30n * MB : null)
    const isData = ({ kind }: Use) => kind.startsWith('data')
    const august = (await usesOfCsv('usage/2026-08/trackers.csv', 10_000n)).filter(isData)
    const summer = { left: (14n * 60n + 6n * 15n) * MB, leftOf: new Map<string, bigint>(), limit }
    for (const { service, bytes } of inOrder(august)) draw(summer, { service, wanted: bytes })
    const rolled = summer.left < 400n * MB ? summer.left : 400n * MB
    // Of 30 days: thirteen trackers for all, one until 5 October, two from 28 September, six small ones.
    const brought = ((13n * 30n + 20n + 2n * 17n) * 60n * MB) / 30n + 6n * 15n * MB
    const pool = { left: rolled + brought, leftOf: new Map<string, bigint>(), limit }
    const uses = inOrder(await usesOfCsv('usage/2026-09/trackers.csv', 10_000n))
    const exact = new Map<string, bigint>()
    for (const { service, kind, bytes } of uses.filter(isData)) {
      const out = bytes - draw(pool, { service, wanted: bytes })
      // In millionths of a cent: 0.08 at home, 0.30 abroad and there at least 0.02 an event.
      const price = out * (kind === 'data/roaming' ? 30n : 8n)
      const least = kind === 'data/roaming' && out > 0n ? 2n * MB : 0n
      add(exact, `${service} ${kind}`, price > least ? price : least)
    }
    // 4 × (13 + 20/30 + 2 × 17/30) + 2 × 6 is 71.2, and counts as 72.
    const dearest = (a: Use, b: Use) =>
      Number(b.kind.endsWith('international')) - Number(a.kind.endsWith('international'))
    for (const { service, kind } of uses
      .filter((use) => !isData(use))
      .sort(dearest)
      .slice(72))
      add(exact, `${service} ${kind}`, (kind.endsWith('international') ? 20n : 7n) * MB)
    const usage = sum([...exact.values()].map((amount) => rounded(amount, MB)))
    // In advance: of the two new ones 17 days of 30 and October; 10 days of the one that ended come back.
    const recurring = 13n * 450n + 6n * 240n + 2n * (rounded(450n * 17n, 30n) + 450n) - 150n
    expect(await billed('2026-09', 'ALDERHOLM-2026-09-15')).toEqual([recurring, usage, 0n, recurring + usage])
  })

  it('is that of Calloway for October: tiers that grow, a flat step, rates by product, and backups of their own', async () => {
    const events = (await text('usage/2026-10/gateways.ndjson')).trim().split('\n')
    const uses = events.map((line): Use => {
      const { time, id, subject, data } = JSON.parse(line)
      return { at: time, id, service: subject, kind: 'data', bytes: inBlocks(BigInt(data.bytes), 100_000n) }
    })
    const pool = { left: 2000n * MB + 12n * 600n * MB + 500n * MB + 12n * 50n * MB }
    const out = new Map<string, bigint>()
    for (const { service, bytes } of inOrder(uses)) add(out, service, bytes - draw(pool, { service, wanted: bytes }))
    // In tenths of a cent a megabyte: 6 for those with cameras, 8 for the others; 35.00 once.
    const rated = [...out].map(([service, bytes]) => rounded(bytes * (service < 'GW-05' ? 6n : 8n), 10n * MB))

    const backups = new Map<string, bigint[]>()
    for (const month of ['2026-08', '2026-09', '2026-10']) {
      const page = JSON.parse(await text(`usage/${month}/super-sim.json`)) as {
        usage_records: Record<string, unknown>[]
      }
      for (const sim of ['HS0001', 'HS0002', 'HS0003', 'HS0004']) {
        const of = page.usage_records.filter(({ sim_sid }) => sim_sid === sim)
        const used = sum(of.map(({ data_total }) => inBlocks(BigInt(data_total as number), 100_000n)))
        backups.set(sim, [...(backups.get(sim) ?? []), used])
      }
    }
    const backup = [...backups.values()].map(backupCents)
    const usage = 3500n + sum(rated) + sum(backup)
    // Two gateways are there for 20 days of 31; the bundle and those with cameras are billed ahead, month by month.
    const recurring = 4n * 1800n + 6n * 950n + 2n * rounded(950n * 20n, 31n) + 4n * 300n + 6000n
    expect(await billed('2026-10', 'CALLOWAY-2026-10-01')).toEqual([recurring, usage, 0n, recurring + usage])
    expect([recurring, usage, sum(rated), backup]).toEqual([21_326n, 5402n, 1056n, [0n, 0n, 846n, 0n]])
    expect(await text('README.md')).toContain('213.26 + 54.02 = **267.28**')
  })
})

/** Three months of one SIM: 100 MB each, what is left stays for two months, at most 150 MB; beyond it 0.05 a megabyte. */
function backupCents(used: ReadonlyArray<bigint>): bigint {
  let kept: bigint[] = []
  let owed = 0n
  for (const bytes of used) {
    const stock = [...kept, 100n * MB]
    let wanted = bytes
    for (const [at, one] of stock.entries()) {
      const drawn = one < wanted ? one : wanted
      stock[at] = one - drawn
      wanted -= drawn
    }
    owed = rounded(wanted * 5n, MB)
    kept = stock.slice(-2)
    // What is over 150 MB goes, the oldest first.
    for (let over = sum(kept) - 150n * MB, at = 0; over > 0n; at += 1) {
      const dropped = (kept[at] ?? 0n) < over ? (kept[at] ?? 0n) : over
      kept[at] = (kept[at] ?? 0n) - dropped
      over -= dropped
    }
  }
  return owed
}
