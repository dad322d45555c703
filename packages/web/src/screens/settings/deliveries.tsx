// The log of a webhook: what was sent, what came of it, and sending it again.
import { Badge, Button, Stack, Table, Text, Title } from '@mantine/core'
import type { AnswerOf } from '@spillway/server/client'
import { useMutation } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { askAgain } from '../../api/use-ask.ts'
import { itemsOf, type PageCursor, usePages } from '../../api/use-pages.ts'
import { useFormat } from '../../app/format.ts'
import { useMay } from '../../app/session.tsx'
import { ListFrame } from '../../components/sides.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'
import { MoreButton } from '../jobs/more-button.tsx'

type Delivery = AnswerOf<'redeliver'>

const STATE: Readonly<Record<Delivery['state'], { readonly label: string; readonly color: string }>> = {
  waiting: { label: 'Waiting', color: 'indigo' },
  delivered: { label: 'Delivered', color: 'green' },
  failed: { label: 'Given up', color: 'red' },
  withheld: { label: 'Withheld', color: 'gray' },
}
const REFRESH_SECONDS = 5

export function Deliveries({ webhook }: { readonly webhook: string }) {
  const answer = usePages(
    ['listDeliveries', webhook],
    (cursor: PageCursor, signal) =>
      client.ask('listDeliveries', { params: { id: webhook }, query: { limit: 20, ...cursor }, signal }),
    { refetchSeconds: REFRESH_SECONDS },
  )
  const deliveries = itemsOf(answer.data)
  return (
    <Stack gap="xs">
      <Title order={3} size="h6">
        What was sent
      </Title>
      {answer.isError && <FailureState error={answer.error} onRetry={() => answer.refetch()} />}
      {answer.isPending && <LoadingState rows={2} />}
      {answer.data && deliveries.length === 0 && <Text size="sm">Nothing yet. A trial shows whether it arrives.</Text>}
      {deliveries.length > 0 && <DeliveryTable webhook={webhook} deliveries={deliveries} />}
      <MoreButton answer={answer} />
    </Stack>
  )
}

type DeliveryTableProps = { readonly webhook: string; readonly deliveries: ReadonlyArray<Delivery> }

function DeliveryTable({ webhook, deliveries }: DeliveryTableProps) {
  const format = useFormat()
  const mayChange = useMay('webhook:change')
  const again = useMutation({
    mutationFn: (delivery: string) => client.ask('redeliver', { params: { id: webhook, delivery } }),
    onSettled: () => askAgain('listDeliveries'),
  })
  return (
    <>
      {again.isError && <FailureState error={again.error} />}
      <ListFrame label="Deliveries">
        <Table fz="sm" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              {['What', 'When', 'What came of it'].map((title) => (
                <Table.Th key={title} scope="col">
                  {title}
                </Table.Th>
              ))}
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {deliveries.map((delivery) => (
              <Table.Tr key={delivery.id}>
                <Table.Td>{delivery.type}</Table.Td>
                <Table.Td>{format.instant(delivery.createdAt)}</Table.Td>
                <Table.Td>
                  <Badge variant="light" color={STATE[delivery.state].color} tt="none" miw="max-content">
                    {STATE[delivery.state].label}
                  </Badge>
                  <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                    {[
                      delivery.lastStatus === null ? '' : `answered ${delivery.lastStatus}`,
                      delivery.lastError,
                      delivery.nextAt === null ? '' : `tried again ${format.instant(delivery.nextAt)}`,
                    ]
                      .filter((part) => part !== '')
                      .join('; ')}
                  </Text>
                </Table.Td>
                <Table.Td>
                  {mayChange && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={`Send ${delivery.type} of ${format.instant(delivery.createdAt)} again`}
                      onClick={() => again.mutate(delivery.id)}
                    >
                      Again
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ListFrame>
    </>
  )
}
