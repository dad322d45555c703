// Jobs over HTTP: asked for, watched, cancelled, tried again, and what they made.
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { Refusal } from '@spillway/core'
import { type JobTable, periodNamed } from '@spillway/engine'
import { checkRoutes } from '../contract/checks.ts'
import { type ExportRequest, type JobKind, jobRoutes as routes } from '../contract/jobs.ts'
import type { Permission } from '../contract/permissions.ts'
import type { Call } from '../http/call.ts'
import type { Server } from '../http/environment.ts'
import { register } from '../http/register.ts'
import { pageOfJobs } from '../jobs/job-pages.ts'
import { addJob, makeJobId, outcomeOf, requestOf, requireJob, resultFolderOf, toJob } from '../jobs/job-row.ts'
import { eventIdOf, hasEnded } from '../jobs/job-watchers.ts'
import { nameOf } from '../permissions/caller.ts'
import { requireTenantWide, scopeFor } from '../permissions/scope-of.ts'

/** What it takes to have one done, and to get what it made: no job does for somebody what they may not do themselves. */
export const PERMISSION_OF: Readonly<Record<JobKind, Permission>> = {
  import: 'import:change',
  'import-draft': 'import:change',
  close: 'period:change',
  export: 'report:read',
  backup: 'backup:change',
  check: 'run:read',
  'import-folder': 'import:change',
  'close-when-complete': 'period:change',
  'mail-statements': 'report:read',
}

export function registerJobs(server: Server): void {
  register(server, routes.listJobs, async (c, { workspace }) =>
    c.json(await pageOfJobs(workspace, c.req.valid('query')), 200),
  )
  register(server, routes.getJob, async (c, { workspace }) =>
    c.json(toJob(await requireJob(workspace, c.req.valid('param').id)), 200),
  )
  register(server, routes.watchJob, async (c, { workspace, services }) => {
    const job = toJob(await requireJob(workspace, c.req.valid('param').id))
    const last = c.req.valid('header')['last-event-id']
    // Whoever knows the end already is told so by no content: a browser connects no more then.
    if (hasEnded(job) && last === eventIdOf(job)) return new Response(null, { status: 204 })
    return new Response(services.jobs.watchers.stream(job, last), {
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    })
  })
  register(server, routes.getJobFile, async (c, call) => {
    const { id, name } = c.req.valid('param')
    return fileOf(await requireJob(call.workspace, id), { call, name })
  })
  register(server, routes.cancelJob, async (c, call) => {
    const { workspace } = call
    const row = await requireJob(workspace, c.req.valid('param').id)
    await call.services.jobs.cancel(row, { who: nameOf(call.caller), action: 'cancel-job', subject: row.id })
    return c.json(toJob(await requireJob(workspace, row.id)), 200)
  })
  register(server, routes.retryJob, async (c, call) => {
    const row = await requireJob(call.workspace, c.req.valid('param').id)
    if (row.state !== 'failed' && row.state !== 'cancelled')
      throw new Refusal('bad-command', `Job ${row.id} is ${row.state}.`, {
        hint: 'Try one again that failed or was cancelled.',
      })
    const kind = row.kind as JobKind
    requireTenantWide(await scopeFor(call.services.workspace, call.caller, PERMISSION_OF[kind]))
    return c.json(await startJob(call, { kind, ...requestOf(row), retryOf: row.id }), 202)
  })
  register(server, routes.closePeriod, async (c, call) => {
    const { name } = periodNamed(c.req.valid('param').period)
    return c.json(await startJob(call, { kind: 'close', subject: name, parameters: { period: name } }), 202)
  })
  register(server, routes.startBackup, async (c, call) => {
    const name = c.req.valid('json').name ?? call.workspace.actor.now().toISOString().replaceAll(/[:.]/g, '-')
    return c.json(await startJob(call, { kind: 'backup', subject: name, parameters: { name } }), 202)
  })
  register(server, checkRoutes.startCheck, async (c, call) => {
    const { period } = c.req.valid('json')
    if (period !== undefined) periodNamed(period)
    return c.json(
      await startJob(call, { kind: 'check', subject: period ?? 'every month', parameters: { period } }),
      202,
    )
  })
  register(server, routes.startExport, async (c, call) => {
    requireTenantWide(call.workspace.scope)
    const parameters: ExportRequest = c.req.valid('json')
    const { what, report = '', period = '' } = parameters
    const subject = [what, report, period].filter((word) => word !== '').join(' ')
    return c.json(await startJob(call, { kind: 'export', subject, parameters }), 202)
  })
}

export type JobToStart = {
  readonly kind: JobKind
  readonly subject: string
  readonly parameters: unknown
  readonly id?: string
  readonly retryOf?: string
}

/** Written down with its audit entry before it begins. */
export async function startJob(call: Call, { kind, subject, parameters, id = makeJobId(), retryOf }: JobToStart) {
  const who = nameOf(call.caller)
  const request = { subject, owner: call.caller.user.id, parameters }
  const entry = { action: `start-${kind}`, subject, details: { job: id, ...(retryOf ? { retryOf } : {}) } }
  const row = await call.record(entry, (catalog) =>
    addJob(catalog, call.services.workspace, { kind, request, who, id, ...(retryOf ? { retryOf } : {}) }),
  )
  call.services.jobs.wake()
  return toJob(row)
}

async function fileOf(
  row: JobTable,
  { call, name }: { readonly call: Call; readonly name: string },
): Promise<Response> {
  requireTenantWide(await scopeFor(call.services.workspace, call.caller, PERMISSION_OF[row.kind as JobKind]))
  const file = outcomeOf(row).files.find((one) => one.name === name)
  if (!file) throw new Refusal('not-found', `Job ${row.id} made no file ${name}.`, { hint: 'Its `files` lists them.' })
  const bytes = createReadStream(join(resultFolderOf(call.workspace.directory, row.id), file.name))
  await new Promise<void>((resolve, reject) => {
    bytes.once('open', () => resolve())
    bytes.once('error', () =>
      reject(new Refusal('not-found', `${name} is not kept any more.`, { hint: 'Export it again.' })),
    )
  })
  await call.audit({ action: 'export', subject: file.name, details: { job: row.id } })
  return new Response(Readable.toWeb(bytes) as ReadableStream, {
    headers: {
      'content-type': file.type,
      'content-length': String(file.bytes),
      'content-disposition': `attachment; filename="${file.name}"`,
      'cache-control': 'no-store',
    },
  })
}
