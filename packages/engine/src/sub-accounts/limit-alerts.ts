// Limits of sub-accounts that a run says are near or reached, in the billing periods that begin with its month. Told from what
// the run pinned, so that a published month keeps its alerts whatever is imported later.
import {
  type LimitAlert,
  type LocalDate,
  limitAlerts,
  type Period,
  readSubAccounts,
  type SubAccount,
  type SubAccountKey,
  type SubAccountLimits,
} from '@spillway/core'
import { loadConfigurationVersions } from '../catalog/configuration.ts'
import { LastAsked } from '../catalog/last-asked.ts'
import { inputsOf, type RunInputs } from '../catalog/run-record.ts'
import { monthNumberOf } from '../queries/run-months.ts'
import { stateOfAccounts } from '../stages/import/live-directory.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { loadMasterAccounts, SUB_ACCOUNT } from './load-sub-accounts.ts'
import { NO_USE, periodOfMonth, useOfAccount } from './sub-account-use.ts'

export type SubAccountAlert = LimitAlert &
  SubAccountKey & {
    readonly currency: string
    /** First day of the billing period, in the zone of the master account. */
    readonly startOn: LocalDate
    readonly atLimit: SubAccountLimits['atLimit']
  }

export type AlertsOf = {
  readonly run: { readonly id: string; readonly inputs: string }
  readonly period: Period
  /** Which master accounts; all where it is left out. */
  readonly accounts?: ReadonlyArray<string> | undefined
}

/** Ordered by account, user id, limit and share; none where no sub-account has a limit, which costs next to nothing. */
export async function subAccountAlerts(
  workspace: Workspace,
  { run, period, accounts }: AlertsOf,
): Promise<ReadonlyArray<SubAccountAlert>> {
  const inputs = inputsOf(run)
  const limited = (await pinnedSubAccounts(workspace, inputs)).filter(
    (one) => hasLimit(one) && accounts?.includes(one.account) !== false,
  )
  if (limited.length === 0) return []
  const masters = await loadMasterAccounts(workspace)
  const pins = { documents: inputs.documents, runs: [run.id] }
  const found: SubAccountAlert[] = []
  for (const [account, ofAccount] of groupedByAccount(limited)) {
    const master = masters.get(account)
    // Gone since: nobody knows its currency and its days any more.
    if (master === undefined) continue
    const { currency } = master
    const of = periodOfMonth(master, monthNumberOf(period))
    const hasCallLimits = ofAccount.some(({ limits }) => limits.participants !== null || limits.callMinutes !== null)
    const uses = await useOfAccount(workspace, { account, currency, period: of, pins, withoutCalls: !hasCallLimits })
    for (const { userId, limits } of ofAccount)
      for (const alert of limitAlerts(limits, uses.get(userId) ?? NO_USE, { currency }))
        found.push({ ...alert, account, userId, currency, startOn: of.startOn, atLimit: limits.atLimit })
  }
  return found
}

type Alerts = ReadonlyArray<SubAccountAlert>
/** Each page of a report asks for them, in any order, and the first screen. */
const RUNS_KEPT = 16
const keptBy = new WeakMap<Workspace['catalog'], LastAsked<string, Alerts>>()

/** The same of a run that is closed, kept: it says what it said, for as long as no account and no document is another. */
export async function limitAlertsOfRun(workspace: Workspace, { accounts, ...of }: AlertsOf): Promise<Alerts> {
  const { catalog, tenant } = workspace
  const kept = keptBy.get(catalog) ?? new LastAsked<string, Alerts>(RUNS_KEPT)
  keptBy.set(catalog, kept)
  const key = JSON.stringify([tenant, of.run.id, of.period.name, await stateOfAccounts(workspace)])
  const all = kept.get(key) ?? (await subAccountAlerts(workspace, of))
  kept.set(key, all)
  return accounts === undefined ? all : all.filter(({ account }) => accounts.includes(account))
}

/** In the order of their names. */
async function pinnedSubAccounts(
  workspace: Workspace,
  { configuration }: RunInputs,
): Promise<ReadonlyArray<SubAccount>> {
  const pinned = configuration.filter(({ kind }) => kind === SUB_ACCOUNT)
  if (pinned.length === 0) return []
  const documents = await loadConfigurationVersions(workspace, pinned)
  return readSubAccounts(documents.map((document) => document?.body))
}

function hasLimit({ limits }: SubAccount): boolean {
  const { spend, minutes, participants, callMinutes } = limits
  return spend !== null || minutes !== null || participants !== null || callMinutes !== null
}

function groupedByAccount(all: ReadonlyArray<SubAccount>): ReadonlyMap<string, ReadonlyArray<SubAccount>> {
  const grouped = new Map<string, SubAccount[]>()
  for (const one of all) {
    const known = grouped.get(one.account)
    if (known) known.push(one)
    else grouped.set(one.account, [one])
  }
  return grouped
}

const UNITS: Readonly<Record<LimitAlert['limit'], string>> = {
  spend: '',
  minutes: ' min',
  participants: ' participants',
  'call-minutes': ' min a call',
}

/** `85 of 90 min`, `12.34 of 15.00 USD`. */
export function usedOfLimit({ limit, used, most, currency }: SubAccountAlert): string {
  return `${used} of ${most}${limit === 'spend' ? ` ${currency}` : UNITS[limit]}`
}
