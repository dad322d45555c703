import { describe, expect, it } from 'vitest'
import {
  columnField,
  conditionsOf,
  hoisted,
  originOf,
  type SourceBody,
  simpleCondition,
  withField,
  withSetting,
} from './source-body.ts'

const BODY: SourceBody = { kind: 'Source', name: 'acme', emit: [{ fact: 'charge', fields: { amount: 'Net' } }] }

describe('a Source while it is written', () => {
  it('says once what belongs to the whole bill, and leaves the rest to the row', () => {
    const found = hoisted({ ...BODY, emit: [{ fact: 'charge', fields: { account: 'Cust', amount: 'Net' } }] }, [
      'account',
    ])
    expect(found).toEqual({ ...BODY, fields: { account: 'Cust' } })
  })

  it('keeps what emissions say each for itself', () => {
    const two = { ...BODY, emit: [...BODY.emit, { fact: 'invoice', fields: { account: 'B' } }] }
    expect(hoisted(two, ['account'])).toBe(two)
  })

  it('takes out a part of which nothing is left: an empty one is refused', () => {
    const set = withSetting(BODY, { part: 'numbers', key: 'decimal', value: ',' })
    expect(set.numbers).toEqual({ decimal: ',' })
    expect(withSetting(set, { part: 'numbers', key: 'decimal', value: undefined })).toEqual(BODY)
    expect(
      withField(
        withField(BODY, { emission: null, name: 'vendor' }, { value: 'x' }),
        { emission: null, name: 'vendor' },
        undefined,
      ),
    ).toEqual(BODY)
  })

  it.each([
    ['Net', { origin: 'column', text: 'Net', steps: {} }],
    [{ value: 'USD' }, { origin: 'value', text: 'USD', steps: {} }],
    [
      { column: 'Net', sign: 'flip' as const },
      { origin: 'column', text: 'Net', steps: { sign: 'flip' } },
    ],
    [{ template: '{A}-{B}' }, { origin: 'template', text: '{A}-{B}', steps: {} }],
    [undefined, { origin: 'none', text: '', steps: {} }],
  ])('reads %j', (field, expected) => {
    expect(originOf(field)).toEqual(expected)
  })

  it('writes a column without steps as its title', () => {
    expect(columnField('Net', {})).toBe('Net')
    expect(columnField('Net', { sign: 'flip' })).toEqual({ column: 'Net', sign: 'flip' })
  })

  it.each([
    [{ Item: 'Total' }, { column: 'Item', isNot: false, values: ['Total'] }],
    [{ Item: { not: ['Total', 'Sum'] } }, { column: 'Item', isNot: true, values: ['Total', 'Sum'] }],
    [{ Item: { pattern: '^T' } }, null],
    [{ Item: 'a', Net: 'b' }, null],
    [undefined, null],
  ])('shows the condition %j where the form can say it', (when, expected) => {
    const simple = simpleCondition(when)
    expect(simple).toEqual(expected)
    if (simple) expect(simpleCondition(conditionsOf(simple))).toEqual(simple)
  })
})
