// Removes what jobs were given and what they made, once it is old, and uploads that never became a job; later the jobs too.
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Workspace } from '@spillway/engine'
import { sweepDrafts } from './draft-row.ts'
import { resultFolderOf, uploadFolderOf } from './job-row.ts'

const DAY_MS = 86_400_000

export type JobAges = {
  /** For how long the files of a job are kept. */
  readonly days: number
  /** For how long a job that ended is listed; never for less than its files are kept. */
  readonly jobDays: number
}

export async function sweepJobFiles(
  workspace: Workspace,
  { days, jobDays, arriving }: JobAges & { readonly arriving: ReadonlySet<string> },
): Promise<void> {
  const { directory, catalog, tenant, actor } = workspace
  const before = (age: number) => new Date(actor.now().getTime() - age * DAY_MS).toISOString()
  await catalog
    .deleteFrom('job')
    .where('tenant', '=', tenant)
    .where('ended_at', 'is not', null)
    .where('ended_at', '<', before(Math.max(days, jobDays)))
    .execute()
  const rows = await catalog
    .selectFrom('job')
    .select('id')
    .where('tenant', '=', tenant)
    .where((where) => where.or([where('ended_at', 'is', null), where('ended_at', '>', before(days))]))
    .execute()
  const kept = new Set([...rows.map(({ id }) => id), ...(await sweepDrafts(workspace))])
  for (const folderOf of [uploadFolderOf, resultFolderOf])
    for (const id of await namesIn(folderOf(directory, '')))
      if (!kept.has(id) && !arriving.has(id))
        await rm(join(folderOf(directory, ''), id), { recursive: true, force: true })
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
}
