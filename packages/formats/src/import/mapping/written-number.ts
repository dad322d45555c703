// Numbers as a file writes them, turned into plain decimal text. Refuses what the source did not say: a thousands
// separator that does not stand before three digits is no separator.

export type NegativeForm = 'minus' | 'parentheses' | 'trailing-minus' | 'cr-suffix'
export type NumberWriting = {
  readonly decimal: '.' | ','
  readonly thousands: string
  readonly negative: ReadonlyArray<NegativeForm>
  readonly currencySigns: ReadonlyArray<string>
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/**
 * A reader for one way of writing: with decimal `,` and thousands `.`, `1.234,50` is `1234.50`. null for anything else.
 * A minus in front is always a minus; `(-7.23)` is negative once.
 */
export function numberReader(writing: NumberWriting): (text: string) => string | null {
  const group = writing.thousands === ' ' ? '[ \\u00a0\\u202f]' : escaped(writing.thousands)
  const whole = writing.thousands === '' ? '\\d+' : `\\d{1,3}(?:${group}\\d{3})+|\\d+`
  const digits = new RegExp(`^([+-]?)\\s*(${whole})?(?:${escaped(writing.decimal)}(\\d+))?$`)
  const separators = writing.thousands === '' ? null : new RegExp(group, 'g')
  const signs =
    writing.currencySigns.length === 0 ? null : new RegExp(writing.currencySigns.map(escaped).join('|'), 'g')
  const allows = (form: NegativeForm) => writing.negative.includes(form)
  return (text) => {
    const unsigned = stripNegative((signs ? text.replace(signs, '') : text).trim(), allows)
    const match = digits.exec(unsigned.text)
    if (!match || (match[2] === undefined && match[3] === undefined)) return null
    const isNegative = unsigned.isNegative || match[1] === '-'
    const plain = match[2] === undefined ? '0' : separators ? match[2].replace(separators, '') : match[2]
    return `${isNegative ? '-' : ''}${plain}${match[3] === undefined ? '' : `.${match[3]}`}`
  }
}

function stripNegative(text: string, allows: (form: NegativeForm) => boolean): { text: string; isNegative: boolean } {
  const inside = allows('parentheses') ? /^([+-]?)\((.*)\)$/.exec(text) : null
  if (inside) return { text: `${inside[1]}${inside[2]?.trim()}`.replace(/^[+-]{2}/, '-'), isNegative: true }
  if (allows('trailing-minus') && text.endsWith('-')) return { text: text.slice(0, -1).trim(), isNegative: true }
  if (allows('cr-suffix') && /cr$/i.test(text)) return { text: text.slice(0, -2).trim(), isNegative: true }
  return { text, isNegative: false }
}

/** `1:02:03` or `010203` in seconds; null for anything else. */
export function secondsOf(text: string, form: 'h:mm:ss' | 'hhmmss'): string | null {
  const match = (form === 'hhmmss' ? /^(\d{2,})(\d{2})(\d{2})$/ : /^(?:(\d+):)?(\d{1,2}):(\d{2})$/).exec(text)
  if (!match || Number(match[2]) > 59 || Number(match[3]) > 59) return null
  return String(Number(match[1] ?? '0') * 3600 + Number(match[2]) * 60 + Number(match[3]))
}
