import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { factsOf, isRefused, isUsage, problemsOf, sum } from '../../../test/facts.ts'
import { generateBtBill } from '../../../test/generators/uk-calls.ts'
import { describeImporter } from '../../../test/importer-contract.ts'
import { readWith, withFile } from '../../../test/read-file.ts'
import { readAll, tableOf } from '../../../test/table-of.ts'
import { writeGrid } from '../../../test/variants.ts'
import { btItemised } from './bt-itemised.ts'

const SAMPLES = join(import.meta.dirname, 'samples')

describeImporter({
  importer: btItemised,
  samples: [{ path: join(SAMPLES, 'bt-itemised.csv'), expectedPath: join(SAMPLES, 'bt-itemised.expected.ndjson') }],
  foreignPaths: [
    join(import.meta.dirname, '../gamma/samples/calls.csv'),
    join(import.meta.dirname, '../canonical/samples/usage.csv'),
  ],
})

const CALL = {
  'Charge Code': 'N',
  'Installation No': 'LO12345',
  'Line No': '02071234567',
  'Charge Card No': '',
  Date: '02/03/2026',
  Time: '09:15:00',
  Destination: 'LONDON',
  'Called No': '02079460000',
  Duration: '000119',
  'Txt Direct Rebate': '',
  Cost: '0.0238',
}
const read = (...calls: Partial<typeof CALL>[]) => {
  const rows = calls.map((call) => Object.values({ ...CALL, ...call }))
  return readAll(btItemised, tableOf(Object.keys(CALL), rows))
}

describe('a call', () => {
  it('is use with its cost beside it, and no charge', async () => {
    expect(factsOf(await read({}))).toMatchObject([
      {
        fact: 'usage',
        source: 'bt',
        account: 'LO12345',
        service: '02071234567',
        usageType: 'voice',
        quantityBase: 79n,
        unit: 's',
        zone: 'domestic',
        startedAt: Date.parse('2026-03-02T09:15:00Z') * 1000,
        isWallTime: true,
        extra: { 'Charge Code': 'N', Destination: 'LONDON', Cost: '0.0238' },
      },
    ])
  })

  it.each([
    ['000119', 79n],
    ['00:01:19', 79n],
    ['010203', 3723n],
    ['1000000', 360_000n],
    ['000000', 0n],
  ])('of %s lasts %s seconds', async (Duration, quantityBase) => {
    expect(factsOf(await read({ Duration }))).toMatchObject([{ quantityBase }])
  })

  it.each([
    ['02071234567', '4400', '02071234567'],
    ['', '4400', '4400'],
    ['', '', 'LO12345'],
  ])('of line "%s" and card "%s" is of %s', async (line, card, service) => {
    expect(factsOf(await read({ 'Line No': line, 'Charge Card No': card }))).toMatchObject([{ service }])
  })

  it('made twice is two calls, and the same ones when the file comes again with another cost', async () => {
    const idsOf = async (Cost: string) =>
      factsOf(await read({ Cost }, { Cost }))
        .filter(isUsage)
        .map(({ id }) => id)
    const ids = await idsOf('0.0238')
    expect(new Set(ids).size).toBe(2)
    expect(await idsOf('0.0240')).toEqual(ids)
  })

  it.each([
    ['Date', '31/02/2026', 'date-unreadable'],
    ['Date', '31/12/9999', 'date-unreadable'],
    ['Date', '', 'value-missing'],
    ['Time', 'noon', 'date-unreadable'],
    ['Duration', '000171', 'number-unreadable'],
    ['Duration', '', 'value-missing'],
    ['Cost', 'free', 'amount-unreadable'],
    ['Installation No', '', 'value-missing'],
  ])('with the %s "%s" is quarantined', async (column, value, code) => {
    const rows = await read({ [column]: value })
    expect(problemsOf(rows)).toEqual([{ line: 2, code, severity: 'error', at: column }])
    expect(factsOf(rows)).toEqual([])
  })
})

describe('generated bills', () => {
  it('yield exactly what was used, with exactly the planted rows in quarantine', async () => {
    const seeds = fc.integer({ min: 1, max: 1_000_000_000 })
    await fc.assert(
      fc.asyncProperty(seeds, fc.integer({ min: 0, max: 3 }), async (seed, unreadableRows) => {
        const bill = generateBtBill({ seed, unreadableRows })
        const rows = await withFile('calls.csv', writeGrid(bill), (path) => readWith(btItemised, path))
        expect(rows).toHaveLength(bill.rows.length)
        expect(rows.filter(isRefused).map(({ line }) => line)).toEqual(bill.unreadableLines)
        const uses = factsOf(rows).filter(isUsage)
        expect(Number(sum(uses.map(({ quantityBase }) => quantityBase)))).toBe(bill.voiceSeconds)
        expect(new Set(uses.map(({ id }) => id)).size).toBe(uses.length)
      }),
      { numRuns: 60 },
    )
  })

  it('are the same for the same seed', () => {
    expect(generateBtBill({ seed: 7 })).toEqual(generateBtBill({ seed: 7 }))
  })
})
