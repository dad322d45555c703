// Which query makes which report, and which options it has. What there is, and of whom it can be asked, is of report-summaries.ts.
import { type LocalDate, parseLocalDate, Refusal, type Report } from '@spillway/core'
import { subAccountsReport } from '../sub-accounts/sub-accounts-report.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { requireWholeTenant } from '../workspace/scopes.ts'
import { accountsReport } from './accounts-report.ts'
import { alertsReport } from './alerts-report.ts'
import { allocationReport } from './allocation-report.ts'
import { type Arrangement, arrangeReport, wantsColumn } from './arranged-report.ts'
import { attentionReport } from './attention/attention-report.ts'
import { balancesReport } from './balances-report.ts'
import { BILLABLE_DIMENSIONS } from './billable-time/billable-sums.ts'
import { billableTimeReport } from './billable-time/billable-time-report.ts'
import { uncodedReport } from './billable-time/uncoded-report.ts'
import { BILL_DIMENSIONS, billsReport } from './bills-report.ts'
import { bucketDrawsReport } from './bucket-draws-report.ts'
import { bucketsReport } from './buckets-report.ts'
import { CHARGE_DIMENSIONS, chargesReport, type ReportView } from './charges-report.ts'
import { COMPARED_DIMENSIONS, compareRuns } from './compare-runs.ts'
import { CONFLICT_DIMENSIONS, conflictsReport } from './conflicts/conflicts-report.ts'
import { legsReport } from './conflicts/legs-report.ts'
import { costCentresReport } from './cost-centres-report.ts'
import { periodNamed } from './current-run.ts'
import { bucketDaysReport } from './days/bucket-days-report.ts'
import { poolDaysReport } from './days/pool-days-report.ts'
import { importsReport } from './imports-report.ts'
import { COUNT_MAX } from './kept/kept-movers.ts'
import { chargeLinesReport } from './lines/charge-lines-report.ts'
import { missingBillsReport } from './missing-bills-report.ts'
import { moversReport } from './movers-report.ts'
import { poolsReport } from './pools-report.ts'
import { problemsReport, quarantineReport } from './problems-report.ts'
import { reconciliationReport } from './reconciliation-report.ts'
import { REPORT_REACH, type ReportName } from './report-summaries.ts'
import { runsReport } from './runs-report.ts'
import {
  costTrendReport,
  MOVER_DIMENSIONS,
  SERVICE_COUNTS,
  TREND_DIMENSIONS,
  USAGE_TREND_DIMENSIONS,
  usageTrendReport,
} from './trend-report.ts'
import { unusedReport } from './unused-report.ts'
import { USAGE_DIMENSIONS, usageReport } from './usage-report.ts'

/** Options that some reports have and others have not. */
type Choices = {
  readonly by?: string | undefined
  readonly view?: ReportView | undefined
  readonly key?: string | undefined
  readonly of?: 'cost' | 'usage' | undefined
  readonly months?: string | undefined
  readonly count?: string | undefined
  readonly number?: string | undefined
  readonly run?: string | undefined
  readonly since?: string | undefined
  readonly bucket?: string | undefined
  readonly pool?: string | undefined
  readonly user?: string | undefined
  readonly account?: string | undefined
  readonly at?: string | undefined
  readonly project?: string | undefined
  readonly from?: string | undefined
  readonly until?: string | undefined
  /** `DIMENSION=VALUE` each (filter/report-filter.ts). */
  readonly where?: string | ReadonlyArray<string> | undefined
}

export type ReportRequest = Choices & Arrangement & { readonly name: ReportName; readonly period?: string | undefined }

