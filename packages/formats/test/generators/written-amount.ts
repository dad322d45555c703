// Amounts in minor units as vendors write them.
import type { Random } from './random.ts'

type AmountWriting = { readonly decimal: string; readonly thousands: string; readonly sign: string }

function grouped(whole: string, separator: string): string {
  return whole.replace(/\B(?=(\d{3})+$)/g, separator)
}

/** Two decimals, without sign: 123450 is `1,234.50`. */
export function magnitudeText(minor: number, { decimal, thousands }: AmountWriting): string {
  const digits = String(Math.abs(minor)).padStart(3, '0')
  return `${grouped(digits.slice(0, -2), thousands)}${decimal}${digits.slice(-2)}`
}

/** In one of the ways of the raw data download: with and without dollar sign, commas, parentheses. */
export function dollars(minor: number, random: Random): string {
  const writing = { decimal: '.', thousands: random.chance(0.5) ? ',' : '', sign: '' }
  const sign = random.chance(0.5) ? '$' : ''
  const text = `${sign}${magnitudeText(minor, writing)}`
  if (minor >= 0) return text
  return random.chance(0.7) ? `(${text})` : `-${text}`
}
