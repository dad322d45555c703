// Reads a damaged file as an import does and says what is wrong with what came of it, in sentences; none is as it must be.
// A file is refused as a whole, or each of its rows is accepted or in quarantine under its place.
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import {
  type Importer,
  type IntakeFile,
  type ReadRow,
  Refusal,
  type TableRow,
  type UnreadableRow,
} from '@spillway/core'
import { fileIntake } from '../../src/index.ts'
import { ELEMENT_SEPARATOR } from '../../src/intake/x12/interchange-scanner.ts'
import { factsOf, isCharge, isRefused, isTotal, sum } from '../facts.ts'
import { faultsOfFact } from './judge-fact.ts'
import { minorsWritten } from './written-minor.ts'

export type Judgement = {
  readonly faults: ReadonlyArray<string>
  /** The refusal's kind where the file is refused. */
  readonly refused: string
  readonly importers: ReadonlyArray<string>
  readonly accepted: number
  readonly quarantined: number
  readonly silent: number
  readonly elapsedMs: number
}

type PartRead = {
  readonly importer: string
  readonly member: string
  readonly sheet: string
  readonly header: ReadonlyArray<string>
  readonly tableRows: ReadonlyArray<TableRow | UnreadableRow>
  readonly rows: ReadonlyArray<ReadRow>
}

const FAULTS_MAX = 5

/** As the generator of mapped bills names its source. */
const MAPPED_NAME = 'generated'

export async function judgeFile(
  path: string,
  {
    importers,
    isHostile,
    quiet,
  }: {
    readonly importers: ReadonlyArray<Importer>
    readonly isHostile: boolean
    /** Names of importers whose rows may say nothing. */
    readonly quiet: ReadonlySet<string>
  },
): Promise<Judgement> {
  const startedAt = performance.now()
  const first = await readWhole(path, importers)
  const elapsedMs = performance.now() - startedAt
  const empty = { importers: [], accepted: 0, quarantined: 0, silent: 0, elapsedMs }
  if (first instanceof Refusal) {
    const faults = first.message === '' || first.hint === '' ? [`it is refused without a word: ${first.message}`] : []
    return { ...empty, faults, refused: first.kind }
  }
  const faults = isHostile ? ['it is hostile or damaged beyond doubt, and was read'] : []
  for (const part of first) faults.push(...faultsOfPart(part, { fileName: basename(path), quiet }))
  const second = await readWhole(path, importers)
  if (second instanceof Refusal || digestOf(second) !== digestOf(first)) faults.push('read twice it is not the same')
  const rows = first.flatMap((part) => part.rows)
  return {
    ...empty,
    faults: faults.slice(0, FAULTS_MAX),
    refused: '',
    importers: [...new Set(first.map(({ importer }) => importer))],
    accepted: rows.filter((row) => row.facts.length > 0 && !isRefused(row)).length,
    quarantined: rows.filter(isRefused).length,
    silent: rows.filter((row) => row.facts.length === 0 && !isRefused(row)).length,
  }
}

/** What the file is refused for, wherever in it that shows; every other error is thrown on. */
async function readWhole(path: string, importers: ReadonlyArray<Importer>): Promise<ReadonlyArray<PartRead> | Refusal> {
  let file: IntakeFile | undefined
  try {
    file = await fileIntake(importers).open(path, { source: '' })
    const parts: PartRead[] = []
    for (const { importer, member, sheet, openTable } of file.parts) {
      const tableRows: Array<TableRow | UnreadableRow> = []
      const table = await openTable()
      for await (const batch of table.rows) tableRows.push(...batch)
      const rows: ReadRow[] = []
      const context = { fileName: file.fileName, member, source: '' }
      for await (const batch of importer.read(await openTable(), context)) rows.push(...batch)
      parts.push({ importer: importer.name, member, sheet, header: table.header, tableRows, rows })
    }
    return parts
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  } finally {
    await file?.close()
  }
}

