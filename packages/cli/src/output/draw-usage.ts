// Usage for a glance: `598.0 GB`, `56,446 min`. Rounded, so for tables alone; files have whole base units.
import {
  baseUnitOf,
  groupDigits,
  type ReportColumn,
  type ReportRow,
  readableUnitsOf,
  USAGE_TYPES,
  type UsageType,
} from '@spillway/core'
import { printable } from './printable.ts'

/** What the row says its usage is: the first word of its usage class, else its usage type. */
export function usageTypeOf({
  columns,
  row,
}: {
  readonly columns: ReadonlyArray<ReportColumn>
  readonly row: ReportRow
}): UsageType | undefined {
  const index = columns.findIndex(({ key }) => key === 'usage_class' || key === 'usage_type')
  const [word] = (row[index] ?? '').split('/')
  return USAGE_TYPES.find((usageType) => usageType === word)
}

/** Whole base units as text, to one decimal of the largest unit that they fill; half away from zero. Else as it is. */
export function drawUsage(base: string, usageType: UsageType | undefined): string {
  if (usageType === undefined || !/^-?\d+$/.test(base)) return printable(base)
  const amount = BigInt(base)
  const magnitude = amount < 0n ? -amount : amount
  const sign = amount < 0n ? '-' : ''
  const unit = baseUnitOf(usageType)
  const scale = readableUnitsOf(usageType).find(([, size]) => magnitude >= size)
  if (!scale) return `${sign}${groupDigits(magnitude.toString())}${unit === 'count' ? '' : ` ${unit}`}`
  const [name, size] = scale
  const tenths = (magnitude * 20n + size) / (size * 2n)
  return `${sign}${groupDigits((tenths / 10n).toString())}.${tenths % 10n} ${name}`
}
