import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NumberPacker } from './packed-numbers.ts'

type Block = ReadonlyArray<ReadonlyArray<number>>

function packedOf(blocks: ReadonlyArray<Block>) {
  const packer = new NumberPacker(blocks[0]?.length ?? 0)
  const isKept = blocks.map((block) =>
    packer.append(
      block.map((column) => Float64Array.from(column)),
      block[0]?.length ?? 0,
    ),
  )
  return { isKept, packed: packer.packed() }
}
const readBack = (blocks: ReadonlyArray<Block>) => {
  const { packed } = packedOf(blocks)
  return blocks.map((block, at) => block.map((_, column) => [...packed.column(at, column)]))
}

describe('packed numbers', () => {
  it.each<readonly [string, Block]>([
    [
      'all alike',
      [
        [7, 7, 7],
        [0, 0, 0],
      ],
    ],
    [
      'below 0',
      [
        [-5, 3, -9],
        [-1, -1, 0],
      ],
    ],
    [
      'of 32 bits and one more',
      [
        [0, 2 ** 32 - 1, 2 ** 31],
        [0, 2 ** 32, 2 ** 32 + 1],
      ],
    ],
    [
      'as far from each other as they may be',
      [
        [0, Number.MAX_SAFE_INTEGER, 1],
        [-(2 ** 52), 2 ** 52 - 1, 0],
      ],
    ],
    ['of which there are none', [[], []]],
  ])('are read as they were: %s', (_, block) => {
    expect(readBack([block])).toEqual([block])
  })

  it('are refused where they cannot be said exactly', () => {
    const { isKept } = packedOf([[[0, 2 ** 53]], [[-(2 ** 53) + 1, 2 ** 53 - 1]], [[1, 2]]])
    expect(isKept).toEqual([false, false, true])
  })

  it('take as few bits as a block needs', () => {
    const column = Float64Array.from({ length: 3200 }, (_, row) => 1_000_000 + (row % 8))
    const packer = new NumberPacker(1)
    packer.append([column], column.length)
    expect(packer.packed().byteLength).toBeLessThan((3200 * 3) / 8 + 64)
  })

  const blockOf = (columns: number) =>
    fc.tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom(10, 2 ** 20, 2 ** 33, 2 ** 51)).chain(([rows, most]) =>
      fc.array(
        fc.array(
          fc.maxSafeInteger().map((number) => number % most),
          { minLength: rows, maxLength: rows },
        ),
        {
          minLength: columns,
          maxLength: columns,
        },
      ),
    )
  it('are read as they were, block by block', () => {
    fc.assert(
      fc.property(fc.array(blockOf(3), { minLength: 1, maxLength: 6 }), (blocks) => {
        // -0 is 0 in memory.
        const whole = blocks.map((block) => block.map((column) => column.map((number) => number + 0)))
        expect(readBack(whole)).toEqual(whole)
      }),
    )
  })
})
