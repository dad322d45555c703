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
import { resultQuestions } from './result-checks.ts'

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

/** One thing that was asked of a run; null where it was not, because what it stands on is not proved. */
export type AskedCheck = { readonly name: string; readonly question: string; readonly isPassed: boolean | null }

export type CheckedRun = ProvedRun & {
  readonly checks: ReadonlyArray<AskedCheck>
  /** The first ones. */
  readonly failures: ReadonlyArray<CheckFailure>
}

export type CheckReport = {
  /** Every run that was looked at, in order of period and id. */
  readonly runs: ReadonlyArray<CheckedRun>
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
  const checked: CheckedRun[] = []
  for (const run of runs) {
    if (options.period && run.period !== options.period.name) continue
    stopIfCancelled(options.signal)
    const { inputs, results } = await proveRun(workspace, run, options)
    const { id, period, state } = run
    checked.push({
      ...{ run: id, period, state, documents: inputsOf(run).documents.length, checks: askedChecks(inputs, results) },
      failures: [...inputs.configuration, ...inputs.facts, ...(results ?? [])].slice(0, FAILURES_MAX),
    })
  }
  return {
    runs: checked,
    proved: checked
      .filter(({ failures }) => failures.length === 0)
      .map(({ run, period, state, documents }) => ({ run, period, state, documents })),
    failures: checked.flatMap(({ run, failures }) => failures.map((failure) => ({ ...failure, run }))),
    audit: await proveAudit(workspace, await recordedAuditHeads(workspace)),
  }
}

type InputFailures = {
  readonly configuration: ReadonlyArray<CheckFailure>
  readonly facts: ReadonlyArray<CheckFailure>
}
/** `results` is null where they were not computed again. */
type RunFailures = { readonly inputs: InputFailures; readonly results: ReadonlyArray<CheckFailure> | null }

function askedChecks({ configuration, facts }: InputFailures, results: RunFailures['results']): AskedCheck[] {
  const questions = resultQuestions()
  const known = new Set(questions.map(({ question }) => question))
  const isPassed = (passes: (failure: CheckFailure) => boolean) => (results === null ? null : results.every(passes))
  return [
    {
      name: 'configuration',
      question: 'Which version of configuration is not what the run read?',
      isPassed: configuration.length === 0,
    },
    { name: 'facts', question: 'Which source row is not what the run read?', isPassed: facts.length === 0 },
    {
      name: 'results',
      question: 'Which stored result is not what the same inputs give again?',
      isPassed: isPassed(({ what }) => known.has(what)),
    },
    ...questions.map(({ name, question }) => ({
      ...{ name, question, isPassed: isPassed(({ what }) => what !== question) },
    })),
  ]
}

/** Results are computed again only from inputs that are proved: from changed ones every row would differ. */
async function proveRun(workspace: Workspace, run: RunTable, options: CheckOptions): Promise<RunFailures> {
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
  const found = { configuration: failures, facts: await proveFacts(workspace, inputs) }
  if (failures.length + found.facts.length > 0) return { inputs: found, results: null }
  const period = parsePeriod(run.period)
  invariant(period, 'a run has a period', { run: run.id, period: run.period })
  const { onProgress, signal } = options
  const rating = await loadRatingInputs(workspace, inputs.rating, run.id)
  const results = await workspace.warehouse.withScratch((scratch) =>
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
  return { inputs: found, results }
}
