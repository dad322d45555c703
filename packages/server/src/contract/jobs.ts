// Long work in the background: an import, a close, an export. A job goes on though whoever asked for it goes away.
import { z } from '@hono/zod-openapi'
import { listQuery, pageOf } from './paging.ts'
import { CONTENT_TYPES } from './reports.ts'
import { bodyOf, describeRoute, idempotencyKey, instant, jsonOf, period } from './route.ts'

/** What a schedule starts; run now, or at its times. */
export const SCHEDULE_KINDS = ['import-folder', 'close-when-complete', 'mail-statements'] as const
export type ScheduleKind = (typeof SCHEDULE_KINDS)[number]
export const JOB_KINDS = ['import', 'import-draft', 'close', 'export', 'backup', 'check', ...SCHEDULE_KINDS] as const
export type JobKind = (typeof JOB_KINDS)[number]
export const JOB_STATES = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const

export const jobProgress = z
  .object({
    stage: z.string().describe("what it is at; '' before it began"),
    done: z.int(),
    total: z.int().describe('of what `done` counts: bytes of a file, pools, statements; 0 where nobody knows'),
    rows: z.int(),
  })
  .openapi('JobProgress')
export type JobProgress = z.infer<typeof jobProgress>

const jobProblem = z.object({ code: z.string(), detail: z.string(), hint: z.string() }).openapi('JobProblem')
const jobFile = z
  .object({ name: z.string(), type: z.string(), bytes: z.int(), path: z.string().describe('where to get it') })
  .openapi('JobFile')

export const job = z
  .object({
    id: z.string(),
    kind: z.enum(JOB_KINDS),
    state: z.enum(JOB_STATES),
    subject: z.string().describe('the files, the period, or what is exported'),
    attempt: z.int().describe('a job that the end of the server broke off is begun again, three times at most'),
    retryOf: z.string().nullable(),
    createdAt: instant,
    createdBy: z.string(),
    startedAt: instant.nullable(),
    endedAt: instant.nullable(),
    progress: jobProgress,
    problem: jobProblem.nullable().describe('why it failed'),
    result: z.record(z.string(), z.unknown()).nullable().describe('as its kind says it'),
    files: z.array(jobFile).describe('what it made; kept for some days'),
  })
  .openapi('Job')
export type Job = z.infer<typeof job>

const id = z.object({ id: z.string().openapi({ param: { name: 'id', in: 'path' }, description: 'of the job' }) })
const file = { schema: z.string().openapi({ format: 'binary' }) }
const tags = ['jobs']
const accepted = jsonOf(job, 'The job, which waits for its turn')

const exportFormat = z.enum(['csv', 'xlsx', 'parquet', 'ndjson', 'pdf', 'zip'])
const exportRequest = z
  .object({
    what: z.enum(['report', 'journal', 'focus', 'statements']),
    period: period.optional().describe('needed by all but some reports'),
    format: exportFormat.default('csv').describe('of statements always zip; pdf and zip of nothing else'),
    report: z.string().max(40).optional().describe('which one, where a report is exported'),
    by: z
      .string()
      .max(40)
      .optional()
      .describe('of a report as there; of statements cost-centre or person, and both where it is left out'),
    view: z.enum(['actual', 'adjusted']).optional(),
    rules: z.string().max(200).optional().describe('of a journal: a document of kind Journal'),
    company: z.string().max(200).optional().describe('of statements: the name in the heading'),
    keys: z
      .array(z.string().max(200))
      .min(1)
      .max(10_000)
      .optional()
      .describe('of statements: those of these cost centres or people alone; an empty one is what nobody owns'),
    paper: z.enum(['a4', 'letter']).optional().describe('of statements; a4 where it is left out'),
  })
  .openapi('ExportRequest')
export type ExportRequest = z.infer<typeof exportRequest>

const backupRequest = z
  .object({
    name: z
      .string()
      .max(80)
      .regex(/^\w[\w.-]*$/, 'letters, digits, dots and hyphens')
      .optional()
      .describe('of the folder, in that which the server keeps backups in; by default the instant'),
  })
  .openapi('BackupRequest')
export type BackupRequest = z.infer<typeof backupRequest>

