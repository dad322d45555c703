// A report of any length as rows by their places: its first page, and of the others those that somebody looks at. What is scrolled
// past without a look is not asked for, and what has been out of sight for long is forgotten.
import { type UseQueryResult, useQueries } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { client } from './client.ts'
import { queries } from './use-ask.ts'
import { type ReportPage, type ReportQuery, type ReportRow, useReport } from './use-report.ts'

/** Rows that are asked for at once: fewer would be asked for often, more would come late. */
const BLOCK_ROWS = 500
/** Beyond what is in the page: whoever scrolls a screen each frame passes them in half a second, in which the next ones come. */
const ROWS_AHEAD = 500
/** While the scrollbar is dragged every frame has other rows: they are asked for once in so long, and the last ones always. */
const ASK_EVERY_MS = 100
/** Out of sight for so long, a block is forgotten. */
const KEPT_MS = 30_000
/** A report that changes with every answer is shown as it is. */
const AGREEMENTS_SOUGHT_MAX = 5

export type ReportRows = {
  /** The first page; undefined until it is there. */
  readonly head: ReportPage | undefined
  /** What the rows answer to. */
  readonly of: string
  /** The rows are of what was asked before; the next answer is on its way. */
  readonly isStale: boolean
  /** undefined while the row is on its way. */
  readonly rowAt: (index: number) => ReportRow | undefined
  /** Rows from `first` until before `end` are in the page, some of them not here yet or all of them here. */
  readonly onSight: (first: number, end: number, isWaiting: boolean) => void
  readonly error: Error | null
  /** Once more, what has failed. */
  readonly onRetry: () => void
}

export function useReportRows(
  report: string,
  query: ReportQuery,
  { isReady }: { readonly isReady: boolean },
): ReportRows {
  const first = useReport(report, query, { isReady })
  const head = first.data?.pages[0]
  const isStale = first.isPlaceholderData
  const of = JSON.stringify([report, query])
  // A page of what was asked before says nothing about the length of this.
  const length = isStale ? 0 : (head?.rowCount ?? 0)
  const { blocks, onSight } = useBlocksInSight({ of, length, headLength: head?.rows.length ?? 0 })
  const answers = useQueries({ queries: blocks.map((block) => questionOf(report, query, block)) })
  const { isFetching, dataUpdatedAt, refetch } = first
  useAgreement({ data: head, isFetching, dataUpdatedAt, refetch }, answers)
  const found = new Map<number, ReportPage>()
  const rowAt = (index: number) => {
    if (head && index < head.rows.length) return head.rows[index]
    if (index >= length) return undefined
    const block = Math.floor(index / BLOCK_ROWS)
    // Also what is not asked for any more, or not yet again.
    const page = found.get(block) ?? queries.getQueryData<ReportPage>(keyOfBlock(report, query, block))
    if (page) found.set(block, page)
    return page?.rows[index - block * BLOCK_ROWS]
  }
  const failed = [first, ...answers].filter(({ isError }) => isError)
  return {
    ...{ head, of, isStale, rowAt, onSight },
    error: failed[0]?.error ?? null,
    onRetry: () => {
      for (const { refetch } of failed) void refetch()
    },
  }
}

const keyOfBlock = (report: string, query: ReportQuery, block: number) => ['getReport', report, query, { block }]

function questionOf(report: string, query: ReportQuery, block: number) {
  return {
    queryKey: keyOfBlock(report, query, block),
    // Broken off where the block is out of sight before it has come.
    queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
      client.ask('getReport', {
        params: { report },
        query: { ...query, limit: BLOCK_ROWS, offset: block * BLOCK_ROWS },
        signal,
      }),
    gcTime: KEPT_MS,
    // Nobody holds on to a row: to compare all of them with those before would cost more than it saves.
    structuralSharing: false,
  }
}

type Sight = { readonly of: string; readonly blocks: ReadonlyArray<number> }
type BlocksOptions = { readonly of: string; readonly length: number; readonly headLength: number }
const NONE: ReadonlyArray<number> = []

/** Blocks with rows in the page or near it that the first page has not. */
function useBlocksInSight({ of, length, headLength }: BlocksOptions) {
  const [asked, setAsked] = useState<Sight>({ of, blocks: NONE })
  const wanted = useRef(asked)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const askedAt = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => () => clearTimeout(timer.current), [])
  const onSight = useCallback(
    (first: number, end: number, isWaiting: boolean) => {
      // Nothing else is asked for before those in the page are here, nor of a table that nobody has moved yet: who begins to scroll
      // has most of the first page before them.
      const ahead = isWaiting || first === 0 ? 0 : ROWS_AHEAD
      const blocks = blocksAmong(Math.max(headLength, first - ahead), Math.min(length, end + ahead))
      if (isSame(wanted.current, { of, blocks })) return
      wanted.current = { of, blocks }
      if (timer.current !== undefined) return
      const ask = () => {
        timer.current = undefined
        askedAt.current = performance.now()
        setAsked(wanted.current)
      }
      const waitMs = askedAt.current + ASK_EVERY_MS - performance.now()
      if (waitMs <= 0) ask()
      else timer.current = setTimeout(ask, waitMs)
    },
    [of, length, headLength],
  )
  return { blocks: asked.of === of ? asked.blocks : NONE, onSight }
}

/** Those that rows from `first` until before `end` are in. */
function blocksAmong(first: number, end: number): ReadonlyArray<number> {
  const blocks: number[] = []
  for (let block = Math.floor(first / BLOCK_ROWS); block * BLOCK_ROWS < end; block += 1) blocks.push(block)
  return first < end ? blocks : NONE
}

const isSame = (one: Sight, other: Sight) =>
  one.of === other.of && one.blocks.length === other.blocks.length && one.blocks[0] === other.blocks[0]

type Answer = Pick<UseQueryResult, 'isFetching' | 'dataUpdatedAt' | 'refetch'> & {
  readonly data: ReportPage | undefined
}

/** Pages that were made before and after a change would repeat rows or leave some out: the older ones are asked for again. */
function useAgreement(first: Answer, answers: ReadonlyArray<Answer>): void {
  const sought = useRef(0)
  useEffect(() => {
    if (!first.data || first.isFetching || answers.some(({ isFetching }) => isFetching)) return
    const view = viewOf(first.data)
    const others = answers.filter(({ data }) => data && viewOf(data) !== view)
    if (others.length === 0) sought.current = 0
    else if (sought.current < AGREEMENTS_SOUGHT_MAX) {
      sought.current += 1
      if (others.some(({ dataUpdatedAt }) => dataUpdatedAt > first.dataUpdatedAt)) void first.refetch()
      else for (const { refetch } of others) void refetch()
    }
  })
}

const viewOf = ({ rowCount, totals }: ReportPage) => JSON.stringify([rowCount, totals])
