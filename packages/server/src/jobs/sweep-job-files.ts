// Removes what jobs were given and what they made, once it is old; and uploads that never became a job.
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Workspace } from '@spillway/engine'
import { resultFolderOf, uploadFolderOf } from './job-row.ts'

const DAY_MS = 86_400_000

export async function sweepJobFiles(
  { directory, catalog, tenant, actor }: Workspace,
  { days, arriving }: { readonly days: number; readonly arriving: ReadonlySet<string> },
): Promise<void> {
  const oldest = new Date(actor.now().getTime() - days * DAY_MS).toISOString()
  const rows = await catalog.selectFrom('job').select(['id', 'ended_at']).where('tenant', '=', tenant).execute()
  const kept = new Set(rows.filter(({ ended_at }) => ended_at === null || ended_at > oldest).map(({ id }) => id))
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
