// One cost centre: what it carries over the months, what is left of its budget, what is below it, and who of its people costs what.

import { Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { rowsOf, useReport } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch } from '../../app/go.ts'
import { usePeriods } from '../../app/periods.ts'
import { useView } from '../../app/view-switch.tsx'
import { Amount } from '../../components/amount.tsx'
import { CostByMonth } from '../../components/cost-by-month.tsx'
import { ExportMenu } from '../../components/export-menu.tsx'
import { NoMonth } from '../../components/no-month.tsx'
import { keepPeriod, PageHeader } from '../../components/page-header.tsx'
import { ReportTable } from '../../components/report-table.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { StatementButton } from '../../components/statement-button.tsx'
import { EmptyState } from '../../components/states.tsx'
import { BudgetShare } from './cost-centres.tsx'

export function Screen() {
  const { centre = '' } = useParams({ strict: false }) as { centre?: string }
  const here = useScreenSearch()
  const format = useFormat()
  const { period, isPending } = usePeriods()
  const tree = useReport('cost-centres', { period, search: centre }, { isReady: period !== undefined })
  if (!isPending && period === undefined) return <NoMonth title={centre} />
  const rows = rowsOf(tree.data)
  const own = rows.filter(({ key }) => key === centre)
  const parent = own[0]?.parent
  const query = { period, by: 'person', where: [`cost-centre=${centre}`] }
  return (
    <>
      <PageHeader
        title={own[0]?.name || centre}
        crumbs={[
          { label: 'Cost centres', to: '/cost-centres' },
          ...(parent ? [{ label: parent, to: `/cost-centres/${encodeURIComponent(parent)}` }] : []),
        ]}
        summary={[centre, own[0]?.gl_code && `GL ${own[0].gl_code}`, period && format.period(period)]
          .filter(Boolean)
          .join(' · ')}
        actions={
          <>
            {period !== undefined && <StatementButton by="cost-centre" of={centre} period={period} />}
            <ExportMenu report="charges" query={query} />
          </>
        }
      />
      {period !== undefined && (
        <Stack gap="lg">
          <Budget centre={centre} period={period} />
          <CostByMonth
            period={period}
            by="cost-centre"
            trendOf={centre}
            title={(currency) => `Own cost in ${currency}`}
          />
          <section aria-labelledby="people">
            <Title order={2} size="h4" id="people" mb="xs">
              Who it is for
            </Title>
            <ReportTable
              report="charges"
              query={query}
              label="People"
              columns={['name', 'key', 'actual', 'adjusted', 'difference']}
              titles={{ name: 'Person', key: 'Employee' }}
              linkOf={({ key }) =>
                key
                  ? { to: `/people/${encodeURIComponent(key)}`, search: keepPeriod(here) }
                  : {
                      to: '/explore',
                      search: { ...keepPeriod(here), by: 'service', where: [`cost-centre=${centre}`, 'person='] },
                    }
              }
              empty={
                <EmptyState title="Nothing of its own">What it carries is of the cost centres below it.</EmptyState>
              }
            />
          </section>
          <Below centre={centre} period={period} />
        </Stack>
      )}
    </>
  )
}

type PartProps = { readonly centre: string; readonly period: string }

/** By currency, since a budget names none. */
function Budget({ centre, period }: PartProps) {
  const view = useView()
  const answer = useReport('cost-centres', { period, search: centre })
  const own = rowsOf(answer.data).filter(({ key }) => key === centre)
  if (!own.some(({ budget }) => budget)) return null
  return (
    <Paper withBorder p="md" component="section" aria-label="Budget">
      {own.map((row) => (
        <Group key={row.currency} gap="xl">
          <Fact label="With what is below" value={row[`${view}_total`] ?? ''} currency={row.currency ?? ''} />
          <Fact label="Budget" value={row.budget ?? ''} currency={row.currency ?? ''} />
          {row[`${view}_left`] ? (
            <>
              <Fact label="Left" value={row[`${view}_left`] ?? ''} currency={row.currency ?? ''} />
              <FactFrame label="Spent">
                <BudgetShare value={row[`${view}_share`] ?? ''} />
              </FactFrame>
            </>
          ) : (
            <Text size="sm" c="dimmed">
              Of two currencies no share of one budget can be said.
            </Text>
          )}
        </Group>
      ))}
    </Paper>
  )
}

function Fact({
  label,
  value,
  currency,
}: {
  readonly label: string
  readonly value: string
  readonly currency: string
}) {
  return (
    <FactFrame label={label}>
      <Text component="span" fw={650} size="lg">
        <Amount value={value} currency={currency} />
      </Text>
    </FactFrame>
  )
}

function FactFrame({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      {children}
    </div>
  )
}

function Below({ centre, period }: PartProps) {
  const view = useView()
  const answer = useReport('cost-centres', { period }, { pageRows: 1000 })
  const below = rowsOf(answer.data).filter(({ parent, key }) => parent === centre && key !== '')
  if (below.length === 0) return null
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="below">
      <Title order={2} size="h4" id="below" mb="xs">
        Below it
      </Title>
      <Stack gap={4}>
        {below.map((row) => (
          <Group key={`${row.key} ${row.currency}`} justify="space-between">
            <ScreenLink to={`/cost-centres/${encodeURIComponent(row.key ?? '')}`}>{row.name || row.key}</ScreenLink>
            <Amount value={row[`${view}_total`] ?? ''} currency={row.currency ?? ''} />
          </Group>
        ))}
      </Stack>
    </Paper>
  )
}
