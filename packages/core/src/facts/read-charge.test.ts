import { describe, expect, it } from 'vitest'
import { CHARGE_REQUIRED, type ChargeColumn, readCharge } from './read-charge.ts'
import { INVOICE_REQUIRED, type InvoiceColumn, readInvoice } from './read-invoice.ts'

const source = { file: 'charges.csv', line: 2 }
const charge: Record<ChargeColumn, string> = {
  vendor: 'verizon',
  account: '642350544-00001',
  invoice: '9900001',
  issued_on: '2026-11-01',
  period_start: '2026-10-01',
  period_end: '2026-11-01',
  currency: 'USD',
  line: '1',
  service: '555-123-4567',
  pool: 'P-100',
  category: 'overage',
  usage_type: 'data',
  product: 'PLUS 5G',
  description: 'Data overage, 2 GB',
  amount: '30.00',
  quantity: '2,000.5',
  unit: 'KILOBYTE',
}

function read(changes: Partial<Record<ChargeColumn, string>>) {
  const cells = { ...charge, ...changes }
  return readCharge((column) => cells[column], { source })
}

function problemsOf(changes: Partial<Record<ChargeColumn, string>>) {
  const reading = read(changes)
  return 'problems' in reading ? reading.problems.map(({ code, source: place }) => `${code} ${place?.column}`) : []
}

describe('a charge', () => {
  it('is read with its amount in minor units, and quantity and unit as billed', () => {
    expect(read({})).toEqual({
      fact: {
        fact: 'charge',
        vendor: 'verizon',
        account: '642350544-00001',
        invoice: '9900001',
        issuedOn: '2026-11-01',
        periodStartOn: '2026-10-01',
        periodEndOn: '2026-11-01',
        currency: 'USD',
        line: '1',
        service: '555-123-4567',
        pool: 'P-100',
        category: 'overage',
        usageType: 'data',
        product: 'PLUS 5G',
        description: 'Data overage, 2 GB',
        amountMinor: 3000n,
        quantity: '2,000.5',
        unit: 'KILOBYTE',
        extra: {},
      },
    })
  })

  it.each<[Partial<Record<ChargeColumn, string>>, object]>([
    [{ amount: '-12.5' }, { amountMinor: -1250n }],
    [{ amount: ' 12.500 ' }, { amountMinor: 1250n }],
    [
      { amount: '1200', currency: 'JPY' },
      { amountMinor: 1200n, currency: 'JPY' },
    ],
    [
      { amount: '1.234', currency: 'kwd' },
      { amountMinor: 1234n, currency: 'KWD' },
    ],
    [{ amount: '0' }, { amountMinor: 0n }],
    [
      { service: '', pool: '', usage_type: '', issued_on: '' },
      { service: '', pool: '', usageType: '', issuedOn: null },
    ],
    [{ category: 'Long-Distance' }, { category: 'long-distance' }],
    [{ account: '  A 1 ' }, { account: 'A 1' }],
    [{ period_end: '2026-10-02' }, { periodEndOn: '2026-10-02' }],
    [
      { unit: '', quantity: 'NA' },
      { unit: '', quantity: 'NA' },
    ],
  ])('with %j is read', (changes, expected) => {
    const reading = read(changes)
    expect('fact' in reading && reading.fact).toMatchObject(expected)
  })

  it.each<[Partial<Record<ChargeColumn, string>>, string[]]>([
    [{ amount: '12.505' }, ['amount-precision amount']],
    [{ amount: '1.5', currency: 'JPY' }, ['amount-precision amount']],
    [{ amount: '$12.50' }, ['amount-unreadable amount']],
    [{ amount: '1,200.00' }, ['amount-unreadable amount']],
    [{ amount: '(12.50)' }, ['amount-unreadable amount']],
    [{ amount: '1e3' }, ['amount-unreadable amount']],
    [{ amount: '99999999999999999999.00' }, ['amount-unreadable amount']],
    [{ currency: 'XYZ' }, ['currency-unknown currency']],
    [{ currency: 'XYZ', amount: '1.23456' }, ['currency-unknown currency']],
    [{ currency: '', amount: 'ten' }, ['value-missing currency', 'amount-unreadable amount']],
    [{ period_start: '10/01/2026' }, ['date-unreadable period_start']],
    [{ period_end: '2026-02-30' }, ['date-unreadable period_end']],
    [{ issued_on: 'soon' }, ['date-unreadable issued_on']],
    [{ period_end: '2026-10-01' }, ['date-order period_end']],
    [{ period_end: '2026-09-01' }, ['date-order period_end']],
    [{ category: 'plan' }, ['value-unknown category']],
    [{ usage_type: 'fax' }, ['value-unknown usage_type']],
    [{ account: 'A\u00001' }, ['row-unreadable account']],
    [{ service: 'caf\ufffd' }, ['row-unreadable service']],
    [
      { vendor: '', period_start: 'x', category: 'y', amount: '' },
      ['value-missing vendor', 'date-unreadable period_start', 'value-unknown category', 'value-missing amount'],
    ],
  ])('with %j is refused for %j, all at once', (changes, expected) => {
    expect(problemsOf(changes)).toEqual(expected)
  })

  it.each(CHARGE_REQUIRED)('is refused without %s', (column) => {
    expect(problemsOf({ [column]: ' ' })).toEqual([`value-missing ${column}`])
  })

  it("names the file's own column in problems and keeps what nobody asked for", () => {
    const columnName = (column: ChargeColumn) => `Their ${column}`
    const reading = readCharge((column) => (column === 'amount' ? 'x' : charge[column]), { source, columnName })
    expect('problems' in reading && reading.problems[0]).toMatchObject({
      code: 'amount-unreadable',
      facts: { column: 'Their amount', value: 'x' },
      source: { file: 'charges.csv', line: 2, column: 'Their amount' },
    })
    const kept = readCharge((column) => charge[column], { source, extra: { 'Cost Center': 'CC1' } })
    expect('fact' in kept && kept.fact.extra).toEqual({ 'Cost Center': 'CC1' })
  })
})

describe('an invoice total', () => {
  const invoice: Record<InvoiceColumn, string> = {
    vendor: 'v',
    account: 'a',
    invoice: 'i',
    issued_on: '',
    period_start: '2026-10-01',
    period_end: '2026-11-01',
    currency: 'EUR',
    total: '-10.01',
  }
  const readIt = (changes: Partial<Record<InvoiceColumn, string>>) => {
    const cells = { ...invoice, ...changes }
    return readInvoice((column) => cells[column], { source })
  }

  it('stands for the whole invoice', () => {
    expect(readIt({})).toMatchObject({ fact: { fact: 'invoice', service: null, totalMinor: -1001n, issuedOn: null } })
  })

  it.each(INVOICE_REQUIRED)('is refused without %s', (column) => {
    expect(readIt({ [column]: '' })).toMatchObject({ problems: [{ code: 'value-missing', source: { column } }] })
  })
})
