import { describe, expect, it } from 'vitest'
import { parseJournalDocument } from './journal-document.ts'
import { DEFAULT_JOURNAL_RULES } from './journal-rules.ts'

const document = (rest: object) => ({ kind: 'Journal', name: 'telecom', ...rest })

describe('parseJournalDocument', () => {
  it('leaves what is not said as it is by default', () => {
    expect(parseJournalDocument(document({}))).toEqual({ ok: true, rules: DEFAULT_JOURNAL_RULES })
  })

  it('reads codes, entities, vendors and what each side is divided by', () => {
    const reading = parseJournalDocument(
      document({
        entity: 'US',
        payable: '2100',
        suspense: '9999',
        tax: '0118',
        receivable: '1200',
        entities: [{ entity: 'UK', 'cost-centres': ['EMEA'], payable: '2200', revenue: '4010' }],
        vendors: [{ vendor: 'acme', payable: '2150' }],
        'debit-by': ['cost-centre'],
        'credit-by': ['vendor', 'invoice'],
      }),
    )
    expect(reading).toEqual({
      ok: true,
      rules: {
        entity: 'US',
        payable: '2100',
        suspense: '9999',
        tax: '0118',
        receivable: '1200',
        revenue: 'REVENUE',
        entities: [
          {
            ...{ entity: 'UK', costCentres: ['EMEA'], payable: '2200', suspense: null, tax: null },
            ...{ receivable: null, revenue: '4010' },
          },
        ],
        payableOfVendor: new Map([['acme', '2150']]),
        debitBy: ['cost-centre'],
        creditBy: ['vendor', 'invoice'],
      },
    })
  })

  it.each([
    [{ payable: 2100 }, 'payable: must be text in quotes, such as "2100", so that no zero is lost'],
    [{ payable: '' }, 'payable: must not be empty'],
    [{ payabel: '2100' }, 'document: has no key "payabel"'],
    [{ entities: [] }, 'entities: Too small: expected array to have >=1 items'],
    [{ 'debit-by': ['person'] }, 'debit-by[0]: must be one of '],
    [
      {
        entities: [
          { entity: 'UK', 'cost-centres': ['EMEA'] },
          { entity: 'UK', 'cost-centres': ['ASIA'] },
        ],
      },
      'document: the entity UK stands twice',
    ],
    [
      {
        entities: [
          { entity: 'UK', 'cost-centres': ['EMEA'] },
          { entity: 'DE', 'cost-centres': ['EMEA'] },
        ],
      },
      'document: the cost centre EMEA stands twice',
    ],
    [
      {
        vendors: [
          { vendor: 'acme', payable: '1' },
          { vendor: 'acme', payable: '2' },
        ],
      },
      'document: the vendor acme stands twice',
    ],
  ])('refuses %j', (rest, issue) => {
    const reading = parseJournalDocument(document(rest))
    expect(reading.ok ? [] : reading.issues).toEqual([expect.stringContaining(issue)])
  })
})
