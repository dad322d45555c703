// Publishing a closed month: what will stand, with which differences, and which bills of ours are issued.
import { Button, Group, List, Paper, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconSend } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { useReport } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useMay } from '../../app/session.tsx'
import { Amount } from '../../components/amount.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { useInvoicesOf } from './invoices-step.tsx'
import type { Month, Run } from './months.ts'
import { RunTotals } from './run-totals.tsx'
import { askMonthsAgain } from './use-months.ts'

export function PublishStep({ month, run }: { readonly month: Month; readonly run: Run }) {
  const format = useFormat()
  const mayPublish = useMay('period:change')
  const [isOpen, dialog] = useDisclosure(false)
  const { period } = month
  const unreconciled = useInvoicesOf(period, 'unreconciled').rows.length
  const publish = useMutation({
    mutationFn: () => client.ask('publishPeriod', { params: { period } }),
    onSuccess: async (publication) => {
      dialog.close()
      const bills = (publication.issued ?? []).reduce((sum, one) => sum + one.bills, 0)
      notifications.show({
        message: `${format.period(period)} is published as ${publication.run}${bills > 0 ? `, ${format.count(bills)} bills are issued` : ''}.`,
      })
      await askMonthsAgain()
    },
  })
  if (!mayPublish) return null
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="publish">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4" id="publish">
            Publish
          </Title>
          <Button
            size="sm"
            disabled={unreconciled > 0}
            leftSection={<IconSend size={16} aria-hidden />}
            onClick={() => {
              publish.reset()
              dialog.open()
            }}
          >
            Publish…
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          {unreconciled > 0
            ? `${format.count(unreconciled)} ${unreconciled === 1 ? 'bill does' : 'bills do'} not foot: see above.`
            : 'The figures of this run become those that stand: statements, journals and bills are made from them.'}
        </Text>
      </Stack>
      <Confirm
        isOpen={isOpen}
        onClose={dialog.close}
        title={`Publish ${format.period(period)}?`}
        verb="Publish"
        onConfirm={() => publish.mutate()}
        isPending={publish.isPending}
        error={publish.error}
      >
        {isOpen && <WhatIsPublished period={period} run={run} />}
      </Confirm>
    </Paper>
  )
}

function WhatIsPublished({ period, run }: { readonly period: string; readonly run: Run }) {
  const format = useFormat()
  const accepted = useInvoicesOf(period, 'accepted').rows
  const withoutTotal = useInvoicesOf(period, 'no-control-total').rows.length
  const bills = useReport('bills', { period }, { pageRows: 1 }).data?.pages[0]
  return (
    <Stack gap="xs">
      <Text size="sm">Run {run.id} becomes what this month came to.</Text>
      <RunTotals run={run} />
      <List size="sm">
        {accepted.map(({ vendor, invoice, difference, currency, reason }) => (
          <List.Item key={`${vendor} ${invoice} ${currency}`}>
            {vendor} {invoice} with a difference of{' '}
            <Amount value={difference ?? ''} currency={currency ?? ''} isChange />: {reason}
          </List.Item>
        ))}
        {withoutTotal > 0 && (
          <List.Item>
            {format.count(withoutTotal)} {withoutTotal === 1 ? 'bill names' : 'bills name'} no total, so nobody could
            check {withoutTotal === 1 ? 'it' : 'them'}.
          </List.Item>
        )}
        {bills !== undefined && bills.rowCount > 0 && (
          <List.Item>
            {format.count(bills.rowCount)} of our own bills are issued:{' '}
            {bills.totals.map(({ currency, amounts }) => (
              <Amount key={currency} value={amounts.total ?? ''} currency={currency} />
            ))}
          </List.Item>
        )}
      </List>
    </Stack>
  )
}
