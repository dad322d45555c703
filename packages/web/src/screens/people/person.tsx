// Everything of one person: what they cost over all vendors, on which services, how much they used, and how that went over the months.

import { Stack, Title } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useAsk } from '../../api/use-ask.ts'
import type { ReportQuery } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch } from '../../app/go.ts'
import { usePeriods } from '../../app/periods.ts'
import { CostByMonth } from '../../components/cost-by-month.tsx'
import { ExportMenu } from '../../components/export-menu.tsx'
import { NoMonth } from '../../components/no-month.tsx'
import { keepPeriod, PageHeader } from '../../components/page-header.tsx'
import { ReportTable } from '../../components/report-table.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { StatementButton } from '../../components/statement-button.tsx'
import { EmptyState, FailedPart } from '../../components/states.tsx'

export function Screen() {
  const { person = '' } = useParams({ strict: false }) as { person?: string }
  const here = useScreenSearch()
  const format = useFormat()
  const { period, isPending } = usePeriods()
  const known = useAsk('listPeople', { query: { key: person, limit: 50 } })
  if (!isPending && period === undefined) return <NoMonth title={person} />
  const latest = known.data?.items.at(-1)
  const name = latest?.name || person
  const where = [`person=${person}`]
  const query: ReportQuery = { period, by: 'service', where }
  return (
    <>
      <PageHeader
        title={name}
        crumbs={[{ label: 'People', to: '/people' }]}
        summary={
          <>
            {[person, latest?.email].filter(Boolean).join(' · ')}
            {latest?.cost_centre && (
              <>
                {' · cost centre '}
                <ScreenLink
                  to={`/cost-centres/${encodeURIComponent(latest.cost_centre)}`}
                  style={{ textDecoration: 'underline' }}
                >
                  {latest.cost_centre}
                </ScreenLink>
              </>
            )}
            {period && ` · ${format.period(period)}`}
          </>
        }
        actions={
          <>
            {period !== undefined && <StatementButton by="person" of={person} period={period} />}
            <ExportMenu report="charges" query={query} />
          </>
        }
      />
      {period !== undefined && (
        <Stack gap="lg">
          <FailedPart answer={known} />
          <CostByMonth period={period} by="person" trendOf={person} title={(currency) => `Cost in ${currency}`} />
          <section aria-labelledby="services">
            <Title order={2} size="h4" id="services" mb="xs">
              Services
            </Title>
            <ReportTable
              report="charges"
              query={query}
              label={`Services of ${name}`}
              columns={['key', 'actual', 'adjusted', 'difference']}
              titles={{ key: 'Service' }}
              linkOf={({ key }) => ({ to: `/services/${encodeURIComponent(key ?? '')}`, search: keepPeriod(here) })}
              explainsOf={({ key }) => key || undefined}
              empty={<EmptyState title="No charge this month">Nothing that {name} has was charged for.</EmptyState>}
            />
          </section>
          <section aria-labelledby="usage">
            <Title order={2} size="h4" id="usage" mb="xs">
              Usage
            </Title>
            <ReportTable
              report="usage"
              query={{ period, by: 'service', where }}
              label={`Usage of ${name}`}
              columns={['key', 'usage_class', 'quantity']}
              titles={{ key: 'Service', usage_class: 'What' }}
              linkOf={({ key }) => ({ to: `/services/${encodeURIComponent(key ?? '')}`, search: keepPeriod(here) })}
              empty={<EmptyState title="No usage this month">No usage of {name} was reported by a vendor.</EmptyState>}
            />
          </section>
        </Stack>
      )}
    </>
  )
}
