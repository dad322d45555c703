// What a version changed since another one, field by field.
import { Group, Select, Stack, Table, Text, Title } from '@mantine/core'
import { useAsk } from '../../api/use-ask.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { FailureState, LoadingState } from '../../components/states.tsx'
import { useDraft } from '../catalogue/document/use-draft.ts'
import { VersionsTab } from '../catalogue/document/versions-tab.tsx'
import { fieldDifferences } from './field-differences.ts'

export function PolicyVersions() {
  return (
    <Stack gap="lg">
      <VersionsTab />
      <FieldChanges />
    </Stack>
  )
}

/** Of the version that is chosen above; against the one before it unless another is named. */
function FieldChanges() {
  const { kind, name } = useDraft()
  const { key, since } = useScreenSearch()
  const setSearch = useSetSearch()
  const params = { kind, name: name ?? '' }
  const versions = useAsk('listDocumentVersions', { params, query: { limit: 200 } })
  const all = (versions.data?.items ?? []).map(({ version }) => version)
  const chosen = all.find((version) => String(version) === key) ?? all[0]
  const others = all.filter((version) => version !== chosen)
  const other =
    others.find((version) => String(version) === since) ??
    others.find((version) => version < (chosen ?? 0)) ??
    others[0]
  if (chosen === undefined || other === undefined) return null
  return (
    <section aria-labelledby="field-changes">
      <Group justify="space-between" mb="xs">
        <Title order={3} size="h5" id="field-changes">
          Version {chosen}, field by field
        </Title>
        <Select
          size="xs"
          w={220}
          aria-label="Compared with"
          data={others.map((version) => ({ value: String(version), label: `Compared with version ${version}` }))}
          value={String(other)}
          allowDeselect={false}
          onChange={(value) => setSearch({ since: value ?? undefined })}
        />
      </Group>
      <Compared from={other} to={chosen} />
    </section>
  )
}

function Compared({ from, to }: { readonly from: number; readonly to: number }) {
  const { kind, name } = useDraft()
  const paramsOf = (version: number) => ({ params: { kind, name: name ?? '', version: String(version) } })
  const before = useAsk('getDocumentVersion', paramsOf(from))
  const after = useAsk('getDocumentVersion', paramsOf(to))
  const error = before.error ?? after.error
  if (error) return <FailureState error={error} />
  if (!before.data || !after.data) return <LoadingState rows={3} />
  const differences = fieldDifferences(before.data.body, after.data.body)
  if (differences.length === 0)
    return (
      <Text size="sm" c="dimmed">
        They say the same.
      </Text>
    )
  return (
    <Table fz="sm" aria-label={`From version ${from} to ${to}`}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Field</Table.Th>
          <Table.Th scope="col">Version {from}</Table.Th>
          <Table.Th scope="col">Version {to}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {differences.map((one) => (
          <Table.Tr key={one.field}>
            <Table.Th scope="row" fw={500}>
              {one.field}
            </Table.Th>
            <Table.Td>{one.before === '' ? <i>not there</i> : one.before}</Table.Td>
            <Table.Td>{one.after === '' ? <i>not there</i> : one.after}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
