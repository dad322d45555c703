import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chartScale, positionOn } from './chart-scale.ts'

describe('the scale of a chart', () => {
  it.each<[string, bigint[], bigint[]]>([
    ['zero to an amount', [0n, 73_200n], [0n, 20_000n, 40_000n, 60_000n, 80_000n]],
    ['an exact step', [80_000n], [0n, 20_000n, 40_000n, 60_000n, 80_000n]],
    ['one minor unit', [1n], [0n, 1n]],
    ['credits alone', [-300n], [-300n, -200n, -100n, 0n]],
    ['charges and credits', [-40n, 90n], [-50n, 0n, 50n, 100n]],
    ['nothing at all', [], [0n]],
    ['zeros alone', [0n, 0n], [0n]],
    ['more than a safe integer', [12_345_678_901_234_567_890n], [0n, 5n, 10n, 15n].map((n) => n * 10n ** 18n)],
  ])('steps by round amounts over %s', (_, amounts, ticks) => {
    expect(chartScale(amounts, { steps: 4 }).ticksMinor).toEqual(ticks)
  })

  it('covers every amount and zero, evenly, in at most one step more than asked for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n })),
        fc.integer({ min: 1, max: 8 }),
        (amounts, steps) => {
          const scale = chartScale(amounts, { steps })
          const { ticksMinor } = scale
          expect(ticksMinor).toContain(0n)
          expect(ticksMinor.length).toBeLessThanOrEqual(steps + 2)
          expect(new Set(ticksMinor.slice(1).map((tick, index) => tick - (ticksMinor[index] ?? 0n))).size).toBeLessThan(
            2,
          )
          for (const amount of [0n, ...amounts]) {
            expect(positionOn(scale, amount)).toBeGreaterThanOrEqual(0)
            expect(positionOn(scale, amount)).toBeLessThanOrEqual(1)
          }
        },
      ),
    )
  })

  it('puts bottom, middle and top where they stand', () => {
    const scale = chartScale([100n], { steps: 1 })
    expect([0n, 50n, 100n].map((amount) => positionOn(scale, amount))).toEqual([0, 0.5, 1])
  })
})
