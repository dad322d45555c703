import type { Importer } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { recogniseImporter } from './recognise.ts'

function importer(name: string, column: string): Importer {
  return {
    name,
    version: 1,
    describes: `${name} files`,
    recognises: (sample) => sample.header.includes(column),
    async *read() {
      yield []
    },
  }
}

const IMPORTERS = [importer('verizon-detail', 'a'), importer('verizon-summary', 'b'), importer('att', 'a')]
const choose = (header: string[], source = '') => recogniseImporter({ header, rows: [] }, IMPORTERS, { source }).name

describe('recognition', () => {
  it('takes the one importer that claims the table', () => {
    expect(choose(['b', 'c'])).toBe('verizon-summary')
  })

  it.each([
    [['a'], '', ['verizon-detail', 'att']],
    [['x'], '', ['verizon-detail', 'verizon-summary', 'att']],
    [['a', 'b'], 'verizon', ['verizon-detail', 'verizon-summary']],
    [['x'], 'verizon', ['verizon-detail', 'verizon-summary']],
    [['a'], 'nobody', []],
  ])('of %j with the source %j is refused with the candidates %j', (header, source, names) => {
    const candidates = names.map((name) => ({ name, describes: `${name} files` }))
    expect(() => choose(header, source)).toThrow(
      expect.objectContaining({ kind: 'unrecognised-file', facts: expect.objectContaining({ candidates }) }),
    )
  })

  it('takes any other source as the name of a directory, and asks the directory formats alone', () => {
    const people = { ...importer('people', 'a'), isDirectory: true }
    const sample = { header: ['a'], rows: [] }
    expect(recogniseImporter(sample, [...IMPORTERS, people], { source: 'hr' })).toBe(people)
    expect(() => recogniseImporter({ header: ['b'], rows: [] }, [...IMPORTERS, people], { source: 'hr' })).toThrow(
      expect.objectContaining({ kind: 'unrecognised-file' }),
    )
  })

  it('lets the source decide, whole or by its first part', () => {
    expect(choose(['a'], 'att')).toBe('att')
    expect(choose(['x'], 'att')).toBe('att')
    expect(choose(['a'], 'verizon')).toBe('verizon-detail')
  })
})
