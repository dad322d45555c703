// Questions to the API as hooks. An answer is kept while its screen is; a failure is shown with its request id, not retried.
import { type AnswerOf, ApiProblem, type Operation, type Question } from '@spillway/server/client'
import { keepPreviousData, QueryClient, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { client } from './client.ts'

export const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 30_000, retry: isWorthAnotherTry, refetchOnWindowFocus: false },
  },
})

/** A server that is away for a moment, once; what it refuses, never. */
function isWorthAnotherTry(failures: number, error: unknown): boolean {
  return failures < 1 && !(error instanceof ApiProblem && error.status < 500)
}

export type AskOptions = {
  /** False until it is known what to ask. */
  readonly isReady?: boolean
  /** Shows the answer before while the next one is fetched. */
  readonly keepsPrevious?: boolean
  readonly refetchSeconds?: number | undefined
}

/** The key under which an answer is kept: `queries.invalidateQueries({ queryKey: keyOf('listJobs') })` after a change. */
export function keyOf<O extends Operation>(operation: O, question?: Question<O>): ReadonlyArray<unknown> {
  return question === undefined ? [operation] : [operation, question]
}

export function useAsk<O extends Operation>(
  operation: O,
  question: Question<O>,
  { isReady = true, keepsPrevious = false, refetchSeconds }: AskOptions = {},
): UseQueryResult<AnswerOf<O>, Error> {
  return useQuery({
    queryKey: keyOf(operation, question),
    queryFn: ({ signal }) => client.ask(operation, { ...question, signal }),
    enabled: isReady,
    ...(keepsPrevious ? { placeholderData: keepPreviousData } : {}),
    ...(refetchSeconds === undefined ? {} : { refetchInterval: refetchSeconds * 1000 }),
  })
}

/** After a change: whatever was asked of these is asked again. */
export async function askAgain(...operations: ReadonlyArray<Operation>): Promise<void> {
  await Promise.all(operations.map((operation) => queries.invalidateQueries({ queryKey: [operation] })))
}
