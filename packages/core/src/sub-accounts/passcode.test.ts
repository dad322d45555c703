import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makePasscode, type PasscodeFault, passcodeFault, spacedPasscode } from './passcode.ts'

describe('a passcode', () => {
  it.each<[code: string, fault: PasscodeFault | null]>([
    ['', 'length'],
    ['48217', 'length'],
    ['4821739046281', 'length'],
    ['482 173', 'not-digits'],
    ['482173a', 'not-digits'],
    ['٤٨٢١٧٣', 'not-digits'],
    ['-482173', 'not-digits'],
    ['111111', 'repeated'],
    ['482111', 'repeated'],
    ['121212', 'repeated'],
    ['482482', 'repeated'],
    ['482173482173', 'repeated'],
    ['123456', 'sequential'],
    ['654321', 'sequential'],
    ['482789', 'sequential'],
    ['210482', 'sequential'],
    ['489014', 'sequential'],
    ['410948', 'sequential'],
    ['482173', null],
    ['448821', null],
    ['482174821', null],
    ['482173904628', null],
  ])('%s is found to be %s', (code, fault) => expect(passcodeFault(code)).toBe(fault))

  it('that is made has the length asked for and no fault, whatever the digits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 6, max: 12 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
        (length, digits) => {
          const code = makePasscode(length, () => Number(digits.next().value))
          expect(code).toHaveLength(length)
          expect(passcodeFault(code)).toBeNull()
        },
      ),
    )
  })

  it.each([
    ['482173', '482 173'],
    ['48217390', '4821 7390'],
    ['4821739', '4821 739'],
    ['482173904', '482 173 904'],
    ['4821739046', '4821 7390 46'],
  ])('%s is read out as %s', (code, spaced) => expect(spacedPasscode(code)).toBe(spaced))
})
