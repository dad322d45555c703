// Takes the few rows of a fact that somebody asks about out of all: from where they stand, as far as that is known, else by a look
// at the column of every row. The rows are the same.
import { hashSql, isPlacedSql, type PlacedBy, type PlacedPart, placesIn } from '../../warehouse/fact-places.ts'
import { make, type PeriodScope, pinned } from './period-scope.ts'

/** So many rows are read where they stand, in place of all rows of their table. */
const PLACES_MAX = 20_000
/** Of places that are known: more take longer to name than a column takes to read. */
const KNOWN_PLACES_MAX = 5000

/** Texts that rows are asked for by: a query of one column, `text`. */
export type AskedTexts = { readonly sql: string; readonly hashes: ReadonlyArray<number> | null }

/** Where places are known, the texts' hashes are read once, for every table. */
export async function askTexts({ warehouse, places }: PeriodScope, sql: string): Promise<AskedTexts> {
  if (places === undefined) return { sql, hashes: null }
  const rows = await warehouse.rows<{ hash: number }>(
    `SELECT DISTINCT ${hashSql('text')} AS hash FROM (${sql}) LIMIT ${KNOWN_PLACES_MAX + 1}`,
  )
  return { sql, hashes: rows.length > KNOWN_PLACES_MAX ? null : rows.map(({ hash }) => hash) }
}

export type NearRowsOf = PlacedBy & {
  /** The scratch table that is made. */
  readonly as: string
  readonly texts: AskedTexts
  /** Which columns it has, beside those that rows are chosen by; all where nothing is said. */
  readonly only?: string
  /** Which it has not. */
  readonly without?: ReadonlyArray<string>
  /** Rows of which there are more are not taken: the table is not to be relied on then. */
  readonly most?: number
}

/** Makes a scratch table of the pinned rows whose column is among the texts, and says how many there are. */
export async function makeNearRows(scope: PeriodScope, of: NearRowsOf): Promise<number> {
  return (await makeFromPlaces(scope, of)) ?? makeFromScan(scope, of)
}

/** The columns of a fact are read where a row is found, not in every row; in one statement, because places may be others in the next. */
async function makeFromScan(scope: PeriodScope, of: NearRowsOf): Promise<number> {
  const { table, column, as, texts, most } = of
  const limit = most === undefined ? '' : `LIMIT ${most + 1}`
  return make(
    scope,
    as,
    `SELECT ${columnsOf(of)} FROM ${table} WHERE rowid IN (
       SELECT f.rowid FROM ${table} AS f WHERE ${pinned(scope, 'f')} AND f.${column} IN (${texts.sql}) ${limit})`,
  )
}

/** null where places are not known of all documents, are too many, or are no longer those that were noted. */
async function makeFromPlaces(scope: PeriodScope, of: NearRowsOf): Promise<number | null> {
  const { places, documents, scratch, warehouse, tenant } = scope
  const { texts, as, table, column, most = Number.POSITIVE_INFINITY } = of
  const parts = texts.hashes === null ? null : places?.partsOf(of, documents)
  if (!parts || texts.hashes === null) return null
  const noted: Noted[] = []
  for (const part of parts) {
    const rows = placesIn(part, texts.hashes, Math.min(KNOWN_PLACES_MAX, most))
    if (rows === null) return null
    noted.push({ part, rows })
  }
  const all = noted.flatMap(({ rows }) => rows)
  if (all.length === 0) return make(scope, as, `SELECT ${columnsOf(of)} FROM ${table} LIMIT 0`)
  await make(
    scope,
    as,
    `SELECT ${columnsOf(of)} FROM ${table} WHERE rowid IN (SELECT unnest(string_split('${all.join(',')}', ','))::BIGINT)`,
  )
  const isOther = `NOT (${pinned(scope, 'n')} AND n.${column} IN (${texts.sql}))`
  // One row: as many rows of each part as places, and those of which only the hash is the same, or that another run read.
  const { others, ...found } = await warehouse.row<Record<string, bigint>>(
    `SELECT count(*) FILTER (${isOther}) AS others, ${noted.map((one, index) => `${foundSql(of, one)} AS part_${index}`).join(', ')}
     FROM ${scratch}.${as} AS n`,
    { tenant },
  )
  const moved = noted.filter(({ rows }, index) => Number(found[`part_${index}`]) !== rows.length)
  if (moved.length > 0) {
    for (const { part } of moved) places?.forget(of, part)
    await warehouse.run(`DROP TABLE ${scratch}.${as}`)
    return null
  }
  if (Number(others) > 0) await warehouse.run(`DELETE FROM ${scratch}.${as} AS n WHERE ${isOther}`, { tenant })
  return all.length - Number(others)
}

type Noted = { readonly part: PlacedPart; readonly rows: ReadonlyArray<number> }

/**
 * Counts rows of the part's documents of which it knows what it knows of the texts. Documents do not change: as many as places are
 * all of them, wherever they stand.
 */
function foundSql({ column, texts }: NearRowsOf, { part }: Noted): string {
  return `count(*) FILTER (${isPlacedSql(part, { column, alias: 'n', hashes: texts.hashes ?? [] })})`
}

function columnsOf({ column, only, without = [] }: NearRowsOf): string {
  if (only !== undefined) return `tenant, doc, ${column}, ${only}`
  return without.length === 0 ? '*' : `* EXCLUDE (${without.join(', ')})`
}

/** Work on near rows: DuckDB passes by all blocks but those of so many places; beyond, it reads every column of every row. */
export async function atPlaces<T>({ warehouse }: PeriodScope, work: () => Promise<T>): Promise<T> {
  await warehouse.run(`SET dynamic_or_filter_threshold = ${PLACES_MAX}`)
  try {
    return await work()
  } finally {
    await warehouse.run('RESET dynamic_or_filter_threshold')
  }
}
