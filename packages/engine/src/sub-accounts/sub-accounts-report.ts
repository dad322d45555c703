// Sub-accounts as tables: whose they are, and what they used of their limits. Both show the sub-accounts of master accounts
// in the reader's scope.
import {
  addDays,
  Calendars,
  formatAmount,
  fromDayNumber,
  type LocalDate,
  limitStates,
  minutesText,
  ownerOn,
  type Period,
  type Report,
  type ReportColumn,
  type ReportRow,
  type SubAccount,
  type SubAccountUse,
  subAccountName,
  wordOf,
} from '@spillway/core'
import { oneBatch, type ReportField, textField } from '../queries/amount-cells.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { wholeWorkspaceOf } from '../workspace/scopes.ts'
import { loadMasterAccounts, loadSubAccounts, type MasterAccount } from './load-sub-accounts.ts'
import { NO_USE, periodOfMonth, useOfAccount } from './sub-account-use.ts'

const LIST_COLUMNS: ReadonlyArray<ReportColumn> = [
  textField('account', 'Account'),
  textField('user_id', 'User id'),
  textField('name', 'Name'),
  textField('owner', 'Owner'),
  textField('enabled', 'Enabled'),
  textField('passcode', 'Passcode'),
  { ...textField('limits', 'Limits'), isDetail: true },
]

/** One row per sub-account, of one master account where it is named; the owner is that of today. */
export async function subAccountList(workspace: ScopedWorkspace, account = ''): Promise<Report> {
  const { catalog, tenant } = workspace
  const found = await inScope(workspace, account)
  const masters = await loadMasterAccounts(wholeWorkspaceOf(workspace))
  const codes = await catalog
    .selectFrom('passcode')
    .select(['account', 'user_id', 'set_at'])
    .where('tenant', '=', tenant)
    .where('ended_at', 'is', null)
    .execute()
  const setAt = new Map(codes.map((row) => [subAccountName({ account: row.account, userId: row.user_id }), row.set_at]))
  const rows = found.map((one) => {
    const set = setAt.get(subAccountName(one))
    return [
      one.account,
      one.userId,
      one.name,
      ownerText(one, today(workspace, masters.get(one.account))),
      one.isEnabled ? 'yes' : 'no',
      set === undefined ? 'none' : `set ${set.slice(0, 10)}`,
      limitsText(one),
    ]
  })
  return { name: 'sub-account-list', title: 'Sub-accounts', columns: LIST_COLUMNS, rows: oneBatch(rows) }
}

async function inScope(workspace: ScopedWorkspace, account: string): Promise<ReadonlyArray<SubAccount>> {
  const { rows } = workspace.scope
  return [...(await loadSubAccounts(workspace)).values()].filter(
    (one) => (account === '' || one.account === account) && (rows === null || rows.accounts.includes(one.account)),
  )
}

const UTC: MasterAccount = { currency: '', timeZone: 'UTC', cycleDay: 1 }

function today({ actor }: ScopedWorkspace, { timeZone }: MasterAccount = UTC): LocalDate {
  return fromDayNumber(new Calendars().clock(timeZone).dayNumber(actor.now().getTime() * 1000))
}

function ownerText(subAccount: SubAccount, on: LocalDate): string {
  const owner = ownerOn(subAccount, on)
  return owner === null ? 'unassigned' : wordOf(owner)
}

function limitsText({ limits }: SubAccount): string {
  const { spend, minutes, participants, callMinutes, atLimit } = limits
  const texts = [
    ...(spend === null ? [] : [`spend ${spend}`]),
    ...(minutes === null ? [] : [`${minutes} min`]),
    ...(participants === null ? [] : [`${participants} participants`]),
    ...(callMinutes === null ? [] : [`${callMinutes} min a call`]),
  ]
  return texts.length === 0 ? '' : `${texts.join(', ')} (${atLimit})`
}

const USE_FIELDS: ReadonlyArray<ReportField> = [
  textField('account', 'Account'),
  textField('user_id', 'User id'),
  textField('name', 'Name'),
  textField('owner', 'Owner'),
  { ...textField('enabled', 'Enabled'), isDetail: true },
  { key: 'minutes', title: 'Minutes', kind: 'quantity' },
  { key: 'minutes_limit', title: 'Minutes limit', kind: 'quantity', isNullable: true },
  textField('currency', 'Currency'),
  { key: 'spend', title: 'Spend', kind: 'amount', isNullable: true },
  { key: 'spend_limit', title: 'Spend limit', kind: 'amount', isNullable: true },
  { key: 'participants', title: 'Participants', kind: 'quantity', isDetail: true },
  { key: 'participants_limit', title: 'Participants limit', kind: 'quantity', isDetail: true, isNullable: true },
  { key: 'call_minutes', title: 'Longest call', kind: 'quantity', isDetail: true },
  { key: 'call_minutes_limit', title: 'Call limit', kind: 'quantity', isDetail: true, isNullable: true },
  { key: 'reached', title: 'Reached', kind: 'flags' },
  { ...textField('at_limit', 'At the limit'), isDetail: true },
]

/**
 * One row per sub-account: what it used in the billing period of its master account that begins in the month, beside its
 * limits, from the usage and charges that are known now; the month need not be closed. `reached` names the limits that are
 * used up or were gone beyond; the owner is that of the last day.
 */
export async function subAccountsReport(
  workspace: ScopedWorkspace,
  { period, account = '' }: { readonly period: Period; readonly account?: string },
): Promise<Report> {
  const found = await inScope(workspace, account)
  const whole = wholeWorkspaceOf(workspace)
  const masters = await loadMasterAccounts(whole)
  const rows: ReportRow[] = []
  for (const id of [...new Set(found.map((one) => one.account))]) {
    const master = masters.get(id) ?? UTC
    const of = periodOfMonth(master, monthIndex(period))
    const uses = await useOfAccount(whole, { account: id, currency: master.currency, period: of })
    for (const one of found)
      if (one.account === id)
        rows.push(rowOf(one, { master, use: uses.get(one.userId) ?? NO_USE, on: addDays(of.endOn, -1) }))
  }
  const title = `Sub-accounts in ${period.name}`
  return { name: 'sub-accounts', title, columns: USE_FIELDS, rows: oneBatch(rows) }
}

/** As the billing periods of an account are numbered. */
function monthIndex({ startOn }: Period): number {
  return Number(startOn.slice(0, 4)) * 12 + Number(startOn.slice(5, 7)) - 1
}

type Used = { readonly master: MasterAccount; readonly use: SubAccountUse; readonly on: LocalDate }

function rowOf(subAccount: SubAccount, { master, use, on }: Used): ReportRow {
  const { limits, isEnabled } = subAccount
  const { currency } = master
  const states = limitStates(limits, use, { currency })
  const mostOf = (limit: string) => states.find((state) => state.limit === limit)?.most ?? ''
  const reached = states.filter(({ isReached }) => isReached).map(({ limit }) => limit)
  return [
    subAccount.account,
    subAccount.userId,
    subAccount.name,
    ownerText(subAccount, on),
    isEnabled ? 'yes' : 'no',
    minutesText(use.usedSeconds),
    mostOf('minutes'),
    currency,
    currency === '' ? '' : formatAmount(use.spentMinor, currency),
    mostOf('spend'),
    String(use.participantsMost),
    mostOf('participants'),
    minutesText(use.longestCallSeconds),
    mostOf('call-minutes'),
    reached.join(' '),
    states.length === 0 ? '' : limits.atLimit,
  ]
}
