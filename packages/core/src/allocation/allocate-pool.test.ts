import { describe, expect, it } from 'vitest'
import { allocatePool, type MeasuredParticipant, type PoolCharge, type PoolInput } from './allocate-pool.ts'
import { defaultPolicyFor } from './default-policies.ts'
import { describeAllocation } from './describe-allocation.ts'
import type { AllocationPolicy, PolicyComponent } from './policy.ts'
import { parseDecimal } from './rational.ts'

const BASE = defaultPolicyFor({
  model: 'aggregate',
  usageType: 'data',
  hasClasses: false,
  zone: '',
  timeBand: '',
  network: '',
})
const [ACCESS, OVERAGE] = BASE.components as [PolicyComponent, PolicyComponent]
const policy = (part: Partial<AllocationPolicy>, access: Partial<PolicyComponent> = {}): AllocationPolicy => ({
  ...BASE,
  components: [{ ...ACCESS, ...access }, OVERAGE],
  ...part,
})
const member = (service: string, usage: bigint, part: Partial<MeasuredParticipant> = {}): MeasuredParticipant => ({
  service,
  memberDays: 31,
  contributionBase: 0n,
  usageBase: [usage, usage],
  costCentres: ['CC-1'],
  serviceType: 'smartphone',
  ...part,
})
const charge = (component: PoolCharge['component'], service: string, actualMinor: bigint, currency = 'USD') => ({
  component,
  currency,
  service,
  actualMinor,
})
const pool = (part: Partial<PoolInput>) =>
  allocatePool({
    policy: BASE,
    windowDays: 31,
    allowanceBase: null,
    participants: [member('B', 3n), member('A', 1n)],
    charges: [charge(0, 'B', 400n)],
    ...part,
  })
const carried = (result: ReturnType<typeof pool>) =>
  result.components.map(({ component, currency, rows }) => [
    component,
    currency,
    Object.fromEntries(rows.map((row) => [row.service || row.flags.join(), row.adjustedMinor])),
  ])

describe('a pool', () => {
  it('shares each component in each currency, and leaves out those without charges', () => {
    const charges = [
      charge(1, 'A', 40n, 'JPY'),
      charge(0, '', 400n),
      charge(0, 'LEFT', 400n),
      charge(0, 'A', 8n, 'EUR'),
    ]
    const result = pool({ charges })
    expect(carried(result)).toEqual([
      ['access', 'EUR', { A: 2n, B: 6n }],
      ['access', 'USD', { A: 200n, B: 600n, LEFT: 0n, 'non-participant': 0n }],
      ['overage', 'JPY', { A: 10n, B: 30n }],
    ])
    expect(result.components[1]?.rows.map((row) => row.actualMinor)).toEqual([0n, 0n, 400n, 400n])
  })

  it('counts days of membership under by-day alone', () => {
    const participants = [member('A', 0n), member('B', 0n, { memberDays: 10 })]
    const charges = [charge(0, 'A', 10000n)]
    const byDay = pool({ participants, charges, policy: policy({}, { method: 'even', partialPeriod: 'by-day' }) })
    expect(carried(byDay)).toEqual([['access', 'USD', { A: 7561n, B: 2439n }]])
    const full = pool({ participants, charges, policy: policy({}, { method: 'even' }) })
    expect(carried(full)).toEqual([['access', 'USD', { A: 5000n, B: 5000n }]])
  })

  it('lets taxes follow what each carries, the unused row like a participant', () => {
    const result = pool({
      policy: policy({ taxes: 'follow', centralCostCentre: 'CC-0' }, { unused: 'central' }),
      allowanceBase: 8n,
      charges: [charge(0, 'B', 800n), charge('taxes', 'B', 80n)],
    })
    expect(carried(result)).toEqual([
      ['access', 'USD', { A: 100n, B: 300n, unused: 400n }],
      ['taxes', 'USD', { A: 10n, B: 30n, unused: 40n }],
    ])
    expect(result.components[1]?.method).toBe('follow')
  })

  it('shares taxes evenly where nobody carries anything in their currency, and keeps them where there is nobody', () => {
    const charges = [charge(0, 'B', 800n), charge('taxes', 'B', 80n, 'EUR')]
    expect(carried(pool({ charges }))[1]).toEqual(['taxes', 'EUR', { A: 40n, B: 40n }])
    expect(carried(pool({ charges, participants: [] }))[1]).toEqual(['taxes', 'EUR', { B: 0n, unallocated: 80n }])
  })

  it('weighs by cost centre, whose weight its participants share equally', () => {
    const weights = new Map([
      ['CC-1', parseDecimal('1')],
      ['CC-2', parseDecimal('0.5')],
    ] as [string, NonNullable<ReturnType<typeof parseDecimal>>][])
    const participants = [member('A', 0n), member('B', 0n), member('C', 0n, { costCentres: ['CC-2'] })]
    const byCentre = policy({}, { method: 'weighted', weights: { by: 'cost-centres', weights } })
    const result = pool({ policy: byCentre, participants, charges: [charge(0, 'A', 900n)] })
    expect(carried(result)).toEqual([['access', 'USD', { A: 300n, B: 300n, C: 300n }]])
    const unlisted = [...participants, member('D', 9n, { costCentres: ['CC-9'] })]
    expect(carried(pool({ policy: byCentre, participants: unlisted, charges: [charge(0, 'A', 900n)] }))).toEqual([
      ['access', 'USD', { A: 300n, B: 300n, C: 300n, D: 0n }],
    ])
  })

  it("applies a floor to the policy's currency alone, and refuses one that could be in any of several", () => {
    const charges = [charge(0, 'B', 400n), charge(0, 'B', 400n, 'EUR')]
    const floor = { floor: '1.50' }
    expect(carried(pool({ charges, policy: policy({ currency: 'EUR' }, floor) }))).toEqual([
      ['access', 'EUR', { A: 175n, B: 225n }],
      ['access', 'USD', { A: 100n, B: 300n }],
    ])
    const refusal = expect.objectContaining({ kind: 'bad-configuration' })
    expect(() => pool({ charges, policy: policy({}, floor) })).toThrow(refusal)
    expect(() => pool({ charges: [charge(0, 'B', 400n, 'JPY')], policy: policy({}, floor) })).toThrow(refusal)
  })

  it('reports usage that counted as 0 once, though it counts in two components', () => {
    const participants = [member('A', 1n), member('B', -5n)]
    const result = pool({ participants, charges: [charge(0, 'A', 9n), charge(1, 'A', 9n)] })
    expect(result.negativeUsage).toEqual([{ service: 'B', usageBase: -5n }])
    expect(carried(result)[0]).toEqual(['access', 'USD', { A: 9n, B: 0n }])
  })
})

