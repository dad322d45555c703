// Files sent to be imported: uploaded piece by piece, and then imported as a job.
import { z } from '@hono/zod-openapi'
import { job } from './jobs.ts'
import { describeRoute, jsonOf } from './route.ts'

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
}
