// `report charges --by line`: the lines of bills behind every figure of `report charges`, with where each was read from. A line
// whose money moves into a pool adds nothing to the adjusted view; what comes back of the pool is a row of its own, a share,
// so that both views sum to what the report says under the same filter.
import { invariant, type Report } from '@spillway/core'
import { inputsOf } from '../../catalog/run-record.ts'
import { OWN_DOC } from '../../stages/allocate/own-bills.ts'
import { literal } from '../../stages/allocate/period-scope.ts'
import { type LiveDocument, liveDocumentsCte, pinnedDocuments } from '../../warehouse/live-documents.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { unscoped, wholeWorkspaceOf } from '../../workspace/scopes.ts'
import { amountField, type ReportField, textField } from '../amount-cells.ts'
import type { ChargesOptions } from '../charges-report.ts'
import { currentRun } from '../current-run.ts'
import { CHARGE_FILTERS, readFilter, whereText } from '../filter/report-filter.ts'
import { sqlReport } from '../sql-report.ts'
import { billedLinesSql } from './billed-lines.ts'
import { type DividedLines, divideLines } from './divided-lines.ts'
import { CELL, NAME_RELATIONS, numberOf, PART, runCells } from './run-cells.ts'

const detail = (key: string, title: string): ReportField => ({ ...textField(key, title), isDetail: true })
const PLACE_FIELDS = ['file', 'member', 'sheet', 'batch'] as const

const FIELDS: ReadonlyArray<ReportField> = [
  textField('entry', 'Entry'),
  detail('vendor', 'Vendor'),
  detail('account', 'Account'),
  textField('invoice', 'Bill'),
  textField('service', 'Service'),
  detail('person', 'Person'),
  detail('cost_centre', 'Cost centre'),
  detail('project', 'Project'),
  detail('pool', 'Pool'),
  detail('component', 'Component'),
  textField('category', 'Category'),
  detail('usage_type', 'Usage type'),
  detail('product', 'Product'),
  textField('description', 'Description'),
  textField('currency', 'Currency'),
  amountField('actual', 'Actual'),
  amountField('adjusted', 'Adjusted'),
  { ...amountField('difference', 'Difference'), isDetail: true },
  detail('division', 'Division'),
  { key: 'flags', title: 'Flags', kind: 'flags', isDetail: true, from: 'flag' },
  textField('file', 'File'),
  detail('member', 'Member'),
  detail('sheet', 'Sheet'),
  { key: 'line', title: 'Line', kind: 'quantity', isNullable: true },
  detail('batch', 'Import'),
]

/**
 * One row per line of a bill and whoever carries a part of it, and per share of a component that came back.
 * @throws Refusal `period-not-closed`, `bad-command`.
 */
export async function chargeLinesReport(
  scoped: ScopedWorkspace,
  { period, view, where }: Omit<ChargesOptions, 'by'>,
): Promise<Report> {
  const run = await currentRun(scoped, period)
  const filter = await readFilter(scoped, { where, columns: CHARGE_FILTERS, run })
  // Over all parts of a cell, of which `shown_part` has those in scope: a line that two carry is divided by both.
  const workspace = unscoped(wholeWorkspaceOf(scoped))
  const documents = inputsOf(run).documents
  const cells = await runCells(workspace, { run, filter, rows: scoped.scope.rows })
  const isWhole = filter.size === 0 && scoped.scope.isWholeTenant
  const ctes = `${liveDocumentsCte(documents)}, ${cells}, ${billedCte(await billedLinesSql(workspace, run), isWhole)}`
  const parameters = { tenant: workspace.tenant }
  const divided = await divideLines(workspace.warehouse, { ctes, parameters })
  const places = new Map(
    (
      await pinnedDocuments(
        workspace,
        documents.map(({ doc }) => doc),
      )
    ).map((document) => [document.doc, document]),
  )
  const lean = { ctes: `${ctes}, ${linesCtes(divided, isWhole)}`, rows: namedRows('') }
  return sqlReport(workspace, {
    name: 'charges',
    title: `Charges of ${period.name} by line${whereText(where)}`,
    fields: FIELDS.filter(({ key }) => view === undefined || !isOfOtherView(key, view)),
    hasTotals: true,
    isWide: true,
    ctes: `${lean.ctes}, ${placesCte([...places.values()])}`,
    rows: namedRows('LEFT JOIN place USING (doc)'),
    order:
      'vendor, account, invoice, service, entry, doc, ordinal, person, cost_centre, project, pool, component, flag',
    parameters: { ...parameters, divided: divided?.text ?? '' },
    lean: { ...lean, without: PLACE_FIELDS, fill: async (rows) => rows.map((row) => withPlace(row, places)) },
  })
}

function isOfOtherView(key: string, view: string): boolean {
  return key === 'difference' || (key === 'actual' && view !== 'actual') || (key === 'adjusted' && view !== 'adjusted')
}

