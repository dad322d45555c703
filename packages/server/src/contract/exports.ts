// A period for other programs, as a stream: the journal, FOCUS rows, billable time as LEDES. The same as jobs, which keep a file,
// are of jobs.ts.
import { z } from '@hono/zod-openapi'
import { CONTENT_TYPES, REPORT_FORMATS, REPORT_PAGE_MAX, reportPage } from './reports.ts'
import { describeRoute, jsonOf, period } from './route.ts'

const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'as 2026-10-31')

const rules = z.object({
  label: z.string().describe('`Journal/telecom v2`, or `default`'),
  inForce: z.string().nullable().describe('what is in force now, where that is another version'),
  rules: z.object({
    entity: z.string(),
    payable: z.string(),
    suspense: z.string(),
    receivable: z.string(),
    revenue: z.string(),
  }),
})

const journalPage = reportPage
  .extend({
    parts: z
      .array(
        z.object({
          run: z.string(),
          kind: z.enum(['journal', 'reversal']),
          state: z.enum(['draft', 'published']),
          bill: z.string().describe("the bill that was taken back or issued again; '' for the journal of the run"),
          hasSales: z.boolean(),
          rules,
        }),
      )
      .describe('the reversal first'),
    problems: z.array(
      z.object({
        ...{ code: z.string(), severity: z.enum(['error', 'warning', 'info']) },
        ...{ count: z.int(), message: z.string(), hint: z.string() },
      }),
    ),
  })
  .openapi('JournalPage')

const ledes = z
  .object({
    invoiceNumber: z.string(),
    currency: z.string(),
    lines: z.int(),
    total: z.string(),
    withoutTime: z.int().describe('calls without any length, which have no line'),
    withoutCost: z.int().describe('calls whose cost has no line'),
    file: z.string().describe('the invoice as LEDES 1998B'),
  })
  .openapi('LedesInvoice')

const file = { schema: z.string().openapi({ format: 'binary' }) }
const files = {
  'text/csv': file,
  [CONTENT_TYPES.xlsx]: file,
  [CONTENT_TYPES.parquet]: file,
  [CONTENT_TYPES.ndjson]: file,
}
const page = z.object({
  format: z
    .enum(REPORT_FORMATS)
    .default('json')
    .describe('json is a page for a screen; the others are the whole, and audited'),
  limit: z.coerce.number().int().min(1).max(REPORT_PAGE_MAX).default(200),
  cursor: z.string().max(1000).optional(),
})
const tags = ['exports']

export const exportRoutes = {
  getJournal: describeRoute({
    method: 'get',
    path: '/v1/exports/journal',
    operationId: 'getJournal',
    summary: 'the general-ledger journal of a period: debits by GL code, credits by vendor, balanced per entity',
    tags,
    'x-access': 'report:read',
    request: {
      query: page.extend({
        period,
        view: z.enum(['actual', 'adjusted']).default('adjusted'),
        date: day.optional().describe('of every line; the last day of the period if left out'),
        rules: z.string().max(200).optional().describe('a document of kind Journal by name, or a version as name@2'),
        reversal: z
          .enum(['true', 'false'])
          .default('false')
          .describe('first the reversal of the journal published before the period was reopened'),
      }),
    },
    responses: {
      200: { description: 'The journal', content: { 'application/json': { schema: journalPage }, ...files } },
    },
  }),
  getFocus: describeRoute({
    method: 'get',
    path: '/v1/exports/focus',
    operationId: 'getFocus',
    summary: 'a period as FOCUS 1.3 Cost and Usage rows, with what was allocated to whom',
    tags,
    'x-access': 'report:read',
    request: { query: page.extend({ period }) },
    responses: {
      200: { description: 'The rows', content: { 'application/json': { schema: reportPage }, ...files } },
    },
  }),
  getLedes: describeRoute({
    method: 'get',
    path: '/v1/exports/ledes',
    operationId: 'getLedes',
    summary: 'billable time of a project or a client as a LEDES 1998B invoice; audited as an export',
    tags,
    'x-access': 'report:read',
    request: {
      query: z.object({
        project: z.string().max(200).optional().describe('of one project; or of a client'),
        client: z.string().max(200).optional(),
        from: day.describe('the first day'),
        until: day.describe('the day after the last'),
        invoiceNumber: z.string().max(200).describe('at most 20 characters'),
        invoiceDate: day.optional(),
        matter: z.string().max(200).optional(),
        billing: z.string().max(200).optional().describe('a document of kind LegalBilling, where there are several'),
        expenses: z.enum(['true', 'false']).default('false').describe('what the calls cost, as expense lines'),
      }),
    },
    responses: { 200: jsonOf(ledes, 'The invoice') },
  }),
}
