// One account: what its services cost, what is left in its buckets, its bills, its sub-accounts, and what stands beneath it.
import { Group, Stack } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { type ReportRow, rowsOf, useReport } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { usePeriods } from '../../app/periods.ts'
import { useMay } from '../../app/session.tsx'
import { CostByMonth } from '../../components/cost-by-month.tsx'
import { ExportMenu } from '../../components/export-menu.tsx'
import { Fact } from '../../components/fact.tsx'
import { NoMonth } from '../../components/no-month.tsx'
import { keepPeriod, PageHeader } from '../../components/page-header.tsx'
import { ReportTable } from '../../components/report-table.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { ScreenTabs } from '../../components/screen-tabs.tsx'
import { EmptyState, FailedPart } from '../../components/states.tsx'
import { ALERT_TITLES, alertLink, useAlertCell } from '../alerts/alert-cells.tsx'
import { BillState } from '../customer-bills/bill-state.tsx'
import { AccountBuckets } from './account-buckets.tsx'

type OfAccount = { readonly account: string; readonly period: string }

export function Screen() {
  const { account = '' } = useParams({ strict: false }) as { account?: string }
  const format = useFormat()
  const { period, isPending } = usePeriods()
  const tree = useReport('accounts', { account })
  const readsSubAccounts = useMay('sub-account:read')
  const rows = rowsOf(tree.data)
  const own = rows.find((row) => row.account === account)
  const above = crumbsAbove(rows, own)
  if (!isPending && period === undefined) return <NoMonth title={own?.name || account} />
  return (
    <>
      <PageHeader
        title={own?.name || account}
        crumbs={[{ label: 'Accounts', to: '/accounts' }, ...above]}
        summary={[account, period && format.period(period)].filter(Boolean).join(' · ')}
        actions={<ExportMenu report="charges" query={{ period, by: 'service', where: [`account=${account}`] }} />}
      />
      {period !== undefined && (
        <Stack gap="lg">
          <FailedPart answer={tree} />
          {own && (
            <Facts
              row={own}
              below={rows.filter((row) => row.parent === account)}
              belowCount={(tree.data?.pages[0]?.rowCount ?? 0) - above.length - 1}
            />
          )}
          <CostByMonth period={period} by="account" trendOf={account} title={(currency) => `Cost in ${currency}`} />
          <ScreenTabs
            label="Of the account"
            tabs={[
              { value: 'services', label: 'Services', content: <Services account={account} period={period} /> },
              { value: 'buckets', label: 'Buckets', content: <AccountBuckets account={account} period={period} /> },
              { value: 'bills', label: 'Bills', content: <Bills account={account} period={period} /> },
              ...(readsSubAccounts
                ? [
                    {
                      value: 'sub-accounts',
                      label: 'Sub-accounts',
                      content: <SubAccounts account={account} period={period} />,
                    },
                  ]
                : []),
              { value: 'alerts', label: 'Alerts', content: <Alerts account={account} period={period} /> },
            ]}
          />
        </Stack>
      )}
    </>
  )
}

function crumbsAbove(rows: ReadonlyArray<ReportRow>, own: ReportRow | undefined) {
  const above: { label: string; to: string }[] = []
  const met = new Set<string>()
  let parent = own?.parent ?? ''
  while (parent !== '' && !met.has(parent)) {
    met.add(parent)
    const row = rows.find(({ account }) => account === parent)
    above.unshift({ label: row?.name || parent, to: `/accounts/${encodeURIComponent(parent)}` })
    parent = row?.parent ?? ''
  }
  return above
}

type FactsProps = {
  readonly row: ReportRow
  /** The first of them. */
  readonly below: ReadonlyArray<ReportRow>
  readonly belowCount: number
}

