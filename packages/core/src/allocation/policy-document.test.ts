import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { allocationPolicyDocument, parseAllocationPolicy } from './policy-document.ts'

const COMPONENT = { name: 'access', charges: [{ category: 'access' }] }
const DOCUMENT = {
  kind: 'AllocationPolicy',
  name: 'field-data',
  'applies-to': { pools: ['P-100'] },
  components: [COMPONENT],
}
const withComponent = (extra: object) => ({ ...DOCUMENT, components: [{ ...COMPONENT, ...extra }] })

describe('an allocation policy document', () => {
  it('reads the example of the specification', () => {
    const reading = parseAllocationPolicy({
      ...DOCUMENT,
      components: [
        {
          name: 'access',
          charges: [{ category: 'access', 'usage-type': 'data' }, { category: 'bulk' }],
          method: 'prorated',
          basis: 'domestic',
          floor: 25.0,
        },
        { name: 'overage', charges: [{ category: 'overage' }], method: 'excess', 'when-no-usage': 'even' },
      ],
      'partial-period': 'full',
    })
    const policy = reading.ok ? reading.policy : null
    expect(policy).toMatchObject({
      name: 'field-data',
      appliesTo: { by: 'pools', pools: ['P-100'] },
      partialPeriod: 'full',
      taxes: 'retained',
      currency: '',
      from: null,
      until: null,
    })
    expect(policy?.components).toEqual([
      {
        name: 'access',
        charges: [
          { category: 'access', usageType: 'data', product: null },
          { category: 'bulk', usageType: null, product: null },
        ],
        method: 'prorated',
        basis: 'domestic',
        floor: '25',
        cap: null,
        weights: null,
        whenNoUsage: 'even',
        partialPeriod: 'full',
        unused: 'recover',
      },
      expect.objectContaining({ name: 'overage', method: 'excess', basis: 'total', floor: null }),
    ])
  })

  it('fills in the defaults, and the partial period of the policy where a component has none', () => {
    const reading = parseAllocationPolicy({
      ...DOCUMENT,
      'partial-period': 'by-day',
      components: [COMPONENT, { ...COMPONENT, name: 'other', 'partial-period': 'full' }],
    })
    const components = reading.ok ? reading.policy.components : []
    expect(components.map((component) => component.partialPeriod)).toEqual(['by-day', 'full'])
    expect(components[0]).toMatchObject({ method: 'prorated', basis: 'total', whenNoUsage: 'even', unused: 'recover' })
  })

  it('reads filters, exact weights, limits as written, and dates', () => {
    const reading = parseAllocationPolicy({
      ...DOCUMENT,
      'applies-to': { model: 'aggregate', vendor: 'verizon' },
      currency: 'USD',
      from: '2026-01-01',
      until: '2026-07-01',
      components: [
        { ...COMPONENT, basis: { 'time-band': ['peak', 'weekend'], zone: 'roaming' }, floor: '0.10', cap: 7 },
        { ...COMPONENT, name: 'w', method: 'weighted', weights: { 'cost-centres': { 'CC-1': '0.1', 'CC-2': 2.5 } } },
      ],
    })
    const policy = reading.ok ? reading.policy : null
    expect(policy).toMatchObject({
      appliesTo: { by: 'kind', model: 'aggregate', usageType: null, vendor: 'verizon' },
      from: '2026-01-01',
      until: '2026-07-01',
    })
    expect(policy?.components[0]).toMatchObject({
      basis: { timeBands: ['peak', 'weekend'], networks: null, zones: ['roaming'] },
      floor: '0.10',
      cap: '7',
    })
    expect(policy?.components[1]?.weights).toEqual({
      by: 'cost-centres',
      weights: new Map([
        ['CC-1', { numerator: 1n, denominator: 10n }],
        ['CC-2', { numerator: 5n, denominator: 2n }],
      ]),
    })
  })

  it.each<[string, unknown, string]>([
    ['no document', null, 'document: must be a set of keys'],
    ['another kind', { ...DOCUMENT, kind: 'RatePlan' }, 'kind: must be AllocationPolicy'],
    ['no name', { ...DOCUMENT, name: undefined }, 'name: must be given'],
    ['an empty name', { ...DOCUMENT, name: '' }, 'name: must not be empty'],
    [
      'a name that is a number',
      { ...DOCUMENT, name: 7 },
      'name: must be text (in quotes where it looks like a number)',
    ],
    ['an unknown key', { ...DOCUMENT, tax: 'follow' }, 'document: has no key "tax"'],
    ['an unknown key of a component', withComponent({ floors: 1 }), 'components[0]: has no key "floors"'],
    ['no components', { ...DOCUMENT, components: [] }, 'components: must have at least one component'],
    ['no charges', withComponent({ charges: [] }), 'components[0].charges: must match at least one kind of charge'],
    [
      'a match of everything',
      withComponent({ charges: [{}] }),
      'components[0].charges[0]: must name a category, a usage-type or a product',
    ],
    [
      'payments, which are no charges',
      withComponent({ charges: [{ category: 'payment' }] }),
      expect.stringMatching(/^components\[0\]\.charges\[0\]\.category: must be one of access, bulk, /) as never,
    ],
    [
      'two components of one name',
      { ...DOCUMENT, components: [COMPONENT, COMPONENT] },
      'components[1].name: "access" is the name of an earlier component',
    ],
    [
      'a component named as the one that taxes form',
      { ...withComponent({ name: 'taxes' }), taxes: 'follow' },
      'components[0].name: "taxes" is the component that taxes: follow forms itself',
    ],
    [
      'an unknown method',
      withComponent({ method: 'fair' }),
      'components[0].method: must be one of even, prorated, excess, weighted, as-billed',
    ],
    [
      'an unknown basis',
      withComponent({ basis: 'night' }),
      'components[0].basis: must be one of total, peak, peak-minus-mobile-to-mobile, domestic, or a filter of time-band, network and zone',
    ],
    [
      'a cap under the floor',
      withComponent({ floor: '25.00', cap: 24.5 }),
      'components[0].cap: is 24.5, which is under the floor of 25.00',
    ],
    ['a negative floor', withComponent({ floor: -1 }), 'components[0].floor: is -1 and must not be negative'],
    [
      'a floor with a currency sign',
      withComponent({ floor: '$25' }),
      'components[0].floor: is $25, which is no plain decimal',
    ],
    [
      'a floor with an exponent',
      withComponent({ floor: 1e21 }),
      'components[0].floor: is 1e+21, which is no plain decimal',
    ],
    [
      'a number that YAML may have rounded',
      withComponent({ floor: 1234567890123456.5 }),
      'components[0].floor: has more than 15 digits; write it in quotes',
    ],
    [
      'a floor finer than the currency',
      { ...withComponent({ floor: '0.5' }), currency: 'JPY' },
      'components[0].floor: is 0.5, which is no amount in JPY',
    ],
    ['a currency that is none', { ...DOCUMENT, currency: 'USX' }, 'currency: is no ISO 4217 code in use'],
    [
      'weights without weighted',
      withComponent({ weights: { services: { A: 1 } } }),
      'components[0].weights: need method weighted, and the method is prorated',
    ],
    [
      'weighted without weights',
      withComponent({ method: 'weighted' }),
      'components[0].weights: must be given with method weighted',
    ],
    [
      'weights of two kinds',
      withComponent({ method: 'weighted', weights: { services: { A: 1 }, 'cost-centres': { B: 1 } } }),
      'components[0].weights: must be by exactly one of services, cost-centres, service-types',
    ],
    [
      'a negative weight',
      withComponent({ method: 'weighted', weights: { services: { A: -1 } } }),
      'components[0].weights.services.A: is -1 and must not be negative',
    ],
    [
      'central with another method',
      { ...withComponent({ unused: 'central', method: 'even' }), 'central-cost-centre': 'CC-0' },
      'components[0].unused: central needs method prorated, and the method is even',
    ],
    [
      'central without a cost centre',
      withComponent({ unused: 'central' }),
      "components[0].unused: central needs the policy's central-cost-centre",
    ],
    [
      'until before from',
      { ...DOCUMENT, from: '2026-07-01', until: '2026-06-01' },
      'until: is 2026-06-01, which is not after from (2026-07-01); until is exclusive',
    ],
    [
      'a day that does not exist',
      { ...DOCUMENT, from: '2026-02-30' },
      'from: is 2026-02-30, which is no date such as 2026-10-01',
    ],
    ['no target', { ...DOCUMENT, 'applies-to': {} }, 'applies-to: must name pools, or a model, usage-type or vendor'],
    [
      'pools and a model',
      { ...DOCUMENT, 'applies-to': { pools: ['P-1'], model: 'bulk' } },
      'applies-to: names pools, and so cannot name a model, usage-type or vendor as well',
    ],
  ])('refuses %s', (_, document, issue) => {
    expect(parseAllocationPolicy(document)).toEqual({ ok: false, issues: [issue] })
  })

  it('says everything that is wrong at once', () => {
    const document = withComponent({ unused: 'central', method: 'excess', floor: 2, cap: 1 })
    const reading = parseAllocationPolicy(document)
    expect(reading.ok ? [] : reading.issues).toHaveLength(3)
  })

  it('can be published as a JSON Schema', () => {
    expect(z.toJSONSchema(allocationPolicyDocument)).toMatchObject({ type: 'object', additionalProperties: false })
  })
})
