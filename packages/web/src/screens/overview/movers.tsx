// The cost centres that rose and fell most on the month before.

import { Card, Title } from '@mantine/core'
import { parsePeriod, shiftPeriod } from '@spillway/core'
import { useScreenSearch } from '../../app/go.ts'
import { usePeriods } from '../../app/periods.ts'
import { useView } from '../../app/view-switch.tsx'
import { keepPeriod } from '../../components/page-header.tsx'
import { ReportTable } from '../../components/report-table.tsx'
import { EmptyState } from '../../components/states.tsx'

export function Movers({ period }: { readonly period: string }) {
  const view = useView()
  const here = useScreenSearch()
  const { all } = usePeriods()
  const month = parsePeriod(period)
  const before = month && shiftPeriod(month, -1).name
  const isFirst = !all.some((one) => one.period === before)
  return (
    <Card withBorder padding="md" component="section" aria-labelledby="movers">
      <Title order={2} size="h4" id="movers" mb="sm">
        What moved most
      </Title>
      {isFirst ? (
        <EmptyState title="Nothing to compare with">The month before this one is not closed.</EmptyState>
      ) : (
        <ReportTable
          report="movers"
          query={{ period, by: 'cost-centre', view, count: '4' }}
          label="Cost centres that moved most"
          columns={['name', 'now', 'change']}
          titles={{ name: 'Cost centre' }}
          hidesTotals
          linkOf={({ key }) =>
            key
              ? { to: `/cost-centres/${encodeURIComponent(key)}`, search: keepPeriod(here) }
              : { to: '/explore', search: { ...keepPeriod(here), by: 'service', where: ['cost-centre='] } }
          }
          empty={
            <EmptyState title="Nothing moved">No cost centre carries more or less than in the month before.</EmptyState>
          }
        />
      )}
    </Card>
  )
}