function Facts({ row, below, belowCount }: FactsProps) {
  const format = useFormat()
  const facts = [
    ['Currency', row.currency ?? ''],
    ['Billed from', row.cycle_day ? `day ${row.cycle_day} of the month` : ''],
    ['Time zone', row.time_zone ?? ''],
  ].filter(([, value]) => value !== '')
  const link = (account: string, name: string) => (
    <ScreenLink key={account} to={`/accounts/${encodeURIComponent(account)}`}>
      {name}
    </ScreenLink>
  )
  return (
    <Group component="section" aria-label="The account" gap="xl">
      {facts.map(([label, value]) => (
        <Fact key={label} label={label ?? ''}>
          {value}
        </Fact>
      ))}
      <Fact label="Usage is billed to">
        {row.usage_invoicer ? link(row.usage_invoicer, row.usage_invoicer) : 'itself'}
      </Fact>
      {below.length > 0 && (
        <Fact label="Beneath it">
          <Group gap="sm">
            {below.slice(0, 8).map(({ account, name }) => link(account ?? '', name || (account ?? '')))}
            {belowCount > 8 && <span>and {format.count(belowCount - 8)} more</span>}
          </Group>
        </Fact>
      )}
    </Group>
  )
}

function Services({ account, period }: OfAccount) {
  const here = useScreenSearch()
  const setSearch = useSetSearch()
  return (
    <ReportTable
      report="charges"
      query={{ period, by: 'service', where: [`account=${account}`] }}
      label="Services of the account"
      columns={['key', 'actual', 'adjusted', 'difference']}
      titles={{ key: 'Service' }}
      sort={here.sort}
      onSort={(sort) => setSearch({ sort })}
      explainsOf={({ key }) => key || undefined}
      linkOf={({ key }) =>
        key
          ? { to: `/services/${encodeURIComponent(key)}`, search: keepPeriod(here) }
          : { to: '/lines', search: { ...keepPeriod(here), where: [`account=${account}`, 'service='] } }
      }
      empty={<EmptyState title="No cost this month">Nothing of this account cost anything this month.</EmptyState>}
    />
  )
}

function Bills({ account, period }: OfAccount) {
  const here = useScreenSearch()
  return (
    <ReportTable
      report="bills"
      query={{ period, account }}
      label="Bills of the account"
      columns={['bill', 'state', 'total', 'recurring', 'usage', 'minimum', 'adjustment']}
      cellOf={({ key }, { state }) => (key === 'state' ? <BillState state={state ?? ''} /> : undefined)}
      linkOf={({ bill }) => ({ to: `/customer-bills/${encodeURIComponent(bill ?? '')}`, search: keepPeriod(here) })}
      empty={
        <EmptyState title="No bill this month">
          The account was not billed by us: nothing is sold to it, or another account is billed for it.
        </EmptyState>
      }
    />
  )
}

function SubAccounts({ account, period }: OfAccount) {
  return (
    <ReportTable
      report="sub-accounts"
      query={{ period, account }}
      label="Sub-accounts of the account"
      columns={['user_id', 'name', 'owner', 'enabled', 'minutes', 'spend', 'reached']}
      titles={{ reached: 'Limits reached' }}
      linkOf={({ user_id }) => ({ to: '/sub-accounts', search: { of: account, chosen: user_id ?? '' } })}
      empty={
        <EmptyState title="No sub-account" action={{ label: 'Add one', to: '/sub-accounts', search: { of: account } }}>
          User ids under this account stand here, each with what it used.
        </EmptyState>
      }
    />
  )
}

function Alerts({ account, period }: OfAccount) {
  const here = useScreenSearch()
  return (
    <ReportTable
      report="alerts"
      query={{ period, account }}
      label="Alerts of the account"
      columns={['holder', 'bucket', 'percent', 'drawn', 'capacity', 'exhausted_at']}
      titles={ALERT_TITLES}
      cellOf={useAlertCell()}
      linkOf={(row) => alertLink(row, keepPeriod(here))}
      empty={
        <EmptyState title="No alert" why="all-well">
          No bucket or limit of this account is four fifths used.
        </EmptyState>
      }
    />
  )
}
