// A quantity as a document writes it (`100 MB`, `90 min`, `4`) in its two parts, and the units that a usage type is counted in.
import { baseUnitOf, toBaseUnits, UNIT_NAMES, USAGE_TYPES, type UsageType } from '@spillway/core'

export type QuantityParts = { readonly amount: string; readonly unit: string }

/** The last word is the unit, whatever stands before it; without units to choose from all of it is the amount. */
export function partsOf(written: unknown, units: ReadonlyArray<string>): QuantityParts {
  const text = written === undefined || written === null ? '' : String(written)
  const [, amount, unit] = units.length === 0 ? [] : (/^(.*?) ?([A-Za-z]*)$/.exec(text) ?? [])
  return amount === undefined ? { amount: text, unit: '' } : { amount, unit: unit ?? '' }
}

/** undefined where there is no amount; a plain count as a number, as a person writes it in a file. */
export function quantityOf({ amount, unit }: QuantityParts): string | number | undefined {
  const digits = amount.trim()
  if (digits === '') return undefined
  if (unit !== '') return `${digits} ${unit}`
  return /^(?:0|[1-9]\d{0,14})$/.test(digits) ? Number(digits) : digits
}

export const isUsageType = (text: string): text is UsageType => USAGE_TYPES.some((one) => one === text)

/** In the order of their names' table; none for what is only counted. */
export function unitsOf(usageType: UsageType | undefined): ReadonlyArray<string> {
  if (usageType === undefined || baseUnitOf(usageType) === 'count') return []
  return UNIT_NAMES.filter((unit) => toBaseUnits('1', unit, usageType).ok)
}

/** The unit in which somebody begins to write: what bills of that kind of usage are in. */
export function usualUnitOf(usageType: UsageType | undefined): string {
  const units = unitsOf(usageType)
  return ['MB', 'min', 'GBh'].find((unit) => units.includes(unit)) ?? units[0] ?? ''
}
