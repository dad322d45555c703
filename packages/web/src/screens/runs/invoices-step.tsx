// The bills of a month that do not foot: they stand in the way of publishing, until the missing lines are imported or somebody
// accepts the difference. Those already accepted stand beside, with the reason.
import { Button, Group, Paper, Stack, Table, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { type ReportRow, rowsOf, useReport } from '../../api/use-report.ts'
import { useMay } from '../../app/session.tsx'
import { Amount } from '../../components/amount.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { figureClass, ListFrame } from '../../components/sides.tsx'
import { FailureState } from '../../components/states.tsx'
import type { Month } from './months.ts'
import { askMonthsAgain } from './use-months.ts'

/** Rows of one status: the word stands in no other column's way, and is looked for again. */
export function useInvoicesOf(period: string, status: 'unreconciled' | 'accepted' | 'no-control-total') {
  const answer = useReport('reconciliation', { period, search: status }, { pageRows: 500 })
  return { ...answer, rows: rowsOf(answer.data).filter((row) => row.status === status) }
}

export function InvoicesStep({ month: { period, state } }: { readonly month: Month }) {
  const mayChange = useMay('period:change')
  const open = useInvoicesOf(period, 'unreconciled')
  const accepted = useInvoicesOf(period, 'accepted')
  const [asked, setAsked] = useState<ReportRow>()
  if (open.isError) return <FailureState error={open.error} onRetry={() => open.refetch()} />
  if (open.rows.length + accepted.rows.length === 0) return null
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="invoices">
      <Stack gap="xs">
        <Title order={2} size="h4" id="invoices">
          {open.rows.length > 0 ? 'Bills that stand in the way of publishing' : 'Accepted differences'}
        </Title>
        {open.rows.length > 0 && (
          <Text size="sm" c="dimmed">
            Their lines do not sum to their total. Import what is missing, or accept the difference with a reason.
          </Text>
        )}
        <InvoiceTable
          rows={[...open.rows, ...accepted.rows]}
          {...(mayChange && state !== 'published' ? { onAccept: setAsked } : {})}
        />
        <Group fz="sm">
          <ScreenLink to="/bills" search={{ period }}>
            All bills of the month
          </ScreenLink>
        </Group>
      </Stack>
      {asked && <AcceptDialog invoice={asked} onClose={() => setAsked(undefined)} />}
    </Paper>
  )
}

type InvoiceTableProps = { readonly rows: ReadonlyArray<ReportRow>; readonly onAccept?: (row: ReportRow) => void }

function InvoiceTable({ rows, onAccept }: InvoiceTableProps) {
  return (
    <ListFrame label="Bills with a difference">
      <Table fz="sm" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Bill</Table.Th>
            {['Lines', 'Total', 'Difference'].map((title) => (
              <Table.Th key={title} scope="col" className={figureClass}>
                {title}
              </Table.Th>
            ))}
            <Table.Th scope="col">Accepted because</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={`${row.vendor} ${row.account} ${row.invoice} ${row.currency}`}>
              <Table.Td>
                {row.vendor} <b>{row.invoice}</b>
              </Table.Td>
              {(['charges', 'total', 'difference'] as const).map((key) => (
                <Table.Td key={key} className={figureClass}>
                  {row[key] && (
                    <Amount value={row[key]} currency={row.currency ?? ''} isChange={key === 'difference'} />
                  )}
                </Table.Td>
              ))}
              <Table.Td>
                {row.status === 'unreconciled' && onAccept ? (
                  <Button size="compact-sm" variant="default" onClick={() => onAccept(row)}>
                    Accept…
                  </Button>
                ) : (
                  row.reason
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ListFrame>
  )
}

type AcceptDialogProps = { readonly invoice: ReportRow; readonly onClose: () => void }

function AcceptDialog({ invoice: { vendor, account, invoice, currency, difference }, onClose }: AcceptDialogProps) {
  const accept = useMutation({
    mutationFn: (reason: string) =>
      client.ask('acceptDifference', {
        params: { invoice: invoice ?? '' },
        body: { reason, vendor: vendor ?? '', account: account ?? '' },
      }),
    onSuccess: async () => {
      onClose()
      notifications.show({ message: `The difference of ${invoice} is accepted.` })
      await askMonthsAgain()
    },
  })
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={`Accept the difference of ${invoice}?`}
      verb="Accept"
      needsReason
      onConfirm={(reason) => accept.mutate(reason)}
      isPending={accept.isPending}
      error={accept.error}
    >
      The lines of {vendor} {invoice} differ from its total by{' '}
      {difference && <Amount value={difference} currency={currency ?? ''} isChange />}. Exactly this difference is
      accepted: if it changes, it is asked again.
    </Confirm>
  )
}