const CHOICES_OF: Readonly<Partial<Record<ReportName, ReadonlyArray<keyof Choices>>>> = {
  allocation: ['where'],
  charges: ['by', 'view', 'where'],
  usage: ['by', 'where'],
  accounts: ['account'],
  alerts: ['account', 'bucket'],
  bills: ['by', 'number', 'account'],
  'pool-days': ['pool'],
  'run-changes': ['run', 'since', 'by', 'view'],
  buckets: ['bucket', 'by', 'account'],
  'bucket-days': ['bucket', 'account'],
  balances: ['at', 'account', 'bucket'],
  'sub-accounts': ['account'],
  trend: ['by', 'view', 'key', 'of', 'months', 'where'],
  movers: ['by', 'view', 'count', 'where'],
  unused: ['months', 'where'],
  conflicts: ['by', 'from', 'until'],
  legs: ['account', 'user', 'from', 'until'],
  uncoded: ['from', 'until'],
  'billable-time': ['by', 'project', 'from', 'until'],
}

/**
 * @throws Refusal `bad-command` for a missing period or an unknown dimension; `not-permitted` where the scope does not reach
 * it; what the query refuses.
 */
export async function buildReport(workspace: ScopedWorkspace, request: ReportRequest): Promise<Report> {
  const { sort, search, columns, ...asked } = request
  const arrangement = { sort, search, columns }
  return arrangeReport(await reportOf(workspace, asked, arrangement), arrangement)
}

async function reportOf(workspace: ScopedWorkspace, request: ReportRequest, arrangement: Arrangement): Promise<Report> {
  const { name } = request
  refuseIdleOptions(request)
  const reach = REPORT_REACH[name]
  const hasAccounts = (workspace.scope.rows?.accounts.length ?? 0) > 0
  if (reach === 'whole' || (reach === 'accounts' && !hasAccounts)) requireWholeTenant(workspace, `The report ${name}`)
  switch (name) {
    case 'allocation':
    case 'charges':
    case 'usage':
    case 'trend':
    case 'movers':
    case 'unused':
      return filteredReport(workspace, { ...request, name }, arrangement)
    case 'reconciliation':
      return reconciliationReport(workspace, request.period === undefined ? undefined : periodOf(request))
    case 'missing-bills':
      return missingBillsReport(workspace, periodOf(request))
    case 'pools':
      return poolsReport(workspace, { period: periodOf(request) })
    case 'cost-centres':
      return costCentresReport(workspace, { period: periodOf(request) })
    case 'problems':
      return problemsReport(workspace, { period: periodOf(request) })
    case 'quarantine':
      return quarantineReport(workspace)
    case 'imports':
      return importsReport(workspace)
    case 'runs':
      return runsReport(workspace)
    case 'run-changes':
      return runChangesOf(workspace, request)
    case 'pool-days':
      return poolDaysReport(workspace, { period: periodOf(request), pool: given(request, 'pool') })
    case 'bucket-days': {
      const { account } = request
      return bucketDaysReport(workspace, { period: periodOf(request), bucket: given(request, 'bucket'), account })
    }
    case 'buckets':
      return bucketsOf(workspace, request)
    case 'balances':
      return balancesReport(workspace, { ...request, at: instantOf(request) })
    case 'alerts':
      return alertsReport(workspace, { ...request, period: periodOf(request) })
    case 'bills':
      return billsOf(workspace, request)
    case 'accounts':
      return accountsReport(workspace, request)
    case 'sub-accounts':
      return subAccountsReport(workspace, { period: periodOf(request), account: request.account ?? '' })
    case 'conflicts':
      return conflictsReport(workspace, {
        ...daysOf(request),
        by: request.by === undefined ? undefined : dimensionOf(request.by, CONFLICT_DIMENSIONS),
      })
    case 'legs': {
      const who = { account: given(request, 'account'), user: given(request, 'user') }
      return legsReport(workspace, { ...who, ...wholeDaysOf(request) })
    }
    case 'uncoded':
      return uncodedReport(workspace, daysOf(request))
    case 'attention':
      return attentionReport(workspace, { period: request.period === undefined ? undefined : periodOf(request) })
    case 'billable-time':
      return billableTimeReport(workspace, {
        ...daysOf(request),
        project: request.project,
        by: request.by === undefined ? undefined : dimensionOf(request.by, BILLABLE_DIMENSIONS),
      })
  }
}

