// The twelve worked examples of spec, allocation, each by allocateComponent as the page states it.
import {
  allocateComponent,
  type ComponentInput,
  describeAllocation,
  type Participant,
  parseAmount,
} from '@spillway/core'
import { describe, expect, it } from 'vitest'

const GB = 10n ** 9n

type Member = {
  readonly billed?: string
  readonly usage?: bigint
  readonly contribution?: bigint
  readonly days?: number
}
type Example = {
  readonly name: string
  readonly component: Partial<ComponentInput['component']>
  readonly members: Readonly<Record<string, Member>>
  readonly periodDays?: number
  readonly allowance?: bigint
  readonly expected: Readonly<Record<string, string>>
  readonly flag?: string
}

const usd = (text: string) => {
  const reading = parseAmount(text, 'USD')
  if (!reading.ok) throw new Error(text)
  return reading.minor
}

function allocate({ component, members, periodDays = 1, allowance }: Omit<Example, 'name' | 'expected'>) {
  const base = { method: 'prorated', floorMinor: null, capMinor: null, whenNoUsage: 'even', unused: 'recover' } as const
  const participants = Object.entries(members).map(
    ([service, { billed = '0', usage = 0n, contribution = 0n, days = 1 }]): Participant => ({
      service,
      days,
      usageBase: usage,
      contributionBase: contribution,
      weight: null,
      actualMinor: usd(billed),
    }),
  )
  return allocateComponent({
    component: { ...base, ...component },
    periodDays,
    allowanceBase: allowance ?? null,
    participants,
    others: [],
    currency: 'USD',
  })
}

const EXAMPLES: ReadonlyArray<Example> = [
  {
    name: '1 Even, a lump of 300.00 on one phone',
    component: { method: 'even' },
    members: { A: { billed: '300.00' }, B: {}, C: {} },
    expected: { A: '100.00', B: '100.00', C: '100.00' },
  },
  {
    name: '1 Even, 100.00 over three',
    component: { method: 'even' },
    members: { A: { billed: '100.00' }, B: {}, C: {} },
    expected: { A: '33.34', B: '33.33', C: '33.33' },
  },
  {
    name: '5 Class of minutes, by total',
    component: {},
    members: { A: { billed: '120.00', usage: 500n * 60n }, B: { usage: 300n * 60n } },
    expected: { A: '75.00', B: '45.00' },
  },
  {
    name: '5 Class of minutes, by peak',
    component: {},
    members: { A: { billed: '120.00', usage: 400n * 60n }, B: { usage: 200n * 60n } },
    expected: { A: '80.00', B: '40.00' },
  },
  {
    name: '5 Class of minutes, by peak minus mobile-to-mobile',
    component: {},
    members: { A: { billed: '120.00', usage: 100n * 60n }, B: { usage: 200n * 60n } },
    expected: { A: '40.00', B: '80.00' },
  },
  {
    name: '6 Access even',
    component: { method: 'even' },
    members: { A: { billed: '30.00' }, B: { billed: '30.00' }, C: { billed: '30.00' } },
    expected: { A: '30.00', B: '30.00', C: '30.00' },
  },
  {
    name: '6 Overage by excess',
    component: { method: 'excess' },
    members: {
      A: { usage: GB, contribution: 2n * GB },
      B: { usage: 3n * GB, contribution: 2n * GB },
      C: { billed: '60.00', usage: 7n * GB, contribution: 2n * GB },
    },
    expected: { A: '0.00', B: '10.00', C: '50.00' },
  },
  {
    name: '7 Cap',
    component: { capMinor: 5000n },
    members: { A: { billed: '100.00', usage: 80n }, B: { usage: 15n }, C: { usage: 5n } },
    expected: { A: '50.00', B: '37.50', C: '12.50' },
  },
  {
    name: '8 Credit',
    component: {},
    members: { A: { billed: '-10.00', usage: 1n }, B: { usage: 2n } },
    expected: { A: '-3.33', B: '-6.67' },
  },
  {
    name: '9 By day',
    component: { method: 'even' },
    periodDays: 31,
    members: { A: { billed: '100.00', days: 31 }, B: { days: 10 } },
    expected: { A: '75.61', B: '24.39' },
  },
  {
    name: '10 No usage at all',
    component: {},
    members: { A: { billed: '90.00' }, B: {}, C: {} },
    expected: { A: '30.00', B: '30.00', C: '30.00' },
  },
  {
    name: '11 Unused capacity, recovered',
    component: { unused: 'recover' },
    allowance: 100n * GB,
    members: { A: { billed: '600.00', usage: 40n * GB }, B: { usage: 20n * GB } },
    expected: { A: '400.00', B: '200.00' },
  },
  {
    name: '11 Unused capacity, central',
    component: { unused: 'central' },
    allowance: 100n * GB,
    members: { A: { billed: '600.00', usage: 40n * GB }, B: { usage: 20n * GB } },
    expected: { A: '240.00', B: '120.00', unused: '240.00' },
  },
  {
    name: '12 Floor with light and heavy users',
    component: { floorMinor: 2500n },
    members: { A: { billed: '1000.00', usage: 0n }, B: { usage: 20n }, C: { usage: 180n }, D: { usage: 800n } },
    expected: { A: '25.00', B: '43.00', C: '187.00', D: '745.00' },
  },
]

