import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { toYaml } from './policy-text.ts'

const POLICY = {
  kind: 'AllocationPolicy',
  name: 'field: data',
  description: 'Everyone carries 12.00; the rest - "follows" use.\nSecond line',
  'applies-to': { pools: ['T-FIELD', '007', 'yes', ' spaced '] },
  components: [
    { name: 'access', charges: [{ category: 'access', 'usage-type': '' }, { product: '#1' }], floor: 12, cap: '60.00' },
    { name: 'package', charges: [{ category: 'bulk' }], weights: { 'cost-centres': { 'QH-161': 3, '12': '2.5' } } },
  ],
  empty: {},
  none: [],
}

it('writes what reads back as the same document', () => {
  expect(parse(toYaml(POLICY))).toEqual(POLICY)
})

it('writes it as a person would', () => {
  expect(
    toYaml({ name: 'a', from: '2026-10-01', components: [{ name: 'x', charges: [{ category: 'access' }] }] }),
  ).toBe('name: a\nfrom: 2026-10-01\ncomponents:\n  - name: x\n    charges:\n      - category: access\n')
})
