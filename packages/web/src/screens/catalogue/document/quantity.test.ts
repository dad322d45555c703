import { describe, expect, it } from 'vitest'
import { partsOf, quantityOf, unitsOf, usualUnitOf } from './quantity.ts'

describe('a quantity of a document in two parts', () => {
  const BYTES = unitsOf('data')
  it.each([
    ['100 MB', BYTES, '100', 'MB'],
    ['1.5GiB', BYTES, '1.5', 'GiB'],
    ['7 hundred MB', BYTES, '7 hundred', 'MB'],
    [4, [], '4', ''],
    ['4 MB', [], '4 MB', ''],
    [undefined, BYTES, '', ''],
  ])('of %s is amount and unit', (written, units, amount, unit) => {
    expect(partsOf(written, units)).toEqual({ amount, unit })
  })

  it.each([
    [{ amount: '100', unit: 'MB' }, '100 MB'],
    [{ amount: '7 hundred', unit: 'MB' }, '7 hundred MB'],
    [{ amount: '4', unit: '' }, 4],
    [{ amount: '04', unit: '' }, '04'],
    [{ amount: ' ', unit: 'MB' }, undefined],
  ])('%j is written as %s', (parts, written) => {
    expect(quantityOf(parts)).toBe(written)
  })
})

it.each([
  ['data', 'MB'],
  ['voice', 'min'],
  ['storage', 'GBh'],
  ['messaging', ''],
] as const)('%s begins in %s', (usageType, unit) => {
  expect(usualUnitOf(usageType)).toBe(unit)
  expect(unitsOf(usageType).includes(unit)).toBe(unit !== '')
})
