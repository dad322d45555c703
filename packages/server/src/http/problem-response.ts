// Turns whatever was thrown into a problem document, once for the whole server. A bug of ours says nothing of its inside: the
// log has it under the request's id.
import { Refusal } from '@spillway/core'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { PROBLEM_TYPES, type ProblemCode, typeOf } from '../contract/problem-details.ts'
import type { ServerEnv } from './environment.ts'

type Said = {
  readonly code: ProblemCode
  readonly detail: string
  readonly hint: string
  readonly issues?: unknown
  readonly retryAfterSeconds?: unknown
  readonly accepted?: unknown
}

/** Of a refusal's facts only these leave the server. */
function saidOf(error: unknown): Said {
  if (error instanceof Refusal) {
    const { issues, retryAfterSeconds, accepted } = error.facts
    return { code: error.kind, detail: error.message, hint: error.hint, issues, retryAfterSeconds, accepted }
  }
  if (error instanceof HTTPException && error.status < 500)
    return { code: 'bad-command', detail: error.message, hint: 'Send what the reference of the API describes.' }
  const detail = 'Something went wrong on our side. What was not finished was not kept.'
  return { code: 'internal', detail, hint: 'Tell whoever runs the server the id of this request.' }
}

/** The document alone, for an answer that has begun. */
export function problemDocument(error: unknown, requestId: string) {
  const { code, detail, hint, issues, accepted } = saidOf(error)
  const { status, title } = PROBLEM_TYPES[code]
  return {
    type: typeOf(code),
    title,
    status,
    code,
    detail,
    hint,
    requestId,
    ...(Array.isArray(issues) ? { issues: issues.map(toIssue) } : {}),
    ...(typeof accepted === 'number' ? { accepted } : {}),
  }
}

export function problemResponse(c: Context<ServerEnv>, error: unknown): Response {
  const { retryAfterSeconds } = saidOf(error)
  const body = problemDocument(error, c.get('requestId'))
  const { status } = body
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' })
  if (status === 401) headers.set('www-authenticate', 'Bearer')
  if (typeof retryAfterSeconds === 'number') headers.set('retry-after', String(retryAfterSeconds))
  // Headers that middleware set before the error stay on the answer.
  for (const [name, value] of headers) c.header(name, value)
  return c.body(JSON.stringify(body), status as 500)
}

/** Some refusals list sentences, others what stands where. */
function toIssue(issue: unknown): object {
  return typeof issue === 'object' && issue !== null ? issue : { message: String(issue) }
}
