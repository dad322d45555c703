// What a run read, as the scope of a computation: its documents and its versions of configuration, never the live ones.
import { invariant, parsePeriod } from '@spillway/core'
import { pinnedConfiguration } from '../catalog/pinned-configuration.ts'
import { inputsOf } from '../catalog/run-record.ts'
import type { RunTable } from '../catalog/tables.ts'
import type { CloseProgress, PeriodScope } from '../stages/allocate/period-scope.ts'
import { loadRatingInputs } from '../stages/rate/rating-inputs.ts'
import type { Workspace } from '../workspace/workspace.ts'

export type ScopeOptions = {
  readonly onProgress?: ((progress: CloseProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

type PinnedOf = ScopeOptions & {
  readonly run: RunTable
  readonly scratch: string
}

/** Works on a warehouse that is open to read only. @throws Bug where a pinned version is not there. */
export async function pinnedScope(
  workspace: Workspace,
  { run, scratch, onProgress, signal }: PinnedOf,
): Promise<PeriodScope> {
  const inputs = inputsOf(run)
  const configuration = await pinnedConfiguration(workspace, run)
  const rating = await loadRatingInputs(workspace, inputs.rating, run.id)
  const period = parsePeriod(run.period)
  invariant(period, 'a run has a period', { run: run.id, period: run.period })
  return {
    warehouse: workspace.warehouse,
    tenant: workspace.tenant,
    period,
    documents: inputs.documents.map(({ doc }) => doc),
    configuration,
    rating,
    places: workspace.sums?.places,
    scratch,
    onProgress,
    signal,
  }
}
