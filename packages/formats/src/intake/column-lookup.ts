// Finds the columns that a format knows in the header that a file has: by normalised name, in any order. Columns nobody
// asked for are kept under their own names. Refuses a header in which a known column is missing or stands twice.
import { type ExtraColumns, formatPlace, NO_EXTRA_COLUMNS, problem, Refusal, type SourcePlace } from '@spillway/core'

export type ColumnSpec<C extends string = string> = {
  readonly name: C
  /** The header must have it; whether a cell may be empty is another matter. */
  readonly required?: boolean
  readonly aliases?: ReadonlyArray<string>
}

/** Of the columns that the header must have: what a format says it knows its tables by. */
export function requiredTitles(columns: ReadonlyArray<ColumnSpec>): ReadonlyArray<string> {
  return columns.filter(({ required }) => required).map(({ name }) => name)
}

export type ColumnLookup<C extends string = string> = {
  /** Position in a row, -1 where the file has no such column. */
  readonly positions: Readonly<Record<C, number>>
  /** Required columns that the header has not. */
  readonly missing: ReadonlyArray<C>
  /** Known columns that the header has more than once. */
  readonly repeated: ReadonlyArray<C>
  /** As the file writes it; the known name where the file has no such column. */
  columnName(name: C): string
  /** '' where the file has no such column. */
  cell(cells: ReadonlyArray<string>, name: C): string
  /** The cells that are not empty of the columns nobody asked for. */
  extra(cells: ReadonlyArray<string>): ExtraColumns
}

/** `Début_de période`, `debut-de-periode` and `DEBUTDEPERIODE` are the same column: letters and digits count, no more. */
export function normaliseName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase()
}

/** Looks the columns up without judging; `missing` and `repeated` say what a reader would refuse. */
export function lookUpColumns<C extends string>(
  header: ReadonlyArray<string>,
  columns: ReadonlyArray<ColumnSpec<C>>,
): ColumnLookup<C> {
  const nameOf = new Map<string, C>()
  for (const column of columns) {
    for (const name of [column.name, ...(column.aliases ?? [])]) nameOf.set(normaliseName(name), column.name)
  }
  const positions = Object.fromEntries(columns.map((column) => [column.name, -1])) as Record<C, number>
  const repeated = new Set<C>()
  const unknown: number[] = []
  header.forEach((title, index) => {
    const name = nameOf.get(normaliseName(title))
    if (name === undefined) unknown.push(index)
    else if (positions[name] === -1) positions[name] = index
    else repeated.add(name)
  })
  const extraColumns = nameExtraColumns(header, unknown)
  return {
    positions,
    missing: columns.filter((column) => column.required && positions[column.name] === -1).map(({ name }) => name),
    repeated: [...repeated],
    columnName: (name) => header[positions[name]]?.trim() ?? name,
    cell: (cells, name) => cells[positions[name]] ?? '',
    extra: (cells) => extraOf(cells, extraColumns),
  }
}

/**
 * Looks the columns up for reading.
 *
 * @throws Refusal `unrecognised-file` where a required column is missing (`facts.problem` is `column-missing`) or a
 * known column stands twice: which of the two holds the truth cannot be guessed.
 */
export function requireColumns<C extends string>(
  header: ReadonlyArray<string>,
  columns: ReadonlyArray<ColumnSpec<C>>,
  place: SourcePlace,
): ColumnLookup<C> {
  const lookup = lookUpColumns(header, columns)
  const [missing] = lookup.missing
  if (missing !== undefined) {
    const found = problem('column-missing', { column: missing, header: header.slice(0, 100) }, { source: place })
    const facts = { problem: found, missing: lookup.missing }
    throw new Refusal('unrecognised-file', `${formatPlace(place)}: ${found.message}`, { hint: found.hint, facts })
  }
  const [repeated] = lookup.repeated
  if (repeated !== undefined) {
    throw new Refusal('unrecognised-file', `${formatPlace(place)}: two columns are ${repeated}.`, {
      hint: 'Rename or remove one of them, so that it is clear which one counts.',
      facts: { repeated: lookup.repeated, header: header.slice(0, 100) },
    })
  }
  return lookup
}

type ExtraColumn = { readonly index: number; readonly name: string }

function nameExtraColumns(header: ReadonlyArray<string>, unknown: ReadonlyArray<number>): ReadonlyArray<ExtraColumn> {
  const taken = new Set<string>()
  return unknown.map((index) => {
    const title = header[index]?.trim() ?? ''
    const base = title === '' || title === '__proto__' ? `column ${index + 1}` : title
    let name = base
    for (let count = 2; taken.has(name); count += 1) name = `${base} (${count})`
    taken.add(name)
    return { index, name }
  })
}

function extraOf(cells: ReadonlyArray<string>, columns: ReadonlyArray<ExtraColumn>): ExtraColumns {
  let extra: Record<string, string> | undefined
  for (const { index, name } of columns) {
    const cell = cells[index]
    if (cell === undefined || cell === '') continue
    extra ??= {}
    extra[name] = cell
  }
  return extra ?? NO_EXTRA_COLUMNS
}
