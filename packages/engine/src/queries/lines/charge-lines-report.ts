// `report charges --by line`: the lines of bills behind every figure of `report charges`, with where each was read from. A line
// whose money moves into a pool adds nothing to the adjusted view; what comes back of the pool is a row of its own, a share,
// so that both views sum to what the report says under the same filter.
import { formatAmount, invariant, type Report, type ReportRow } from '@spillway/core'
import { inputsOf } from '../../catalog/run-record.ts'
import { OWN_DOC } from '../../stages/allocate/own-bills.ts'
import { type LiveDocument, liveDocumentsCte, pinnedDocuments } from '../../warehouse/live-documents.ts'
import { literal } from '../../warehouse/sql-literal.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { unscoped, wholeWorkspaceOf } from '../../workspace/scopes.ts'
import { amountField, type ReportField, textField } from '../amount-cells.ts'
import type { Arrangement, PageOfRows, PagePlace, QueriedReport } from '../arranged-report.ts'
import type { ChargesOptions } from '../charges-report.ts'
import { currentRun } from '../current-run.ts'
import { amongSql, CHARGE_FILTERS, readFilter, whereText } from '../filter/report-filter.ts'
import { numberedRun } from '../numbered-run.ts'
import { type SqlReportOptions, sqlReport } from '../sql-report.ts'
import { billedLinesSql } from './billed-lines.ts'
import { DIVIDED_SQL, type DividedLine, dividedText, divideLines } from './divided-lines.ts'
import { fewServices, namedServices, type ServiceOfRun } from './few-services.ts'
import { linesWindow, type WindowSum } from './lines-window.ts'
import { nearLinesSql } from './near-lines.ts'
import { CELL, NAME_RELATIONS, numberOf, PART, runCells, SHARE_SQL, STAYS } from './run-cells.ts'
import { documentsOfLines } from './run-lines.ts'

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
  const lineDocuments = documentsOfLines(workspace, run)
  const lines = await billedLinesSql(workspace, { run, documents: lineDocuments })
  const head = {
    name: 'charges',
    title: `Charges of ${period.name} by line${whereText(where)}`,
    fields: FIELDS.filter(({ key }) => view === undefined || !isOfOtherView(key, view)),
    hasTotals: true,
    order: LINES_ORDER,
  }
  const pinned = await pinnedDocuments(
    workspace,
    documents.map(({ doc }) => doc),
  )
  const isWhole = filter.size === 0 && scoped.scope.isWholeTenant
  const numbered = await numberedRun(workspace, run)
  const every = async (search: string) => {
    const { rows } = scoped.scope
    const live = liveDocumentsCte(documents)
    const others = pinned.flatMap((document) => PLACE_FIELDS.map((field) => document[field]))
    const few =
      numbered &&
      ((await namedServices(workspace, { run, filter })) ??
        (await fewServices(workspace, { numbered, live, lines, filter, rows, search, others })))
    const services = few?.map(({ serviceNo }) => serviceNo) ?? null
    const read = few ? await linesOf(workspace, { run, documents: lineDocuments, services: few }) : lines
    const ctes = `${live}, ${await runCells(workspace, { run, filter, rows, services })}`
    const parameters = { tenant: workspace.tenant }
    const divided = await divideLines(workspace.warehouse, { ctes, lines: read, parameters })
    return namedLines(workspace, {
      ...{ head, pinned, divided },
      ctes: `${ctes}, ${billedCte(read, isWhole)}, ${linesCtes({ isDivided: divided.length > 0, isWhole })}`,
      isWide: few === null,
    })
  }
  const window =
    numbered && scoped.scope.isWholeTenant
      ? linesWindow(workspace, { run, numbered, documents, lines, lineDocuments, filter })
      : null
  return windowedReport(head, {
    every,
    page: async (place, arrangement) => {
      const shown = await window?.(place, { arrangement, fields: head.fields })
      if (!shown) return null
      const { ctes, divided, offset, rowCount, sums } = shown
      const page = await namedLines(workspace, {
        ...{ head, pinned, divided },
        ctes: `${ctes}, ${linesCtes({ isDivided: divided.length > 0, isWhole: true })}`,
        isWide: false,
      })
        .arranged(arrangement)
        .page({ offset, limit: place.limit })
      if (page.rows.length !== Math.min(place.limit, Math.max(0, rowCount - place.offset))) return null
      return { rows: page.rows, rowCount, totals: sums.map((sum) => toTotals(sum, head.fields)) }
    },
  })
}

type LinesOfServices = Parameters<typeof billedLinesSql>[1] & { readonly services: ReadonlyArray<ServiceOfRun> }

/** Billed lines of a few services. */
async function linesOf(
  workspace: ScopedWorkspace,
  { run, documents, services: few }: LinesOfServices,
): Promise<string> {
  const services = few.map(({ service }) => service)
  const near = await nearLinesSql(workspace, { documents, services })
  const lines = await billedLinesSql(workspace, { run, documents, near })
  return `SELECT * FROM (${lines}) WHERE service ${amongSql(services)}`
}

const LINES_ORDER =
  'vendor, account, invoice, service, entry, doc, ordinal, person, cost_centre, project, pool, component, flag'

