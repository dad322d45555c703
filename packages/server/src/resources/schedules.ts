// Schedules over HTTP: each runs in the name of who saved it, and may do no more than they may.
import type { z } from '@hono/zod-openapi'
import { Refusal } from '@spillway/core'
import type { ScheduleTable } from '@spillway/engine'
import type { ScheduleKind } from '../contract/jobs.ts'
import { scheduleRoutes as routes, type ScheduleRequest, type schedule } from '../contract/schedules.ts'
import type { Call } from '../http/call.ts'
import type { Server } from '../http/environment.ts'
import { pageOfItems } from '../http/pages.ts'
import { register } from '../http/register.ts'
import { nameOf } from '../permissions/caller.ts'
import { requireTenantWide, scopeFor } from '../permissions/scope-of.ts'
import { nextRunOf } from '../schedules/next-run.ts'
import type { ScheduledRequest } from '../schedules/scheduler.ts'
import { PERMISSION_OF, startJob } from './jobs.ts'

export function registerSchedules(server: Server): void {
  register(server, routes.listSchedules, async (c, call) => {
    const items = (await schedulesOf(call)).map(toSchedule)
    return c.json(pageOfItems(items, { ...c.req.valid('query'), idOf: ({ name }) => name }), 200)
  })
  register(server, routes.putSchedule, async (c, call) => {
    const { name } = c.req.valid('param')
    const { cron, timeZone, state, request } = c.req.valid('json')
    await requirePermission(call, request.kind)
    const before = (await schedulesOf(call)).find((one) => one.name === name)
    const { workspace } = call.services
    const now = workspace.actor.now()
    const kept: ScheduledRequest = { owner: call.caller.user.id, parameters: request }
    const row: ScheduleTable = {
      ...{ tenant: workspace.tenant, name, kind: request.kind, cron, time_zone: timeZone, state },
      ...{ request: JSON.stringify(kept), next_at: nextRunOf({ cron, timeZone }, now) },
      ...{ last_at: before?.last_at ?? null, last_job: before?.last_job ?? null },
      ...{ saved_at: now.toISOString(), saved_by: nameOf(call.caller) },
    }
    const entry = { action: 'save-schedule', subject: name, after: toSchedule(row) }
    await call.record(before ? { ...entry, before: toSchedule(before) } : entry, (catalog) =>
      catalog
        .insertInto('schedule')
        .values(row)
        .onConflict((conflict) => conflict.columns(['tenant', 'name']).doUpdateSet(row))
        .execute(),
    )
    return c.json(toSchedule(row), 200)
  })
  register(server, routes.deleteSchedule, async (c, call) => {
    const row = await requireSchedule(call, c.req.valid('param').name)
    await call.record({ action: 'delete-schedule', subject: row.name, before: toSchedule(row) }, (catalog) =>
      catalog.deleteFrom('schedule').where('tenant', '=', row.tenant).where('name', '=', row.name).execute(),
    )
    return c.body(null, 204)
  })
  register(server, routes.runSchedule, async (c, call) => {
    const row = await requireSchedule(call, c.req.valid('param').name)
    const kind = row.kind as ScheduleKind
    await requirePermission(call, kind)
    const { parameters } = JSON.parse(row.request) as ScheduledRequest
    return c.json(await startJob(call, { kind, subject: row.name, parameters }), 202)
  })
}

/** @throws Refusal `not-permitted` for what they could not do themselves. */
async function requirePermission(call: Call, kind: ScheduleKind): Promise<void> {
  requireTenantWide(await scopeFor(call.services.workspace, call.caller, PERMISSION_OF[kind]))
}

function toSchedule(row: ScheduleTable): z.infer<typeof schedule> {
  return {
    name: row.name,
    kind: row.kind as ScheduleKind,
    cron: row.cron,
    timeZone: row.time_zone,
    state: row.state,
    request: (JSON.parse(row.request) as ScheduledRequest).parameters as ScheduleRequest,
    nextAt: row.state === 'active' ? row.next_at : null,
    lastAt: row.last_at,
    lastJob: row.last_job,
    savedAt: row.saved_at,
    savedBy: row.saved_by,
  }
}

function schedulesOf({ workspace: { catalog, tenant } }: Call): Promise<ScheduleTable[]> {
  return catalog.selectFrom('schedule').selectAll().where('tenant', '=', tenant).execute()
}

/** @throws Refusal `not-found`. */
async function requireSchedule(call: Call, name: string): Promise<ScheduleTable> {
  const row = (await schedulesOf(call)).find((one) => one.name === name)
  if (row) return row
  throw new Refusal('not-found', `There is no schedule ${name}.`, { hint: 'List the schedules.' })
}
