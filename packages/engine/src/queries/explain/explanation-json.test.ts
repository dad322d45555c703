import type { LocalDate } from '@spillway/core'
import { expect, it } from 'vitest'
import type { Explanation } from './explanation.ts'
import { explanationJson } from './explanation-json.ts'

it('writes amounts as decimal texts of their own currency, usage as texts, and names in snake_case', () => {
  const explanation: Explanation = {
    service: 'A',
    period: '2026-10',
    run: '2026-10.1',
    runState: 'closed',
    totals: [
      { currency: 'JPY', actualMinor: 1250n, adjustedMinor: 0n, differenceMinor: -1250n },
      { currency: 'USD', actualMinor: -1n, adjustedMinor: 1250n, differenceMinor: 1251n },
    ],
    components: [],
    retained: [
      {
        currency: 'BHD',
        count: 1,
        amountMinor: 9_007_199_254_740_993n,
        ownCount: 1,
        ownMinor: 9_007_199_254_740_993n,
        lines: [],
      },
    ],
    assignment: {
      startOn: '2026-10-01' as LocalDate,
      endOn: '2026-11-01' as LocalDate,
      stays: [],
      lineCount: 0,
      lines: [],
      carriedBy: [],
    },
    rated: null,
  }
  expect(explanationJson(explanation)).toEqual({
    service: 'A',
    period: '2026-10',
    run: '2026-10.1',
    run_state: 'closed',
    totals: [
      { currency: 'JPY', actual: '1250', adjusted: '0', difference: '-1250' },
      { currency: 'USD', actual: '-0.01', adjusted: '12.50', difference: '12.51' },
    ],
    components: [],
    retained: [
      { currency: 'BHD', count: 1, amount: '9007199254740.993', own_count: 1, own: '9007199254740.993', lines: [] },
    ],
    assignment: { start_on: '2026-10-01', end_on: '2026-11-01', stays: [], line_count: 0, lines: [], carried_by: [] },
    rated: null,
  })
})
