import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differences, factsOf, isCharge, isRefused, isTotal, problemsOf, sum } from '../../../test/facts.ts'
import { type GeneratedSeatInvoice, generateSeatInvoice } from '../../../test/generators/microsoft-365.ts'
import { describeImporter } from '../../../test/importer-contract.ts'
import { readWith, withFile } from '../../../test/read-file.ts'
import { readAll, tableOf } from '../../../test/table-of.ts'
import { writeGrid } from '../../../test/variants.ts'
import { microsoft365Invoice } from './seat-invoice.ts'

const SAMPLES = join(import.meta.dirname, 'samples')

describeImporter({
  importer: microsoft365Invoice,
  samples: ['seat-invoice', 'license-based-invoice'].map((name) => ({
    path: join(SAMPLES, `${name}.csv`),
    expectedPath: join(SAMPLES, `${name}.expected.ndjson`),
  })),
  foreignPaths: [join(SAMPLES, 'active-users.csv'), join(import.meta.dirname, '../canonical/samples/charges.csv')],
})

const LINE = {
  CustomerDomainName: 'Birchfield.example',
  InvoiceNumber: 'G1',
  SubscriptionId: 'sub-1',
  SkuName: 'Microsoft 365 E3',
  ChargeType: 'renewCycle',
  UnitPrice: '32.355',
  Quantity: '40',
  Subtotal: '1294.00',
  TaxTotal: '258.80',
  Total: '1552.80',
  Currency: 'GBP',
  ChargeStartDate: '10/1/2026 0:00',
  ChargeEndDate: '10/31/2026 23:59',
  UnitType: 'Licenses',
  BillableQuantity: '',
}
const read = (...lines: Partial<typeof LINE>[]) => {
  const rows = lines.map((line) => Object.values({ ...LINE, ...line }))
  return readAll(microsoft365Invoice, tableOf(Object.keys(LINE), rows))
}

describe('a line of an invoice', () => {
  it('is a charge for its seats and one for its tax', async () => {
    const rows = await read({})
    expect(factsOf(rows)).toMatchObject([
      {
        fact: 'charge',
        vendor: 'microsoft',
        account: 'birchfield.example',
        invoice: 'G1',
        service: 'sub-1',
        category: 'subscription',
        usageType: 'app',
        product: 'Microsoft 365 E3',
        amountMinor: 129_400n,
        quantity: '40',
        unit: 'seat',
        periodStartOn: '2026-10-01',
        periodEndOn: '2026-11-01',
        extra: { UnitPrice: '32.355' },
      },
      { fact: 'charge', category: 'tax', service: 'sub-1', amountMinor: 25_880n, quantity: '', unit: '' },
      { fact: 'invoice', service: null, totalMinor: 155_280n },
    ])
    expect(differences(rows)).toEqual({})
  })

  it.each([
    [
      { Quantity: '-2', Subtotal: '-64.70' },
      { category: 'credit', quantity: '-2', unit: 'seat' },
    ],
    [
      { UnitType: '1 Hour', Quantity: '7' },
      { category: 'usage', usageType: '', quantity: '7', unit: '1 Hour' },
    ],
    [{ BillableQuantity: '39' }, { category: 'subscription', quantity: '39' }],
    [
      { Subtotal: '0', TaxTotal: '0', Total: '0' },
      { category: 'subscription', amountMinor: 0n, quantity: '40' },
    ],
    [{ SubscriptionId: '' }, { service: '' }],
    [{ InvoiceNumber: '' }, { invoice: 'birchfield.example-2026-10-01' }],
    [{ ChargeEndDate: '2026-10-31T23:59:59Z' }, { periodEndOn: '2026-11-01' }],
    [{ ChargeEndDate: '10/31/2026' }, { periodEndOn: '2026-11-01' }],
    [
      { Currency: 'jpy', Subtotal: '1294', TaxTotal: '0', Total: '1294' },
      { currency: 'JPY', amountMinor: 1294n },
    ],
  ])('with %j is read as such', async (cells, expected) => {
    const rows = await read(cells)
    expect(problemsOf(rows)).toEqual([])
    expect(factsOf(rows)[0]).toMatchObject(expected)
  })

  it.each([
    ['Subtotal', '1.005', 'amount-precision'],
    ['Subtotal', '', 'value-missing'],
    ['TaxTotal', 'none', 'amount-unreadable'],
    ['Total', '', 'value-missing'],
    ['Currency', 'XYZ', 'currency-unknown'],
    ['Currency', '', 'value-missing'],
    ['Quantity', 'many', 'number-unreadable'],
    ['ChargeStartDate', '31/10/2026', 'date-unreadable'],
    ['ChargeEndDate', '9/30/2026', 'date-order'],
    ['CustomerDomainName', '', 'value-missing'],
  ])('with the %s "%s" is quarantined', async (column, value, code) => {
    const rows = await read({ [column]: value })
    expect(problemsOf(rows)).toEqual([{ line: 2, code, severity: 'error', at: column }])
    expect(factsOf(rows)).toEqual([])
  })

  it('that changes a subscription within the month has a name of its own, and the bill the dates of most lines', async () => {
    const rows = await read({ ChargeStartDate: '10/12/2026' }, {}, {})
    const facts = factsOf(rows)
    expect(new Set(facts.filter(isCharge).map(({ line }) => line)).size).toBe(6)
    expect(facts.filter(isTotal)).toMatchObject([{ periodStartOn: '2026-10-01', periodEndOn: '2026-11-01' }])
  })
})

