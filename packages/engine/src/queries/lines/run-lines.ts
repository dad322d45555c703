// What a run's lines come to by bill and kind of charge, and which of them several carry: how many rows there are before any one of
// them, without making them. Kept beside the sums of the run, so that the next page need not count again.
import { compareBytes } from '@spillway/core'
import { LastAsked } from '../../catalog/last-asked.ts'
import { inputsOf } from '../../catalog/run-record.ts'
import type { RunTable } from '../../catalog/tables.ts'
import { OWN_DOC } from '../../stages/allocate/own-bills.ts'
import { liveDocumentsCte } from '../../warehouse/live-documents.ts'
import type { NumberedRun } from '../../warehouse/run-numbers.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { boundParameters } from '../bound-parameters.ts'
import type { KeptSums } from '../kept-sums.ts'
import { type DividedLine, divideLines } from './divided-lines.ts'
import { cellsOfNumbers, hasShareSql } from './run-cells.ts'

export type BillOfRun = {
  readonly billNo: number
  readonly vendor: string
  readonly account: string
  readonly invoice: string
}
export type KindOfRun = {
  readonly sortNo: number
  readonly currency: string
  readonly category: string
  readonly usage_type: string
}
/** Of one bill and kind of charge. */
export type CountedLines = {
  readonly billNo: number
  readonly sortNo: number
  /** Rows of lines, those that several carry more than once, and of shares. */
  readonly rows: number
  readonly actualMinor: bigint
  readonly adjustedMinor: bigint
  /** Money of a part moves into a pool or comes back: a line and its adjusted amount may differ. */
  readonly isMoved: boolean
}
export type RunLines = {
  /** In the order of the report. */
  readonly bills: ReadonlyArray<BillOfRun>
  readonly kinds: ReadonlyMap<number, KindOfRun>
  readonly counted: ReadonlyArray<CountedLines>
  readonly divided: ReadonlyArray<DividedLine>
  /** That have any line of the run, of all that it pinned. */
  readonly documents: ReadonlyArray<number>
  /** `documents` have lines of bills of the run alone. */
  readonly isWhole: boolean
  /** Numbers of components (`name_no`) of what no pool has. */
  readonly retainedNos: ReadonlyArray<number>
}

export type LinesOfRun = {
  readonly run: RunTable
  readonly runNo: number
  readonly documents: ReadonlyArray<{ readonly doc: number }>
  /** Query of billed lines (billed-lines.ts). */
  readonly lines: string
}

/** More groups would take longer to read than they save. */
const GROUPS_MAX = 100_000
const RUNS_MAX = 36
const kept = new WeakMap<KeptSums, LastAsked<string, RunLines | null>>()

/** The documents that have any line of a run, as far as that is known. */
export function documentsOfLines({ sums }: Pick<ScopedWorkspace, 'sums'>, run: RunTable): ReadonlyArray<number> {
  const pinned = inputsOf(run).documents.map(({ doc }) => doc)
  return (sums && kept.get(sums)?.get(run.id)?.documents) ?? pinned
}

/** null where they cannot be counted so: of very many bills, or where what was billed is not carried. */
export async function runLines(workspace: ScopedWorkspace, of: LinesOfRun): Promise<RunLines | null> {
  const { sums } = workspace
  if (!sums) return countLines(workspace, of)
  const runs = kept.get(sums) ?? new LastAsked<string, RunLines | null>(RUNS_MAX)
  kept.set(sums, runs)
  const known = runs.get(of.run.id)
  if (known !== undefined) return known
  const counted = await countLines(workspace, of)
  runs.set(of.run.id, counted)
  return counted
}

type Group = { readonly bill_no: number | null; readonly sort_no: number | null }
type LineGroup = Row & Group & { doc: number; line_count: bigint }
type PartGroup = Row & Group & { share_count: bigint; actual_minor: bigint; adjusted_minor: bigint; is_moved: boolean }
type BillRow = Row & { bill_no: number; vendor: string; account: string; invoice: string }
type KindRow = Row & { sort_no: number; currency: string; category: string; usage_type: string }

