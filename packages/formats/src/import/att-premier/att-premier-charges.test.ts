import { join } from 'node:path'
import type { Charge, ReadRow } from '@spillway/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differences, factsOf, isCharge, isRefused, isTotal, isUsage, sum } from '../../../test/facts.ts'
import { generatePremierReport } from '../../../test/generators/att-premier-report.ts'
import { describeImporter } from '../../../test/importer-contract.ts'
import { readWith, withFile } from '../../../test/read-file.ts'
import { readAll, tableOf } from '../../../test/table-of.ts'
import { writeGrid } from '../../../test/variants.ts'
import { attPremierCharges } from './att-premier-charges.ts'

const SAMPLES = join(import.meta.dirname, 'samples')
const SAMPLE = join(SAMPLES, 'All Wireless Charges and Usage.csv')

describeImporter({
  importer: attPremierCharges,
  samples: [{ path: SAMPLE, expectedPath: join(SAMPLES, 'att-premier-charges.expected.ndjson') }],
  foreignPaths: [
    join(import.meta.dirname, '../verizon/samples/Account & Wireless Summary_202601.txt'),
    join(import.meta.dirname, '../canonical/samples/charges.csv'),
  ],
})

describe('the sample', () => {
  it('foots with its group and account rows, and not without them', async () => {
    const rows = await readWith(attPremierCharges, SAMPLE)
    expect(differences(rows)).toEqual({})
    const facts = factsOf(rows)
    const [total] = facts.filter(isTotal).filter(({ service }) => service === null)
    expect(total).toMatchObject({ invoice: '287000000001X01182026', totalMinor: 13377n })
    const onNumbers = facts.filter(isCharge).filter(({ service }) => service !== '')
    expect(sum(onNumbers.map(({ amountMinor }) => amountMinor))).toBe(8877n)
  })
})

const HEADER = [
  'Account number',
  'Wireless number',
  'Market cycle end date',
  'Invoice date',
  'Rate code',
  'Rate plan name',
  'Group ID',
  'Total current charges',
  'Total monthly charges',
  'Total activity since last bill',
  'Total taxes',
  'Total company fees and surcharges',
  'Total KB usage',
  'Total minutes usage',
  'Total messages',
  'Total FAN level charges',
  'Total adjustments',
]
const rowOf = (cells: Record<string, string>) => {
  const all: Record<string, string> = {
    'Account number': '287000000001',
    'Wireless number': '5551230001',
    'Market cycle end date': '01/15/2026',
    'Invoice date': '01/18/2026',
    'Total current charges': '$0.00',
    ...cells,
  }
  return HEADER.map((column) => all[column] ?? '')
}
const read = (...rows: Record<string, string>[]) => readAll(attPremierCharges, tableOf(HEADER, rows.map(rowOf)))

describe('the charges of a row', () => {
  type Case = [what: string, cells: Record<string, string>, expected: Partial<Charge>]
  const pooled = { 'Rate code': 'BUP10', 'Rate plan name': 'Business Pooled 10GB', 'Group ID': 'G000777' }
  const cases: ReadonlyArray<Case> = [
    [
      'a pooled plan',
      { ...pooled, 'Total monthly charges': '$40.00' },
      { category: 'access', usageType: 'data', pool: 'G000777', product: 'BUP10', amountMinor: 4000n },
    ],
    [
      'a plan of minutes without a group',
      { 'Rate plan name': 'Nationwide Talk 450', 'Total monthly charges': '39.99' },
      { category: 'access', usageType: 'voice', pool: '', product: 'Nationwide Talk 450' },
    ],
    [
      'a monthly charge without a plan',
      { 'Rate plan name': 'NO CURRENT RATE PLAN', 'Total monthly charges': '$5.00' },
      { category: 'other', usageType: '', product: '' },
    ],
    [
      'activity',
      { ...pooled, 'Total activity since last bill': '$1.10' },
      { category: 'usage', usageType: '', pool: '' },
    ],
    ['taxes', { 'Total taxes': '$5.00' }, { category: 'tax' }],
    ['fees', { 'Total company fees and surcharges': '$3.00' }, { category: 'surcharge' }],
    ['a FAN level charge', { 'Total FAN level charges': '$3.00' }, { category: 'other' }],
    ['a FAN level credit', { 'Total FAN level charges': '($3.00)' }, { category: 'credit', amountMinor: -300n }],
    ['an adjustment in parentheses', { 'Total adjustments': '($7.23)' }, { category: 'credit', amountMinor: -723n }],
    ['an adjustment with a minus', { 'Total adjustments': '-7.23' }, { category: 'credit', amountMinor: -723n }],
    ['both signs at once', { 'Total adjustments': '(-$7.23)' }, { category: 'credit', amountMinor: -723n }],
    ['a debit adjustment', { 'Total adjustments': '$7.23' }, { category: 'other', amountMinor: 723n }],
    [
      "a group's overage",
      { 'Wireless number': 'G000777', 'Total activity since last bill': '$50.00' },
      { category: 'overage', usageType: 'data', pool: 'G000777', service: '' },
    ],
    [
      "a group's lump",
      { 'Wireless number': 'G000777', 'Total monthly charges': '$900.00' },
      { category: 'bulk', usageType: 'data', pool: 'G000777', service: '' },
    ],
    [
      "a group's credit",
      { 'Wireless number': 'G000777', 'Total adjustments': '($9.00)' },
      { category: 'credit', pool: 'G000777', service: '' },
    ],
    [
      "the account's credit",
      { 'Wireless number': '0', 'Total adjustments': '($5.00)' },
      { category: 'credit', pool: '', service: '' },
    ],
  ]

  it.each(cases)('%s', async (_, cells, expected) => {
    const rows = await read(cells)
    expect(rows.flatMap(({ problems }) => problems)).toEqual([])
    const charges = factsOf(rows).filter(isCharge)
    expect(charges).toHaveLength(1)
    expect(charges[0]).toMatchObject(expected)
  })

  it('are named by bill, number and column, so that a corrected amount keeps its name', async () => {
    const linesOf = async (amount: string) => factsOf(await read({ 'Total taxes': amount })).filter(isCharge)
    const [before, after] = [await linesOf('$5.00'), await linesOf('$6.00')]
    expect(before.map(({ line }) => line)).toEqual(after.map(({ line }) => line))
    expect(before[0]?.line).toMatch(/^[0-9a-f]{12}\.1\.taxes$/)
  })

  it('lie in the month that ends with the market cycle', async () => {
    const [charge] = factsOf(await read({ 'Total taxes': '$5.00' })).filter(isCharge)
    expect(charge).toMatchObject({ periodStartOn: '2025-12-16', periodEndOn: '2026-01-16', issuedOn: '2026-01-18' })
  })
})

