// Every version of a document: who saved it, what it changed, and a way back to what it said.
import { Badge, Button, Group, SegmentedControl, Stack, Table, Text, UnstyledButton } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { useAsk } from '../../../api/use-ask.ts'
import { useFormat } from '../../../app/format.ts'
import { useSetSearch } from '../../../app/go.ts'
import { FailureState, LoadingState } from '../../../components/states.tsx'
import { Differences, DocumentText } from './differences.tsx'
import { useDraft } from './use-draft.ts'

export function VersionsTab() {
  const { kind, name } = useDraft()
  const { key, chart: shown = 'changes' } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const format = useFormat()
  const versions = useAsk('listDocumentVersions', { params: { kind, name: name ?? '' }, query: { limit: 200 } })
  if (versions.isError) return <FailureState error={versions.error} onRetry={() => versions.refetch()} />
  if (!versions.data) return <LoadingState rows={4} />
  const all = versions.data.items
  const chosen = all.find(({ version }) => String(version) === key) ?? all[0]
  if (!chosen) return null
  const before = all.find(({ version }) => version < chosen.version)
  const isWhole = shown === 'text' || before === undefined
  return (
    <Stack>
      <Table.ScrollContainer minWidth={420} mah={280}>
        <Table fz="sm" highlightOnHover aria-label="Versions">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Version</Table.Th>
              <Table.Th scope="col">Saved</Table.Th>
              <Table.Th scope="col">By</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {all.map(({ version, savedAt, savedBy, isInForce, isDeleted }) => (
              <Table.Tr
                key={version}
                {...(version === chosen.version ? { bg: 'var(--mantine-color-default-hover)' } : {})}
              >
                <Table.Td>
                  <Group gap="xs">
                    <UnstyledButton
                      fz="sm"
                      c="var(--mantine-color-anchor)"
                      aria-pressed={version === chosen.version}
                      onClick={() => setSearch({ key: String(version) })}
                    >
                      Version {version}
                    </UnstyledButton>
                    {isInForce && (
                      <Badge size="sm" variant="light" tt="none">
                        in force
                      </Badge>
                    )}
                    {isDeleted && (
                      <Badge size="sm" variant="light" color="gray" tt="none">
                        deleted
                      </Badge>
                    )}
                  </Group>
                </Table.Td>
                <Table.Td>{format.instant(savedAt)}</Table.Td>
                <Table.Td>{savedBy}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Group justify="space-between">
        <SegmentedControl
          size="xs"
          aria-label="What to show of the version"
          data={[
            {
              value: 'changes',
              label: before ? `Changes since version ${before.version}` : 'Changes',
              disabled: !before,
            },
            { value: 'text', label: 'Whole document (YAML)' },
          ]}
          value={isWhole ? 'text' : 'changes'}
          onChange={(value) => setSearch({ chart: value === 'text' ? 'text' : undefined })}
        />
        <TakeBack version={chosen.version} />
      </Group>
      <VersionText version={chosen.version} before={isWhole ? null : before.version} />
    </Stack>
  )
}

function useVersion(version: number | null) {
  const { kind, name } = useDraft()
  return useAsk(
    'getDocumentVersion',
    { params: { kind, name: name ?? '', version: String(version ?? 1) } },
    { isReady: version !== null },
  )
}

function VersionText({ version, before }: { readonly version: number; readonly before: number | null }) {
  const after = useVersion(version)
  const earlier = useVersion(before)
  const error = after.error ?? earlier.error
  if (error) return <FailureState error={error} />
  if (!after.data || (before !== null && !earlier.data)) return <LoadingState rows={4} />
  if (before === null || !earlier.data) return <DocumentText text={after.data.text} label={`Version ${version}`} />
  return (
    <Differences before={earlier.data.text} after={after.data.text} label={`From version ${before} to ${version}`} />
  )
}

/** Puts what it said into the form; it is saved as a new version, like any change. */
function TakeBack({ version }: { readonly version: number }) {
  const { base, change, isReadOnly } = useDraft()
  const { data } = useVersion(version)
  const setSearch = useSetSearch()
  if (isReadOnly || version === base.version) return <Text size="xs" />
  return (
    <Button
      size="xs"
      variant="default"
      disabled={!data}
      onClick={() => {
        if (data) change(() => data.body)
        setSearch({ panel: undefined, key: undefined })
      }}
    >
      Put version {version} into the form
    </Button>
  )
}
