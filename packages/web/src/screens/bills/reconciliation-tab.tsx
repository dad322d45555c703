// Every invoice of the month beside the vendor's own total. What does not foot is accepted with a reason, or it stays unpublished.
import { Button, Group, SegmentedControl, Text, VisuallyHidden } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useState } from 'react'
import type { ReportColumn, ReportQuery, ReportRow } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { useMay } from '../../app/session.tsx'
import { ExportMenu } from '../../components/export-menu.tsx'
import { SearchBox } from '../../components/filter-chips.tsx'
import { invoiceLink } from '../../components/invoice-link.ts'
import { ReportTable } from '../../components/report-table.tsx'
import { EmptyState } from '../../components/states.tsx'
import { ViewsMenu } from '../../components/views-menu.tsx'
import { AcceptDifference } from './accept-difference.tsx'
import { useBillMonth } from './bill-month.ts'
import { NoBills } from './no-bills.tsx'
import { Note } from './note.tsx'
import { StateBadge } from './state-badge.tsx'

/** Whether it foots comes first: a small window shows the columns from the left. */
const COLUMNS = ['invoice', 'status', 'vendor', 'account', 'charges', 'total', 'difference', 'lines', 'reason']
const ALL_MONTHS = 'all'

export function ReconciliationTab() {
  const search = useScreenSearch()
  const setSearch = useSetSearch()
  const format = useFormat()
  const mayAccept = useMay('period:change')
  const [accepted, setAccepted] = useState<ReportRow | null>(null)
  const { period, isPending, newer } = useBillMonth()
  const isAll = search.of === ALL_MONTHS
  const query: ReportQuery = {
    ...(isAll ? {} : { period }),
    ...(search.q === undefined ? {} : { search: search.q }),
  }
  if (!isPending && period === undefined) return <NoBills />
  const cellOf = (column: ReportColumn, row: ReportRow) => {
    if (column.key !== 'status') return undefined
    const isOpen = row.status === 'unreconciled' || row.status === 'no-charges'
    return (
      <Group gap="xs" wrap="nowrap">
        <StateBadge state={row.status ?? ''} />
        {mayAccept && isOpen && (
          <Button size="compact-xs" variant="default" onClick={() => setAccepted(row)}>
            Accept<VisuallyHidden> the difference of {row.invoice}</VisuallyHidden>
          </Button>
        )}
      </Group>
    )
  }
  return (
    <>
      {newer !== undefined && !isAll && (
        <Note color="indigo" variant="light" mb="sm" icon={<IconInfoCircle size={18} />}>
          <Group gap="xs">
            <Text size="sm">Bills of {format.period(newer)} are here already.</Text>
            <Button size="compact-sm" variant="default" onClick={() => setSearch({ period: newer })}>
              Show them
            </Button>
          </Group>
        </Note>
      )}
      <Group mb="sm" justify="space-between">
        <Group gap="sm">
          <SegmentedControl
            aria-label="Which months"
            data={[
              { value: 'one', label: period === undefined ? 'This month' : format.period(period) },
              { value: ALL_MONTHS, label: 'All months' },
            ]}
            value={isAll ? ALL_MONTHS : 'one'}
            onChange={(value) => setSearch({ of: value === ALL_MONTHS ? ALL_MONTHS : undefined })}
          />
          <SegmentedControl
            aria-label="Which invoices"
            data={[
              { value: '', label: 'All' },
              { value: 'unreconciled', label: 'Do not foot' },
            ]}
            value={search.q === 'unreconciled' ? 'unreconciled' : ''}
            onChange={(value) => setSearch({ q: value === '' ? undefined : value })}
          />
          <SearchBox label="Search invoices" />
        </Group>
        <Group gap="xs">
          <ViewsMenu />
          <ExportMenu report="reconciliation" query={query} sort={search.sort} />
        </Group>
      </Group>
      <ReportTable
        report="reconciliation"
        query={query}
        isReady={isAll || period !== undefined}
        label="Invoices beside their totals"
        columns={isAll ? ['invoice', 'period', ...COLUMNS.slice(1)] : COLUMNS}
        sort={search.sort}
        onSort={(sort) => setSearch({ sort })}
        linkOf={invoiceLink}
        cellOf={cellOf}
        empty={<NoMatch q={search.q} />}
      />
      <Text size="sm" c="dimmed" mt="xs">
        Payments and balances carried forward are kept beside, and are no part of these sums.
      </Text>
      {accepted !== null && <AcceptDifference row={accepted} onClose={() => setAccepted(null)} />}
    </>
  )
}

function NoMatch({ q }: { readonly q: string | undefined }) {
  if (q === 'unreconciled')
    return (
      <EmptyState title="Every invoice foots" why="all-well">
        The lines of each sum to what the vendor asks for, or somebody accepted the difference.
      </EmptyState>
    )
  return (
    <EmptyState title="No invoice here" why={q === undefined ? undefined : 'no-match'}>
      {q === undefined ? 'No bill of this month was imported.' : `No invoice, vendor or account has “${q}”.`}
    </EmptyState>
  )
}
