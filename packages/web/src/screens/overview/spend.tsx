// A card for each currency: the month's sum, its change on the month before, and thirteen months as bars.
import { Card, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { type ReportRow, rowsOf, useReport } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useView } from '../../app/view-switch.tsx'
import { Amount } from '../../components/amount.tsx'
import { Chart } from '../../components/chart.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'

export function Spend({ period }: { readonly period: string }) {
  const answer = useReport('trend', { period, by: 'all', months: '13' })
  if (answer.isError) return <FailureState error={answer.error} onRetry={() => answer.refetch()} />
  if (!answer.data) return <LoadingState rows={4} />
  const months = new Map<string, ReportRow[]>()
  for (const row of rowsOf(answer.data))
    months.set(row.currency ?? '', [...(months.get(row.currency ?? '') ?? []), row])
  return (
    <SimpleGrid cols={{ base: 1, md: Math.min(2, Math.max(1, months.size)) }} spacing="lg">
      {[...months].map(([currency, rows]) => (
        <SpendCard key={currency} currency={currency} rows={rows} />
      ))}
    </SimpleGrid>
  )
}

function SpendCard({ currency, rows }: { readonly currency: string; readonly rows: ReadonlyArray<ReportRow> }) {
  const format = useFormat()
  const view = useView()
  const last = rows.at(-1)
  if (!last) return null
  const points = rows.map((row) => ({
    month: format.periodShort(row.month ?? ''),
    cost: Number(row[view] ?? 0),
    exact: row[view] ?? '',
  }))
  return (
    <Card withBorder padding="md" component="section" aria-label={`Spend in ${currency}`}>
      <Group justify="space-between" align="flex-start">
        <Stack gap={0}>
          <Text size="sm" c="dimmed">
            Spend in {currency}
          </Text>
          <ScreenLink
            to="/explore"
            search={{ by: 'vendor', period: last.month ?? undefined, where: [`currency=${currency}`] }}
            style={{ color: 'inherit', textDecoration: 'none' }}
          >
            <Text component="span" fz={30} fw={700} lh={1.2}>
              <Amount value={last[view] ?? ''} currency={currency} />
            </Text>
          </ScreenLink>
        </Stack>
        <Change row={last} currency={currency} />
      </Group>
      <Chart
        kind="bar"
        label={`Cost by month in ${currency}`}
        points={points}
        along="month"
        series={[{ key: 'cost', label: view === 'actual' ? 'Actual' : 'Adjusted', color: `var(--spillway-${view})` }]}
        format={(value) => format.figure(String(value))}
        cellOf={(point) => <Amount value={String(point.exact)} currency={currency} />}
        height={150}
        isBare
      />
    </Card>
  )
}

function Change({ row, currency }: { readonly row: ReportRow; readonly currency: string }) {
  const format = useFormat()
  const { change, change_share: share } = row
  if (!change) return null
  return (
    <Stack gap={0} align="flex-end">
      <Text size="sm" c="dimmed">
        on last month
      </Text>
      <Text component="span" fw={600}>
        <Amount value={change} currency={currency} isChange />
      </Text>
      {share && (
        <Text size="sm" c="dimmed">
          {format.share(share)}
        </Text>
      )}
    </Stack>
  )
}
