// Statements are read back by pdftotext: what counts is what another program finds on the paper.
import {
  assembleStatement,
  type Period,
  parsePeriod,
  type Statement,
  type StatementCharge,
  type StatementParts,
} from '@spillway/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { pagesOf } from '../../../test/read-pdf.ts'
import { createStatementEncoder, type StatementEncoder } from './encode-statement.ts'

const charge = (cells: Partial<StatementCharge>): StatementCharge => ({
  currency: 'USD',
  service: 'phone-1',
  name: '',
  vendor: 'acme',
  category: 'access',
  usageType: '',
  flag: '',
  actualMinor: 0n,
  adjustedMinor: 0n,
  ...cells,
})

function statementOf({
  owner,
  heading,
  ...some
}: { [Part in keyof StatementParts]?: Partial<StatementParts[Part]> }): Statement {
  return assembleStatement({
    heading: {
      company: 'Moss Ltd',
      period: parsePeriod('2026-10') as Period,
      run: '2026-10.1',
      isPublished: true,
      closedAt: '2026-11-02T09:00:00.000Z',
      ...heading,
    },
    owner: { kind: 'cost-centre', key: 'C-1', name: 'Sales', costCentres: [], glCode: '6100', ...owner },
    charges: [],
    monthSums: [],
    closedPeriods: new Set(['2026-09', '2026-10']),
    before: [],
    usage: [],
    ...some,
  } as StatementParts)
}

let encode: StatementEncoder
let encodeLetter: StatementEncoder
beforeAll(async () => {
  encode = await createStatementEncoder({ paper: 'a4' })
  encodeLetter = await createStatementEncoder({ paper: 'letter' })
})

async function read(statement: Statement): Promise<string[]> {
  return pagesOf((await encode(statement)).bytes)
}

/** Words of a line, however far apart they stand. */
const words = (text: string) => text.replace(/\s+/g, ' ')

describe('a statement on paper', () => {
  it('says whose it is, of which month and run, and what it covers', async () => {
    const [page = ''] = await read(
      statementOf({
        charges: [charge({ actualMinor: 123_456n, adjustedMinor: 100_000n })],
        owner: { costCentres: [{ key: 'C-0', name: 'Moss' }] },
      }),
    )
    const text = words(page)
    for (const part of [
      'Moss Ltd',
      'Sales',
      'Cost centre C-1, GL code 6100',
      'In C-0 Moss',
      'October 2026',
      'Published',
    ])
      expect(text).toContain(part)
    expect(text).toContain("covers the cost centre's own charges")
    expect(text).toContain('Run 2026-10.1, closed 2026-11-02 Page 1 of 1')
    expect(text).toContain('USD 1,234.56 1,000.00 -234.56')
  })

  it('says draft on every page of what is not published', async () => {
    const charges = Array.from({ length: 120 }, (_, index) => charge({ service: `s${index}`, actualMinor: 1n }))
    const pages = await read(statementOf({ charges, heading: { isPublished: false } }))
    expect(pages.length).toBeGreaterThan(1)
    for (const page of pages) expect(page).toContain('DRAFT')
  })

  it('is the same bytes twice', async () => {
    const statement = statementOf({ charges: [charge({ actualMinor: 1n })] })
    const [first, second] = [await encode(statement), await encode(statement)]
    expect(Buffer.from(first.bytes).equals(Buffer.from(second.bytes))).toBe(true)
  })

  it('shows each currency with its own decimals and total, and adds none to another', async () => {
    const text = words(
      (
        await read(
          statementOf({
            charges: [
              charge({ currency: 'JPY', actualMinor: 1_234_567n, adjustedMinor: -5n }),
              charge({ currency: 'KWD', actualMinor: 1_234_567n, adjustedMinor: 1n }),
              charge({ currency: 'USD', actualMinor: -1_234_567n, adjustedMinor: 0n }),
            ],
          }),
        )
      ).join(' '),
    )
    for (const total of [
      'Total JPY 1,234,567 -5 -1,234,572',
      'Total KWD 1,234.567 0.001 -1,234.566',
      'Total USD -12,345.67 0.00 12,345.67',
    ])
      expect(text).toContain(total)
    expect(text.match(/Total /g)).toHaveLength(3)
  })

  it('marks a month that was not closed, and says why changes are not known', async () => {
    const sections = { charges: [charge({ actualMinor: 1n })] }
    const open = words((await read(statementOf({ ...sections, closedPeriods: new Set(['2026-10']) }))).join(' '))
    expect(open).toContain('September 2026 has not been closed.')
    expect(open).toContain('month not closed')
  })

  it('has a page for somebody with usage alone', async () => {
    const usage = [{ usageClass: 'voice/domestic', usageType: 'voice' as const, quantityBase: 63_646n, services: 2 }]
    const text = words((await read(statementOf({ usage }))).join(' '))
    expect(text).toContain('No charges in October 2026.')
    expect(text).toContain('voice · domestic 2 1,060 min 46 s')
  })

  it('fits letter paper', async () => {
    const statement = statementOf({ charges: [charge({ actualMinor: 1n })] })
    expect(Buffer.from((await encodeLetter(statement)).bytes).toString('latin1')).toContain('/MediaBox [0 0 612 792]')
    expect(Buffer.from((await encode(statement)).bytes).toString('latin1')).toContain('/MediaBox [0 0 595.28 841.89]')
  })
})

