// Schedules: what happens by itself at its times, as a job each time.
import { z } from '@hono/zod-openapi'
import { job, SCHEDULE_KINDS } from './jobs.ts'
import { listQuery, pageOf } from './paging.ts'
import { bodyOf, describeRoute, idempotencyKey, instant, jsonOf, noContent } from './route.ts'

const key = z.string().min(1).max(200)

export const scheduleRequest = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('import-folder'),
      folder: z
        .string()
        .regex(/^[A-Za-z0-9_][\w.-]{0,79}$/)
        .describe('of the folder that is watched, within that which the server allows'),
      source: z.string().max(200).default('').describe('the format or Source mapping, where files are not recognised'),
    })
    .openapi('ImportFolder'),
  z
    .strictObject({
      kind: z.literal('close-when-complete'),
      expected: z
        .array(z.strictObject({ vendor: key, account: key }))
        .min(1)
        .max(1000)
        .describe("the vendors' accounts that send a bill every month: once all are in, the month before is closed"),
    })
    .openapi('CloseWhenComplete'),
  z
    .strictObject({
      kind: z.literal('mail-statements'),
      company: z.string().max(200).optional().describe('the name in the heading'),
    })
    .describe('to each person with an address in the directory, once the month before is published')
    .openapi('MailStatements'),
])
export type ScheduleRequest = z.infer<typeof scheduleRequest>

const state = z.enum(['active', 'paused'])
const cron = z
  .string()
  .max(100)
  .describe('minute, hour, day of month, month, day of week: `*/5 * * * *` is every five minutes')
const timeZone = z.string().max(60).default('UTC').describe('of the hours in `cron`, such as Europe/Berlin')

export const schedule = z
  .object({
    name: z.string(),
    kind: z.enum(SCHEDULE_KINDS),
    cron: z.string(),
    timeZone: z.string(),
    state,
    request: scheduleRequest,
    nextAt: instant.nullable(),
    lastAt: instant.nullable().describe('when it was due last; with nothing to do it starts no job'),
    lastJob: z.string().nullable(),
    savedAt: instant,
    savedBy: z.string(),
  })
  .openapi('Schedule')

const name = z.object({
  name: z
    .string()
    .regex(/^[\w.-]{1,80}$/)
    .openapi({ param: { name: 'name', in: 'path' }, example: 'close-telecom' }),
})
const tags = ['schedules']

export const scheduleRoutes = {
  listSchedules: describeRoute({
    method: 'get',
    path: '/v1/schedules',
    operationId: 'listSchedules',
    summary: 'what happens by itself, and when next',
    tags,
    'x-access': 'schedule:read',
    request: { query: listQuery(['name', 'nextAt']) },
    responses: { 200: jsonOf(pageOf(schedule, 'SchedulePage'), 'A page of schedules') },
  }),
  putSchedule: describeRoute({
    method: 'put',
    path: '/v1/schedules/{name}',
    operationId: 'putSchedule',
    summary: 'save a schedule, which runs in your name; times that pass while the server is down are made up for once',
    tags,
    'x-access': 'schedule:change',
    request: {
      params: name,
      headers: idempotencyKey,
      ...bodyOf(
        z
          .strictObject({ cron, timeZone, state: state.default('active'), request: scheduleRequest })
          .openapi('NewSchedule'),
      ),
    },
    responses: { 200: jsonOf(schedule, 'The schedule') },
  }),
  deleteSchedule: describeRoute({
    method: 'delete',
    path: '/v1/schedules/{name}',
    operationId: 'deleteSchedule',
    summary: 'delete a schedule; jobs that it started go on',
    tags,
    'x-access': 'schedule:change',
    request: { params: name, headers: idempotencyKey },
    responses: { 204: noContent },
  }),
  runSchedule: describeRoute({
    method: 'post',
    path: '/v1/schedules/{name}/run',
    operationId: 'runSchedule',
    summary: 'start its job now, whatever there is to do',
    tags,
    'x-access': 'schedule:change',
    request: { params: name, headers: idempotencyKey },
    responses: { 202: jsonOf(job, 'The job') },
  }),
}
