// Writes an invoice as LEDES 1998B: ASCII, 24 fields between pipes, every line ended by []. Text that the format cannot hold is
// written in what it can; ids and numbers must be right already.
import type { LegalInvoice, LegalInvoiceLine, LocalDate } from '@spillway/core'

/** In the order of the format. */
export const LEDES_FIELDS = [
  'INVOICE_DATE',
  'INVOICE_NUMBER',
  'CLIENT_ID',
  'LAW_FIRM_MATTER_ID',
  'INVOICE_TOTAL',
  'BILLING_START_DATE',
  'BILLING_END_DATE',
  'INVOICE_DESCRIPTION',
  'LINE_ITEM_NUMBER',
  'EXP/FEE/INV_ADJ_TYPE',
  'LINE_ITEM_NUMBER_OF_UNITS',
  'LINE_ITEM_ADJUSTMENT_AMOUNT',
  'LINE_ITEM_TOTAL',
  'LINE_ITEM_DATE',
  'LINE_ITEM_TASK_CODE',
  'LINE_ITEM_EXPENSE_CODE',
  'LINE_ITEM_ACTIVITY_CODE',
  'TIMEKEEPER_ID',
  'LINE_ITEM_DESCRIPTION',
  'LAW_FIRM_ID',
  'LINE_ITEM_UNIT_COST',
  'TIMEKEEPER_NAME',
  'TIMEKEEPER_CLASSIFICATION',
  'CLIENT_MATTER_ID',
] as const
export type LedesField = (typeof LEDES_FIELDS)[number]

const LINE_END = '[]\r\n'

/** The file, in pieces. */
export function* encodeLedes(invoice: LegalInvoice): Generator<string> {
  yield `LEDES1998B${LINE_END}`
  yield `${LEDES_FIELDS.join('|')}${LINE_END}`
  for (const [index, line] of invoice.lines.entries()) {
    const values = valuesOf(invoice, { line, number: index + 1 })
    yield `${LEDES_FIELDS.map((field) => values[field]).join('|')}${LINE_END}`
  }
}

function valuesOf(
  invoice: LegalInvoice,
  { line, number }: { readonly line: LegalInvoiceLine; readonly number: number },
): Readonly<Record<LedesField, string>> {
  return {
    INVOICE_DATE: dateText(invoice.invoicedOn),
    INVOICE_NUMBER: invoice.invoiceNumber,
    CLIENT_ID: invoice.clientId,
    LAW_FIRM_MATTER_ID: line.lawFirmMatterId,
    INVOICE_TOTAL: invoice.total,
    BILLING_START_DATE: dateText(invoice.startOn),
    BILLING_END_DATE: dateText(invoice.lastOn),
    INVOICE_DESCRIPTION: toLedesText(invoice.description),
    LINE_ITEM_NUMBER: String(number),
    'EXP/FEE/INV_ADJ_TYPE': line.type,
    LINE_ITEM_NUMBER_OF_UNITS: line.units,
    LINE_ITEM_ADJUSTMENT_AMOUNT: line.adjustment,
    LINE_ITEM_TOTAL: line.total,
    LINE_ITEM_DATE: dateText(line.on),
    LINE_ITEM_TASK_CODE: line.taskCode,
    LINE_ITEM_EXPENSE_CODE: line.expenseCode,
    LINE_ITEM_ACTIVITY_CODE: line.activityCode,
    TIMEKEEPER_ID: line.timekeeper?.id ?? '',
    LINE_ITEM_DESCRIPTION: toLedesText(line.description),
    LAW_FIRM_ID: invoice.lawFirmId,
    LINE_ITEM_UNIT_COST: line.unitCost,
    TIMEKEEPER_NAME: line.timekeeper?.name ?? '',
    TIMEKEEPER_CLASSIFICATION: line.timekeeper?.classification ?? '',
    CLIENT_MATTER_ID: line.clientMatterId,
  }
}

const dateText = (date: LocalDate) => date.replaceAll('-', '')

const SPELLED: Readonly<Record<string, string>> = {
  ß: 'ss',
  Æ: 'AE',
  æ: 'ae',
  Œ: 'OE',
  œ: 'oe',
  Ø: 'O',
  ø: 'o',
  Đ: 'D',
  đ: 'd',
  Ł: 'L',
  ł: 'l',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '€': 'EUR',
  '|': '/',
  '[': '(',
  ']': ')',
}

/** Of descriptions: 15 kilobytes. */
const TEXT_MAX = 15_000

/** Letters without their marks, other characters spelled out or `?`, no pipe or bracket, one line, at most 15,000 long. */
export function toLedesText(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim()
  const spelled = [...plain].map((character) => SPELLED[character] ?? asciiOf(character)).join('')
  return spelled.length > TEXT_MAX ? `${spelled.slice(0, TEXT_MAX - 3)}...` : spelled
}

function asciiOf(character: string): string {
  if (character >= ' ' && character <= '~') return character
  const base = character.normalize('NFKD').replace(/\p{M}/gu, '')
  return base === ''
    ? ''
    : [...base].map((part) => (part >= ' ' && part <= '~' && !/[|[\]]/.test(part) ? part : '?')).join('')
}
