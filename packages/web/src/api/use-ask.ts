// Questions to the API as hooks. An answer is kept while its screen is; a failure is shown with its request id, not retried.
import { type AnswerOf, ApiProblem, type Operation, type Question } from '@spillway/server/client'
import {
  type FetchInfiniteQueryOptions,
  type FetchQueryOptions,
  keepPreviousData,
  QueryClient,
  type QueryKey,
  type UseQueryResult,
  useQuery,
} from '@tanstack/react-query'
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
  const asked = {
    queryKey: keyOf(operation, question),
    queryFn: ({ signal }: { readonly signal: AbortSignal }) => client.ask(operation, { ...question, signal }),
  }
  if (isReady) askWhileDrawn(asked)
  return useQuery({
    ...asked,
    enabled: isReady,
    ...(keepsPrevious ? { placeholderData: keepPreviousData } : {}),
    ...(refetchSeconds === undefined ? {} : { refetchInterval: refetchSeconds * 1000 }),
  })
}

/**
 * While the screen that needs it is still being drawn: the hook itself asks once all of the page stands, which is an eighth of a
 * second later. Does nothing where it was asked before. As `usePrefetchQuery` of TanStack Query, which cannot wait until it is known
 * what to ask.
 */
function askWhileDrawn<T>(asked: FetchQueryOptions<T, Error, T, QueryKey>): void {
  if (queries.getQueryState(asked.queryKey) === undefined) void queries.prefetchQuery(asked)
}

/** {@link askWhileDrawn}, of the first page of a list. */
export function askPageWhileDrawn<T, P>(asked: FetchInfiniteQueryOptions<T, Error, T, QueryKey, P>): void {
  if (queries.getQueryState(asked.queryKey) === undefined) void queries.prefetchInfiniteQuery(asked)
}

/** After a change: whatever was asked of these is asked again. */
export async function askAgain(...operations: ReadonlyArray<Operation>): Promise<void> {
  await Promise.all(operations.map((operation) => queries.invalidateQueries({ queryKey: [operation] })))
}
