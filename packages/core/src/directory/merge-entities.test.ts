import { describe, expect, it } from 'vitest'
import type { CostCentre, Pool } from '../facts/fact.ts'
import { mergeEntities } from './merge-entities.ts'

const centre = (costCentre: string, parent = '', name = ''): CostCentre => ({
  fact: 'cost-centre',
  costCentre,
  parent,
  name,
  glCode: '',
  budget: '',
  extra: {},
})

describe('mergeEntities', () => {
  it('tells what is added, changed, removed and unchanged', () => {
    const merged = mergeEntities({
      known: [centre('A'), centre('B', 'A'), centre('C')],
      feed: [centre('D'), centre('B', 'C', 'Bee'), centre('A')],
    })
    expect(merged.changes).toEqual([
      { kind: 'changed', id: 'B', old: centre('B', 'A'), new: centre('B', 'C', 'Bee'), fields: ['name', 'parent'] },
      { kind: 'removed', id: 'C', old: centre('C'), new: null },
      { kind: 'added', id: 'D', old: null, new: centre('D') },
    ])
    expect(merged.rows.map((row) => row.costCentre)).toEqual(['A', 'B', 'D'])
    expect(merged).toMatchObject({ unchanged: 1, problems: [], massEnd: { active: 3, ending: 1 } })
  })

  it('finds nothing to change in the same file, in any order, with rows given twice', () => {
    const feed = [centre('B'), centre('A'), centre('B')]
    const first = mergeEntities({ known: [], feed })
    expect(mergeEntities({ known: first.rows, feed: [...feed].reverse() })).toMatchObject({
      rows: first.rows,
      changes: [],
    })
  })

  it('keeps what is known of an id that is given twice with other content', () => {
    const merged = mergeEntities({ known: [centre('A', 'K')], feed: [centre('A', 'X'), centre('A', 'Y'), centre('B')] })
    expect(merged.rows).toEqual([centre('A', 'K'), centre('B')])
    expect(merged.problems).toMatchObject([{ code: 'duplicate-conflict', facts: { id: 'A' } }])
    expect(merged.changes).toMatchObject([{ kind: 'added', id: 'B' }])
  })

  it('compares allowances as exact integers', () => {
    const pool = (allowanceBase: bigint | null): Pool => ({
      fact: 'pool',
      pool: 'P',
      vendor: 'V',
      account: 'A',
      model: 'bulk',
      usageType: 'data',
      allowanceBase,
      maxMembers: null,
      zone: '',
      timeBand: '',
      network: '',
      extra: {},
    })
    const merged = mergeEntities({ known: [pool(2n ** 60n)], feed: [pool(2n ** 60n + 1n)] })
    expect(merged.changes).toMatchObject([{ kind: 'changed', fields: ['allowanceBase'] }])
    expect(mergeEntities({ known: [pool(2n ** 60n)], feed: [pool(2n ** 60n)] }).changes).toEqual([])
  })
})
