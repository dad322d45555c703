import { describe, expect, it } from 'vitest'
import type { Product } from '../rating/catalogue.ts'
import type { LocalDate } from '../time/local-date.ts'
import { type BilledAhead, recurringCharges } from './recurring-charges.ts'

const day = (on: string) => on as LocalDate
const OCTOBER = { startOn: day('2026-10-01'), endOn: day('2026-11-01') }
const NOVEMBER = { startOn: day('2026-11-01'), endOn: day('2026-12-01') }
const DECEMBER = { startOn: day('2026-12-01'), endOn: day('2027-01-01') }

function charge(row: {
  price?: string
  in?: 'advance' | 'arrears'
  from?: string
  until?: string
  month?: 'october' | 'november'
  ahead?: ReadonlyArray<BilledAhead>
}) {
  const product: Product = {
    product: 'P',
    name: '',
    serviceType: 't',
    ratePlan: '',
    buckets: [],
    recurring: { amount: row.price ?? '31.00', in: row.in ?? 'arrears' },
  }
  const isNovember = row.month === 'november'
  const { lines, ahead } = recurringCharges({
    account: 'U',
    currency: 'USD',
    services: [
      {
        ...{ service: 'S', account: 'U', product: 'P', serviceType: 't' },
        from: row.from === undefined ? null : day(row.from),
        until: row.until === undefined ? null : day(row.until),
      },
    ],
    products: new Map([['P', product]]),
    period: isNovember ? NOVEMBER : OCTOBER,
    next: isNovember ? DECEMBER : NOVEMBER,
    ahead: row.ahead ?? [],
  })
  return { minor: lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n), ahead }
}

describe('a recurring charge', () => {
  it.each([
    ['is whole for a whole period', {}, 3100n],
    ['counts the first day and not the last', { from: '2026-10-10', until: '2026-10-11' }, 100n],
    ['is by the days of that period', { month: 'november', price: '30.00', from: '2026-11-16' }, 1500n],
    ['rounds half away from zero, once', { price: '0.31', from: '2026-10-31' }, 1n],
    ['is nothing before the service', { from: '2026-11-01' }, 0n],
    ['is nothing after the service', { until: '2026-10-01' }, 0n],
    ['in advance is for the next period too, where none was billed', { in: 'advance', from: '2026-10-21' }, 4200n],
    ['in advance is nothing for a period after the service', { in: 'advance', until: '2026-11-01' }, 3100n],
  ] as const)('%s', (_, row, minor) => {
    expect(charge(row).minor).toBe(minor)
  })

  it('in advance takes back what was billed ahead and is not due, at the price of then', () => {
    const { ahead } = charge({ in: 'advance', from: '2026-10-21' })
    expect(ahead).toEqual([
      { account: 'U', service: 'S', product: 'P', periodStartOn: '2026-11-01', ...NOVEMBER, price: '31.00' },
    ])
    const ended = { in: 'advance', month: 'november', from: '2026-10-21', until: '2026-11-16', ahead } as const
    expect(charge(ended).minor).toBe(-1550n)
    expect(charge({ ...ended, until: '2027-06-01' }).minor).toBe(3100n)
    // 46.50 for 15 days of November and 31 of December at the new price, less the 31.00 billed ahead at the old one.
    expect(charge({ ...ended, until: '2027-01-01', price: '46.50' }).minor).toBe(4650n + 4650n - 3100n)
  })
})
