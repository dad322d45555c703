// One service: what it carries over the months, what it used, and the lines behind the month's figure.
import { Button, Stack, Title } from '@mantine/core'
import { IconHelpCircle } from '@tabler/icons-react'
import { useParams } from '@tanstack/react-router'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { usePeriods } from '../../app/periods.ts'
import { CostByMonth } from '../../components/cost-by-month.tsx'
import { ExportMenu } from '../../components/export-menu.tsx'
import { LineTable } from '../../components/line-table.tsx'
import { NoMonth } from '../../components/no-month.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ReportTable } from '../../components/report-table.tsx'
import { EmptyState } from '../../components/states.tsx'
import { ServiceFacts } from './service-facts.tsx'

export function Screen() {
  const { service = '' } = useParams({ strict: false }) as { service?: string }
  const search = useScreenSearch()
  const setSearch = useSetSearch()
  const format = useFormat()
  const { period, isPending } = usePeriods()
  if (!isPending && period === undefined) return <NoMonth title={service} />
  const where = [`service=${service}`]
  const query = { period, by: 'line', where }
  return (
    <>
      <PageHeader
        title={service}
        crumbs={[{ label: 'Explore', to: '/explore', search: { by: 'service' } }]}
        summary={period === undefined ? undefined : `Service, ${format.period(period)}`}
        actions={
          <>
            <Button
              variant="default"
              size="sm"
              leftSection={<IconHelpCircle size={16} />}
              onClick={() => setSearch({ explain: service })}
            >
              Explain
            </Button>
            <ExportMenu report="charges" query={query} sort={search.sort} />
          </>
        }
      />
      {period !== undefined && (
        <Stack gap="lg">
          <ServiceFacts service={service} period={period} />
          <CostByMonth period={period} by="service" trendOf={service} title={(currency) => `Cost in ${currency}`} />
          <section aria-labelledby="lines">
            <Title order={2} size="h4" id="lines" mb="xs">
              Lines
            </Title>
            <LineTable query={query} label={`Lines of ${service}`} omits={['service']} />
          </section>
          <section aria-labelledby="usage">
            <Title order={2} size="h4" id="usage" mb="xs">
              Usage
            </Title>
            <ReportTable
              report="usage"
              query={{ period, by: 'service', where }}
              label={`Usage of ${service}`}
              columns={['usage_class', 'quantity']}
              titles={{ usage_class: 'What' }}
              empty={<EmptyState title="No usage this month">No vendor reported usage of it.</EmptyState>}
            />
          </section>
        </Stack>
      )}
    </>
  )
}
