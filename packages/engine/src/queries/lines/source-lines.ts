// What was read from a line of an imported file, as it is stored: every fact of the line with its columns, and the row that
// could not be read. Files themselves are not kept, and what an import concealed is nowhere. In a scope of some rows only
// lines that stand behind what may be seen.
import { formatAmount, Refusal } from '@spillway/core'
import type { Catalog } from '../../catalog/open-catalog.ts'
import { FACT_TABLES, type FactTable } from '../../warehouse/schema.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { unscoped, wholeWorkspaceOf } from '../../workspace/scopes.ts'
import { pageOfRows } from '../arranged-report.ts'
import { currentRuns, periodNamed } from '../current-run.ts'
import { amongSql } from '../filter/report-filter.ts'
import { chargeLinesReport } from './charge-lines-report.ts'

export type SourceRequest = {
  /** The id of an import, the name of its file, or the end of the path that the file had. */
  readonly file: string
  readonly member?: string | undefined
  readonly sheet?: string | undefined
  readonly line: number
  /** Lines before and after. */
  readonly around?: number | undefined
}

export type SourceCell = { readonly name: string; readonly value: string }

export type SourceLine = {
  readonly line: number
  readonly isAsked: boolean
  /** What was read; `quarantine` where it could not be. */
  readonly fact: FactTable | 'quarantine'
  /** Whether it counts: its document was neither superseded nor taken back. */
  readonly isLive: boolean
  readonly cells: ReadonlyArray<SourceCell>
  /** Why it could not be read. */
  readonly problem: { readonly code: string; readonly message: string; readonly hint: string } | null
}

export type SourceLines = {
  readonly batch: string
  readonly file: string
  readonly member: string
  readonly sheet: string
  readonly importer: string
  readonly importedAt: string
  readonly importedBy: string
  readonly lines: ReadonlyArray<SourceLine>
}

export const AROUND_MAX = 20
const TABLES = Object.keys(FACT_TABLES) as ReadonlyArray<FactTable>

/** @throws Refusal `not-found` for a file or a line that there is not, or of which nothing may be seen; `bad-command`. */
export async function sourceLines(scoped: ScopedWorkspace, request: SourceRequest): Promise<SourceLines> {
  const { line, member = '', sheet = '', around = 0 } = request
  const batch = await batchNamed(scoped, request.file)
  const place = { batch: batch.id, member, sheet, first: Math.max(0, line - around), last: line + around }
  const documents = await documentsOf(scoped.catalog, { tenant: scoped.tenant, ...place })
  const read = { scoped, documents, place }
  const facts = await Promise.all(TABLES.map((table) => factLines(read, table)))
  const found = [...facts.flat(), ...(await quarantinedLines(read))]
  if (!found.some((one) => one.line === line))
    throw new Refusal('not-found', `Nothing that you may see was read from line ${line} of ${batch.file}.`, {
      hint: 'The report of charges by line names file, member, sheet and line.',
    })
  const order = (one: Omit<SourceLine, 'isAsked'>) => [...TABLES, 'quarantine'].indexOf(one.fact)
  found.sort((a, b) => a.line - b.line || order(a) - order(b))
  return {
    ...{ batch: batch.id, file: batch.file, member, sheet },
    ...{ importer: batch.importer, importedAt: batch.imported_at, importedBy: batch.imported_by },
    lines: found.map((one) => ({ ...one, isAsked: one.line === line })),
  }
}

/** @throws Refusal `not-found`; `bad-command` where several imports have the name. */
async function batchNamed({ catalog, tenant, scope }: ScopedWorkspace, file: string) {
  const all = await catalog
    .selectFrom('batch')
    .select(['id', 'file', 'file_path', 'importer', 'imported_at', 'imported_by'])
    .where('tenant', '=', tenant)
    .where('state', '=', 'complete')
    .orderBy('imported_at')
    .execute()
  const byId = all.find(({ id }) => id === file)
  if (byId) return byId
  // Who may see a part learns no names of files by trying them.
  const named = scope.isWholeTenant
    ? all.filter((batch) => batch.file === file || batch.file_path === file || batch.file_path.endsWith(`/${file}`))
    : []
  const [only, another] = named
  if (only && !another) return only
  if (only)
    throw new Refusal('bad-command', `Several imports are of a file called ${file}.`, {
      hint: `Name one, such as ${named
        .slice(-3)
        .map(({ id, file_path }) => `${id} (${file_path})`)
        .join(', ')}.`,
    })
  throw new Refusal('not-found', `There is no import of a file called ${file}.`, {
    hint: 'Give the id of the import, as the report of charges by line has it.',
  })
}

type Documents = ReadonlyMap<number, { readonly isLive: boolean }>

async function documentsOf(
  catalog: Catalog,
  place: { readonly tenant: string; readonly batch: string; readonly member: string; readonly sheet: string },
): Promise<Documents> {
  const rows = await catalog
    .selectFrom('document')
    .select(['id', 'live'])
    .where('tenant', '=', place.tenant)
    .where('batch', '=', place.batch)
    .where('member', '=', place.member)
    .where('sheet', '=', place.sheet)
    .execute()
  return new Map(rows.map(({ id, live }) => [id, { isLive: live === 1 }]))
}

type Reading = {
  readonly scoped: ScopedWorkspace
  readonly documents: Documents
  readonly place: {
    readonly batch: string
    readonly member: string
    readonly sheet: string
    readonly first: number
    readonly last: number
  }
}
type FoundLine = Omit<SourceLine, 'isAsked'>

