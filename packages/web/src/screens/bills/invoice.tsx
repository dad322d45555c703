// One invoice: what it says, whether it foots in both views, and every line of it down to its file.
import { Button, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useAsk } from '../../api/use-ask.ts'
import { type ReportQuery, type ReportRow, useReport } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch } from '../../app/go.ts'
import { useMay } from '../../app/session.tsx'
import { Amount } from '../../components/amount.tsx'
import { ExportMenu } from '../../components/export-menu.tsx'
import { FilterChips, termOf } from '../../components/filter-chips.tsx'
import { LineTable } from '../../components/line-table.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { EmptyState, FailureState, LoadingState } from '../../components/states.tsx'
import { AcceptDifference } from './accept-difference.tsx'
import { useBillMonth } from './bill-month.ts'
import { NoBills } from './no-bills.tsx'
import { StateBadge } from './state-badge.tsx'

export function Screen() {
  const { invoice = '' } = useParams({ strict: false }) as { invoice?: string }
  const search = useScreenSearch()
  const format = useFormat()
  const { period, isClosed, isPending } = useBillMonth()
  const where = [...(search.where ?? []), `invoice=${invoice}`]
  const query: ReportQuery = {
    ...{ period, by: 'line', where },
    ...(search.q === undefined ? {} : { search: search.q }),
  }
  const header = (
    <PageHeader
      title={`Invoice ${invoice}`}
      crumbs={[{ label: 'Bills', to: '/bills' }]}
      summary={period === undefined ? undefined : format.period(period)}
      actions={isClosed && <ExportMenu report="charges" query={query} sort={search.sort} />}
    />
  )
  if (!isPending && period === undefined)
    return (
      <>
        {header}
        <NoBills />
      </>
    )
  return (
    <>
      {header}
      <Stack gap="lg">
        <Footings invoice={invoice} period={period} where={where} isClosed={isClosed} />
        <section aria-labelledby="lines">
          <Title order={2} size="h4" id="lines" mb="sm">
            Lines
          </Title>
          {isClosed ? (
            <>
              <FilterChips dimensions={['service', 'person', 'cost-centre', 'pool', 'category', 'vendor', 'account']} />
              <LineTable query={query} label={`Lines of invoice ${invoice}`} omits={['invoice']} />
            </>
          ) : (
            !isPending && (
              <EmptyState title="Not closed yet" action={{ label: 'Go to runs', to: '/runs', search: { period } }}>
                The lines are shown by who carries them, once the month is closed.
              </EmptyState>
            )
          )}
        </section>
      </Stack>
    </>
  )
}

type FootingsProps = {
  readonly invoice: string
  readonly period: string | undefined
  readonly where: ReadonlyArray<string>
  readonly isClosed: boolean
}

function Footings({ invoice, period, where, isClosed }: FootingsProps) {
  const answer = useAsk(
    'getReport',
    {
      params: { report: 'reconciliation' },
      query: { ...(period === undefined ? {} : { period }), search: invoice, limit: 200 },
    },
    { isReady: period !== undefined },
  )
  if (answer.isError) return <FailureState error={answer.error} onRetry={() => answer.refetch()} />
  if (!answer.data) return <LoadingState rows={4} />
  const terms = where.map(termOf)
  const isAsked = (row: ReportRow) =>
    row.invoice === invoice &&
    (['vendor', 'account'] as const).every((name) => {
      const keys = terms.filter(({ dimension }) => dimension === name)
      return keys.length === 0 || keys.some(({ key }) => key === row[name])
    })
  const rows = answer.data.rows.filter(isAsked)
  if (rows.length === 0)
    return (
      <EmptyState title="No such invoice in this month" why="no-match" action={{ label: 'All bills', to: '/bills' }}>
        It may belong to another month, or an import that was taken back.
      </EmptyState>
    )
  return (
    <Stack>
      {rows.map((row) => (
        <Footing key={`${row.vendor} ${row.account} ${row.currency}`} row={row} isClosed={isClosed} />
      ))}
    </Stack>
  )
}

function Footing({ row, isClosed }: { readonly row: ReportRow; readonly isClosed: boolean }) {
  const [isAccepting, setAccepting] = useState(false)
  const mayAccept = useMay('period:change')
  const { vendor, account, invoice, currency, total, charges, difference, status, reason, lines, period } = row
  const isOpen = status === 'unreconciled' || status === 'no-charges'
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" mb="sm">
        <Text fw={600}>
          {vendor} · account {account} · {lines} lines
        </Text>
        <Group gap="xs">
          <StateBadge state={status ?? ''} />
          {isOpen && mayAccept && (
            <Button size="xs" variant="default" onClick={() => setAccepting(true)}>
              Accept the difference
            </Button>
          )}
        </Group>
      </Group>
      <SimpleGrid cols={{ base: 2, sm: 5 }}>
        <Figure label="Sum of the lines" value={charges} currency={currency} />
        <Figure label="The vendor's total" value={total} currency={currency} />
        <Figure label="Difference" value={difference} currency={currency} isChange />
        {isClosed && (
          <InBothViews
            where={[`vendor=${vendor}`, `account=${account}`, `invoice=${invoice}`]}
            period={period ?? ''}
            currency={currency ?? ''}
          />
        )}
      </SimpleGrid>
      {reason !== '' && (
        <Text size="sm" mt="sm">
          Accepted because: {reason}
        </Text>
      )}
      {isAccepting && <AcceptDifference row={row} onClose={() => setAccepting(false)} />}
    </Paper>
  )
}

type Views = { readonly where: ReadonlyArray<string>; readonly period: string; readonly currency: string }

/** What the month's close has of the invoice, as the vendor billed it and after pools are divided. */
function InBothViews({ where, period, currency }: Views) {
  const { data } = useReport('charges', { period, by: 'vendor', where: [...where] })
  const amounts = data?.pages[0]?.totals.find((one) => one.currency === currency)?.amounts
  if (!amounts) return null
  return (
    <>
      <Figure label="In the close, actual" value={amounts.actual} currency={currency} />
      <Figure label="In the close, adjusted" value={amounts.adjusted} currency={currency} />
    </>
  )
}

type FigureProps = {
  readonly label: string
  readonly value: string | null | undefined
  readonly currency: string | null | undefined
  readonly isChange?: boolean
}

function Figure({ label, value, currency, isChange = false }: FigureProps) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text fw={600} component="div">
        {value ? <Amount value={value} currency={currency ?? ''} isChange={isChange} /> : 'not known'}
      </Text>
    </div>
  )
}
