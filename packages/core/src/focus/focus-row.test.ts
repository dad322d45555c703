import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CHARGE_CATEGORIES } from '../facts/words.ts'
import { USAGE_TYPES } from '../quantity/unit.ts'
import { FOCUS_COLUMNS } from './focus-columns.ts'
import { type FocusCharge, RatioSequence, toFocusRow } from './focus-row.ts'

const CHARGE: FocusCharge = {
  vendor: 'acme',
  account: 'A-1',
  accountName: '',
  invoice: 'INV-1',
  periodStartOn: '2026-10-01',
  periodEndOn: '2026-11-01',
  currency: 'USD',
  category: 'bulk',
  usageType: 'data',
  pool: 'P-1',
  component: 'lump',
  policy: 'even-data',
  method: 'even',
  service: 'phone-2',
  serviceName: 'Ben Rye',
  person: 'E-2',
  costCentre: 'C-2',
  project: '',
  flag: '',
  actualMinor: 0n,
  adjustedMinor: 3000n,
  ratio: '0.25',
}
const cellsOf = (charge: Partial<FocusCharge>) => {
  const row = toFocusRow({ ...CHARGE, ...charge }, '2026-10.1')
  return Object.fromEntries(FOCUS_COLUMNS.map(({ name }, index) => [name, row[index]]))
}

describe('toFocusRow', () => {
  it('writes a share of a pool as a charge on the pool, allocated to the service', () => {
    expect(cellsOf({})).toMatchObject({
      AllocatedMethodDetails: '{"Elements":[{"AllocatedRatio":0.25}],"x_Policy":"even-data","x_Component":"lump"}',
      AllocatedMethodId: 'even',
      AllocatedResourceId: 'phone-2',
      AllocatedResourceName: 'Ben Rye',
      AllocatedTags: '{"cost_centre":"C-2","person":"E-2"}',
      BilledCost: '30.00',
      EffectiveCost: '30.00',
      BillingPeriodStart: '2026-10-01T00:00:00Z',
      BillingPeriodEnd: '2026-11-01T00:00:00Z',
      ChargeCategory: 'Purchase',
      ChargeDescription: 'Share of data bulk in pool P-1, component lump',
      ResourceId: 'P-1',
      ResourceName: '',
      ResourceType: 'Pool',
      Tags: '',
      x_ActualCost: '0.00',
    })
  })

  it('writes what no pool shares as a charge on the service billed', () => {
    expect(cellsOf({ pool: '', component: '', policy: '', method: '', ratio: null })).toMatchObject({
      AllocatedMethodDetails: '',
      AllocatedMethodId: '',
      AllocatedResourceId: '',
      AllocatedTags: '',
      ResourceId: 'phone-2',
      ResourceName: 'Ben Rye',
      Tags: '{"cost_centre":"C-2","person":"E-2"}',
    })
  })

  it('allocates to no resource what no service carries', () => {
    const cells = cellsOf({ service: '', serviceName: '', person: '', flag: 'unused' })
    expect([cells.AllocatedMethodId, cells.AllocatedResourceId, cells.AllocatedResourceName]).toEqual(['even', '', ''])
    expect([cells.x_Flag, cells.ChargeDescription]).toEqual(['unused', cellsOf({}).ChargeDescription])
  })

  it('has words that FOCUS allows for every category and usage type, and a value wherever it wants one', () => {
    for (const category of CHARGE_CATEGORIES.filter((word) => word !== 'payment'))
      for (const usageType of ['', ...USAGE_TYPES])
        for (const component of ['', 'lump']) {
          const cells = cellsOf({ category, usageType, component })
          for (const { name, allowed, isNullable } of FOCUS_COLUMNS) {
            const cell = cells[name] ?? ''
            if (!isNullable) expect([name, cell]).not.toEqual([name, ''])
            if (allowed && cell !== '') expect(allowed).toContain(cell)
          }
          expect([cells.ChargeCategory, cells.ChargeFrequency]).not.toEqual(['Purchase', 'Usage-Based'])
        }
  })
})

describe('RatioSequence', () => {
  it('cuts thirds so that they sum to 1', () => {
    const ratios = new RatioSequence(3n)
    expect([1n, 1n, 1n].map((minor) => ratios.next(minor))).toEqual(['0.333333333', '0.333333333', '0.333333334'])
  })

  it('sums to exactly 1 whatever the amounts and their signs', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), { minLength: 1 }), (amounts) => {
        const total = amounts.reduce((sum, minor) => sum + minor, 0n)
        const ratios = new RatioSequence(total)
        const texts = amounts.map((minor) => ratios.next(minor))
        if (total === 0n) return texts.every((text) => text === null)
        const billionths = texts.reduce((sum, text) => {
          const [whole = '', fraction = ''] = String(text).split('.')
          const magnitude = BigInt(`${whole.replace('-', '')}${fraction.padEnd(9, '0')}`)
          return sum + (whole.startsWith('-') ? -magnitude : magnitude)
        }, 0n)
        return billionths === 1_000_000_000n
      }),
    )
  })
})
