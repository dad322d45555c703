// Which staged facts were already read, in this file or in a live document (spec, import, "Facts" and rule 4): the same
// content is a duplicate and is dropped, other content is a conflict and quarantines its whole row. The first one stays.
import { contentColumnsOf } from '../../warehouse/fact-rows.ts'
import { liveDocumentsCte } from '../../warehouse/live-documents.ts'
import { ADDED_USAGE_COLUMNS } from '../../warehouse/schema.ts'
import { STREAMED_TABLES, type Staging, type StreamedTable } from './staging.ts'

/** What makes a fact unique. Charges and totals: in their invoice, within the file; usage: everywhere. */
const KEYS: Readonly<Record<StreamedTable, ReadonlyArray<string>>> = {
  charge: ['vendor', 'account', 'invoice', 'invoice_line'],
  invoice_total: ['vendor', 'account', 'invoice', 'currency', 'service'],
  usage: ['source', 'id'],
}

/** One row per source row that repeats something with other content. */
export type Conflict = {
  readonly rowNo: number
  readonly document: number
  readonly line: number
  readonly id: string
  /** `line 12 of this file`, or `line 12 of october.csv`. */
  readonly earlier: string
}

export type KnownDocuments = {
  readonly tenant: string
  /** Live documents that stay live after this import. */
  readonly documents: ReadonlyArray<{ readonly doc: number; readonly file: string }>
  /** Those among them to whose bills the file adds: a line or total that stands there is known. */
  readonly added: ReadonlyArray<{ readonly doc: number; readonly file: string }>
}

export type Duplicates = {
  /** In file order. */
  readonly conflicts: ReadonlyArray<Conflict>
  /** Minor units of the bill lines of conflicting rows, per currency. */
  readonly conflictingMinor: ReadonlyArray<{ readonly currency: string; readonly minor: bigint }>
}

/** Takes conflicting rows and repeated facts out of the staged tables, and says which rows conflict. */
export async function removeDuplicates(staging: Staging, known: KnownDocuments): Promise<Duplicates> {
  const { warehouse, scratch } = staging
  const used = STREAMED_TABLES.filter((table) => staging.usedTables.includes(table))
  const found: Conflict[] = []
  const conflictingMinor: Array<{ currency: string; minor: bigint }> = []
  // A quarantined row may have been the first of something else: judge again until nothing more conflicts.
  let hasVerdicts = used.length > 0
  for (let isSettled = !hasVerdicts; !isSettled; ) {
    hasVerdicts = (await judge(staging, used, known)) > 0
    if (!hasVerdicts) break
    const conflicts = await readConflicts(staging, known)
    isSettled = conflicts.length === 0
    for (const conflict of conflicts) found.push(conflict)
    if (!isSettled && staging.uses('charge'))
      conflictingMinor.push(
        ...(await warehouse.rows<{ currency: string; minor: bigint }>(
          `SELECT currency, sum(amount_minor) AS minor FROM ${staging.name('charge')} WHERE category <> 'payment'
             AND row_no IN (SELECT row_no FROM ${scratch}.verdict WHERE NOT is_same) GROUP BY currency`,
        )),
      )
    for (const table of isSettled ? [] : used)
      await staging.remove(table, `row_no IN (SELECT row_no FROM ${scratch}.verdict WHERE NOT is_same)`)
  }
  for (const table of hasVerdicts ? used : [])
    await staging.remove(table, `fact_no IN (SELECT fact_no FROM ${scratch}.verdict WHERE is_same)`)
  return { conflicts: found.sort((a, b) => a.rowNo - b.rowNo), conflictingMinor }
}

/**
 * Makes `verdict` and counts it: one row per staged fact that repeats another; `earlier_doc` is null where that one is in
 * this file.
 */
async function judge(staging: Staging, used: ReadonlyArray<StreamedTable>, known: KnownDocuments): Promise<number> {
  const { warehouse, scratch } = staging
  await warehouse.run(`CREATE OR REPLACE TABLE ${scratch}.verdict (fact_no INTEGER, row_no INTEGER, document INTEGER,
    line INTEGER, is_same BOOLEAN, id VARCHAR, earlier_line INTEGER, earlier_doc INTEGER)`)
  for (const table of used) {
    if (staging.facts < FACTS_TO_PROBE || (await mayRepeat(staging, table)))
      await warehouse.run(`INSERT INTO ${scratch}.verdict ${repeatedInFileSql(staging, table)}`)
    const stored = table === 'usage' ? known.documents : known.added
    if (stored.length === 0) continue
    const repeated = repeatedStoredSql(staging, { table, documents: stored })
    await warehouse.run(`INSERT INTO ${scratch}.verdict ${repeated}`, { tenant: known.tenant })
    // What is known already is measured by that alone, so that one fact gets one verdict.
    await warehouse.run(
      `DELETE FROM ${scratch}.verdict WHERE earlier_doc IS NULL
         AND fact_no IN (SELECT fact_no FROM ${scratch}.verdict WHERE earlier_doc IS NOT NULL)`,
    )
  }
  const { verdicts } = await warehouse.row<{ verdicts: bigint }>(`SELECT count(*) AS verdicts FROM ${scratch}.verdict`)
  return Number(verdicts)
}

