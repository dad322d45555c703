// One field of a mapping: from the cells of a row to canonical text, step by step. What a step cannot read is a problem
// under the file's own column name; nothing is guessed.
import { type Problem, parseTimestamp, problem, type SourcePlace } from '@spillway/core'
import type { CellOf } from './condition.ts'
import { type ColumnKind, isEndColumn, kindOfColumn } from './fact-columns.ts'
import type { SourceField } from './source-schema.ts'
import { compileDateFormat, type DateFormat, readByFormat, readIsoDate, shiftDate } from './written-date.ts'
import { secondsOf } from './written-number.ts'

/** How this source writes numbers and dates. */
export type Writing = {
  readonly readNumber: (text: string) => string | null
  readonly dateFormat: DateFormat | null
  readonly end: 'inclusive' | 'exclusive'
}

export type FieldReading =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: Problem }
export type FieldRow = {
  readonly cellOf: CellOf
  /** The title as the file writes it. */
  readonly titleOf: (column: string) => string
  readonly place: SourcePlace
  /** A sheet's numbers and dates arrive as plain decimals and ISO dates, whatever the source says of text. */
  readonly isSheet: boolean
}
export type FieldReader = {
  readonly columns: ReadonlyArray<string>
  readonly read: (row: FieldRow) => FieldReading
}

type Steps = Exclude<SourceField, string | { value: string }>

function templateColumns(template: string): ReadonlyArray<string> {
  return [...template.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] as string)
}

/** Titles that a field reads; none for a constant. */
export function columnsOfField(field: SourceField): ReadonlyArray<string> {
  if (typeof field === 'string') return [field]
  if ('value' in field) return []
  return 'column' in field ? [field.column] : templateColumns(field.template)
}

/** Fields are checked before (check-source), so patterns and formats compile here. */
export function fieldReader(
  field: SourceField,
  { column, writing }: { column: string; writing: Writing },
): FieldReader {
  if (typeof field === 'object' && 'value' in field) {
    const reading = { ok: true, text: field.value } as const
    return { columns: [], read: () => reading }
  }
  const steps: Steps = typeof field === 'string' ? { column: field } : field
  const columns = columnsOfField(steps)
  const convert = converter(steps, { column, writing })
  const reword = rewording(steps)
  return {
    columns,
    read: (row) => {
      const title = columns.map(row.titleOf).join(', ')
      const raw = rawText(steps, row)
      const fail = (found: (source: SourcePlace) => Problem): FieldReading => ({
        ok: false,
        problem: found({ ...row.place, column: title }),
      })
      const text = reword(raw)
      if (text === null) {
        const allowed = 'map' in steps && steps.map ? Object.keys(steps.map) : [`text like ${steps.pattern ?? ''}`]
        return fail((source) => problem('value-unknown', { column: title, value: raw, allowed }, { source }))
      }
      if (text === '') return { ok: true, text }
      const converted = convert(text, row.isSheet)
      if (converted !== null) return { ok: true, text: converted }
      return fail((source) => unreadable(kindOfColumn(column), { title, value: raw, steps, writing, source }))
    },
  }
}

function rawText(steps: Steps, row: FieldRow): string {
  if ('column' in steps) return row.cellOf(steps.column).trim()
  return steps.template.replace(/\{([^{}]+)\}/g, (_, name: string) => row.cellOf(name).trim()).trim()
}

/** blank, pattern, digits, map, in this order; null where the value fits none of what the source lists. */
function rewording(steps: Steps): (raw: string) => string | null {
  const pattern = steps.pattern === undefined ? null : new RegExp(steps.pattern, 'iu')
  const words = steps.map && new Map(Object.entries(steps.map).map(([from, to]) => [from.trim().toLowerCase(), to]))
  const blanks = new Set(steps.blank?.map((blank) => blank.trim().toLowerCase()))
  const otherwise = steps.otherwise ?? null
  return (raw) => {
    if (raw === '' || blanks.has(raw.toLowerCase()))
      return words?.get('') ?? (raw === '' ? (steps.otherwise ?? '') : '')
    let text = raw
    if (pattern) {
      const match = pattern.exec(text)
      if (!match) return otherwise
      text = (match[1] ?? match[0]).trim()
    }
    if (steps.digits) text = /^[+\d\s()./-]+$/.test(text) ? text.replace(/\D/g, '') : text
    return words ? (words.get(text.toLowerCase()) ?? otherwise) : text
  }
}

function converter(
  steps: Steps,
  { column, writing }: { column: string; writing: Writing },
): (text: string, isSheet: boolean) => string | null {
  const kind = kindOfColumn(column)
  if (kind === 'text') return (text) => text
  if (kind === 'date' || kind === 'instant') return dateConverter(steps, { column, writing })
  return (text, isSheet) => {
    if (steps.duration) return secondsOf(text, steps.duration)
    const isPlain = isSheet && /^-?\d+(\.\d+)?$/.test(text)
    const number = isPlain ? text : writing.readNumber(text)
    return number !== null && steps.sign === 'flip' ? flipped(number) : number
  }
}

function flipped(number: string): string {
  return number.startsWith('-') ? number.slice(1) : `-${number}`
}

function dateConverter(
  steps: Steps,
  { column, writing }: { column: string; writing: Writing },
): (text: string, isSheet: boolean) => string | null {
  const format = steps.format === undefined ? writing.dateFormat : compileDateFormat(steps.format)
  const isInclusive = isEndColumn(column) && (steps.end ?? writing.end) === 'inclusive'
  const isDate = kindOfColumn(column) === 'date'
  return (text, isSheet) => {
    const written = format ? readByFormat(text, format) : readIsoDate(text)
    const iso = (isSheet ? readIsoDate(text) : null) ?? written ?? (format || isDate ? null : instantOf(text))
    if (iso === null) return null
    const kept = isDate ? iso.slice(0, 10) : iso
    const end = isInclusive && kept.length === 10 ? shiftDate(kept, { days: 1 }) : kept
    return steps.shift ? shiftDate(end, steps.shift) : end
  }
}

/** An instant keeps the offset that it is written with; null for what is none. */
function instantOf(text: string): string | null {
  return parseTimestamp(text)?.isWallTime === false ? text : null
}

type Unreadable = { title: string; value: string; steps: Steps; writing: Writing; source: SourcePlace }

function unreadable(kind: ColumnKind, { title, value, steps, writing, source }: Unreadable): Problem {
  const cell = { column: title, value }
  if (kind === 'amount') return problem('amount-unreadable', cell, { source })
  if (kind === 'number') return problem('number-unreadable', cell, { source })
  const expected = `a date as ${steps.format ?? writing.dateFormat?.text ?? 'YYYY-MM-DD'}`
  return problem('date-unreadable', { ...cell, expected }, { source })
}
