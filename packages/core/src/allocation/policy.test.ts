import { describe, expect, it } from 'vitest'
import { addDays, parseLocalDate } from '../time/local-date.ts'
import { defaultPolicyFor } from './default-policies.ts'
import { type AllocationPolicy, formatBasis, isFollowingTax, isInBasis, matchComponent } from './policy.ts'
import { type ClaimedPool, policiesThatClash, policyForPool } from './policy-claims.ts'

const ON = parseLocalDate('2026-10-01')
const BASE = defaultPolicyFor({
  model: 'data-plus',
  usageType: 'data',
  hasClasses: false,
  zone: '',
  timeBand: '',
  network: '',
})
const policy = (part: Partial<AllocationPolicy>): AllocationPolicy => ({ ...BASE, ...part })
const POOL: ClaimedPool = { pool: 'P-1', model: 'data-plus', usageType: 'data', vendor: 'verizon' }
const day = (offset: number) => (ON === null ? null : addDays(ON, offset))

describe('a policy', () => {
  it.each([
    ['access', 'data', 0],
    ['access', '', 0],
    ['bulk', '', 0],
    ['bulk', 'data', 0],
    ['overage', 'data', 1],
    ['access', 'voice', -1],
    ['entry', 'data', -1],
    ['roaming', 'data', -1],
    ['feature', 'data', -1],
    ['tax', '', -1],
    ['credit', 'data', -1],
    ['usage', 'data', -1],
    ['payment', 'data', -1],
  ] as const)('by default matches %s of usage type "%s" with component %i', (category, usageType, component) => {
    expect(matchComponent(BASE, { category, usageType, product: 'X' })).toBe(component)
  })

  it('takes the first component that matches, every part of a match at once', () => {
    const [access, overage] = BASE.components
    if (!access || !overage) throw new Error('the default has two components')
    const two = policy({
      components: [
        { ...access, charges: [{ category: 'access', usageType: null, product: 'GOLD' }] },
        { ...overage, charges: [{ category: 'access', usageType: null, product: null }] },
      ],
    })
    expect(matchComponent(two, { category: 'access', usageType: 'data', product: 'GOLD' })).toBe(0)
    expect(matchComponent(two, { category: 'access', usageType: 'data', product: 'SILVER' })).toBe(1)
    expect(matchComponent(two, { category: 'overage', usageType: 'data', product: 'GOLD' })).toBe(-1)
  })

  it('lets no product or usage type make a payment a charge', () => {
    const [access] = BASE.components
    if (!access) throw new Error('the default has two components')
    const byProduct = policy({
      components: [{ ...access, charges: [{ category: null, usageType: null, product: 'P' }] }],
    })
    expect(matchComponent(byProduct, { category: 'payment', usageType: '', product: 'P' })).toBe(-1)
    expect(matchComponent(byProduct, { category: 'other', usageType: '', product: 'P' })).toBe(0)
  })

  it('lets taxes and surcharges follow only where it says so, and no component names them', () => {
    const tax = { category: 'tax', usageType: 'data', product: '' } as const
    expect(isFollowingTax(BASE, tax)).toBe(false)
    const follow = policy({ taxes: 'follow' })
    expect(isFollowingTax(follow, tax)).toBe(true)
    expect(isFollowingTax(follow, { ...tax, category: 'surcharge' })).toBe(true)
    expect(isFollowingTax(follow, { ...tax, category: 'equipment' })).toBe(false)
    const [access] = BASE.components
    if (!access) throw new Error('the default has two components')
    const named = { ...access, charges: [{ category: 'tax', usageType: null, product: null } as const] }
    expect(isFollowingTax(policy({ taxes: 'follow', components: [named] }), tax)).toBe(false)
  })
})

describe('a basis', () => {
  const peakOffNet = { timeBand: 'peak', network: 'off-net', zone: 'domestic' } as const
  it.each([
    ['total', { ...peakOffNet, timeBand: 'weekend' }, true],
    ['peak', peakOffNet, true],
    ['peak', { ...peakOffNet, timeBand: '' }, false],
    ['peak-minus-mobile-to-mobile', peakOffNet, true],
    ['peak-minus-mobile-to-mobile', { ...peakOffNet, network: '' }, true],
    ['peak-minus-mobile-to-mobile', { ...peakOffNet, network: 'on-net' }, false],
    ['peak-minus-mobile-to-mobile', { ...peakOffNet, timeBand: 'off-peak' }, false],
    ['domestic', peakOffNet, true],
    ['domestic', { ...peakOffNet, zone: '' }, true],
    ['domestic', { ...peakOffNet, zone: 'roaming' }, false],
    ['domestic', { ...peakOffNet, zone: 'long-distance' }, false],
  ] as const)('%s counts %o: %s', (basis, row, counts) => {
    expect(isInBasis(basis, row)).toBe(counts)
  })

  it('may be a filter, all parts of which must hold', () => {
    const filter = { timeBands: ['peak', 'weekend'], networks: null, zones: ['roaming'] } as const
    expect(isInBasis(filter, { timeBand: 'weekend', network: '', zone: 'roaming' })).toBe(true)
    expect(isInBasis(filter, { timeBand: 'weekend', network: '', zone: '' })).toBe(false)
    expect(isInBasis(filter, { timeBand: 'off-peak', network: '', zone: 'roaming' })).toBe(false)
    expect(formatBasis(filter)).toBe('time-band peak or weekend, zone roaming')
    expect(formatBasis('peak')).toBe('peak')
  })
})

describe('the policy of a pool', () => {
  const listed = policy({ name: 'listed', appliesTo: { by: 'pools', pools: ['P-1', 'P-2'] } })
  const kind = { by: 'kind', model: null, usageType: 'data', vendor: 'verizon' } as const
  const matched = policy({ name: 'matched', appliesTo: kind })

  it('is found by id, or by every part of its kind that is named', () => {
    if (ON === null) throw new Error('a date')
    expect(policyForPool([listed], POOL, ON)).toBe(listed)
    expect(policyForPool([matched], POOL, ON)).toBe(matched)
    expect(policyForPool([matched], { ...POOL, vendor: 'att' }, ON)).toBeNull()
    expect(policyForPool([matched], { ...POOL, usageType: 'voice' }, ON)).toBeNull()
    expect(policyForPool([listed], { ...POOL, pool: 'P-3' }, ON)).toBeNull()
  })

  it('counts from its first day until the day before until', () => {
    const [start, end] = [day(0), day(10)]
    const timed = { ...listed, from: start, until: end }
    const names = [-1, 0, 9, 10].map((offset) => {
      const on = day(offset)
      return on && (policyForPool([timed], POOL, on)?.name ?? 'default')
    })
    expect(names).toEqual(['default', 'listed', 'listed', 'default'])
  })

  it('is refused where a list of ids and a kind both claim it', () => {
    if (ON === null) throw new Error('a date')
    expect(policiesThatClash([listed, matched], [POOL])).toEqual([{ pool: 'P-1', first: 'listed', second: 'matched' }])
    expect(() => policyForPool([listed, matched], POOL, ON)).toThrow(
      expect.objectContaining({ kind: 'bad-configuration', facts: expect.objectContaining({ pool: 'P-1' }) }),
    )
  })

  it('may change from one day to the next without a clash', () => {
    const before = { ...listed, until: day(10) }
    expect(policiesThatClash([before, { ...matched, from: day(10) }], [POOL])).toEqual([])
    expect(policiesThatClash([before, { ...matched, from: day(9) }], [POOL])).toHaveLength(1)
    expect(policiesThatClash([{ ...matched, from: day(10) }, before], [POOL])).toEqual([])
  })
})
