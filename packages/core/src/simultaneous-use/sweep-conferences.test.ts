import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addedUserIds } from './added-user-ids.ts'
import { type Conflict, findConflicts, findStretches, peakOf } from './sweep-conferences.ts'

type Span = readonly [start: number, end: number]
const conferences = (spans: ReadonlyArray<Span>) => ({
  count: spans.length,
  startMicros: spans.map(([start]) => start),
  endMicros: spans.map(([, end]) => end),
})
const shown = ({ fromMicros, untilMicros, peak, members }: Conflict) =>
  `${fromMicros}-${untilMicros} peak ${peak}: ${members.join(',')}`

describe('findConflicts', () => {
  it.each<[what: string, spans: ReadonlyArray<Span>, expected: ReadonlyArray<string>]>([
    ['nothing', [], []],
    ['one alone', [[0, 10]], []],
    [
      'two that overlap',
      [
        [0, 10],
        [5, 15],
      ],
      ['5-10 peak 2: 0,1'],
    ],
    [
      'back to back is no conflict',
      [
        [0, 10],
        [10, 20],
      ],
      [],
    ],
    [
      'the same time twice',
      [
        [0, 10],
        [0, 10],
      ],
      ['0-10 peak 2: 0,1'],
    ],
    [
      'no length inside another',
      [
        [0, 10],
        [5, 5],
      ],
      [],
    ],
    [
      'no length at a start',
      [
        [0, 10],
        [0, 0],
        [0, 3],
      ],
      ['0-3 peak 2: 0,2'],
    ],
    [
      'one inside another',
      [
        [0, 20],
        [5, 10],
      ],
      ['5-10 peak 2: 0,1'],
    ],
    [
      'two conflicts of one long one',
      [
        [0, 30],
        [5, 10],
        [15, 20],
      ],
      ['5-10 peak 2: 0,1', '15-20 peak 2: 0,2'],
    ],
    [
      'a chain is one conflict',
      [
        [0, 10],
        [5, 15],
        [9, 20],
      ],
      ['5-15 peak 3: 0,1,2'],
    ],
    [
      'a hand-over ends one conflict and begins the next',
      [
        [0, 10],
        [5, 15],
        [10, 20],
      ],
      ['5-10 peak 2: 0,1', '10-15 peak 2: 1,2'],
    ],
    [
      'in any order',
      [
        [15, 20],
        [5, 10],
        [0, 30],
      ],
      ['5-10 peak 2: 1,2', '15-20 peak 2: 0,2'],
    ],
    [
      'three at once',
      [
        [0, 10],
        [2, 8],
        [4, 6],
      ],
      ['2-8 peak 3: 0,1,2'],
    ],
  ])('%s', (_, spans, expected) => {
    expect(findConflicts(conferences(spans)).map(shown)).toEqual(expected)
  })

  it('throws a bug for a conference that ends before it starts', () => {
    expect(() => findConflicts(conferences([[5, 4]]))).toThrow('does not end before it starts')
  })

  const spans = fc.array(
    fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 12 })).map(([start, length]): Span => [start, start + length]),
    { maxLength: 25 },
  )

  it('says of every instant what comparing every pair says', () => {
    fc.assert(
      fc.property(spans, (given) => {
        const conflicts = findConflicts(conferences(given))
        for (let instant = 0; instant < 75; instant += 1) {
          const going = given.flatMap(([start, end], index) => (start <= instant && instant < end ? [index] : []))
          const found = conflicts.filter(
            ({ fromMicros, untilMicros }) => fromMicros <= instant && instant < untilMicros,
          )
          expect(found.length).toBe(going.length >= 2 ? 1 : 0)
          if (found[0]) expect(going.every((index) => found[0]?.members.includes(index))).toBe(true)
        }
        // Two conferences that meet are in one conflict together, and who is in none meets nobody.
        const meets = (a: Span, b: Span) => Math.max(a[0], b[0]) < Math.min(a[1], b[1])
        const together = new Set(conflicts.flatMap(({ members }) => members))
        for (const [a, one] of given.entries()) {
          const others = given.flatMap((other, b) => (a !== b && meets(one, other) ? [b] : []))
          expect(together.has(a)).toBe(others.length > 0)
          for (const b of others)
            expect(conflicts.some(({ members }) => members.includes(a) && members.includes(b))).toBe(true)
        }
        const most = conflicts.reduce((peak, conflict) => Math.max(peak, conflict.peak), 0)
        const hasAny = given.some(([start, end]) => start < end)
        expect(peakOf(conferences(given))).toBe(most > 0 ? most : hasAny ? 1 : 0)
      }),
    )
  })

  it('finds the same times by starts and ends alone', () => {
    fc.assert(
      fc.property(spans, (given) => {
        const lasting = given.filter(([start, end]) => start < end)
        const sorted = (of: ReadonlyArray<number>) => Float64Array.from(of).sort()
        const found = findStretches({
          starts: sorted(lasting.map(([start]) => start)),
          ends: sorted(lasting.map(([, end]) => end)),
        })
        expect(found).toEqual(findConflicts(conferences(given)).map(({ members: _, ...stretch }) => stretch))
      }),
    )
  })

  it('has no conflict left once the conferences are spread over the user id and those that it lacks', () => {
    fc.assert(
      fc.property(spans, (given) => {
        const peak = peakOf(conferences(given))
        const userIds = ['desk', ...addedUserIds('desk', { count: Math.max(0, peak - 1), isTaken: () => false })]
        const held = new Map(userIds.map((userId): [string, Span[]] => [userId, []]))
        const inOrder = [...given].filter(([start, end]) => start < end).sort((a, b) => a[0] - b[0])
        for (const conference of inOrder) {
          const free = userIds.find((userId) => (held.get(userId)?.at(-1)?.[1] ?? 0) <= conference[0])
          expect(free).toBeDefined()
          held.get(free as string)?.push(conference)
        }
        for (const own of held.values()) expect(findConflicts(conferences(own))).toEqual([])
      }),
    )
  })
})

describe('addedUserIds', () => {
  it('goes on behind those that are taken', () => {
    const taken = new Set(['desk-2', 'desk-4'])
    expect(addedUserIds('desk', { count: 3, isTaken: (userId) => taken.has(userId) })).toEqual([
      'desk-3',
      'desk-5',
      'desk-6',
    ])
  })
})
