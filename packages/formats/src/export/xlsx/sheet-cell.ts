// A cell of a report as a typed cell of a workbook. A number is only written as one where a spreadsheet shows it exactly.
import { parseLocalDate, type ReportColumnKind } from '@spillway/core'
import type { Font, Style } from 'exceljs'
import { neutraliseFormula } from '../neutralise.ts'
import { escapeSheetText, fitCell } from './sheet-text.ts'
import type { SheetCell } from './workbook-stream.ts'

/** How far a double is exact in decimal, and all that a spreadsheet keeps of a number. */
const DIGITS_MAX = 15
/** Spreadsheets believe in a 29 February 1900: days before March are off by one. */
const FIRST_DATE = '1900-03-01'
const TEXT_FORMAT_LENGTH_MAX = 255

export type CellTone = 'data' | 'total'

/**
 * The cell, or null for an empty text. Amounts, quantities, usage and shares are numbers shown with the decimals that they
 * are written with, dates are dates, all else is text, whatever it looks like: an id keeps its zeros, a formula is neutralised.
 *
 * A number of more than 15 significant digits is text, right-aligned: as a number its last digits would be wrong. So are a
 * fraction (`1/3`) and a date before March 1900. `123456789012345.67` (17 digits) is text, `12345.67` is 12345.67 shown by `#,##0.00`.
 */
export function toSheetCell(text: string, kind: ReportColumnKind, tone: CellTone = 'data'): SheetCell | null {
  if (text === '') return null
  if (kind === 'date' && parseLocalDate(text) !== null && text >= FIRST_DATE)
    return { value: new Date(`${text}T00:00:00Z`), style: styleOf({ numFmt: 'yyyy-mm-dd', tone }) }
  const isNumeric = NUMERIC.has(kind)
  const decimals = isNumeric ? exactDecimalsOf(text) : undefined
  if (decimals !== undefined) {
    // A share is a fraction of 1, where thousands are not to be had; the rest are numbers that a person reads.
    const whole = kind === 'share' ? '0' : '#,##0'
    const numFmt = decimals === 0 ? whole : `${whole}.${'0'.repeat(decimals)}`
    return { value: Number(text), style: styleOf({ numFmt, tone }) }
  }
  // As text by its format too, so that an id keeps its zeros when somebody edits it; some Excels show a long one as ####.
  const numFmt = text.length <= TEXT_FORMAT_LENGTH_MAX ? '@' : 'General'
  return { value: textValue(text), style: styleOf({ numFmt, tone, isRight: isNumeric }) }
}

const NUMERIC: ReadonlySet<ReportColumnKind> = new Set(['amount', 'quantity', 'usage', 'share'])

/** How many decimals a plain decimal text has; undefined where it is none, or none that a double shows digit for digit. */
function exactDecimalsOf(text: string): number | undefined {
  const match = /^-?(\d+)(?:\.(\d+))?$/.exec(text)
  if (!match) return undefined
  const [, whole = '', decimals = ''] = match
  return `${whole}${decimals}`.replace(/^0+/, '').length <= DIGITS_MAX ? decimals.length : undefined
}

/** A title of a column. */
export function toHeaderCell(title: string, kind: ReportColumnKind): SheetCell {
  return { value: textValue(title), style: NUMERIC.has(kind) ? HEADER_RIGHT : HEADER_LEFT }
}

/** Spaces at the edges are lost but in a rich text, which says that they count. */
function textValue(text: string): SheetCell['value'] {
  const escaped = escapeSheetText(fitCell(neutraliseFormula(text)))
  return /^\s|\s$|\n/.test(escaped) ? { richText: [{ text: escaped }] } : escaped
}

const BOLD: Partial<Font> = { bold: true, size: 11, name: 'Calibri', family: 2, scheme: 'minor', color: { theme: 1 } }
const HEADER_LEFT: Partial<Style> = {
  font: BOLD,
  fill: { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFE8ECF1' } },
  border: { bottom: { style: 'thin' } },
}
const HEADER_RIGHT: Partial<Style> = { ...HEADER_LEFT, alignment: { horizontal: 'right' } }

type StyleParts = { readonly numFmt: string; readonly tone: CellTone; readonly isRight?: boolean }

const STYLES = new Map<string, Partial<Style>>()

/** One object for each style: exceljs knows one that it has seen by its identity, and compares all others as text. */
function styleOf({ numFmt, tone, isRight = false }: StyleParts): Partial<Style> {
  const key = `${tone} ${isRight} ${numFmt}`
  const known = STYLES.get(key)
  if (known) return known
  const style: Partial<Style> = {
    numFmt,
    ...(isRight ? { alignment: { horizontal: 'right' as const } } : {}),
    ...(tone === 'total' ? { font: BOLD, border: { top: { style: 'thin' as const } } } : {}),
  }
  STYLES.set(key, style)
  return style
}
