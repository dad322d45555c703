import { Refusal } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { lookUpColumns, normaliseName, requireColumns } from './column-lookup.ts'

const COLUMNS = [
  { name: 'period_start', required: true },
  { name: 'amount', required: true, aliases: ['cost'] },
  { name: 'unit' },
] as const

describe('a column', () => {
  it.each(['period_start', 'Period Start', ' PERIOD-START ', 'PeriodStart', '\ufeffperiod.start', 'Périod stárt'])(
    'is found as %j',
    (title) => {
      expect(lookUpColumns([title, 'x'], COLUMNS).positions.period_start).toBe(0)
    },
  )

  it('keeps letters and digits of any script apart', () => {
    expect(normaliseName('料金 (1)')).toBe('料金1')
    expect(normaliseName('Straße')).not.toBe(normaliseName('Strase'))
  })

  it('is found by another name, and its cells by its own', () => {
    const lookup = lookUpColumns(['Cost', 'Period Start'], COLUMNS)
    expect(lookup.cell(['12', '2026-10-01'], 'amount')).toBe('12')
    expect(lookup.cell(['12', '2026-10-01'], 'unit')).toBe('')
    expect([lookup.columnName('amount'), lookup.columnName('unit')]).toEqual(['Cost', 'unit'])
  })

  it('that nobody asked for is kept where its cell is not empty', () => {
    const lookup = lookUpColumns(['amount', 'Note', 'Note', '', '__proto__', 'empty'], COLUMNS)
    expect(lookup.extra(['1', 'a', 'b', 'c', 'd', ''])).toEqual({
      Note: 'a',
      'Note (2)': 'b',
      'column 4': 'c',
      'column 5': 'd',
    })
  })

  it('that is missing refuses the table', () => {
    const place = { file: 'f.csv' }
    expect(() => requireColumns(['amount', 'x'], COLUMNS, place)).toThrow(Refusal)
    try {
      requireColumns(['amount', 'x'], COLUMNS, place)
    } catch (error) {
      const facts = { problem: { code: 'column-missing', facts: { column: 'period_start', header: ['amount', 'x'] } } }
      expect(error).toMatchObject({ kind: 'unrecognised-file', facts })
    }
  })

  it('that stands twice refuses the table, for one of them would be ignored', () => {
    expect(() => requireColumns(['amount', 'Cost', 'period_start'], COLUMNS, { file: 'f.csv' })).toThrow(
      'f.csv: two columns are amount.',
    )
  })
})
