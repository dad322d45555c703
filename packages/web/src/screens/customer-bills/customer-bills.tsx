// Our bills of a month. One that was taken back stays in the list with what it was, and is in no total.
import type { ReportColumn, ReportRow } from '../../api/use-report.ts'
import { useScreenSearch } from '../../app/go.ts'
import { ListedReport } from '../../components/listed-report.tsx'
import { keepPeriod } from '../../components/page-header.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { EmptyState } from '../../components/states.tsx'
import { BillState } from './bill-state.tsx'

export function Screen() {
  const here = useScreenSearch()
  return (
    <ListedReport
      title="Our bills"
      summary="what we billed our accounts"
      report="bills"
      query={{}}
      searches="Search bills"
      columns={['bill', 'account', 'state', 'total', 'recurring', 'usage', 'minimum', 'adjustment']}
      cellOf={cell}
      linkOf={({ bill }) => ({ to: `/customer-bills/${encodeURIComponent(bill ?? '')}`, search: keepPeriod(here) })}
      empty={
        <EmptyState title="No bill of ours this month" action={{ label: 'To the catalogue', to: '/catalogue' }}>
          Accounts get one when a month is closed in which they had what we sell: products are in the catalogue.
        </EmptyState>
      }
    />
  )
}

function cell({ key }: ReportColumn, row: ReportRow) {
  if (key === 'state') return <BillState state={row.state ?? ''} />
  if (key === 'account')
    return <ScreenLink to={`/accounts/${encodeURIComponent(row.account ?? '')}`}>{row.account}</ScreenLink>
  return undefined
}
