// Files sent to be imported: uploaded piece by piece, and then imported as a job.
import { z } from '@hono/zod-openapi'
import { job } from './jobs.ts'
import { bodyOf, describeRoute, idempotencyKey, instant, jsonOf } from './route.ts'

export const importQuery = z.object({
  name: z.string().min(1).max(200).optional().describe('of the file, where the body is the file itself'),
  source: z.string().max(200).optional().describe('the format or Source mapping, or which directory this is'),
  dryRun: z.enum(['true', 'false']).default('false').describe('say what would happen, and change nothing'),
  acceptEnds: z.enum(['true', 'false']).default('false').describe('take a directory file that ends more than a fifth'),
  again: z.enum(['true', 'false']).default('false').describe('take a bill again that a later file superseded'),
  asOf: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d$/)
    .optional()
    .describe('the day from which undated directory changes hold; today if left out'),
})

const batch = z.object({ batch: z.string().openapi({ param: { name: 'batch', in: 'path' } }) })
const binary = z.string().openapi({ format: 'binary' })
const several = z.object({ first: z.string(), count: z.int() })

export const importRecord = z
  .object({
    batch: z.string(),
    file: z.string(),
    formats: z.array(z.string()),
    source: z.string(),
    importedAt: instant,
    importedBy: z.string(),
    rows: z.object({ read: z.int(), accepted: z.int(), quarantined: z.int(), duplicates: z.int() }),
    documents: z.int(),
    liveDocuments: z.int(),
    vendors: several,
    accounts: several,
    from: z.string().nullable(),
    until: z.string().nullable().describe('the day after the last'),
    amounts: z
      .array(z.object({ currency: z.string(), amount: z.string() }))
      .describe('accepted lines, payments left out'),
    state: z
      .enum(['live', 'partly-superseded', 'superseded', 'taken-back', 'empty'])
      .describe('empty: every row was refused, or it held nothing new'),
    supersededBy: z.array(z.string()).describe('files'),
    supplements: z.string().describe("of mended rows: the import that they add to; '' for any other"),
    takenBack: z.object({ at: instant, by: z.string(), reason: z.string() }).nullable(),
    canTakeBack: z.boolean(),
    whyNot: z.object({ code: z.string(), detail: z.string(), hint: z.string() }).nullable(),
  })
  .openapi('ImportRecord')

const takenBack = z
  .object({
    batch: z.string(),
    file: z.string(),
    documents: z.int().describe('that count no more'),
    restored: z
      .array(
        z.object({
          ...{ part: z.string(), vendor: z.string(), account: z.string(), invoice: z.string() },
          file: z.string(),
        }),
      )
      .describe('what it had superseded, and counts again; the first 500'),
    mayLackRows: z
      .array(z.object({ batch: z.string(), file: z.string() }))
      .describe('later imports that left out usage because this one had it: take them back, and import them again'),
  })
  .openapi('TakenBackImport')

const file = { type: 'string' as const, format: 'binary' }

export const importRoutes = {
  startImport: describeRoute({
    method: 'post',
    path: '/v1/imports',
    operationId: 'startImport',
    summary: 'send files and import them, as a job whose result is the report of the import',
    description: `The files of a form (\`multipart/form-data\`), in their order, or one file as the body with \`name\`. What it is, is
recognised by what it holds. Nothing is imported before all of it has arrived.`,
    tags: ['imports'],
    'x-access': 'import:change',
    'x-streams': true,
    request: {
      query: importQuery,
      body: {
        required: true,
        content: {
          'multipart/form-data': {
            schema: { type: 'object' as const, properties: { file: { type: 'array' as const, items: file } } },
          },
          'application/octet-stream': { schema: file },
        },
      },
    },
    responses: { 202: jsonOf(job, 'The job, which waits for its turn') },
  }),
  getImport: describeRoute({
    method: 'get',
    path: '/v1/imports/{batch}',
    operationId: 'getImport',
    summary: 'one import: what came of its rows, and whether it counts; the report `imports` lists them',
    tags: ['imports'],
    'x-access': 'import:read',
    request: { params: batch },
    responses: { 200: jsonOf(importRecord, 'The import') },
  }),
  getImportRejects: describeRoute({
    method: 'get',
    path: '/v1/imports/{batch}/rejects',
    operationId: 'getImportRejects',
    summary: 'the rows that an import refused, to be mended',
    description: `CSV, or a zip of one CSV for each table that has some. Mended, it is sent like any other file: it adds to the import
that it came from, and replaces nothing.`,
    tags: ['imports'],
    'x-access': 'import:read',
    request: {
      params: batch,
      query: z.object({ table: z.coerce.number().int().min(1).optional().describe('one of them alone: its `no`') }),
    },
    responses: {
      200: {
        description: 'The rows; why each was refused stands before the columns of the file',
        content: { 'text/csv': { schema: binary }, 'application/zip': { schema: binary } },
      },
    },
  }),
  listRejectedTables: describeRoute({
    method: 'get',
    path: '/v1/imports/{batch}/rejected-tables',
    operationId: 'listRejectedTables',
    summary: 'which tables of an import have refused rows',
    tags: ['imports'],
    'x-access': 'import:read',
    request: { params: batch },
    responses: {
      200: jsonOf(
        z
          .object({ items: z.array(z.object({ no: z.int(), file: z.string().describe('the name of its CSV') })) })
          .openapi('RejectedTables'),
        'The tables',
      ),
    },
  }),
  takeBackImport: describeRoute({
    method: 'post',
    path: '/v1/imports/{batch}/take-back',
    operationId: 'takeBackImport',
    summary: 'take an import back: it counts no more, and what it superseded counts again',
    description: 'Refused where a published period rests on it (reopen that first), or a later import does.',
    tags: ['imports'],
    'x-access': 'import:change',
    request: {
      params: batch,
      headers: idempotencyKey,
      ...bodyOf(z.strictObject({ reason: z.string().min(1).max(2000) })),
    },
    responses: { 200: jsonOf(takenBack, 'What was taken back') },
  }),
}
