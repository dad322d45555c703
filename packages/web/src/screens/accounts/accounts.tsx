// The tree of accounts: what each is called, in which currency and when it is billed, and who is billed for its usage.
import { Badge } from '@mantine/core'
import type { ReportColumn, ReportRow } from '../../api/use-report.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { ExportMenu } from '../../components/export-menu.tsx'
import { SearchBox } from '../../components/filter-chips.tsx'
import { keepPeriod, PageHeader } from '../../components/page-header.tsx'
import { ReportTable } from '../../components/report-table.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { EmptyState } from '../../components/states.tsx'
import { ViewsMenu } from '../../components/views-menu.tsx'

export function Screen() {
  const here = useScreenSearch()
  const setSearch = useSetSearch()
  const query = here.q === undefined ? {} : { search: here.q }
  return (
    <>
      <PageHeader
        title="Accounts"
        summary="Who is billed, and what stands beneath whom"
        actions={
          <>
            <ViewsMenu />
            <ExportMenu report="accounts" query={query} sort={here.sort} />
          </>
        }
      />
      <div style={{ maxWidth: 320, marginBottom: 12 }}>
        <SearchBox label="Search accounts" />
      </div>
      <ReportTable
        report="accounts"
        query={query}
        label="Accounts"
        columns={['name', 'account', 'usage_invoicer', 'currency', 'cycle_day', 'sub_accounts']}
        titles={{ name: 'Account', account: 'Id' }}
        sort={here.sort}
        onSort={(sort) => setSearch({ sort })}
        cellOf={(column, row) => cell(column, row, here.sort === undefined && here.q === undefined)}
        linkOf={({ account }) => ({
          to: `/accounts/${encodeURIComponent(account ?? '')}`,
          search: keepPeriod(here),
        })}
        empty={
          here.q === undefined ? (
            <EmptyState
              title="No account yet"
              action={{ label: 'Make an account', to: '/catalogue', search: { tab: 'accounts', of: 'new' } }}
            >
              Accounts come from an accounts file, or are made in the catalogue.
            </EmptyState>
          ) : (
            <EmptyState title={`No account is named “${here.q}”`} why="no-match">
              Look for another name or id, or clear the search.
            </EmptyState>
          )
        }
      />
    </>
  )
}

function cell({ key }: ReportColumn, row: ReportRow, isTree: boolean) {
  if (key === 'name')
    return (
      <span style={{ paddingLeft: isTree ? `${18 * Number(row.level ?? 0)}px` : 0 }}>{row.name || row.account}</span>
    )
  if (key === 'usage_invoicer' && row.usage_invoicer)
    return <ScreenLink to={`/accounts/${encodeURIComponent(row.usage_invoicer)}`}>{row.usage_invoicer}</ScreenLink>
  if (key === 'usage_invoicer')
    return (
      <Badge variant="light" color="gray" tt="none">
        itself
      </Badge>
    )
  if (key === 'sub_accounts')
    return row.sub_accounts === '0' ? (
      <span>0</span>
    ) : (
      <ScreenLink to="/sub-accounts" search={{ of: row.account ?? '' }}>
        {row.sub_accounts}
      </ScreenLink>
    )
  return undefined
}
