import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildCostCentreTree } from '../directory/cost-centre-tree.ts'
import type { CostCentre } from '../facts/fact.ts'
import { DEFAULT_JOURNAL_RULES, type JournalRules } from './journal-rules.ts'
import { type JournalCharge, type JournalLine, makeJournal, reverseJournal } from './make-journal.ts'

/** `B<A:6100` is B under A with the GL code 6100. */
function centre(text: string): CostCentre {
  const [place = '', glCode = ''] = text.split(':')
  const [costCentre = '', parent = ''] = place.split('<')
  return { fact: 'cost-centre', costCentre, parent, name: '', glCode, budget: '', extra: {} }
}
const treeOf = (...texts: string[]) => buildCostCentreTree(texts.map(centre)).tree
const charge = (costCentre: string, amountMinor: bigint, rest: Partial<JournalCharge> = {}): JournalCharge => ({
  currency: 'USD',
  costCentre,
  project: '',
  vendor: 'acme',
  account: 'A-1',
  invoice: 'INV-1',
  category: 'access',
  amountMinor,
  ...rest,
})
const rulesWith = (rules: Partial<JournalRules>): JournalRules => ({ ...DEFAULT_JOURNAL_RULES, ...rules })
const entity = (name: string, costCentres: string[], codes: Partial<JournalRules['entities'][number]> = {}) => ({
  entity: name,
  costCentres,
  payable: null,
  suspense: null,
  tax: null,
  receivable: null,
  revenue: null,
  ...codes,
})
const side = ({ debitMinor, creditMinor }: JournalLine) => (creditMinor === 0n ? `D ${debitMinor}` : `C ${creditMinor}`)
const shown = (lines: ReadonlyArray<JournalLine>) =>
  lines.map((line) => `${line.entity} ${line.currency} ${line.line} ${line.glCode} ${line.costCentre} ${side(line)}`)

