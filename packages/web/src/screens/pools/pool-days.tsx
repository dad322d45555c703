// Usage through the month against the allowance: day by day where the vendor says the days, and who drew what.
import { Paper, Stack, Text, Title } from '@mantine/core'
import { ApiProblem } from '@spillway/server/client'
import { type ReportRow, rowsOf, useReport } from '../../api/use-report.ts'
import { type Format, levelUnitOf, useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { Chart } from '../../components/chart.tsx'
import { ReportTable } from '../../components/report-table.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'
import type { OfPool } from './of-pool.ts'

export function PoolDays({ pool, period }: OfPool) {
  const { sort } = useScreenSearch()
  const setSearch = useSetSearch()
  return (
    <Stack gap="lg">
      <section aria-labelledby="days">
        <Title order={2} size="h4" id="days" mb="xs">
          Through the month
        </Title>
        <ThroughMonth pool={pool} period={period} />
      </section>
      <section aria-labelledby="drew">
        <Title order={2} size="h4" id="drew" mb="xs">
          Who drew what
        </Title>
        <ReportTable
          report="usage"
          query={{ period, by: 'service', where: [`pool=${pool}`] }}
          label={`What each drew from ${pool}`}
          columns={['key', 'name', 'usage_class', 'quantity']}
          titles={{ key: 'Service', name: 'Person', usage_class: 'Usage', quantity: 'Drawn' }}
          sort={sort ?? '-quantity'}
          onSort={(next) => setSearch({ sort: next })}
          linkOf={({ key }) => (key ? { to: `/services/${encodeURIComponent(key)}` } : undefined)}
        />
      </section>
    </Stack>
  )
}

function ThroughMonth({ pool, period }: OfPool) {
  const format = useFormat()
  const answer = useReport('pool-days', { period, pool }, { pageRows: 1000 })
  if (answer.isError)
    return answer.error instanceof ApiProblem && answer.error.status === 403 ? (
      <Text size="sm" c="dimmed">
        How the whole pool was used is seen by who sees the whole company. Beneath is your part of it.
      </Text>
    ) : (
      <FailureState error={answer.error} onRetry={() => answer.refetch()} />
    )
  if (!answer.data) return <LoadingState rows={6} />
  const rows = rowsOf(answer.data)
  const dated = rows.filter(({ day }) => day)
  const undated = rows.find(({ day }) => !day)
  const first = rows[0]
  if (!first) return <Text size="sm">Nothing was used.</Text>
  const said = (value: string | null | undefined) => format.usage(value ?? '0', first.usage_type ?? '')
  const hasDays = dated.some(({ used }) => used !== '0')
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Text>{exhaustionSentence(first, { format, undated, said })}</Text>
        {undated && (
          <Text size="sm" c="dimmed">
            {hasDays ? `${said(undated.used)} more` : `All ${said(undated.used)}`} came as totals of bills, which name
            no day: {hasDays ? 'the chart has only the rest.' : 'there is nothing to draw day by day.'}
          </Text>
        )}
        {hasDays && <DaysChart rows={dated} said={said} pool={pool} />}
      </Stack>
    </Paper>
  )
}

type Saying = (value: string | null | undefined) => string
type SentenceOptions = { readonly format: Format; readonly undated: ReportRow | undefined; readonly said: Saying }

function exhaustionSentence(row: ReportRow, { format, undated, said }: SentenceOptions): string {
  const { allowance, exhausted_on: on, projected } = row
  if (!allowance || allowance === '0') return 'It has no allowance: all of its usage is charged as used.'
  if (on && projected === 'yes')
    return `At the pace so far, its ${said(allowance)} will be used up on ${format.date(on)}.`
  if (on) return `Its ${said(allowance)} were used up on ${format.date(on)}.`
  // Its total stands in the last row, after all days.
  if (undated && undated.left !== '0') return `Of its ${said(allowance)}, ${said(undated.left)} were not used.`
  if (undated) return `Its ${said(allowance)} were used up; on which day nobody can say, since usage came without days.`
  return `At the pace of this month, its ${said(allowance)} last to the end.`
}

type DaysChartProps = { readonly rows: ReadonlyArray<ReportRow>; readonly said: Saying; readonly pool: string }

function DaysChart({ rows, said, pool }: DaysChartProps) {
  const format = useFormat()
  const allowance = rows[0]?.allowance ?? ''
  const usageType = rows[0]?.usage_type ?? ''
  const points = rows.map((row) => ({
    day: format.date(row.day ?? ''),
    soFar: Number(row.so_far),
    soFarText: said(row.so_far),
    used: said(row.used),
    left: said(row.left),
  }))
  return (
    <Chart
      kind="area"
      label={`Used of ${pool} so far, by day${allowance === '' ? '' : `, against its ${said(allowance)}`}`}
      points={points}
      along="day"
      series={[{ key: 'soFar', label: 'Used so far', color: 'var(--spillway-adjusted)' }]}
      format={(value) => format.usageLevel(value, usageType)}
      unit={levelUnitOf(usageType)}
      cellOf={(point) => `${point.soFarText} (${point.used} on the day, ${point.left} left)`}
      {...(allowance === '' || allowance === '0'
        ? {}
        : { reference: { value: Number(allowance), label: `Allowance ${said(allowance)}` } })}
      isBare
    />
  )
}
