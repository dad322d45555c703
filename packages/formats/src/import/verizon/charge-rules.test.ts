import { describe, expect, it } from 'vitest'
import { CHARGE_RULES, classifyCharge, type ItemWords } from './charge-rules.ts'

type Case = [rule: string, category: string, item: string, expected: string, more?: Partial<ItemWords>]

const MONTHLY = 'Monthly Charges'
const CREDIT = { isCredit: true }

const CASES: ReadonlyArray<Case> = [
  ['payment or balance', 'Account Charges', 'Payment Received - Thank You', 'payment', CREDIT],
  ['payment or balance', '', 'Balance Forward', 'payment'],
  ['payment category', 'Payments', 'ACH 01/15', 'payment', CREDIT],
  ['third-party subscription', 'Third-Party Charges (includes Tax)', 'NEWS SUBSCRIPTION', 'subscription'],
  ['third-party purchase', 'Third-Party Charges (includes Tax)', 'RINGTONE STORE', 'download'],
  ['tax', 'Taxes, Governmental Surcharges and Fees', 'STATE TAX', 'tax'],
  ['tax', 'Taxes Governmental Surcharges and Fees', 'TX STATE 911 FEE', 'tax'],
  ['surcharge', 'VZW Surcharges', 'REGULATORY CHARGE', 'surcharge'],
  ['surcharge credited', 'VZW Surcharges', 'FED UNIVERSAL SERVICE CHARGE', 'surcharge', CREDIT],
  ['other charges and credits, credit', 'Surcharges and Other Charges and Credits', 'LOYALTY CREDIT', 'credit', CREDIT],
  ['equipment category', 'Equipment Charges', 'Device payment agreement 1234567 - Payment 12 of 36', 'equipment'],
  ['equipment category', 'Equipment Charges', 'TRADE-IN PROMO CREDIT', 'equipment', CREDIT],
  ['equipment instalment', 'Additional Services', 'Device payment agreement - Payment 1 of 24', 'equipment'],
  ['roaming', 'Roaming', 'ROAMING MINUTES', 'roaming voice'],
  ['roaming', 'Data', 'ROAMING MEGABYTE USAGE', 'roaming data'],
  ['international', 'International', 'INTERNATIONAL MESSAGES', 'international messaging'],
  ['international', 'Voice', 'INTERNATIONAL LONG DISTANCE', 'international voice'],
  ['international', 'Additional Services', 'TRAVELPASS 1 DAY', 'international'],
  ['long distance', 'Voice', 'LONG DISTANCE MINUTES', 'long-distance voice'],
  ['monthly credit', MONTHLY, '22% ACCESS DISCOUNT', 'credit', CREDIT],
  [
    'monthly credit',
    'Additional Services',
    'ACCOUNT LEVEL PROMO CREDIT',
    'credit',
    { ...CREDIT, isAccountLevel: true },
  ],
  ['monthly fee', MONTHLY, 'LATE FEE', 'other'],
  ['monthly feature', MONTHLY, 'VISUAL VOICE MAIL', 'feature'],
  ['monthly feature', MONTHLY, 'TOTAL MOBILE PROTECTION', 'feature'],
  ['monthly feature', MONTHLY, '5G ULTRA WIDEBAND ACCESS', 'feature', { shareDescription: 'Feature' }],
  ['monthly subscription', MONTHLY, 'MICROSOFT 365 BUSINESS', 'subscription'],
  ['line access to a shared lump', MONTHLY, 'SMARTPHONE LINE ACCESS', 'entry data'],
  ['account lump', MONTHLY, 'BUSINESS DATA SHARE 100GB', 'bulk data', { isAccountLevel: true }],
  ['monthly share plan', MONTHLY, 'BUSINESS UNL PLUS 5G SHARE', 'access data', { shared: 'data' }],
  ['monthly share plan', MONTHLY, 'FLEXIBLE BUSINESS WORLD 400', 'access voice', { shared: 'voice' }],
  ['monthly plan or add-on of minutes, messages or data', MONTHLY, '5GB TABLET', 'access data'],
  [
    'monthly plan or add-on of minutes, messages or data',
    MONTHLY,
    'UNL SMARTPHONE DATA',
    'access data',
    { shareDescription: 'Feature' },
  ],
  ['monthly plan or add-on of minutes, messages or data', MONTHLY, 'EMAIL & WEB UNLIMITED', 'access data'],
  ['monthly plan or add-on of minutes, messages or data', MONTHLY, 'NATIONWIDE BUS TALK & TEXT', 'access voice'],
  ['monthly plan or add-on of minutes, messages or data', MONTHLY, '500 MSG ALLOWANCE', 'access messaging'],
  ['monthly item marked as feature', MONTHLY, 'FLEET TRACKER', 'feature', { shareDescription: 'Feature' }],
  ['other monthly charge', MONTHLY, 'PLAN X', 'access'],
  ['directory assistance', 'Voice', '411 SEARCH', 'usage voice'],
  ['over a shared or stated allowance', 'Data', 'GIGABYTE USAGE', 'overage data', { hasAllowance: true }],
  ['over a shared or stated allowance', 'Voice', 'PEAK MINUTES', 'overage voice', { shared: 'voice' }],
  ['over a shared or stated allowance', 'Messaging', 'PICTURE & VIDEO', 'overage messaging', { hasAllowance: true }],
  ['overage by name', 'Usage and Purchase Charges', 'DATA OVERAGE 1GB', 'overage data'],
  ['download', 'Usage and Purchase Charges', 'APP STORE GAME', 'download'],
  ['subscription', 'Usage and Purchase Charges', 'WEATHER SUBSCRIPTION', 'subscription'],
  ['use without allowance', 'Messaging', 'TEXT', 'usage messaging'],
  ['use without allowance', 'Data', 'MEGABYTE USAGE', 'usage data'],
  ['credit', 'Goodwill', 'COURTESY', 'credit', CREDIT],
  ['service feature', 'Additional Services', 'CALLER NAME ID', 'feature'],
  ['other', 'Something new', 'WHATEVER', 'other'],
]

describe('the charge of a detail row', () => {
  it.each(CASES)('%s: %s / %s is %s', (rule, category, item, expected, more = {}) => {
    const words = {
      shareDescription: '',
      shared: '',
      isCredit: false,
      isAccountLevel: false,
      hasAllowance: false,
    } as const
    const found = classifyCharge({ ...words, category, item, ...more })
    expect({ rule: found.rule, is: `${found.category} ${found.usageType}`.trim() }).toEqual({ rule, is: expected })
  })

  it('has a case for every rule', () => {
    expect(CHARGE_RULES.map(({ name }) => name).filter((name) => !CASES.some(([rule]) => rule === name))).toEqual([])
  })
})
