import { describe, expect, it } from 'vitest'
import type { LocalDate } from '../time/local-date.ts'
import { alertsOf, type BucketAlert } from './alerts.ts'
import { type CapacityInput, tierSizes } from './plan-capacity.ts'

const day = (text: string) => text as LocalDate
const october = { startOn: day('2026-10-01'), endOn: day('2026-11-01') }
const units = (base: bigint) => ({ text: '', base })
const bucket: CapacityInput['bucket'] = {
  bucket: 'b',
  base: '',
  accepts: [],
  type: 'variable-single-tier',
  life: { life: 'recurring' },
  pricing: 'progressive',
  order: 'time',
  contributions: new Map([
    ['sim', units(100n)],
    ['meter', units(0n)],
  ]),
  limits: new Map(),
  tiers: [{ size: { kind: 'contributions' }, flat: null, rate: null }],
}
const who = (service: string, from: string | null = null, until: string | null = null, id = 'sim') => ({
  service,
  participation: { by: 'product' as const, id },
  from: from === null ? null : day(from),
  until: until === null ? null : day(until),
})
const sizes = (contributors: CapacityInput['contributors'], rest: Partial<CapacityInput> = {}) =>
  tierSizes({ bucket, isContributionProrated: false, contributors, period: october, inForce: october, ...rest })

describe('the capacity of a share plan bucket', () => {
  it('counts a service whole that is active on any day', () => {
    expect(sizes([who('A'), who('B', '2026-10-31'), who('C', null, '2026-10-02'), who('D', '2026-11-01')])).toEqual([
      300n,
    ])
  })

  it('counts by day where the plan says so, summed exactly and rounded up once', () => {
    const rows = [who('A', '2026-10-31'), who('B', '2026-10-31'), who('C', null, '2026-10-02')]
    expect(sizes(rows, { isContributionProrated: true })).toEqual([10n])
  })

  it('counts a service once, by its largest contribution, and not one that only consumes', () => {
    const rows = [who('A', null, '2026-10-10', 'meter'), who('A', '2026-10-10'), who('M', null, null, 'meter')]
    expect(sizes(rows)).toEqual([100n])
  })

  it('has nothing from a service that left before the plan began', () => {
    const inForce = { startOn: day('2026-10-15'), endOn: day('2026-11-01') }
    expect(sizes([who('A', null, '2026-10-15'), who('B', null, '2026-10-16')], { inForce })).toEqual([100n])
  })

  it('grows each tier by the services that contribute', () => {
    const size = { kind: 'own' as const, size: units(10n), growth: units(3n) }
    const tiers = [
      { size, flat: null, rate: null },
      ...bucket.tiers.map((one) => ({ ...one, size: { kind: 'endless' as const } })),
    ]
    const grown = { ...bucket, type: 'variable-multi-tier' as const, tiers }
    const rows = [who('A'), who('B'), who('M', null, null, 'meter')]
    expect(sizes(rows, { bucket: grown })).toEqual([16n, null])
    expect(sizes(rows, { bucket: { ...grown, contributions: new Map() } })).toEqual([19n, null])
  })
})

describe('alerts', () => {
  const history = (drawnBase: bigint, ranOutAt: number | null = null) => ({
    holder: { on: 'account' as const, account: 'U' },
    bucket: 'b',
    startMicros: 0,
    untilMicros: 3000,
    rolledInBase: 0n,
    capacityBase: 100n,
    drawnBase,
    tiers: [{ sizeBase: 100n, drawnBase, ranOutAt }],
  })
  const shown = (alerts: ReadonlyArray<BucketAlert>) =>
    alerts.map(({ sharePercent, exhaustedAtMicros, isProjected }) => [sharePercent, exhaustedAtMicros, isProjected])

  it('fire at every share that is reached, with the projected exhaustion', () => {
    expect(shown(alertsOf(history(79n), { knownUntilMicros: 1000 }))).toEqual([])
    expect(shown(alertsOf(history(80n), { knownUntilMicros: 1000 }))).toEqual([[80, 1250, true]])
    expect(shown(alertsOf(history(90n), { knownUntilMicros: 2800 }))).toEqual([
      [80, null, false],
      [90, null, false],
    ])
    expect(shown(alertsOf(history(100n, 900), { knownUntilMicros: 1000 }))).toEqual([
      [80, 900, false],
      [90, 900, false],
      [100, 900, false],
    ])
  })
})
