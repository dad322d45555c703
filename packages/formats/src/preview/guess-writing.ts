// Guesses how the cells of a column are written: as days, as numbers, or as words. Proposes to a person who sees the values
// beside it; nothing is ever imported by a guess.
import { compileDateFormat, type DateFormat, readByFormat } from '../import/mapping/written-date.ts'
import { type NegativeForm, type NumberWriting, numberReader } from '../import/mapping/written-number.ts'

export type ColumnKind = 'text' | 'number' | 'amount' | 'date' | 'blank'

const DATE_FORMATS = [
  ...['YYYY-MM-DD', 'DD/MM/YYYY', 'MM/DD/YYYY', 'DD.MM.YYYY', 'DD-MM-YYYY', 'YYYY/MM/DD', 'D/M/YYYY', 'M/D/YYYY'],
  ...[
    'MMM D, YYYY',
    'D MMM YYYY',
    'DD-MMM-YYYY',
    'DD-MMM-YY',
    'DD/MM/YY',
    'MM/DD/YY',
    'DD.MM.YY',
    'D.M.YYYY',
    'YYYYMMDD',
  ],
].flatMap((day) => [day, `${day} HH:mm:ss`, `${day} HH:mm`, `${day} h:mm A`, `${day} h:mm:ss A`])
const COMPILED = DATE_FORMATS.map((text) => compileDateFormat(text)).filter((one): one is DateFormat => one !== null)

/** A column is what most of its cells are: those that are not are what the person is to see. */
const PART_MIN = 0.6

/** Formats by which most cells can be read, as many as by any other, the likelier first; none for what is no date. */
export function dateFormatsOf(cells: ReadonlyArray<string>): string[] {
  if (cells.filter((cell) => /\d/.test(cell)).length < cells.length * PART_MIN) return []
  const read = COMPILED.map((format) => cells.filter((cell) => readByFormat(cell, format) !== null).length)
  const most = Math.max(...read)
  return most === 0 || most < cells.length * PART_MIN
    ? []
    : COMPILED.filter((_, at) => read[at] === most).map(({ text }) => text)
}

/** One format for as many date columns as possible: a column with the 25th of a month decides for one without. */
export function commonDateFormat(columns: ReadonlyArray<ReadonlyArray<string>>): string | null {
  let best: string | null = null
  let bestCount = 0
  for (const format of DATE_FORMATS) {
    const count = columns.filter((formats) => formats.includes(format)).length
    if (count > bestCount) [best, bestCount] = [format, count]
  }
  return best
}

const SIGNS = ['£', '$', '€', '¥', 'USD', 'EUR', 'GBP', 'CHF']
const CURRENCY_OF_SIGN: Readonly<Record<string, string>> = { '£': 'GBP', $: 'USD', '€': 'EUR' }
const SEPARATORS: ReadonlyArray<Pick<NumberWriting, 'decimal' | 'thousands'>> = [
  { decimal: '.', thousands: '' },
  { decimal: '.', thousands: ',' },
  { decimal: ',', thousands: '' },
  { decimal: ',', thousands: '.' },
  { decimal: ',', thousands: ' ' },
  { decimal: '.', thousands: "'" },
  { decimal: '.', thousands: ' ' },
]
const NEGATIVES: ReadonlyArray<readonly [NegativeForm, RegExp]> = [
  ['minus', /^\s*[^\d(]*-/],
  ['parentheses', /^\s*[^\d(]*\(.*\)\s*$/],
  ['trailing-minus', /\d\s*-\s*$/],
  ['cr-suffix', /\d\s*cr\s*$/i],
]

/** How numbers are written that most of these cells are; null where they are none. */
export function numberWritingOf(cells: ReadonlyArray<string>): NumberWriting | null {
  const currencySigns = SIGNS.filter((sign) => cells.some((cell) => cell.includes(sign) && /\d/.test(cell)))
  const negative = NEGATIVES.filter(([, form]) => cells.some((cell) => form.test(cell))).map(([name]) => name)
  let best: NumberWriting | null = null
  let most = 0
  for (const separators of SEPARATORS) {
    const writing = { ...separators, currencySigns, negative: negative.length === 0 ? ['minus' as const] : negative }
    const read = numberReader(writing)
    const count = cells.filter((cell) => read(cell) !== null).length
    if (count > most) [best, most] = [writing, count]
  }
  return most < cells.length * PART_MIN ? null : best
}

export const currencyOfSigns = (signs: ReadonlyArray<string>): string | null => {
  const [sign] = signs
  if (sign === undefined || signs.length > 1) return null
  return CURRENCY_OF_SIGN[sign] ?? (/^[A-Z]{3}$/.test(sign) ? sign : null)
}

/** Two decimals everywhere, a currency sign, or a title that says so. */
export function isMoney(
  title: string,
  { cells, signs }: { cells: ReadonlyArray<string>; signs: ReadonlyArray<string> },
): boolean {
  if (signs.length > 0) return true
  if (/amount|charge|cost|total|price|net\b|gross|fee|betrag|montant|importe|preis|prix/i.test(title)) return true
  return cells.filter((cell) => /[.,]\d{2}\D*$/.test(cell)).length > cells.length * PART_MIN
}