describe('the sentence of a row', () => {
  const sentences = (part: Partial<PoolInput>) =>
    pool(part).components.flatMap(({ component, currency, method, rows }) =>
      rows.map((row) => describeAllocation({ row, rows, pool: 'P-1', component, currency, method })),
    )

  it('names floor, part and leftover unit', () => {
    const charges = [charge(0, 'B', 300000n), charge(0, '', 1n)]
    expect(sentences({ charges, policy: policy({}, { floor: '25.00' }) })).toEqual([
      'A carries 762.50 USD of the 3,000.01 USD of access in P-1: its floor of 25.00, and 1/4 of the remaining 2,950.01 by usage.',
      'B carries 2,237.51 USD of the 3,000.01 USD of access in P-1: its floor of 25.00, and 3/4 of the remaining 2,950.01 by usage, rounded up by the one leftover unit of 0.01.',
      '0.01 USD of the 3,000.01 USD of access in P-1 were billed on the account, which is no participant: the participants carry them.',
    ])
  })

  it.each<[string, Partial<PoolInput>, string]>([
    ['a cap', { policy: policy({}, { cap: '2.50' }) }, 'B carries 2.50 USD of the 4.00 USD of access in P-1: its cap.'],
    [
      'what a cap leaves over',
      { policy: policy({}, { cap: '2.50' }) },
      'A carries 1.50 USD of the 4.00 USD of access in P-1: all of the remaining 1.50.',
    ],
    [
      'a cap that cannot hold',
      { policy: policy({}, { cap: '1.00' }) },
      'A carries 2.00 USD of the 4.00 USD of access in P-1: its cap of 1.00, and 1/2 of the remaining 2.00 in equal parts (the caps together are less than the charge).',
    ],
    [
      'a floor that cannot hold',
      { policy: policy({}, { floor: '3.00' }) },
      'A carries 2.00 USD of the 4.00 USD of access in P-1: 1/2 of it in equal parts (the floors together exceed the charge).',
    ],
    [
      'no usage',
      { participants: [member('A', 0n), member('B', 0n)] },
      'A carries 2.00 USD of the 4.00 USD of access in P-1: 1/2 of it in equal parts.',
    ],
    [
      'as billed',
      { policy: policy({}, { method: 'as-billed' }) },
      'B carries 4.00 USD of the 4.00 USD of access in P-1: what the vendor billed on it.',
    ],
    [
      'usage over the contribution',
      {
        policy: policy({}, { method: 'excess' }),
        participants: [member('A', 1n), member('B', 9n, { contributionBase: 3n })],
      },
      'A carries 0.57 USD of the 4.00 USD of access in P-1: 1/7 of it by usage over its own contribution.',
    ],
    [
      'a fallback to usage',
      {
        policy: policy({}, { method: 'excess' }),
        participants: [member('A', 1n, { contributionBase: 9n }), member('B', 3n, { contributionBase: 9n })],
      },
      'A carries 1.00 USD of the 4.00 USD of access in P-1: 1/4 of it by usage.',
    ],
    [
      'unused capacity',
      { policy: policy({}, { unused: 'central' }), allowanceBase: 8n },
      'Capacity that nobody used carries 2.00 USD of the 4.00 USD of access in P-1: 4/8 of it that was there and not used.',
    ],
    [
      'a pool without members',
      { participants: [] },
      '4.00 USD of the 4.00 USD of access in P-1 can be carried by no participant and stand as unallocated.',
    ],
    [
      'a credit',
      { charges: [charge(0, 'B', -400n)] },
      'A carries -1.00 USD of the -4.00 USD of access in P-1: 1/4 of it by usage.',
    ],
  ])('tells %s', (_, part, sentence) => {
    expect(sentences(part)).toContain(sentence)
  })
})
