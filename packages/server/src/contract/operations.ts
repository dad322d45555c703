// For those who run the server: is it alive, is it ready, its metrics, and what its problems mean.
import { z } from '@hono/zod-openapi'
import { problemType } from './problem-details.ts'
import { describeRoute, jsonOf } from './route.ts'

const health = z.object({ status: z.enum(['ok', 'stopping', 'failing']) }).openapi('Health')
const tags = ['operations']

export const operationRoutes = {
  getLive: describeRoute({
    method: 'get',
    path: '/health/live',
    operationId: 'getLive',
    summary: 'the process answers',
    tags,
    'x-access': 'anyone',
    responses: { 200: jsonOf(health, 'Alive') },
  }),
  getReady: describeRoute({
    method: 'get',
    path: '/health/ready',
    operationId: 'getReady',
    summary: 'both stores answer, and it is not stopping',
    tags,
    'x-access': 'anyone',
    responses: { 200: jsonOf(health, 'Ready'), 503: jsonOf(health, 'Not ready') },
  }),
  getMetrics: describeRoute({
    method: 'get',
    path: '/metrics',
    operationId: 'getMetrics',
    summary: 'metrics for Prometheus',
    tags,
    'x-access': 'metrics:read',
    responses: { 200: { description: 'Metrics', content: { 'text/plain': { schema: z.string() } } } },
  }),
  listProblemTypes: describeRoute({
    method: 'get',
    path: '/v1/problems',
    operationId: 'listProblemTypes',
    summary: 'every kind of problem that the API answers with',
    tags,
    'x-access': 'anyone',
    responses: { 200: jsonOf(z.object({ items: z.array(problemType) }).openapi('ProblemTypes'), 'The kinds') },
  }),
  getProblemType: describeRoute({
    method: 'get',
    path: '/v1/problems/{code}',
    operationId: 'getProblemType',
    summary: 'one kind of problem: where `type` of a problem leads',
    tags,
    'x-access': 'anyone',
    request: { params: z.object({ code: z.string().openapi({ param: { name: 'code', in: 'path' } }) }) },
    responses: { 200: jsonOf(problemType, 'The kind') },
  }),
}
