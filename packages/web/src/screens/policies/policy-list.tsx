// The policies that are saved: what each is for and by what it shares.
import { Group, Paper, Table, Text, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useQueries } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { keyOf } from '../../api/use-ask.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { ScreenLink } from '../../components/screen-link.tsx'
import { EmptyState, FailureState, LoadingState } from '../../components/states.tsx'
import { type Body, listAt, textAt, valueAt } from '../catalogue/document/body.ts'
import { type Heading, useDocuments } from '../catalogue/document/names.ts'

/** Of as many the contents are shown; the rest are found by their name. */
const SHOWN_MAX = 100

export function PolicyList() {
  const { q = '' } = useScreenSearch()
  const setSearch = useSetSearch()
  const documents = useDocuments('AllocationPolicy')
  if (documents.isError) return <FailureState error={documents.error} onRetry={() => documents.refetch()} />
  if (!documents.data) return <LoadingState rows={5} />
  if (documents.data.length === 0)
    return (
      <EmptyState title="No policy yet">
        Every pool is shared by the default for its kind, which stands beneath. Begin a policy where another way is
        wanted.
      </EmptyState>
    )
  const wanted = q.toLowerCase()
  const found = documents.data.filter(({ name }) => name.toLowerCase().includes(wanted))
  return (
    <>
      {documents.data.length > 5 && (
        <TextInput
          type="search"
          size="sm"
          maw={320}
          mb="sm"
          aria-label="Search policies"
          placeholder="Search policies"
          leftSection={<IconSearch size={15} aria-hidden />}
          value={q}
          onChange={({ currentTarget: { value } }) =>
            setSearch({ q: value === '' ? undefined : value }, { replaces: true })
          }
        />
      )}
      {found.length === 0 ? <Text size="sm">Nothing of that name.</Text> : <Rows found={found.slice(0, SHOWN_MAX)} />}
      {found.length > SHOWN_MAX && (
        <Text size="xs" c="dimmed">
          and {found.length - SHOWN_MAX} more
        </Text>
      )}
    </>
  )
}

function Rows({ found }: { readonly found: ReadonlyArray<Heading> }) {
  const bodies = useQueries({
    queries: found.map(({ kind, name }) => {
      const question = { params: { kind, name } }
      return {
        queryKey: keyOf('getDocument', question),
        queryFn: ({ signal }: { signal: AbortSignal }) => client.ask('getDocument', { ...question, signal }),
      }
    }),
  })
  return (
    <Paper withBorder p="xs">
      <Table.ScrollContainer minWidth={560}>
        <Table fz="sm" highlightOnHover aria-label="Policies">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Policy</Table.Th>
              <Table.Th scope="col">For</Table.Th>
              <Table.Th scope="col">Shares</Table.Th>
              <Table.Th scope="col" ta="right">
                Version
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.map(({ name, version }, index) => {
              const body = bodies[index]?.data?.body
              return (
                <Table.Tr key={name}>
                  <Table.Th scope="row" fw={500} maw={340}>
                    <ScreenLink to={`/policies/${encodeURIComponent(name)}`}>{name}</ScreenLink>
                    <Text size="xs" c="dimmed" fw={400}>
                      {textAt(body, ['description'])}
                    </Text>
                  </Table.Th>
                  <Table.Td>{body && <Target body={body} />}</Table.Td>
                  <Table.Td>{body && sharesOf(body)}</Table.Td>
                  <Table.Td ta="right">{version}</Table.Td>
                </Table.Tr>
              )
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  )
}

const POOLS_SHOWN = 4

function Target({ body }: { readonly body: Body }) {
  const pools = valueAt(body, ['applies-to', 'pools'])
  if (!Array.isArray(pools)) {
    const words = ['model', 'usage-type', 'vendor'].map((key) => textAt(body, ['applies-to', key]))
    return <>pools of {words.filter((word) => word !== '').join(', ')}</>
  }
  const names = pools.map(String)
  return (
    <Group gap={6}>
      {names.slice(0, POOLS_SHOWN).map((pool) => (
        <ScreenLink key={pool} to={`/pools/${encodeURIComponent(pool)}`}>
          {pool}
        </ScreenLink>
      ))}
      {names.length > POOLS_SHOWN && <span>and {names.length - POOLS_SHOWN} more</span>}
    </Group>
  )
}

const sharesOf = (body: Body) =>
  listAt(body, ['components'])
    .map((component) => `${textAt(component, ['name'])} ${textAt(component, ['method']) || 'prorated'}`)
    .join(', ')
