import { join } from 'node:path'
import type { Charge, Fact, InvoiceTotal, ReadRow, Usage } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { describeImporter } from '../../../test/importer-contract.ts'
import { readWith } from '../../../test/read-file.ts'
import { readAll, tableOf } from '../../../test/table-of.ts'
import { recogniseImporter } from '../../intake/recognise.ts'
import { IMPORTERS } from '../index.ts'
import { verizonAccountSummary } from './account-summary.ts'
import { verizonDetail } from './detail.ts'
import { verizonUsage } from './usage.ts'
import { verizonWirelessSummary } from './wireless-summary.ts'

const SAMPLES = join(import.meta.dirname, 'samples')
const FILES = [
  { importer: verizonAccountSummary, file: 'AccountSummary_202601.txt' },
  { importer: verizonWirelessSummary, file: 'Account & Wireless Summary_202601.txt' },
  { importer: verizonDetail, file: 'Acct & Wireless Charges Detail Summary Usage_202601.txt' },
  { importer: verizonUsage, file: 'Wireless Usage Detail_202601.txt' },
]

for (const { importer, file } of FILES) {
  describeImporter({
    importer,
    samples: [{ path: join(SAMPLES, file), expectedPath: join(SAMPLES, `${importer.name}.expected.ndjson`) }],
    foreignPaths: FILES.filter((other) => other.file !== file).map((other) => join(SAMPLES, other.file)),
  })
}

const factsOf = (rows: ReadonlyArray<ReadRow>) => rows.flatMap((row) => row.facts.map(({ fact }) => fact))
const isCharge = (fact: Fact): fact is Charge => fact.fact === 'charge'
const isTotal = (fact: Fact): fact is InvoiceTotal => fact.fact === 'invoice'
const isUsage = (fact: Fact): fact is Usage => fact.fact === 'usage'
const sumOf = (amounts: ReadonlyArray<bigint>) => amounts.reduce((sum, amount) => sum + amount, 0n)
const codesOf = (rows: ReadonlyArray<ReadRow>) => rows.map((row) => row.problems.map(({ code }) => code))

describe('the month set of the samples', () => {
  it('foots: detail to each number, to each account', async () => {
    const charges = factsOf(await readWith(verizonDetail, join(SAMPLES, FILES[2]!.file))).filter(isCharge)
    const services = factsOf(await readWith(verizonWirelessSummary, join(SAMPLES, FILES[1]!.file))).filter(isTotal)
    const accounts = factsOf(await readWith(verizonAccountSummary, join(SAMPLES, FILES[0]!.file))).filter(isTotal)
    expect(accounts.map(({ account, totalMinor }) => [account, totalMinor])).toEqual([
      ['642350544-00001', 9950n],
      ['642350544-00002', 2162n],
    ])
    for (const total of [...services, ...accounts]) {
      const own = charges.filter((charge) => charge.invoice === total.invoice)
      const counted = total.service === null ? own : own.filter(({ service }) => service === total.service)
      expect(sumOf(counted.map(({ amountMinor }) => amountMinor))).toBe(total.totalMinor)
    }
  })

  it('is told apart from every other format by its columns alone', async () => {
    for (const { importer, file } of FILES) {
      const [first] = await readWith(importer, join(SAMPLES, file))
      expect(first?.problems).toEqual([])
    }
    const header = ['Item Category', 'Item Description', 'Cost', 'Account Number', 'Invoice Number', 'Wireless Number']
    expect(recogniseImporter({ header, rows: [] }, IMPORTERS).name).toBe('verizon-detail')
  })
})

const DETAIL = [
  'Account Number',
  'Invoice Number',
  'Bill Cycle Date',
  'Wireless Number',
  'Item Category',
  'Item Description',
  'Share Description',
  'Share Voice',
  'Share Data',
  'Bill Period',
  'Allowance',
  'Used',
  'Billable',
  'Cost',
]
type DetailCells = Partial<Record<(typeof DETAIL)[number], string>>

