// What an entry of the audit log changed: each value before and after, those that stayed left out.
import { Table, Text } from '@mantine/core'
import { changesOf } from './changes.ts'

export type DifferenceProps = { readonly before: unknown; readonly after: unknown }

export function Difference({ before, after }: DifferenceProps) {
  const changes = changesOf(before, after)
  if (changes.length === 0) return null
  return (
    <Table fz="sm" layout="fixed" aria-label="What changed">
      <Table.Thead>
        <Table.Tr>
          {['Value', 'Before', 'After'].map((title) => (
            <Table.Th key={title} scope="col">
              {title}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {changes.map(({ path, before: was, after: is }) => (
          <Table.Tr key={path}>
            <Table.Th scope="row" fw={500} style={{ overflowWrap: 'anywhere' }}>
              {path || 'value'}
            </Table.Th>
            <Cell text={was} color="var(--spillway-more)" />
            <Cell text={is} color="var(--spillway-less)" />
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Cell({ text, color }: { readonly text: string | undefined; readonly color: string }) {
  return (
    <Table.Td style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap', verticalAlign: 'top' }}>
      {text === undefined ? (
        <Text span size="sm" c="dimmed">
          none
        </Text>
      ) : (
        <Text span size="sm" c={color}>
          {text}
        </Text>
      )}
    </Table.Td>
  )
}