type NamedLines = {
  readonly head: Pick<SqlReportOptions, 'name' | 'title' | 'fields' | 'order'>
  readonly pinned: ReadonlyArray<LiveDocument>
  readonly divided: ReadonlyArray<DividedLine>
  /** Those that `entry_row` needs, and it. */
  readonly ctes: string
  readonly isWide: boolean
}

/** The rows of `entry_row` with the names behind their numbers, and where each was read from. */
function namedLines(workspace: ScopedWorkspace, { head, pinned, divided, ctes, isWide }: NamedLines): QueriedReport {
  const places = new Map(pinned.map((document) => [document.doc, document]))
  return sqlReport(workspace, {
    ...head,
    ...{ hasTotals: true, isWide },
    ctes: `${ctes}, ${placesCte(pinned)}`,
    rows: namedRows('LEFT JOIN place USING (doc)'),
    parameters: { tenant: workspace.tenant, divided: dividedText(divided) },
    lean: {
      ...{ ctes, rows: namedRows(''), without: PLACE_FIELDS },
      fill: async (rows) => rows.map((row) => withPlace(row, places)),
    },
  })
}

type WindowedParts = {
  /** Every row in which this may be found. */
  readonly every: (search: string) => Promise<QueriedReport>
  /** null where the page has to be one of every row. */
  readonly page: (place: PagePlace, arrangement: Arrangement) => Promise<PageOfRows | null>
}
type Head = Pick<SqlReportOptions, 'name' | 'title' | 'fields'>

/** A report whose pages are made without making every row, where that is possible. */
function windowedReport(head: Head, parts: WindowedParts, arrangement: Arrangement = {}): QueriedReport {
  const every = async () => (await parts.every(arrangement.search ?? '')).arranged(arrangement)
  async function* rows() {
    yield* (await every()).rows
  }
  return {
    ...{ name: head.name, title: head.title, columns: head.fields, hasTotals: true },
    rows: rows(),
    arranged: (other) => windowedReport(head, parts, { ...arrangement, ...other }),
    page: async (place) => (await parts.page(place, arrangement)) ?? (await every()).page(place),
  }
}

function toTotals({ currency, actualMinor, adjustedMinor }: WindowSum, fields: Head['fields']): ReportRow {
  const amounts: Readonly<Record<string, bigint>> = {
    ...{ actual: actualMinor, adjusted: adjustedMinor, difference: adjustedMinor - actualMinor },
  }
  return fields.map(({ key }, index) => {
    const amount = amounts[key]
    if (amount !== undefined) return formatAmount(amount, currency)
    if (index === 0) return 'Total'
    return key === 'currency' ? currency : ''
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

type LinesOf = { readonly isDivided: boolean; readonly isWhole: boolean }

const linesCtes = ({ isDivided, isWhole }: LinesOf) => `
  nonzero_part AS NOT MATERIALIZED (SELECT ${PART}, actual_minor, adjusted_minor FROM cell_part WHERE actual_minor <> 0),
  -- One row per cell that one alone carries: who does. Of a cell that comes to nothing, the first of those who carry it.
  sole AS (FROM nonzero_part ${!isDivided ? '' : `ANTI JOIN (SELECT ${CELL} FROM nonzero_part GROUP BY ALL HAVING count(*) > 1) AS s USING (${CELL})`}
    UNION ALL (SELECT DISTINCT ON (${CELL}) ${PART}, actual_minor, adjusted_minor FROM cell_part
      ANTI JOIN nonzero_part USING (${CELL}) ORDER BY ${PART})),
  -- One row per line and part.
  carried_line AS NOT MATERIALIZED (
    SELECT ${PART}, b.doc, b.ordinal, b.line, b.product, b.description, b.amount_minor AS line_minor, '' AS division,
      s.actual_minor, s.adjusted_minor
    FROM billed AS b JOIN sole AS s USING (${CELL}) ${isDivided ? DIVIDED_LINES : ''}),
  entry_row AS NOT MATERIALIZED (
    SELECT 'charge' AS entry, ${PART}, p.doc, p.ordinal, p.line, p.product, p.description, p.division, p.line_minor AS actual_minor,
      CASE WHEN ${STAYS} THEN p.line_minor ELSE 0 END AS adjusted_minor
    FROM carried_line AS p ${isWhole ? '' : `SEMI JOIN shown_part USING (${PART})`} JOIN line_component AS c USING (name_no)
    UNION ALL
    SELECT 'share', ${PART}, NULL, NULL, NULL, '', concat_ws(' ', 'share of', c.pool, c.component), '', 0,
      ${SHARE_SQL} AS share_minor
    FROM shown_part AS p JOIN line_component AS c USING (name_no) WHERE share_minor <> 0)`

const DIVIDED_LINES = `
    UNION ALL
    SELECT ${PART}, b.doc, b.ordinal, b.line, b.product, b.description, d.line_minor, d.division, p.actual_minor, p.adjusted_minor
    FROM billed AS b JOIN (${DIVIDED_SQL}) AS d USING (bill_no, sort_no, service_no, doc, ordinal) JOIN cell_part AS p USING (${PART})`

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
