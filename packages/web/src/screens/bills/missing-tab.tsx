// Bills that are still to come this month, beside what came the month before.
import { Group, Text } from '@mantine/core'
import type { ReportColumn, ReportRow } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { ExportMenu } from '../../components/export-menu.tsx'
import { SearchBox } from '../../components/filter-chips.tsx'
import { invoiceLink } from '../../components/invoice-link.ts'
import { ReportTable } from '../../components/report-table.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { EmptyState, LoadingState, NothingNamed } from '../../components/states.tsx'
import { useBillMonth } from './bill-month.ts'

const REPORT = 'missing-bills'

export function MissingTab() {
  const format = useFormat()
  const { period, isPending } = useBillMonth()
  const { q, sort } = useScreenSearch()
  const setSearch = useSetSearch()
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
        <ExportMenu report={REPORT} query={query} sort={sort} />
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
        cellOf={missingCell}
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

/** The bill of the month before is where its account and its amounts were. */
function missingCell({ key }: ReportColumn, row: ReportRow) {
  const link = key === 'invoice' ? invoiceLink(row) : undefined
  return link ? (
    <ScreenLink to={link.to} search={link.search ?? {}}>
      {row.invoice}
    </ScreenLink>
  ) : undefined
}