describe('makeJournal', () => {
  it('debits the GL code of each cost centre and credits the vendor; a credit note swaps the sides', () => {
    const tree = treeOf('SALES:6100', 'STOCK:6200')
    const charges = [charge('SALES', 6000n), charge('STOCK', -500n)]
    const { lines, problems } = makeJournal({ charges, tree, rules: DEFAULT_JOURNAL_RULES, name: '2026-10.1-adjusted' })
    expect(problems).toEqual([])
    expect(shown(lines)).toEqual([
      'COMPANY USD 1 6100 SALES D 6000',
      'COMPANY USD 2 6200 STOCK C 500',
      'COMPANY USD 3 PAYABLE  C 5500',
    ])
    expect(lines[0]?.journal).toBe('2026-10.1-adjusted-COMPANY-USD')
  })

  it('gives a cost centre the code of the nearest one above it that has one', () => {
    const tree = treeOf('TOP:6000', 'MID<TOP:6100', 'LOW<MID', 'SIDE<TOP')
    const { lines } = makeJournal({
      charges: [charge('LOW', 100n), charge('SIDE', 10n)],
      tree,
      rules: DEFAULT_JOURNAL_RULES,
      name: 'j',
    })
    expect(shown(lines).slice(0, 2)).toEqual(['COMPANY USD 1 6000 SIDE D 10', 'COMPANY USD 2 6100 LOW D 100'])
  })

  it('puts what has no code in suspense and says how much, also of what nobody owns', () => {
    const { lines, problems } = makeJournal({
      charges: [charge('', 150n), charge('X', 30n), charge('X', 3n, { project: 'P' })],
      tree: treeOf('X'),
      rules: rulesWith({ suspense: '9999' }),
      name: 'j',
    })
    expect(lines.map(({ role, glCode }) => `${role} ${glCode}`)).toEqual([
      'suspense 9999',
      'suspense 9999',
      'suspense 9999',
      'payable PAYABLE',
    ])
    expect(problems.map(({ code, facts }) => [code, facts])).toEqual([
      ['gl-code-missing', { costCentre: '', currency: 'USD', amount: '1.50' }],
      ['gl-code-missing', { costCentre: 'X', currency: 'USD', amount: '0.33' }],
    ])
  })

  it('makes a journal of its own for each entity and currency, by the nearest cost centre that an entity names', () => {
    const rules = rulesWith({
      entity: 'US',
      payable: '2100',
      entities: [entity('UK', ['EMEA'], { payable: '2200' }), entity('DE', ['BONN'])],
    })
    const tree = treeOf('EMEA:7000', 'YORK<EMEA', 'BONN<EMEA', 'NYC:6000')
    const charges = [
      charge('YORK', 100n, { currency: 'GBP' }),
      charge('BONN', 200n),
      charge('NYC', 300n),
      charge('YORK', 5n),
    ]
    expect(shown(makeJournal({ charges, tree, rules, name: 'j' }).lines)).toEqual([
      'DE USD 1 7000 BONN D 200',
      'DE USD 2 2100  C 200',
      'UK GBP 1 7000 YORK D 100',
      'UK GBP 2 2200  C 100',
      'UK USD 1 7000 YORK D 5',
      'UK USD 2 2200  C 5',
      'US USD 1 6000 NYC D 300',
      'US USD 2 2100  C 300',
    ])
  })

  it('says which cost centre of an entity the directory does not have', () => {
    const rules = rulesWith({ entities: [entity('UK', ['EMAE'])] })
    const { problems } = makeJournal({ charges: [], tree: treeOf('EMEA:1'), rules, name: 'j' })
    expect(problems.map(({ code, facts }) => [code, facts])).toEqual([
      ['cost-centre-unknown', { costCentre: 'EMAE', usedBy: "the journal's entity UK" }],
    ])
  })

  it('books tax to a code of its own only where there is one', () => {
    const charges = [charge('S', 100n), charge('S', 20n, { category: 'tax' })]
    const glCodes = (rules: JournalRules) =>
      makeJournal({ charges, tree: treeOf('S:6100'), rules, name: 'j' }).lines.map((l) => `${l.glCode} ${side(l)}`)
    expect(glCodes(DEFAULT_JOURNAL_RULES)).toEqual(['6100 D 120', 'PAYABLE C 120'])
    expect(glCodes(rulesWith({ tax: '1180' }))).toEqual(['6100 D 100', '1180 D 20', 'PAYABLE C 120'])
  })

  it('divides each side by what it is told, and uses a clearing account of the vendor before that of the entity', () => {
    const rules = rulesWith({
      debitBy: ['vendor'],
      creditBy: ['invoice'],
      payableOfVendor: new Map([['bell', '2150']]),
    })
    const charges = [
      charge('S', 1n),
      charge('S', 2n, { invoice: 'INV-2' }),
      charge('S', 4n, { vendor: 'bell', account: 'B' }),
    ]
    const { lines } = makeJournal({ charges, tree: treeOf('S:61'), rules, name: 'j' })
    expect(lines.map((l) => [l.glCode, l.vendor, l.account, l.invoice, side(l)].join(' '))).toEqual([
      '61 acme   D 3',
      '61 bell   D 4',
      '2150 bell B INV-1 C 4',
      'PAYABLE acme A-1 INV-1 C 1',
      'PAYABLE acme A-1 INV-2 C 2',
    ])
  })

  it('books our own bills as what each customer owes against what we earn, whoever carries them', () => {
    const tree = treeOf('S:61')
    const ours = { vendor: 'us', isOurs: true, account: 'C-1', invoice: 'C-1-2026-10' }
    const charges = [
      charge('S', 700n, ours),
      charge('', 200n, { ...ours, category: 'bulk' }),
      charge('', -50n, { ...ours, account: 'C-2', invoice: 'C-2-2026-10' }),
      charge('S', 5n),
    ]
    const made = (rules: Partial<JournalRules>) =>
      makeJournal({ charges, tree, rules: rulesWith(rules), name: 'j' }).lines.map((line) =>
        [line.glCode, line.vendor, line.account, line.invoice, line.category, side(line)]
          .filter((t) => t !== '')
          .join(' '),
      )
    expect(made({})).toEqual([
      '61 D 5',
      'PAYABLE acme C 5',
      'RECEIVABLE C-1 D 900',
      'RECEIVABLE C-2 C 50',
      'REVENUE C 850',
    ])
    const byInvoice: Partial<JournalRules> = {
      creditBy: ['invoice'],
      debitBy: ['category'],
      receivable: '1200',
      revenue: '4000',
    }
    expect(made(byInvoice).slice(2)).toEqual([
      '1200 C-1 C-1-2026-10 D 900',
      '1200 C-2 C-2-2026-10 C 50',
      '4000 access C 650',
      '4000 bulk C 200',
    ])
  })

  it('has no line for what comes to nothing, and none for a period without charges', () => {
    const tree = treeOf('S:61')
    const rules = DEFAULT_JOURNAL_RULES
    const charges = [charge('S', 5n), charge('S', -5n)]
    expect(makeJournal({ charges, tree, rules, name: 'j' }).lines).toEqual([])
    expect(makeJournal({ charges: [], tree, rules, name: 'j' }).lines).toEqual([])
  })
})

