import { describe, expect, it } from 'vitest'
import { NETWORKS, POOL_MODELS, TIME_BANDS, ZONES } from '../facts/words.ts'
import { USAGE_TYPES } from '../quantity/unit.ts'
import { defaultPolicyFor } from './default-policies.ts'
import { parseAllocationPolicy } from './policy-document.ts'
import { toPolicyDocument } from './policy-to-document.ts'

describe('a policy written as a document', () => {
  it('reads back as the same policy, for every default', () => {
    let count = 0
    for (const model of POOL_MODELS) {
      for (const usageType of USAGE_TYPES) {
        for (const zone of ['', ...ZONES] as const) {
          for (const timeBand of ['', ...TIME_BANDS] as const) {
            for (const network of ['', ...NETWORKS] as const) {
              const policy = defaultPolicyFor({ model, usageType, zone, timeBand, network, hasClasses: true })
              expect(parseAllocationPolicy(toPolicyDocument(policy))).toEqual({ ok: true, policy })
              count += 1
            }
          }
        }
      }
    }
    expect(count).toBe(4 * 7 * 5 * 4 * 3)
  })

  it('reads back as the same policy where every key is given', () => {
    const reading = parseAllocationPolicy({
      kind: 'AllocationPolicy',
      name: 'all',
      description: 'Every key.',
      'applies-to': { pools: ['P-1'] },
      components: [
        {
          name: 'a',
          charges: [{ category: 'access', 'usage-type': '', product: 'X' }],
          floor: '1.50',
          cap: 20,
          'when-no-usage': 'as-billed',
          'partial-period': 'full',
          unused: 'central',
          basis: { 'time-band': 'peak', network: ['on-net'], zone: ['domestic', 'roaming'] },
        },
        {
          name: 'b',
          charges: [{ product: 'Y' }],
          method: 'weighted',
          weights: { services: { A: '0.125', B: 3, constructor: '10.50' } },
        },
      ],
      'partial-period': 'by-day',
      'central-cost-centre': 'CC-0',
      taxes: 'follow',
      currency: 'EUR',
      from: '2026-01-01',
      until: '2027-01-01',
    })
    if (!reading.ok) throw new Error(reading.issues.join())
    const document = toPolicyDocument(reading.policy)
    expect(parseAllocationPolicy(document)).toEqual(reading)
    expect(document.components[1]?.weights).toEqual({ services: { A: '0.125', B: '3', constructor: '10.5' } })
  })
})
