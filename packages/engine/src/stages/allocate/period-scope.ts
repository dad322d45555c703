// What a computation of one period works on: the documents and configuration that were pinned, and a scratch database
// for the tables between its steps. Reads no live flag and no clock, so that the same scope gives the same results.

import { type AllocationPolicy, type Period, Refusal } from '@spillway/core'
import type { ConfigurationDocument } from '../../catalog/configuration.ts'
import type { FactPlaces } from '../../warehouse/fact-places.ts'
import { liveDocumentsCte, runsOf } from '../../warehouse/live-documents.ts'
import { isNumbered, type ResultTable, storedTable } from '../../warehouse/result-tables.ts'
import type { NumberedRun } from '../../warehouse/run-numbers.ts'
import { literal } from '../../warehouse/sql-literal.ts'
import type { Warehouse } from '../../warehouse/warehouse.ts'
import { computedColumns } from '../computed-columns.ts'
import type { RatingInputs } from '../rate/rating-inputs.ts'

export type CloseStage = 'rate' | 'read' | 'place' | 'usage' | 'allocate' | 'roll-up' | 'compare' | 'write' | 'check'
/** `done` and `total` count pools in `allocate` and steps elsewhere. */
export type CloseProgress = { readonly stage: CloseStage; readonly done: number; readonly total: number }

