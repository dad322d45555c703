import { describe, expect, it } from 'vitest'
import { evaluateExactly, evaluateFormula } from './evaluate-formula.ts'

describe('a formula', () => {
  it.each([
    ['3000.00', 300000n],
    ['3000.00 * 200 / 299', null],
    ['floor(3000.00 * 200 / 299, 0.01)', 200668n],
    ['floor(25.00 + (3000.00 - 2500.00) * 200 / 299, 0.01) + 0.01', 35945n],
    ['floor(25.00 + (3000.00 - 2500.00) * 1 / 299, 0.01) + 0.01', 2668n],
    ['-(floor(10.00 * 1 / 3, 0.01))', -333n],
    ['-(floor(10.00 * 2 / 3, 0.01) + 0.01)', -667n],
    ['floor(-0.015, 0.01)', -2n],
    ['90.00 * (1/3) / (3/2)', 2000n],
    ['1 - 2 - 3', -400n],
    ['8 / 4 / 2', 100n],
    ['2 + 3 * 4', 1400n],
    ['--1', 100n],
    ['0.005 + 0.005', 1n],
    ['0.1 + 0.2', 30n],
  ])('%s comes to %s cents', (text, minor) => {
    expect(evaluateFormula(text, 'USD')).toBe(minor)
  })

  it('comes to the minor units of its currency', () => {
    expect(evaluateFormula('floor(100 * 1 / 3, 1) + 1', 'JPY')).toBe(34n)
    expect(evaluateFormula('1.234', 'KWD')).toBe(1234n)
    expect(evaluateFormula('1.5', 'JPY')).toBeNull()
  })

  it.each([
    '',
    '1 +',
    '* 2',
    '1 2',
    '(1',
    '1)',
    'floor(1)',
    'floor(1, 0)',
    'floor 1',
    '1 / 0',
    '1e3',
    '.5',
    '1.',
    '$1',
    'x',
    '1,2',
  ])('refuses %s', (text) => {
    expect(evaluateExactly(text)).toBeNull()
  })

  it('refuses a text nested deeper than any of ours', () => {
    expect(evaluateExactly(`${'('.repeat(20_000)}1${')'.repeat(20_000)}`)).toBeNull()
    expect(evaluateExactly(`${'-'.repeat(20_000)}1`)).toBeNull()
  })
})
