// What is nearly used up this month, or has run out: buckets, and limits of sub-accounts. Each leads to where it is seen day by day.
import { useScreenSearch } from '../../app/go.ts'
import { ListedReport } from '../../components/listed-report.tsx'
import { keepPeriod } from '../../components/page-header.tsx'
import { EmptyState } from '../../components/states.tsx'
import { ALERT_TITLES, alertLink, useAlertCell } from './alert-cells.tsx'

export function Screen() {
  const here = useScreenSearch()
  return (
    <ListedReport
      title="Alerts"
      summary="buckets and limits of which 80, 90 or 100 % is used"
      report="alerts"
      query={{}}
      sortedBy="-percent"
      searches="Search alerts"
      columns={['holder', 'bucket', 'percent', 'exhausted_at', 'drawn', 'capacity', 'account']}
      titles={ALERT_TITLES}
      cellOf={useAlertCell()}
      linkOf={(row) => alertLink(row, keepPeriod(here))}
      empty={
        <EmptyState title="No alert this month" why="all-well">
          No bucket and no limit was four fifths used.
        </EmptyState>
      }
    />
  )
}
