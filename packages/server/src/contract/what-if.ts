// Questions about runs: what other policies would have made of a month, and what changed between two runs. They change nothing.
import { z } from '@hono/zod-openapi'
import { configurationFile } from './configuration.ts'
import { listPage } from './paging.ts'
import { reportPage } from './reports.ts'
import { bodyOf, describeRoute, jsonOf, period } from './route.ts'

const amounts = z.object({
  currency: z.string(),
  gainers: z.int().describe('how many would carry less'),
  gained: z.string(),
  losers: z.int(),
  lost: z.string(),
})
export const simulation = z
  .object({
    run: z.string().describe('with which it is compared'),
    totals: z.array(z.object({ currency: z.string(), total: z.string() })).describe('the same before and after'),
    sums: z.array(amounts),
    report: reportPage.describe('every key that would carry another amount, the greatest change first'),
  })
  .openapi('Simulation')

/** Of each of four lists, in one answer. */
export const PREVIEW_ROWS_MAX = 5000
const change = z.object({ currency: z.string(), before: z.string(), after: z.string(), change: z.string() })
const named = z.object({ kind: z.string(), name: z.string() })
/** A page with all the rows that were asked for: there is no next one. */
const changesOf = (what: string) => reportPage.describe(`${what} that would differ, the greatest change first`)
export const ratingPreview = z
  .object({
    period,
    run: z.string().describe('with which it is compared'),
    documents: z.array(named).describe('that were tried'),
    brought: z.array(named).describe('named by those, in force now, and unknown to the run'),
    totals: z.array(change).describe('all bills of the month, per currency'),
    counts: z
      .object({ account: z.int(), plan: z.int(), bucket: z.int(), service: z.int() })
      .describe('how many differ, however many rows come'),
    sums: z.array(amounts.extend({ by: z.enum(['account', 'plan', 'service']) })).describe('over all that differ'),
    account: changesOf('accounts that are billed'),
    plan: changesOf('share plans, and what is of none,'),
    bucket: changesOf('buckets'),
    service: changesOf('services'),
    problems: z
      .array(z.object({ code: z.string(), severity: z.string(), message: z.string(), hint: z.string() }))
      .describe('what a close under these documents would find, and the run did not'),
  })
  .openapi('RatingPreview')
export type RatingPreview = z.infer<typeof ratingPreview>

/** The same answer, with how far it is on the way, for who accepts events. */
const withEvents = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema }, 'text/event-stream': { schema: z.string() } },
})
const IN_EVENTS = `With \`Accept: text/event-stream\` the answer comes as events: \`progress\` with stage, done and total, then
\`result\` with what the JSON would be, or \`problem\` with a problem document. Whoever breaks the request off cancels it.`

export const whatIfRoutes = {
  preview: describeRoute({
    method: 'post',
    path: '/v1/previews',
    operationId: 'preview',
    summary: 'what a month would be billed under other documents of the catalogue; changes nothing',
    description: IN_EVENTS,
    tags: ['share-plans'],
    'x-access': 'run:read',
    request: bodyOf(
      z.strictObject({
        period,
        files: z
          .array(configurationFile)
          .min(1)
          .max(100)
          .describe('documents of the catalogue, as they would be saved'),
        limit: z.int().min(1).max(PREVIEW_ROWS_MAX).default(200).describe('rows of each list'),
      }),
    ),
    responses: { 200: withEvents(ratingPreview, 'The comparison') },
  }),
  simulate: describeRoute({
    method: 'post',
    path: '/v1/simulations',
    operationId: 'simulate',
    summary: 'who would carry more and who less under other policies; changes nothing',
    description: IN_EVENTS,
    tags: ['runs'],
    'x-access': 'run:read',
    request: bodyOf(
      z.strictObject({
        period,
        files: z.array(configurationFile).min(1).max(100).describe('with AllocationPolicy documents'),
        by: z.enum(['service', 'person', 'cost-centre']).default('service'),
        limit: z.int().min(1).optional().describe('rows of the report, the greatest changes; all if left out'),
      }),
    ),
    responses: { 200: withEvents(simulation, 'The comparison') },
  }),
  compareRuns: describeRoute({
    method: 'get',
    path: '/v1/runs/{id}/changes',
    operationId: 'compareRuns',
    summary: 'who carries more and who less than in another run',
    tags: ['runs'],
    'x-access': 'run:read',
    request: {
      params: z.object({ id: z.string().openapi({ param: { name: 'id', in: 'path' } }) }),
      query: listPage.extend({
        since: z.string().max(200).describe('the other run'),
        by: z.enum(['cost-centre', 'person', 'service', 'account', 'vendor', 'pool']).default('cost-centre'),
        view: z.enum(['actual', 'adjusted']).default('adjusted'),
      }),
    },
    responses: { 200: jsonOf(reportPage, 'A page of changes') },
  }),
}
