// Checks a Source document before it is used: its form, and what the form cannot say. Every issue is listed at once.
import { CHARGE_CATEGORIES, type FactKind, isCurrency, isTimeZone, UNIT_NAMES, USAGE_TYPES } from '@spillway/core'
import { normaliseName } from '../../intake/column-lookup.ts'
import { FACT_SHAPES, kindOfColumn } from './fact-columns.ts'
import { columnsOfField } from './field.ts'
import {
  type SourceCondition,
  type SourceConditions,
  type SourceDocument,
  type SourceEmission,
  type SourceField,
  sourceSchema,
} from './source-schema.ts'
import { compileDateFormat } from './written-date.ts'

export type SourceIssue = {
  /** Where in the document: `emit[0].fields.amount`. */
  readonly path: string
  readonly message: string
}
export type SourceCheck =
  | { readonly ok: true; readonly source: SourceDocument }
  | { readonly ok: false; readonly issues: ReadonlyArray<SourceIssue> }

type Report = (path: string, message: string) => void

export function checkSource(document: unknown): SourceCheck {
  const parsed = sourceSchema.safeParse(document)
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => ({ path: pathText(issue.path), message: issue.message }))
    return { ok: false, issues }
  }
  const issues: SourceIssue[] = []
  const report: Report = (path, message) => issues.push({ path, message })
  checkFile(parsed.data, report)
  parsed.data.emit.forEach((emission, index) => {
    checkEmission(emission, { source: parsed.data, path: `emit[${index}]`, report })
  })
  return issues.length === 0 ? { ok: true, source: parsed.data } : { ok: false, issues }
}

function pathText(path: ReadonlyArray<PropertyKey>): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  return text.replace(/^\./, '') || '(document)'
}

function checkFile(source: SourceDocument, report: Report): void {
  const { decimal = '.', thousands } = source.numbers ?? {}
  if (thousands === decimal) report('numbers.thousands', `"${decimal}" is the decimal sign already.`)
  const delimiter = source.file?.delimiter
  if (delimiter !== undefined && delimiter !== 'tab' && delimiter.length !== 1) {
    report('file.delimiter', 'It is one character, or the word tab.')
  }
  if (source.file?.['header-row'] !== undefined && source.file['skip-rows'] !== undefined) {
    report('file.skip-rows', 'Say either header-row or skip-rows; they mean the same.')
  }
  if (source.file?.encoding !== undefined && !isEncoding(source.file.encoding)) {
    report('file.encoding', `"${source.file.encoding}" is no encoding of the WHATWG Encoding Standard.`)
  }
  if (source['time-zone'] !== undefined && !isTimeZone(source['time-zone'])) {
    report('time-zone', `"${source['time-zone']}" is no IANA time zone, such as America/New_York.`)
  }
  checkDateFormat(source.dates?.format, 'dates.format', report)
  source.ignore?.forEach((rule, index) => {
    if (Object.keys(rule.when).length === 0)
      report(`ignore[${index}].when`, 'It must name a column: an empty rule drops every row.')
    checkConditions(rule.when, `ignore[${index}].when`, report)
  })
  const columns = new Set(source.emit.flatMap(({ fact }) => FACT_SHAPES[fact as FactKind].columns))
  for (const [name, field] of Object.entries(source.fields ?? {})) {
    if (!columns.has(name)) report(`fields.${name}`, `None of the facts has a column ${name}.`)
    else checkField(field, { name, path: `fields.${name}`, report })
    checkInformational(field, { column: name, source, path: `fields.${name}`, report })
  }
}

type Place = { readonly source: SourceDocument; readonly path: string; readonly report: Report }

function checkEmission(emission: SourceEmission, { source, path, report }: Place): void {
  const { columns, required } = FACT_SHAPES[emission.fact as FactKind]
  checkConditions(emission.when ?? {}, `${path}.when`, report)
  for (const [name, field] of Object.entries(emission.fields)) {
    const at = `${path}.fields.${name}`
    if (!columns.includes(name)) report(at, `A ${emission.fact} has no column ${name}; it has ${columns.join(', ')}.`)
    else checkField(field, { name, path: at, report })
    checkInformational(field, { column: name, source, path: at, report })
  }
  for (const name of required) {
    if (name in emission.fields || name in (source.fields ?? {})) continue
    report(
      `${path}.fields`,
      `A ${emission.fact} needs ${name}: name its column, or say it once under fields of the document.`,
    )
  }
}

function checkInformational(field: SourceField, { column, source, path, report }: Place & { column: string }): void {
  if (kindOfColumn(column) !== 'amount') return
  const listed = new Set(source.informational?.map(normaliseName))
  for (const title of columnsOfField(field)) {
    if (listed.has(normaliseName(title))) report(path, `"${title}" is listed as informational and cannot be an amount.`)
  }
}

function checkField(field: SourceField, { name, path, report }: { name: string; path: string; report: Report }): void {
  if (typeof field === 'string') return
  if ('value' in field) {
    checkWord({ name, value: field.value, path, report })
    return
  }
  if ('template' in field && columnsOfField(field).length === 0) report(path, 'The template names no {Column}.')
  checkPattern(field.pattern, path, report)
  checkDateFormat(field.format, `${path}.format`, report)
  for (const [from, value] of Object.entries(field.map ?? {}))
    checkWord({ name, value, path: `${path}.map.${from}`, report })
  if (field.otherwise !== undefined) checkWord({ name, value: field.otherwise, path: `${path}.otherwise`, report })
}

const WORDS: Readonly<Record<string, ReadonlyArray<string>>> = {
  category: CHARGE_CATEGORIES,
  usage_type: USAGE_TYPES,
  unit: UNIT_NAMES,
}

/** A constant of a closed vocabulary is checked now, not at every row. */
function checkWord({ name, value, path, report }: { name: string; value: string; path: string; report: Report }): void {
  const words = WORDS[name]
  if (words && value !== '' && !words.includes(value)) report(path, `"${value}" is none of ${words.join(', ')}.`)
  if (name === 'currency' && value !== '' && !isCurrency(value)) report(path, `"${value}" is no ISO 4217 code in use.`)
}

function checkConditions(conditions: SourceConditions, path: string, report: Report): void {
  for (const [column, condition] of Object.entries(conditions)) {
    checkPattern(patternOf(condition), `${path}.${column}`, report)
  }
}

function patternOf(condition: SourceCondition): string | undefined {
  if (typeof condition === 'string' || Array.isArray(condition)) return undefined
  if ('pattern' in condition) return condition.pattern
  return 'not' in condition ? patternOf(condition.not) : undefined
}

function checkPattern(pattern: string | undefined, path: string, report: Report): void {
  if (pattern === undefined) return
  try {
    new RegExp(pattern, 'iu')
  } catch (error) {
    report(path, `"${pattern}" is no regular expression: ${(error as Error).message}.`)
  }
}

function checkDateFormat(format: string | undefined, path: string, report: Report): void {
  if (format === undefined || compileDateFormat(format)) return
  report(
    path,
    `"${format}" is no date format: write year, month and day once each, such as DD.MM.YYYY or MMM D, YYYY h:mm A.`,
  )
}

function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== ''
  } catch {
    return false
  }
}
