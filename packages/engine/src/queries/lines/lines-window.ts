// The few lines and shares among which a page of a run's lines is: those of the bills that the page reaches, and of these no more than
// a page can have. What comes before them is counted (run-lines.ts), so that a page of four million rows reads some thousands.
import type { RunTable } from '../../catalog/tables.ts'
import { liveDocumentsCte } from '../../warehouse/live-documents.ts'
import type { NumberedRun } from '../../warehouse/run-numbers.ts'
import { literal } from '../../warehouse/sql-literal.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import type { ReportField } from '../amount-cells.ts'
import { type Arrangement, type PagePlace, sortOf } from '../arranged-report.ts'
import { amongSql } from '../filter/report-filter.ts'
import type { RowFilter } from '../filter/row-filter.ts'
import { DIVIDED_SQL, type DividedLine } from './divided-lines.ts'
import { CELL, cellsOfNumbers, flagsOf, hasShareSql, PART } from './run-cells.ts'
import { type BillOfRun, type RunLines, runLines } from './run-lines.ts'

/** Of one currency over all rows. */
export type WindowSum = { readonly currency: string; readonly actualMinor: bigint; readonly adjustedMinor: bigint }

export type LinesWindow = {
  /** With `billed` and the parts of its cells, as the whole run has them. */
  readonly ctes: string
  readonly divided: ReadonlyArray<DividedLine>
  /** Of the page among the rows of the window. */
  readonly offset: number
  /** Of all rows. */
  readonly rowCount: number
  readonly sums: ReadonlyArray<WindowSum>
}

export type WindowAsked = { readonly arrangement: Arrangement; readonly fields: ReadonlyArray<ReportField> }
/** null where every row has to be made. */
export type WindowOf = (place: PagePlace, asked: WindowAsked) => Promise<LinesWindow | null>

type WindowOptions = {
  readonly run: RunTable
  readonly numbered: NumberedRun
  readonly documents: ReadonlyArray<{ readonly doc: number }>
  readonly lines: string
  /** Of which `lines` has all. */
  readonly lineDocuments: ReadonlyArray<number>
  readonly filter: RowFilter
}

const BILL_COLUMNS = ['vendor', 'account', 'invoice'] as const
const KIND_COLUMNS = ['currency', 'category', 'usage_type'] as const
/** A page that begins farther from the first row of a bill, or of an order by something else, is one of every row. */
const REACH_MAX = 50_000
/** More bills are not asked for one by one. */
const BILLS_MAX = 2000

/** Of filters that are about bills and kinds of charges; null for any other. */
export function linesWindow(workspace: ScopedWorkspace, options: WindowOptions): WindowOf | null {
  const { numbered, filter } = options
  const known: ReadonlyArray<string> = [...BILL_COLUMNS, ...KIND_COLUMNS]
  if ([...filter.keys()].some((column) => !known.includes(column))) return null
  return async (place, asked) => {
    if (!mayHaveOrder(asked) || !Number.isFinite(place.limit)) return null
    const counted = await runLines(workspace, { ...options, runNo: numbered.runNo })
    if (counted === null) return null
    const shown = shownOf(counted, filter)
    const order = orderOf(asked, shown)
    if (order === null) return null
    const reached = order.line === '' ? reach(shown, place) : { bills: shown.bills, offset: place.offset }
    const rowsMax = reached.offset + place.limit
    if (rowsMax > REACH_MAX) return null
    const billNos = new Set(reached.bills.map(({ billNo }) => billNo))
    const divided = counted.divided.filter(({ billNo, sortNo }) => billNos.has(billNo) && shown.sortNos.has(sortNo))
    const ctes = windowCtes({
      ...{ ...options, counted, order, rowsMax, isDivided: divided.length > 0 },
      isWhole: counted.isWhole && isEqual(options.lineDocuments, counted.documents),
      bills: reached.bills.length === counted.bills.length ? null : reached.bills,
      sortNos: shown.sortNos.size === counted.kinds.size ? null : shown.sortNos,
    })
    return { ctes, divided, offset: reached.offset, rowCount: shown.rowCount, sums: shown.sums }
  }
}

