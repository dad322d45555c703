// Amounts are signed bigints of a currency's minor unit. Nothing here touches a floating-point number.
import { minorDigitsOf } from './currency.ts'

export type AmountReading =
  | { readonly ok: true; readonly minor: bigint }
  | { readonly ok: false; readonly reason: 'unreadable' | 'too-precise' | 'too-large' }

/** A signed 64-bit integer column holds it. */
const MINOR_MAX = 2n ** 63n - 1n

/**
 * Reads a plain decimal text (`-12.50`; no thousands separators, no currency sign, no exponent) as minor units.
 * More decimals than the currency has are `too-precise`, unless they are zeros.
 */
export function parseAmount(text: string, currency: string): AmountReading {
  const small = smallAmount(text, minorDigitsOf(currency))
  if (small !== null) return { ok: true, minor: small }
  const match = /^([+-]?)(\d{1,30})(?:\.(\d{1,30}))?$/.exec(text)
  if (!match) return { ok: false, reason: 'unreadable' }
  const digits = minorDigitsOf(currency)
  const fraction = match[3] ?? ''
  if (/[1-9]/.test(fraction.slice(digits))) return { ok: false, reason: 'too-precise' }
  const magnitude = BigInt(`${match[2]}${fraction.slice(0, digits).padEnd(digits, '0')}`)
  if (magnitude > MINOR_MAX) return { ok: false, reason: 'too-large' }
  return { ok: true, minor: match[1] === '-' ? -magnitude : magnitude }
}

/** The same for what most bills say: at most twelve characters and no more decimals than the currency has; null for any other. */
function smallAmount(text: string, decimals: number): bigint | null {
  const { length } = text
  const start = text.charCodeAt(0) === MINUS ? 1 : 0
  if (length === start || length > 12) return null
  let whole = 0
  let point = -1
  for (let at = start; at < length; at += 1) {
    const code = text.charCodeAt(at)
    if (code >= 0x30 && code <= 0x39) whole = whole * 10 + code - 0x30
    else if (code === POINT && point === -1 && at > start && at < length - 1) point = at
    else return null
  }
  const places = point === -1 ? 0 : length - point - 1
  if (places > decimals) return null
  for (let place = places; place < decimals; place += 1) whole *= 10
  if (!Number.isSafeInteger(whole)) return null
  return BigInt(start === 1 ? -whole : whole)
}

const MINUS = 0x2d
const POINT = 0x2e

/** Decimal text with the currency's own number of decimals: -1250n USD is `-12.50`, 1250n JPY is `1250`. */
export function formatAmount(minor: bigint, currency: string): string {
  const digits = minorDigitsOf(currency)
  const sign = minor < 0n ? '-' : ''
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0')
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** Rounds `numerator / denominator` half away from zero; the denominator is positive. */
export function divideHalfAwayFromZero(numerator: bigint, denominator: bigint): bigint {
  const magnitude = numerator < 0n ? -numerator : numerator
  const rounded = (2n * magnitude + denominator) / (2n * denominator)
  return numerator < 0n ? -rounded : rounded
}
