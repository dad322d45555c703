// A page of the list of jobs, cut by the catalog: the list grows for as long as jobs are kept.
import type { ScopedWorkspace } from '@spillway/engine'
import type { Job, JobKind } from '../contract/jobs.ts'
import { readCursor, writeCursor } from '../http/pages.ts'
import { toJob } from './job-row.ts'

export type JobPageRequest = {
  readonly limit: number
  readonly cursor?: string | undefined
  readonly sort: 'createdAt' | '-createdAt'
  readonly state?: Job['state'] | undefined
  readonly kind?: JobKind | undefined
}

/** By when they were asked for, then by id. @throws Refusal `bad-command` for a cursor of another list. */
export async function pageOfJobs(
  { catalog, tenant }: Pick<ScopedWorkspace, 'catalog' | 'tenant'>,
  { limit, cursor, sort, state, kind }: JobPageRequest,
): Promise<{ items: Job[]; next: string | null }> {
  const [direction, beyond] = sort === '-createdAt' ? (['desc', '<'] as const) : (['asc', '>'] as const)
  let query = catalog.selectFrom('job').selectAll().where('tenant', '=', tenant)
  if (state !== undefined) query = query.where('state', '=', state)
  if (kind !== undefined) query = query.where('kind', '=', kind)
  if (cursor !== undefined) {
    const [at, id] = readCursor(cursor, sort)
    query = query.where((where) =>
      where.or([where('created_at', beyond, at), where.and([where('created_at', '=', at), where('id', beyond, id)])]),
    )
  }
  const rows = await query
    .orderBy('created_at', direction)
    .orderBy('id', direction)
    .limit(limit + 1)
    .execute()
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(toJob),
    next: rows.length > limit && last ? writeCursor(sort, [last.created_at, last.id]) : null,
  }
}