const isEqual = (some: ReadonlyArray<number>, others: ReadonlyArray<number>) =>
  some.length === others.length && new Set([...some, ...others]).size === some.length

type Shown = {
  readonly bills: ReadonlyArray<BillOfRun>
  readonly sortNos: ReadonlySet<number>
  readonly rowsOf: ReadonlyMap<number, number>
  readonly rowCount: number
  readonly sums: ReadonlyArray<WindowSum>
  /** Of any of these bills and kinds a line's adjusted amount may be another. */
  readonly isMoved: boolean
}

function shownOf({ bills, kinds, counted }: RunLines, filter: RowFilter): Shown {
  const isMeant = (columns: ReadonlyArray<string>, of: Readonly<Record<string, unknown>>) =>
    columns.every((column) => filter.get(column)?.includes(String(of[column])) ?? true)
  const shownBills = bills.filter((bill) => isMeant(BILL_COLUMNS, bill))
  const shownKinds = new Map([...kinds].filter(([, kind]) => isMeant(KIND_COLUMNS, kind)))
  const billNos = new Set(shownBills.map(({ billNo }) => billNo))
  const rowsOf = new Map<number, number>()
  const sums = new Map<string, WindowSum>()
  let rowCount = 0
  let hasMoved = false
  for (const { billNo, sortNo, rows, actualMinor, adjustedMinor, isMoved } of counted) {
    const currency = shownKinds.get(sortNo)?.currency
    if (currency === undefined || !billNos.has(billNo) || rows === 0) continue
    hasMoved ||= isMoved
    rowsOf.set(billNo, (rowsOf.get(billNo) ?? 0) + rows)
    rowCount += rows
    const sum = sums.get(currency)
    sums.set(currency, {
      currency,
      actualMinor: (sum?.actualMinor ?? 0n) + actualMinor,
      adjustedMinor: (sum?.adjustedMinor ?? 0n) + adjustedMinor,
    })
  }
  const inOrder = [...sums.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1))
  const sortNos = new Set(shownKinds.keys())
  return { bills: shownBills, sortNos, rowsOf, rowCount, sums: inOrder, isMoved: hasMoved }
}

/** The bills of which the page has rows, and where it begins among theirs. */
function reach({ bills, rowsOf }: Shown, { offset, limit }: PagePlace) {
  const reached: BillOfRun[] = []
  let before = 0
  let skipped = 0
  for (const bill of bills) {
    const rows = rowsOf.get(bill.billNo) ?? 0
    if (before >= offset + limit) break
    if (before + rows > offset) {
      if (reached.length === 0) skipped = before
      if (rows > 0) reached.push(bill)
    }
    before += rows
  }
  return { bills: reached, offset: offset - skipped }
}

/** What rows are ordered by before the order of the report, of lines `l` and of shares; '' for nothing. */
type Order = { readonly line: string; readonly share: string }

const text = (line: string, share: string): Order => ({ line: `nullif(${line}, '')`, share: `nullif(${share}, '')` })
const OF_ACTUAL: Order = { line: 'l.amount_minor', share: '0::BIGINT' }
const ORDERS: Readonly<Record<string, Order>> = {
  ...{
    entry: text("'charge'", "'share'"),
    vendor: text('l.vendor', 'b.vendor'),
    account: text('l.account', 'b.account'),
  },
  ...{ invoice: text('l.invoice', 'b.invoice'), currency: text('l.currency', 'k.currency') },
  ...{ category: text('l.category', 'k.category'), usage_type: text('l.usage_type', 'k.usage_type') },
  // Services are numbered in the order of their names.
  service: { line: `nullif(l.service, '')`, share: 'nullif(p.service_no, 0)' },
  product: text('l.product', "''"),
  description: text('l.description', `concat_ws(' ', 'share of', c.pool, c.component)`),
  actual: OF_ACTUAL,
}

