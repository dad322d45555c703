// Files that were uploaded to be looked at: what each is, what an import would make of it, and what is wrong. Nothing of them is
// imported before the draft is committed; a draft is kept for a day.
import { z } from '@hono/zod-openapi'
import { importQuery } from './imports.ts'
import { job } from './jobs.ts'
import { listQuery, pageOf } from './paging.ts'
import { bodyOf, describeRoute, idempotencyKey, instant, jsonOf, noContent } from './route.ts'

const DRAFT_STATES = ['looking', 'ready', 'failed', 'committing', 'committed'] as const

const refusal = z.object({ code: z.string(), detail: z.string(), hint: z.string() })
const format = z.object({ format: z.string(), describes: z.string() })
const day = z.string().nullable()
const rowCounts = z.object({ read: z.int(), accepted: z.int(), quarantined: z.int(), duplicates: z.int() })
const named = { part: z.string(), vendor: z.string(), account: z.string(), invoice: z.string() }

const badRow = z.object({
  line: z.int(),
  member: z.string().describe("'' where the file is no archive"),
  sheet: z.string(),
  column: z.string(),
  value: z.string(),
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  raw: z.string().describe('the row as it was, without passcodes'),
})

export const draftLook = z
  .object({
    outcome: z.enum(['imported', 'unchanged', 'refused']).describe('what an import would come to'),
    refusal: refusal.nullable(),
    batch: z.string().describe('the import that it would be, or is'),
    confidence: z.enum(['certain', 'named', 'none']).describe('certain: by what it holds; named: because you said so'),
    recognised: z.array(format.extend({ member: z.string(), sheet: z.string() })),
    candidates: z.array(format).describe('where several formats claim it'),
    nearest: z
      .array(format.extend({ matched: z.int(), of: z.int(), missing: z.array(z.string()) }))
      .describe('where none does: formats whose columns it has most of'),
    rows: rowCounts,
    amounts: z.array(z.object({ currency: z.string(), accepted: z.string(), quarantined: z.string() })),
    quarantinedWithoutAmount: z.int(),
    covers: z.object({
      vendors: z.array(z.string()).describe('the first 20'),
      accounts: z.array(z.string()).describe('the first 20'),
      accountCount: z.int(),
      invoiceCount: z.int(),
      from: day,
      until: day.describe('the day after the last'),
      months: z.array(z.string()),
    }),
    invoices: z
      .array(
        z.object({
          ...{ vendor: z.string(), account: z.string(), invoice: z.string(), currency: z.string(), lines: z.int() },
          ...{ charges: z.string(), total: z.string().nullable(), difference: z.string().nullable() },
        }),
      )
      .describe('the first 100, those that do not foot before the others'),
    supersedes: z.array(z.object({ ...named, files: z.array(z.string()) })).describe('the first 100'),
    duplicateOf: z
      .object({ batch: z.string(), file: z.string(), importedAt: instant })
      .nullable()
      .describe('an import of the same content'),
    supersededSince: z.array(z.object({ part: z.string(), invoice: z.string(), by: z.string() })),
    supplements: z.string().describe("of mended rows: the import that they add to; '' for any other file"),
    directory: z.array(
      z.object({
        ...{
          part: z.string(),
          source: z.string(),
          changes: z.int(),
          unchanged: z.int(),
          active: z.int(),
          ending: z.int(),
        },
        kinds: z.record(z.string(), z.int()),
      }),
    ),
    problems: z.array(
      z.object({
        ...{ code: z.string(), severity: z.enum(['error', 'warning', 'info']), count: z.int() },
        ...{ message: z.string(), hint: z.string(), places: z.array(z.string()) },
      }),
    ),
    badRows: z.array(badRow).describe('the first 200; all of them in `rejects`'),
  })
  .openapi('ImportDraftLook')
export type DraftLook = z.infer<typeof draftLook>

const draftOptions = z.object({
  source: z.string().max(200).describe('the format or Source mapping, or which directory this is'),
  acceptEnds: z.boolean(),
  again: z.boolean(),
  asOf: z.string().regex(/^\d{4}-\d\d-\d\d$/),
})
export type DraftOptions = z.infer<typeof draftOptions>

