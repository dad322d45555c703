// The lines of a Tessaline bill: one lump for all drivers on one phone, puddles with a lump on somebody and an entry
// charge each, a data charge per card and router, overage on whoever it fell on.
import { isActive, type Month, type Range } from './calendar.ts'
import { sumCents, taxOf } from './cents.ts'
import type { Line } from './line.ts'
import { at, Random } from './random.ts'
import { LUMP_PHONE, PUDDLES, T_DEPOT, T_DRIVERS, T_FIELD } from './tessaline-lines.ts'
import { segmentsOf, type Use, usesOf } from './tessaline-usage.ts'

export type ChargeRow = {
  readonly service: string
  readonly pool: string
  readonly category: string
  readonly usageType: string
  readonly product: string
  readonly description: string
  readonly cents: bigint
  readonly quantity: string
  readonly unit: string
}

export const DRIVERS_MINUTES = 20_000
export const PUDDLE_GB = 100

const row = (given: Partial<ChargeRow> & Pick<ChargeRow, 'category' | 'description' | 'cents'>): ChargeRow => ({
  service: '',
  pool: '',
  usageType: '',
  product: '',
  quantity: '',
  unit: '',
  ...given,
})

/** All lines of a bill in the order in which the carrier prints them; taxes last. */
export function chargesOf(lines: ReadonlyArray<Line>, month: Month, cycle: Range): ChargeRow[] {
  const active = lines.filter((line) => isActive(line, cycle))
  const uses = active.flatMap((line) => usesOf(line, month, cycle))
  const charges = [
    ...active.map((line) => monthlyOf(line, cycle)),
    ...lumps(active, month, cycle),
    ...overages(uses, month, active, cycle),
    ...abroad(uses),
    ...credits(month),
  ]
  return [...charges, ...taxes(charges)]
}

/** Pools are charged in advance: by where a line was when the cycle began, or first in it. */
function monthlyOf(line: Line, cycle: Range): ChargeRow {
  const pool = segmentsOf(line, cycle)[0]?.pool ?? ''
  const base = { service: line.service, product: line.product }
  const data = { ...base, pool, usageType: 'data', category: 'access' }
  if (pool === T_DRIVERS)
    return row({ ...base, category: 'subscription', description: 'Fleet voice line', cents: 800n })
  if (pool === T_DEPOT) {
    const isSensor = line.deviceType === 'sensor'
    return row({
      ...data,
      description: isSensor ? 'Sensor add-on' : 'Depot data 20 GB',
      cents: isSensor ? 600n : 2200n,
    })
  }
  if (pool.startsWith('T-PUDDLE')) return row({ ...data, category: 'entry', description: 'Puddle entry', cents: 450n })
  if (line.product === 'TRACKER')
    return row({ ...base, category: 'subscription', description: 'Tracker service', cents: 350n })
  // A card that was never in two pools needs no pool on its charge: its membership says it.
  return row({ ...data, pool: line.memberships.length > 1 ? pool : '', description: 'Field data 2 GB', cents: 3000n })
}

function lumps(active: ReadonlyArray<Line>, month: Month, cycle: Range): ChargeRow[] {
  const drivers = row({
    service: LUMP_PHONE,
    pool: T_DRIVERS,
    category: 'bulk',
    usageType: 'voice',
    product: 'FLEET-VOICE-20K',
    description: 'Fleet voice 20,000 minutes',
    cents: 30000n,
  })
  const puddles = PUDDLES.map((pool) => {
    const members = active.filter((line) => segmentsOf(line, cycle)[0]?.pool === pool)
    const bearer = new Random(`lump/${pool}/${month.name}`).pick(members)
    const description = 'Puddle data 100 GB'
    return row({
      service: bearer.service,
      pool,
      category: 'bulk',
      usageType: 'data',
      product: 'PUDDLE-100',
      description,
      cents: 18000n,
    })
  })
  return [drivers, ...puddles]
}

function overages(uses: ReadonlyArray<Use>, month: Month, active: ReadonlyArray<Line>, cycle: Range): ChargeRow[] {
  const inField = active.filter((line) => segmentsOf(line, cycle)[0]?.pool === T_FIELD)
  const limits = [
    { pool: T_DRIVERS, included: DRIVERS_MINUTES, unit: 'min', priceCents: 4n, bearers: 1 },
    ...PUDDLES.map((pool) => ({ pool, included: PUDDLE_GB, unit: 'GB', priceCents: 300n, bearers: 1 })),
    { pool: T_FIELD, included: inField.length * 2, unit: 'GB', priceCents: 200n, bearers: 3 },
  ]
  return limits.flatMap(({ pool, included, unit, priceCents, bearers }) => {
    const drawn = uses.filter((use) => use.pool === pool && use.zone === 'domestic')
    const total = drawn.reduce((sum, use) => sum + use.quantity, 0)
    const over = (unit === 'GB' ? Math.ceil(total / 1000) : total) - included
    if (over <= 0) return []
    const services = [...new Set(drawn.map((use) => use.line.service))]
    const unlucky = new Random(`overage/${pool}/${month.name}`).shuffled(services).slice(0, bearers)
    return unlucky.map((service, index) => {
      const quantity = Math.floor(over / unlucky.length) + (index < over % unlucky.length ? 1 : 0)
      return row({
        service,
        pool,
        category: 'overage',
        usageType: unit === 'min' ? 'voice' : 'data',
        product: 'OVERAGE',
        description: `Beyond the pool, per ${unit}`,
        cents: BigInt(quantity) * priceCents,
        quantity: String(quantity),
        unit,
      })
    })
  })
}

function abroad(uses: ReadonlyArray<Use>): ChargeRow[] {
  return uses
    .filter((use) => use.zone !== 'domestic')
    .map((use) =>
      row({
        service: use.line.service,
        category: use.zone,
        usageType: use.usageType,
        product: use.zone === 'roaming' ? 'ROAMING-DATA' : 'INTL-VOICE',
        description: use.zone === 'roaming' ? 'Data abroad, per MB' : 'Calls abroad, per minute',
        cents: BigInt(use.quantity) * (use.zone === 'roaming' ? 12n : 35n),
        quantity: String(use.quantity),
        unit: use.usageType === 'voice' ? 'min' : 'MB',
      }),
    )
}

/** Goodwill for an outage, on the pool and on nobody in particular. */
function credits(month: Month): ChargeRow[] {
  if (month.name !== '2026-04' && month.name !== '2026-10') return []
  const credit = { pool: T_FIELD, category: 'credit', usageType: 'data', product: 'GOODWILL' }
  return [row({ ...credit, description: 'Outage credit, field data', cents: -4500n })]
}

/** 6.35 % on everything of a service; a puddle's tax says which puddle it is for. */
function taxes(charges: ReadonlyArray<ChargeRow>): ChargeRow[] {
  const groups = new Map<string, ChargeRow[]>()
  for (const charge of charges) {
    if (charge.service === '') continue
    const key = `${charge.service} ${charge.pool.startsWith('T-PUDDLE') ? charge.pool : ''}`
    groups.set(key, [...(groups.get(key) ?? []), charge])
  }
  return [...groups.values()].map((group) => {
    const { service, pool } = at(group, 0)
    const base = sumCents(group.map(({ cents }) => cents))
    const puddle = pool.startsWith('T-PUDDLE') ? pool : ''
    return row({
      service,
      pool: puddle,
      category: 'tax',
      product: 'TAX',
      description: 'State sales tax',
      cents: taxOf(base, 635n),
    })
  })
}