function faultsOfPart(
  part: PartRead,
  { fileName, quiet }: { readonly fileName: string; readonly quiet: ReadonlySet<string> },
): ReadonlyArray<string> {
  const faults: string[] = []
  const { rows, tableRows } = part
  const lines = tableRows.map(({ line }) => line)
  if (lines.some((line, at) => !Number.isSafeInteger(line) || line < 1 || line <= (lines[at - 1] ?? 0)))
    faults.push(`the lines do not go up: ${lines.slice(0, 20)}`)
  if (rows.length !== lines.length || rows.some(({ line }, at) => line !== lines[at]))
    faults.push(`${lines.length} rows stand in the table, and ${rows.length} came, or under other lines`)
  const place = { file: fileName, member: part.member, sheet: part.sheet, isQuiet: quiet.has(part.importer) }
  for (const [at, row] of rows.entries()) {
    const faultsOfThis = [...faultsOfRow(row, { part, place }), ...faultsOfAmounts(row, tableRows[at], part)]
    faults.push(...faultsOfThis.map((fault) => `line ${row.line}: ${fault}`))
  }
  return [...faults, ...faultsOfTotals(part)]
}

type Place = { readonly file: string; readonly member: string; readonly sheet: string; readonly isQuiet: boolean }

function faultsOfRow(row: ReadRow, { part, place }: { readonly part: PartRead; readonly place: Place }): string[] {
  const faults: string[] = []
  const { facts, problems, raw } = row
  if (raw === '') faults.push('nothing is kept of what stood there')
  for (const { code, message, source, severity } of problems) {
    const { file, member = '', sheet = '', line = 0 } = { file: '', ...source }
    // A warning may point at an earlier row that it is about.
    const isItsLine = line === row.line || (severity !== 'error' && line > 0 && line < row.line)
    if (file !== place.file || member !== place.member || sheet !== place.sheet || !isItsLine)
      faults.push(`${code} has another place: ${JSON.stringify(source)}`)
    if (message === '') faults.push(`${code} says nothing`)
  }
  if (facts.length === 0 && problems.length === 0 && !place.isQuiet && !isOfNothing(row, part))
    faults.push(`it is neither accepted nor in quarantine: ${raw.slice(0, 80)}`)
  if (!isRefused(row)) for (const { fact } of facts) faults.push(...faultsOfFact(fact))
  return faults
}

/** A mapping passes over what it is told to; a row that comes to nought charges nothing. */
function isOfNothing({ line }: ReadRow, { importer, header, tableRows }: PartRead): boolean {
  if (importer === MAPPED_NAME) return true
  const row = tableRows.find((row) => row.line === line)
  const cell = row && 'cells' in row ? cellUnder(SUMMED[importer] ?? [], row.cells, header) : undefined
  return cell !== undefined && minorsWritten(cell).has(0n)
}

/** Of a refused row too, where it says what it comes to: that may be the sum of several columns. */
function faultsOfAmounts(row: ReadRow, tableRow: TableRow | UnreadableRow | undefined, part: PartRead): string[] {
  if (!tableRow || !('cells' in tableRow)) return []
  const { cells, raw } = tableRow
  const amounts = amountsOf(row, part.importer).filter((minor) => minor !== 0n)
  const written = amounts.length === 0 ? new Set<bigint>() : writtenIn(cells, part)
  const sums = isRefused(row) && amounts.some((minor) => !written.has(minor)) ? sumsOf(cells) : []
  const faults = sums === null ? [] : amounts.filter((minor) => !written.has(minor) && !sums.includes(minor))
  const title = CHARGED[part.importer]
  const charged = sum(amounts)
  const cell = title === undefined ? undefined : cellUnder([title], cells, part.header)
  const isLost = cell !== undefined && !isRefused(row) && charged !== 0n && !minorsWritten(cell).has(charged)
  return [
    ...faults.map((minor) => `${minor} is written nowhere: ${raw.slice(0, 300)}`),
    ...(isLost ? [`its charges come to ${charged} where ${cell} is written`] : []),
  ]
}

/** The column whose amount an accepted row's charges or totals come to. */
const CHARGED: Readonly<Record<string, string>> = {
  charges: 'amount',
  invoices: 'total',
  'verizon-detail': 'cost',
  'verizon-account-summary': 'totalcurrentcharges',
  'conferencing-calls': 'charge',
}
/** Of formats whose totals are the sum of what the rows of the file say that they come to. */
const SUMMED: Readonly<Record<string, ReadonlyArray<string>>> = {
  'att-premier-charges': ['totalcurrentcharges'],
  'microsoft-365-invoice': ['total', 'totalforcustomer'],
}