export const importDraft = z
  .object({
    id: z.string(),
    state: z.enum(DRAFT_STATES),
    createdAt: instant,
    createdBy: z.string(),
    endsAt: instant.describe('then it is removed'),
    options: draftOptions,
    job: z.string().describe('that looks at the files, or looked last'),
    commitJob: z.string().nullable(),
    problem: refusal.nullable().describe('why the last look or commit failed'),
    files: z.array(z.object({ no: z.int(), name: z.string(), bytes: z.int(), look: draftLook.nullable() })),
    directoryProblems: z.array(
      z.object({ code: z.string(), severity: z.string(), message: z.string(), hint: z.string() }),
    ),
  })
  .openapi('ImportDraft')
export type ImportDraft = z.infer<typeof importDraft>

const writing = z.object({
  decimal: z.string(),
  thousands: z.string(),
  negative: z.array(z.string()),
  currencySigns: z.array(z.string()),
})
const place = z.object({ member: z.string(), sheet: z.string() })
const problem = z.object({
  ...{ code: z.string(), severity: z.string(), message: z.string(), hint: z.string() },
  ...{ column: z.string(), value: z.string() },
})

const previewRequest = z
  .strictObject({
    member: z.string().max(500).optional(),
    sheet: z.string().max(500).optional(),
    settings: z
      .strictObject({
        encoding: z.string().max(40).optional(),
        delimiter: z.string().min(1).max(3).optional().describe('one character, or `tab`'),
        headerRow: z.int().min(1).max(1000).optional(),
      })
      .default({})
      .describe('instead of what is found; of no effect beside a mapping, which says it itself'),
    mapping: z.record(z.string(), z.unknown()).optional().describe('a Source document, finished or not'),
    rows: z.int().min(1).max(200).default(50),
  })
  .openapi('ImportPreviewRequest')

const importPreview = z
  .object({
    parts: z.array(place),
    part: place,
    settings: z.object({
      encoding: z.string().describe("'' of a sheet"),
      delimiter: z.string().describe("'' of a sheet"),
      headerRow: z.int().nullable().describe('null where there is none'),
    }),
    isWhole: z.boolean().describe('false where the beginning of the file alone was read'),
    numbers: writing,
    dateFormat: z.string().nullable(),
    columns: z.array(
      z.object({
        title: z.string(),
        samples: z.array(z.string()),
        kind: z.enum(['text', 'number', 'amount', 'date', 'blank']),
        format: z.string().nullable(),
        filled: z.int(),
        meaning: z.string().nullable().describe('the canonical column that it probably is'),
      }),
    ),
    rawRows: z.array(z.array(z.string())),
    suggestion: z.record(z.string(), z.unknown()).describe('a Source document to begin with'),
    mapped: z
      .object({
        issues: z.array(z.object({ path: z.string(), message: z.string() })),
        rows: z.array(
          z.object({
            line: z.int(),
            facts: z.array(z.object({ fact: z.string(), cells: z.record(z.string(), z.string()) })),
            problems: z.array(problem),
            raw: z.string(),
          }),
        ),
        counts: z.object({ read: z.int(), accepted: z.int(), quarantined: z.int(), ignored: z.int() }),
        amounts: z.array(z.object({ currency: z.string(), amount: z.string() })),
        isRecognised: z.boolean().describe('whether a file like this is known by this mapping without being told so'),
      })
      .nullable(),
  })
  .openapi('ImportPreview')

const draft = z.object({ draft: z.string().openapi({ param: { name: 'draft', in: 'path' }, example: 'drf_x' }) })
const file = draft.extend({
  file: z.coerce
    .number()
    .int()
    .min(1)
    .openapi({ param: { name: 'file', in: 'path' }, description: 'its `no`', example: 1 }),
})
const binary = { type: 'string' as const, format: 'binary' }
const upload = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: { type: 'object' as const, properties: { file: { type: 'array' as const, items: binary } } },
    },
    'application/octet-stream': { schema: binary },
  },
}
const tags = ['imports']
const taken = jsonOf(importDraft, 'The draft; its files are being looked at')
const bytes = { schema: z.string().openapi({ format: 'binary' }) }
const rejectsFile = {
  description: 'The rows; `rejected_from`, `rejected_at` and `rejected_because` stand before the columns of the file',
  content: { 'text/csv': bytes, 'application/zip': bytes },
}
const rejectsDescription = `CSV, or a zip of one CSV for each table that has some. Mended, it is sent like any other file: it adds to the import
that it came from, and replaces nothing.`