const detailRow = (cells: DetailCells) => {
  const bill = {
    'Account Number': '642350544-00001',
    'Invoice Number': '1',
    'Bill Cycle Date': 'Jan 14, 2026',
    'Wireless Number': '555-123-4567',
    'Bill Period': 'Dec 15 - Jan 14, 2026',
  }
  const all: Record<string, string> = { ...bill, ...cells }
  return DETAIL.map((column) => all[column] ?? '')
}
const readDetail = (...rows: DetailCells[]) => readAll(verizonDetail, tableOf(DETAIL, rows.map(detailRow)))

describe('rows of the charges detail', () => {
  it('yield a charge and a use where they say both', async () => {
    const [row] = await readDetail({
      'Item Category': 'Data',
      'Item Description': 'GIGABYTE USAGE',
      'Share Description': 'Group  7',
      'Share Data': 'Y',
      Allowance: '2.000',
      Used: '3.500',
      Billable: '1.500',
      Cost: '$15.00',
    })
    expect(row?.facts.map(({ fact }) => fact)).toMatchObject([
      { category: 'overage', usageType: 'data', pool: 'GROUP 7', amountMinor: 1500n, quantity: '1.500', unit: 'GiB' },
      { usageType: 'data', quantityBase: 3758096384n, view: 'class-summary', cycleOn: '2025-12-15', zone: 'domestic' },
    ])
    expect(row?.facts[0]?.fact).toMatchObject({ periodStartOn: '2025-12-15', periodEndOn: '2026-01-15' })
  })

  it('that are identical are two charges with names of their own', async () => {
    const twice = { 'Item Category': 'Monthly Charges', 'Item Description': '2GB DATA', Cost: '$30.00' }
    const lines = factsOf(await readDetail(twice, twice))
      .filter(isCharge)
      .map(({ line }) => line)
    expect(lines[0]?.endsWith('.1') && lines[1]?.endsWith('.2')).toBe(true)
  })

  it('keep their names when a corrected file inserts a row before them', async () => {
    const plan = { 'Item Category': 'Monthly Charges', 'Item Description': '2GB DATA', Cost: '$30.00' }
    const other = { 'Item Category': 'VZW Surcharges', 'Item Description': 'ADMIN', Cost: '$1.00' }
    const [alone] = factsOf(await readDetail(plan)).filter(isCharge)
    const [, after] = factsOf(await readDetail(other, plan)).filter(isCharge)
    expect(after?.line).toBe(alone?.line)
  })

  it('name their pool only where they pay for what their own usage type shares', async () => {
    const shared = { 'Share Description': 'GROUP 7', 'Share Data': 'Y' }
    const rows = await readDetail(
      { 'Item Category': 'Monthly Charges', 'Item Description': '2GB DATA', Cost: '$30.00', ...shared },
      { 'Item Category': 'Equipment Charges', 'Item Description': 'Payment 1 of 24', Cost: '$30.00', ...shared },
      {
        'Item Category': 'Monthly Charges',
        'Item Description': '2GB DATA',
        Cost: '$30.00',
        'Share Description': 'Plan',
      },
      {
        'Item Category': 'Voice',
        'Item Description': 'PEAK MINUTES',
        Allowance: '400',
        Used: '450',
        Cost: '$5.00',
        ...shared,
      },
    )
    expect(
      factsOf(rows)
        .filter(isCharge)
        .map(({ pool }) => pool),
    ).toEqual(['GROUP 7', '', '', ''])
  })

  it('of payments are kept as payments', async () => {
    const [row] = await readDetail({
      'Wireless Number': 'N/A',
      'Item Category': 'Account Charges',
      'Item Description': 'Payment Received',
      Cost: '($100.00)',
    })
    expect(row?.facts[0]?.fact).toMatchObject({ category: 'payment', service: '', amountMinor: -10000n })
  })

  it('that bill nothing and count a use are a use alone', async () => {
    const rows = await readDetail({
      'Item Category': 'Voice',
      'Item Description': 'MOBILE TO MOBILE',
      Allowance: 'unlimited',
      Used: '80',
      Cost: '$0.00',
    })
    expect(factsOf(rows)).toMatchObject([{ fact: 'usage', network: 'on-net', quantityBase: 4800n }])
  })

  it('whose use cannot be told keep their money and say so', async () => {
    const rows = await readDetail({ 'Item Category': 'Data', 'Item Description': 'USAGE', Used: '80', Cost: '$4.00' })
    expect(codesOf(rows)).toEqual([['unit-unknown']])
    expect(factsOf(rows)).toMatchObject([{ fact: 'charge', amountMinor: 400n, extra: { Used: '80' } }])
  })

  it.each<[string, DetailCells, string, string | undefined]>([
    ['no cost and no use', { 'Item Category': 'Monthly Charges', 'Item Description': 'X' }, 'value-missing', 'Cost'],
    ['a cost that is no amount', { 'Item Description': 'X', Cost: 'free' }, 'amount-unreadable', 'Cost'],
    ['a cost of tenths of a cent', { 'Item Description': 'X', Cost: '$1.005' }, 'amount-precision', 'Cost'],
    [
      'a use that is no number',
      { 'Item Category': 'Voice', 'Item Description': 'PEAK MINUTES', Used: 'lots', Cost: '$0.00' },
      'number-unreadable',
      'Used',
    ],
    [
      'a period that is none',
      { 'Item Description': 'X', Cost: '1', 'Bill Period': 'January' },
      'date-unreadable',
      'Bill Period',
    ],
    ['no account', { 'Item Description': 'X', Cost: '1', 'Account Number': '' }, 'value-missing', 'Account Number'],
    [
      'a use without unit that bills nothing',
      { 'Item Category': 'Data', 'Item Description': 'USAGE', Used: '8' },
      'unit-unknown',
      'Item Description',
    ],
  ])('with %s are quarantined whole', async (_, cells, code, column) => {
    const [row] = await readDetail(cells)
    expect(row?.facts).toEqual([])
    expect(row?.problems).toMatchObject([{ code, severity: 'error', source: { file: 'test.txt', line: 2, column } }])
  })

  it('take the month that ends with the cycle date where the period is blank', async () => {
    const [row] = await readDetail({ 'Item Description': 'X', Cost: '1.00', 'Bill Period': '' })
    expect(row?.facts[0]?.fact).toMatchObject({ periodStartOn: '2025-12-15', periodEndOn: '2026-01-15' })
  })
})

