// What the close of a month found wrong, worst first, with what to do about each.
import { Badge, Group, Paper, Table, Text, Title } from '@mantine/core'
import { rowsOf, useReport } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { ExportMenu } from '../../components/export-menu.tsx'
import { Hint } from '../../components/hint.tsx'
import { ListFrame } from '../../components/sides.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'
import { MoreButton } from '../jobs/more-button.tsx'

const SEVERITY: Readonly<Record<string, { readonly label: string; readonly color: string }>> = {
  error: { label: 'Error', color: 'red' },
  warning: { label: 'Warning', color: 'yellow' },
  info: { label: 'Note', color: 'gray' },
}

export function ProblemTable({ period }: { readonly period: string }) {
  const format = useFormat()
  const answer = useReport('problems', { period }, { pageRows: 50 })
  const count = answer.data?.pages[0]?.rowCount
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="problems">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="problems">
          What the close found{count === undefined ? '' : `: ${format.count(count)}`}
        </Title>
        {count !== undefined && count > 0 && <ExportMenu report="problems" query={{ period }} />}
      </Group>
      {answer.isError && <FailureState error={answer.error} onRetry={() => answer.refetch()} />}
      {answer.isPending && <LoadingState rows={3} />}
      {count === 0 && <Text size="sm">Nothing: every bill foots, and every cost has an owner.</Text>}
      {count !== undefined && count > 0 && <Problems answer={answer} />}
    </Paper>
  )
}

function Problems({ answer }: { readonly answer: ReturnType<typeof useReport> }) {
  return (
    <>
      <ListFrame label="Problems">
        <Table fz="sm" verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Severity</Table.Th>
              <Table.Th scope="col" style={{ whiteSpace: 'normal' }}>
                What is wrong, and what to do
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rowsOf(answer.data).map(({ severity, code, message, hint }, index) => {
              const { label, color } = SEVERITY[severity ?? ''] ?? { label: severity, color: 'gray' }
              return (
                <Table.Tr key={`${code} ${index}`}>
                  <Table.Td style={{ verticalAlign: 'top' }}>
                    <Badge variant="light" color={color} tt="none" miw="max-content">
                      {label}
                    </Badge>
                  </Table.Td>
                  <Table.Td>
                    {message}
                    <Text size="sm" c="dimmed">
                      <Hint text={hint ?? ''} />
                    </Text>
                  </Table.Td>
                </Table.Tr>
              )
            })}
          </Table.Tbody>
        </Table>
      </ListFrame>
      <MoreButton answer={answer} />
    </>
  )
}
