// Closes a period: computes its allocation and roll-up from what is live, stores them as one run and names it in the
// catalog. Until the catalog names it, nothing of it counts; an interrupted close leaves only rows that are swept.

import { CATALOGUE_KINDS, invariant, type Period, type Problem, Refusal } from '@spillway/core'
import { appendAudit } from '../catalog/audit.ts'
import { loadConfiguration } from '../catalog/configuration.ts'
import { outputsOf, type RunInputs, type RunOutputs } from '../catalog/run-record.ts'
import { liveDocuments } from '../warehouse/live-documents.ts'
import type { ResultTable } from '../warehouse/result-tables.ts'
import { deleteRun, giveRunNumber } from '../warehouse/run-numbers.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { beside, type CloseProgress, type PeriodScope, step, storeRows } from './allocate/period-scope.ts'
import { announceClose, awaitedLimitAlerts, type ClosedRun } from './announce-run.ts'
import { failedChecks } from './check/result-checks.ts'
import { computePeriod } from './compute-period.ts'
import { loadRatingInputs, pinRating } from './rate/rating-inputs.ts'
import { digestRating, failedRatingChecks, writeRating } from './rate/stored-rating.ts'
import { digestOutputs, digestTables, haveSameRows, isOfTexts, RESULT_TABLE_NAMES } from './result-digests.ts'
import { type RunRows, rowsByNumber } from './run-rows.ts'

export type { CloseProgress, CloseStage } from './allocate/period-scope.ts'

/** The kinds of configuration that decide the results of a period, and the journal that is made of them. */
export const CLOSING_KINDS: ReadonlySet<string> = new Set([
  'AllocationPolicy',
  'Journal',
  'Pool',
  'SubAccount',
  ...CATALOGUE_KINDS,
])

