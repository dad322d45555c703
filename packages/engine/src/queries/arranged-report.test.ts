import type { Report } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { oneBatch } from './amount-cells.ts'
import { arrangeReport, pageOfRows } from './arranged-report.ts'

const ROWS = [
  ['b', 'Bee', 'USD', '-10.00', '1/3'],
  ['a', 'ant', 'USD', '9.00', '2'],
  ['', 'nobody', 'JPY', '100', ''],
  ['c', 'Cicada', 'USD', '10.00', '1/2'],
]

function report(): Report {
  return {
    name: 'insects',
    title: 'Insects',
    hasTotals: true,
    columns: [
      { key: 'key', title: 'Key', kind: 'text' },
      { key: 'name', title: 'Name', kind: 'text' },
      { key: 'currency', title: 'Currency', kind: 'text' },
      { key: 'amount', title: 'Amount', kind: 'amount' },
      { key: 'weight', title: 'Weight', kind: 'quantity' },
    ],
    rows: oneBatch(ROWS),
  }
}

async function keysOf(arrangement: Parameters<typeof arrangeReport>[1]) {
  const { rows } = await pageOfRows(arrangeReport(report(), arrangement), { offset: 0, limit: 10 })
  return rows.map(([key]) => key)
}

describe('a report in another order', () => {
  it.each([
    ['its own without a column', {}, ['b', 'a', '', 'c']],
    ['amounts as numbers', { sort: 'amount' }, ['b', 'a', 'c', '']],
    ['the other way', { sort: '-amount' }, ['', 'c', 'a', 'b']],
    ['fractions by what they are, and nothing last', { sort: 'weight' }, ['b', 'c', 'a', '']],
    ['nothing last the other way too', { sort: '-weight' }, ['a', 'c', 'b', '']],
    ['texts by their bytes', { sort: 'name' }, ['b', 'c', 'a', '']],
    ['searched in texts, whatever the case', { search: 'C', sort: '-key' }, ['c']],
    ['not searched in currencies', { search: 'usd' }, []],
  ])('has %s', async (_, arrangement, keys) => expect(await keysOf(arrangement)).toEqual(keys))

  it('refuses a column that it has not', () => {
    expect(() => arrangeReport(report(), { sort: '-colour' })).toThrow(expect.objectContaining({ kind: 'bad-command' }))
  })

  it('has only the columns that are asked for, in that order, sorted and searched by any', async () => {
    const few = arrangeReport(report(), { columns: 'name, currency,amount', sort: '-key', search: 'c' })
    expect(few.columns.map(({ key }) => key)).toEqual(['name', 'currency', 'amount'])
    expect(await pageOfRows(few, { offset: 0, limit: 5 })).toEqual({
      rows: [['Cicada', 'USD', '10.00']],
      rowCount: 1,
      totals: [['Total', 'USD', '10.00']],
    })
    const bare = arrangeReport(report(), { columns: 'amount,name' })
    expect(await pageOfRows(bare, { offset: 0, limit: 1 })).toEqual({
      rows: [['-10.00', 'Bee']],
      rowCount: 4,
      totals: [],
    })
    expect(() => arrangeReport(report(), { columns: 'key,colour' })).toThrow(/no column "colour"/)
  })

  it('says on each page what all rows come to', async () => {
    expect(await pageOfRows(arrangeReport(report(), { search: 'e' }), { offset: 0, limit: 1 })).toEqual({
      rows: [ROWS[0]],
      rowCount: 1,
      totals: [['Total', '', 'USD', '-10.00', '']],
    })
    const { rows, rowCount, totals } = await pageOfRows(report(), { offset: 3, limit: 5 })
    expect({ rows, rowCount, totals }).toEqual({
      rows: [ROWS[3]],
      rowCount: 4,
      totals: [
        ['Total', '', 'JPY', '100', ''],
        ['Total', '', 'USD', '9.00', ''],
      ],
    })
  })
})