function amountsOf(row: ReadRow, importer: string): ReadonlyArray<bigint> {
  if (isRefused(row)) return row.amount === undefined ? [] : [row.amount.minor]
  const facts = factsOf([row])
  const totals = importer in SUMMED || importer === 'verizon-wireless-summary' ? [] : facts.filter(isTotal)
  return [
    ...facts.filter(isCharge).map(({ amountMinor }) => amountMinor),
    ...totals.map(({ totalMinor }) => totalMinor),
  ]
}

/** Segments of an interchange hang together: there any amount of the file will do. */
function writtenIn(cells: ReadonlyArray<string>, part: PartRead): Set<bigint> {
  const isInterchange = part.importer === 'x12-811'
  const written = new Set((isInterchange ? elementsOf(part) : cells).flatMap((cell) => [...minorsWritten(cell)]))
  if (isInterchange) for (const product of productsOf(cells)) written.add(product)
  return written
}

/** Every sum of amounts of two decimals in a row; null where it holds too many for that. */
function sumsOf(cells: ReadonlyArray<string>): ReadonlyArray<bigint> | null {
  const amounts = cells.map((cell) => [...minorsWritten(cell)]).filter((minors) => minors.length > 0)
  if (amounts.length > 6) return null
  let sums = [0n]
  for (const minors of amounts) sums = sums.flatMap((sum) => [sum, ...minors.map((minor) => sum + minor)])
  return sums
}

/** The cell of the only column that has one of these titles. */
function cellUnder(
  titles: ReadonlyArray<string>,
  cells: ReadonlyArray<string>,
  header: ReadonlyArray<string>,
): string | undefined {
  const plain = header.map((title) => title.toLowerCase().replace(/[^a-z0-9]/g, ''))
  const places = plain.flatMap((title, at) => (titles.includes(title) ? [at] : []))
  return places.length === 1 ? cells[places[0] as number] : undefined
}

/** A segment may say a quantity and the price of one. */
function productsOf([, elements = '']: ReadonlyArray<string>): ReadonlyArray<bigint> {
  const [, quantity = '', , price = ''] = elements.split(ELEMENT_SEPARATOR)
  const counts = /^-?\d{1,15}$/.test(quantity) ? [BigInt(quantity)] : []
  return counts.flatMap((count) => [...minorsWritten(price)].map((minor) => minor * count))
}

/** Between elements, and between the components of one. */
const PARTS = new RegExp(`[${ELEMENT_SEPARATOR}\\u001f:><\\\\]`)

const elementsByPart = new WeakMap<PartRead, ReadonlyArray<string>>()
function elementsOf(part: PartRead): ReadonlyArray<string> {
  const known = elementsByPart.get(part)
  if (known) return known
  const elements = part.tableRows.flatMap((row) => ('cells' in row ? (row.cells[1] ?? '').split(PARTS) : []))
  elementsByPart.set(part, elements)
  return elements
}

/** Where every row is accepted, the totals of all invoices come to what the rows say. */
function faultsOfTotals({ importer, header, rows, tableRows }: PartRead): string[] {
  const titles = SUMMED[importer]
  if (titles === undefined || rows.some(isRefused)) return []
  const totals = factsOf(rows).filter(isTotal)
  const said = sum(totals.filter(({ service }) => service === null).map(({ totalMinor }) => totalMinor))
  const cells = tableRows.map((row) => ('cells' in row ? cellUnder(titles, row.cells, header) : undefined))
  const minors = cells.map((cell) => (cell === undefined ? null : plainMinor(cell)))
  if (totals.length === 0 || minors.includes(null)) return []
  const written = sum(minors.filter((minor) => minor !== null))
  return said === written ? [] : [`the invoices come to ${said}, their rows to ${written}`]
}

/** In two decimals; null where more than one reading may be right. */
function plainMinor(cell: string): bigint | null {
  const match = /^(-?)\$?(\d+)(?:\.(\d{1,2}))?$/.exec(cell.trim())
  if (!match) return null
  return BigInt(`${match[1]}${match[2]}${(match[3] ?? '').padEnd(2, '0')}`)
}

function digestOf(parts: ReadonlyArray<PartRead>): string {
  const hash = createHash('sha256')
  for (const { importer, rows } of parts)
    hash.update(JSON.stringify([importer, rows], (_, value) => (typeof value === 'bigint' ? `${value}n` : value)))
  return hash.digest('hex')
}
