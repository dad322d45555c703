import { describe, expect, it } from 'vitest'
import { POOL_MODELS } from '../facts/words.ts'
import { USAGE_TYPES } from '../quantity/unit.ts'
import { type DefaultPolicyInput, defaultPolicyFor } from './default-policies.ts'
import { matchComponent } from './policy.ts'

const VOICE: DefaultPolicyInput = {
  model: 'aggregate',
  usageType: 'voice',
  hasClasses: true,
  zone: '',
  timeBand: '',
  network: '',
}

describe('the default policy', () => {
  it.each<[string, Partial<DefaultPolicyInput>, unknown]>([
    ['voice with time bands and networks', {}, 'peak-minus-mobile-to-mobile'],
    ['voice without', { hasClasses: false }, 'total'],
    ['data', { usageType: 'data' }, 'domestic'],
    ['domestic data', { usageType: 'data', zone: 'domestic' }, 'domestic'],
    ['roaming data', { usageType: 'data', zone: 'roaming' }, { timeBands: null, networks: null, zones: ['roaming'] }],
    ['messaging', { usageType: 'messaging' }, 'total'],
    ['conferences', { usageType: 'conference' }, 'total'],
    ['long distance', { zone: 'long-distance' }, { timeBands: null, networks: null, zones: ['long-distance'] }],
    ['on-net minutes', { network: 'on-net' }, { timeBands: null, networks: ['on-net'], zones: null }],
  ])('shares %s by its own usage', (_, part, basis) => {
    const policy = defaultPolicyFor({ ...VOICE, ...part })
    expect(policy.components.map((component) => component.basis)).toEqual([basis, basis])
    expect(policy.components.map((component) => component.method)).toEqual(['prorated', 'prorated'])
  })

  it('exists for every model and usage type, shares access, lumps and overage, and retains the rest', () => {
    for (const model of POOL_MODELS) {
      for (const usageType of USAGE_TYPES) {
        const policy = defaultPolicyFor({ ...VOICE, model, usageType })
        expect(policy.name).toBe(`default-${model}-${usageType}`)
        const componentOf = (category: Parameters<typeof matchComponent>[1]['category']) =>
          policy.components[matchComponent(policy, { category, usageType, product: '' })]?.name
        expect([componentOf('access'), componentOf('bulk'), componentOf('overage')]).toEqual([
          'access',
          'access',
          'overage',
        ])
        for (const category of [
          'entry',
          'equipment',
          'roaming',
          'international',
          'feature',
          'tax',
          'credit',
        ] as const) {
          expect(componentOf(category)).toBeUndefined()
        }
      }
    }
  })

  it('shares the charges of the zone that a pool is narrowed to', () => {
    const policy = defaultPolicyFor({ ...VOICE, usageType: 'messaging', zone: 'international' })
    expect(policy.name).toBe('default-aggregate-messaging-international')
    const charge = { category: 'international', usageType: 'messaging', product: '' } as const
    expect(matchComponent(policy, charge)).toBe(1)
    expect(matchComponent(policy, { ...charge, category: 'roaming' })).toBe(-1)
  })
})
