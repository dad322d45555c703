// What the lines at Tessaline used in one cycle: a row per service and pool that it was in, so that a card that moves
// has its usage on either side of the move.
import { isActive, type Month, newYorkMidnight, type Range } from './calendar.ts'
import type { Line } from './line.ts'
import { at, Random } from './random.ts'
import { HEAVY_CARD, T_DEPOT, T_DRIVERS, T_FIELD, TESSALINE } from './tessaline-lines.ts'

/** Gigabytes of the heavy card, month by month. */
const HEAVY_GB = [3, 4, 9, 6, 5, 8, 12, 18, 25, 40, 75, 120, 200]

/** The returns depot was rebuilt: nobody scanned anything there. */
const SILENT = { pool: 'T-PUDDLE-4', month: '2026-02' } as const

export type Use = {
  readonly line: Line
  readonly pool: string
  readonly usageType: 'voice' | 'data'
  readonly startOn: string
  readonly endOn: string
  /** Minutes of voice, megabytes of data. */
  readonly quantity: number
  readonly zone: 'domestic' | 'roaming' | 'international'
  readonly timeBand: 'peak' | 'weekend' | ''
}

/** The parts of a cycle that a line spent in one pool, or in none. */
export function segmentsOf(line: Line, cycle: Range): ReadonlyArray<Range & { readonly pool: string }> {
  const stints = line.memberships.length > 0 ? line.memberships : [{ pool: '', from: line.from, to: line.to }]
  return stints
    .filter((stint) => isActive(stint, cycle))
    .map(({ pool, from, to }) => ({
      pool,
      startOn: from > cycle.startOn ? from : cycle.startOn,
      endOn: to !== '' && to < cycle.endOn ? to : cycle.endOn,
    }))
}

export function usesOf(line: Line, month: Month, cycle: Range): Use[] {
  const segments = segmentsOf(line, cycle)
  return segments.flatMap((segment, index) => {
    if (segment.pool === SILENT.pool && month.name === SILENT.month) return []
    const random = new Random(`use/${line.service}/${month.name}/${index}`)
    const scaled = (least: number, most: number) =>
      Math.floor((random.int(least, most) * line.appetite * month.season) / (10_000 * segments.length))
    const use = (given: Partial<Use>): Use => ({
      line,
      ...segment,
      usageType: 'data',
      quantity: 0,
      zone: 'domestic',
      timeBand: '',
      ...given,
    })
    if (segment.pool === T_DRIVERS) return driverUses(use, scaled, random)
    const quantity = line.service === HEAVY_CARD ? at(HEAVY_GB, month.index) * 1000 : dataOf(segment.pool, scaled)
    const domestic = use({ quantity })
    const isAbroad = segment.pool === T_FIELD && random.int(1, 25) === 1
    return isAbroad ? [domestic, use({ zone: 'roaming', quantity: random.int(20, 400) })] : [domestic]
  })
}

type Scaled = (least: number, most: number) => number

function driverUses(use: (given: Partial<Use>) => Use, scaled: Scaled, random: Random): Use[] {
  const voice = { usageType: 'voice' } as const
  const uses = [
    use({ ...voice, quantity: scaled(255, 600), timeBand: 'peak' }),
    use({ ...voice, quantity: scaled(70, 230), timeBand: 'weekend' }),
  ]
  if (random.int(1, 20) === 1)
    uses.push(use({ ...voice, quantity: random.int(2, 25), timeBand: 'peak', zone: 'international' }))
  return uses
}

function dataOf(pool: string, scaled: Scaled): number {
  if (pool === T_FIELD) return scaled(700, 2300)
  if (pool === T_DEPOT) return scaled(4000, 24_000)
  return pool === '' ? scaled(5, 60) : scaled(2000, 11_000)
}

export const USAGE_HEADER =
  'source,id,account,service,usage_type,started_at,ended_at,quantity,unit,zone,time_band,network,account_code,peer,app,pool,participants'.split(
    ',',
  )

export function usageRow(use: Use, { month, ordinal }: { month: Month; ordinal: number }): Array<string | number> {
  const { line, usageType, quantity } = use
  const id = `TSL-${month.compact}-${String(ordinal).padStart(4, '0')}`
  const span = [newYorkMidnight(use.startOn), newYorkMidnight(use.endOn)]
  // The carrier counts trackers in megabytes, everything else in gigabytes.
  const inGb = usageType === 'data' && use.pool !== ''
  const amount = inGb ? `${Math.floor(quantity / 1000)}.${String(quantity % 1000).padStart(3, '0')}` : quantity
  const unit = usageType === 'voice' ? 'min' : inGb ? 'GB' : 'MB'
  return [
    'tessaline',
    id,
    TESSALINE,
    line.service,
    usageType,
    ...span,
    amount,
    unit,
    use.zone,
    use.timeBand,
    '',
    '',
    '',
    '',
    '',
    '',
  ]
}
