import { describe, expect, it } from 'vitest'
import { monthAfter, monthsOf, type Run } from './months.ts'

const run = (id: string, state: Run['state']): Run => ({
  ...{ id, state, period: id.split('.')[0] ?? '', codeVersion: '', closedAt: '2026-11-01T00:00:00Z', closedBy: '' },
  ...{ publishedAt: null, publishedBy: null, reopenedAt: null, reopenReason: null, totals: [] },
})

describe('the months that can be closed', () => {
  it('have the state of the run that stands for them', () => {
    const runs = [
      run('2026-08.1', 'published'),
      run('2026-09.1', 'reopened'),
      run('2026-10.1', 'reopened'),
      run('2026-10.2', 'reopened'),
      run('2026-10.10', 'closed'),
    ]
    const months = monthsOf({ runs, invoices: [], imports: [] })
    expect(months.map(({ period, state, run: of }) => [period, state, of?.id])).toEqual([
      ['2026-10', 'closed', '2026-10.10'],
      ['2026-09', 'reopened', '2026-09.1'],
      ['2026-08', 'published', '2026-08.1'],
    ])
  })

  it('are open where only bills or usage of them are imported', () => {
    const months = monthsOf({
      runs: [],
      invoices: [{ period: '2026-11' }, { period: '2026-11' }],
      imports: [
        { batch: 'a', from: '2026-11-01', until: '2026-12-01', state: 'live' },
        { batch: 'b', from: '2026-11-28', until: '2027-01-02', state: 'live' },
        { batch: 'c', from: '2027-01-01', until: '2027-02-01', state: 'taken-back' },
        { batch: 'd', from: null, until: null, state: 'live' },
      ],
    })
    expect(months.map(({ period, invoices, files }) => [period, invoices, files])).toEqual([
      ['2027-01', 0, 1],
      ['2026-12', 0, 1],
      ['2026-11', 2, 2],
    ])
  })

  it('follow each other over the end of a year', () => {
    expect(monthAfter('2026-12')).toBe('2027-01')
    expect(monthAfter('2026-09')).toBe('2026-10')
  })
})
