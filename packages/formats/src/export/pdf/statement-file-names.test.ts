import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { statementFileNames } from './statement-file-names.ts'

const namesOf = (keys: ReadonlyArray<string>) => statementFileNames('cost-centre', keys)

describe('the file of a statement', () => {
  it('is named after a plain key', () => {
    expect([...namesOf(['CC-10', 'E.7_b', '']).values()]).toEqual([
      'cost-centre-CC-10.pdf',
      'cost-centre-E.7_b.pdf',
      'cost-centre-unassigned.pdf',
    ])
  })

  it.each([
    ['a way out of the folder', '../../x'],
    ['a way out by backslashes', '..\\..\\x'],
    ['an absolute path', '/etc/passwd'],
    ['two dots', '..'],
    ['a slash', 'a/b'],
    ['a NUL', 'a\0b'],
    ['a line break', 'a\nb'],
    ['what no key of latin letters is', '電話'],
    ['a name longer than a disk takes', 'x'.repeat(5000)],
    ['a dot in front', '.bashrc'],
    ['a dot and a blank at the end', 'a. '],
  ])('is plain and has a hash where the key is %s', (_, key) => {
    expect(namesOf([key]).get(key)).toMatch(/^cost-centre-(?!.*\.\.)[A-Za-z0-9._-]{1,60}-[0-9a-f]{16}\.pdf$/)
  })

  it('is no device of any system', () => {
    expect(namesOf(['CON', 'nul', 'COM1']).get('CON')).toBe('cost-centre-CON.pdf')
  })

  it('differs where keys differ by case alone, or where a key is called like what nobody owns', () => {
    const names = namesOf(['cc', 'CC', '', 'Unassigned'])
    expect(new Set([...names.values()].map((name) => name.toLowerCase())).size).toBe(4)
  })

  it('is one per key, safe, whatever the keys and their order', () => {
    const key = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('a', 'A', 'a_', 'a/', 'a:', '..', '', 'unassigned', 'x'.repeat(60), 'x'.repeat(61)),
      fc.stringMatching(/^[a-b/]{1,3}-[0-9a-f]{16}$/),
    )
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 12 }), (keys) => {
        const names = namesOf(keys)
        const files = [...names.values()]
        expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(keys.length)
        for (const file of files) expect(file).toMatch(/^cost-centre-[A-Za-z0-9._-]+\.pdf$/)
        expect(namesOf([...keys].reverse())).toEqual(names)
      }),
      { numRuns: 40 },
    )
  })
})
