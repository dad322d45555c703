// Statements that bring staged facts into the warehouse, under the ids of their documents and with their digests.
import { type DigestCell, digestCells, digestOfCellsSql, joinedSql } from '../../warehouse/fact-columns.ts'
import { contentColumnsOf } from '../../warehouse/fact-rows.ts'
import type { FactTable } from '../../warehouse/schema.ts'
import type { Warehouse } from '../../warehouse/warehouse.ts'
import type { Staging } from './staging.ts'

/** Adds to `document_id` of the scratch database, which it makes: which id a staged document has. */
export async function nameDocuments(
  warehouse: Warehouse,
  scratch: string,
  ids: Iterable<readonly [document: number, doc: number]>,
): Promise<void> {
  await warehouse.run(`CREATE TABLE IF NOT EXISTS ${scratch}.document_id (document INTEGER, doc INTEGER)`)
  const writer = await warehouse.writer('document_id', ['document', 'doc'], scratch)
  for (const pair of ids) writer.append(pair)
  writer.close()
}

/**
 * Of named documents the facts from number `from` on, below `until` where there is one. What a digest is taken of is put
 * together once for each class, not for each row. Takes `$tenant`.
 */
export function insertFactsSql(
  staging: Staging,
  { table, from, until }: { readonly table: FactTable; readonly from: number; readonly until?: number },
): string {
  const { name, classes } = staging.table(table).stored
  const columns = contentColumnsOf(table)
  const shared = new Set(classes?.columns)
  const { cells, runs } = digestParts(digestCells(table), shared)
  const own = columns.map((column) => `${shared.has(column) ? 'c' : 'f'}.${column}`)
  const select = ['f.ordinal', 'f.line', ...own, ...runs.map((_, at) => `c.run_${at}`)]
  const ofClass = classes ? `JOIN (SELECT ${['*', ...runs].join(', ')} FROM ${classes.name}) AS c USING (class)` : ''
  const below = until === undefined ? '' : ` AND f.fact_no < ${until}`
  const stored = ['tenant', 'doc', 'ordinal', 'line', ...columns].join(', ')
  return `INSERT INTO "${table}" (${stored}, digest)
     SELECT ${stored}, ${digestOfCellsSql(cells)} FROM (
       SELECT $tenant AS tenant, m.doc, ${select.join(', ')}
       FROM ${name} AS f JOIN ${staging.scratch}.document_id AS m USING (document) ${ofClass}
       WHERE f.fact_no >= ${from}${below}) AS fact`
}

/** Cells of a digest, where those that follow each other and are shared become one: `run_0` and so on. */
function digestParts(all: ReadonlyArray<DigestCell>, shared: ReadonlySet<string>): { cells: string[]; runs: string[] } {
  const cells: string[] = []
  const runs: string[] = []
  for (let at = 0; at < all.length; ) {
    let end = at
    while (end < all.length && shared.has((all[end] as DigestCell).column)) end += 1
    const run = all.slice(at, end)
    if (run.length < 2) cells.push((all[at] as DigestCell).sql)
    else {
      const text = joinedSql(run.map(({ sql }) => sql))
      cells.push(`run_${runs.length}`)
      // Where every cell of it may be left out, no cell is there at all, which is not an empty one.
      runs.push(`${run.every(({ isOptional }) => isOptional) ? `nullif(${text}, '')` : text} AS run_${runs.length}`)
    }
    at = Math.max(end, at + 1)
  }
  return { cells, runs }
}

/** Of facts that were written early those that were taken out of the staging tables since. Takes `$tenant`. */
export function deleteRemovedSql(staging: Staging, table: FactTable): string {
  return `DELETE FROM "${table}" USING ${staging.removed(table)} AS r, ${staging.scratch}.document_id AS m
     WHERE tenant = $tenant AND "${table}".doc = m.doc AND "${table}".ordinal = r.ordinal AND m.document = r.document`
}
