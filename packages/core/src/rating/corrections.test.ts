import { expect, it } from 'vitest'
import { withoutNegative } from './corrections.ts'

type Use = readonly [at: number, service: number, usageClass: number, quantity: bigint]
const WIDE = 2n ** 60n

const columnsOf = (uses: ReadonlyArray<Use>) => {
  const wide = new Map(uses.flatMap(([, , , base], at) => (base >= WIDE || base <= -WIDE ? [[at, base] as const] : [])))
  const number = (base: bigint) => (base >= WIDE ? Infinity : base <= -WIDE ? -Infinity : Number(base))
  return {
    count: uses.length,
    startMicros: Float64Array.from(uses, ([at]) => at),
    service: Int32Array.from(uses, ([, service]) => service),
    usageClass: Int32Array.from(uses, ([, , usageClass]) => usageClass),
    quantityBase: Float64Array.from(uses, ([, , , base]) => number(base)),
    ...(wide.size > 0 ? { wide } : {}),
  }
}

it('takes corrections out, and says what they come to by service and class', () => {
  const uses: Use[] = [
    [1, 1, 0, 60n],
    [2, 1, 1, -60n],
    [3, 0, 0, -1n],
    [4, 0, 0, WIDE],
    [4, 1, 1, -WIDE],
    [5, 0, 0, 0n],
  ]
  const { columns, negative } = withoutNegative(columnsOf(uses))
  expect(columns).toEqual(columnsOf(uses.filter(([, , , base]) => base >= 0n)))
  expect(negative).toEqual([
    { service: 0, usageClass: 0, quantityBase: -1n },
    { service: 1, usageClass: 1, quantityBase: -60n - WIDE },
  ])
})

it('hands columns without corrections back as they are', () => {
  const columns = columnsOf([[1, 0, 0, 60n]])
  expect(withoutNegative(columns).columns).toBe(columns)
  expect(withoutNegative(columns).negative).toEqual([])
})
