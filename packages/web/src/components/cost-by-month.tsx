// Thirteen months of what something costs, by currency: the month's figure, its change on the month before, a bar for each month.
import { Paper, SimpleGrid, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { type ReportRow, rowsOf, useReport } from '../api/use-report.ts'
import { useFormat } from '../app/format.ts'
import { useView } from '../app/view-switch.tsx'
import { Amount } from './amount.tsx'
import { Chart } from './chart.tsx'
import classes from './cost-by-month.module.css'
import { FailureState, LoadingState } from './states.tsx'

export type CostByMonthProps = {
  readonly period: string
  /** A dimension of `report trend`; `all` for everything together. */
  readonly by: string
  /** Of one alone; '' is what nobody owns. */
  readonly trendOf?: string | undefined
  readonly title: (currency: string) => string
  /** Wraps the month's figure, such as in a link. */
  readonly figure?: (amount: ReactNode, currency: string) => ReactNode
}

/** Without how many services there were, which nobody sees here and which takes longer to count than all else. */
const COLUMNS = 'currency,month,actual,adjusted,change,change_share'

export function CostByMonth({ period, by, trendOf, title, figure = (amount) => amount }: CostByMonthProps) {
  const answer = useReport('trend', {
    ...{ period, by, months: '13' },
    ...(trendOf === undefined ? {} : { key: trendOf, columns: COLUMNS }),
  })
  if (answer.isError) return <FailureState error={answer.error} onRetry={() => answer.refetch()} />
  if (!answer.data) return <LoadingState rows={4} />
  const months = new Map<string, ReportRow[]>()
  for (const row of rowsOf(answer.data)) {
    const currency = row.currency ?? ''
    months.set(currency, [...(months.get(currency) ?? []), row])
  }
  if (months.size === 0) return null
  return (
    <SimpleGrid cols={{ base: 1, md: Math.min(2, months.size), lg: Math.min(3, months.size) }} spacing="lg">
      {[...months].map(([currency, rows]) => (
        <CurrencyCard key={currency} currency={currency} rows={rows} title={title(currency)} figure={figure} />
      ))}
    </SimpleGrid>
  )
}

type CurrencyCardProps = {
  readonly currency: string
  readonly rows: ReadonlyArray<ReportRow>
  readonly title: string
  readonly figure: (amount: ReactNode, currency: string) => ReactNode
}

function CurrencyCard({ currency, rows, title, figure }: CurrencyCardProps) {
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
    <Paper withBorder p="md" component="section" aria-label={title} className={classes.card ?? ''}>
      <div className={classes.figures}>
        <Stack gap={0}>
          <Text size="sm" c="dimmed">
            {title}
          </Text>
          <Text component="span" fz="clamp(22px, 7cqi, 30px)" fw={700} lh={1.2}>
            {figure(<Amount value={last[view] || '0'} currency={currency} />, currency)}
          </Text>
        </Stack>
        <Change row={last} currency={currency} />
      </div>
      <Chart
        kind="bar"
        label={`${title}, by month`}
        points={points}
        along="month"
        series={[{ key: 'cost', label: view === 'actual' ? 'Actual' : 'Adjusted', color: `var(--spillway-${view})` }]}
        format={(value) => format.figure(String(value))}
        cellOf={(point) => (point.exact === '' ? '' : <Amount value={String(point.exact)} currency={currency} />)}
        height={150}
        isBare
      />
    </Paper>
  )
}

function Change({ row, currency }: { readonly row: ReportRow; readonly currency: string }) {
  const format = useFormat()
  const { change, change_share: share } = row
  if (!change) return null
  return (
    <div className={classes.change}>
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
    </div>
  )
}
