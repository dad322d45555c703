import { describe, expect, it } from 'vitest'
import { CHARGE_RULES, classifyItem, type ItemWords } from './charge-rules.ts'

describe('which charge a segment is', () => {
  it.each<[rule: string, words: Partial<ItemWords>, expected: string]>([
    ['tax segment', { segment: 'TXI', text: 'ST' }, 'tax'],
    ['payment', { text: 'Payment received' }, 'payment'],
    ['tax by name', { text: 'STATE TAX' }, 'tax'],
    ['equipment', { text: 'Device payment 12 of 36' }, 'equipment'],
    ['credit', { text: 'LOYALTY', isCredit: true }, 'credit'],
    ['surcharge', { text: 'REGULATORY CHARGE' }, 'surcharge'],
    ['roaming', { text: 'ROAMING DATA' }, 'roaming data'],
    ['international', { text: 'International calls' }, 'international voice'],
    ['long distance', { text: 'LONG DISTANCE' }, 'long-distance voice'],
    ['overage', { text: 'DATA OVERAGE 1GB' }, 'overage data'],
    ['call or usage segment', { segment: 'TCD', text: '' }, 'usage voice'],
    ['feature', { text: 'TOTAL MOBILE PROTECTION' }, 'feature'],
    ['line item of the account', { segment: 'IT1', text: 'DATA SHARE 100GB', hasService: false }, 'bulk data'],
    ['line item of a service', { segment: 'IT1', text: 'PLAN' }, 'access'],
    ['other', { text: 'NAME' }, 'other'],
  ])('%s: %o is %s', (rule, words, expected) => {
    const found = classifyItem({ segment: 'SAC', text: '', isCredit: false, hasService: true, ...words })
    expect({ rule: found.rule, is: `${found.category} ${found.usageType}`.trim() }).toEqual({ rule, is: expected })
    expect(CHARGE_RULES.map(({ name }) => name)).toContain(rule)
  })
})
