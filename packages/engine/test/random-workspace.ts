// A small random company from a seed: pools of every model, several currencies and invoices, members who come and go,
// lumps on one phone and on the account, credits, taxes, splits, leavers, usage of every class. The same seed, the same tables.
import { dayNumber, fromDayNumber, type LocalDate, POOL_MODELS } from '@spillway/core'
import type { FactTable } from '../src/warehouse/schema.ts'
import type { TableRow } from './workspace-builder.ts'

export type RandomCompany = {
  readonly tables: Readonly<Partial<Record<FactTable, ReadonlyArray<TableRow>>>>
  readonly configuration: ReadonlyArray<
    { readonly kind: string; readonly name: string } & Readonly<Record<string, unknown>>
  >
}

/** Numbers from 0 to below `bound`, the same for a seed (mulberry32). */
export function randomFrom(seed: number): (bound: number) => number {
  let state = seed >>> 0
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound
  }
}

const FIRST = dayNumber('2026-09-20' as LocalDate)

type Random = (bound: number) => number
type Names = { readonly services: ReadonlyArray<string>; readonly pools: ReadonlyArray<TableRow> }

const pickFrom =
  (random: Random) =>
  <T>(values: ReadonlyArray<T>): T =>
    values[random(values.length)] as T
const dayFrom = (random: Random) => () => fromDayNumber(FIRST + random(50))
const USAGE_TYPES = ['data', 'voice', 'messaging'] as const
const unitOf = (usageType: string) => ({ data: 'MB', voice: 'min', messaging: 'count' })[usageType] as string

export function randomCompany(seed: number): RandomCompany {
  const random = randomFrom(seed)
  const pick = pickFrom(random)
  const services = Array.from({ length: 3 + random(12) }, (_, index) => `S${String(index).padStart(2, '0')}`)
  const pools = Array.from({ length: 1 + random(5) }, (_, index) => ({
    pool: `P${index}`,
    account: `A${random(2)}`,
    model: pick(POOL_MODELS),
    usage_type: pick(USAGE_TYPES),
    zone: random(5) === 0 ? pick(['domestic', 'long-distance']) : '',
    time_band: random(6) === 0 ? 'peak' : '',
    network: random(8) === 0 ? 'on-net' : '',
    max_members: random(3) === 0 ? '2' : '',
  }))
  const names = { services, pools }
  return {
    tables: {
      pool: pools,
      pool_member: randomMembers(random, names),
      charge: randomCharges(random, names),
      usage: randomUsage(random, names),
      ...randomDirectory(random, names),
      account: [
        { account: 'A0', time_zone: 'America/New_York' },
        { account: 'A1', time_zone: 'UTC' },
      ],
    },
    configuration: pools.filter(() => random(2) === 0).map(({ pool }) => randomPolicy(pool, random)),
  }
}

function randomMembers(random: Random, { services, pools }: Names): TableRow[] {
  const day = dayFrom(random)
  return pools.flatMap((pool) =>
    services
      .filter(() => random(2) === 0)
      .map((service) => {
        const from = day()
        return {
          pool: pool.pool as string,
          service,
          contribution: String(random(3) * 500),
          unit: unitOf(pool.usage_type as string),
          from_on: random(3) === 0 ? from : '',
          to_on: random(4) === 0 ? fromDayNumber(dayNumber(from) + 1 + random(20)) : '',
        }
      }),
  )
}

const CATEGORIES = ['access', 'access', 'bulk', 'overage', 'entry', 'tax', 'credit', 'equipment', 'roaming', 'payment']

function randomCharges(random: Random, { services, pools }: Names): TableRow[] {
  const pick = pickFrom(random)
  return Array.from({ length: 5 + random(30) }, () => {
    const account = `A${random(2)}`
    const isPart = random(4) === 0
    return {
      account,
      invoice: `${account}-${random(2)}`,
      currency: pick(['USD', 'USD', 'EUR']),
      service: random(6) === 0 ? '' : pick([...services, 'GONE']),
      pool: random(6) === 0 ? pick([...pools.map(({ pool }) => pool as string), 'UNKNOWN']) : '',
      category: pick(CATEGORIES),
      usage_type: pick([...USAGE_TYPES, '']),
      amount: `${random(8) === 0 ? '-' : ''}${random(500)}.${String(random(100)).padStart(2, '0')}`,
      period_start_on: isPart ? '2026-10-10' : '2026-10-01',
      period_end_on: isPart ? '2026-10-20' : '2026-11-01',
    }
  })
}

