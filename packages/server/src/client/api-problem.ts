// What the API answers instead of what was asked for: a problem document, as an error with its code.
import type { z } from 'zod'
import type { ProblemCode, problemDetails } from '../contract/problem-details.ts'

export type ProblemDetails = z.infer<typeof problemDetails>

export class ApiProblem extends Error {
  readonly status: number
  readonly code: ProblemCode
  readonly hint: string
  /** By which the server's log knows the request; '' where no server of ours answered. */
  readonly requestId: string
  readonly issues: NonNullable<ProblemDetails['issues']>

  constructor({ status, code, detail, hint, requestId, issues = [] }: Omit<ProblemDetails, 'type' | 'title'>) {
    super(detail)
    this.name = 'ApiProblem'
    this.status = status
    this.code = code
    this.hint = hint
    this.requestId = requestId
    this.issues = issues
  }
}

/** Of an answer that is none of ours, as from a proxy, only the status is told. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const text = await response.text()
  const reading = parsed(text)
  if (isProblemDetails(reading)) return new ApiProblem(reading)
  return new ApiProblem({
    ...{ status: response.status, code: 'internal', requestId: '' },
    detail: `The server answered ${response.status}, and not as Spillway does.`,
    hint: 'Check its address.',
  })
}

/** By hand: the schema would bring its library into every page. */
function isProblemDetails(reading: unknown): reading is ProblemDetails {
  if (typeof reading !== 'object' || reading === null) return false
  const given = reading as Readonly<Record<string, unknown>>
  return (
    typeof given.status === 'number' &&
    ['code', 'detail', 'hint', 'requestId'].every((name) => typeof given[name] === 'string') &&
    (given.issues === undefined || Array.isArray(given.issues))
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
