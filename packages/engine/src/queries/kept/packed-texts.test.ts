import { compareBytes } from '@spillway/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TextPacker } from './packed-texts.ts'

function pack(texts: ReadonlyArray<string>) {
  const packer = new TextPacker()
  for (const text of texts) packer.append(text)
  return packer.packed()
}

describe('packed texts', () => {
  it('are read as they were given, in any order', () => {
    const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', maxLength: 40 }))
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 60 }), (given) => {
        // Half a pair of surrogates is no text, and DuckDB has none.
        const texts = given.map((text) => Buffer.from(text).toString())
        const packed = pack(texts)
        expect(packed.count).toBe(texts.length)
        expect(texts.map((_, place) => packed.at(place))).toEqual(texts)
      }),
    )
  })

  it('are read one after another, and compared with others by their bytes', () => {
    const texts = fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 20 }), { maxLength: 60 })
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        const [given, others] = [one, other].map((some) => some.map((text) => Buffer.from(text).toString()))
        const [packed, beside] = [pack(given ?? []), pack(others ?? [])]
        const cursor = packed.cursor()
        for (const [place, text] of (given ?? []).entries()) {
          expect([cursor.next(), cursor.place]).toEqual([true, place])
          const against = beside.cursor()
          for (const compared of others ?? []) {
            against.next()
            expect(Math.sign(cursor.compare(against))).toBe(Math.sign(compareBytes(text, compared)))
          }
        }
        expect(cursor.next()).toBe(false)
        expect(packed.isSameAs(beside)).toBe(JSON.stringify(given) === JSON.stringify(others))
      }),
      { numRuns: 50 },
    )
  })

  it('has nothing where there is no text, before the first and after the last', () => {
    const packed = pack(['a'])
    expect([packed.at(-1), packed.at(1), pack([]).at(0)]).toEqual(['', '', ''])
  })

  it('takes a few bytes for each of many numbers in order', () => {
    const numbers = Array.from({ length: 10_000 }, (_, at) => `49151${String(at * 7).padStart(8, '0')}`)
    expect(pack(numbers).byteLength).toBeLessThan(10_000 * 8)
    const long = `${'x'.repeat(300)}`
    const packed = pack([long, `${long}y`, long])
    expect([packed.at(0), packed.at(1), packed.at(2)]).toEqual([long, `${long}y`, long])
  })

  it('are said to be in order where each comes after the one before, by its bytes', () => {
    const isInOrder = (texts: ReadonlyArray<string>) => {
      const packer = new TextPacker()
      for (const text of texts) packer.append(text)
      return packer.isInOrder
    }
    const many = Array.from({ length: 40 }, (_, at) => String(at + 100))
    const orders = [[], [''], ['', 'a', 'ab', 'b', '\uffee', '\u{10000}'], many].map(isInOrder)
    expect(orders).toEqual([true, true, true, true])
    const others = [
      ['a', 'a'],
      ['ab', 'a'],
      ['b', 'a'],
      ['\u{10000}', '\uffee'],
      [...many, '116'],
    ].map(isInOrder)
    expect(others).toEqual([false, false, false, false, false])
  })

  it('refuses what is too long to be a name', () => {
    expect(new TextPacker().append('x'.repeat(30_000))).toBe(false)
  })
})