function randomUsage(random: Random, { services, pools }: Names): TableRow[] {
  const pick = pickFrom(random)
  const day = dayFrom(random)
  return Array.from({ length: random(60) }, () => {
    const usageType = pick(USAGE_TYPES)
    const isSummary = random(6) === 0
    return {
      account: `A${random(2)}`,
      service: pick(services),
      usage_type: usageType,
      on: isSummary ? '2026-10-01' : `${day()}T${String(random(24)).padStart(2, '0')}:30:00`,
      until: isSummary ? '2026-11-01' : '',
      used: `${random(12) === 0 ? '-' : ''}${random(900)} ${unitOf(usageType)}`,
      is_wall_time: String(random(2) === 0),
      zone: pick(['', 'domestic', 'roaming', 'long-distance']),
      time_band: pick(['', 'peak', 'off-peak']),
      network: pick(['', 'on-net', 'off-net']),
      pool: random(8) === 0 ? pick([...pools.map(({ pool }) => pool as string), 'UNKNOWN']) : '',
      view: random(6) === 0 ? pick(['itemised', 'line-summary']) : '',
      cycle_on: '2026-10-01',
    }
  })
}

function randomDirectory(random: Random, { services }: Names): { person: TableRow[]; service: TableRow[] } {
  const pick = pickFrom(random)
  const day = dayFrom(random)
  const person = ['E1', 'E2', 'E3'].map((employee) => ({
    employee,
    cost_centre: `CC${random(3)}`,
    from_on: '',
    to_on: random(3) === 0 ? day() : '',
  }))
  const service = services
    .filter(() => random(5) > 0)
    .flatMap((id): TableRow[] => {
      const centre = random(2) === 0 ? `CC${random(3)}` : ''
      const row = { service: id, service_type: pick(['phone', 'tablet']), cost_centre: centre }
      const moved = day()
      const kind = random(4)
      if (kind === 0)
        return [
          { ...row, person: 'E1', share_ppm: '333333' },
          { ...row, person: 'E2', share_ppm: '666667' },
        ]
      if (kind === 1)
        return [
          { ...row, person: 'E1', to_on: moved },
          { ...row, person: pick(['E2', 'E3', '']), from_on: moved },
        ]
      return [{ ...row, person: pick(['E1', 'E2', 'E3', '']), from_on: kind === 2 ? day() : '' }]
    })
  return { person, service }
}

/** Policies that somebody tries on a random company: of pools by their ids, or by what they are; saved ones changed, and new ones. */
export function randomTries(seed: number, { configuration, tables }: RandomCompany): RandomCompany['configuration'] {
  const random = randomFrom(seed)
  const pick = pickFrom(random)
  const pools = (tables.pool ?? []).map(({ pool }) => pool as string)
  const tried = Array.from({ length: 1 + random(2) }, (_, index): RandomCompany['configuration'][number] => {
    const policy = randomPolicy(pick(pools), random)
    const kind = random(6)
    if (kind === 0) return { ...policy, name: `tried-${index}`, 'applies-to': { model: pick(POOL_MODELS) } }
    if (kind === 1) return { ...policy, name: `tried-${index}` }
    if (kind === 2 && configuration.length > 0)
      return { ...pick(configuration), 'partial-period': pick(['full', 'by-day']) }
    if (kind === 3 && configuration.length > 0)
      return { ...pick(configuration), 'applies-to': { pools: [pick(pools)] } }
    if (kind === 4)
      return {
        ...policy,
        name: `tried-${index}`,
        from: pick(['2026-10-05', '2026-11-01', '2027-01-01']),
        until: undefined,
      }
    return policy
  })
  return [...new Map(tried.map((policy) => [policy.name, policy])).values()]
}

function randomPolicy(pool: string, random: Random) {
  const pick = pickFrom(random)
  const method = pick(['even', 'prorated', 'excess', 'weighted', 'as-billed'])
  const isCentral = method === 'prorated' && random(2) === 0
  return {
    kind: 'AllocationPolicy',
    name: `policy-${pool}`,
    'applies-to': { pools: [pool] },
    components: [
      {
        name: 'access',
        charges: [{ category: 'access' }, { category: 'bulk' }],
        method,
        basis: pick(['total', 'peak', 'domestic', 'peak-minus-mobile-to-mobile']),
        ...(random(3) === 0 ? { floor: '5.00' } : {}),
        ...(random(3) === 0 ? { cap: '60.00' } : {}),
        ...(method === 'weighted'
          ? { weights: pick([{ services: { S00: 2, S01: '0.5' } }, { 'cost-centres': { CC0: 1, CC1: 3 } }]) }
          : {}),
        ...(isCentral ? { unused: 'central' } : {}),
        'when-no-usage': pick(['even', 'as-billed']),
      },
      {
        name: 'overage',
        charges: [{ category: 'overage' }, { category: 'credit' }],
        method: pick(['excess', 'prorated', 'even']),
      },
    ],
    'partial-period': pick(['full', 'by-day']),
    'central-cost-centre': 'CENTRAL',
    currency: 'USD',
    taxes: pick(['retained', 'follow']),
    ...(random(3) === 0 ? { from: '2026-10-12' } : {}),
    ...(random(4) === 0 ? { until: '2026-10-25' } : {}),
  }
}
