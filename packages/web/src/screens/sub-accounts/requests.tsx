// What members asked for, and what was answered: approved with a passcode that is shown once, or refused with a reason.
import { Badge, Button, Group, Table, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { askAgain, useAsk } from '../../api/use-ask.ts'
import type { ReportRow } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useMay } from '../../app/session.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { EmptyState, FailureState, LoadingState } from '../../components/states.tsx'
import type { NewPasscode } from './passcodes.tsx'

export type RequestsProps = {
  readonly account: string
  readonly onPasscodes: (passcodes: ReadonlyArray<NewPasscode>) => void
}

type Answering = { readonly verb: 'approve' | 'refuse'; readonly row: ReportRow }

const again = () => askAgain('listSubAccountRequests', 'listSubAccounts', 'getReport')

export function Requests({ account, onPasscodes }: RequestsProps) {
  const answer = useAsk('listSubAccountRequests', { query: { limit: 500 } })
  const [answering, setAnswering] = useState<Answering | null>(null)
  const responding = useMutation({
    gcTime: 0,
    mutationFn: async ({ verb, row, reason }: Answering & { readonly reason: string }) => {
      const params = { request: row.request ?? '' }
      if (verb === 'refuse') return client.ask('refuseSubAccount', { params, body: { reason } })
      const made = await client.ask('approveSubAccount', { params, body: { reason } })
      onPasscodes([made])
    },
    onSuccess: async (_, { verb, row }) => {
      setAnswering(null)
      if (verb === 'refuse') notifications.show({ message: `Request ${row.request} is refused.` })
      await again()
    },
  })
  if (answer.isError) return <FailureState error={answer.error} onRetry={() => answer.refetch()} />
  if (!answer.data) return <LoadingState />
  const rows = answer.data.rows.filter((row) => row.account === account)
  if (rows.length === 0)
    return (
      <EmptyState title="No request">
        Whoever needs a user id under this account asks for one; what they ask for is answered here.
      </EmptyState>
    )
  const ask = (one: Answering) => {
    responding.reset()
    setAnswering(one)
  }
  return (
    <>
      <RequestTable rows={rows} onAnswer={ask} />
      <Confirm
        key={`${answering?.verb} ${answering?.row.request}`}
        isOpen={answering !== null}
        onClose={() => setAnswering(null)}
        title={`${answering?.verb === 'refuse' ? 'Refuse' : 'Approve'} request ${answering?.row.request ?? ''}?`}
        verb={answering?.verb === 'refuse' ? 'Refuse' : 'Approve'}
        isDangerous={answering?.verb === 'refuse'}
        needsReason={answering?.verb === 'refuse'}
        onConfirm={(reason) => answering && responding.mutate({ ...answering, reason })}
        isPending={responding.isPending}
        error={responding.error}
      >
        <Text size="sm">
          {answering?.row.asked_by} asked for <b>{answering?.row.user_id}</b>: {answering?.row.because}
        </Text>
        {answering?.verb === 'approve' && (
          <Text size="sm" mt="xs">
            It is made at once, and its passcode is shown once.
          </Text>
        )}
      </Confirm>
    </>
  )
}

type RequestTableProps = { readonly rows: ReadonlyArray<ReportRow>; readonly onAnswer: (one: Answering) => void }

function RequestTable({ rows, onAnswer }: RequestTableProps) {
  const format = useFormat()
  const may = useMay('sub-account:change')
  return (
    <Table.ScrollContainer minWidth={640} tabIndex={0}>
      <Table aria-label="Requests" fz="sm">
        <Table.Thead>
          <Table.Tr>
            {['Request', 'User id', 'Because', 'Asked', 'By', 'State', ...(may ? ['Answer'] : [])].map((title) => (
              <Table.Th key={title} scope="col">
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.request}>
              <Table.Th scope="row" fw={500}>
                {row.request}
              </Table.Th>
              <Table.Td>{row.user_id}</Table.Td>
              <Table.Td maw={320}>{row.because}</Table.Td>
              <Table.Td>{format.instant(row.asked_at ?? '')}</Table.Td>
              <Table.Td>{row.asked_by}</Table.Td>
              <Table.Td>
                <Badge variant="dot" tt="none" color={row.state === 'open' ? 'indigo' : 'gray'}>
                  {row.state}
                </Badge>
                {row.reason && (
                  <Text size="xs" c="dimmed">
                    {row.reason}
                  </Text>
                )}
              </Table.Td>
              {may && (
                <Table.Td>
                  {row.state === 'open' && (
                    <Group gap="xs" wrap="nowrap">
                      <Button
                        size="compact-sm"
                        aria-label={`Approve request ${row.request}`}
                        onClick={() => onAnswer({ verb: 'approve', row })}
                      >
                        Approve
                      </Button>
                      <Button
                        size="compact-sm"
                        variant="default"
                        aria-label={`Refuse request ${row.request}`}
                        onClick={() => onAnswer({ verb: 'refuse', row })}
                      >
                        Refuse
                      </Button>
                    </Group>
                  )}
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