type FilteredName = 'allocation' | 'charges' | 'usage' | 'trend' | 'movers' | 'unused'

/** Those that `where` can narrow. */
function filteredReport(
  workspace: ScopedWorkspace,
  request: ReportRequest & { readonly name: FilteredName },
  arrangement: Arrangement,
): Promise<Report> {
  const { name, view } = request
  const where = whereOf(request)
  switch (name) {
    case 'allocation':
      return allocationReport(workspace, { period: periodOf(request), where })
    case 'charges': {
      const by = dimensionOf(request.by ?? 'cost-centre', [...CHARGE_DIMENSIONS, 'line'] as const)
      const options = { period: periodOf(request), view, where }
      return by === 'line' ? chargeLinesReport(workspace, options) : chargesReport(workspace, { ...options, by })
    }
    case 'usage':
      return usageReport(workspace, {
        period: periodOf(request),
        by: request.by === undefined ? undefined : dimensionOf(request.by, USAGE_DIMENSIONS),
        where,
      })
    case 'trend':
      return trendReport(workspace, request, arrangement)
    case 'movers':
      return moversReport(workspace, {
        period: periodOf(request),
        by: dimensionOf(request.by ?? 'cost-centre', MOVER_DIMENSIONS),
        ...{ view, where },
        count: wholeNumber(request, { choice: 'count', otherwise: 10, most: COUNT_MAX }),
      })
    case 'unused':
      return unusedReport(workspace, {
        period: periodOf(request),
        months: wholeNumber(request, { choice: 'months', otherwise: 3, most: MONTHS_MAX }),
        where,
      })
  }
}

function whereOf({ where }: ReportRequest): ReadonlyArray<string> | undefined {
  return typeof where === 'string' ? [where] : where
}

/** Of reports of calls: a month, or local days. */
function daysOf({ name, period, from, until }: ReportRequest) {
  if (period !== undefined && (from !== undefined || until !== undefined))
    throw new Refusal('bad-command', `\`report ${name}\` takes a period or days, not both.`, {
      hint: 'Leave out --period, or --from and --until.',
    })
  return {
    period: period === undefined ? undefined : periodNamed(period),
    from: dayNamed(from),
    until: dayNamed(until),
  }
}

/** As `daysOf`, both ends given. @throws Refusal `bad-command`. */
function wholeDaysOf(request: ReportRequest): { readonly from: LocalDate; readonly until: LocalDate } {
  const { period, from = period?.startOn, until = period?.endOn } = daysOf(request)
  if (from !== undefined && until !== undefined) return { from, until }
  throw new Refusal('bad-command', `\`report ${request.name}\` needs days.`, {
    hint: 'Add --from 2026-10-05 --until 2026-10-06, or --period 2026-10.',
  })
}

/** @throws Refusal `bad-command` where an option is left out. */
function given(request: ReportRequest, choice: 'account' | 'bucket' | 'pool' | 'run' | 'since' | 'user'): string {
  const value = request[choice]
  if (value !== undefined) return value
  throw new Refusal('bad-command', `\`report ${request.name}\` needs --${choice}.`, {
    hint: `Add --${choice} ${choice.toUpperCase()}.`,
  })
}

/** @throws Refusal `bad-command` for what is no date. */
export function dayNamed(text: string | undefined): LocalDate | undefined {
  if (text === undefined) return undefined
  const date = parseLocalDate(text)
  if (date !== null) return date
  throw new Refusal('bad-command', `"${text}" is no date.`, { hint: 'Write it as 2026-10-31.' })
}

function billsOf(workspace: ScopedWorkspace, request: ReportRequest): Promise<Report> {
  const { period, by, number, account } = request
  return billsReport(workspace, {
    period: period === undefined ? undefined : periodOf(request),
    by: by === undefined ? undefined : dimensionOf(by, BILL_DIMENSIONS),
    ...{ number, account },
  })
}

