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

export const whatIfRoutes = {
  simulate: describeRoute({
    method: 'post',
    path: '/v1/simulations',
    operationId: 'simulate',
    summary: 'who would carry more and who less under other policies; changes nothing',
    tags: ['runs'],
    'x-access': 'run:read',
    request: bodyOf(
      z.strictObject({
        period,
        files: z.array(configurationFile).min(1).max(100).describe('with AllocationPolicy documents'),
        by: z.enum(['service', 'person', 'cost-centre']).default('service'),
      }),
    ),
    responses: { 200: jsonOf(simulation, 'The comparison') },
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
