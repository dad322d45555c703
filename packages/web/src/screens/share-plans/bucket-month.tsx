// What was drawn from a bucket in a month: day by day beside its capacity, by whom, what was left, and when it ran out or will.
import { Badge, Group, Select, Stack, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { type ReportRow, rowsOf, useReport } from '../../api/use-report.ts'
import { type Format, levelUnitOf, useFormat } from '../../app/format.ts'
import { useSetSearch } from '../../app/go.ts'
import { usePeriods } from '../../app/periods.ts'
import { Chart } from '../../components/chart.tsx'
import { ReportTable } from '../../components/report-table.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'
import { isInstant, PageTable } from '../catalogue/document/page-table.tsx'
import { paceOf } from './pace.ts'

export function BucketMonth({ bucket }: { readonly bucket: string }) {
  const { period, all, isPending } = usePeriods()
  const format = useFormat()
  const setSearch = useSetSearch()
  if (isPending) return <LoadingState rows={4} />
  if (period === undefined) return <Text size="sm">Once a month is closed, what was drawn in it stands here.</Text>
  return (
    <Stack>
      <Group>
        <Select
          label="Month"
          data={all.map((one) => ({ value: one.period, label: format.period(one.period) }))}
          value={period}
          allowDeselect={false}
          onChange={(value) => setSearch({ period: value ?? undefined })}
        />
      </Group>
      <MonthOf key={period} bucket={bucket} period={period} />
    </Stack>
  )
}

type Of = { readonly bucket: string; readonly period: string }

const SEARCH_AFTER_MS = 200
const FOUND_MAX = 200

function MonthOf({ bucket, period }: Of) {
  const { key } = useSearch({ strict: false })
  // The same as the list of whoever holds it begins with.
  const first = useReport('buckets', { period, bucket, by: 'holder' }, { pageRows: FOUND_MAX })
  if (first.isError) return <FailureState error={first.error} onRetry={() => first.refetch()} />
  if (!first.data) return <LoadingState rows={6} />
  const [row] = rowsOf(first.data)
  if (row === undefined) return <Text size="sm">Nothing was drawn from it in this month.</Text>
  const account = key ?? row.account ?? ''
  return (
    <Stack>
      {(first.data.pages[0]?.rowCount ?? 0) > 1 && <AccountOf bucket={bucket} period={period} account={account} />}
      <DaysOf key={account} bucket={bucket} period={period} account={account} />
      <Standings key={`left ${account}`} bucket={bucket} period={period} account={account} />
      <Drawers key={`drew ${account}`} bucket={bucket} period={period} account={account} />
    </Stack>
  )
}

type OfAccount = Of & { readonly account: string }

/** Whoever holds it; there may be thousands, of which the server finds those with what is typed. */
function AccountOf({ bucket, period, account }: OfAccount) {
  const setSearch = useSetSearch()
  const [typed, setTyped] = useState('')
  const [settled] = useDebouncedValue(typed, SEARCH_AFTER_MS)
  const search = settled === account || settled === '' ? {} : { search: settled.slice(0, 200) }
  const found = useReport('buckets', { period, bucket, by: 'holder', ...search }, { pageRows: FOUND_MAX })
  const accounts = new Set([account, ...rowsOf(found.data).map((row) => row.account ?? '')])
  return (
    <Select
      label="Held by"
      description={
        found.data?.pages[0]?.next === null ? undefined : 'The first of many are listed; find others by typing'
      }
      data={[...accounts].sort()}
      value={account}
      allowDeselect={false}
      searchable
      limit={100}
      onSearchChange={setTyped}
      onChange={(value) => setSearch({ key: value ?? undefined })}
    />
  )
}

/** Each of its holders on the account: the account itself, a share plan there, or its services. */
function DaysOf({ bucket, period, account }: OfAccount) {
  const format = useFormat()
  const [chosen, setChosen] = useState<string | null>(null)
  const days = useReport('bucket-days', { period, bucket, account }, { pageRows: 1000 })
  const holders = useMemo(() => byHolder(rowsOf(days.data), format), [days.data, format])
  if (days.isError) return <FailureState error={days.error} onRetry={() => days.refetch()} />
  if (!days.data) return <LoadingState rows={6} />
  const shown = holders.find(({ id }) => id === chosen) ?? holders[0]
  return (
    <>
      {holders.length > 1 && (
        <Select
          label="Of"
          data={holders.map(({ id, label }) => ({ value: id, label }))}
          value={shown?.id ?? null}
          allowDeselect={false}
          searchable
          limit={100}
          onChange={setChosen}
        />
      )}
      {shown && <HolderDays holder={shown} />}
    </>
  )
}

function Drawers({ bucket, period, account }: OfAccount) {
  const format = useFormat()
  return (
    <>
      <Title order={3} size="h5">
        Who drew from it
      </Title>
      <ReportTable
        report="buckets"
        query={{ period, bucket, account }}
        label={`Who drew from ${bucket}`}
        columns={['service', 'service_account', 'tier', 'drawn', 'events', 'last_at', 'ran_out_at']}
        titles={{ last_at: 'Last drawn', service_account: 'Account' }}
        linkOf={({ service }) => (service ? { to: `/services/${encodeURIComponent(service)}` } : undefined)}
        cellOf={(column, row) =>
          isInstant(column) && row[column.key] ? format.instant(row[column.key] ?? '') : undefined
        }
        heightMax={360}
      />
    </>
  )
}

type Holder = { readonly id: string; readonly label: string; readonly rows: ReadonlyArray<ReportRow> }

/** A holder has the bucket once for each of its periods that the month touches. */
function byHolder(rows: ReadonlyArray<ReportRow>, format: Format): ReadonlyArray<Holder> {
  const found = new Map<string, ReportRow[]>()
  for (const row of rows) {
    const id = `${row.account} ${row.holder} ${row.start_at}`
    const own = found.get(id)
    if (own) own.push(row)
    else found.set(id, [row])
  }
  return [...found].map(([id, own]) => {
    const [first] = own
    const day = own.find((row) => row.day)?.day
    const from = day ? `, from ${format.date(day)}` : ''
    const holder = first?.holder === first?.account ? (first?.account ?? '') : `${first?.holder} of ${first?.account}`
    return { id, label: `${holder}${from}`, rows: own }
  })
}

const DRAWN = { key: 'soFar', label: 'Drawn so far', color: 'var(--spillway-adjusted)' }
const ON_DAY = { key: 'drawn', label: 'On the day', color: 'var(--spillway-actual)' }
const PACE = { key: 'pace', label: 'At the pace so far', color: 'var(--mantine-color-orange-6)' }

function HolderDays({ holder }: { readonly holder: Holder }) {
  const format = useFormat()
  const first = holder.rows[0]
  if (!first) return null
  const usageType = first.usage_type ?? ''
  const said = (value: string | null | undefined) => format.usage(value ?? '', usageType)
  const known = holder.rows.flatMap(({ day, drawn, so_far }) =>
    day ? [{ day, drawn: Number(drawn), soFar: Number(so_far), drawnText: said(drawn), soFarText: said(so_far) }] : [],
  )
  const capacity = first.capacity ?? ''
  const pace =
    first.projected === 'yes' && first.exhausted_at && capacity !== ''
      ? paceOf(known.at(-1), { exhaustedOn: first.exhausted_at.slice(0, 10), capacity: Number(capacity) })
      : []
  const last = known.at(-1)
  const points = [
    ...known.slice(0, -1),
    ...(last ? [{ ...last, pace: pace.length > 0 ? last.soFar : null }] : []),
    ...pace.slice(1).map(({ day, pace: value }) => ({ day, drawn: null, soFar: null, pace: value })),
  ].map((point) => ({ ...point, day: format.date(point.day) }))
  return (
    <Stack gap="xs">
      <Exhaustion row={first} format={format} />
      <Chart
        kind="line"
        label={`${holder.label}: drawn by day${capacity === '' ? '' : `, of ${said(capacity)}`}`}
        points={points}
        along="day"
        series={[DRAWN, ON_DAY, ...(pace.length > 0 ? [PACE] : [])]}
        format={(value) => format.usageLevel(value, usageType)}
        unit={levelUnitOf(usageType)}
        cellOf={(point, key) => point[`${key}Text` as keyof typeof point]}
        {...(capacity === '' ? {} : { reference: { value: Number(capacity), label: said(capacity) } })}
      />
    </Stack>
  )
}

function Exhaustion({ row, format }: { readonly row: ReportRow; readonly format: Format }) {
  const { exhausted_at, projected } = row
  if (!exhausted_at)
    return (
      <Text size="sm" c="dimmed">
        It does not run out at the pace of this period.
      </Text>
    )
  const when = format.instant(exhausted_at)
  return (
    <Group gap="xs">
      <Badge variant="outline" color={projected === 'yes' ? 'yellow' : 'red'} tt="none">
        {projected === 'yes' ? 'will run out' : 'ran out'}
      </Badge>
      <Text size="sm">{projected === 'yes' ? `At the pace so far, on ${when}` : `On ${when}`}</Text>
    </Group>
  )
}

/** Tier by tier: its size, what was drawn, what was left; and which shares of it were reached when. */
function Standings({ bucket, period, account }: OfAccount) {
  const buckets = useReport('buckets', { period, bucket, account, by: 'holder' }, { pageRows: 500 })
  const alerts = useReport('alerts', { period, bucket, account }, { pageRows: 500 })
  const error = buckets.error ?? alerts.error
  if (error) return <FailureState error={error} />
  const [head, alertHead] = [buckets.data?.pages[0], alerts.data?.pages[0]]
  if (!head || !alertHead) return <LoadingState rows={3} />
  const own = rowsOf(buckets.data)
  const reached = rowsOf(alerts.data)
  return (
    <>
      <Title order={3} size="h5">
        Drawn and left
      </Title>
      <PageTable
        page={{ columns: head.columns, rows: [...own] }}
        label={`Drawn from and left of ${bucket}`}
        columns={['holder', 'tier', 'capacity', 'rolled_in', 'drawn', 'left', 'ran_out_at']}
      />
      {reached.length > 0 && (
        <>
          <Title order={3} size="h5">
            Alerts
          </Title>
          <PageTable
            page={{ columns: alertHead.columns, rows: [...reached] }}
            label={`Alerts of ${bucket}`}
            columns={['holder', 'percent', 'capacity', 'exhausted_at', 'projected']}
          />
        </>
      )}
    </>
  )
}
