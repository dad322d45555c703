// Reading: periods, runs, reports, and why a service carries what it carries. What comes back is what the caller may see.
import { z } from '@hono/zod-openapi'
import type { ReportColumnKind } from '@spillway/core'
import { listQuery, pageOf } from './paging.ts'
import { describeRoute, instant, jsonOf, period } from './route.ts'

export const REPORT_FORMATS = ['json', 'csv', 'xlsx', 'parquet', 'ndjson'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]
export const CONTENT_TYPES: Readonly<Record<ReportFormat, string>> = {
  json: 'application/json',
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
  ndjson: 'application/x-ndjson',
}
export const REPORT_PAGE_MAX = 1000
/** No report has as many rows. */
const REPORT_OFFSET_MAX = 2_147_000_000

const state = z.enum(['closed', 'published', 'reopened'])
export const closedPeriod = z
  .object({ period, state: z.enum(['closed', 'published']), run: z.string() })
  .openapi('ClosedPeriod')
export const run = z
  .object({
    id: z.string(),
    period,
    state,
    codeVersion: z.string(),
    closedAt: instant,
    closedBy: z.string(),
    publishedAt: instant.nullable(),
    publishedBy: z.string().nullable(),
    reopenedAt: instant.nullable(),
    reopenReason: z.string().nullable(),
    totals: z.array(z.object({ currency: z.string(), actual: z.string(), adjusted: z.string() })),
  })
  .openapi('Run')

const COLUMN_KINDS = [
  'text',
  'amount',
  'quantity',
  'usage',
  'share',
  'date',
  'flags',
] as const satisfies ReadonlyArray<ReportColumnKind>
const reportColumn = z.object({
  key: z.string(),
  title: z.string(),
  kind: z.enum(COLUMN_KINDS),
  isDetail: z.boolean().describe('left out first where there is no room'),
  isNullable: z.boolean().describe('an empty cell is no value: null'),
})
export const reportPage = z
  .object({
    name: z.string(),
    title: z.string(),
    columns: z.array(reportColumn),
    hasTotals: z.boolean().describe('whether the sum of an amount column by currency says something'),
    rows: z.array(z.record(z.string(), z.string().nullable())).describe('cells by column; amounts are decimal texts'),
    rowCount: z.number().int().describe('of the whole report, on every page'),
    totals: z
      .array(z.object({ currency: z.string(), amounts: z.record(z.string(), z.string().nullable()) }))
      .describe('of the whole report, by amount column; none where hasTotals is false'),
    next: z.string().nullable(),
  })
  .openapi('ReportPage')

const explanation = z
  .looseObject({
    service: z.string(),
    period,
    run: z.string(),
    totals: z.array(z.looseObject({ currency: z.string() })),
    components: z.array(z.looseObject({ pool: z.string(), formula: z.string(), sentence: z.string() })),
  })
  .openapi('Explanation')

const eventExplanation = z
  .looseObject({ source: z.string(), id: z.string(), outcome: z.string(), sentence: z.string() })
  .openapi('EventExplanation')
const explanationFormat = z.enum(['json', 'text']).default('json').describe('text: the lines that a person reads')
const explained = <S extends z.ZodType>(schema: S) => ({
  description: 'The explanation',
  content: { 'application/json': { schema }, 'text/plain': { schema: z.string() } },
})

const sourceLine = z.object({
  line: z.number().int(),
  isAsked: z.boolean(),
  fact: z.string().describe('what was read, such as charge or usage; quarantine where it could not be'),
  isLive: z.boolean().describe('whether it counts: not superseded, and not taken back'),
  cells: z.array(z.object({ name: z.string(), value: z.string() })),
  problem: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
})
const sourceLines = z
  .object({
    batch: z.string(),
    file: z.string(),
    member: z.string(),
    sheet: z.string(),
    importer: z.string(),
    importedAt: instant,
    importedBy: z.string(),
    lines: z.array(sourceLine),
  })
  .openapi('SourceLines')

