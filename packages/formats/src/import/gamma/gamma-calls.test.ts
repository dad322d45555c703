import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { factsOf, isRefused, isUsage, problemsOf, sum } from '../../../test/facts.ts'
import { type GeneratedCalls, generateGammaCalls } from '../../../test/generators/uk-calls.ts'
import { describeImporter } from '../../../test/importer-contract.ts'
import { printRows, readWith, withFile } from '../../../test/read-file.ts'
import { readAll, tableOf } from '../../../test/table-of.ts'
import { writeGrid } from '../../../test/variants.ts'
import { fileIntake } from '../../intake/file-intake.ts'
import { IMPORTERS } from '../index.ts'
import { GAMMA_COLUMNS, gammaCalls, gammaCallsWithoutHeader } from './gamma-calls.ts'

const SAMPLES = join(import.meta.dirname, 'samples')
const EXPECTED = join(SAMPLES, 'gamma-calls.expected.ndjson')

describeImporter({
  importer: gammaCalls,
  samples: [{ path: join(SAMPLES, 'calls.csv'), expectedPath: EXPECTED }],
  foreignPaths: [
    join(SAMPLES, 'calls-without-header.csv'),
    join(import.meta.dirname, '../bt/samples/bt-itemised.csv'),
    join(import.meta.dirname, '../canonical/samples/usage.csv'),
  ],
})

/** As an import reads it: the importer is chosen among all, and the table opened as it asks. */
async function importRows(path: string) {
  const file = await fileIntake(IMPORTERS).open(path, { source: '' })
  const rows = []
  for (const part of file.parts) {
    const context = { fileName: file.fileName, member: part.member, source: '' }
    for await (const batch of part.importer.read(await part.openTable(), context)) rows.push(...batch)
  }
  await file.close()
  return { importers: file.parts.map(({ importer }) => importer.name), rows }
}

describe('a file without a header', () => {
  it('is recognised and read like one with a header', async () => {
    const { importers, rows } = await importRows(join(SAMPLES, 'calls-without-header.csv'))
    expect(importers).toEqual([gammaCallsWithoutHeader.name])
    const withHeader = await importRows(join(SAMPLES, 'calls.csv'))
    expect(withHeader.importers).toEqual([gammaCalls.name])
    expect(printRows(rows.map((row) => ({ ...row, line: row.line + 1 })))).toBe(printRows(withHeader.rows))
  })

  it.each(['a,b,c\n1,2,3\n', '02/03/2026,09:15:00,60\n'])('is not seen in %j', async (text) => {
    await expect(withFile('t.csv', text, importRows)).rejects.toMatchObject({ kind: 'unrecognised-file' })
  })
})

const HEADER = GAMMA_COLUMNS.map(({ name }) => name)
const rowOf = (cells: Record<string, string>) => {
  const all: Record<string, string> = {
    'Call Type': 'V',
    'Customer Identifier': '02071234567',
    'Non-Charged Party': '02079460000',
    'Call Date': '02/03/2026',
    'Call Time': '09:15:00',
    Duration: '119',
    Salesprice: '0.0238',
    ...cells,
  }
  return HEADER.map((column) => all[column] ?? '')
}
const read = (...rows: Record<string, string>[]) => readAll(gammaCalls, tableOf(HEADER, rows.map(rowOf)))
const usesOf = async (...rows: Record<string, string>[]) => factsOf(await read(...rows)).filter(isUsage)