/** From so many facts on it is cheaper to ask first whether any could be repeated: of most files none is. */
const FACTS_TO_PROBE = 100_000

/** By 64 bits of each key: true where two of them are the same, which two keys that differ hardly ever have. */
async function mayRepeat(staging: Staging, table: StreamedTable): Promise<boolean> {
  const rows = await staging.warehouse.rows(
    `SELECT hash(${KEYS[table].join(', ')}) AS key FROM ${staging.name(table)} GROUP BY key HAVING count(*) > 1 LIMIT 1`,
  )
  return rows.length > 0
}

const isSameSql = (table: StreamedTable) =>
  contentColumnsOf(table)
    .map((column) => `n.${column} IS NOT DISTINCT FROM k.${column}`)
    .join(' AND ')
/** Usage that was stored before a column was there says nothing of it, and is no other usage for that. */
const isSameAsStoredSql = contentColumnsOf('usage')
  .map((column) => {
    const isSame = `n.${column} IS NOT DISTINCT FROM k.${column}`
    return (ADDED_USAGE_COLUMNS as ReadonlyArray<string>).includes(column) ? `(k.${column} = '' OR ${isSame})` : isSame
  })
  .join(' AND ')
const idSql = (table: StreamedTable) => `concat_ws(' / ', ${KEYS[table].map((key) => `n.${key}`).join(', ')})`

/** One row per staged fact that is not the first with its key in this file. */
function repeatedInFileSql(staging: Staging, table: StreamedTable): string {
  const name = staging.name(table)
  const keys = KEYS[table]
  const onKeys = (left: string, right: string) =>
    keys.map((key) => `${left}.${key} IS NOT DISTINCT FROM ${right}.${key}`).join(' AND ')
  return `SELECT n.fact_no, n.row_no, n.document, n.line, ${isSameSql(table)}, ${idSql(table)}, k.line, NULL
    FROM (SELECT ${keys.join(', ')}, min(fact_no) AS first_no FROM ${name} GROUP BY ALL HAVING count(*) > 1) AS r
    JOIN ${name} AS n ON ${onKeys('n', 'r')} AND n.fact_no <> r.first_no
    JOIN ${name} AS k ON k.fact_no = r.first_no`
}

type Stored = { readonly table: StreamedTable; readonly documents: KnownDocuments['documents'] }

/**
 * One row per staged fact that a live document has under its key. Which stored row is the first is found by its place alone:
 * the contents of a million rows at once are more than there is room for.
 */
function repeatedStoredSql(staging: Staging, { table, documents }: Stored): string {
  const name = staging.name(table)
  const keys = KEYS[table]
  // Of keys that may be null, a null is the same as a null; the others join faster by equality.
  const equal = table === 'usage' ? '=' : 'IS NOT DISTINCT FROM'
  const onKeys = (left: string, right: string) =>
    keys.map((key) => `${left}.${key} ${equal} ${right}.${key}`).join(' AND ')
  const isSame = table === 'usage' ? isSameAsStoredSql : isSameSql(table)
  const keysOfStored = keys.map((key) => `u.${key}`).join(', ')
  return `WITH ${liveDocumentsCte(documents)}, first AS (
      SELECT ${keysOfStored}, min(u.doc::BIGINT << 32 | u.ordinal) AS place
      FROM "${table}" AS u SEMI JOIN ${name} AS g ON ${onKeys('g', 'u')}
      WHERE u.tenant = $tenant AND u.doc IN (FROM live_document) GROUP BY ${keysOfStored}),
    found AS MATERIALIZED (SELECT n.fact_no, (f.place >> 32)::INTEGER AS doc, (f.place & 4294967295)::INTEGER AS ordinal
      FROM ${name} AS n JOIN first AS f ON ${onKeys('n', 'f')})
    SELECT n.fact_no, n.row_no, n.document, n.line, ${isSame}, ${idSql(table)}, k.line, k.doc
    FROM found AS f JOIN ${name} AS n ON n.fact_no = f.fact_no
    JOIN "${table}" AS k ON k.tenant = $tenant AND k.doc = f.doc AND k.ordinal = f.ordinal`
}

type ConflictRow = {
  row_no: number
  document: number
  line: number
  id: string
  earlier_line: number
  earlier_doc: number | null
}

async function readConflicts({ warehouse, scratch }: Staging, known: KnownDocuments): Promise<Conflict[]> {
  const rows = await warehouse.rows<ConflictRow>(
    `SELECT DISTINCT ON (row_no) row_no, document, line, id, earlier_line, earlier_doc
     FROM ${scratch}.verdict WHERE NOT is_same ORDER BY row_no, fact_no`,
  )
  const fileOf = new Map(known.documents.map(({ doc, file }) => [doc, file]))
  return rows.map((row) => ({
    rowNo: row.row_no,
    document: row.document,
    line: row.line,
    id: row.id,
    earlier: `line ${row.earlier_line} of ${row.earlier_doc === null ? 'this file' : fileOf.get(row.earlier_doc)}`,
  }))
}
