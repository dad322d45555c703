import { expect, it } from 'vitest'
import { fieldDifferences } from './field-differences.ts'

const component = (name: string, rest: object = {}) => ({ name, charges: [{ category: 'access' }], ...rest })

it('names each field with what it was and what it is', () => {
  expect(
    fieldDifferences(
      { 'applies-to': { pools: ['P'] }, components: [component('access', { floor: 12, basis: 'total' })] },
      { 'applies-to': { pools: ['P', 'Q'] }, components: [component('access', { floor: '25.00' })], taxes: 'follow' },
    ),
  ).toEqual([
    { field: 'applies to, pools', before: 'P', after: 'P, Q' },
    { field: 'components, “access”, floor', before: '12', after: '25.00' },
    { field: 'taxes', before: '', after: 'follow' },
    { field: 'components, “access”, basis', before: 'total', after: '' },
  ])
})

it('finds nothing where components alone changed places, or nothing changed', () => {
  const [a, b] = [component('a'), component('b', { floor: 1 })]
  expect(fieldDifferences({ components: [a, b] }, { components: [a, b] })).toEqual([])
})

it('names what a component took along when it went', () => {
  expect(fieldDifferences({ components: [component('a')] }, { components: [] })).toEqual([
    { field: 'components', before: '', after: '(empty)' },
    { field: 'components, “a”, name', before: 'a', after: '' },
    { field: 'components, “a”, charges, 1, category', before: 'access', after: '' },
  ])
})
