// Takes entry codes out of every row of a table before anything else reads it: they are the passcodes of sub-accounts (spec,
// accounts) and must never be kept. A code that is a passcode becomes the user id of its sub-account; any other is removed.
// Where it is not sure what is a code, it takes out more.
import {
  type Problem,
  type ProblemCode,
  type ProblemOf,
  problem,
  type ReadContext,
  type ReadRow,
  type SubAccountKey,
  type Table,
  type TableRow,
  type UnreadableRow,
} from '@spillway/core'
import { byHolder } from './entry-code-columns.ts'

/** What stands where a code stood that is nobody's. */
export const REMOVED = '[removed]'

export type EntryCodeOptions = {
  /** Positions of the columns that hold codes. */
  readonly columns: ReadonlyArray<number>
  /** Positions of columns in which people write what they like, codes of others too. */
  readonly texts?: ReadonlyArray<number>
  /** The master account of a row; '' where the row names none. */
  readonly accountOf?: (cells: ReadonlyArray<string>) => string
  readonly subAccountOf: ReadContext['subAccountOf']
}

/** The codes of one table. Its rows are to be read from {@link table}, and what is read to be kept as {@link conceal} has it. */
export class EntryCodes {
  /** The same table, its codes replaced: in cells, in raw text, and in rows that could not be split. */
  readonly table: Table
  readonly #options: EntryCodeOptions
  readonly #columns: ReadonlyArray<number>
  readonly #isCode: ReadonlySet<number>
  readonly #isText: ReadonlySet<number>
  readonly #isSheet: boolean
  readonly #holders = new WeakMap<ReadonlyArray<string>, SubAccountKey>()
  /** Lines, not yet concealed, whose cells may not stand under their columns. */
  readonly #shifted = new Set<number>()

  constructor(table: Table, options: EntryCodeOptions) {
    this.#options = options
    this.#columns = byHolder(table.header, options.columns)
    this.#isCode = new Set(options.columns)
    this.#isText = new Set(options.texts)
    this.#isSheet = table.sheet !== ''
    this.table = { ...table, rows: this.#rowsOf(table) }
  }

  /** Whose passcode the row's first code is, the holder's before the participants'; undefined for nobody's. */
  holderOf(cells: ReadonlyArray<string>): SubAccountKey | undefined {
    return this.#holders.get(cells)
  }

  /** A row as it may be kept: what is wrong with it may be that its cells do not stand under their columns. */
  conceal(row: ReadRow): ReadRow {
    const conceal = this.#shifted.delete(row.line) ? concealText : concealDigits
    if (row.problems.length === 0) return row
    const isRefused = row.problems.some(({ severity }) => severity === 'error')
    return {
      ...row,
      raw: isRefused ? conceal(row.raw) : row.raw,
      problems: row.problems.map((found) => concealValue(found, conceal)),
    }
  }

  async *#rowsOf(table: Table): AsyncGenerator<ReadonlyArray<TableRow | UnreadableRow>> {
    for await (const batch of table.rows)
      yield batch.map((row) => ('cells' in row ? this.#withoutCodes(row) : { ...row, raw: concealText(row.raw) }))
  }

  #withoutCodes(row: TableRow): TableRow {
    const codes = this.#columns.map((index) => (row.cells[index] ?? '').trim()).filter((code) => code !== '')
    const keys = this.#keysOf(row.cells, codes)
    // Cells of a sheet and members of JSON have names of their own: none stands under another column.
    const missing = this.#isSheet || row.raw.startsWith('{') ? 0 : cellsMissing(row.cells, row.raw)
    const shifted = columnsOfShortRow(this.#columns, missing)
    if (missing > 0) this.#shifted.add(row.line)
    const tokens = codes.filter((code) => code.length > 2)
    const cells = row.cells.map((cell, index) => {
      if (this.#isCode.has(index)) return cell.trim() === '' ? cell : (keys.get(cell.trim())?.userId ?? REMOVED)
      const clean = withoutTokens(shifted.has(index) ? concealText(cell) : cell, tokens)
      return this.#isText.has(index) ? this.#withoutPasscodes(clean, row.cells) : clean
    })
    const holder = codes.map((code) => keys.get(code)).find((key) => key !== undefined)
    if (holder) this.#holders.set(cells, holder)
    return { ...row, cells, raw: cells.map(quoted).join('\t') }
  }

  #keysOf(cells: ReadonlyArray<string>, codes: ReadonlyArray<string>): ReadonlyMap<string, SubAccountKey> {
    const { subAccountOf, accountOf } = this.#options
    const keys = new Map<string, SubAccountKey>()
    if (subAccountOf === undefined || codes.length === 0) return keys
    const account = accountOf?.(cells).trim() ?? ''
    for (const code of codes) {
      const key = subAccountOf(account, code.replace(/[\s#*-]/g, ''))
      if (key) keys.set(code, key)
    }
    return keys
  }

  /** Free text in which somebody wrote a passcode, their own or another's. */
  #withoutPasscodes(text: string, cells: ReadonlyArray<string>): string {
    const { subAccountOf, accountOf } = this.#options
    if (subAccountOf === undefined || !PASSCODE.test(text)) return text
    const account = accountOf?.(cells).trim() ?? ''
    return text.replace(PASSCODES, (code) => (subAccountOf(account, code) ? REMOVED : code))
  }
}

const PASSCODE = /\d{6}/
const PASSCODES = /(?<![\p{L}\p{N}])\d{6,12}(?![\p{L}\p{N}])/gu

/** Where a row has lost cells, its codes may stand as many columns to the left. */
function columnsOfShortRow(columns: ReadonlyArray<number>, missing: number): ReadonlySet<number> {
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

type IsHarmless = (piece: string) => boolean

/** Text under a column that holds no code, without every piece that has four digits or more and is no day or time. */
const concealDigits = (text: string) => concealPieces(text, (piece) => piece.replace(/\D/g, '').length < 4)

/** Text whose columns are not known: a code may be a word. Days and times stay, and pieces of three characters. */
const concealText = (text: string) => concealPieces(text, (piece) => piece.length <= 3)

function concealPieces(text: string, isHarmless: IsHarmless): string {
  return text
    .split(/([\t,;|"\r\n]+)/)
    .map((piece, at) => (at % 2 === 1 || DAY_OR_TIME.test(piece.trim()) || isHarmless(piece.trim()) ? piece : REMOVED))
    .join('')
}

function concealValue<C extends ProblemCode>(found: ProblemOf<C>, conceal: (text: string) => string): Problem {
  const facts: ProblemOf<C>['facts'] & { readonly value?: string } = found.facts
  if (facts.value === undefined) return found as ProblemOf<ProblemCode> as Problem
  const { source, severity } = found
  return problem(found.code, { ...facts, value: conceal(facts.value) }, { severity, ...(source ? { source } : {}) })
}

function quoted(cell: string): string {
  return /["\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
