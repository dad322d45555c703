// User ids under one account: whose each is, what it used of its limits, whether its calls are let in, and what members ask for.
import { Badge, Button, Group, Select, Text } from '@mantine/core'
import { ApiProblem } from '@spillway/server/client'
import { useState } from 'react'
import { type ReportColumn, type ReportRow, rowsOf, useReport } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { usePeriods } from '../../app/periods.ts'
import { useMay } from '../../app/session.tsx'
import { Amount } from '../../components/amount.tsx'
import { ExportMenu } from '../../components/export-menu.tsx'
import { SearchBox } from '../../components/filter-chips.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ReportTable } from '../../components/report-table.tsx'
import { ScreenTabs } from '../../components/screen-tabs.tsx'
import { EmptyState, FailureState, LoadingState } from '../../components/states.tsx'
import { useFoundAccounts } from '../catalogue/document/names.ts'
import { ImportSubAccounts } from './import-sub-accounts.tsx'
import { AddMenu, PasscodeMenu } from './menus.tsx'
import { NewSubAccount } from './new-sub-account.tsx'
import { ownerWords } from './owner-words.ts'
import { type NewPasscode, PasscodeDialog } from './passcodes.tsx'
import { Requests } from './requests.tsx'
import { RotatePasscodes, type Rotation } from './rotate-passcodes.tsx'
import { SubAccountPanel } from './sub-account-panel.tsx'
import { useSubAccountList } from './use-sub-account-list.ts'

export function Screen() {
  const reads = useMay('sub-account:read')
  return reads ? <Managed /> : <Asking />
}

/** For somebody who may ask and sees no list. */
function Asking() {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <PageHeader title="Sub-accounts" />
      <EmptyState title="Ask for a sub-account">
        <p>The manager of the account answers, and hands you the passcode.</p>
        <Button onClick={() => setIsOpen(true)}>Ask for one</Button>
      </EmptyState>
      <NewSubAccount
        what={isOpen ? 'ask' : null}
        account=""
        currency=""
        onClose={() => setIsOpen(false)}
        onPasscodes={() => undefined}
      />
    </>
  )
}

function Managed() {
  const { of } = useScreenSearch()
  const asked = of === undefined ? { sort: '-sub_accounts' } : { account: of }
  const tree = useReport('accounts', asked, { pageRows: of === undefined ? 1 : 200 })
  const accounts = rowsOf(tree.data)
  const account = of ?? accounts[0]?.account
  const isMissing = tree.error instanceof ApiProblem && tree.error.status === 404
  if (tree.isError && !isMissing)
    return (
      <>
        <PageHeader title="Sub-accounts" />
        <FailureState error={tree.error} onRetry={() => tree.refetch()} />
      </>
    )
  if (!isMissing && (!tree.data || tree.isPlaceholderData))
    return (
      <>
        <PageHeader title="Sub-accounts" />
        <LoadingState />
      </>
    )
  if (!account)
    return (
      <>
        <PageHeader title="Sub-accounts" />
        <EmptyState
          title="No account yet"
          action={{ label: 'Make an account', to: '/catalogue', search: { tab: 'accounts', of: 'new' } }}
        >
          A sub-account is a user id under an account.
        </EmptyState>
      </>
    )
  if (isMissing || !accounts.some((row) => row.account === account))
    return (
      <>
        <PageHeader title="Sub-accounts" />
        <EmptyState
          title={`There is no account ${account}`}
          action={{ label: 'All accounts', to: '/accounts' }}
          why="no-match"
        >
          Or it is not one that you answer for.
        </EmptyState>
      </>
    )
  return <OfAccount key={account} account={account} accounts={accounts} />
}

type OfAccountProps = { readonly account: string; readonly accounts: ReadonlyArray<ReportRow> }

function OfAccount({ account, accounts }: OfAccountProps) {
  const here = useScreenSearch()
  const setSearch = useSetSearch()
  const may = useMay('sub-account:change')
  const mayAsk = useMay('sub-account:request')
  const [passcodes, setPasscodes] = useState<ReadonlyArray<NewPasscode>>([])
  const [rotation, setRotation] = useState<Rotation | null>(null)
  const period = useMonth()
  const own = accounts.find((row) => row.account === account)
  const currency = own?.currency ?? ''
  const listed = useSubAccountList(account)
  const used = useReport(
    'sub-accounts',
    { period, account, search: here.chosen ?? '' },
    { isReady: here.chosen !== undefined },
  )
  const open = here.panel
  const close = () => setSearch({ panel: undefined }, { replaces: true })
  const query = { period, account, ...(here.q === undefined ? {} : { search: here.q }) }
  return (
    <>
      <PageHeader
        title="Sub-accounts"
        summary={<AccountChoice account={account} accounts={accounts} />}
        actions={
          <>
            {may && <PasscodeMenu onRotate={setRotation} />}
            <ExportMenu report="sub-accounts" query={query} sort={here.sort} />
            {mayAsk && (
              <Button variant="default" size="sm" onClick={() => setSearch({ panel: 'ask' })}>
                Ask for one
              </Button>
            )}
            {may && <AddMenu onChoose={(panel) => setSearch({ panel })} />}
          </>
        }
      />
      <ScreenTabs
        label="Sub-accounts"
        tabs={[
          {
            value: 'list',
            label: 'User ids',
            content: <UserIds query={query} listed={listed} />,
          },
          {
            value: 'requests',
            label: 'Requests',
            content: <Requests account={account} onPasscodes={setPasscodes} />,
          },
        ]}
      />
      {here.chosen !== undefined && (
        <SubAccountPanel
          key={here.chosen}
          account={account}
          userId={here.chosen}
          currency={currency}
          listed={listed.get(here.chosen)}
          used={rowsOf(used.data).find(({ user_id }) => user_id === here.chosen)}
          onClose={() => setSearch({ chosen: undefined })}
          onRotate={setRotation}
        />
      )}
      <NewSubAccount
        what={open === 'add' || open === 'ask' ? open : null}
        account={account}
        currency={currency}
        onClose={close}
        onPasscodes={setPasscodes}
      />
      <ImportSubAccounts isOpen={open === 'import'} account={account} onClose={close} onPasscodes={setPasscodes} />
      <RotatePasscodes
        rotation={rotation}
        account={account}
        onClose={() => setRotation(null)}
        onPasscodes={setPasscodes}
      />
      <PasscodeDialog passcodes={passcodes} onClose={() => setPasscodes([])} />
    </>
  )
}