/** @throws Refusal `bad-command`, and `not-found` for a run that there is not. */
function runChangesOf(workspace: ScopedWorkspace, request: ReportRequest): Promise<Report> {
  const { by = 'cost-centre', view = 'adjusted' } = request
  const runs = { after: given(request, 'run'), before: given(request, 'since') }
  return compareRuns(workspace, { ...runs, by: dimensionOf(by, COMPARED_DIMENSIONS), view })
}

function bucketsOf(workspace: ScopedWorkspace, request: ReportRequest): Promise<Report> {
  const { bucket, by, account } = request
  const period = periodOf(request)
  if (by !== undefined) {
    dimensionOf(by, ['holder'])
    return bucketsReport(workspace, { period, account, bucket: given(request, 'bucket') })
  }
  if (bucket !== undefined) return bucketDrawsReport(workspace, { period, bucket, account })
  return bucketsReport(workspace, { period, account })
}

function instantOf({ at, period }: ReportRequest): string {
  const example = '--at 2026-10-17T12:00:00Z'
  if (period !== undefined)
    throw new Refusal('bad-command', '`report balances` is of an instant and has no --period.', {
      hint: `Add ${example}.`,
    })
  if (at !== undefined) return at
  throw new Refusal('bad-command', '`report balances` needs an instant.', { hint: `Add ${example}.` })
}

/** Usage has one view, and is in no category. */
function trendReport(workspace: ScopedWorkspace, request: ReportRequest, arrangement: Arrangement): Promise<Report> {
  const { by = 'cost-centre', key, view } = request
  const options = {
    period: periodOf(request),
    ...{ key, where: whereOf(request), hasServices: wantsColumn(arrangement, SERVICE_COUNTS) },
    months: wholeNumber(request, { choice: 'months', otherwise: 13, most: MONTHS_MAX }),
  }
  if (request.of !== 'usage')
    return costTrendReport(workspace, { ...options, by: dimensionOf(by, TREND_DIMENSIONS), view })
  if (view !== undefined) throw idleOption('`report trend --of usage`', 'view')
  return usageTrendReport(workspace, { ...options, by: dimensionOf(by, USAGE_TREND_DIMENSIONS) })
}

/** An option that a report does not have must not be taken for granted: the figures would be of something else. */
function refuseIdleOptions({ name, period, ...choices }: ReportRequest): void {
  for (const choice of Object.keys(choices) as Array<keyof Choices>)
    if (choices[choice] !== undefined && CHOICES_OF[name]?.includes(choice) !== true)
      throw idleOption(`\`report ${name}\``, choice)
}

function idleOption(command: string, choice: keyof Choices): Refusal {
  return new Refusal('bad-command', `${command} has no --${choice}.`, { hint: `Leave --${choice} out.` })
}

const MONTHS_MAX = 120

function wholeNumber(
  request: ReportRequest,
  { choice, otherwise, most }: { choice: 'months' | 'count'; otherwise: number; most: number },
): number {
  const text = request[choice]
  if (text === undefined) return otherwise
  const number = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= most) return number
  throw new Refusal('bad-command', `"${text}" is no number for --${choice}.`, {
    hint: `Give a whole number from 1 to ${most}, such as --${choice} ${otherwise}.`,
  })
}

function periodOf({ name, period }: ReportRequest) {
  if (period !== undefined) return periodNamed(period)
  throw new Refusal('bad-command', `\`report ${name}\` needs a period.`, { hint: 'Add --period 2026-10.' })
}

function dimensionOf<D extends string>(by: string, dimensions: ReadonlyArray<D>): D {
  const known = dimensions.find((dimension) => dimension === by)
  if (known) return known
  throw new Refusal('bad-command', `There is no --by ${by}.`, { hint: `One of ${dimensions.join(', ')}.` })
}