const seeds = fc.integer({ min: 1, max: 1_000_000_000 })
const readInvoice = (invoice: GeneratedSeatInvoice) =>
  withFile('invoice.csv', writeGrid(invoice, { delimiter: invoice.delimiter }), (path) =>
    readWith(microsoft365Invoice, path),
  )
/** Charges less totals by account and invoice; only what differs. */
const differencesOf = (facts: ReturnType<typeof factsOf>) => {
  const found = new Map<string, bigint>()
  const add = (key: string, minor: bigint) => found.set(key, (found.get(key) ?? 0n) + minor)
  for (const { account, invoice, amountMinor } of facts.filter(isCharge)) add(`${account} ${invoice}`, amountMinor)
  for (const { account, invoice, totalMinor } of facts.filter(isTotal)) add(`${account} ${invoice}`, -totalMinor)
  return Object.fromEntries([...found].filter(([, minor]) => minor !== 0n))
}

describe('generated invoices', () => {
  it('foot to the totals of each customer, with the seats and the tax that were billed', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const invoice = generateSeatInvoice({ seed })
        const rows = await readInvoice(invoice)
        expect(problemsOf(rows)).toEqual([])
        const facts = factsOf(rows)
        expect(differencesOf(facts)).toEqual({})
        const totals = facts.filter(isTotal).filter(({ service }) => service === null)
        expect(new Map(totals.map((total) => [`${total.account} ${total.invoice}`, Number(total.totalMinor)]))).toEqual(
          invoice.totals,
        )
        const charges = facts.filter(isCharge)
        const taxes = charges.filter(({ category }) => category === 'tax')
        expect(Number(sum(taxes.map(({ amountMinor }) => amountMinor)))).toBe(invoice.taxMinor)
        const seats = charges.filter(({ unit }) => unit === 'seat')
        expect(seats.reduce((total, { quantity }) => total + Number(quantity), 0)).toBe(invoice.seats)
        expect(new Set(charges.map((charge) => `${charge.account} ${charge.invoice} ${charge.line}`)).size).toBe(
          charges.length,
        )
      }),
      { numRuns: 60 },
    )
  })

  it('differ by exactly what was planted, where it was planted', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const invoice = generateSeatInvoice({ seed, plantDifference: true })
        const { invoice: key, differenceMinor } = invoice.planted ?? { invoice: '', differenceMinor: 0 }
        expect(differencesOf(factsOf(await readInvoice(invoice)))).toEqual({ [key]: BigInt(differenceMinor) })
      }),
      { numRuns: 40 },
    )
  })

  it('quarantine exactly the rows that were made unreadable, and lose exactly their money', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.integer({ min: 1, max: 2 }), async (seed, unreadableRows) => {
        const invoice = generateSeatInvoice({ seed, unreadableRows })
        const rows = await readInvoice(invoice)
        expect(rows.filter(isRefused).map(({ line }) => line)).toEqual(invoice.unreadable.map(({ line }) => line))
        const all = [...invoice.totals.values()].reduce((total, minor) => total + minor, 0)
        const lost = invoice.unreadable.reduce((total, { minor }) => total + minor, 0)
        const charged = factsOf(rows).filter(isCharge)
        expect(Number(sum(charged.map(({ amountMinor }) => amountMinor)))).toBe(all - lost)
        const shown = rows.filter(isRefused).map(({ amount }) => Number(amount?.minor))
        expect(shown.reduce((total, minor) => total + minor, 0)).toBe(lost)
      }),
      { numRuns: 40 },
    )
  })

  it('are the same for the same seed', () => {
    expect(generateSeatInvoice({ seed: 7 })).toEqual(generateSeatInvoice({ seed: 7 }))
  })
})
