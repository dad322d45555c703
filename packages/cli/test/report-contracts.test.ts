// The columns and the order of the three reports that other programs read (spec, import, "Command line"): a change here
// breaks somebody's spreadsheet.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CHARGE_DIMENSIONS, USAGE_DIMENSIONS } from '@spillway/engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { companyWithOctober, FILES, type SmallCompany } from './small-company.ts'

/** In the order of their bytes, which is the order of no dictionary. */
const KEYS = ['10', '9', 'Zeta', 'alpha', 'b', 'Éclair', 'ä', '電話']
const PERIOD = 'acme,A-1,INV-2,2026-10-31,2026-10-01,2026-11-01,USD'

let company: SmallCompany
beforeAll(async () => {
  company = await companyWithOctober()
  const shuffled = [...KEYS].reverse()
  const header = (name: string) => (FILES[name] ?? '').split('\n')[0] ?? ''
  const write = (name: string, rows: ReadonlyArray<string>) =>
    writeFile(join(company.directory, name), `${rows.join('\n')}\n`)
  await write('more-charges.csv', [
    header('charges.csv'),
    ...shuffled.map((key, index) => `${PERIOD},${index + 1},${key},P-${key},bulk,data,,Lump,${index + 1}.01,,`),
  ])
  await write('more-pools.csv', [
    header('pools.csv'),
    'P-1,acme,A-1,bulk,data,10,GB,',
    ...shuffled.map((key) => `P-${key},acme,A-1,bulk,data,1,GB,`),
  ])
  await write('more-members.csv', [
    header('pool_members.csv'),
    ...['phone-1', 'phone-2', 'phone-3'].map((service) => `P-1,${service},,,,`),
    ...shuffled.flatMap((key) => [`P-${key},${key},,,,`, `P-${key},also-${key},,,,`]),
  ])
  await write('more-usage.csv', [
    header('usage.csv'),
    ...shuffled.map(
      (key, index) =>
        `acme,more-${index},A-1,${key},data,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,1,GB,domestic,,,,,,,,`,
    ),
  ])
  const imported = await company.inW([
    'import',
    'more-pools.csv',
    'more-members.csv',
    'more-charges.csv',
    'more-usage.csv',
  ])
  expect(imported.notes()).not.toContain('refused')
  expect((await company.inW(['close', '2026-10'])).notes()).toContain('9 pools divided')
})
afterAll(() => company.remove())

async function csvOf(args: ReadonlyArray<string>): Promise<{ header: string; rows: string[][] }> {
  const { code, written } = await company.inW(['report', ...args, '-p', '2026-10', '--format', 'csv'])
  expect(code).toBe(0)
  const [header = '', ...lines] = written().trimEnd().split('\n')
  return { header, rows: lines.map((line) => line.split(',')) }
}

const cents = (text: string | undefined) => BigInt((text ?? '').replace('.', ''))
const BILLED_CENTS = 10150n + KEYS.reduce((sum, _, index) => sum + BigInt((index + 1) * 100 + 1), 0n)

/** Rows by the bytes of the named cells, one after the other. */
function expectOrdered(rows: ReadonlyArray<ReadonlyArray<string>>, cells: ReadonlyArray<number>): void {
  const keys = rows.map((row) => cells.map((index) => Buffer.from(row[index] ?? '')))
  for (const [index, key] of keys.entries()) {
    const next = keys[index + 1]
    if (!next) return
    const order = key.map((part, at) => Buffer.compare(part, next[at] ?? Buffer.of())).find((sign) => sign !== 0)
    expect(order ?? 0, `${key.join(',')} before ${next.join(',')}`).toBeLessThanOrEqual(0)
  }
}

describe('report allocation', () => {
  it('has its columns, ordered by the bytes of pool, component, currency and service, and sums to the pooled charges', async () => {
    const { header, rows } = await csvOf(['allocation'])
    expect(header).toBe('pool,policy,component,currency,service,actual,adjusted,difference,weight,share,floor,flags')
    expect(new Set(rows.map(([pool]) => pool)).size).toBe(9)
    expectOrdered(rows, [0, 2, 3, 4])
    const sum = (index: number) => rows.reduce((total, row) => total + cents(row[index]), 0n)
    expect([sum(5), sum(6), sum(7)]).toEqual([BILLED_CENTS - 1150n, BILLED_CENTS - 1150n, 0n])
    for (const row of rows) expect(row[9]).toMatch(/^\d\.\d{9}$/)
  })
})

describe('report charges', () => {
  it.each(CHARGE_DIMENSIONS.filter((by) => by !== 'user-id'))(
    'has by %s its columns, ordered by the bytes of the key, and sums to the invoices in both views',
    async (by) => {
      const { header, rows } = await csvOf(['charges', '--by', by])
      expect(header).toBe('key,name,currency,actual,adjusted,difference')
      expectOrdered(rows, [0, 2])
      const sum = (index: number) => rows.reduce((total, row) => total + cents(row[index]), 0n)
      expect([sum(3), sum(4), sum(5)]).toEqual([BILLED_CENTS, BILLED_CENTS, 0n])
    },
  )

  it('names the keys as the user gave them', async () => {
    const { rows } = await csvOf(['charges', '--by', 'service'])
    const keys = rows.map(([key = '']) => key)
    expect(keys.filter((key) => KEYS.includes(key))).toEqual(KEYS)
  })
})

describe('report usage', () => {
  it('has its columns, ordered by the bytes of account, service, usage class, bucket and tier', async () => {
    const { header, rows } = await csvOf(['usage'])
    expect(header).toBe('account,service,usage_class,bucket,tier,quantity,amount')
    expect(rows.map((row) => row[1])).toEqual([...KEYS.slice(0, 5), 'phone-2', 'phone-3', ...KEYS.slice(5)])
    expectOrdered(rows, [0, 1, 2, 3, 4])
    expect(rows.reduce((sum, row) => sum + BigInt(row[5] ?? ''), 0n)).toBe(11_000_000_000n)
  })

  it.each(USAGE_DIMENSIONS)('sums by %s to all usage', async (by) => {
    const { header, rows } = await csvOf(['usage', '--by', by])
    expect(header).toBe('key,name,usage_class,quantity,unit')
    expectOrdered(rows, [0, 2])
    expect(rows.reduce((sum, row) => sum + BigInt(row[3] ?? ''), 0n)).toBe(11_000_000_000n)
  })
})