describe('the use of a number', () => {
  it('is counted in steps of 1024, a group’s own figures are kept and not counted', async () => {
    const rows = await read(
      { 'Total KB usage': '2,097,152', 'Total minutes usage': '312', 'Total messages': '41' },
      { 'Wireless number': 'G000777', 'Total KB usage': '2,097,152', 'Total taxes': '$1.00' },
    )
    expect(factsOf(rows).filter(isUsage)).toMatchObject([
      { usageType: 'data', quantityBase: 2_147_483_648n, unit: 'KiB', view: 'line-summary', cycleOn: '2025-12-16' },
      { usageType: 'voice', quantityBase: 18_720n },
      { usageType: 'messaging', quantityBase: 41n },
    ])
    const [charge] = factsOf(rows.slice(1)).filter(isCharge)
    expect(charge?.extra).toMatchObject({ 'Total KB usage': '2,097,152' })
  })
})

describe('the total of the invoice', () => {
  const totalsOf = (rows: ReadonlyArray<ReadRow>) =>
    factsOf(rows)
      .filter(isTotal)
      .filter(({ service }) => service === null)

  it('is unknown where a row’s own total cannot be read, for that invoice alone', async () => {
    const other = { 'Account number': '287000000002' }
    const rows = await read(
      { 'Total current charges': '$5.00', 'Total taxes': '$5.00' },
      { 'Total current charges': 'n.n.', 'Total taxes': '$5.00' },
      { ...other, 'Total current charges': '$6.00', 'Total taxes': '$6.00' },
    )
    expect(totalsOf(rows)).toMatchObject([{ account: '287000000002', totalMinor: 600n }])
    expect(rows[1]).toMatchObject({ facts: [], amount: { currency: 'USD', minor: 500n } })
  })

  it('is known, and the row refused, where a group’s row comes to something and no column says for what', async () => {
    const rows = await read(
      { 'Total current charges': '$5.00', 'Total taxes': '$5.00' },
      { 'Wireless number': 'G000777', 'Total current charges': '$50.00' },
    )
    expect(totalsOf(rows)).toMatchObject([{ totalMinor: 5500n }])
    expect(rows[1]).toMatchObject({
      facts: [],
      problems: [{ code: 'value-missing', severity: 'error' }],
      amount: { currency: 'USD', minor: 5000n },
    })
  })

  it('is unknown for every invoice where a row does not say which it belongs to', async () => {
    const rows = await read({ 'Total current charges': '$5.00' }, { 'Market cycle end date': 'soon' })
    expect(totalsOf(rows)).toEqual([])
  })

  it('counts a row whose charges cannot be read, so that the invoice does not foot', async () => {
    const rows = await read(
      { 'Total current charges': '$5.00', 'Total taxes': '$5.00' },
      { 'Wireless number': '5551230002', 'Total current charges': '$7.00', 'Total taxes': '$7.0001' },
    )
    expect(rows[1]).toMatchObject({ problems: [{ code: 'amount-precision' }], amount: { minor: 700n } })
    expect(differences(rows)).toEqual({ '287000000001X01182026': -700n })
  })

  it('stands on the last row that is accepted, with rows in file order', async () => {
    const rows = await read({ 'Total taxes': '$1.00', 'Total current charges': '$1.00' }, { 'Total taxes': 'x' })
    expect(rows.map(({ line }) => line)).toEqual([2, 3])
    expect(totalsOf(rows.slice(0, 1))).toHaveLength(1)
  })

  it('adds up what the account rows say of the account', async () => {
    const rows = await read(
      { 'Wireless number': 'G000777', 'Total current charges': '$50.00', 'Total activity since last bill': '$50.00' },
      { 'Wireless number': '', 'Total current charges': '($5.00)', 'Total adjustments': '($5.00)' },
    )
    expect(differences(rows)).toEqual({})
    const totals = factsOf(rows).filter(isTotal)
    expect(totals.map(({ service, totalMinor }) => [service, totalMinor])).toEqual([
      ['', 4500n],
      [null, 4500n],
    ])
  })

  it('says the total of a number once, and counts its second row in the invoice', async () => {
    const row = { 'Total current charges': '$5.00', 'Total taxes': '$5.00' }
    const totals = factsOf(await read(row, row)).filter(isTotal)
    expect(totals.map(({ service, totalMinor }) => [service, totalMinor])).toEqual([
      ['5551230001', 500n],
      [null, 1000n],
    ])
  })
})