/** What was used can be asked of any month; before the first close, of this one. */
function useMonth(): string {
  const { period } = usePeriods()
  return period ?? new Date().toISOString().slice(0, 7)
}

function AccountChoice({ account, accounts }: OfAccountProps) {
  const format = useFormat()
  // Nobody needs to know the others before they look for one.
  const [isOpened, setIsOpened] = useState(false)
  const { names, onSearch } = useFoundAccounts({ needsCurrency: false, isReady: isOpened })
  const name = accounts.find((row) => row.account === account)?.name ?? ''
  const own = { value: account, label: name ? `${name} (${account})` : account }
  const setSearch = useSetSearch()
  const period = useMonth()
  return (
    <Group gap="md" mt={4}>
      <Select
        aria-label="Account"
        size="sm"
        w={300}
        searchable
        allowDeselect={false}
        data={names.some(({ value }) => value === account) ? [...names] : [own, ...names]}
        limit={100}
        onDropdownOpen={() => setIsOpened(true)}
        // What is chosen stands in the field, and is not looked for.
        onSearchChange={(text) => onSearch(text === own.label ? '' : text)}
        value={account}
        onChange={(of) => setSearch({ of: of ?? undefined, chosen: undefined, q: undefined })}
      />
      <Text span size="sm">
        used in {format.period(period)}
      </Text>
    </Group>
  )
}

type UserIdsProps = {
  readonly query: { readonly period: string; readonly account: string; readonly search?: string }
  readonly listed: ReadonlyMap<string, ReportRow>
}

function UserIds({ query, listed }: UserIdsProps) {
  const here = useScreenSearch()
  const setSearch = useSetSearch()
  return (
    <>
      <div style={{ maxWidth: 320, marginBottom: 12 }}>
        <SearchBox label="Search user ids" />
      </div>
      <ReportTable
        report="sub-accounts"
        query={query}
        label="Sub-accounts"
        columns={['user_id', 'name', 'owner', 'enabled', 'minutes', 'spend', 'reached']}
        titles={{ owner: 'Owner today', reached: 'Limits reached' }}
        sort={here.sort}
        onSort={(sort) => setSearch({ sort })}
        cellOf={(column, row) => cell(column, row, listed.get(row.user_id ?? ''))}
        linkOf={({ user_id }) => ({
          to: '/sub-accounts',
          search: { ...here, of: query.account, chosen: user_id ?? '' },
        })}
        empty={
          here.q === undefined ? (
            <EmptyState title="No sub-account yet">
              Add one, or many from a file. Each gets a passcode, which is shown once.
            </EmptyState>
          ) : (
            <EmptyState title={`Nothing is named “${here.q}”`} why="no-match">
              Look for another user id, name or owner, or clear the search.
            </EmptyState>
          )
        }
      />
    </>
  )
}

function cell({ key }: ReportColumn, row: ReportRow, listed: ReportRow | undefined) {
  if (key === 'reached' && row.reached)
    return (
      <Badge variant="light" color="yellow" size="sm" tt="none">
        {row.reached.split(/[ ,;]+/).join(', ')}
      </Badge>
    )
  if (key === 'owner' && listed) return <span>{ownerWords(listed.owner ?? '')}</span>
  if ((key === 'minutes' || key === 'spend') && row[`${key}_limit`]) return <OfLimit measure={key} row={row} />
  if (key !== 'enabled') return undefined
  return (
    <Group gap={4} wrap="nowrap">
      <Badge variant="dot" size="sm" tt="none" color={row.enabled === 'yes' ? 'green' : 'red'}>
        {row.enabled === 'yes' ? 'enabled' : 'disabled'}
      </Badge>
      {listed?.passcode === 'none' && (
        <Badge variant="default" size="sm" tt="none">
          no passcode
        </Badge>
      )}
    </Group>
  )
}

function OfLimit({ measure, row }: { readonly measure: 'minutes' | 'spend'; readonly row: ReportRow }) {
  const format = useFormat()
  const shown = (value: string) =>
    measure === 'spend' ? <Amount value={value} currency={row.currency ?? ''} /> : format.figure(value)
  return (
    <span>
      {shown(row[measure] ?? '')} <span style={{ color: 'var(--mantine-color-dimmed)' }}>of</span>{' '}
      {shown(row[`${measure}_limit`] ?? '')}
    </span>
  )
}
