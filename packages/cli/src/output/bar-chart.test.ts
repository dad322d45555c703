import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordingTerminal } from '../../test/recording-terminal.ts'
import { drawBar, drawPairedBars, drawSparkline } from './bar-chart.ts'

describe('a bar', () => {
  it.each([
    ['0', ''],
    ['-5', ''],
    ['100', '██████████'],
    ['50', '█████'],
    ['1', '▏'],
    ['55', '█████▌'],
  ])('of %s in 100 and ten cells is %j', (value, expected) => {
    expect(drawBar({ value: BigInt(value), most: 100n, width: 10 })).toBe(expected)
  })

  it('is nothing where everything is nothing', () => {
    expect(drawBar({ value: 0n, most: 0n, width: 10 })).toBe('')
  })

  it('is never longer than its width, and longer for more', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 18n),
        fc.bigInt(0n, 10n ** 18n),
        fc.integer({ min: 1, max: 60 }),
        (a, b, width) => {
          const [less, more] = a < b ? [a, b] : [b, a]
          const [short, long] = [less, more].map((value) => drawBar({ value, most: more, width }).length)
          expect(long).toBeLessThanOrEqual(width)
          expect(short).toBeLessThanOrEqual(long ?? -1)
        },
      ),
    )
  })
})

describe('paired bars', () => {
  const pair = (label: string, actual: bigint, adjusted: bigint) => ({
    label,
    actual,
    adjusted,
    actualText: `${actual}.00`,
    adjustedText: `${adjusted}.00`,
  })

  it('say both numbers beside both bars', () => {
    const terminal = recordingTerminal({ directory: '/', width: 50 })
    expect(drawPairedBars([pair('SIM-1 Ada', 100n, 1000n), pair('SIM-2', 900n, 0n)], terminal)).toBe(
      `  SIM-1 Ada  actual      100.00  █▋
             adjusted  1,000.00  █████████████████
  SIM-2      actual      900.00  ███████████████▎
             adjusted      0.00
`,
    )
  })

  it('shorten a long label and fit the width, however narrow', () => {
    for (const width of [60, 80, 120]) {
      const text = drawPairedBars(
        [pair('5557400112 Maximiliane Alexandra Featherstonehaugh-Cholmondeley', 1_234_567n, 9n)],
        recordingTerminal({ directory: '/', width }),
      )
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width)
      expect(text).toContain('5557400112 Max')
    }
  })

  it('are nothing for nobody', () => {
    expect(drawPairedBars([], recordingTerminal({ directory: '/' }))).toBe('')
  })
})

describe('a sparkline', () => {
  it.each([
    [[], ''],
    [['5', '5', '5'], '▄▄▄'],
    [['0', '7'], '▁█'],
    [['-7', '0', '7'], '▁▄█'],
    [['7', null, '0'], '█·▁'],
    [[null, null], '··'],
  ])('of %j is %j', (values, expected) => {
    expect(drawSparkline(values.map((value) => (value === null ? null : BigInt(value))))).toBe(expected)
  })
})
