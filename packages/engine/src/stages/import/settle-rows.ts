// Settles what became of every row of a file: accepted, quarantined or duplicate, each row exactly once.
import { type IntakeFile, invariant, type Problem, problem } from '@spillway/core'
import { type KnownDocuments, removeDuplicates } from './find-duplicates.ts'
import type { FileAmounts, RowCounts } from './import-report.ts'
import type { MergedDocument } from './merge-documents.ts'
import type { ProblemTally } from './problem-tally.ts'
import { placeOf, type ReadState } from './read-file.ts'
import { STREAMED_TABLES, type Staging } from './staging.ts'

export type Settling = {
  readonly file: IntakeFile
  /** The `--source` the file was read with. */
  readonly source: string
  readonly staging: Staging
  readonly state: ReadState
  readonly tally: ProblemTally
  readonly known: KnownDocuments
  readonly merged: ReadonlyArray<MergedDocument>
}

type QuarantinedRow = {
  readonly rowNo: number
  readonly partNo: number
  readonly line: number
  readonly problem: Problem
}

/** Drops duplicates and conflicts from the staged tables and quarantines the conflicting rows raw. */
export async function settleRows(settling: Settling): Promise<{ rows: RowCounts; amounts: FileAmounts[] }> {
  const { staging, state, known, merged } = settling
  const { conflicts, conflictingMinor } = await removeDuplicates(staging, known)
  const found = new Map<number, QuarantinedRow>()
  for (const { rowNo, document, line, id, earlier } of conflicts) {
    const partNo = staging.documents[document]?.partNo as number
    found.set(rowNo, { rowNo, partNo, line, problem: problem('duplicate-conflict', { id, earlier }) })
  }
  for (const { refused } of merged)
    for (const { row, problem: why } of refused)
      found.set(row.rowNo, { rowNo: row.rowNo, partNo: row.partNo, line: row.line, problem: why })
  await dropRows(
    staging,
    merged.flatMap(({ refused }) => refused.map(({ row }) => row.rowNo)),
  )
  await quarantineRows(settling, [...found.values()])
  const quarantined = state.quarantined + found.size
  const accepted = state.withoutFacts + (await countAccepted(settling, new Set(found.keys())))
  const duplicates = state.rows - quarantined - accepted
  invariant(duplicates >= 0, 'no row is counted twice', { read: state.rows, quarantined, accepted })
  const amounts = await sumAmounts(settling, conflictingMinor)
  return { rows: { read: state.rows, accepted, quarantined, duplicates }, amounts }
}

/** Rows with a fact that stays, each once, whatever the number of its facts. */
async function countAccepted({ staging, state, merged }: Settling, quarantined: ReadonlySet<number>): Promise<number> {
  const { warehouse, scratch } = staging
  const streamed = STREAMED_TABLES.filter((table) => staging.uses(table))
  if (merged.length === 0 && !state.hasRowOfSeveralFacts) {
    const counts = await staging.countByDocument()
    return counts.reduce((sum, facts) => sum + facts, 0)
  }
  await warehouse.run(`CREATE TABLE ${scratch}.directory_row (row_no INTEGER)`)
  const writer = await warehouse.writer('directory_row', ['row_no'], scratch)
  for (const { isChanged, feed, duplicates } of merged) {
    const repeated = new Set(duplicates.map(({ rowNo }) => rowNo))
    for (const { rowNo } of isChanged ? feed : [])
      if (!repeated.has(rowNo) && !quarantined.has(rowNo)) writer.append([rowNo])
  }
  writer.close()
  const tables = [`${scratch}.directory_row`, ...streamed.map((table) => staging.name(table))]
  const { rows } = await warehouse.row<{ rows: bigint }>(
    `SELECT count(DISTINCT row_no) AS rows FROM (${tables.map((table) => `SELECT row_no FROM ${table}`).join(' UNION ALL ')})`,
  )
  return Number(rows)
}

/**
 * Reads the parts again for the raw text of rows that turned out wrong only beside others: the text as the importer lets
 * it out, which may have taken secrets from it.
 */
async function quarantineRows(
  { file, source, staging, tally }: Settling,
  rows: ReadonlyArray<QuarantinedRow>,
): Promise<void> {
  for (const [partNo, part] of file.parts.entries()) {
    const wanted = new Map(rows.filter((row) => row.partNo === partNo).map((row) => [row.line, row]))
    if (wanted.size === 0) continue
    const context = { fileName: file.fileName, member: part.member, source }
    for await (const batch of part.importer.read(await part.openTable(), context))
      for (const { line, raw } of batch) {
        const row = wanted.get(line)
        if (!row) continue
        wanted.delete(line)
        tally.add(row.problem, { ...placeOf(file, part), line })
        await staging.quarantine(row.problem, { partNo, line, raw })
      }
    invariant(wanted.size === 0, 'a quarantined row is in its file', { lines: [...wanted.keys()].slice(0, 5) })
  }
  staging.flush()
}

/** What a row said beside the directory goes with it. */
async function dropRows(staging: Staging, rowNos: ReadonlyArray<number>): Promise<void> {
  if (rowNos.length === 0) return
  for (const table of STREAMED_TABLES.filter((table) => staging.uses(table)))
    await staging.remove(table, `row_no IN (${rowNos.join(', ')})`)
}

/** Per currency, in code order. */
async function sumAmounts(
  { staging, state }: Settling,
  conflicting: ReadonlyArray<{ readonly currency: string; readonly minor: bigint }>,
): Promise<FileAmounts[]> {
  const quarantined = new Map(state.quarantinedMinor)
  for (const { currency, minor } of conflicting) {
    const known = quarantined.get(currency)
    quarantined.set(currency, known === undefined ? minor : known + minor)
  }
  const rows = staging.uses('charge')
    ? await staging.warehouse.rows<{ currency: string; minor: bigint }>(
        `SELECT currency, sum(amount_minor) AS minor FROM ${staging.name('charge')} WHERE category <> 'payment' GROUP BY currency`,
      )
    : []
  const accepted = new Map(rows.map(({ currency, minor }) => [currency, minor]))
  return [...new Set([...accepted.keys(), ...quarantined.keys()])].sort().map((currency) => ({
    currency,
    acceptedMinor: accepted.get(currency) ?? NOTHING,
    quarantinedMinor: quarantined.get(currency) ?? NOTHING,
  }))
}

/** The sum over no rows. */
const NOTHING = 0n