export const importDraftRoutes = {
  createImportDraft: describeRoute({
    method: 'post',
    path: '/v1/import-drafts',
    operationId: 'createImportDraft',
    summary: 'send files to be looked at; nothing is imported before the draft is committed',
    description: 'As `POST /v1/imports`. The files are looked at as a job: watch it, and then get the draft.',
    tags,
    'x-access': 'import:change',
    'x-streams': true,
    request: { query: importQuery.omit({ dryRun: true }), body: upload },
    responses: { 202: taken },
  }),
  listImportDrafts: describeRoute({
    method: 'get',
    path: '/v1/import-drafts',
    operationId: 'listImportDrafts',
    summary: 'drafts of the last day',
    tags,
    'x-access': 'import:read',
    request: {
      query: listQuery(['createdAt']).extend({ sort: z.enum(['createdAt', '-createdAt']).default('-createdAt') }),
    },
    responses: { 200: jsonOf(pageOf(importDraft, 'ImportDraftPage'), 'A page of drafts') },
  }),
  getImportDraft: describeRoute({
    method: 'get',
    path: '/v1/import-drafts/{draft}',
    operationId: 'getImportDraft',
    summary: 'a draft, and what was found in its files',
    tags,
    'x-access': 'import:read',
    request: { params: draft },
    responses: { 200: jsonOf(importDraft, 'The draft') },
  }),
  deleteImportDraft: describeRoute({
    method: 'delete',
    path: '/v1/import-drafts/{draft}',
    operationId: 'deleteImportDraft',
    summary: 'throw a draft away with its files; what was committed stays',
    tags,
    'x-access': 'import:change',
    request: { params: draft, headers: idempotencyKey },
    responses: { 204: noContent },
  }),
  addDraftFiles: describeRoute({
    method: 'post',
    path: '/v1/import-drafts/{draft}/files',
    operationId: 'addDraftFiles',
    summary: 'send more files to a draft, such as mended rows; all of it is looked at again',
    tags,
    'x-access': 'import:change',
    'x-streams': true,
    request: { params: draft, query: importQuery.pick({ name: true }), body: upload },
    responses: { 202: taken },
  }),
  lookAgain: describeRoute({
    method: 'post',
    path: '/v1/import-drafts/{draft}/look',
    operationId: 'lookAgain',
    summary: 'look again, under other options or after a mapping was saved',
    tags,
    'x-access': 'import:change',
    request: {
      params: draft,
      headers: idempotencyKey,
      ...bodyOf(draftOptions.partial().openapi('ImportDraftOptions')),
    },
    responses: { 202: taken },
  }),
  commitImportDraft: describeRoute({
    method: 'post',
    path: '/v1/import-drafts/{draft}/commit',
    operationId: 'commitImportDraft',
    summary: 'import what the draft holds, as a job; asked twice it is done once',
    description: 'Files that the look refused are left out.',
    tags,
    'x-access': 'import:change',
    request: { params: draft, headers: idempotencyKey },
    responses: { 202: jsonOf(job, 'The job, which waits for its turn, or has had it') },
  }),
  previewDraftFile: describeRoute({
    method: 'post',
    path: '/v1/import-drafts/{draft}/files/{file}/preview',
    operationId: 'previewDraftFile',
    summary: 'what a table is that no format knows, and what a mapping would make of its first rows',
    tags,
    'x-access': 'import:change',
    request: { params: file, ...bodyOf(previewRequest) },
    responses: { 200: jsonOf(importPreview, 'The preview') },
  }),
  getDraftRejects: describeRoute({
    method: 'get',
    path: '/v1/import-drafts/{draft}/files/{file}/rejects',
    operationId: 'getDraftRejects',
    summary: 'the rows of a file that would be refused, to be mended',
    description: rejectsDescription,
    tags,
    'x-access': 'import:read',
    request: { params: file },
    responses: { 200: rejectsFile },
  }),
}
