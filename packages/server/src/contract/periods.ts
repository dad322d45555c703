// What happens to a period after its close, and what stands between it and its publication. The close itself is a job.
import { z } from '@hono/zod-openapi'
import { listPage } from './paging.ts'
import { reportPage } from './reports.ts'
import { bodyOf, describeRoute, idempotencyKey, jsonOf, period } from './route.ts'

const periodParam = z.object({ period: period.openapi({ param: { name: 'period', in: 'path' } }) })
const reason = z.string().min(1).max(2000).describe('why, for the record')
const acceptedDifference = z
  .object({
    vendor: z.string(),
    account: z.string(),
    invoice: z.string(),
    currency: z.string(),
    difference: z.string(),
    reason: z.string(),
  })
  .openapi('AcceptedDifference')
export const publication = z
  .object({
    run: z.string(),
    period,
    accepted: z.array(acceptedDifference).describe('invoices published with a difference that somebody accepted'),
    withoutTotal: z.int().describe('invoices that nobody could check'),
    issued: z
      .array(z.object({ currency: z.string(), bills: z.int(), total: z.string() }))
      .nullable()
      .describe('our own bills; null where nothing is rated'),
  })
  .openapi('Publication')
const tags = ['periods']

export const periodRoutes = {
  publishPeriod: describeRoute({
    method: 'post',
    path: '/v1/periods/{period}/publish',
    operationId: 'publishPeriod',
    summary: 'make the last close of a period the figure that stands',
    tags,
    'x-access': 'period:change',
    request: { params: periodParam, headers: idempotencyKey },
    responses: { 200: jsonOf(publication, 'Published') },
  }),
  reopenPeriod: describeRoute({
    method: 'post',
    path: '/v1/periods/{period}/reopen',
    operationId: 'reopenPeriod',
    summary: 'take back the publication of a period; the old run stays readable',
    tags,
    'x-access': 'period:change',
    request: { params: periodParam, headers: idempotencyKey, ...bodyOf(z.strictObject({ reason })) },
    responses: { 200: jsonOf(z.object({ run: z.string() }).openapi('ReopenedPeriod'), 'Reopened') },
  }),
  listPeriodProblems: describeRoute({
    method: 'get',
    path: '/v1/periods/{period}/problems',
    operationId: 'listPeriodProblems',
    summary: 'what the close found wrong, worst first',
    tags,
    'x-access': 'report:read',
    request: { params: periodParam, query: listPage },
    responses: { 200: jsonOf(reportPage, 'A page of problems') },
  }),
  listInvoices: describeRoute({
    method: 'get',
    path: '/v1/invoices',
    operationId: 'listInvoices',
    summary: 'every invoice beside its total, and why a difference was accepted',
    tags: ['invoices'],
    'x-access': 'report:read',
    request: { query: listPage.extend({ period: period.optional() }) },
    responses: { 200: jsonOf(reportPage, 'A page of invoices') },
  }),
  acceptDifference: describeRoute({
    method: 'post',
    path: '/v1/invoices/{invoice}/accept',
    operationId: 'acceptDifference',
    summary: 'accept that an invoice does not foot, with a reason',
    tags: ['invoices'],
    'x-access': 'period:change',
    request: {
      params: z.object({
        invoice: z
          .string()
          .max(200)
          .openapi({ param: { name: 'invoice', in: 'path' } }),
      }),
      headers: idempotencyKey,
      ...bodyOf(
        z.strictObject({
          reason,
          vendor: z.string().max(200).optional().describe('where two vendors use the number'),
          account: z.string().max(200).optional().describe('where two accounts have the number'),
        }),
      ),
    },
    responses: {
      200: jsonOf(z.object({ items: z.array(acceptedDifference) }).openapi('AcceptedDifferences'), 'Accepted'),
    },
  }),
  listQuarantine: describeRoute({
    method: 'get',
    path: '/v1/quarantine',
    operationId: 'listQuarantine',
    summary: 'rows that no import could read, as they were',
    tags: ['imports'],
    'x-access': 'report:read',
    request: { query: listPage },
    responses: { 200: jsonOf(reportPage, 'A page of rows') },
  }),
  listBills: describeRoute({
    method: 'get',
    path: '/v1/bills',
    operationId: 'listBills',
    summary: 'our bills of a period',
    tags: ['bills'],
    'x-access': 'report:read',
    request: { query: listPage.extend({ period }) },
    responses: { 200: jsonOf(reportPage, 'A page of bills') },
  }),
  getBill: describeRoute({
    method: 'get',
    path: '/v1/bills/{bill}',
    operationId: 'getBill',
    summary: 'the lines of one bill',
    tags: ['bills'],
    'x-access': 'report:read',
    request: {
      params: z.object({
        bill: z
          .string()
          .max(200)
          .openapi({ param: { name: 'bill', in: 'path' } }),
      }),
      query: listPage.extend({ period: period.optional() }),
    },
    responses: { 200: jsonOf(reportPage, 'A page of lines') },
  }),
}
