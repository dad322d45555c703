import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { zipOf } from '../../../test/archives.ts'
import { differences, factsOf, isCharge, isTotal, isUsage, problemsOf } from '../../../test/facts.ts'
import { describeImporter } from '../../../test/importer-contract.ts'
import { readWith, withFile } from '../../../test/read-file.ts'
import { chargesOf, HEADING, interchangeOf, readBody } from '../../../test/x12.ts'
import { x12ConsolidatedInvoice } from './x12-811.ts'

const SAMPLES = join(import.meta.dirname, 'samples')
const SAMPLE = join(SAMPLES, 'consolidated-invoice.edi')

describeImporter({
  importer: x12ConsolidatedInvoice,
  samples: [{ path: SAMPLE, expectedPath: join(SAMPLES, 'x12-811.expected.ndjson') }],
  foreignPaths: [
    join(import.meta.dirname, '../canonical/samples/charges.csv'),
    join(import.meta.dirname, '../att-premier/samples/All Wireless Charges and Usage.csv'),
  ],
})

describe('the sample', () => {
  it('foots, with the balance brought forward shown and not counted', async () => {
    const rows = await readWith(x12ConsolidatedInvoice, SAMPLE)
    expect(problemsOf(rows)).toEqual([])
    expect(differences(rows)).toEqual({})
    expect(
      factsOf(rows)
        .filter(isCharge)
        .filter(({ category }) => category === 'payment'),
    ).toMatchObject([{ amountMinor: 12000n }])
  })

  it('is found in an archive and in a gzip file', async () => {
    const text = interchangeOf([...HEADING, 'TDS*0'])
    const paths = { 'bill.zip': await zipOf({ 'bill.txt': Buffer.from(text) }), 'bill.gz': gzipSync(text) }
    for (const [name, bytes] of Object.entries(paths)) {
      const rows = await withFile(name, bytes, (path) => readWith(x12ConsolidatedInvoice, path))
      expect(factsOf(rows)).toMatchObject([{ fact: 'invoice', totalMinor: 0n }])
    }
  })
})

describe('the body of the format’s notes', () => {
  it('foots: an item, a charge in cents and a decimal tax', async () => {
    const rows = await readBody(
      ...HEADING,
      'HL*1**A',
      'HL*2*1*B',
      'REF*MN*5550100001',
      'IT1**1*EA*45.00**VP*PLAN',
      'PID*F****PHONE',
      'QTY*DG*22',
      'SAC*C*F305***600**********NAME',
      'TXI*ST*5.50',
      'TDS*5650',
      'CTT*1',
    )
    expect(problemsOf(rows)).toEqual([])
    expect(differences(rows)).toEqual({})
    const facts = factsOf(rows)
    expect(facts.filter(isCharge)).toMatchObject([
      { service: '5550100001', category: 'access', product: 'PLAN', description: 'PHONE', amountMinor: 4500n },
      { service: '5550100001', category: 'other', description: 'NAME', amountMinor: 600n },
      { service: '5550100001', category: 'tax', amountMinor: 550n },
    ])
    expect(facts.filter(isUsage)).toMatchObject([{ usageType: 'data', quantityBase: 22n * 1024n ** 3n }])
    expect(facts.filter(isTotal)).toMatchObject([
      { vendor: 'sender', account: 'ACC-1', periodStartOn: '2026-03-01', periodEndOn: '2026-04-01', totalMinor: 5650n },
    ])
  })
})

