// Usage as a person reads it: exact, in the largest unit that it fills.
import { groupDigits } from '../allocation/describe-allocation.ts'
import { baseUnitOf, readableUnitsOf, type UsageType } from './unit.ts'

/** 200000000000n of data is `200 GB`, 1500000n `1.5 MB`; 90n of voice `90 s`, 18000n `300 min`; 12n messages `12`. */
export function formatUsage(base: bigint, usageType: UsageType): string {
  const unit = baseUnitOf(usageType)
  const magnitude = base < 0n ? -base : base
  const scale = readableUnitsOf(usageType).find(([, size]) => magnitude >= size && isDecimal(size, magnitude))
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
