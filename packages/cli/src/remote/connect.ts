// Works on a server in the caller's name. What the server refuses comes out as the same refusal that the folder would give.
import { Refusal } from '@spillway/core'
import { ApiProblem, Client } from '@spillway/server/client'
import { ROUTES } from '@spillway/server/contract'
import { ServerFault } from './server-fault.ts'
import type { ServerPlace } from './server-place.ts'

export type { Client } from '@spillway/server/client'
export { followAnswer, readPages, readReport, reportOf } from '@spillway/server/client'

export async function connect<T>({ url, token }: ServerPlace, work: (client: Client) => Promise<T>): Promise<T> {
  try {
    return await work(new Client({ url, routes: ROUTES, token }))
  } catch (error) {
    throw refusalFrom(error, url)
  }
}

function refusalFrom(error: unknown, url: string): unknown {
  if (error instanceof ApiProblem) {
    const { code, message, hint, requestId } = error
    if (code === 'internal') return new ServerFault(message, { hint, requestId })
    return new Refusal(code, message, { hint })
  }
  // What `fetch` throws has its reason behind it.
  const cause = error instanceof TypeError ? (error.cause as { readonly code?: unknown } | undefined) : undefined
  if (cause === undefined) return error
  return new Refusal(
    'workspace-missing',
    `${url} does not answer${cause.code === undefined ? '' : ` (${cause.code})`}.`,
    {
      hint: 'Check the address, and whether `spillway serve` runs there.',
    },
  )
}
