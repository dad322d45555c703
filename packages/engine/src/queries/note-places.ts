// Notes where the facts of a month stand, so that whoever asks about one service, pool or account of it reads a few rows and not a
// column of all (see warehouse/fact-places.ts).
import type { Period } from '@spillway/core'
import { inputsOf } from '../catalog/run-record.ts'
import type { PlacedBy } from '../warehouse/fact-places.ts'
import { liveDocuments } from '../warehouse/live-documents.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { wholeWorkspaceOf } from '../workspace/scopes.ts'
import { currentRun } from './current-run.ts'
import { documentsOfLines } from './lines/run-lines.ts'

const ASKED: ReadonlyArray<PlacedBy & { readonly isOfSold?: boolean }> = [
  { table: 'service', column: 'service' },
  { table: 'service', column: 'account', isOfSold: true },
  { table: 'usage', column: 'service' },
  { table: 'charge', column: 'service' },
  { table: 'charge', column: 'pool' },
  { table: 'pool_member', column: 'service' },
  { table: 'pool_member', column: 'pool' },
]

/**
 * Each is a step that reads a column of a table, a million rows in a quarter of a second; what was noted before takes none. Where
 * sums are not kept, places are not either. @throws Refusal `period-not-closed`.
 */
export function placesOfMonth(period: Period): ReadonlyArray<(workspace: ScopedWorkspace) => Promise<void>> {
  return ASKED.map(({ isOfSold = false, ...by }) => async (workspace) => {
    const { sums } = workspace
    if (!sums) return
    const run = await currentRun(workspace, period)
    const { documents, rating } = inputsOf(run)
    if (isOfSold && rating === undefined) return
    // Charges of other months are not asked for.
    const ids = by.table === 'charge' ? documentsOfLines(workspace, run) : documents.map(({ doc }) => doc)
    await sums.places.note(wholeWorkspaceOf(workspace).warehouse, by, ids)
  })
}

/** Lets go of the places of documents that count no more. */
export async function keepLivePlaces(workspace: ScopedWorkspace): Promise<void> {
  const live = await liveDocuments(wholeWorkspaceOf(workspace))
  workspace.sums?.places.keepOnly(new Set(live.map(({ doc }) => doc)))
}