const NO_ORDER: Order = { line: '', share: '' }
/** Where no money moves, every line is adjusted to what it is, and there is no share. */
const UNMOVED_ORDERS: Readonly<Record<string, Order>> = { adjusted: OF_ACTUAL, difference: NO_ORDER }

const mayHaveOrder = (asked: WindowAsked) => orderOf(asked, { isMoved: false }) !== null

/** null where it is of what is known of a row only once it is made. */
function orderOf(
  { arrangement: { sort, search = '' }, fields }: WindowAsked,
  { isMoved }: Pick<Shown, 'isMoved'>,
): Order | null {
  if (search !== '') return null
  if (sort === undefined) return NO_ORDER
  const { column, isDescending } = sortOf(fields, sort)
  const order = ORDERS[column.key] ?? (isMoved ? undefined : UNMOVED_ORDERS[column.key])
  if (order === undefined || order === NO_ORDER) return order ?? null
  const directed = (value: string) => `${value} ${isDescending ? 'DESC' : 'ASC'} NULLS LAST, `
  return { line: directed(order.line), share: directed(order.share) }
}

type WindowParts = Pick<WindowOptions, 'numbered' | 'documents' | 'lines'> & {
  readonly counted: RunLines
  readonly order: Order
  /** As many lines, and pairs of bill and service with shares, as the page can reach. */
  readonly rowsMax: number
  readonly isDivided: boolean
  /** Every line of `lines` is of the run; others would take the places of the first. */
  readonly isWhole: boolean
  /** null for all of the run. */
  readonly bills: ReadonlyArray<BillOfRun> | null
  readonly sortNos: ReadonlySet<number> | null
}

function windowCtes(parts: WindowParts): string {
  const { documents, numbered, isDivided, bills, sortNos } = parts
  const ofBills = bills === null ? 'true' : `bill_no ${numbersSql(bills.map(({ billNo }) => billNo))}`
  const ofKinds = sortNos === null ? 'true' : `sort_no ${numbersSql([...sortNos])}`
  const services = `run_service_stored WHERE run_no = ${numbered.runNo}`
  const cells = cellsOfNumbers({
    ...numbered,
    without: ['line_service', 'line_owner', 'line_flags'],
    where: { line_bill: ofBills, line_kind: ofKinds, every_part: `${ofBills} AND ${ofKinds}` },
  })
  // With the names by which its line is found before it has numbers.
  const dividedRows = `SELECT d.*, b.invoice, s.service FROM (${DIVIDED_SQL}) AS d JOIN line_bill AS b USING (bill_no)
    JOIN (SELECT service_no, service FROM ${services}) AS s USING (service_no)`
  const dividedCells = `UNION SELECT ${CELL} FROM divided_row`
  return `${liveDocumentsCte(documents)}, ${cells},
    ${isDivided ? `divided_row AS MATERIALIZED (${dividedRows}),` : ''}
    top_line AS MATERIALIZED (${topLinesSql(parts)}),
    bill_place AS (SELECT *, row_number() OVER (ORDER BY vendor, account, invoice) AS place FROM line_bill),
    -- All shares of a bill and service follow each other, whatever they are of.
    top_share AS MATERIALIZED (SELECT DISTINCT bill_no, service_no FROM (${topSharesSql(parts)})),
    line_service AS MATERIALIZED (SELECT service_no, service FROM ${services} AND service IN (SELECT service FROM top_line)
      UNION SELECT service_no, service FROM ${services} AND service_no IN (SELECT service_no FROM top_share)),
    wanted_cell AS MATERIALIZED (SELECT ${CELL} FROM top_line JOIN line_service USING (service)
      UNION SELECT ${CELL} FROM every_part SEMI JOIN top_share USING (bill_no, service_no) ${isDivided ? dividedCells : ''}),
    cell_part AS MATERIALIZED (SELECT ${PART}, actual_minor, adjusted_minor FROM every_part SEMI JOIN wanted_cell USING (${CELL})),
    shown_part AS NOT MATERIALIZED (FROM cell_part), ${flagsOf('cell_part')},
    line_owner AS MATERIALIZED (SELECT owner_no, person, cost_centre, project FROM run_owner
      WHERE tenant = $tenant AND run = ${literal(numbered.run)} AND owner_no IN (SELECT owner_no FROM cell_part)),
    billed AS NOT MATERIALIZED (SELECT * EXCLUDE (service) FROM top_line JOIN line_service USING (service))`
}

