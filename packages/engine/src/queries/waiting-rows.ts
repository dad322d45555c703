// Rows in quarantine that still wait: of imports that nobody took back, without those that came back mended. A row that was refused
// once more is in quarantine again, with the file that brought it.
import type { LineRun } from '../stages/import/mended-places.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { textRelationSql } from './text-relation.ts'

type Held = Pick<ScopedWorkspace, 'catalog' | 'tenant'>

const TEXT = 'VARCHAR'
const BATCH = ['batch', 'file', 'root', 'imported_at'].map((name) => ({ name, type: TEXT }))
const MENDED = [
  ...['mended_by', 'root', 'place', 'mended_at'].map((name) => ({ name, type: TEXT })),
  ...['first_line', 'last_line'].map((name) => ({ name, type: 'BIGINT' })),
]
/** As reports and files of refused rows name it. */
const PLACE = `concat(file, CASE WHEN member = '' THEN '' ELSE '!' || member END, CASE WHEN sheet = '' THEN '' ELSE '#' || sheet END)`

/** A query of the columns of `quarantine` and `place`, where the row stood; it binds $tenant. */
export async function waitingRowsSql(held: Held): Promise<string> {
  return rowsSql(await readBatches(held))
}

function rowsSql({ batches, mended }: Batches): string {
  const rows = `SELECT q.*, b.root, b.imported_at, ${PLACE} AS place
    FROM quarantine AS q JOIN (${textRelationSql({ columns: BATCH, rows: batches })}) AS b USING (batch) WHERE q.tenant = $tenant`
  if (mended.length === 0) return rows
  // What mends a row came after it; the file that it stands in may be called as the one before.
  return `SELECT * FROM (${rows}) AS q WHERE NOT EXISTS (
    SELECT 1 FROM (${textRelationSql({ columns: MENDED, rows: mended })}) AS m
    WHERE m.root = q.root AND m.place = q.place AND q.line BETWEEN m.first_line AND m.last_line
      AND m.mended_by <> q.batch AND m.mended_at >= q.imported_at)`
}

/** How many rows wait, and of how many files. */
export async function countWaiting(
  workspace: ScopedWorkspace,
): Promise<{ readonly rows: number; readonly files: number }> {
  const { warehouse, tenant } = workspace
  const read = await readBatches(workspace)
  if (read.batches.length === 0) return { rows: 0, files: 0 }
  const { rows, files } = await warehouse.row<{ rows: bigint; files: bigint }>(
    `SELECT count(*) AS rows, count(DISTINCT batch) AS files FROM (${rowsSql(read)})`,
    { tenant },
  )
  return { rows: Number(rows), files: Number(files) }
}

type Texts = ReadonlyArray<ReadonlyArray<string>>
type Batches = { readonly batches: Texts; readonly mended: Texts }

/** Those that count and refused or mended any row, each with the import that it adds to, else itself. */
async function readBatches({ catalog, tenant }: Held): Promise<Batches> {
  const counted = catalog
    .selectFrom('batch as b')
    .leftJoin('batch_taken_back as t', (join) => join.onRef('t.tenant', '=', 'b.tenant').onRef('t.batch', '=', 'b.id'))
    .leftJoin('batch_supplement as s', (join) => join.onRef('s.tenant', '=', 'b.tenant').onRef('s.batch', '=', 'b.id'))
    .where('b.tenant', '=', tenant)
    .where('b.state', '=', 'complete')
    .where('t.batch', 'is', null)
  const refusing = await counted
    .select(['b.id', 'b.file', 's.supplements', 'b.imported_at'])
    .where('b.rows_quarantined', '>', 0)
    .execute()
  const mending = await counted
    .innerJoin('mended_rows as m', (join) => join.onRef('m.tenant', '=', 'b.tenant').onRef('m.batch', '=', 'b.id'))
    .select(['b.id', 's.supplements', 'b.imported_at', 'm.place', 'm.lines'])
    .execute()
  return {
    batches: refusing.map(({ id, file, supplements, imported_at }) => [id, file, supplements ?? id, imported_at]),
    mended: mending.flatMap(({ id, supplements, imported_at, place, lines }) =>
      (JSON.parse(lines) as LineRun[]).map(([first, last]) => [
        ...[id, supplements ?? id, place, imported_at],
        ...[String(first), String(last)],
      ]),
    ),
  }
}