describe('summaries that do not sum', () => {
  it('are imported with what differs', async () => {
    const header = [
      'Account Number',
      'Invoice Number',
      'Bill Cycle Date',
      'Monthly Charges',
      'Equipment Charges',
      'Total Current Charges',
    ]
    const rows = await readAll(
      verizonAccountSummary,
      tableOf(header, [['A', '1', 'Jan 31, 2026', '90.00', '(1.00)', '$99.50']]),
    )
    expect(rows[0]?.problems).toMatchObject([
      {
        code: 'invoice-does-not-foot',
        severity: 'warning',
        facts: { total: '99.50', amount: '89.00', difference: '-10.50' },
      },
    ])
    expect(factsOf(rows)).toMatchObject([{ service: null, totalMinor: 9950n }])
  })

  it('are compared for each number too', async () => {
    const header = [
      'Account Number',
      'Invoice Number',
      'Bill Cycle Date',
      'Wireless Number',
      'Monthly Charges',
      'Total Charges',
    ]
    const rows = await readAll(
      verizonWirelessSummary,
      tableOf(header, [['A', '1', 'Jan 31, 2026', 'N/A', '90.00', '91.00']]),
    )
    expect(rows[0]?.problems).toMatchObject([
      { code: 'service-does-not-foot', facts: { service: '', difference: '-1.00' } },
    ])
  })
})

describe('the data columns of the wireless summary', () => {
  const header = [
    'Account Number',
    'Invoice Number',
    'Bill Cycle Date',
    'Wireless Number',
    'Total Charges',
    'Data Usage (KB)',
    'Data Usage (MB)',
    'Data Usage (GB)',
  ]
  it.each([
    [['1024', '', ''], 1048576n],
    [['1024', '1', ''], 1048576n],
    [['1048576', '1024', '1.000'], 1073741824n],
    [['1024', '500', ''], 525336576n],
    [['0', '', '3.5'], 3758096384n],
    [['0', '0', '0'], 0n],
  ])('%j are %d bytes', async (cells, bytes) => {
    const rows = await readAll(
      verizonWirelessSummary,
      tableOf(header, [['A', '1', 'Jan 31, 2026', '5551234567', '0.00', ...cells]]),
    )
    expect(
      sumOf(
        factsOf(rows)
          .filter(isUsage)
          .map(({ quantityBase }) => quantityBase),
      ),
    ).toBe(bytes)
  })
})

