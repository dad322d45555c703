// Who did what when, with what it changed; narrowed by who, what and of what, and all of it as a file.
import { Button, Group, Table, Text } from '@mantine/core'
import type { AnswerOf } from '@spillway/server/client'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { useAsk } from '../../api/use-ask.ts'
import { itemsOf, type PageCursor, usePages } from '../../api/use-pages.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch } from '../../app/go.ts'
import { useMay } from '../../app/session.tsx'
import { FilterChips, termOf } from '../../components/filter-chips.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { ListFrame, Sides } from '../../components/sides.tsx'
import { EmptyState, FailureState, LoadingState } from '../../components/states.tsx'
import { MoreButton } from '../jobs/more-button.tsx'
import { changesOf } from './changes.ts'
import { Difference } from './difference.tsx'
import { Panel } from './panel.tsx'

type Entry = AnswerOf<'listAudit'>['items'][number]
type Filters = { who?: string; action?: string; subject?: string }

const DIMENSIONS = ['who', 'action', 'subject'] as const

export function AuditTab() {
  const { where = [], chosen } = useScreenSearch()
  const filters = filtersOf(where)
  const answer = usePages(['listAudit', filters], (cursor: PageCursor, signal) =>
    client.ask('listAudit', { query: { ...filters, limit: 100, ...cursor }, signal }),
  )
  const entries = itemsOf(answer.data)
  const shown = entries.find(({ id }) => String(id) === chosen)
  return (
    <>
      <Group justify="space-between" align="flex-start">
        <FilterChips dimensions={DIMENSIONS} hasSearch={false} />
        <ExportAudit filters={filters} />
      </Group>
      {answer.isError && <FailureState error={answer.error} onRetry={() => answer.refetch()} />}
      {answer.isPending && <LoadingState />}
      {answer.data && entries.length === 0 && (
        <EmptyState title="Nobody did that" why="no-match">
          Filters ask for exactly what is written: take one off.
        </EmptyState>
      )}
      {entries.length > 0 && (
        <Sides
          list={
            <>
              <EntryTable entries={entries} />
              <MoreButton answer={answer} />
            </>
          }
          panel={shown && <EntryPanel entry={shown} />}
        />
      )}
    </>
  )
}

/** The last of each counts: an entry has one of each. */
function filtersOf(where: ReadonlyArray<string>): Filters {
  const terms = where.map(termOf).filter(({ dimension }) => DIMENSIONS.some((one) => one === dimension))
  return Object.fromEntries(terms.map(({ dimension, key }) => [dimension, key]))
}

const actionWords = (action: string) => {
  const words = action.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What a person knows it by: a user's address and not the id, a month as it is called. Of an import it is the file. */
function useSubjectWords(): (subject: string) => string {
  const format = useFormat()
  const maySeeUsers = useMay('user:read')
  const users = useAsk('listUsers', { query: { limit: 200 } }, { isReady: maySeeUsers })
  const emails = new Map((users.data?.items ?? []).map(({ id, email }) => [id, email]))
  return (subject) => emails.get(subject) ?? (/^\d{4}-\d\d$/.test(subject) ? format.period(subject) : subject)
}

function EntryTable({ entries }: { readonly entries: ReadonlyArray<Entry> }) {
  const format = useFormat()
  const subjectWords = useSubjectWords()
  const here = useScreenSearch()
  return (
    <ListFrame label="Audit log">
      <Table fz="sm" verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            {['When', 'Who', 'What', 'Of what'].map((title) => (
              <Table.Th key={title} scope="col">
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map(({ id, at, who, action, subject, details }) => (
            <Table.Tr key={id} data-chosen={String(id) === here.chosen || undefined}>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>{format.instant(at)}</Table.Td>
              <Table.Td>{who}</Table.Td>
              <Table.Td>
                <ScreenLink to="/settings" search={{ ...here, chosen: String(id) }}>
                  {actionWords(action)}
                </ScreenLink>
              </Table.Td>
              <Table.Td miw={160} style={{ overflowWrap: 'anywhere' }} title={subject}>
                {typeof details.file === 'string' ? details.file : subjectWords(subject)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ListFrame>
  )
}

function EntryPanel({ entry }: { readonly entry: Entry }) {
  const format = useFormat()
  const { id, at, who, action, subject, details, before, after, hash } = entry
  const subjectWords = useSubjectWords()
  return (
    <Panel title={`${actionWords(action)}: ${subjectWords(subject)}`}>
      <Text size="sm" c="dimmed">
        Entry {id}, {format.instant(at)}, by {who}
      </Text>
      <Difference before={before} after={after} />
      {Object.keys(details).length > 0 && (
        <Table fz="sm" aria-label="Details">
          <Table.Tbody>
            {changesOf(undefined, details).map(({ path, after: value }) => (
              <Table.Tr key={path}>
                <Table.Th scope="row" fw={500} w={160}>
                  {path.replaceAll('.', ', ')}
                </Table.Th>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  {value === '' || value === 'null' ? 'none' : value}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        Its hash, over this entry and the one before: {hash}
      </Text>
    </Panel>
  )
}

function ExportAudit({ filters }: { readonly filters: Filters }) {
  const save = useMutation({
    mutationFn: async () => {
      const lines: string[] = []
      let cursor: string | null | undefined
      do {
        const page: AnswerOf<'listAudit'> = await client.ask('listAudit', {
          query: { ...filters, limit: 500, ...(cursor ? { cursor } : {}) },
        })
        lines.push(...page.items.map((entry) => `${JSON.stringify(entry)}\n`))
        cursor = page.next
      } while (cursor !== null)
      download(new Blob(lines, { type: 'application/x-ndjson' }), 'audit.ndjson')
    },
  })
  return (
    <Group>
      {save.isError && <FailureState error={save.error} />}
      <Button
        size="sm"
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
        loading={save.isPending}
        onClick={() => save.mutate()}
      >
        Export (NDJSON)
      </Button>
    </Group>
  )
}

function download(content: Blob, name: string): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