describe('a statement of 2,000 lines', () => {
  const charges = Array.from({ length: 2000 }, (_, index) =>
    charge({
      service: `s${String(Math.floor(index / 4)).padStart(4, '0')}`,
      category: ['access', 'overage', 'surcharge', 'tax'][index % 4] ?? '',
      actualMinor: BigInt(index) * 7n,
      adjustedMinor: BigInt(2000 - index) * 7n,
    }),
  )
  let pages: string[]
  beforeAll(async () => {
    pages = await read(statementOf({ charges }))
  })

  it('numbers its pages, repeats who and when and the header of the table, and ends with the total', () => {
    expect(pages.length).toBeGreaterThan(20)
    for (const [index, page] of pages.entries()) {
      expect(page).toContain(`Page ${index + 1} of ${pages.length}`)
      expect(page).toContain('October 2026')
      if (index === 0) continue
      expect(words(page)).toMatch(
        /^ ?Sales \(C-1\) October 2026 Charges in USD Service Vendor Category Actual Adjusted Difference/,
      )
    }
    expect(words(pages.at(-1) ?? '')).toContain('Total USD 139,930.00 140,070.00 140.00')
  })

  it('has every line once, whole, with a subtotal for each service', () => {
    const lines = pages.join('\n').split('\n').map(words)
    const row = /^ ?(s\d{4}) acme (\w+) (-?[\d,.]+) (-?[\d,.]+) (-?[\d,.]+)$/
    const found = lines.map((line) => row.exec(line)).filter((match) => match !== null)
    expect(new Set(found.map(([, service, category]) => `${service} ${category}`)).size).toBe(2000)
    const cents = (text = '') => BigInt(text.replace(/[,.]/g, ''))
    expect(found.reduce((sum, match) => sum + cents(match[3]), 0n)).toBe(13_993_000n)
    expect(found.reduce((sum, match) => sum + cents(match[4]), 0n)).toBe(14_007_000n)
    expect(lines.filter((line) => /^ ?Subtotal s\d{4} /.test(line))).toHaveLength(500)
  })
})

describe('names from outside', () => {
  it.each([
    ['markup', '<b>Ada</b> &amp; Co', '<b>Ada</b> &amp; Co', []],
    ['a formula', '=HYPERLINK("http://x")', '=HYPERLINK("http://x")', []],
    ['a line break', 'Ada\r\n\tMoss', 'Ada Moss', []],
    ['a change of direction', 'Ada\u202E\u200Bssom', 'Adassom', []],
    ['Greek and Cyrillic', 'Άδα Мосс', 'Άδα Мосс', []],
    ['an emoji', 'Ada 📱', 'Ada ?', ['U+1F4F1']],
    ['characters that the font lacks', '電話', '??', ['U+8A71', 'U+96FB']],
    ['Hebrew', 'אב', '??', ['U+05D0', 'U+05D1']],
  ])('show %s as text on one line, and say what is lacking', async (_, name, shown, missing) => {
    const { bytes, missingCharacters } = await encode(
      statementOf({ charges: [charge({ name, actualMinor: 1n })], owner: { name } }),
    )
    expect(words(pagesOf(bytes)[0] ?? '')).toContain(shown)
    expect(missingCharacters).toEqual(missing)
  })

  it('wrap where they are long, and leave every amount where it belongs', async () => {
    const name = 'Wort'.repeat(120)
    const charges = [
      charge({ service: 'k'.repeat(150), name, vendor: 'v'.repeat(60), category: 'access', actualMinor: -99_999_999n }),
    ]
    const pages = await read(statementOf({ charges, owner: { name, key: 'c'.repeat(200) } }))
    const text = pages.join('\n')
    expect(text.replace(/\s+/g, '')).toContain('Wort'.repeat(10))
    expect(words(text)).toContain('Total USD -999,999.99 0.00 999,999.99')
    for (const line of text.split('\n')) expect(line.length).toBeLessThan(220)
  })
})
