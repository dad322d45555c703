// Every error of the API is a problem document (RFC 9457). Its types are the kinds of refusals, and one for our own bugs.
import { z } from '@hono/zod-openapi'
import { REFUSAL_KINDS, type RefusalKind } from '@spillway/core'

type ProblemType = { readonly status: number; readonly title: string }

/** By kind of refusal: the status and a title that is the same every time. */
export const PROBLEM_TYPES: Readonly<Record<RefusalKind | 'internal', ProblemType>> = {
  'bad-command': { status: 400, title: 'The request is not understood' },
  'bad-configuration': { status: 422, title: 'The configuration is not valid' },
  'not-signed-in': { status: 401, title: 'Sign in first' },
  'not-permitted': { status: 403, title: 'Not permitted' },
  'not-found': { status: 404, title: 'Not found' },
  exists: { status: 409, title: 'It is there already' },
  'in-use': { status: 409, title: 'Still in use' },
  'request-repeated': { status: 409, title: 'The idempotency key was used before' },
  'changed-meanwhile': { status: 412, title: 'It was changed meanwhile' },
  'condition-missing': { status: 428, title: 'Say which version is to be changed' },
  'too-many': { status: 429, title: 'Too many requests' },
  'too-large': { status: 413, title: 'Too large' },
  'intake-full': { status: 503, title: 'Too many events wait' },
  'no-space': { status: 507, title: 'The disk is full' },
  'period-published': { status: 409, title: 'The period is published' },
  'period-not-closed': { status: 409, title: 'The period is not closed' },
  'period-not-published': { status: 409, title: 'The period is not published' },
  unreconciled: { status: 409, title: 'Invoices do not foot' },
  unrated: { status: 409, title: 'Usage is not rated' },
  'hostile-file': { status: 422, title: 'The file is refused' },
  'unrecognised-file': { status: 422, title: 'The file is not recognised' },
  'mass-end': { status: 409, title: 'Too much would end at once' },
  'cost-centre-cycle': { status: 422, title: 'Cost centres make a circle' },
  'passcode-key': { status: 503, title: 'The key of passcodes is missing' },
  'workspace-busy': { status: 503, title: 'The workspace is busy' },
  'workspace-exists': { status: 409, title: 'The workspace is there already' },
  'workspace-missing': { status: 503, title: 'The workspace is missing' },
  'workspace-too-new': { status: 503, title: 'The workspace is of a newer version' },
  'workspace-damaged': { status: 503, title: 'The workspace is damaged' },
  'workspace-read-only': { status: 503, title: 'The workspace cannot be written' },
  cancelled: { status: 409, title: 'Cancelled' },
  internal: { status: 500, title: 'A fault of ours' },
}
export type ProblemCode = keyof typeof PROBLEM_TYPES
export const PROBLEM_CODES: ReadonlyArray<ProblemCode> = [...REFUSAL_KINDS, 'internal']

/** Where a problem's type is described. */
export const typeOf = (code: ProblemCode) => `/v1/problems/${code}`

export const problemDetails = z
  .object({
    type: z.string().describe('where this kind of problem is described'),
    title: z.string(),
    status: z.int(),
    code: z.enum(PROBLEM_CODES as [ProblemCode, ...ProblemCode[]]),
    detail: z.string().describe('what is wrong this time, for a person'),
    hint: z.string().describe("what to do; '' where nothing helps"),
    requestId: z.string().describe('by which the log knows this request'),
    issues: z
      .array(z.looseObject({ message: z.string() }))
      .optional()
      .describe('everything that is wrong with what was sent'),
    accepted: z.int().optional().describe('of a stream of events: how many before this were accepted'),
  })
  .openapi('Problem')

export const problemType = z
  .object({ code: z.string(), type: z.string(), title: z.string(), status: z.int() })
  .openapi('ProblemType')
