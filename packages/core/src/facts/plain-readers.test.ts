import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainChargeReader } from './plain-charge.ts'
import { plainUsageReader } from './plain-usage.ts'
import { NO_EXTRA_COLUMNS } from './read-cells.ts'
import { CHARGE_COLUMNS, type ChargeColumn, readCharge } from './read-charge.ts'
import { readUsage, USAGE_COLUMNS, type UsageColumn } from './read-usage.ts'

const source = { file: 'rows.csv', line: 2 }

/** What a cell may hold that is not plain, whatever its column. */
const ODD = [
  '',
  ' ',
  'a b',
  ' x',
  'x ',
  '\u00a0x',
  'x\u0007',
  '\ufffd',
  'é',
  '1e3',
  '-1',
  '+1',
  '0',
  '1.',
  '.5',
  '1.0000000001',
]

const USAGE: Record<UsageColumn, ReadonlyArray<string>> = {
  source: ['cdr', 'cdr', 'Roam'],
  id: ['E1', 'E2', '0000000000017'],
  account: ['', 'A-1'],
  service: ['555-123', '000000000001234'],
  usage_type: ['voice', 'data', 'Voice', 'storage'],
  started_at: [
    '2026-10-31T08:15:00Z',
    '2026-10-31 08:15:00',
    '2026-10-31',
    '2026-02-30T00:00:00Z',
    '1699-12-31T00:00:00Z',
  ],
  ended_at: ['', '2026-10-31T09:15:00Z', '2026-10-31T08:14:59Z', '2026-10-31 09:15:00'],
  quantity: ['0', '12', '1.5', '99999.123', '1234567890123456789', '9999999999', '00012', '1,5'],
  unit: ['min', 'MB', 's', 'TiB', 'Bh', 'mb'],
  zone: ['', 'domestic', 'roaming', 'Roaming'],
  time_band: ['', 'peak', 'weekend'],
  network: ['', 'on-net', 'off-net'],
  account_code: ['', '17'],
  peer: ['', '+1 555 100'],
  app: ['', 'teams'],
  pool: ['', 'P-1'],
  participants: ['', '3', '2147483648', '999999999'],
  conference: ['', 'C-1'],
  participant: ['', 'Ann Lee'],
}

const CHARGE: Record<ChargeColumn, ReadonlyArray<string>> = {
  vendor: ['verizon', 'att'],
  account: ['642350544-00001'],
  invoice: ['9900001', '9900002'],
  issued_on: ['', '2026-11-01', '2026-11-31'],
  period_start: ['2026-10-01', '2026-10-01', '2026-1-01'],
  period_end: ['2026-11-01', '2026-10-01', '2026-09-30'],
  currency: ['USD', 'JPY', 'usd', 'KWD', 'ZZZ'],
  line: ['1', '2-a'],
  service: ['', '555-123-4567'],
  pool: ['', 'P-100'],
  category: ['overage', 'access', 'Tax'],
  usage_type: ['', 'data', 'Data'],
  product: ['', 'PLUS 5G'],
  description: ['', 'Data overage, 2 GB'],
  amount: [
    '30.00',
    '-30',
    '-0.00',
    '0.005',
    '12.3',
    '12345678901234567890',
    '99999999999',
    '123456789.12',
    '--1',
    '1,00',
  ],
  quantity: ['', '2,000.5'],
  unit: ['', 'KILOBYTE'],
}

/** Rows of good cells, some of them with a cell or two that are odd. */
function rowsOf<C extends string>(columns: ReadonlyArray<C>, cells: Readonly<Record<C, ReadonlyArray<string>>>) {
  const good = fc.tuple(...columns.map((name) => fc.constantFrom(...cells[name])))
  const odd = fc.array(fc.tuple(fc.nat(columns.length - 1), fc.constantFrom(...ODD)), { maxLength: 1 })
  return fc.tuple(good, odd).map(([row, changes]) => {
    const changed = [...row]
    for (const [at, text] of changes) changed[at] = text
    return changed
  })
}

describe('a plain row of usage', () => {
  it('is read as the reader of every rule reads it, or left to that one', () => {
    let plain = 0
    const read = plainUsageReader((column) => USAGE_COLUMNS.indexOf(column))
    const property = fc.property(rowsOf(USAGE_COLUMNS, USAGE), (cells) => {
      const fact = read(cells, NO_EXTRA_COLUMNS)
      if (fact === null) return
      plain += 1
      expect(readUsage((column) => cells[USAGE_COLUMNS.indexOf(column)] as string, { source })).toEqual({ fact })
    })
    fc.assert(property, { numRuns: 5000, seed: 1 })
    expect(plain).toBeGreaterThan(5)
  })

  it('may lack the columns that a file need not have', () => {
    const columns: ReadonlyArray<string> = ['id', 'source', 'unit', 'quantity', 'started_at', 'usage_type', 'service']
    const cells = ['E1', 'cdr', 'min', '1.5', '2026-10-31T08:15:00Z', 'voice', '555']
    const fact = plainUsageReader((column) => columns.indexOf(column))(cells, NO_EXTRA_COLUMNS)
    expect(readUsage((column) => cells[columns.indexOf(column)] ?? '', { source })).toEqual({ fact })
  })
})

describe('a plain line of a bill', () => {
  it('is read as the reader of every rule reads it, or left to that one', () => {
    let plain = 0
    const read = plainChargeReader((column) => CHARGE_COLUMNS.indexOf(column))
    const property = fc.property(rowsOf(CHARGE_COLUMNS, CHARGE), (cells) => {
      const fact = read(cells, NO_EXTRA_COLUMNS)
      if (fact === null) return
      plain += 1
      expect(readCharge((column) => cells[CHARGE_COLUMNS.indexOf(column)] as string, { source })).toEqual({ fact })
    })
    fc.assert(property, { numRuns: 5000, seed: 1 })
    expect(plain).toBeGreaterThan(20)
  })
})
