// Bills that are still to come this month, beside what came the month before.
import { Button, Paper, Stack, Table, Text, VisuallyHidden } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useAsk } from '../../api/use-ask.ts'
import type { ReportRow } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useMay } from '../../app/session.tsx'
import { Amount } from '../../components/amount.tsx'
import { invoiceLink } from '../../components/invoice-link.ts'
import { ScreenLink } from '../../components/screen-link.tsx'
import { EmptyState, FailureState, LoadingState } from '../../components/states.tsx'
import { useBillMonth } from './bill-month.ts'
import { type Billed, type MissingBill, missingOf, monthBefore } from './missing.ts'

const ROWS_MAX = 1000

export function MissingTab() {
  const format = useFormat()
  const { period, isPending } = useBillMonth()
  const before = period === undefined ? undefined : monthBefore(period)
  const now = useInvoices(period)
  const then = useInvoices(before)
  const maySchedules = useMay('schedule:read')
  const schedules = useAsk('listSchedules', { query: { limit: 100 } }, { isReady: maySchedules })
  if (now.isError) return <FailureState error={now.error} onRetry={() => now.refetch()} />
  if (then.isError) return <FailureState error={then.error} onRetry={() => then.refetch()} />
  if (!isPending && period === undefined)
    return (
      <EmptyState title="No bill yet">Once a month of bills is here, what is missing from the next is seen.</EmptyState>
    )
  if (!now.data || !then.data || period === undefined || before === undefined) return <LoadingState />
  const expected = (schedules.data?.items ?? []).flatMap(({ request }) =>
    request.kind === 'close-when-complete' ? request.expected : [],
  )
  const missing = missingOf({ before: then.data.rows.map(toBilled), now: now.data.rows.map(toBilled), expected })
  if (missing.length === 0)
    return (
      <EmptyState title={`No bill of ${format.period(period)} is missing`} why="all-well">
        Every account that billed {format.period(before)} has billed {format.period(period)} too.
      </EmptyState>
    )
  return (
    <Stack gap="sm">
      <Text size="sm">
        {missing.length === 1 ? 'One account has' : `${format.count(missing.length)} accounts have`} no bill of{' '}
        {format.period(period)} yet.
      </Text>
      <MissingTable missing={missing} before={before} />
    </Stack>
  )
}

function useInvoices(period: string | undefined) {
  return useAsk(
    'getReport',
    { params: { report: 'reconciliation' }, query: { ...(period === undefined ? {} : { period }), limit: ROWS_MAX } },
    { isReady: period !== undefined },
  )
}

function toBilled(row: ReportRow): Billed {
  const { vendor, account, invoice, currency, total, charges } = row
  return {
    ...{ vendor: vendor ?? '', account: account ?? '', invoice: invoice ?? '', currency: currency ?? '' },
    ...{ total: total ?? '', charges: charges ?? '' },
  }
}

type MissingTableProps = { readonly missing: ReadonlyArray<MissingBill>; readonly before: string }

function MissingTable({ missing, before }: MissingTableProps) {
  const format = useFormat()
  const mayImport = useMay('import:change')
  return (
    <Paper withBorder>
      <Table.ScrollContainer minWidth={560} scrollAreaProps={{ offsetScrollbars: false }}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Vendor</Table.Th>
              <Table.Th scope="col">Account</Table.Th>
              <Table.Th scope="col">Bill of {format.period(before)}</Table.Th>
              <Table.Th scope="col" ta="right">
                Charges then
              </Table.Th>
              {mayImport && <Table.Td component="th" />}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {missing.map((one) => (
              <Table.Tr key={`${one.vendor} ${one.account}`}>
                <Table.Td>{one.vendor}</Table.Td>
                <Table.Td>{one.account}</Table.Td>
                <Table.Td>
                  {one.before.length === 0
                    ? 'none; a schedule waits for it'
                    : one.before.map((bill) => (
                        <BillBefore key={`${bill.invoice} ${bill.currency}`} bill={bill} period={before} />
                      ))}
                </Table.Td>
                <Table.Td ta="right">
                  {one.before.map(({ invoice, charges, currency }) => (
                    <div key={`${invoice} ${currency}`}>
                      <Amount value={charges} currency={currency} />
                    </div>
                  ))}
                </Table.Td>
                {mayImport && (
                  <Table.Td ta="right">
                    <Button
                      size="compact-sm"
                      variant="default"
                      renderRoot={(props) => <Link to={'/bills/import' as string} {...props} />}
                    >
                      Import<VisuallyHidden> the bill of {one.account}</VisuallyHidden>
                    </Button>
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  )
}

function BillBefore({ bill, period }: { readonly bill: Billed; readonly period: string }) {
  const link = invoiceLink({ ...bill, period })
  if (!link) return <div>{bill.invoice}</div>
  return (
    <div>
      <ScreenLink to={link.to} search={link.search ?? {}}>
        {bill.invoice}
      </ScreenLink>
    </div>
  )
}
