import { describe, expect, it } from 'vitest'
import type { ReportColumn } from '../ports/report.ts'
import { addToTotals, type ReportTotals, toTotalRows } from './report-totals.ts'

const COLUMNS: ReadonlyArray<ReportColumn> = [
  { key: 'service', title: 'Service', kind: 'text' },
  { key: 'currency', title: 'Currency', kind: 'text' },
  { key: 'actual', title: 'Actual', kind: 'amount' },
  { key: 'months', title: 'Months', kind: 'quantity' },
]

function totalsOf(rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<ReadonlyArray<string>> {
  const totals: ReportTotals = new Map()
  for (const row of rows) addToTotals(totals, { columns: COLUMNS, row })
  return toTotalRows(totals, COLUMNS)
}

describe('the totals of a report', () => {
  it.each([
    ['nothing', [], []],
    [
      'one sum a currency, in their order',
      [
        ['a', 'USD', '1.10', '3'],
        ['b', 'JPY', '-7', '3'],
        ['c', 'USD', '-0.20', '3'],
      ],
      [
        ['Total', 'JPY', '-7', ''],
        ['Total', 'USD', '0.90', ''],
      ],
    ],
    ['no zero where no amount is known', [['a', 'USD', '', '1']], [['Total', 'USD', '', '']]],
    ['nothing for a row without a currency', [['a', '', '', '1']], []],
  ])('are %s', (_, rows, expected) => expect(totalsOf(rows)).toEqual(expected))

  it('are a bug of a cell that is no amount', () => {
    expect(() => totalsOf([['a', 'USD', '1,000.00', '1']])).toThrow()
  })
})