const CENTRES = ['', 'A', 'B', 'C', 'D', 'E', 'unheard-of']
const anyTree = fc
  .array(fc.tuple(fc.integer({ min: -1, max: 4 }), fc.constantFrom('', '6100', '6200')), { minLength: 5, maxLength: 5 })
  .map((rows) =>
    // A parent comes before its child, so that no circle is drawn.
    treeOf(
      ...rows.map(([up, code], index) => `${CENTRES[index + 1]}<${up < index ? (CENTRES[up + 1] ?? '') : ''}:${code}`),
    ),
  )
const anyRules = fc.record({
  entity: fc.constant('REST'),
  payable: fc.constantFrom('2100', '6100'),
  suspense: fc.constantFrom('9999', '6100'),
  tax: fc.constantFrom(null, '1180'),
  receivable: fc.constantFrom('1200', '2100'),
  revenue: fc.constantFrom('4000', '1200'),
  entities: fc.constantFrom([], [entity('X', ['B'], { payable: '2200' }), entity('Y', ['D', 'E'], { tax: '1190' })]),
  payableOfVendor: fc.constantFrom(new Map<string, string>(), new Map([['bell', '2150']])),
  debitBy: fc.subarray([...(['cost-centre', 'project', 'vendor', 'invoice', 'category'] as const)]),
  creditBy: fc.subarray([...(['vendor', 'invoice'] as const)]),
})
const anyCharge: fc.Arbitrary<JournalCharge> = fc.record({
  currency: fc.constantFrom('USD', 'JPY'),
  costCentre: fc.constantFrom(...CENTRES),
  project: fc.constantFrom('', 'P-1'),
  vendor: fc.constantFrom('acme', 'bell'),
  account: fc.constantFrom('A-1', 'A-2'),
  invoice: fc.constantFrom('I-1', 'I-2'),
  category: fc.constantFrom('access', 'tax', 'credit'),
  amountMinor: fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
  isOurs: fc.boolean(),
})
const anyJournal = fc.record({ charges: fc.array(anyCharge, { maxLength: 30 }), tree: anyTree, rules: anyRules })

function sumsBy(lines: ReadonlyArray<JournalLine>, key: (line: JournalLine) => string): Map<string, bigint> {
  const sums = new Map<string, bigint>()
  for (const line of lines) sums.set(key(line), (sums.get(key(line)) ?? 0n) + line.debitMinor - line.creditMinor)
  return sums
}

describe('any journal', () => {
  it('balances by entity and currency, with each line on one side', () => {
    fc.assert(
      fc.property(anyJournal, (given) => {
        const { lines } = makeJournal({ ...given, name: 'j' })
        for (const [, sum] of sumsBy(lines, (l) => `${l.entity} ${l.currency}`)) expect(sum).toBe(0n)
        for (const { debitMinor, creditMinor } of lines)
          expect(
            debitMinor >= 0n && creditMinor >= 0n && debitMinor * creditMinor === 0n && debitMinor !== creditMinor,
          ).toBe(true)
      }),
    )
  })

  it('charges every currency with exactly what was carried', () => {
    fc.assert(
      fc.property(anyJournal, (given) => {
        const { lines } = makeJournal({ ...given, name: 'j' })
        const booked = sumsBy(
          lines.filter(({ role }) => role !== 'payable' && role !== 'revenue'),
          (l) => l.currency,
        )
        for (const currency of ['USD', 'JPY']) {
          const carried = given.charges.reduce((sum, c) => (c.currency === currency ? sum + c.amountMinor : sum), 0n)
          expect(booked.get(currency) ?? 0n).toBe(carried)
        }
      }),
    )
  })

  it('and its reversal sum to nothing per journal, GL code and subject', () => {
    fc.assert(
      fc.property(anyJournal, (given) => {
        const { lines } = makeJournal({ ...given, name: 'j' })
        const back = reverseJournal(lines)
        for (const [, sum] of sumsBy([...lines, ...back], (l) => `${l.entity} ${l.currency} ${l.glCode}`))
          expect(sum).toBe(0n)
        expect(back.map(({ reverses, line }) => `${reverses} ${line}`)).toEqual(
          lines.map(({ journal, line }) => `${journal} ${line}`),
        )
      }),
    )
  })

  it('is the same whatever the order and the cutting of the charges', () => {
    fc.assert(
      fc.property(anyJournal, fc.infiniteStream(fc.nat()), ({ charges, ...rest }, numbers) => {
        const halves = charges.flatMap((c) => {
          const amountMinor = c.amountMinor / 2n
          return [
            { ...c, amountMinor },
            { ...c, amountMinor: c.amountMinor - amountMinor },
          ]
        })
        const shuffled = halves
          .map((c) => ({ c, at: numbers.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ c }) => c)
        expect(makeJournal({ charges: shuffled, ...rest, name: 'j' })).toEqual(
          makeJournal({ charges, ...rest, name: 'j' }),
        )
      }),
    )
  })
})
