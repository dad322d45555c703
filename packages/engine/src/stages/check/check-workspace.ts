// Proves stored figures again (architecture, rule 3): the facts a run read, its configuration, and its results computed
// once more from both. Changes nothing; what it cannot prove it names.
import { createHash } from 'node:crypto'
import { invariant, type Period, parsePeriod } from '@spillway/core'
import { type AuditProof, proveAudit } from '../../catalog/audit.ts'
import { recordedAuditHeads } from '../../catalog/audit-heads.ts'
import { type ConfigurationDocument, loadConfigurationVersions } from '../../catalog/configuration.ts'
import { inputsOf } from '../../catalog/run-record.ts'
import type { RunTable } from '../../catalog/tables.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { type CloseProgress, stopIfCancelled } from '../allocate/period-scope.ts'
import { loadRatingInputs } from '../rate/rating-inputs.ts'
import { type CheckFailure, FAILURES_MAX } from './check-failure.ts'
import { proveFacts } from './prove-facts.ts'
import { proveResults } from './prove-results.ts'

export type { CheckFailure } from './check-failure.ts'

export type CheckOptions = {
  /** All periods where it is left out. */
  readonly period?: Period | undefined
  readonly onProgress?: ((progress: CloseProgress & { readonly run: string }) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export type ProvedRun = {
  readonly run: string
  readonly period: string
  readonly state: RunTable['state']
  readonly documents: number
}

export type CheckReport = {
  /** Runs of which nothing failed. */
  readonly proved: ReadonlyArray<ProvedRun>
  readonly failures: ReadonlyArray<CheckFailure & { readonly run: string }>
  /** The chain of the audit log, beside the heads that publications recorded. */
  readonly audit: AuditProof
}

/** Every run that is closed, published or reopened. @throws Refusal `cancelled`. */
export async function checkWorkspace(workspace: Workspace, options: CheckOptions = {}): Promise<CheckReport> {
  const { catalog, tenant } = workspace
  const runs = await catalog
    .selectFrom('run')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('state', 'in', ['closed', 'published', 'reopened'])
    .orderBy('period')
    .orderBy('id')
    .execute()
  const proved: ProvedRun[] = []
  const failures: (CheckFailure & { run: string })[] = []
  for (const run of runs) {
    if (options.period && run.period !== options.period.name) continue
    stopIfCancelled(options.signal)
    const found = await proveRun(workspace, run, options)
    failures.push(...found.slice(0, FAILURES_MAX).map((failure) => ({ ...failure, run: run.id })))
    const documents = inputsOf(run).documents.length
    if (found.length === 0) proved.push({ run: run.id, period: run.period, state: run.state, documents })
  }
  return { proved, failures, audit: await proveAudit(workspace, await recordedAuditHeads(workspace)) }
}

/** Results are computed again only from inputs that are proved: from changed ones every row would differ. */
async function proveRun(workspace: Workspace, run: RunTable, options: CheckOptions): Promise<CheckFailure[]> {
  const inputs = inputsOf(run)
  const configuration: ConfigurationDocument[] = []
  const failures: CheckFailure[] = []
  const kept = await loadConfigurationVersions(workspace, inputs.configuration)
  for (const [at, { kind, name, version, digest }] of inputs.configuration.entries()) {
    const document = kept[at]
    const found = document ? createHash('sha256').update(JSON.stringify(document.body)).digest('hex') : 'no document'
    if (document && found === digest) configuration.push(document)
    else
      failures.push({
        what: 'a version of configuration',
        row: `catalog.configuration ${kind}/${name} version ${version}`,
        expected: digest,
        found,
      })
  }
  failures.push(...(await proveFacts(workspace, inputs)))
  if (failures.length > 0) return failures
  const period = parsePeriod(run.period)
  invariant(period, 'a run has a period', { run: run.id, period: run.period })
  const { onProgress, signal } = options
  const rating = await loadRatingInputs(workspace, inputs.rating, run.id)
  return workspace.warehouse.withScratch((scratch) =>
    proveResults(
      {
        ...workspace,
        period,
        documents: inputs.documents.map(({ doc }) => doc),
        configuration,
        rating,
        scratch,
        onProgress: onProgress && ((progress) => onProgress({ ...progress, run: run.id })),
        signal,
      },
      run,
    ),
  )
}