describe('itemised rows', () => {
  const header = [
    'Account Number',
    'Invoice Number',
    'Bill Period',
    'Wireless Number',
    'Date',
    'Time',
    'Usage Category',
    'Origination',
    'Minutes',
    'Quantity',
    'Unit',
  ]
  const read = (...cells: string[]) =>
    readAll(verizonUsage, tableOf(header, [['A', '1', 'Dec 15 - Jan 14, 2026', '5551234567', ...cells]]))

  it.each([
    [
      ['Dec 20', '10:26 PM', 'M2MAllow', 'Austin', '5', '', ''],
      {
        usageType: 'voice',
        network: 'on-net',
        quantityBase: 300n,
        startedAt: Date.parse('2025-12-20T22:26:00Z') * 1000,
      },
    ],
    [
      ['Jan 3', '', 'Data', 'Austin', '', '1.5', 'MB'],
      { usageType: 'data', quantityBase: 1572864n, startedAt: Date.parse('2026-01-03') * 1000 },
    ],
    [['Jan 3', '', 'Text Message', 'Austin', '', '', ''], { usageType: 'messaging', quantityBase: 1n }],
    [
      ['Jan 3', '', 'International Roaming', 'Paris', '7', '', ''],
      { usageType: 'voice', zone: 'roaming', quantityBase: 420n },
    ],
  ])('%j are read', async (cells, fact) => {
    const rows = await read(...cells)
    expect(rows[0]?.problems).toEqual([])
    expect(factsOf(rows)).toMatchObject([{ view: 'itemised', cycleOn: '2025-12-15', isWallTime: true, ...fact }])
  })

  it.each([
    [['Jan 3', '', 'Voice', 'Austin', '', '', ''], 'value-missing'],
    [['Jan 3', '', 'Data', 'Austin', '', '7', ''], 'unit-unknown'],
    [['Jan 3', '', 'Gadget', 'Austin', '', '7', ''], 'value-unknown'],
    [['Mar 3', '', 'Voice', 'Austin', '1', '', ''], 'date-unreadable'],
    [['Jan 3', '99:99', 'Voice', 'Austin', '1', '', ''], 'date-unreadable'],
    [['Jan 3', '', 'Voice', 'Austin', 'x', '', ''], 'number-unreadable'],
  ])('%j are quarantined as %s', async (cells, code) => {
    const rows = await read(...cells)
    expect(factsOf(rows)).toEqual([])
    expect(codesOf(rows)).toEqual([[code]])
  })
})

describe('a detail row that cannot be used', () => {
  const HEADER = 'Account Number,Invoice Number,Bill Period,Wireless Number,Item Category,Item Description,Cost'.split(
    ',',
  )
  const PERIOD = 'Jan 1 - Jan 31, 2026'

  it.each<[string, string[], bigint | undefined]>([
    ['without an invoice', ['1', '', PERIOD, '5551234567', 'Monthly Charges', '5GB TABLET', '$20.00'], 2000n],
    ['without a period', ['1', '9', '', '5551234567', 'Monthly Charges', '5GB TABLET', '(20.00)'], -2000n],
    ['whose cost is no amount', ['1', '9', PERIOD, '5551234567', 'Monthly Charges', '5GB TABLET', 'free'], undefined],
    ['that is a payment', ['1', '', PERIOD, 'N/A', 'Payments', 'Payment received', '-50.00'], undefined],
  ])('%s comes to what its cost says', async (_, cells, minor) => {
    const [row] = await readAll(verizonDetail, tableOf(HEADER, [cells]))
    expect(row?.facts).toEqual([])
    expect(row?.amount).toEqual(minor === undefined ? undefined : { currency: 'USD', minor })
  })
})
