// The first rows of a report, with the totals of all of them, and the pages after it for whoever asks for more. A table that is
// scrolled anywhere: use-report-rows.ts.
import type { AnswerOf, Question } from '@spillway/server/client'
import {
  type InfiniteData,
  keepPreviousData,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
} from '@tanstack/react-query'
import { client } from './client.ts'
import { askPageWhileDrawn } from './use-ask.ts'

export type ReportPage = AnswerOf<'getReport'>
export type ReportColumn = ReportPage['columns'][number]
/** Cells by column; null where an empty cell is no value. */
export type ReportRow = ReportPage['rows'][number]
export type ReportQuery = Omit<NonNullable<Question<'getReport'>['query']>, 'format' | 'limit' | 'cursor' | 'offset'>

/** A window has no room for as many, and they come at once. Whoever asks for more gets many. */
const PAGE_ROWS = 200
const NEXT_PAGE_ROWS = 1000

export function useReport(
  report: string,
  query: ReportQuery,
  { isReady = true, pageRows = PAGE_ROWS }: { readonly isReady?: boolean; readonly pageRows?: number } = {},
): UseInfiniteQueryResult<InfiniteData<ReportPage>, Error> {
  const asked = {
    queryKey: ['getReport', report, query, pageRows],
    queryFn: ({ pageParam, signal }: { readonly pageParam: string | null; readonly signal: AbortSignal }) =>
      client.ask('getReport', {
        params: { report },
        query: {
          ...query,
          ...(pageParam === null
            ? { limit: pageRows }
            : { limit: Math.max(pageRows, NEXT_PAGE_ROWS), cursor: pageParam }),
        },
        signal,
      }),
    initialPageParam: null as string | null,
  }
  if (isReady) askPageWhileDrawn(asked)
  return useInfiniteQuery({
    ...asked,
    getNextPageParam: (page) => page.next,
    enabled: isReady,
    placeholderData: keepPreviousData,
  })
}

/** Rows of the pages that are there. */
export function rowsOf(answer: InfiniteData<ReportPage> | undefined): ReadonlyArray<ReportRow> {
  return answer?.pages.flatMap(({ rows }) => rows) ?? []
}
