// Usage as a person reads it: exact, in the largest unit that it fills.
import { baseUnitOf, groupDigits, type UsageType } from '@spillway/core'

/** Each base unit with the larger units it is shown in, the largest first, and their size. */
const SCALES: Readonly<Record<string, ReadonlyArray<readonly [unit: string, size: bigint]>>> = {
  B: [
    ['TB', 10n ** 12n],
    ['GB', 10n ** 9n],
    ['MB', 10n ** 6n],
    ['kB', 10n ** 3n],
  ],
  Bh: [
    ['GBh', 10n ** 9n],
    ['MBh', 10n ** 6n],
    ['kBh', 10n ** 3n],
  ],
  s: [['min', 60n]],
}

/** 200000000000n of data is `200 GB`, 1500000n `1.5 MB`; 90n of voice `90 s`, 18000n `300 min`; 12n messages `12`. */
export function formatUsage(base: bigint, usageType: UsageType): string {
  const unit = baseUnitOf(usageType)
  const magnitude = base < 0n ? -base : base
  const scales = SCALES[unit] ?? []
  const scale = scales.find(([, size]) => magnitude >= size && isDecimal(size, magnitude))
  const sign = base < 0n ? '-' : ''
  if (!scale) return `${sign}${groupDigits(magnitude.toString())}${unit === 'count' ? '' : ` ${unit}`}`
  return `${sign}${decimalOf(magnitude, scale[1])} ${scale[0]}`
}

/** Minutes are shown only where they are whole: 100 seconds are no finite decimal of them. */
function isDecimal(size: bigint, magnitude: bigint): boolean {
  return size !== 60n || magnitude % size === 0n
}

function decimalOf(magnitude: bigint, size: bigint): string {
  const whole = groupDigits((magnitude / size).toString())
  const digits = size.toString().length - 1
  const fraction = (magnitude % size).toString().padStart(digits, '0').replace(/0+$/, '')
  return magnitude % size === 0n ? whole : `${whole}.${fraction}`
}