async function factLines({ scoped, documents, place }: Reading, table: FactTable): Promise<FoundLine[]> {
  if (documents.size === 0) return []
  const { tenant, scope } = scoped
  const isPartOfCharges = table === 'charge' && !scope.isWholeTenant
  const { warehouse } = isPartOfCharges ? unscoped(wholeWorkspaceOf(scoped)) : scoped
  // One row per fact of the lines.
  const rows = await warehouse.rows<Row>(
    `SELECT COLUMNS(*)::VARCHAR FROM "${table}" WHERE tenant = $tenant AND doc IN (${[...documents.keys()].join(', ')})
     AND line BETWEEN $first AND $last ORDER BY doc, ordinal`,
    { tenant, first: place.first, last: place.last },
  )
  const visible = isPartOfCharges ? await visibleCharges(scoped, { rows, batch: place.batch }) : rows
  return visible.map((row) => ({
    line: Number(row.line),
    fact: table,
    isLive: documents.get(Number(row.doc))?.isLive === true,
    cells: cellsOf(row),
    problem: null,
  }))
}

/** Those behind a figure that may be seen: of each invoice, the lines that the report of charges by line shows. */
async function visibleCharges(
  scoped: ScopedWorkspace,
  { rows, batch }: { readonly rows: ReadonlyArray<Row>; readonly batch: string },
): Promise<ReadonlyArray<Row>> {
  const runs = await currentRuns(scoped)
  const { warehouse, tenant } = unscoped(wholeWorkspaceOf(scoped))
  const seen = new Set<string>()
  const bills = new Map(rows.map((row) => [JSON.stringify([row.vendor, row.account, row.invoice]), row]))
  for (const { vendor, account, invoice } of bills.values()) {
    const billed = await warehouse.rows<{ run: string }>(
      `SELECT DISTINCT run FROM carried WHERE tenant = $tenant AND run ${amongSql(runs.map(({ id }) => id))}
         AND vendor = $vendor AND account = $account AND invoice = $invoice`,
      { tenant, vendor: String(vendor), account: String(account), invoice: String(invoice) },
    )
    const services = new Set(rows.map((row) => String(row.service)))
    const where = [`vendor=${vendor}`, `account=${account}`, `invoice=${invoice}`]
    for (const { period } of runs.filter(({ id }) => billed.some(({ run }) => run === id))) {
      const terms = [...where, ...[...services].map((service) => `service=${service}`)]
      const report = await chargeLinesReport(scoped, { period: periodNamed(period), where: terms })
      const at = (key: string) => report.columns.findIndex((one) => one.key === key)
      const [batchAt, keysAt] = [at('batch'), ['line', 'service', 'invoice', 'category', 'description'].map(at)]
      for (const row of (await pageOfRows(report, { offset: 0, limit: Number.POSITIVE_INFINITY })).rows)
        if (row[batchAt] === batch) seen.add(JSON.stringify(keysAt.map((index) => row[index])))
    }
  }
  // One line of a file may be charges of several.
  const keyOf = ({ line, service, invoice, category, description }: Row) =>
    JSON.stringify([line, service, invoice, category, description].map(String))
  return rows.filter((row) => seen.has(keyOf(row)))
}

async function quarantinedLines({ scoped, place }: Reading): Promise<FoundLine[]> {
  const rows = await scoped.warehouse.rows<Row>(
    `SELECT line, raw, code, message, hint FROM quarantine WHERE tenant = $tenant AND batch = $batch AND member = $member
       AND sheet = $sheet AND line BETWEEN $first AND $last ORDER BY line, code`,
    { tenant: scoped.tenant, ...place },
  )
  return rows.map((row) => ({
    line: Number(row.line),
    fact: 'quarantine',
    isLive: false,
    cells: [{ name: 'raw', value: String(row.raw) }],
    problem: { code: String(row.code), message: String(row.message), hint: String(row.hint) },
  }))
}

/** Of the store itself, and said elsewhere in the answer. */
const NOT_SHOWN = new Set(['tenant', 'doc', 'ordinal', 'line', 'extra', 'digest'])

/** What the line gave, by the names of the columns; amounts in major units; then columns that nobody asked for. */
function cellsOf(row: Row): SourceCell[] {
  const cells = Object.entries(row).flatMap(([name, value]): SourceCell[] => {
    if (NOT_SHOWN.has(name) || value === null || value === '') return []
    return name.endsWith('_minor')
      ? [{ name: name.slice(0, -'_minor'.length), value: formatAmount(BigInt(String(value)), String(row.currency)) }]
      : [{ name, value: String(value) }]
  })
  if (typeof row.extra !== 'string' || row.extra === '') return cells
  const extra = Object.entries(JSON.parse(row.extra) as Record<string, unknown>)
  return [...cells, ...extra.map(([name, value]) => ({ name, value: String(value) }))]
}

/** As lines for a person: place, what was read, and each cell. */
export function sourceText(source: SourceLines): string[] {
  const { file, member, sheet, batch, importer, importedAt, importedBy, lines } = source
  const place = `${file}${member === '' ? '' : `!${member}`}${sheet === '' ? '' : `#${sheet}`}`
  return [
    `${place}, import ${batch} by ${importer}, ${importedAt}, ${importedBy}`,
    ...lines.flatMap(({ line, isAsked, fact, isLive, cells, problem }) => [
      `${isAsked ? '>' : ' '} line ${line}: ${fact}${isLive || fact === 'quarantine' ? '' : ', not counted any more'}`,
      ...(problem === null ? [] : [`      ${problem.code}: ${problem.message} ${problem.hint}`.trimEnd()]),
      ...cells.map(({ name, value }) => `      ${name}: ${value}`),
    ]),
  ]
}