const seeds = fc.integer({ min: 1, max: 1_000_000_000 })
const readReport = (report: ReturnType<typeof generatePremierReport>) =>
  withFile('report.csv', writeGrid(report), (path) => readWith(attPremierCharges, path))

describe('generated reports', () => {
  it('read without a problem and foot by number, group, account and invoice', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const report = generatePremierReport({ seed })
        const rows = await readReport(report)
        expect(rows).toHaveLength(report.rows.length)
        expect(rows.flatMap(({ problems }) => problems)).toEqual([])
        expect(differences(rows)).toEqual({})
        const facts = factsOf(rows)
        const totals = facts.filter(isTotal).filter(({ service }) => service === null)
        expect(new Map(totals.map(({ invoice, totalMinor }) => [invoice, Number(totalMinor)]))).toEqual(report.totals)
        const data = facts.filter(isUsage).filter(({ usageType }) => usageType === 'data')
        expect(sum(data.map(({ quantityBase }) => quantityBase))).toBe(BigInt(report.dataKilobytes) * 1024n)
        const names = [...facts.filter(isCharge).map(({ line }) => line), ...facts.filter(isUsage).map(({ id }) => id)]
        expect(new Set(names).size).toBe(names.length)
      }),
      { numRuns: 60 },
    )
  })

  it('differ by exactly what was planted, where it was planted', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const report = generatePremierReport({ seed, plantDifference: true })
        const { invoice, service, differenceMinor } = report.planted ?? { invoice: '', service: '', differenceMinor: 0 }
        const minor = BigInt(differenceMinor)
        expect(differences(await readReport(report))).toEqual({ [invoice]: minor, [`${invoice}/${service}`]: minor })
      }),
      { numRuns: 40 },
    )
  })

  it('quarantine exactly the rows that were made unreadable, and lose exactly their money', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.integer({ min: 1, max: 4 }), async (seed, unreadableRows) => {
        const report = generatePremierReport({ seed, unreadableRows })
        const rows = await readReport(report)
        expect(rows.filter(isRefused).map(({ line }) => line)).toEqual(report.unreadable.map(({ line }) => line))
        const all = [...report.totals.values()].reduce((total, minor) => total + minor, 0)
        const lost = report.unreadable.reduce((total, { minor }) => total + minor, 0)
        const charges = factsOf(rows).filter(isCharge)
        expect(sum(charges.map(({ amountMinor }) => amountMinor))).toBe(BigInt(all - lost))
        const shown = rows.filter(isRefused).flatMap(({ amount }) => (amount ? [amount.minor] : []))
        if (shown.length === report.unreadable.length) expect(sum(shown)).toBe(BigInt(lost))
        const unknown = new Set(report.unreadable.filter((row) => !row.isTotalKnown).map(({ invoice }) => invoice))
        const known = factsOf(rows)
          .filter(isTotal)
          .filter(({ service }) => service === null)
        const isStray = report.unreadable.some(({ invoice }) => invoice === '')
        const isAny = !isStray && rows.some((row) => !isRefused(row))
        const expected = isAny ? [...report.totals.keys()].filter((invoice) => !unknown.has(invoice)) : []
        expect(known.map(({ invoice }) => invoice).sort()).toEqual(expected.sort())
      }),
      { numRuns: 60 },
    )
  })

  it('are the same for the same seed', () => {
    expect(generatePremierReport({ seed: 7 })).toEqual(generatePremierReport({ seed: 7 }))
    expect(generatePremierReport({ seed: 7 })).not.toEqual(generatePremierReport({ seed: 8 }))
  })
})
