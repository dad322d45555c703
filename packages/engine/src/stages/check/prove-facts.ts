// Proves that the facts a run read are those that were imported: every row against its own digest, every document against
// its record. Reads only; names the row by file and line.

import { formatPlace } from '@spillway/core'
import type { RunInputs } from '../../catalog/run-record.ts'
import { digestSql } from '../../warehouse/fact-columns.ts'
import { type LiveDocument, liveDocumentsCte, pinnedDocuments } from '../../warehouse/live-documents.ts'
import { FACT_TABLES, type FactTable } from '../../warehouse/schema.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { type CheckFailure, FAILURES_MAX } from './check-failure.ts'

const TABLES = Object.keys(FACT_TABLES) as ReadonlyArray<FactTable>

/** Failures about the documents that `inputs` names; none where every row is as it was imported. */
export async function proveFacts(workspace: Workspace, inputs: RunInputs): Promise<CheckFailure[]> {
  const ids = inputs.documents.map(({ doc }) => doc)
  const documents = new Map((await pinnedDocuments(workspace, ids)).map((document) => [document.doc, document]))
  const failures: CheckFailure[] = inputs.documents.flatMap(({ doc, digest }) => {
    const document = documents.get(doc)
    if (document?.digest === digest) return []
    const found = document ? document.digest : 'no document'
    return [{ what: 'the record of a document', row: `catalog.document ${doc}`, expected: digest, found }]
  })
  failures.push(...(await changedRows(workspace, documents)))
  failures.push(...(await changedDocuments(workspace, documents)))
  return failures.slice(0, FAILURES_MAX)
}

/** `bills.csv:12 (charge)`. */
function placeOf(document: LiveDocument | undefined, { line, table }: { line: number; table: FactTable }): string {
  if (!document) return `${table} line ${line}`
  const { file, member, sheet } = document
  return `${formatPlace({ file, member, sheet, line })} (${table})`
}

async function changedRows(
  { warehouse, tenant }: Workspace,
  documents: ReadonlyMap<number, LiveDocument>,
): Promise<CheckFailure[]> {
  const changed = TABLES.map(
    (
      table,
    ) => `SELECT '${table}' AS fact, doc, ordinal, line, digest::VARCHAR AS expected, ${digestSql(table)}::VARCHAR AS found
      FROM "${table}" WHERE tenant = $tenant AND doc IN (FROM live_document) AND digest <> ${digestSql(table)}`,
  )
  // One row per fact that is not what its digest says.
  const rows = await warehouse.rows<
    Row & { fact: FactTable; doc: number; line: number; expected: string; found: string }
  >(
    `WITH ${liveDocumentsCte([...documents.keys()])} ${changed.join(' UNION ALL ')}
     ORDER BY fact, doc, ordinal LIMIT ${FAILURES_MAX}`,
    { tenant },
  )
  return rows.map(({ fact: table, doc, line, expected, found }) => {
    return { what: 'a source row', row: placeOf(documents.get(doc), { line, table }), expected, found }
  })
}

/** Rows that were added or deleted, or changed together with their digest. */
async function changedDocuments(
  workspace: Workspace,
  documents: ReadonlyMap<number, LiveDocument>,
): Promise<CheckFailure[]> {
  const { warehouse, tenant } = workspace
  const sums = TABLES.map(
    (table) => `SELECT doc, count(*) AS row_count, sum(digest) AS digest FROM "${table}"
      WHERE tenant = $tenant AND doc IN (FROM live_document) GROUP BY doc`,
  )
  // One row per document that has rows in any table.
  const found = await warehouse.rows<{ doc: number; row_count: bigint; digest: bigint }>(
    `WITH ${liveDocumentsCte([...documents.keys()])}
     SELECT doc, sum(row_count)::BIGINT AS row_count, sum(digest) AS digest FROM (${sums.join(' UNION ALL ')}) GROUP BY doc`,
    { tenant },
  )
  const stored = new Map(found.map(({ doc, row_count, digest }) => [doc, { rows: Number(row_count), digest }]))
  const failures: CheckFailure[] = []
  for (const [doc, document] of documents) {
    const { rows, digest } = stored.get(doc) ?? { rows: 0, digest: 0n }
    if (rows === document.rowCount && digest.toString() === document.digest) continue
    const row = await namedRow(workspace, document)
    const expected = `${document.rowCount} rows, ${document.digest}`
    failures.push({ what: 'the rows of a document', row, expected, found: `${rows} rows, ${digest}` })
  }
  return failures
}

/** The rows of a document count from 1 without a gap: a missing number tells where, a repeated one as well. */
async function namedRow({ warehouse, tenant }: Workspace, document: LiveDocument): Promise<string> {
  const file = formatPlace({ file: document.file, member: document.member, sheet: document.sheet })
  const all = TABLES.map(
    (table) => `SELECT '${table}' AS fact, ordinal, line FROM "${table}" WHERE tenant = $tenant AND doc = $doc`,
  ).join(' UNION ALL ')
  // One row per place where the numbering breaks.
  const breaks = await warehouse.rows<{ fact: string; line: number; ordinal: number; before: number | null }>(
    `WITH stored AS MATERIALIZED (${all})
     SELECT fact, line, ordinal, before FROM (
       SELECT *, lag(ordinal) OVER (ORDER BY ordinal) AS before, (SELECT min(ordinal) FROM stored) AS least FROM stored)
     WHERE (before IS NULL AND least > 1) OR (before IS NOT NULL AND ordinal <> before + 1) ORDER BY ordinal LIMIT 1`,
    { tenant, doc: document.doc },
  )
  const [first] = breaks
  if (!first) return `${file}, after its last stored row`
  return `${file}, before line ${first.line} (${first.fact})`
}
