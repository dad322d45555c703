// The pool, and any of its members, month by month: actual beside adjusted, and what was used.
import { Select, Stack, Text, Title } from '@mantine/core'
import { type ReportRow, rowsOf, useReport } from '../../api/use-report.ts'
import { levelUnitOf, useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { Amount } from '../../components/amount.tsx'
import { Chart } from '../../components/chart.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'
import { byKey } from './by-key.ts'
import type { OfPool } from './of-pool.ts'

const MONTHS = '13'
/** Without how many services there were, which nobody sees here. */
const COST_COLUMNS = 'currency,month,actual,adjusted'
/** More than these are found by their service's own screen. */
const MEMBERS_MAX = 1000

export function PoolMonths({ pool, period }: OfPool) {
  const { key } = useScreenSearch()
  return (
    <Stack gap="lg">
      <section aria-labelledby="pool-months">
        <Title order={2} size="h4" id="pool-months" mb="xs">
          The pool
        </Title>
        <Stack>
          <CostMonths query={{ period, by: 'pool', key: pool }} what={pool} />
          <UsageMonths pool={pool} period={period} />
        </Stack>
      </section>
      <section aria-labelledby="member-months">
        <Title order={2} size="h4" id="member-months" mb="xs">
          One member
        </Title>
        <Stack>
          <MemberPicker pool={pool} period={period} />
          {key !== undefined && (
            <CostMonths query={{ period, by: 'service', key, where: [`pool=${pool}`] }} what={`${key} in ${pool}`} />
          )}
        </Stack>
      </section>
    </Stack>
  )
}

function MemberPicker({ pool, period }: OfPool) {
  const { key } = useScreenSearch()
  const setSearch = useSetSearch()
  const query = { period, by: 'service', where: [`pool=${pool}`] }
  const answer = useReport('charges', query, { pageRows: MEMBERS_MAX })
  const members = new Map(
    rowsOf(answer.data).flatMap(({ key: service, name }) =>
      service ? [[service, name ? `${service}, ${name}` : service] as const] : [],
    ),
  )
  return (
    <Select
      label="Member"
      placeholder="Choose a service or person"
      searchable
      limit={100}
      maw={420}
      data={[...members].map(([value, label]) => ({ value, label }))}
      value={key ?? null}
      onChange={(value) => setSearch({ key: value ?? undefined })}
      nothingFoundMessage="No member of that name"
    />
  )
}

type MonthsQuery = {
  readonly period: string
  readonly by: string
  readonly key: string
  readonly where?: string[]
}

const SERIES = [
  { key: 'actual', label: 'Actual', color: 'var(--spillway-actual)' },
  { key: 'adjusted', label: 'Adjusted', color: 'var(--spillway-adjusted)' },
]

function CostMonths({ query, what }: { readonly query: MonthsQuery; readonly what: string }) {
  const format = useFormat()
  const answer = useReport('trend', { ...query, months: MONTHS, columns: COST_COLUMNS }, { pageRows: MEMBERS_MAX })
  if (answer.isError) return <FailureState error={answer.error} onRetry={() => answer.refetch()} />
  if (!answer.data) return <LoadingState rows={4} />
  const byCurrency = byKey(rowsOf(answer.data), ({ currency }) => currency ?? '')
  if (byCurrency.size === 0) return <Text size="sm">It cost nothing in these months.</Text>
  return [...byCurrency].map(([currency, rows]) => (
    <Chart
      key={currency}
      kind="bar"
      label={`Cost of ${what} in ${currency}, by month`}
      points={rows.map((row) => ({ month: format.periodShort(row.month ?? ''), ...figuresOf(row) }))}
      along="month"
      series={SERIES}
      format={(value) => format.figure(String(value))}
      cellOf={(point, key) =>
        point[`${key}Text`] === '' ? 'not closed' : <Amount value={String(point[`${key}Text`])} currency={currency} />
      }
    />
  ))
}

const figuresOf = ({ actual, adjusted }: ReportRow) => ({
  actual: actual ? Number(actual) : null,
  adjusted: adjusted ? Number(adjusted) : null,
  actualText: actual ?? '',
  adjustedText: adjusted ?? '',
})

function UsageMonths({ pool, period }: OfPool) {
  const format = useFormat()
  const answer = useReport('trend', {
    ...{ period, of: 'usage', by: 'pool', key: pool, months: MONTHS },
    columns: 'usage_class,month,quantity',
  })
  if (answer.isError) return <FailureState error={answer.error} onRetry={() => answer.refetch()} />
  if (!answer.data) return <LoadingState rows={4} />
  const byClass = byKey(rowsOf(answer.data), ({ usage_class: usageClass }) => usageClass ?? '')
  return [...byClass].map(([usageClass, rows]) => (
    <Chart
      key={usageClass}
      kind="bar"
      label={`Used of ${pool}: ${usageClass}, by month`}
      points={rows.map(({ month, quantity }) => ({
        month: format.periodShort(month ?? ''),
        used: quantity ? Number(quantity) : null,
        usedText: quantity ? format.usage(quantity, usageClass) : 'not closed',
      }))}
      along="month"
      series={[{ key: 'used', label: 'Used', color: 'var(--mantine-color-teal-6)' }]}
      format={(value) => format.usageLevel(value, usageClass)}
      unit={levelUnitOf(usageClass)}
      cellOf={(point) => point.usedText}
      height={180}
    />
  ))
}
