import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareBytes } from '../money/largest-remainder.ts'
import { type Move, movesBetween, rankMovers } from './rank-movers.ts'

const move = (key: string, beforeMinor: bigint | null, nowMinor: bigint | null, currency = 'USD'): Move => ({
  key,
  currency,
  beforeMinor,
  nowMinor,
})
const summary = (moves: ReadonlyArray<Move>, count = 10) =>
  rankMovers(moves, { count }).map(({ currency, direction, rank, key, changeMinor, changeShare }) =>
    `${currency} ${direction} ${rank} ${key} ${changeMinor} ${changeShare}`.trimEnd(),
  )

describe('rankMovers', () => {
  it.each<[string, Move[], string[]]>([
    ['nothing moves where there is nothing', [], []],
    ['what stayed the same is no mover', [move('a', 5n, 5n), move('b', null, 0n), move('c', 0n, null)], []],
    [
      'the largest change comes first, what rose before what fell',
      [move('a', 100n, 110n), move('b', 100n, 75n), move('c', 100n, 200n), move('d', 100n, 99n)],
      [
        'USD rose 1 c 100 1.000000000',
        'USD rose 2 a 10 0.100000000',
        'USD fell 1 b -25 -0.250000000',
        'USD fell 2 d -1 -0.010000000',
      ],
    ],
    [
      'what was not there before counts as 0 and has no share',
      [move('a', null, 70n), move('b', 70n, null)],
      ['USD rose 1 a 70', 'USD fell 1 b -70 -1.000000000'],
    ],
    [
      'equal changes go by the bytes of the key, not by a dictionary',
      [move('b', 0n, 5n), move('Zeta', 0n, 5n), move('ä', 0n, 5n), move('', 0n, 5n)],
      ['USD rose 1  5', 'USD rose 2 Zeta 5', 'USD rose 3 b 5', 'USD rose 4 ä 5'],
    ],
    [
      'each currency has its own ranks: 9 yen are not more than 8 dollars',
      [move('a', 0n, 900n, 'JPY'), move('b', 0n, 8n), move('a', 10n, 3n)],
      ['JPY rose 1 a 900', 'USD rose 1 b 8', 'USD fell 1 a -7 -0.700000000'],
    ],
    [
      'a credit that grows is a fall, and its share has the sign of the change',
      [move('a', -100n, -150n)],
      ['USD fell 1 a -50 -0.500000000'],
    ],
  ])('%s', (_, moves, expected) => expect(summary(moves)).toEqual(expected))

  it('says what started and what ended, which is not the same as costing nothing', () => {
    const ranked = rankMovers([move('new', null, 5n), move('gone', 5n, null), move('free', 0n, 4n)], { count: 10 })
    expect(ranked.map(({ key, hasStarted, hasEnded }) => [key, hasStarted, hasEnded])).toEqual([
      ['new', true, false],
      ['free', false, false],
      ['gone', false, true],
    ])
  })

  const moves = fc.uniqueArray(
    fc.record({
      key: fc.string({ unit: 'binary', maxLength: 3 }),
      currency: fc.constantFrom('USD', 'JPY'),
      beforeMinor: fc.option(fc.bigInt({ min: -5n, max: 5n })),
      nowMinor: fc.option(fc.bigInt({ min: -5n, max: 5n })),
    }),
    { selector: ({ key, currency }) => `${currency} ${key}`, maxLength: 40 },
  )

  it('keeps of each currency and direction what a full sort puts first, in whatever order the moves come', () => {
    fc.assert(
      fc.property(moves, fc.integer({ min: 1, max: 5 }), fc.infiniteStream(fc.nat()), (list, count, salt) => {
        const order = list.map((one) => ({ one, at: salt.next().value as number }))
        const shuffled = order.sort((a, b) => a.at - b.at).map(({ one }) => one)
        const changeOf = ({ beforeMinor, nowMinor }: Move) => (nowMinor ?? 0n) - (beforeMinor ?? 0n)
        const sorted = (sign: 1n | -1n, currency: string) =>
          list
            .filter((one) => one.currency === currency && changeOf(one) * sign > 0n)
            .sort((a, b) => Number((changeOf(b) - changeOf(a)) * sign) || compareBytes(a.key, b.key))
            .slice(0, count)
            .map(({ key }) => key)
        const expected = ['JPY', 'USD'].flatMap((currency) => [...sorted(1n, currency), ...sorted(-1n, currency)])
        expect(rankMovers(shuffled, { count }).map(({ key }) => key)).toEqual(expected)
      }),
    )
  })
})

describe('movesBetween', () => {
  it('lays two months beside each other by key and currency', () => {
    const amount = (key: string, amountMinor: bigint, currency = 'USD') => ({ key, currency, amountMinor })
    expect(
      movesBetween({
        before: [amount('a', 1n), amount('b', 2n), amount('a', 3n)],
        now: [amount('b', 5n), amount('a', 7n, 'EUR')],
      }),
    ).toEqual([move('a', 4n, null), move('b', 2n, 5n), move('a', null, 7n, 'EUR')])
  })
})
