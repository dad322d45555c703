import type { Report } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { rowsOfAccount } from './rows-of-account.ts'

const report: Report = {
  name: 'any',
  title: 'Any',
  columns: [
    { key: 'what', title: 'What', kind: 'text' },
    { key: 'account', title: 'Account', kind: 'text' },
  ],
  rows: (async function* () {
    yield [
      ['one', 'A'],
      ['two', 'A-EAST'],
    ]
    yield [['three', 'A']]
  })(),
}

describe('a report of one account', () => {
  it('has its rows and none of an account whose name begins alike', async () => {
    const found: unknown[] = []
    for await (const batch of rowsOfAccount(report, 'A').rows) found.push(...batch)
    expect(found).toEqual([
      ['one', 'A'],
      ['three', 'A'],
    ])
    expect(rowsOfAccount(report, undefined)).toBe(report)
  })
})