export type PeriodScope = {
  readonly warehouse: Warehouse
  readonly tenant: string
  readonly period: Period
  readonly documents: ReadonlyArray<number>
  readonly configuration: ReadonlyArray<ConfigurationDocument>
  /** Policies that nobody saved, for `simulate`: on the days of theirs they take their pools from whatever claims them. */
  readonly simulated?: ReadonlyArray<AllocationPolicy> | undefined
  /** Whose facts are enough, for those who ask about a few pools; {@link factsOf} names the tables. */
  readonly near?: Near | undefined
  /** Where rows of facts stand, where somebody keeps it; the rows that are read are the same. */
  readonly places?: FactPlaces | undefined
  /** A relation of the dates of the bills, where somebody has it (see bill-period.ts). */
  readonly billDates?: string | null | undefined
  /** Whose services alone are rated, for those who ask about a few; {@link soldFacts} names the tables. */
  readonly soldTo?: SoldFacts | undefined
  /** What rating stands on, where anything is sold. */
  readonly rating?: RatingInputs | undefined
  /** The run whose rows are stored as they are computed; without one, results stay in the scratch database. */
  readonly run?: NumberedRun | undefined
  /** Name of the scratch database; its tables are written as `${scratch}.name`. */
  readonly scratch: string
  readonly onProgress?: ((progress: CloseProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export type Near = {
  /** Every pool in which the service has a share must be among them. */
  readonly pools: ReadonlyArray<string>
  readonly service?: string | undefined
  /** Those with lines of the period's bills, where somebody knows them: of all that are pinned the others are of other months. */
  readonly billed?: ReadonlyArray<number> | undefined
}

/** Accounts with all that are rated together with them, and the tables of their services and usage (see sold-near.ts). */
export type SoldFacts = {
  readonly accounts: ReadonlySet<string>
  /** Of these accounts, a row each. */
  readonly account: string
  readonly service: string
  readonly usage: string
}

/** The table that rating reads facts of pinned documents from. */
export function soldFacts({ soldTo }: PeriodScope, table: 'service' | 'usage'): string {
  return soldTo === undefined ? table : soldTo[table]
}

/** The facts that are about one service each. */
export const SERVICE_FACTS = ['charge', 'usage', 'service', 'pool_member'] as const

/** The table to read facts from: all, or those near the pools that are asked about (see near-facts.ts). */
export function factsOf({ near, scratch }: PeriodScope, table: (typeof SERVICE_FACTS)[number]): string {
  return near === undefined ? table : `${scratch}.near_${table}`
}

/** Says where the work is, and stops it where it was cancelled. @throws Refusal `cancelled`. */
export function step(scope: PeriodScope, progress: CloseProgress): void {
  stopIfCancelled(scope.signal)
  scope.onProgress?.(progress)
}

/** So many steps of a part are told of one of the whole. */
const STEPS_OF_PART = 100

/** The scope of the part `at` of so many that a stage has: where that part is, is told as where the whole is. */
export function partOf(scope: PeriodScope, { at, of }: { readonly at: number; readonly of: number }): PeriodScope {
  const { onProgress } = scope
  if (onProgress === undefined) return scope
  const total = of * STEPS_OF_PART
  return {
    ...scope,
    onProgress: ({ stage, done, total: all }) =>
      onProgress({ stage, done: at * STEPS_OF_PART + Math.floor((done * STEPS_OF_PART) / Math.max(1, all)), total }),
  }
}

/** @throws Refusal `cancelled`. */
export function stopIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Refusal('cancelled', 'The close was cancelled; nothing was changed.')
}

/** Makes a scratch table from a query that binds `$tenant` alone, and says how many rows it has. */
export async function make(scope: PeriodScope, table: string, query: string): Promise<number> {
  stopIfCancelled(scope.signal)
  return scope.warehouse.count(
    `CREATE TABLE ${scope.scratch}.${table} AS ${query}`,
    query.includes('$tenant') ? { tenant: scope.tenant } : undefined,
  )
}

/** Makes a table of one column, `text`. */
export async function storeTexts(
  { warehouse, scratch }: PeriodScope,
  table: string,
  texts: Iterable<string>,
): Promise<void> {
  await warehouse.run(`CREATE TABLE ${scratch}.${table} (text VARCHAR)`)
  const writer = await warehouse.writer(table, ['text'], scratch)
  for (const text of texts) writer.append([text])
  writer.close()
}

/** Keeps the rows of a result: in the warehouse as rows of the run, so that they are written once; without a run in scratch. */
export async function store(scope: PeriodScope, table: ResultTable, query: string): Promise<void> {
  if (scope.run === undefined) {
    await make(scope, table, query)
    return
  }
  stopIfCancelled(scope.signal)
  await insert({ ...scope, run: scope.run }, table, `(${query})`)
}

/** Adds rows to a result that {@link store} began. */
export async function storeMore(scope: PeriodScope, table: ResultTable, query: string): Promise<void> {
  stopIfCancelled(scope.signal)
  const { warehouse, scratch, run } = scope
  const columns = computedColumns(table).join(', ')
  if (run !== undefined) await insert({ ...scope, run }, table, `(${query})`)
  else await warehouse.run(`INSERT INTO ${scratch}.${table} (${columns}) SELECT ${columns} FROM (${query})`)
}

/** Stores the rows of a scratch table as those of the run. */
export async function storeRows(scope: PeriodScope & { readonly run: NumberedRun }, table: ResultTable): Promise<void> {
  await insert(scope, table, `${scope.scratch}.${table}`)
}

async function insert(
  { warehouse, tenant, run: { run, runNo } }: PeriodScope & { readonly run: NumberedRun },
  table: ResultTable,
  rows: string,
): Promise<void> {
  const columns = computedColumns(table).join(', ')
  const [keys, values] = isNumbered(table)
    ? ['run_no', `${runNo}`]
    : ['tenant, run', `${literal(tenant)}, ${literal(run)}`]
  await warehouse.run(
    `INSERT INTO ${storedTable(table)} (${keys}, ${columns}) SELECT ${values}, ${columns} FROM ${rows}`,
  )
}

/** Does beside each other what does not depend on each other: the second on a connection of its own. */
export async function beside<A, B>(
  scope: PeriodScope,
  first: (scope: PeriodScope) => Promise<A>,
  second: (scope: PeriodScope) => Promise<B>,
): Promise<[A, B]> {
  const other = scope.warehouse.withConnection((warehouse) => second({ ...scope, warehouse }))
  const one = first(scope)
  // Both to their end, even where one fails: what they read must not be taken away under the other.
  await Promise.allSettled([one, other])
  return [await one, await other]
}

/** Makes `live_document`, where {@link pinned} asks for it. */
export async function storeDocuments(scope: PeriodScope): Promise<void> {
  if (runsOf(scope.documents).length > RUNS_MAX)
    await make(scope, 'live_document', `WITH ${liveDocumentsCte(scope.documents)} SELECT doc FROM live_document`)
}

/** With more runs of documents than this, rows are compared with a table of documents, not with the runs one by one. */
export const RUNS_MAX = 8

/** Condition on the fact rows of an alias, of {@link factsOf} or of any other fact: of this tenant and of a pinned document. */
export function pinned(scope: PeriodScope, alias: string): string {
  const runs = runsOf(scope.documents)
  const among = runs.map(([first, last]) => `${alias}.doc BETWEEN ${first} AND ${last}`).join(' OR ') || 'false'
  const ofDocuments = runs.length > RUNS_MAX ? `${alias}.doc IN (FROM ${scope.scratch}.live_document)` : `(${among})`
  return `${alias}.tenant = $tenant AND ${ofDocuments}`
}

/** Makes a scratch view: names laid over numbers, for those who ask about a few rows, or about each row once. */
export async function show(scope: PeriodScope, view: string, query: string): Promise<void> {
  await scope.warehouse.run(`CREATE VIEW ${scope.scratch}.${view} AS ${query}`)
}