const CARDS = Object.fromEntries(
  Array.from({ length: 100 }, (_, index) => [
    `card-${String(index).padStart(2, '0')}`,
    { billed: '30.00', usage: index === 0 ? 200n * GB : GB },
  ]),
)

describe('worked examples of the specification', () => {
  it.each(EXAMPLES)('$name', ({ expected, ...example }) => {
    const { rows } = allocate(example)
    const carried = rows.map((row) => [row.service || row.flags.join(), row.adjustedMinor])
    expect(Object.fromEntries(carried)).toEqual(
      Object.fromEntries(Object.entries(expected).map(([service, amount]) => [service, usd(amount)])),
    )
  })

  it.each([
    ['2 Prorated, no floor', null, '2006.69', ['10.03', '10.04']],
    ['3 The same with a floor of 25.00', '25.00', '359.45', ['26.67', '26.68']],
  ])('%s: a pool of 100 cards, one of which used 200 GB', (_, floor, heavy, light) => {
    const { rows } = allocate({ component: { floorMinor: floor === null ? null : usd(floor) }, members: CARDS })
    expect(rows[0]?.adjustedMinor).toBe(usd(heavy))
    expect([...new Set(rows.slice(1).map((row) => row.adjustedMinor))].sort()).toEqual(light.map(usd))
    expect(rows.reduce((sum, row) => sum + row.adjustedMinor, 0n)).toBe(usd('3000.00'))
    expect(rows[0]).toMatchObject({ weight: String(200n * GB), share: '0.668896321', flags: [] })
  })

  it('3 in a sentence and a formula', () => {
    const members = Object.entries(CARDS).map(([service, card]) => [service, { ...card, usage: card.usage / GB }])
    const { rows } = allocate({ component: { floorMinor: 2500n }, members: Object.fromEntries(members) })
    const [heavy, light] = rows
    if (!heavy || !light) throw new Error('there are 100 rows')
    expect(heavy.formula).toBe('floor(25.00 + (3000.00 - 2500.00) * 200 / 299, 0.01) + 0.01')
    const component = { rows, pool: 'P-100', component: 'access', currency: 'USD', method: 'prorated' } as const
    expect(describeAllocation({ row: light, ...component })).toBe(
      'card-01 carries 26.68 USD of the 3,000.00 USD of access in P-100: its floor of 25.00, and 1/299 of the ' +
        'remaining 500.00 by usage, rounded up by one of 23 leftover units of 0.01.',
    )
  })

  it('4 A floor too high: everyone carries 30.00, flagged', () => {
    const { rows } = allocate({ component: { floorMinor: usd('40.00') }, members: CARDS })
    expect(rows).toHaveLength(100)
    for (const row of rows) {
      expect(row).toMatchObject({ adjustedMinor: 3000n, floorMinor: 4000n, flags: ['floor-exceeds-charge'] })
    }
  })

  it('6 Access and overage together', () => {
    const [access, overage] = EXAMPLES.filter(({ name }) => name.startsWith('6')).map((one) => allocate(one).rows)
    const sums = access?.map((row, index) => row.adjustedMinor + (overage?.[index]?.adjustedMinor ?? -1n))
    expect(sums).toEqual([3000n, 4000n, 8000n])
  })
})
