import { describe, expect, it } from 'vitest'
import { KeptNames } from './kept-names.ts'

const named = (count: number) => new Map(Array.from({ length: count }, (_, at) => [`k${at}`, `Name ${at}`]))

describe('names of directories', () => {
  it('are read once, and again once they were displaced by those that were asked for since', async () => {
    const names = new KeptNames({ each: 10, all: 12, directories: 3 })
    const read: string[] = []
    const of = async (place: string, count: number) => {
      const found = await names.of(place, async () => {
        read.push(place)
        return named(count)
      })
      return found?.size ?? null
    }
    expect([await of('a', 5), await of('b', 5), await of('a', 5), read]).toEqual([5, 5, 5, ['a', 'b']])
    // More than 12 in all: b was not asked for longest.
    expect([await of('c', 4), await of('a', 5), await of('b', 5), read]).toEqual([4, 5, 5, ['a', 'b', 'c', 'b']])
    // No more than three directories, however small.
    for (const place of ['d', 'e', 'f', 'g']) await of(place, 0)
    await of('d', 0)
    expect(read.slice(4)).toEqual(['d', 'e', 'f', 'g', 'd'])
  })

  it('are not kept where there are too many, which is not asked for again', async () => {
    const names = new KeptNames({ each: 3, all: 100, directories: 3 })
    const most: number[] = []
    const read = async (count: number) => {
      most.push(count)
      return named(count)
    }
    expect([await names.of('large', read), await names.of('large', read), most]).toEqual([null, null, [4]])
  })
})
