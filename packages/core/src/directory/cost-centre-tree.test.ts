import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CostCentre } from '../facts/fact.ts'
import {
  ancestorsOf,
  buildCostCentreTree,
  type CostCentreAmount,
  descendantsOf,
  rollUpCostCentres,
} from './cost-centre-tree.ts'

/** `B<A`: B under A. */
function centre(text: string): CostCentre {
  const [costCentre = '', parent = ''] = text.split('<')
  return { fact: 'cost-centre', costCentre, parent, name: '', glCode: '', budget: '', extra: {} }
}
const build = (...texts: string[]) => buildCostCentreTree(texts.map(centre))
const amount = (costCentre: string, actual: bigint, adjusted = actual, currency = 'USD'): CostCentreAmount => ({
  costCentre,
  currency,
  actualMinor: actual,
  adjustedMinor: adjusted,
})

describe('buildCostCentreTree', () => {
  it('knows what is above and below', () => {
    const { tree, problems } = build('C<A', 'A', 'B<A', 'D<C', 'Z')
    expect(problems).toEqual([])
    expect(tree.roots.map((node) => node.id)).toEqual(['A', 'Z'])
    expect(ancestorsOf(tree, 'D')).toEqual(['C', 'A'])
    expect(descendantsOf(tree, 'A')).toEqual(['B', 'C', 'D'])
    expect(ancestorsOf(tree, 'nobody')).toEqual([])
    expect(descendantsOf(tree, 'nobody')).toEqual([])
  })

  it.each([
    { name: 'itself', rows: ['A<A'], circle: ['A', 'A'] },
    { name: 'each other', rows: ['B<A', 'A<B'], circle: ['A', 'B', 'A'] },
    {
      name: 'three, from the smallest along the parents',
      rows: ['C<B', 'B<A', 'A<C', 'X<A'],
      circle: ['A', 'C', 'B', 'A'],
    },
  ])('names the circle of a centre under $name', ({ rows, circle }) => {
    const { tree, problems } = build(...rows)
    expect(problems).toMatchObject([{ code: 'cost-centre-cycle', severity: 'error', facts: { costCentres: circle } }])
    expect(tree.roots.map((node) => node.id)).toEqual([...new Set(circle)].sort())
  })

  it('names every circle once', () => {
    const { problems } = build('A<B', 'B<A', 'C<D', 'D<C', 'E<C', 'F<E')
    expect(problems.map((problem) => problem.code)).toEqual(['cost-centre-cycle', 'cost-centre-cycle'])
  })

  it('takes an unknown parent as a root of that id', () => {
    const { tree, problems } = build('A<X', 'B<X')
    expect(problems).toMatchObject([
      { code: 'cost-centre-unknown', facts: { costCentre: 'X', usedBy: 'cost centre A' } },
    ])
    expect(tree.roots.map((node) => node.id)).toEqual(['X'])
    expect(descendantsOf(tree, 'X')).toEqual(['A', 'B'])
  })

  it('reports an id with two contents, and decides the same in any order', () => {
    const forward = build('A<X', 'A<Y', 'X', 'Y')
    const backward = build('Y', 'X', 'A<Y', 'A<X')
    expect(forward.problems.map((problem) => problem.code)).toEqual(['duplicate-conflict'])
    expect(ancestorsOf(forward.tree, 'A')).toEqual(ancestorsOf(backward.tree, 'A'))
  })
})

describe('rollUpCostCentres', () => {
  it('adds own and below, depth first, with unassigned first', () => {
    const { tree } = build('A', 'B<A', 'C<B', 'D<A', 'E')
    const lines = rollUpCostCentres({
      tree,
      amounts: [
        amount('C', 300n, 200n),
        amount('A', 100n),
        amount('', 7n),
        amount('C', 1n),
        amount('D', -50n),
        amount('D', 5n, 5n, 'EUR'),
      ],
    })
    const texts = lines.map(
      ({ depth, costCentre, currency, own, below, total }) =>
        `${depth} ${costCentre} ${currency} ${own.actualMinor} + ${below.actualMinor} = ${total.actualMinor} (${total.adjustedMinor})`,
    )
    expect(texts).toEqual([
      '0  USD 7 + 0 = 7 (7)',
      '0 A EUR 0 + 5 = 5 (5)',
      '0 A USD 100 + 251 = 351 (251)',
      '1 B USD 0 + 301 = 301 (201)',
      '2 C USD 301 + 0 = 301 (201)',
      '1 D EUR 5 + 0 = 5 (5)',
      '1 D USD -50 + 0 = -50 (-50)',
    ])
  })

  it('shows money of a centre that nobody defined under its id', () => {
    const { tree } = build('A')
    expect(rollUpCostCentres({ tree, amounts: [amount('??', 5n)] })).toMatchObject([
      { costCentre: '??', parent: '', depth: 0, total: { actualMinor: 5n } },
    ])
  })

  it('neither loses nor repeats an amount, whatever the parents are', () => {
    const ids = ['', 'A', 'B', 'C', 'D', 'E', 'é', '\u{1F600}', '\uFFFD']
    const rows = fc.uniqueArray(fc.tuple(fc.constantFrom(...ids.slice(1)), fc.constantFrom(...ids)), {
      selector: ([id]) => id,
    })
    const amounts = fc.array(fc.tuple(fc.constantFrom(...ids), fc.bigInt({ min: -100n, max: 100n })))
    fc.assert(
      fc.property(rows, amounts, (pairs, given) => {
        const centres = pairs.map(([id, parent]) => centre(`${id}<${parent}`))
        const { tree } = buildCostCentreTree(centres)
        const all = given.map(([id, value]) => amount(id, value))
        const lines = rollUpCostCentres({ tree, amounts: all })
        const sum = (values: bigint[]) => values.reduce((total, value) => total + value, 0n)
        const total = sum(given.map(([, value]) => value))
        expect(sum(lines.map((line) => line.own.actualMinor))).toBe(total)
        expect(sum(lines.filter((line) => line.depth === 0).map((line) => line.total.actualMinor))).toBe(total)
        const other = buildCostCentreTree([...centres].reverse())
        expect(rollUpCostCentres({ tree: other.tree, amounts: [...all].reverse() })).toEqual(lines)
      }),
    )
  })

  it('takes a chain of 100,000 centres, and one centre above 100,000', () => {
    const chain = Array.from({ length: 100_000 }, (_, index) => centre(index === 0 ? 'N0' : `N${index}<N${index - 1}`))
    const deep = buildCostCentreTree(chain)
    const lines = rollUpCostCentres({ tree: deep.tree, amounts: [amount('N99999', 1n)] })
    expect(lines).toHaveLength(100_000)
    expect(lines.every((line) => line.total.actualMinor === 1n)).toBe(true)
    expect(ancestorsOf(deep.tree, 'N99999')).toHaveLength(99_999)
    expect(descendantsOf(deep.tree, 'N0')).toHaveLength(99_999)
    const wide = buildCostCentreTree(chain.map((row, index) => (index === 0 ? row : { ...row, parent: 'N0' })))
    const [root] = rollUpCostCentres({ tree: wide.tree, amounts: chain.map((row) => amount(row.costCentre, 1n)) })
    expect(root).toMatchObject({ own: { actualMinor: 1n }, below: { actualMinor: 99_999n } })
    const ring = buildCostCentreTree(chain.map((row, index) => (index === 0 ? { ...row, parent: 'N99999' } : row)))
    expect(ring.problems).toHaveLength(1)
  })
})
