// What a spreadsheet shows for a number: its format says whether it is a date, a time, a percentage or just a number.
// Dates become ISO texts, everything else plain decimals; nothing is rounded beyond the 15 digits that a sheet holds.

export type NumberKind = 'plain' | 'date' | 'time' | 'percent'

const SECONDS_PER_DAY = 86_400
/** Days from the sheet's day 0 to 1970-01-01. */
const EPOCH_DAY = 25_569
/** 9999-12-31. */
const LAST_DAY = 2_958_465
const DAYS_1900_TO_1904 = 1462

/** The formats that a workbook need not spell out (ECMA-376, 18.8.30), the East Asian ones included. */
export function kindOfBuiltIn(id: number): NumberKind {
  if (id === 9 || id === 10) return 'percent'
  if ((id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58))
    return 'date'
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47)) return 'time'
  return 'plain'
}

/** `[$-409]d-mmm-yy;@` is a date, `[h]:mm:ss` a time, `0.0%` a percentage, `#,##0.00 "days"` plain. */
export function kindOfFormat(code: string): NumberKind {
  const positive = code
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
    .split(';', 1)[0]
    ?.toLowerCase()
  if (positive === undefined || positive.includes('general')) return 'plain'
  if (positive.includes('%')) return 'percent'
  const hasTime = /[hs]/.test(positive)
  if (/[yd]/.test(positive) || (positive.includes('m') && !hasTime && !positive.includes('['))) return 'date'
  return hasTime || positive.includes('m') ? 'time' : 'plain'
}

/** The text of a number cell; `text` is as the workbook stores it. */
export function showNumber(text: string, kind: NumberKind, { is1904 }: { is1904: boolean }): string {
  // An integer of any length, and a decimal of fewer digits than a sheet holds, stand there as they are.
  if (kind === 'plain' && /^-?(?:\d{1,40}|\d{1,7}\.\d{1,7})$/.test(text)) return text
  const number = Number(text)
  if (text.trim() === '' || !Number.isFinite(number)) return text
  if (kind === 'percent') return `${plainDecimal(number * 100)}%`
  if (kind === 'date') return showDate(number, is1904) ?? plainDecimal(number)
  if (kind === 'time' && number >= 0) return showTime(number, is1904)
  return plainDecimal(number)
}

/** Fifteen significant digits without an exponent: 0.30000000000000004 is 0.3, as a sheet shows it. */
export function plainDecimal(number: number): string {
  const [mantissa = '', exponentText] = String(Number(number.toPrecision(15))).split('e')
  if (exponentText === undefined) return mantissa
  const sign = mantissa.startsWith('-') ? '-' : ''
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  const digits = whole + fraction
  const point = whole.length + Number(exponentText)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return `${sign}${digits.padEnd(point, '0')}${digits.length > point ? `.${digits.slice(point)}` : ''}`.replace(
    /(\.\d*?)0+$/,
    '$1',
  )
}

/** `2026-10-31`, or `2026-10-31T08:15:00` where it is not midnight; null where the sheet has no such day. */
function showDate(serial: number, is1904: boolean): string | null {
  const days = is1904 ? serial + DAYS_1900_TO_1904 : serial
  if (days < 0 || days >= LAST_DAY + 1) return null
  // The 1900 calendar has a 29 February that never was: days before it are one later than they count.
  const shift = !is1904 && days < 60 ? 1 : 0
  const ms = Math.round((days + shift - EPOCH_DAY) * SECONDS_PER_DAY * 1000)
  const text = new Date(ms).toISOString()
  if (text.endsWith('T00:00:00.000Z')) return text.slice(0, 10)
  return text.endsWith('.000Z') ? text.slice(0, 19) : text.slice(0, 23)
}

/** Hours may pass 24: `26:30:00` is a duration. A time that carries a day is that instant. */
function showTime(serial: number, is1904: boolean): string {
  if (serial > 366) return showDate(serial, is1904) ?? plainDecimal(serial)
  const seconds = Math.round(serial * SECONDS_PER_DAY)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}
