// Takes the entry codes of chairs and participants out of every row before anything else reads it: they are the passcodes
// of sub-accounts (spec, accounts) and must never be kept. Where it is not sure what is a code, it takes out more.
import {
  type Problem,
  type ProblemCode,
  type ProblemOf,
  problem,
  type ReadRow,
  type Table,
  type TableRow,
} from '@spillway/core'
import { normaliseName } from '../../intake/column-lookup.ts'

/** What stands where a code stood. */
export const REMOVED = '[removed]'

const CODE_WORDS = /code(?!c)|pass|pwd|secret|kennwort|contrasena|senha|^pin|pin$|pin(number|nr|no|digits)/

/** Names of codes that open nothing. */
const OTHER_CODES =
  /^(bill(ing)?|account|acct|project|client(billing)?|matter|cost(cent(er|re))?|charge|product|item|rate|tariff|plan|currency|tax|gl|department|dept|division|region|country|area|city|postal|post|zip|site|language|reason|status|result|error|release|disconnect|termination|cause|service|feature|vendor|state|org(anization|anisation)?)codes?\d*$/

/** True where a column's name says that it holds entry codes, passcodes, passwords or PINs. */
export function isEntryCodeColumn(title: string): boolean {
  const name = normaliseName(title)
  if (OTHER_CODES.test(name)) return false
  return CODE_WORDS.test(name) || /\bpins?\b/i.test(title.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[_\W]+/g, ' '))
}

/** The same table, its codes replaced: in cells, in raw text, and in rows that could not be split. */
export function withoutEntryCodes(table: Table): Table {
  const columns = table.header.flatMap((title, index) => (isEntryCodeColumn(title) ? [index] : []))
  const isSheet = table.sheet !== ''
  const rows = async function* () {
    for await (const batch of table.rows) {
      yield batch.map((row) =>
        'cells' in row ? withoutCodes(row, { columns, isSheet }) : { ...row, raw: concealDigits(row.raw) },
      )
    }
  }
  return { ...table, rows: rows() }
}

/** Cells of a sheet have addresses: none of them stands under another column. */
const NO_COLUMNS: ReadonlySet<number> = new Set()

function withoutCodes(
  row: TableRow,
  { columns, isSheet }: { columns: ReadonlyArray<number>; isSheet: boolean },
): TableRow {
  const codes = columns.map((index) => (row.cells[index] ?? '').trim()).filter((code) => code.length > 2)
  const shifted = isSheet ? NO_COLUMNS : columnsOfShortRow(row, columns)
  const isCode = new Set(columns)
  const cells = row.cells.map((cell, index) => {
    if (isCode.has(index)) return cell.trim() === '' ? cell : REMOVED
    return withoutTokens(shifted.has(index) ? concealDigits(cell) : cell, codes)
  })
  return { ...row, cells, raw: cells.map(quoted).join('\t') }
}

/** Where a row has lost cells, its codes may stand as many columns to the left. */
function columnsOfShortRow({ cells, raw }: TableRow, columns: ReadonlyArray<number>): ReadonlySet<number> {
  const missing = cellsMissing(cells, raw)
  return new Set(columns.flatMap((index) => Array.from({ length: missing }, (_, step) => index - step - 1)))
}

/** Cells that the header calls for and the text does not have: an empty cell at the end leaves its delimiter. */
function cellsMissing(cells: ReadonlyArray<string>, raw: string): number {
  let empty = 0
  while (empty < cells.length && cells[cells.length - 1 - empty]?.trim() === '') empty += 1
  const written = /(?:[,;|\t] *(?:"" *)?)*$/.exec(raw.slice(-RAW_END))?.[0] ?? ''
  return Math.max(0, empty - written.replace(/[^,;|\t]/g, '').length)
}

/** More delimiters than any row of empty cells ends with; the rest of a long row is not looked at. */
const RAW_END = 4096

/** A code that stands in another cell too, on its own or among words, but not as a part of a longer number. */
function withoutTokens(cell: string, codes: ReadonlyArray<string>): string {
  return codes.reduce((text, code) => {
    if (!text.includes(code)) return text
    const escaped = code.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
    return text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'gu'), REMOVED)
  }, cell)
}

const TIME = String.raw`\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(\s*[ap]\.?m\.?)?(\s*(z|[+-]\d{2}:?\d{2}))?`
const DAY = String.raw`((19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]((19|20)\d{2}|\d{2}))`
const NAMED_DAY = String.raw`(\d{1,2}\.?\s+(de\s+)?\p{L}{3,9}\.?\s+(de\s+)?(19|20)\d{2}|\p{L}{3,9}\.?\s+\d{1,2}|(19|20)\d{2})`
const DAY_OR_TIME = new RegExp(`^((${DAY}|${NAMED_DAY})([ t]+${TIME})?|${TIME})$`, 'iu')

/** Text whose columns are not known, without every piece that has four digits or more and is no day or time. */
function concealDigits(text: string): string {
  return text
    .split(/([\t,;|"\r\n]+)/)
    .map((piece) => (DAY_OR_TIME.test(piece.trim()) || piece.replace(/\D/g, '').length < 4 ? piece : REMOVED))
    .join('')
}

/** A row as it may be kept: what is wrong with it may be that its cells do not stand under their columns. */
export function concealRow(row: ReadRow): ReadRow {
  if (row.problems.length === 0) return row
  const isRefused = row.problems.some(({ severity }) => severity === 'error')
  return {
    ...row,
    raw: isRefused ? concealDigits(row.raw) : row.raw,
    problems: row.problems.map((found) => concealValue(found)),
  }
}

function concealValue<C extends ProblemCode>(found: ProblemOf<C>): Problem {
  const facts: ProblemOf<C>['facts'] & { readonly value?: string } = found.facts
  if (facts.value === undefined) return found as ProblemOf<ProblemCode> as Problem
  const { source, severity } = found
  return problem(
    found.code,
    { ...facts, value: concealDigits(facts.value) },
    { severity, ...(source ? { source } : {}) },
  )
}

function quoted(cell: string): string {
  return /["\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
