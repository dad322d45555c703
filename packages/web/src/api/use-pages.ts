// A list that comes in pages, as many of them as somebody asks for.
import {
  type InfiniteData,
  keepPreviousData,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
} from '@tanstack/react-query'
import { askPageWhileDrawn } from './use-ask.ts'

export type Page<T> = { readonly items: ReadonlyArray<T>; readonly next: string | null }
/** Of the next page's question: nothing for the first. */
export type PageCursor = { readonly cursor?: string }

export type PagesOptions = { readonly isReady?: boolean; readonly refetchSeconds?: number | undefined }

/** `key` begins with the operation, so that `askAgain` finds it. */
export function usePages<T>(
  key: ReadonlyArray<unknown>,
  ask: (cursor: PageCursor, signal: AbortSignal) => Promise<Page<T>>,
  { isReady = true, refetchSeconds }: PagesOptions = {},
): UseInfiniteQueryResult<InfiniteData<Page<T>>, Error> {
  const asked = {
    queryKey: [...key, 'pages'],
    queryFn: ({ pageParam, signal }: { readonly pageParam: string | null; readonly signal: AbortSignal }) =>
      ask(pageParam === null ? {} : { cursor: pageParam }, signal),
    initialPageParam: null as string | null,
  }
  if (isReady) askPageWhileDrawn(asked)
  return useInfiniteQuery({
    ...asked,
    getNextPageParam: (page) => page.next,
    enabled: isReady,
    placeholderData: keepPreviousData,
    ...(refetchSeconds === undefined ? {} : { refetchInterval: refetchSeconds * 1000 }),
  })
}

export function itemsOf<T>(answer: InfiniteData<Page<T>> | undefined): ReadonlyArray<T> {
  return answer?.pages.flatMap(({ items }) => items) ?? []
}
