// Whether what a run rated can be published: nothing is without a price, and the runs that it stands on are those of now.

import { Refusal } from '@spillway/core'
import { inputsOf } from '../../catalog/run-record.ts'
import type { RunTable } from '../../catalog/tables.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { pinRating } from './rating-inputs.ts'

/** What changed of the months that the run took its buckets over from, or corrected. */
export async function ratingChanges(workspace: Workspace, run: RunTable): Promise<string[]> {
  const { configuration, documents, rating } = inputsOf(run)
  if (rating === undefined) return []
  const month = { period: run.period, configuration, documents: documents.map(({ doc }) => doc) }
  const { rating: now } = await pinRating(workspace, month)
  return JSON.stringify(now) === JSON.stringify(rating) ? [] : ['the months before']
}

/** @throws Refusal `unrated`: usage that nothing prices is on no bill. */
export async function refuseUnrated({ warehouse, tenant }: Workspace, run: RunTable): Promise<void> {
  // One row per problem of the run that keeps it from being published.
  const rows = await warehouse.rows<{ message: string }>(
    `SELECT message FROM run_problem WHERE tenant = $tenant AND run = $run AND code IN ('unrated', 'account-not-ours')
     ORDER BY ordinal`,
    { tenant, run: run.id },
  )
  const [first] = rows
  if (first === undefined) return
  const more = rows.length === 1 ? '' : ` There are ${rows.length - 1} more.`
  throw new Refusal('unrated', `${run.period} has usage that is on no bill. ${first.message}${more}`, {
    hint: `See \`spillway report problems --period ${run.period}\`, mend it, and close the period again.`,
    facts: { period: run.period, run: run.id, problems: rows.map(({ message }) => message) },
  })
}
