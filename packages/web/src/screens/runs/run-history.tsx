// Every run that a month has had, and why each that no longer stands was taken back.
import { Paper, Table, Title } from '@mantine/core'
import { useFormat } from '../../app/format.ts'
import { ScreenLink } from '../../components/screen-link.tsx'
import { MonthBadge } from './month-list.tsx'
import type { Run } from './months.ts'

export function RunHistory({ runs }: { readonly runs: ReadonlyArray<Run> }) {
  const format = useFormat()
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="history">
      <Title order={2} size="h4" id="history" mb="xs">
        Runs of this month
      </Title>
      <Table fz="sm" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Run</Table.Th>
            <Table.Th scope="col">State</Table.Th>
            <Table.Th scope="col">Closed</Table.Th>
            <Table.Th scope="col">Reopened because</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map(({ id, period, state, closedAt, closedBy, reopenReason }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <ScreenLink to={`/runs/${encodeURIComponent(id)}`} search={{ period }}>
                  {id}
                </ScreenLink>
              </Table.Td>
              <Table.Td>
                <MonthBadge state={state} />
              </Table.Td>
              <Table.Td>
                {format.instant(closedAt)} by {closedBy}
              </Table.Td>
              <Table.Td>{reopenReason}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  )
}
