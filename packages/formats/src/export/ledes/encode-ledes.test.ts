import { join } from 'node:path'
import {
  amountOfTime,
  type InvoicedCall,
  type LegalBilling,
  type LegalInvoiceReading,
  type LocalDate,
  makeLegalInvoice,
  toLegalBilling,
} from '@spillway/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readLedes } from '../../../test/ledes-reader.ts'
import { encodeLedes, toLedesText } from './encode-ledes.ts'

const day = (text: string) => text as LocalDate

const BILLING = toLegalBilling({
  kind: 'LegalBilling',
  name: 'firm',
  'law-firm-id': '13-1234567',
  description: 'Calls of October',
  'activity-code': 'A106',
  clients: [{ client: 'ACME', 'client-id': '00711' }],
  matters: [
    { project: '4711', 'client-matter-id': '423-987', 'task-code': 'L120' },
    { project: 'Zürich lease', 'client-matter-id': '424-001', 'law-firm-matter-id': 'ZL-1' },
  ],
  timekeepers: [{ person: 'E-1', id: '1001', name: 'Quill, Ada', classification: 'PT' }],
}) as LegalBilling

const CALL: InvoicedCall = {
  project: '4711',
  client: 'ACME',
  person: 'E-1',
  on: day('2026-10-05'),
  billableSeconds: 2880,
  rate: '333.33',
  amountMinor: 26666n,
  currency: 'USD',
  costMinor: 539n,
  description: 'Conference call at 09:00, 2 participants (Ada Quill, José Peña), 47 minutes',
}

const REQUEST = {
  billing: BILLING,
  invoiceNumber: 'INV-1',
  invoicedOn: day('2026-11-02'),
  from: day('2026-10-01'),
  until: day('2026-11-01'),
}

const invoiceOf = (calls: ReadonlyArray<InvoicedCall>, changes: Partial<typeof REQUEST> = {}): LegalInvoiceReading =>
  makeLegalInvoice({ ...REQUEST, ...changes, calls })

function fileOf(calls: ReadonlyArray<InvoicedCall>): string {
  const reading = invoiceOf(calls)
  if (!reading.ok) throw new Error(reading.missing.join('; '))
  return [...encodeLedes(reading.invoice)].join('')
}

describe('LEDES 1998B', () => {
  it('has fees and expenses of several matters, as the sample shows', async () => {
    const lease = {
      ...CALL,
      project: 'Zürich lease',
      on: day('2026-10-31'),
      billableSeconds: 900,
      rate: '250',
      amountMinor: 6250n,
      costMinor: null,
      description: 'Call [urgent] | “Zürich”',
    }
    const file = fileOf([CALL, lease])
    expect(readLedes(file).faults).toEqual([])
    await expect(file).toMatchFileSnapshot(join(import.meta.dirname, 'samples', 'invoice.ledes.txt'))
  })

  it('is read without a fault, and its totals recompute, whatever the rate, time and cost', () => {
    const calls = fc.array(
      fc.record({
        seconds: fc.integer({ min: 1, max: 600 }).map((minutes) => minutes * 60),
        rate: fc
          .tuple(fc.nat({ max: 2000 }), fc.stringMatching(/^(\.[0-9]{1,3})?$/))
          .map(([whole, part]) => `${whole}${part}`),
        cost: fc.option(fc.bigInt({ min: -500n, max: 5000n })),
        description: fc.string({ unit: 'grapheme', maxLength: 60 }),
        project: fc.constantFrom('4711', 'Zürich lease'),
      }),
      { minLength: 1, maxLength: 12 },
    )
    fc.assert(
      fc.property(calls, fc.constantFrom('USD', 'JPY', 'KWD'), (given, currency) => {
        const file = fileOf(
          given.map(({ seconds, rate, cost, description, project }) => ({
            ...CALL,
            project,
            currency,
            rate,
            description,
            billableSeconds: seconds,
            amountMinor: amountOfTime(seconds, { ratePerHour: rate, currency }),
            costMinor: cost,
          })),
        )
        const { records, faults } = readLedes(file)
        expect(faults).toEqual([])
        expect(records.filter((record) => record['EXP/FEE/INV_ADJ_TYPE'] === 'F')).toHaveLength(given.length)
      }),
    )
  })

  it.each<[what: string, calls: ReadonlyArray<InvoicedCall>, changes: Partial<typeof REQUEST>, missing: string]>([
    ['calls', [], {}, 'calls with billable time'],
    ['a client of ours', [{ ...CALL, client: 'ZEN' }], {}, 'the client-id of client ZEN'],
    ['a client at all', [{ ...CALL, client: '' }], {}, 'the client of the project'],
    ['a matter', [{ ...CALL, project: '4712' }], {}, 'the client-matter-id of project 4712'],
    ['a short id of the firm', [{ ...CALL, project: 'a|b' }], {}, 'the law-firm-matter-id of project a|b'],
    ['a timekeeper', [{ ...CALL, person: 'E-9' }], {}, 'the id, name and classification of E-9'],
    ['a person', [{ ...CALL, person: '' }], {}, 'the person of calls'],
    ['a plain rate', [{ ...CALL, rate: '10.12345' }], {}, 'a rate of at most 3 decimals'],
    ['one currency', [CALL, { ...CALL, currency: 'EUR' }], {}, 'rates of one currency'],
    ['a number', [CALL], { invoiceNumber: 'INV|1' }, 'an invoice number'],
    ['a short number', [CALL], { invoiceNumber: '123456789012345678901' }, 'an invoice number'],
  ])('is not made without %s', (_, calls, changes, missing) => {
    const reading = invoiceOf(calls, changes)
    expect(reading.ok ? [] : reading.missing.filter((one) => one.startsWith(missing))).toHaveLength(1)
  })
})

describe('the reader of the tests', () => {
  const file = fileOf([CALL])
  it.each<[what: string, from: string, to: string]>([
    ['another version', 'LEDES1998B[]', 'LEDES98BI[]'],
    ['a field less', '|423-987[]', '[]'],
    ['a total that is not the sum', '|272.05|', '|272.06|'],
    ['a line that does not multiply', '|-0.004|', '|0.00|'],
    ['no such day', '|20261005|', '|20261032|'],
    ['a day outside', '|20261005|', '|20261105|'],
    ['another line end', '[]\r\n', '[]\n'],
    ['a bracket', 'Ada Quill', '[Ada Quill'],
    ['an accent', 'Jose', 'José'],
    ['a fee without its timekeeper', '|1001|', '||'],
    ['a long id', '|00711|', '|007110071100711007110|'],
    ['a line number twice', '|2|E|', '|1|E|'],
  ])('finds %s', (_, from, to) => {
    expect(file).toContain(from)
    expect(readLedes(file.replaceAll(from, to)).faults.length).toBeGreaterThan(0)
  })
})

describe('toLedesText', () => {
  it.each([
    ['Jörg – “Zürich” | [x]\r\n\ty', 'Jorg - "Zurich" / (x) y'],
    ['Straße, Œuvre, Łódź €5', 'Strasse, OEuvre, Lodz EUR5'],
    ['日本 🎉', '?? ?'],
    ['ｆｕｌｌ［', 'full?'],
  ])('writes %j as %j', (text, expected) => {
    expect(toLedesText(text)).toBe(expected)
  })
  it('cuts what is longer than 15,000', () => {
    expect(toLedesText('x'.repeat(20_000))).toHaveLength(15_000)
  })
})
