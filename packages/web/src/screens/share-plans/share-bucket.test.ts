import { describe, expect, it } from 'vitest'
import { asType, tiersOf, withBucket, withoutParticipant, withParticipant, withTier } from './share-bucket.ts'

const PLAN = {
  id: 'fleet',
  participating: [{ product: 'sim' }, { 'service-type': 'meter' }],
  buckets: [
    {
      id: 'fleet-data',
      type: 'variable-multi-tier',
      contributions: { sim: '1 MB' },
      limits: { sim: '9 MB', meter: '3 MB' },
      tiers: [
        { size: '10 MB', growth: '1 MB' },
        { rates: { sim: 0.02, meter: 0.01 }, per: '1 MB' },
      ],
    },
  ],
}

describe('whoever takes part', () => {
  it('is named nowhere once it is taken out', () => {
    expect(withoutParticipant(PLAN, { by: 'product', id: 'sim' })).toEqual({
      id: 'fleet',
      participating: [{ 'service-type': 'meter' }],
      buckets: [
        {
          id: 'fleet-data',
          type: 'variable-multi-tier',
          limits: { meter: '3 MB' },
          tiers: [
            { size: '10 MB', growth: '1 MB' },
            { rates: { meter: 0.01 }, per: '1 MB' },
          ],
        },
      ],
    })
  })

  it('keeps what is said of it while the same id takes part another way', () => {
    const both = withParticipant(PLAN, { by: 'service-type', id: 'sim' })
    expect(withoutParticipant(both, { by: 'product', id: 'sim' }).buckets).toEqual(PLAN.buckets)
  })
})

describe('a bucket of another type', () => {
  const [bucket] = PLAN.buckets
  it('takes no contributions and grows no more as a fixed one', () => {
    expect(asType(bucket ?? {}, 'fixed')).toEqual({
      id: 'fleet-data',
      type: 'fixed',
      limits: { sim: '9 MB', meter: '3 MB' },
      tiers: [{ size: '10 MB' }, { rates: { sim: 0.02, meter: 0.01 }, per: '1 MB' }],
    })
  })

  it('begins with what is contributed where it is variable with one tier', () => {
    expect(asType({ type: 'fixed', tiers: [{ size: '10 MB' }, { flat: 5 }] }, 'variable-single-tier')).toEqual({
      type: 'variable-single-tier',
      tiers: [{ size: 'contributions' }, { flat: 5 }],
    })
    expect(asType({ type: 'fixed', tiers: [{ size: '10 MB' }] }, 'variable-single-tier')).toEqual({
      type: 'variable-single-tier',
    })
  })

  it('asks for a size where contributions are none any more', () => {
    expect(asType({ type: 'variable-single-tier', contributions: { sim: 1 } }, 'fixed')).toEqual({
      type: 'fixed',
      tiers: [{}],
    })
  })
})

describe('a tier that is added', () => {
  it.each([
    ['after one with a size', [{ size: '1 MB' }], [{ size: '1 MB' }, {}]],
    ['before one without end', [{ size: '1 MB' }, { rate: 1 }], [{ size: '1 MB' }, { size: '' }, { rate: 1 }]],
    ['where there is none', [], [{}]],
  ])('stands %s', (_, tiers, expected) => {
    expect(withTier(tiers)).toEqual(expected)
  })

  it('follows what is contributed where nothing is written', () => {
    expect(tiersOf({ type: 'variable-single-tier' })).toEqual([{ size: 'contributions' }])
  })
})

it('a new bucket takes what its base takes, else data', () => {
  expect(withBucket({ id: 'p' }, { id: 'b', type: 'fixed', base: 'any' }).buckets).toEqual([
    { id: 'b', base: 'any', type: 'fixed', life: 'recurring', tiers: [{ size: '' }] },
  ])
  expect(withBucket({ id: 'p' }, { id: 'b', type: 'variable-single-tier', base: '' }).buckets).toEqual([
    { id: 'b', accepts: [{ 'usage-type': 'data' }], type: 'variable-single-tier', life: 'recurring' },
  ])
})
