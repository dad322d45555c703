// Who carries more and who less than in another run, by one dimension, in the view that is chosen above.
import { Box, Group, Select, Table, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { useAsk } from '../../api/use-ask.ts'
import { rowsOf } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { Amount } from '../../components/amount.tsx'
import { ExportMenu } from '../../components/export-menu.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { figureClass, ListFrame } from '../../components/sides.tsx'
import { EmptyState, FailureState, LoadingState } from '../../components/states.tsx'
import { MoreButton } from '../jobs/more-button.tsx'
import type { Run } from './months.ts'

const DIMENSIONS = ['cost-centre', 'person', 'service', 'account', 'vendor', 'pool'] as const
type Dimension = (typeof DIMENSIONS)[number]
const LABEL: Readonly<Record<Dimension, string>> = {
  'cost-centre': 'Cost centre',
  person: 'Person',
  service: 'Service',
  account: 'Account',
  vendor: 'Vendor',
  pool: 'Pool',
}

export function CompareTab({ run }: { readonly run: Run }) {
  const format = useFormat()
  const search = useScreenSearch()
  const setSearch = useSetSearch()
  const runs = useAsk('listRuns', { query: { sort: '-closedAt', limit: 500 } })
  if (runs.isError) return <FailureState error={runs.error} onRetry={() => runs.refetch()} />
  if (!runs.data) return <LoadingState rows={4} />
  const others = runs.data.items.filter(({ id }) => id !== run.id)
  const since = others.find(({ id }) => id === search.since)?.id ?? before(run, others)?.id
  const view = search.view ?? 'adjusted'
  const by = DIMENSIONS.find((one) => one === search.by) ?? 'cost-centre'
  if (since === undefined)
    return (
      <EmptyState title="There is no other run to compare with">
        Another month, or another close of this one, can be compared here.
      </EmptyState>
    )
  return (
    <>
      <Group mb="sm" align="flex-end">
        <Select
          label="Compare with"
          data={others.map(({ id, period }) => ({ value: id, label: `${id} (${format.period(period)})` }))}
          value={since}
          onChange={(value) => setSearch({ since: value ?? undefined })}
          allowDeselect={false}
          searchable
          w={260}
        />
        <Select
          label="By"
          data={DIMENSIONS.map((value) => ({ value, label: LABEL[value] }))}
          value={by}
          onChange={(value) => setSearch({ by: value ?? undefined })}
          allowDeselect={false}
          w={180}
        />
        <Box ml="auto">
          <ExportMenu report="run-changes" query={{ run: run.id, since, by, view }} />
        </Box>
      </Group>
      <Changes run={run} since={since} by={by} view={view} />
    </>
  )
}

/** The one before of the same month, else the last of the months before. */
function before(run: Run, others: ReadonlyArray<Run>): Run | undefined {
  const earlier = others.filter(({ closedAt, period }) => closedAt < run.closedAt || period < run.period)
  return (
    earlier.find(({ period }) => period === run.period) ??
    earlier.filter(({ period }) => period < run.period).sort((a, b) => (a.period < b.period ? 1 : -1))[0] ??
    others[0]
  )
}

type ChangesProps = {
  readonly run: Run
  readonly since: string
  readonly by: Dimension
  readonly view: 'actual' | 'adjusted'
}

function Changes({ run, since, by, view }: ChangesProps) {
  const format = useFormat()
  const answer = useInfiniteQuery({
    queryKey: ['compareRuns', run.id, since, by, view],
    queryFn: ({ pageParam, signal }) =>
      client.ask('compareRuns', {
        params: { id: run.id },
        query: { since, by, view, limit: 100, ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })
  if (answer.isError) return <FailureState error={answer.error} onRetry={() => answer.refetch()} />
  if (!answer.data) return <LoadingState rows={6} />
  const rows = rowsOf(answer.data)
  if (rows.length === 0)
    return (
      <EmptyState title="The same, to the cent" why="all-well">
        By {LABEL[by].toLowerCase()}, nobody carries more or less in {run.id} than in {since}.
      </EmptyState>
    )
  return (
    <>
      <ListFrame label={`Changes from ${since} to ${run.id}`}>
        <Table fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{LABEL[by]}</Table.Th>
              <Table.Th scope="col">Name</Table.Th>
              <Table.Th scope="col" className={figureClass}>
                {since}
              </Table.Th>
              <Table.Th scope="col" className={figureClass}>
                {run.id}
              </Table.Th>
              <Table.Th scope="col" className={figureClass}>
                Change
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={`${row.key} ${row.currency}`}>
                <Table.Td>
                  <Named by={by} name={row.key ?? ''} period={run.period} />
                </Table.Td>
                <Table.Td>{row.name}</Table.Td>
                {(['before', 'after', 'change'] as const).map((key) => (
                  <Table.Td key={key} className={figureClass}>
                    <Amount value={row[key] ?? ''} currency={row.currency ?? ''} isChange={key === 'change'} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ListFrame>
      <Text size="xs" c="dimmed" mt={6} role="status">
        {format.count(answer.data.pages[0]?.rowCount ?? rows.length)} differ, in the {view} view; the greatest change
        first
      </Text>
      <MoreButton answer={answer} />
    </>
  )
}

const PAGE: Readonly<Partial<Record<Dimension, string>>> = {
  'cost-centre': '/cost-centres',
  person: '/people',
  service: '/services',
  pool: '/pools',
}

type NamedProps = {
  readonly by: Dimension
  readonly name: string
  readonly period: string
}

function Named({ by, name, period }: NamedProps) {
  const page = PAGE[by]
  const shown = name === '' ? <i>none</i> : name
  const search = page === undefined || name === '' ? { period, by: 'service', where: [`${by}=${name}`] } : { period }
  return (
    <ScreenLink
      to={page === undefined || name === '' ? '/explore' : `${page}/${encodeURIComponent(name)}`}
      search={search}
    >
      {shown}
    </ScreenLink>
  )
}
