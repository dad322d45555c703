// Events of usage: taken in as CloudEvents 1.0, acknowledged once they are on the disk, and imported a little later.
import { z } from '@hono/zod-openapi'
import { describeRoute, instant, jsonOf } from './route.ts'

export const EVENT_BYTES_MAX = 64 * 1024
export const BATCH_BYTES_MAX = 16 * 1024 ** 2

const accepted = z
  .object({ accepted: z.int().describe('events that are on the disk now; none of them will be lost') })
  .openapi('AcceptedEvents')
export const intakeStatus = z
  .object({
    waitingEvents: z.int().describe('acknowledged, and not imported yet'),
    waitingBytes: z.int(),
    importedThrough: instant
      .nullable()
      .describe('what was acknowledged before this instant is imported; null until the first import since the start'),
    importedEvents: z.int().describe('since the start of the server'),
    quarantinedEvents: z.int().describe('which the report quarantine lists, with what is wrong'),
    duplicateEvents: z.int().describe('known already by their source and id, with the same content'),
    refusedEvents: z.int().describe("set aside in the workspace's folder intake-refused"),
    failure: z.string().describe("why the last import failed; '' where it did not"),
  })
  .openapi('IntakeStatus')

// Not read by a schema: each event is kept as the text that was sent.
const event = {
  type: 'object' as const,
  description: 'A CloudEvent 1.0 with `time`, whose `data` says what was used in the words of usage.csv.',
  required: ['specversion', 'id', 'source', 'type', 'time', 'data'],
  properties: {
    specversion: { type: 'string' as const, enum: ['1.0'] },
    id: { type: 'string' as const, description: 'with `source`, what makes it the same event when it is sent again' },
    source: { type: 'string' as const },
    type: { type: 'string' as const },
    time: { type: 'string' as const, format: 'date-time' },
    subject: { type: 'string' as const },
    data: { type: 'object' as const },
  },
  additionalProperties: true,
}
const tags = ['events']

export const eventRoutes = {
  sendEvents: describeRoute({
    method: 'post',
    path: '/v1/events',
    operationId: 'sendEvents',
    summary: 'send events of usage; a batch as a whole or not at all, a stream chunk by chunk',
    description: `One event (\`application/cloudevents+json\`, or any JSON with the attributes in \`ce-\` headers), a batch
(\`application/cloudevents-batch+json\`, at most 16 MiB), or lines of events (\`application/x-ndjson\`) of any length. An event
is at most 64 KiB. Send an event that was not acknowledged again: the same source and id with the same content count once.`,
    tags,
    'x-access': 'event:send',
    'x-streams': true,
    request: {
      body: {
        required: true,
        content: {
          'application/cloudevents+json': { schema: event },
          'application/cloudevents-batch+json': { schema: { type: 'array' as const, items: event } },
          'application/x-ndjson': { schema: { type: 'string', description: 'one event a line' } },
          'application/json': { schema: { type: 'object', description: 'the data of an event in binary mode' } },
        },
      },
    },
    responses: { 202: jsonOf(accepted, 'On the disk') },
  }),
  getIntakeStatus: describeRoute({
    method: 'get',
    path: '/v1/events/status',
    operationId: 'getIntakeStatus',
    summary: 'how many events wait to be imported, and through when all are',
    tags,
    'x-access': 'import:read',
    responses: { 200: jsonOf(intakeStatus, 'The status') },
  }),
  importEvents: describeRoute({
    method: 'post',
    path: '/v1/events/import',
    operationId: 'importEvents',
    summary: 'import now what is acknowledged by now, and answer when it is imported',
    tags,
    'x-access': 'import:change',
    responses: { 200: jsonOf(intakeStatus, 'The status afterwards') },
  }),
}
