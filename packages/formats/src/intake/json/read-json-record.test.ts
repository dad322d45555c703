import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEPTH_MAX, plainNumber, readJsonRecord } from './read-json-record.ts'

const read = (text: string, cellLengthMax = 1000) => readJsonRecord(text, { cellLengthMax })
const cellsOf = (text: string) => {
  const reading = read(text)
  return reading.ok ? Object.fromEntries(reading.cells) : reading.reason
}

describe('a record', () => {
  it.each<[text: string, cells: Record<string, string>]>([
    ['{}', {}],
    [' {"a" : 1 , "b":"x"}\r', { a: '1', b: 'x' }],
    [
      '{"data":{"bytes":9007199254740993,"at":{"cell":"x"}}}',
      { 'data.bytes': '9007199254740993', 'data.at.cell': 'x' },
    ],
    ['{"a":0.10,"b":-0,"c":1e3,"d":2.5E-3}', { a: '0.10', b: '-0', c: '1000', d: '0.0025' }],
    ['{"a":null,"b":true,"c":false,"d":{},"e":[]}', { a: '', b: 'true', c: 'false', d: '{}', e: '[]' }],
    ['{"a":[1, {"b": "]"}]}', { a: '[1, {"b": "]"}]' }],
    [String.raw`{"a":"\u00e9\n\"\\\/ \ud83d\ude00"}`, { a: 'é\n"\\/ 😀' }],
    ['{"a.b":1,"a":{"c":2}}', { 'a.b': '1', 'a.c': '2' }],
    ['{"__proto__":1}', Object.fromEntries([['__proto__', '1']])],
  ])('%s is its cells', (text, cells) => {
    expect(cellsOf(text)).toEqual(cells)
  })

  it.each([
    ['', 'no JSON object'],
    ['[1]', 'no JSON object'],
    ['{"a":1} 2', 'something stands behind the object'],
    ['{"a":1', 'comma or closing brace'],
    ['{"a":', 'too early'],
    ['{"a', 'within a text'],
    ['{"a" 1}', 'colon'],
    ['{"a":1,}', 'name in quotes'],
    ["{'a':1}", 'name in quotes'],
    ['{"a":01}', 'comma or closing brace'],
    ['{"a":.5}', 'no value'],
    ['{"a":+1}', 'no value'],
    ['{"a":NaN}', 'no value'],
    ['{"a":[1,]}', 'no value'],
    ['{"a":[1}', 'comma or closing bracket'],
    ['{"a":"\t"}', 'control character'],
    [String.raw`{"a":"\x"}`, 'backslash'],
    [String.raw`{"a":"\ud83d"}`, 'half a character'],
    ['{"a":1,"a":1}', 'the name a stands twice'],
    ['{"a":[{"b":1,"b":2}]}', 'the name b stands twice'],
    ['{"a.b":1,"a":{"b":2}}', 'two members are a.b'],
    [`{"a":"${'x'.repeat(1001)}"}`, 'more than 1000 characters'],
    [`{"${'x'.repeat(1001)}":1}`, 'more than 1000 characters'],
    [`{"a":${'['.repeat(100_000)}`, `deeper than ${DEPTH_MAX}`],
    [`${'{"a":'.repeat(100_000)}`, `deeper than ${DEPTH_MAX}`],
  ])('%.40s is refused', (text, reason) => {
    expect(cellsOf(text)).toContain(reason)
  })

  it('has the cells that JSON.parse would give, for any object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 4 })), (value) => {
        const text = JSON.stringify(value)
        const expected = flatten(value)
        // Half a character, and two ways to one path, are refused where JSON.parse does not mind.
        if (expected === null || /\\ud[89a-f]/.test(text)) return
        expect(cellsOf(text)).toEqual(Object.fromEntries(expected))
      }),
      { numRuns: 300 },
    )
  })

  it('is never read where JSON.parse refuses it', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom(...'{}[]",:\\x0-'), (json, place, mark) => {
        const valid = `{"a":${json}}`
        const text = valid.slice(0, place % valid.length) + mark + valid.slice(place % valid.length)
        if (read(text).ok) expect(typeof JSON.parse(text)).toBe('object')
      }),
      { numRuns: 1000 },
    )
  })
})

/** null where two members have one path. */
function flatten(value: object): Map<string, string> | null {
  const cells = new Map<string, string>()
  let isTwice = false
  const visit = (path: string, member: unknown) => {
    if (member !== null && typeof member === 'object' && !Array.isArray(member) && Object.keys(member).length > 0) {
      for (const [name, inner] of Object.entries(member)) visit(`${path}.${name}`, inner)
      return
    }
    isTwice ||= cells.has(path)
    cells.set(path, cellOf(member))
  }
  for (const [name, member] of Object.entries(value)) visit(name, member)
  return isTwice ? null : cells
}

function cellOf(member: unknown): string {
  if (typeof member === 'string') return member
  if (member === null) return ''
  return typeof member === 'number' ? plainNumber(JSON.stringify(member)) : JSON.stringify(member)
}

describe('a number', () => {
  it('without its power of ten is the same number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e40, max: 1e40 }), (value) => {
        const text = JSON.stringify(value)
        expect(Number(plainNumber(text))).toBe(Number(text))
        if (Math.abs(value) > 1e-40) expect(plainNumber(text)).not.toMatch(/e/i)
      }),
    )
  })

  it.each([
    ['1e21', '1000000000000000000000'],
    ['0.10e1', '1.0'],
    ['-12.5e-1', '-1.25'],
    ['5e-1', '0.5'],
    ['1e999', '1e999'],
  ])('%s is %s', (written, plain) => {
    expect(plainNumber(written)).toBe(plain)
  })
})