async function countLines(
  { warehouse, tenant }: ScopedWorkspace,
  { run, runNo, documents, lines }: LinesOfRun,
): Promise<RunLines | null> {
  const numbered: NumberedRun = { run: run.id, runNo }
  const ctes = `${liveDocumentsCte(documents)}, ${cellsOfNumbers(numbered)}, cell_part AS NOT MATERIALIZED (FROM every_part)`
  const read = <T extends Row>(query: string) => {
    const sql = `WITH ${ctes} ${query}`
    return warehouse.rows<T>(sql, boundParameters(sql, { tenant }))
  }
  // One row per document, bill and kind of charge; of lines of other bills one per document.
  const lineGroups =
    await read<LineGroup>(`SELECT doc, bill_no, CASE WHEN bill_no IS NOT NULL THEN sort_no END AS sort_no,
      sum(line_count)::BIGINT AS line_count FROM (
      SELECT doc, vendor, account, invoice, currency, category, usage_type, count(*) AS line_count
      FROM (${lines}) GROUP BY ALL) AS l
    LEFT JOIN line_bill USING (vendor, account, invoice) LEFT JOIN line_kind USING (currency, category, usage_type)
    GROUP BY 1, 2, 3 LIMIT ${GROUPS_MAX + 1}`)
  if (lineGroups.length > GROUPS_MAX) return null
  const retained = await read<{ name_no: number }>(`SELECT name_no FROM line_component WHERE component = ''`)
  const retainedNos = retained.map(({ name_no }) => name_no)
  // One row per bill and kind of charge.
  const partGroups =
    await read<PartGroup>(`SELECT bill_no, sort_no, count(*) FILTER (${hasShareSql(retainedNos)}) AS share_count,
      sum(p.actual_minor) AS actual_minor, sum(p.adjusted_minor) AS adjusted_minor,
      bool_or(p.actual_minor <> p.adjusted_minor) AS is_moved
    FROM every_part AS p GROUP BY bill_no, sort_no LIMIT ${GROUPS_MAX + 1}`)
  if (partGroups.length > GROUPS_MAX) return null
  const bills = await read<BillRow>('SELECT bill_no, vendor, account, invoice FROM line_bill')
  const kinds = await read<KindRow>('SELECT sort_no, currency, category, usage_type FROM line_kind')
  const divided = await divideLines(warehouse, { ctes, lines, parameters: { tenant } })
  const ofRun = lineGroups.filter(({ bill_no }) => bill_no !== null)
  const counted = countedLines(ofRun, { partGroups, divided })
  const docs = new Set(ofRun.map(({ doc }) => doc))
  return (
    counted && {
      bills: bills.map(({ bill_no: billNo, ...names }) => ({ billNo, ...names })).sort(inOrder),
      kinds: new Map(kinds.map(({ sort_no: sortNo, ...names }) => [sortNo, { sortNo, ...names }])),
      ...{ counted, divided },
      documents: [...docs].filter((doc) => doc !== OWN_DOC),
      isWhole: lineGroups.every(({ doc, bill_no }) => bill_no !== null || !docs.has(doc)),
      retainedNos,
    }
  )
}

function inOrder(left: BillOfRun, right: BillOfRun): number {
  return (
    compareBytes(left.vendor, right.vendor) ||
    compareBytes(left.account, right.account) ||
    compareBytes(left.invoice, right.invoice)
  )
}

type PartsBeside = { readonly partGroups: ReadonlyArray<PartGroup>; readonly divided: ReadonlyArray<DividedLine> }

/** null where a bill has lines of a kind of which nothing is carried. */
function countedLines(
  lineGroups: ReadonlyArray<LineGroup>,
  { partGroups, divided }: PartsBeside,
): ReadonlyArray<CountedLines> | null {
  const keyOf = ({ bill_no, sort_no }: Group) => `${bill_no} ${sort_no}`
  const linesOf = new Map<string, number>()
  for (const group of lineGroups) linesOf.set(keyOf(group), (linesOf.get(keyOf(group)) ?? 0) + Number(group.line_count))
  const more = new Map<string, number>()
  const seen = new Set<string>()
  for (const { billNo, sortNo, serviceNo, doc, ordinal } of divided) {
    const [line, key] = [`${billNo} ${serviceNo} ${doc} ${ordinal}`, `${billNo} ${sortNo}`]
    // The first of its rows is counted as a line.
    if (seen.has(line)) more.set(key, (more.get(key) ?? 0) + 1)
    seen.add(line)
  }
  const counted: CountedLines[] = []
  for (const group of partGroups) {
    const key = keyOf(group)
    const lines = linesOf.get(key)
    const { bill_no: billNo, sort_no: sortNo, share_count, actual_minor: actual, adjusted_minor: adjusted } = group
    const isMoved = group.is_moved
    if (billNo === null || sortNo === null) return null
    const rows = (lines ?? 0) + Number(share_count) + (more.get(key) ?? 0)
    counted.push({ billNo, sortNo, rows, actualMinor: BigInt(actual), adjustedMinor: BigInt(adjusted), isMoved })
    linesOf.delete(key)
  }
  return linesOf.size === 0 ? counted : null
}