/** Lines with the numbers of their cells, of the cells that are shown; of all of a run none need be looked for. */
function billedCte(lines: string, isWhole: boolean): string {
  const of = (relation: string, number: string) =>
    isWhole ? relation : `(FROM ${relation} SEMI JOIN wanted_cell USING (${number}))`
  const named = isWhole ? NAMED : 'JOIN'
  return `wanted_cell AS MATERIALIZED (SELECT DISTINCT ${CELL} FROM cell_part),
  billed AS NOT MATERIALIZED (SELECT b.bill_no, k.sort_no, s.service_no, l.doc, l.ordinal, l.line, l.product, l.description, l.amount_minor
    FROM (${lines}) AS l
    JOIN ${of('line_bill', 'bill_no')} AS b USING (vendor, account, invoice)
    ${named} line_kind AS k USING (currency, category, usage_type)
    ${named} ${of('line_service', 'service_no')} AS s USING (service)
    ${isWhole ? '' : 'SEMI JOIN wanted_cell AS w ON w.bill_no = b.bill_no AND w.sort_no = k.sort_no AND w.service_no = s.service_no'})`
}

/** What always has a name: DuckDB takes a LEFT JOIN for as many rows as there are, and an inner one of several columns for few. */
const NAMED = 'LEFT JOIN'

/** What is retained stays; so does what is as large in both views. */
const STAYS = `(c.component = '' OR p.actual_minor = p.adjusted_minor)`

const linesCtes = (divided: DividedLines | null, isWhole: boolean) => `
  nonzero_part AS NOT MATERIALIZED (SELECT ${PART}, actual_minor, adjusted_minor FROM cell_part WHERE actual_minor <> 0),
  -- One row per cell that one alone carries: who does. Of a cell that comes to nothing, the first of those who carry it.
  sole AS (FROM nonzero_part ${divided === null ? '' : `ANTI JOIN (SELECT ${CELL} FROM nonzero_part GROUP BY ALL HAVING count(*) > 1) AS s USING (${CELL})`}
    UNION ALL (SELECT DISTINCT ON (${CELL}) ${PART}, actual_minor, adjusted_minor FROM cell_part
      ANTI JOIN nonzero_part USING (${CELL}) ORDER BY ${PART})),
  -- One row per line and part.
  carried_line AS NOT MATERIALIZED (
    SELECT ${PART}, b.doc, b.ordinal, b.line, b.product, b.description, b.amount_minor AS line_minor, '' AS division,
      s.actual_minor, s.adjusted_minor
    FROM billed AS b JOIN sole AS s USING (${CELL}) ${divided === null ? '' : dividedSql(divided)}),
  entry_row AS NOT MATERIALIZED (
    SELECT 'charge' AS entry, ${PART}, p.doc, p.ordinal, p.line, p.product, p.description, p.division, p.line_minor AS actual_minor,
      CASE WHEN ${STAYS} THEN p.line_minor ELSE 0 END AS adjusted_minor
    FROM carried_line AS p ${isWhole ? '' : `SEMI JOIN shown_part USING (${PART})`} JOIN line_component AS c USING (name_no)
    UNION ALL
    SELECT 'share', ${PART}, NULL, NULL, NULL, '', concat_ws(' ', 'share of', c.pool, c.component), '', 0,
      CASE WHEN ${STAYS} THEN p.adjusted_minor - p.actual_minor ELSE p.adjusted_minor END AS share_minor
    FROM shown_part AS p JOIN line_component AS c USING (name_no) WHERE share_minor <> 0)`

const dividedSql = ({ sql }: DividedLines) => `
    UNION ALL
    SELECT ${PART}, b.doc, b.ordinal, b.line, b.product, b.description, d.line_minor, d.division, p.actual_minor, p.adjusted_minor
    FROM billed AS b JOIN (${sql}) AS d USING (bill_no, sort_no, service_no, doc, ordinal) JOIN cell_part AS p USING (${PART})`

const namedRows = (place: string) => `
  SELECT * EXCLUDE (${PART}), adjusted_minor - actual_minor AS difference_minor FROM entry_row
    ${NAME_RELATIONS.map((relation) => `${NAMED} ${relation} USING (${numberOf(relation)})`).join(' ')} ${place}`

function placesCte(documents: ReadonlyArray<LiveDocument>): string {
  const columns = 'place(doc, file, member, sheet, batch)'
  const rows = documents.map(
    ({ doc, file, member, sheet, batch }) => `(${doc}, ${[file, member, sheet, batch].map(literal).join(', ')})`,
  )
  return rows.length === 0
    ? `${columns} AS (SELECT 0, '', '', '', '' WHERE false)`
    : `${columns} AS (VALUES ${rows.join(', ')})`
}

/** A share, and a line of a bill of ours, was read from no file. */
function withPlace(row: Row, places: ReadonlyMap<number, LiveDocument>): Row {
  if (row.doc === null || row.doc === OWN_DOC) return row
  const place = places.get(Number(row.doc))
  invariant(place, 'a row belongs to a pinned document', { doc: row.doc })
  const { file, member, sheet, batch } = place
  return { ...row, file, member, sheet, batch }
}