export type CloseOptions = {
  readonly period: Period
  readonly onProgress?: ((progress: CloseProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export type CloseReport = {
  readonly run: string
  readonly period: string
  /** Per currency, minor units; actual equals adjusted. */
  readonly totals: ReadonlyArray<{
    readonly currency: string
    readonly actualMinor: bigint
    readonly adjustedMinor: bigint
  }>
  /** Pools with redistributed charges. */
  readonly pools: number
  readonly problems: ReadonlyArray<Problem>
  /** How many of each code, in order of code. */
  readonly problemCounts: ReadonlyArray<{ readonly code: Problem['code']; readonly count: number }>
  /** Whether the results are those of the close before. */
  readonly unchanged: boolean
}

/**
 * Closes a period again; the unpublished run before it is replaced.
 *
 * @throws Refusal `period-published` (reopen it first), `bad-configuration`, `cancelled`.
 */
export async function closePeriod(workspace: Workspace, options: CloseOptions): Promise<CloseReport> {
  const { catalog, tenant, actor } = workspace
  const { period, signal } = options
  await refusePublished(workspace, period)
  const documents = await liveDocuments(workspace)
  const configuration = (await loadConfiguration(workspace)).filter(({ kind }) => CLOSING_KINDS.has(kind))
  const inputs: RunInputs = {
    documents: documents.map(({ doc, digest }) => ({ doc, digest })),
    configuration: configuration.map(({ kind, name, version, digest }) => ({ kind, name, version, digest })),
    ...(await pinRating(workspace, { period: period.name, configuration, documents: documents.map(({ doc }) => doc) })),
  }
  const rating = await loadRatingInputs(workspace, inputs.rating)
  const run = await nameRun(workspace, period)
  await catalog
    .insertInto('run')
    .values({
      tenant,
      id: run,
      period: period.name,
      state: 'writing',
      code_version: actor.codeVersion,
      inputs: JSON.stringify(inputs),
      outputs: '',
      closed_at: actor.now().toISOString(),
      closed_by: actor.who,
      published_at: null,
      published_by: null,
      reopened_at: null,
      reopened_by: null,
      reopen_reason: null,
    })
    .execute()
  const stop = () => workspace.warehouse.interrupt()
  signal?.addEventListener('abort', stop)
  try {
    const written = await workspace.warehouse.withScratch((scratch) => {
      const docs = inputs.documents.map(({ doc }) => doc)
      return writeResults({ ...workspace, ...options, documents: docs, configuration, rating, scratch }, run)
    })
    const alertsOf = { run: { id: run, inputs: JSON.stringify(inputs) }, period }
    const unchanged = await nameResults(workspace, {
      ...{ run, period, outputs: written.outputs, isRated: rating !== undefined },
      ofLimits: await awaitedLimitAlerts(workspace, alertsOf),
    })
    return toReport({ run, period, unchanged, ...written })
  } catch (error) {
    await forget(workspace, run)
    if (signal?.aborted) throw new Refusal('cancelled', 'The close was cancelled; nothing was changed.')
    throw error
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

async function refusePublished({ catalog, tenant }: Workspace, period: Period): Promise<void> {
  const published = await catalog
    .selectFrom('run')
    .select('id')
    .where('tenant', '=', tenant)
    .where('period', '=', period.name)
    .where('state', '=', 'published')
    .executeTakeFirst()
  if (!published) return
  throw new Refusal('period-published', `${period.name} is published.`, {
    hint: `Reopen it first: \`spillway reopen ${period.name} --reason TEXT\`.`,
    facts: { period: period.name, run: published.id },
  })
}

/** `2026-10.3` is the third run of the period. */
async function nameRun({ catalog, tenant }: Workspace, period: Period): Promise<string> {
  const runs = await catalog
    .selectFrom('run')
    .select('id')
    .where('tenant', '=', tenant)
    .where('period', '=', period.name)
    .execute()
  const last = runs.reduce((highest, { id }) => Math.max(highest, Number(id.slice(period.name.length + 1))), 0)
  return `${period.name}.${last + 1}`
}

type Written = { readonly problems: ReadonlyArray<Problem>; readonly outputs: RunOutputs; readonly pools: number }

/** The rows that are stored as they are computed; the others are few. */
const STORED_BEFORE: ReadonlySet<ResultTable> = new Set(['allocation_row', 'carried_row', 'run_service', 'used_row'])
/** Those of them that are whole before anything is divided. */
const DIGESTED_BEFORE: ReadonlyArray<ResultTable> = ['run_service', 'used_row']
const STORED_LAST = RESULT_TABLE_NAMES.filter((table) => !STORED_BEFORE.has(table))

async function writeResults(opened: PeriodScope, run: string): Promise<Written> {
  const { warehouse, tenant } = opened
  const numbered = await giveRunNumber(warehouse, { tenant, run })
  const scope = { ...opened, run: numbered }
  const rowsOf = rowsByNumber(tenant, numbered)
  // The results of a period are replaced as often as it is closed: compressing their texts by the slowest of the methods
  // takes as long as all of the computation. Until the last commit is over, because it may write what is left.
  await warehouse.run("SET disabled_compression_methods = 'fsst'")
  try {
    let tables: RunOutputs['tables'] = []
    let rated: ToldBefore['rated'] = []
    const problems = await computePeriod(scope, {
      afterServices: async (second) => {
        tables = await digestTables(second.warehouse, DIGESTED_BEFORE, rowsOf)
      },
      onRated: (told) => {
        rated = told
      },
    })
    await checkBeforeNames(scope, rowsOf)
    step(scope, { stage: 'write', done: 0, total: 1 })
    await warehouse.transaction(async () => {
      for (const table of STORED_LAST) await storeRows(scope, table)
      if (scope.rating) await writeRating(scope, run)
    })
    step(scope, { stage: 'check', done: 0, total: 1 })
    const [, outputs] = await beside(
      scope,
      (first) => checkWritten(first, { run, rowsOf }),
      (second) => readOutputs(second, { run, rowsOf, told: { tables, rated } }),
    )
    const { pools } = await warehouse.row<{ pools: bigint }>(
      `SELECT count(DISTINCT pool) AS pools FROM ${scope.scratch}.run_part`,
    )
    step(scope, { stage: 'check', done: 1, total: 1 })
    return { problems, outputs, pools: Number(pools) }
  } finally {
    await warehouse.run('RESET disabled_compression_methods')
  }
}

type Stored = { readonly run: string; readonly rowsOf: RunRows }
/** The digests of tables that were whole before all was. */
type ToldBefore = { readonly tables: RunOutputs['tables']; readonly rated: NonNullable<RunOutputs['rated']> }

async function checkWritten(scope: PeriodScope, { run, rowsOf }: Stored): Promise<void> {
  const [failing] = await failedChecks(scope, { run, rowsMax: 3, rowsOf })
  invariant(!failing, `the check ${failing?.name} holds after the write`, { ...failing })
  if (!scope.rating) return
  const [failed] = await failedRatingChecks(scope, run, { rowsOf })
  invariant(!failed, 'what was rated holds after the write', { ...failed })
}

async function readOutputs(
  { warehouse, tenant, rating }: PeriodScope,
  { run, rowsOf, told }: Stored & { readonly told: ToldBefore },
): Promise<RunOutputs> {
  const rated = rating ? { rated: await digestRating(warehouse, rowsOf, told.rated) } : {}
  return { ...(await digestOutputs(warehouse, { tenant, run }, { rowsOf, told: told.tables })), ...rated }
}

/** Both views sum to the charges of the period, per currency. */
async function checkBeforeNames({ warehouse, scratch }: PeriodScope, rowsOf: RunRows): Promise<void> {
  type Sums = { readonly currency: string; readonly actual_minor: bigint; readonly adjusted_minor: bigint }
  const text = (rows: ReadonlyArray<Sums>) =>
    rows.map((row) => `${row.currency} ${row.actual_minor} ${row.adjusted_minor}`).join(', ')
  const billed = await warehouse.rows<Sums>(
    `SELECT k.currency, sum(c.amount_minor) AS actual_minor, sum(c.amount_minor) AS adjusted_minor
     FROM ${scratch}.charge_row AS c JOIN ${scratch}.charge_kind AS k USING (kind_no) GROUP BY k.currency ORDER BY k.currency`,
  )
  const carried = await warehouse.rows<Sums>(
    `SELECT k.currency, sum(c.actual_minor) AS actual_minor, sum(c.adjusted_minor) AS adjusted_minor
     FROM (SELECT sort_no, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor
       FROM ${rowsOf('carried_row')} GROUP BY sort_no) AS c
     JOIN ${scratch}.run_charge_kind AS k USING (sort_no) GROUP BY k.currency ORDER BY k.currency`,
  )
  invariant(text(carried) === text(billed), 'what is carried is what was billed', {
    billed: text(billed),
    carried: text(carried),
  })
}

type Named = Pick<ClosedRun, 'run' | 'outputs' | 'isRated' | 'ofLimits'> & { readonly period: Period }

/** One catalog transaction: from here on the run counts. Returns whether its results are those of the run before. */
async function nameResults(
  { catalog, warehouse, tenant, actor }: Workspace,
  { run, period, outputs, isRated, ofLimits }: Named,
): Promise<boolean> {
  return catalog.transaction().execute(async (transaction) => {
    const before = await transaction
      .selectFrom('run')
      .select(['id', 'outputs'])
      .where('tenant', '=', tenant)
      .where('period', '=', period.name)
      .where('state', '=', 'closed')
      .executeTakeFirst()
    const at = actor.now().toISOString()
    if (before)
      await transaction
        .updateTable('run')
        .set({ state: 'replaced' })
        .where('tenant', '=', tenant)
        .where('id', '=', before.id)
        .execute()
    await transaction
      .updateTable('run')
      .set({ state: 'closed', outputs: JSON.stringify(outputs), closed_at: at })
      .where('tenant', '=', tenant)
      .where('id', '=', run)
      .execute()
    const details = { run, replaced: before?.id ?? null }
    await appendAudit(transaction, { tenant, at, who: actor.who, action: 'close', subject: period.name, details })
    const told = { run, period: period.name, at, outputs, isRated, ofLimits }
    await announceClose(transaction, { warehouse, tenant }, told)
    if (before === undefined) return false
    const earlier = outputsOf(before)
    if (isOfTexts(earlier)) return haveSameRows(warehouse, { tenant, runs: [before.id, run] })
    return JSON.stringify(earlier) === JSON.stringify(outputs)
  })
}

/** The rows first, so that no record is without its rows for longer than it takes to delete it. */
async function forget({ catalog, warehouse, tenant }: Workspace, run: string): Promise<void> {
  await deleteRun(warehouse, { tenant, run })
  await catalog
    .deleteFrom('run')
    .where('tenant', '=', tenant)
    .where('id', '=', run)
    .where('state', '=', 'writing')
    .execute()
}

function toReport({
  run,
  period,
  unchanged,
  problems,
  outputs,
  pools,
}: Written & { readonly run: string; readonly period: Period; readonly unchanged: boolean }): CloseReport {
  const counts = new Map<Problem['code'], number>()
  for (const { code } of problems) counts.set(code, (counts.get(code) ?? 0) + 1)
  return {
    run,
    period: period.name,
    totals: outputs.totals.map(({ currency, actual_minor, adjusted_minor }) => ({
      currency,
      actualMinor: BigInt(actual_minor),
      adjustedMinor: BigInt(adjusted_minor),
    })),
    pools,
    problems,
    problemCounts: [...counts].map(([code, count]) => ({ code, count })),
    unchanged,
  }
}
