// One cost centre: what it carries over the months, what is left of its budget, what is below it, and who of its people costs what.

import { Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { type ReportRow, rowsOf, useReport } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch } from '../../app/go.ts'
import { usePeriods } from '../../app/periods.ts'
import { useView } from '../../app/view-switch.tsx'
import { Amount } from '../../components/amount.tsx'
import { CostByMonth } from '../../components/cost-by-month.tsx'
import { ExportMenu } from '../../components/export-menu.tsx'
import { Fact } from '../../components/fact.tsx'
import { NoMonth } from '../../components/no-month.tsx'
import { keepPeriod, PageHeader } from '../../components/page-header.tsx'
import { ReportTable } from '../../components/report-table.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { StatementButton } from '../../components/statement-button.tsx'
import { EmptyState, FailedPart } from '../../components/states.tsx'
import { BudgetShare } from './cost-centres.tsx'

export function Screen() {
  const { centre = '' } = useParams({ strict: false }) as { centre?: string }
  const here = useScreenSearch()
  const format = useFormat()
  const { period, isPending } = usePeriods()
  const tree = useReport('cost-centres', { period, search: centre }, { isReady: period !== undefined })
  const own = rowsOf(tree.data).filter(({ key }) => key === centre)
  const parent = own[0]?.parent
  const above = useReport('cost-centres', { period, search: parent ?? '' }, { isReady: Boolean(parent) })
  const parentName = rowsOf(above.data).find(({ key }) => key === parent)?.name
  if (!isPending && period === undefined) return <NoMonth title={centre} />
  const query = { period, by: 'person', where: [`cost-centre=${centre}`] }
  return (
    <>
      <PageHeader
        title={own[0]?.name || centre}
        crumbs={[
          { label: 'Cost centres', to: '/cost-centres' },
          ...(parent ? [{ label: parentName || parent, to: `/cost-centres/${encodeURIComponent(parent)}` }] : []),
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
          <Below centre={centre} period={period} />
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
        </Stack>
      )}
    </>
  )
}

type PartProps = { readonly centre: string; readonly period: string }

/** A budget names no currency: it is compared with costs in one, and with costs in two not at all. */
function Budget({ centre, period }: PartProps) {
  const view = useView()
  const format = useFormat()
  const answer = useReport('cost-centres', { period, search: centre })
  const own = rowsOf(answer.data).filter(({ key }) => key === centre)
  const [first] = own
  if (answer.isError) return <FailedPart answer={answer} />
  if (!first?.budget) return null
  const left = own.length === 1 ? first[`${view}_left`] : undefined
  return (
    <Paper withBorder p="md" component="section" aria-label="Budget">
      <Group gap="xl" align="flex-start">
        <Fact label="With what is below">
          <Group gap="lg">
            {own.map((row) => (
              <Amount key={row.currency} value={row[`${view}_total`] ?? ''} currency={row.currency ?? ''} />
            ))}
          </Group>
        </Fact>
        <Fact label="Budget">{format.figure(first.budget)}</Fact>
        {left ? (
          <>
            <Fact label="Left">
              <Amount value={left} currency={first.currency ?? ''} />
            </Fact>
            <Fact label="Spent">
              <BudgetShare value={first[`${view}_share`] ?? ''} />
            </Fact>
          </>
        ) : (
          <Text size="sm" c="dimmed" maw={360}>
            Costs in several currencies are not compared with one budget.
          </Text>
        )}
      </Group>
    </Paper>
  )
}

function Below({ centre, period }: PartProps) {
  const view = useView()
  const answer = useReport('cost-centres', { period }, { pageRows: 1000 })
  if (answer.isError) return <FailedPart answer={answer} />
  const below = new Map<string, ReportRow[]>()
  for (const row of rowsOf(answer.data))
    if (row.parent === centre && row.key) below.set(row.key, [...(below.get(row.key) ?? []), row])
  if (below.size === 0) return null
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="below">
      <Title order={2} size="h4" id="below" mb="xs">
        Below it
      </Title>
      <Stack gap={4}>
        {[...below].map(([key, rows]) => (
          <Group key={key} justify="space-between">
            <ScreenLink to={`/cost-centres/${encodeURIComponent(key)}`}>{rows[0]?.name || key}</ScreenLink>
            <Group gap="lg">
              {rows.map((row) => (
                <Amount key={row.currency} value={row[`${view}_total`] ?? ''} currency={row.currency ?? ''} />
              ))}
            </Group>
          </Group>
        ))}
      </Stack>
    </Paper>
  )
}
