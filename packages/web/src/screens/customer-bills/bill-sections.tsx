// The sections of a bill, one way or another: what each comes to, the sum of all, and one of them in full beside them.
import { Box, Tabs } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { client } from '../../api/client.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { SearchBox } from '../../components/filter-chips.tsx'
import { RowsTable } from '../../components/rows-table.tsx'
import { FailureState, LoadingState, NothingNamed } from '../../components/states.tsx'
import type { BillHeading } from './bill-heading.ts'
import { BillSection } from './bill-section.tsx'
import { SECTIONS, type SectionsBy } from './sections-by.ts'

/** Out of sight, and asked for all the same. */
const ROWS_AHEAD = 40

/** What the key of a section is. */
const KEYS: Readonly<Record<SectionsBy, string>> = {
  'user-id': 'User id',
  service: 'Service',
  'cost-centre': 'Cost centre',
  project: 'Project',
}

/** As the address divides it, else as its customer has it: one question for the heading and the first sections. */
export function useBillSections(number: string) {
  const { by: asked, q } = useScreenSearch()
  const by = SECTIONS.find(([one]) => one === asked)?.[0]
  return useInfiniteQuery({
    queryKey: ['listBillSections', number, by, q],
    queryFn: ({ pageParam, signal }) =>
      client.ask('listBillSections', {
        params: { bill: number },
        query: {
          ...(by === undefined ? {} : { by }),
          ...(q === undefined ? {} : { search: q }),
          limit: 200,
          ...(pageParam === null ? {} : { cursor: pageParam }),
        },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.sections.next,
    placeholderData: keepPreviousData,
  })
}

export function BillSections({ heading }: { readonly heading: BillHeading }) {
  const here = useScreenSearch()
  const setSearch = useSetSearch()
  const by = SECTIONS.find(([one]) => one === here.by)?.[0] ?? heading.sections
  return (
    <Tabs
      value={by}
      keepMounted={false}
      onChange={(value) =>
        setSearch({
          by: value ?? undefined,
          ...{ key: undefined, chosen: undefined, panel: undefined, q: undefined },
        })
      }
    >
      <Tabs.List aria-label="How the bill is divided" mb="md">
        {SECTIONS.map(([value, label]) => (
          <Tabs.Tab key={value} value={value}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={by}>
        <SectionTable heading={heading} by={by} />
      </Tabs.Panel>
    </Tabs>
  )
}

/** What is chosen: a key, or what nobody was assigned, whose key is empty. */
function chosenIn({ key, chosen }: { key?: string | undefined; chosen?: string | undefined }): string | undefined {
  return chosen === 'unassigned' ? '' : key
}

function SectionTable({ heading, by }: { readonly heading: BillHeading; readonly by: SectionsBy }) {
  const here = useScreenSearch()
  const chosen = chosenIn(here)
  const answer = useBillSections(heading.number)
  const rows = useMemo(() => answer.data?.pages.flatMap(({ sections }) => sections.rows) ?? [], [answer.data])
  const [end, setEnd] = useState(0)
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = answer
  // Page by page, as each says where the next begins.
  useEffect(() => {
    if (end > rows.length - ROWS_AHEAD && hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [end, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage])
  if (answer.isError) return <FailureState error={answer.error} onRetry={() => answer.refetch()} />
  const head = answer.data?.pages[0]?.sections
  if (!head) return <LoadingState />
  return (
    <>
      <Box maw={320} mb="sm">
        <SearchBox label="Search sections" />
      </Box>
      {here.q !== undefined && head.rowCount === 0 ? (
        <NothingNamed text={here.q} />
      ) : (
        <RowsTable
          head={head}
          of={`${by} ${here.q ?? ''}`}
          rowAt={(index) => rows[index]}
          onSight={(_, sightEnd) => setEnd(sightEnd)}
          isStale={answer.isPlaceholderData}
          label="Sections of the bill"
          titles={{ key: KEYS[by] }}
          linkOf={({ key }) => ({
            to: '.',
            search: { ...here, key: key || undefined, chosen: key ? undefined : 'unassigned', panel: undefined },
          })}
        />
      )}
      {chosen !== undefined && <BillSection heading={heading} by={by} section={chosen} />}
    </>
  )
}