export const jobRoutes = {
  listJobs: describeRoute({
    method: 'get',
    path: '/v1/jobs',
    operationId: 'listJobs',
    summary: 'jobs: those that wait, that run, and that ended',
    tags,
    'x-access': 'job:read',
    request: {
      query: listQuery(['createdAt']).extend({
        sort: z.enum(['createdAt', '-createdAt']).default('-createdAt'),
        state: z.enum(JOB_STATES).optional(),
        kind: z.enum(JOB_KINDS).optional(),
      }),
    },
    responses: { 200: jsonOf(pageOf(job, 'JobPage'), 'A page of jobs') },
  }),
  getJob: describeRoute({
    method: 'get',
    path: '/v1/jobs/{id}',
    operationId: 'getJob',
    summary: 'one job',
    tags,
    'x-access': 'job:read',
    request: { params: id },
    responses: { 200: jsonOf(job, 'The job') },
  }),
  watchJob: describeRoute({
    method: 'get',
    path: '/v1/jobs/{id}/events',
    operationId: 'watchJob',
    summary: 'the job as it goes on, as server-sent events: `progress` while it does, `end` at last',
    description: `Each event's data is the job as \`GET /v1/jobs/{id}\` answers it. A comment comes every 15 seconds where nothing
else does. The stream ends with the job, and after ten minutes: connect again with \`Last-Event-ID\`.`,
    tags,
    'x-access': 'job:read',
    request: { params: id, headers: z.object({ 'last-event-id': z.string().max(40).optional() }) },
    responses: {
      200: { description: 'Events', content: { 'text/event-stream': { schema: z.string() } } },
      204: { description: 'It ended with the event that you know' },
    },
  }),
  getJobFile: describeRoute({
    method: 'get',
    path: '/v1/jobs/{id}/files/{name}',
    operationId: 'getJobFile',
    summary: 'a file that a job made',
    tags,
    'x-access': 'job:read',
    request: { params: id.extend({ name: z.string().openapi({ param: { name: 'name', in: 'path' } }) }) },
    responses: {
      200: {
        description: 'The file',
        content: {
          'text/csv': file,
          'application/x-ndjson': file,
          'application/zip': file,
          [CONTENT_TYPES.xlsx]: file,
          [CONTENT_TYPES.parquet]: file,
        },
      },
    },
  }),
  cancelJob: describeRoute({
    method: 'delete',
    path: '/v1/jobs/{id}',
    operationId: 'cancelJob',
    summary: 'cancel a job that waits or runs; nothing of it is kept',
    tags,
    'x-access': 'job:change',
    request: { params: id, headers: idempotencyKey },
    responses: { 200: jsonOf(job, 'The job; one that runs ends a little later') },
  }),
  retryJob: describeRoute({
    method: 'post',
    path: '/v1/jobs/{id}/retry',
    operationId: 'retryJob',
    summary: 'a new job that does what a failed or cancelled one was to do',
    tags,
    'x-access': 'job:change',
    request: { params: id, headers: idempotencyKey },
    responses: { 202: accepted },
  }),
  closePeriod: describeRoute({
    method: 'post',
    path: '/v1/periods/{period}/close',
    operationId: 'closePeriod',
    summary: 'close a period, as a job; events that were acknowledged before are imported first',
    tags: ['periods'],
    'x-access': 'period:change',
    request: {
      params: z.object({ period: period.openapi({ param: { name: 'period', in: 'path' } }) }),
      headers: idempotencyKey,
    },
    responses: { 202: accepted },
  }),
  startBackup: describeRoute({
    method: 'post',
    path: '/v1/backups',
    operationId: 'startBackup',
    summary: 'copy the whole workspace while it is in use, as a job',
    tags: ['operations'],
    'x-access': 'backup:change',
    request: { headers: idempotencyKey, ...bodyOf(backupRequest) },
    responses: { 202: accepted },
  }),
  startExport: describeRoute({
    method: 'post',
    path: '/v1/exports',
    operationId: 'startExport',
    summary: 'export a report, a journal, FOCUS rows or all statements of a period, as a job',
    tags: ['exports'],
    'x-access': 'report:read',
    request: { headers: idempotencyKey, ...bodyOf(exportRequest) },
    responses: { 202: accepted },
  }),
}
