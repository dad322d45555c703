import { describe, expect, it } from 'vitest'
import type { Product } from '../rating/catalogue.ts'
import type { LocalDate } from '../time/local-date.ts'
import { billShortfall, usageShortfall } from './minimum-charges.ts'

const day = (on: string) => on as LocalDate
const OCTOBER = { startOn: day('2026-10-01'), endOn: day('2026-11-01') }
const inForce = (days: string) => {
  const [from = '', until = ''] = days.split(' ')
  return { from: from === '' ? null : day(`2026-${from}`), until: until === '' ? null : day(`2026-${until}`) }
}

function product(id: string, minimum?: string): [string, Product] {
  const rest = { name: '', serviceType: 't', ratePlan: '', buckets: [], recurring: null }
  return [id, { product: id, ...rest, ...(minimum === undefined ? {} : { minimum }) }]
}
const PRODUCTS = new Map([product('gold', '31.00'), product('silver', '3.10'), product('none')])

describe('the minimum of a product', () => {
  it.each([
    ['makes up what usage is short of', ['gold '], 400n, 2700n, 'gold'],
    ['is by days in the first period', ['gold 10-22'], 400n, 600n, 'gold'],
    ['is by days in the last period, the end left out', ['gold 09-01 10-11'], 0n, 1000n, 'gold'],
    ['is the sum of the parts where the product changed', ['gold 10-01 10-11', 'silver 10-11'], 0n, 1210n, 'silver'],
    ['counts the days of the product that asks for one', ['none 10-01 10-22', 'gold 10-22'], 0n, 1000n, 'gold'],
  ])('%s', (_, rows, usageMinor, amountMinor, by) => {
    const parsed = rows.map((row) => {
      const [id = '', ...days] = row.split(' ')
      return { product: id, ...inForce(days.join(' ')) }
    })
    const short = usageShortfall({ rows: parsed, products: PRODUCTS, currency: 'USD', period: OCTOBER, usageMinor })
    expect(short).toEqual({ product: by, amountMinor })
  })

  it.each([
    ['that usage reaches', 'gold', '', 3100n],
    ['of a service that was not in force', 'gold', '11-01', 0n],
    ['that nobody asks for', 'none', '', 0n],
  ])('adds nothing where it is one %s', (_, id, days, usageMinor) => {
    const rows = [{ product: id, ...inForce(days) }]
    expect(usageShortfall({ rows, products: PRODUCTS, currency: 'USD', period: OCTOBER, usageMinor })).toBeNull()
  })

  it('is rounded once, half away from zero, in a currency without decimals', () => {
    const products = new Map([product('p', '100')])
    const rows = [{ product: 'p', ...inForce('10-01 10-06') }]
    // 100 × 5 / 31 = 16.13
    expect(usageShortfall({ rows, products, currency: 'JPY', period: OCTOBER, usageMinor: 0n })?.amountMinor).toBe(16n)
  })
})

describe('the minimum of a bill', () => {
  it.each([
    ['makes up what the bill is short of', '62.00', [''], 5000n, 1200n],
    [
      'is by the days of any service, each day once',
      '31.00',
      ['10-11 10-21', '10-16 10-26', '10-12 10-13'],
      300n,
      1200n,
    ],
    ['leaves out days that no service has', '31.00', ['10-01 10-02', '10-31'], 0n, 200n],
    ['is not due of an account without services', '31.00', [], 0n, 0n],
    ['is not due before the first and after the last service', '31.00', ['09-01 10-01', '11-01'], 0n, 0n],
    ['adds nothing to a bill that reaches it', '31.00', [''], 3100n, 0n],
    ['makes up a credit too', '31.00', [''], -100n, 3200n],
  ])('%s', (_, minimum, services, billedMinor, amountMinor) => {
    const of = { minimum, currency: 'USD', period: OCTOBER, inForce: services.map(inForce), billedMinor }
    expect(billShortfall(of)).toBe(amountMinor)
  })
})