describe('amounts', () => {
  it.each([
    ['SAC*C*X***600', 600n],
    ['SAC*A*X***600', -600n],
    ['SAC*A*X***-600', -600n],
    ['SAC*C*X***-600', -600n],
    ['SAC*C*X***6', 6n],
    ['SAC*C*X***6.00', 600n],
    ['ITA*C******600******NAME', 600n],
    ['ITA*A******600******NAME', -600n],
    ['IT1**3*EA*15.25', 4575n],
    ['IT1**3*EA*15', 4500n],
    ['IT1**3*EA*.3333', null],
    ['IT1**0.5*EA*0.02', 1n],
    ['IT1**-1*EA*15.00', -1500n],
    ['IT1***EA*15.00', 1500n],
    ['SLN*1**A*2*EA*1.50', 300n],
    ['SLN*1**D*2*EA*1.50', -300n],
    ['SLN*1**I*2*EA*1.50*PE*A', 300n],
    ['TXI*ST*550', 550n],
    ['TXI*ST*5.50', 550n],
    ['TXI*ST*5.505', null],
    ['USD*A**0.05**MJ*312**15.60', 1560n],
    ['USD*A**0.05**MJ*312', 1560n],
    ['TCD*1*20260305*0915*TN*2145550000*TX****12**0.63*0.60***A', 60n],
  ])('%s is %s', async (segment, minor) => {
    const rows = await readBody(...HEADING, 'HL*1**A', segment)
    const charges = factsOf(rows).filter(isCharge)
    expect(charges.map(({ amountMinor }) => amountMinor)).toEqual(minor === null ? [] : [minor])
    if (minor === null) expect(problemsOf(rows)).toMatchObject([{ code: 'amount-precision', severity: 'error' }])
  })

  it.each([
    'SAC*N*X***600',
    'SLN*1**I*1*EA*9.99',
    'SLN*1**O*1*EA*9.99',
    'AMT*1*250',
    'TXI*ST*5.50*****O',
    'IT1**1*EA',
    'BAL*M*TB*10.00',
  ])('%s charges nothing', async (segment) => {
    const rows = await readBody(...HEADING, 'HL*1**A', segment)
    expect(factsOf(rows)).toEqual([])
    expect(problemsOf(rows)).toEqual([])
  })

  it.each([
    ['SAC*C*X', 'value-missing', 'SAC05'],
    ['SAC*C*X***6OO', 'amount-unreadable', 'SAC05'],
    ['IT1**x*EA*15.00', 'number-unreadable', 'IT102'],
    ['IT1**1*EA*15,00', 'amount-unreadable', 'IT104'],
    ['TDS*', 'value-missing', 'TDS01'],
    ['TCD*1*20260305*0915', 'value-missing', 'TCD10'],
    ['TCD*1*20261305*0915*******12', 'date-unreadable', 'TCD02'],
    ['TCD*1*99991231*0915*******12', 'date-unreadable', 'TCD02'],
  ])('%s is quarantined for %s', async (segment, code, at) => {
    expect(problemsOf(await readBody(...HEADING, 'HL*1**A', segment))).toEqual([
      { line: 9, code, severity: 'error', at },
    ])
  })

  it('of taxes are decimals throughout where any of them has a point, before or behind', async () => {
    const charges = await chargesOf('HL*1**A', 'TXI*ST*5', 'TXI*ST*5.5', 'TXI*ST*6')
    expect(charges.map(({ amountMinor }) => amountMinor)).toEqual([500n, 550n, 600n])
  })

  it('have the decimals of their currency', async () => {
    const rows = await readBody(...HEADING, 'CUR*SE*JPY', 'HL*1**A', 'IT1**1*EA*4500', 'SAC*C*X***60050')
    expect(factsOf(rows)).toMatchObject([{ currency: 'JPY', amountMinor: 4500n }])
    expect(problemsOf(rows)).toMatchObject([{ code: 'amount-precision' }])
  })
})

describe('use', () => {
  const usesOf = async (...body: string[]) =>
    factsOf(await readBody(...HEADING, 'HL*1**A', 'REF*MN*1', ...body)).filter(isUsage)

  it('of a call is minutes and seconds together, and its cost is shown', async () => {
    expect(await usesOf('TCD*1*20260305*091530*TN*2145550000*TX****12*30*0.625')).toMatchObject([
      {
        service: '1',
        usageType: 'voice',
        quantityBase: 750n,
        quantity: '750',
        unit: 's',
        peer: '2145550000',
        view: 'itemised',
        startedAt: Date.parse('2026-03-05T09:15:30Z') * 1000,
        extra: { amount: '0.625' },
      },
    ])
  })

  it.each([
    ['USD*I**0.05**MJ*312**15.60', 'voice', 18_720n],
    ['USD*I**0.05**2P:1:1*2097152', 'data', 2_147_483_648n],
    ['USD*I**0.05**GB*1.5', 'data', 1_610_612_736n],
    ['QTY*99*12*MB', 'data', 12_582_912n],
    ['TCD*1*20260305*0915*******1.5', 'voice', 90n],
    ['TCD*1*20260305*0915********90', 'voice', 90n],
  ])('%s is %s of %s', async (segment, usageType, quantityBase) => {
    expect(await usesOf(segment)).toMatchObject([{ usageType, quantityBase }])
  })

  it('in a unit that nobody knows is reported, and the row is kept', async () => {
    const rows = await readBody(...HEADING, 'HL*1**A', 'USD*A**0.05**ZZ*312**15.60')
    expect(problemsOf(rows)).toEqual([{ line: 9, code: 'unit-unknown', severity: 'warning', at: 'USD05' }])
    expect(factsOf(rows)).toMatchObject([{ fact: 'charge', amountMinor: 1560n }])
  })
})