/** The first lines, and all of those that are divided: rows of these have amounts of their own. */
function topLinesSql({ isWhole, lines, order, rowsMax, isDivided, bills, sortNos }: WindowParts): string {
  const columns = 'b.bill_no, k.sort_no, l.service, l.doc, l.ordinal, l.line, l.product, l.description, l.amount_minor'
  const ofLines = `(SELECT * FROM (${lines}) WHERE ${linesOfBills(bills)}) AS l`
  const numbers =
    'JOIN line_bill AS b USING (vendor, account, invoice) JOIN line_kind AS k USING (currency, category, usage_type)'
  const ofDivided =
    'divided_row AS d ON d.doc = l.doc AND d.ordinal = l.ordinal AND d.invoice = l.invoice AND d.service = l.service'
  const undivided = isDivided ? `ANTI JOIN ${ofDivided}` : ''
  const first = `ORDER BY ${order.line} l.vendor, l.account, l.invoice, l.service, l.doc, l.ordinal LIMIT ${rowsMax}`
  // The first of them are found before their numbers are looked up.
  const top =
    isWhole && bills === null && sortNos === null
      ? `SELECT ${columns} FROM (SELECT l.* FROM ${ofLines} ${undivided} ${first}) AS l ${numbers}`
      : `(SELECT ${columns} FROM ${ofLines} ${numbers} ${undivided} ${first})`
  return isDivided ? `${top} UNION ALL SELECT ${columns} FROM ${ofLines} ${numbers} SEMI JOIN ${ofDivided}` : top
}

/** By numbers alone, wherever the order is about nothing else: names are looked up for the few that are shown. */
function topSharesSql({ counted: { bills, retainedNos }, order, rowsMax }: WindowParts): string {
  const isInOrder = bills.every(({ billNo }, at) => at === 0 || (bills[at - 1] as BillOfRun).billNo < billNo)
  const joins = [
    ...(/\bc\./.test(order.share) ? ['JOIN line_component AS c USING (name_no)'] : []),
    ...(!isInOrder || /\bb\./.test(order.share) ? ['JOIN bill_place AS b USING (bill_no)'] : []),
    ...(/\bk\./.test(order.share) ? ['JOIN line_kind AS k USING (sort_no)'] : []),
  ]
  return `SELECT p.bill_no, p.service_no FROM every_part AS p ${joins.join(' ')} WHERE ${hasShareSql(retainedNos)}
    ORDER BY ${order.share} ${isInOrder ? 'p.bill_no' : 'b.place'}, p.service_no LIMIT ${rowsMax}`
}

const numbersSql = (numbers: ReadonlyArray<number>) => `IN (${numbers.length === 0 ? 'NULL' : numbers.join(', ')})`

/** Leaves out lines where they are read; those of other bills with the same names of vendor, account and invoice stay. */
function linesOfBills(bills: ReadonlyArray<BillOfRun> | null): string {
  if (bills === null || bills.length > BILLS_MAX) return 'true'
  return BILL_COLUMNS.map((column) => `${column} ${amongSql([...new Set(bills.map((bill) => bill[column]))])}`).join(
    ' AND ',
  )
}