export const reportQuery = z.object({
  period: period.optional().describe('every report but quarantine, runs and reconciliation needs one'),
  by: z.string().max(40).optional().describe('what one row is about, such as cost-centre or person'),
  view: z.enum(['actual', 'adjusted']).optional(),
  key: z.string().max(200).optional(),
  of: z.enum(['cost', 'usage']).optional(),
  months: z
    .string()
    .regex(/^\d{1,3}$/)
    .optional(),
  count: z
    .string()
    .regex(/^\d{1,4}$/)
    .optional(),
  account: z.string().max(200).optional(),
  bucket: z.string().max(200).optional(),
  pool: z.string().max(200).optional().describe('of pool-days'),
  user: z.string().max(200).optional().describe('of legs: a user id'),
  number: z.string().max(200).optional().describe('of a bill'),
  run: z.string().max(200).optional().describe('of run-changes'),
  since: z.string().max(200).optional().describe('of run-changes: the run that it is compared with'),
  project: z.string().max(200).optional(),
  at: z.string().max(40).optional().describe('an instant'),
  from: z.string().max(40).optional().describe('the first day'),
  until: z.string().max(40).optional().describe('the day after the last'),
  where: z
    .union([z.string().max(500), z.array(z.string().max(500)).max(200)])
    .optional()
    .openapi({
      type: 'array',
      items: { type: 'string', maxLength: 500 },
      maxItems: 200,
      example: ['cost-centre=CC-100', 'vendor=acme'],
      description:
        'DIMENSION=VALUE each, any number: of one dimension any of the values, of several each; an empty value is nobody or none',
    }),
  sort: z.string().max(60).optional().describe("a column's key, or -key for descending"),
  search: z.string().max(200).optional().describe('rows with this in a column of texts, whatever the case'),
  columns: z
    .string()
    .max(1000)
    .optional()
    .describe("columns' keys with commas between them: these alone, in this order"),
  format: z
    .enum(REPORT_FORMATS)
    .default('json')
    .describe('json is a page for a screen; the others are the whole, and audited'),
  limit: z.coerce.number().int().min(1).max(REPORT_PAGE_MAX).default(200),
  cursor: z.string().max(1000).optional().describe('the `next` of the page before'),
  offset: z.coerce
    .number()
    .int()
    .min(0)
    .max(REPORT_OFFSET_MAX)
    .optional()
    .describe(
      'so many rows are left out before the first, in place of a cursor: the page anywhere in the order that is asked for',
    ),
})
const file = { schema: z.string().openapi({ format: 'binary' }) }
const tags = ['reports']

export const reportRoutes = {
  listPeriods: describeRoute({
    method: 'get',
    path: '/v1/periods',
    operationId: 'listPeriods',
    summary: 'the periods that are closed or published',
    tags,
    'x-access': 'report:read',
    request: { query: listQuery(['period']) },
    responses: { 200: jsonOf(pageOf(closedPeriod, 'PeriodPage'), 'A page of periods') },
  }),
  listRuns: describeRoute({
    method: 'get',
    path: '/v1/runs',
    operationId: 'listRuns',
    summary: 'every close and publication',
    tags,
    'x-access': 'run:read',
    request: {
      query: listQuery(['closedAt', 'period']).extend({ period: period.optional(), state: state.optional() }),
    },
    responses: { 200: jsonOf(pageOf(run, 'RunPage'), 'A page of runs') },
  }),
  getRun: describeRoute({
    method: 'get',
    path: '/v1/runs/{id}',
    operationId: 'getRun',
    summary: 'one run',
    tags,
    'x-access': 'run:read',
    request: { params: z.object({ id: z.string().openapi({ param: { name: 'id', in: 'path' } }) }) },
    responses: { 200: jsonOf(run, 'The run') },
  }),
  getReport: describeRoute({
    method: 'get',
    path: '/v1/reports/{report}',
    operationId: 'getReport',
    summary: 'a report of a period, of what you may see; totals sum that alone',
    tags,
    'x-access': 'report:read',
    request: {
      params: z.object({ report: z.string().openapi({ param: { name: 'report', in: 'path' }, example: 'charges' }) }),
      query: reportQuery,
    },
    responses: {
      200: {
        description: 'The report',
        content: {
          'application/json': { schema: reportPage },
          'text/csv': file,
          [CONTENT_TYPES.xlsx]: file,
          [CONTENT_TYPES.parquet]: file,
          [CONTENT_TYPES.ndjson]: file,
        },
      },
    },
  }),
  getSourceLines: describeRoute({
    method: 'get',
    path: '/v1/source-lines',
    operationId: 'getSourceLines',
    summary: 'what was read from a line of an imported file, as it is stored, with the lines around it',
    tags,
    'x-access': 'report:read',
    request: {
      query: z.object({
        batch: z.string().min(1).max(500).describe('of a row of the report of charges by line; or the name of a file'),
        line: z.coerce.number().int().min(0).max(2_147_000_000),
        member: z.string().max(500).optional().describe('of an archive'),
        sheet: z.string().max(500).optional().describe('of a workbook'),
        around: z.coerce.number().int().min(0).max(20).default(2).describe('lines before and after'),
      }),
    },
    responses: { 200: jsonOf(sourceLines, 'The line and those around it') },
  }),
  explain: describeRoute({
    method: 'get',
    path: '/v1/explain/{service}',
    operationId: 'explain',
    summary: 'why a service carries what it carries: sentence, formula, source lines',
    tags,
    'x-access': 'explain:read',
    request: {
      params: z.object({
        service: z
          .string()
          .max(200)
          .openapi({ param: { name: 'service', in: 'path' } }),
      }),
      query: z.object({
        period,
        lines: z.coerce.number().int().min(0).max(1000).default(12),
        format: explanationFormat,
      }),
    },
    responses: { 200: explained(explanation) },
  }),
  explainEvent: describeRoute({
    method: 'get',
    path: '/v1/events/explanation',
    operationId: 'explainEvent',
    summary: 'what became of one usage event: which bucket, tier or rate took each part',
    tags,
    'x-access': 'explain:read',
    request: {
      query: z.object({
        id: z.string().min(1).max(500),
        source: z.string().max(500).optional().describe('where several sources have the id'),
        format: explanationFormat,
      }),
    },
    responses: { 200: explained(eventExplanation) },
  }),
}
