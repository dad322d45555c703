// The sections of a bill, one way or another: what each comes to, the sum of all, and one of them in full beneath.
import { Button, Group, Table, Tabs, Text } from '@mantine/core'
import type { AnswerOf } from '@spillway/server/client'
import { type InfiniteData, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { Amount } from '../../components/amount.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'
import type { BillHeading } from './bill-heading.ts'
import { BillSection } from './bill-section.tsx'
import { SECTIONS, type SectionsBy } from './sections-by.ts'

const AMOUNTS = [
  ['usage', 'Usage'],
  ['recurring', 'Recurring'],
  ['minimum', 'Minimum'],
  ['adjustment', 'Adjustment'],
  ['subtotal', 'Subtotal'],
] as const

type Pages = InfiniteData<AnswerOf<'listBillSections'>>

/** As the address divides it, else as its customer has it: one question for the heading and the first sections. */
export function useBillSections(number: string) {
  const asked = useScreenSearch().by
  const by = SECTIONS.find(([one]) => one === asked)?.[0]
  return useInfiniteQuery({
    queryKey: ['listBillSections', number, by],
    queryFn: ({ pageParam, signal }) =>
      client.ask('listBillSections', {
        params: { bill: number },
        query: {
          ...(by === undefined ? {} : { by }),
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
          ...{ key: undefined, chosen: undefined, panel: undefined },
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
  const format = useFormat()
  const { number, currency } = heading
  const chosen = chosenIn(here)
  const answer = useBillSections(number)
  if (answer.isError) return <FailureState error={answer.error} onRetry={() => answer.refetch()} />
  if (!answer.data) return <LoadingState />
  const { rows, rowCount, totals } = sectionsIn(answer.data)
  return (
    <>
      <Table.ScrollContainer minWidth={640} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table
          aria-label="Sections of the bill"
          highlightOnHover
          fz="sm"
          style={{ fontVariantNumeric: 'tabular-nums' }}
        >
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Section</Table.Th>
              <Table.Th scope="col">Name</Table.Th>
              {AMOUNTS.map(([key, label]) => (
                <Table.Th key={key} scope="col" ta="right">
                  {label}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.key} {...(row.key === chosen ? { bg: 'var(--mantine-color-default-hover)' } : {})}>
                <Table.Th scope="row" fw={500}>
                  <SectionLink row={row} isChosen={row.key === chosen} />
                </Table.Th>
                <Table.Td>{row.key === '' ? '' : row.name}</Table.Td>
                {AMOUNTS.map(([key]) => (
                  <Table.Td key={key} ta="right">
                    <Amount value={row[key] ?? ''} currency={currency} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
          <Table.Tfoot>
            <Table.Tr>
              <Table.Th scope="row">Bill</Table.Th>
              <Table.Td>
                {format.count(rowCount)} {rowCount === 1 ? 'section' : 'sections'}
              </Table.Td>
              {AMOUNTS.map(([key]) => (
                <Table.Td key={key} ta="right" fw={650}>
                  <Amount value={totals[key] ?? ''} currency={currency} />
                </Table.Td>
              ))}
            </Table.Tr>
          </Table.Tfoot>
        </Table>
      </Table.ScrollContainer>
      {answer.hasNextPage && (
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            {format.count(rows.length)} of {format.count(rowCount)} are shown; the sum is of all.
          </Text>
          <Button
            variant="default"
            size="xs"
            loading={answer.isFetchingNextPage}
            onClick={() => answer.fetchNextPage()}
          >
            Show more
          </Button>
        </Group>
      )}
      {chosen !== undefined && <BillSection heading={heading} by={by} section={chosen} />}
    </>
  )
}

function sectionsIn({ pages }: Pages) {
  const first = pages[0]?.sections
  return {
    rows: pages.flatMap(({ sections }) => sections.rows),
    rowCount: first?.rowCount ?? 0,
    totals: first?.totals[0]?.amounts ?? {},
  }
}

type SectionLinkProps = { readonly row: Readonly<Record<string, string | null>>; readonly isChosen: boolean }

function SectionLink({ row, isChosen }: SectionLinkProps) {
  const setSearch = useSetSearch()
  const { key } = row
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      px={4}
      aria-expanded={isChosen}
      onClick={() =>
        setSearch(
          isChosen
            ? { key: undefined, chosen: undefined, panel: undefined }
            : { key: key || undefined, chosen: key ? undefined : 'unassigned' },
        )
      }
    >
      {key || <i>unassigned</i>}
    </Button>
  )
}