describe('a call', () => {
  it('is use with its price beside it, and no charge', async () => {
    expect(factsOf(await read({ 'Salesprice (Pre-Bundle)': '0.0400', 'Bundle Name': 'UK 5000' }))).toMatchObject([
      {
        fact: 'usage',
        usageType: 'voice',
        quantityBase: 119n,
        unit: 's',
        service: '02071234567',
        pool: 'UK 5000',
        startedAt: Date.parse('2026-03-02T09:15:00Z') * 1000,
        isWallTime: true,
        extra: { Salesprice: '0.0238', 'Salesprice (Pre-Bundle)': '0.0400' },
      },
    ])
  })

  it.each([
    ['1', 'peak'],
    ['2', 'off-peak'],
    ['03', 'weekend'],
    ['', ''],
  ])('in time band %s is %s', async (band, timeBand) => {
    expect(await usesOf({ 'Time Band': band })).toMatchObject([{ timeBand }])
  })

  it('in a time band that nobody knows is kept, with a warning', async () => {
    const rows = await read({ 'Time Band': '7' })
    expect(problemsOf(rows)).toEqual([{ line: 2, code: 'value-unknown', severity: 'warning', at: 'Time Band' }])
    expect(factsOf(rows)).toMatchObject([{ timeBand: '' }])
  })

  it.each([
    ['02079460000', 'domestic'],
    ['+442079460000', 'domestic'],
    ['00442079460000', 'domestic'],
    ['118500', 'domestic'],
    ['+33123456789', 'international'],
    ['0033123456789', 'international'],
    ['33123456789', ''],
    ['', ''],
  ])('to %s is %s', async (number, zone) => {
    expect(await usesOf({ 'Non-Charged Party': number })).toMatchObject([{ zone }])
  })

  it.each<[what: string, cells: Record<string, string>, expected: object]>([
    ['a message', { 'Call Type': 'S', Duration: '0' }, { usageType: 'messaging', quantityBase: 1n }],
    ['a session', { 'Call Type': 'G', 'Total Bytes Transferred': '2049' }, { usageType: 'data', quantityBase: 2049n }],
    ['both directions', { 'Bytes Transmitted': '9', 'Bytes Received': '1' }, { usageType: 'data', quantityBase: 10n }],
    ['a session of nothing', { 'Call Type': 'G' }, { usageType: 'data', quantityBase: 0n }],
    ['a zero-rated call', { 'Call Type': 'Z' }, { usageType: 'voice', quantityBase: 119n }],
    ['a call from abroad', { 'Country of Origin': 'FRA' }, { zone: 'roaming' }],
    ["an end customer's reference", { 'Onward Billing Reference': 'ACME' }, { accountCode: 'ACME' }],
    ['a record number', { 'Record ID': '900001' }, { id: 'record:900001' }],
  ])('%s', async (_, cells, expected) => {
    expect(await usesOf(cells)).toMatchObject([expected])
  })

  it.each([
    ['Call Date', '31/02/2026', 'date-unreadable'],
    ['Call Date', '31/12/9999', 'date-unreadable'],
    ['Call Date', '', 'value-missing'],
    ['Call Time', '25:00:00', 'date-unreadable'],
    ['Duration', '1m', 'number-unreadable'],
    ['Duration', '', 'value-missing'],
    ['Salesprice', 'free', 'amount-unreadable'],
    ['Customer Identifier', '', 'value-missing'],
  ])('with the %s "%s" is quarantined', async (column, value, code) => {
    const rows = await read({ [column]: value })
    expect(problemsOf(rows)).toEqual([{ line: 2, code, severity: 'error', at: column }])
    expect(factsOf(rows)).toEqual([])
  })
})

const documentsOf = async (...dates: string[]) =>
  (await read(...dates.map((date) => ({ 'Call Date': date })))).map(({ facts }) => facts[0]?.document.invoice)

describe('the document of a call', () => {
  it('is the day of a daily file, with late calls and those past midnight', async () => {
    expect(await documentsOf('01/03/2026', '02/03/2026', '02/03/2026', '03/03/2026')).toEqual(
      Array.from({ length: 4 }, () => '2026-03-02'),
    )
  })

  it('is its own day in a monthly file, which so replaces every daily one', async () => {
    const days = ['01', '02', '03', '04', '04']
    expect(await documentsOf(...days.map((day) => `${day}/03/2026`))).toEqual(days.map((day) => `2026-03-${day}`))
  })

  it('is the month for late calls of another month, whose own days they do not replace', async () => {
    const dates = ['01/03/2026', '02/03/2026', '03/03/2026', '04/03/2026', '28/02/2026']
    expect((await documentsOf(...dates)).at(-1)).toBe('2026-03')
  })
})

const seeds = fc.integer({ min: 1, max: 1_000_000_000 })
const readFile = (calls: GeneratedCalls) =>
  withFile('calls.csv', writeGrid(calls), (path) => readWith(gammaCalls, path))

describe('generated call files', () => {
  it('yield exactly what was used, under names of its own, with exactly the planted rows in quarantine', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.integer({ min: 0, max: 3 }), async (seed, unreadableRows) => {
        const calls = generateGammaCalls({ seed, unreadableRows })
        const rows = await readFile(calls)
        expect(rows).toHaveLength(calls.rows.length)
        expect(rows.filter(isRefused).map(({ line }) => line)).toEqual(calls.unreadableLines)
        const uses = factsOf(rows).filter(isUsage)
        expect(uses).toHaveLength(calls.rows.length - calls.unreadableLines.length)
        const used = (type: string) =>
          Number(sum(uses.filter(({ usageType }) => usageType === type).map(({ quantityBase }) => quantityBase)))
        expect([used('voice'), used('data'), used('messaging')]).toEqual([
          calls.voiceSeconds,
          calls.dataBytes,
          calls.messages,
        ])
        expect(new Set(uses.map(({ id }) => id)).size).toBe(uses.length)
      }),
      { numRuns: 60 },
    )
  })

  it('of a month stand in the documents that the daily ones stood in', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.integer({ min: 1, max: 31 }), async (seed, dayOfMonth) => {
        const daily = await readFile(generateGammaCalls({ seed, dayOfMonth }))
        const monthly = generateGammaCalls({ seed })
        const names = (rows: typeof daily) =>
          [...new Set(rows.flatMap(({ facts }) => facts.map(({ document }) => document.invoice)))].sort()
        expect(names(daily)).toEqual([`2026-03-${String(dayOfMonth).padStart(2, '0')}`])
        expect(names(await readFile(monthly))).toEqual(monthly.days)
      }),
      { numRuns: 30 },
    )
  })

  it('are the same for the same seed', () => {
    expect(generateGammaCalls({ seed: 7 })).toEqual(generateGammaCalls({ seed: 7 }))
    expect(generateGammaCalls({ seed: 7 })).not.toEqual(generateGammaCalls({ seed: 8 }))
  })
})
