// Bills that are still to come this month, beside what came the month before.
import { Button, Group, Text } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReportRow } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { useMay } from '../../app/session.tsx'
import { ExportMenu } from '../../components/export-menu.tsx'
import { SearchBox } from '../../components/filter-chips.tsx'
import { invoiceLink } from '../../components/invoice-link.ts'
import { ReportTable } from '../../components/report-table.tsx'
import { EmptyState, LoadingState, NothingNamed } from '../../components/states.tsx'
import { useBillMonth } from './bill-month.ts'

const REPORT = 'missing-bills'

export function MissingTab() {
  const format = useFormat()
  const { period, isPending } = useBillMonth()
  const { q, sort } = useScreenSearch()
  const setSearch = useSetSearch()
  const mayImport = useMay('import:change')
  if (period === undefined)
    return isPending ? (
      <LoadingState />
    ) : (
      <EmptyState title="No bill yet">Once a month of bills is here, what is missing from the next is seen.</EmptyState>
    )
  const query = { period, ...(q === undefined ? {} : { search: q }) }
  return (
    <>
      <Group mb="sm" justify="space-between">
        <SearchBox label="Search missing bills" />
        <Group gap="xs">
          <ExportMenu report={REPORT} query={query} sort={sort} />
          {mayImport && (
            <Button
              size="sm"
              variant="default"
              leftSection={<IconUpload size={16} aria-hidden />}
              renderRoot={(props) => <Link to={'/bills/import' as string} {...props} />}
            >
              Import what came
            </Button>
          )}
        </Group>
      </Group>
      <Text size="sm" mb="sm">
        Accounts without a bill of {format.period(period)} that billed the month before, or that a schedule waits for.
      </Text>
      <ReportTable
        report={REPORT}
        query={query}
        label="Missing bills"
        columns={['vendor', 'account', 'invoice', 'charges', 'total', 'expected']}
        sort={sort}
        onSort={(next) => setSearch({ sort: next })}
        linkOf={(row: ReportRow) => invoiceLink(row)}
        empty={
          q === undefined ? (
            <EmptyState title={`No bill of ${format.period(period)} is missing`} why="all-well">
              Every account that billed the month before has billed {format.period(period)} too.
            </EmptyState>
          ) : (
            <NothingNamed text={q} />
          )
        }
      />
    </>
  )
}
