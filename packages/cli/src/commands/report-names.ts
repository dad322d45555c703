// Which reports there are, what each shows, and which query makes it.
import { Refusal, type Report } from '@spillway/core'
import {
  alertsReport,
  allocationReport,
  BILL_DIMENSIONS,
  billsReport,
  bucketsReport,
  CHARGE_DIMENSIONS,
  chargesReport,
  costCentresReport,
  costTrendReport,
  moversReport,
  periodNamed,
  poolsReport,
  problemsReport,
  quarantineReport,
  type ReportView,
  reconciliationReport,
  runsReport,
  TREND_DIMENSIONS,
  USAGE_DIMENSIONS,
  USAGE_TREND_DIMENSIONS,
  unusedReport,
  usageReport,
  usageTrendReport,
  type Workspace,
} from '@spillway/engine'

export const REPORT_SUMMARY = {
  allocation: 'what each participant of each pool carries, in both views',
  charges: 'money by cost-centre, or by service, person, vendor, project …',
  reconciliation: 'every invoice beside its total; why a difference was accepted',
  pools: 'every pool: allowance, used, over, and its cost in both views',
  'cost-centres': 'the tree of cost centres with subtotals',
  problems: 'what the close found wrong, worst first',
  quarantine: 'rows that no import could read, as they were',
  runs: 'every close and publication',
  usage: 'usage by service and usage class, or by one dimension (--by)',
  buckets: 'every bucket: size, rolled in, drawn, left, when it ran out',
  alerts: 'buckets of which 80, 90 or 100 % are drawn, when they run out',
  bills: 'our bills of a period, or their lines (--by service)',
  trend: '13 months of cost or usage (--of) by a dimension, with changes',
  movers: 'what rose and fell most on the month before, by a dimension',
  unused: 'services without any use for 3 months, and what they cost',
} as const
export type ReportName = keyof typeof REPORT_SUMMARY
export const REPORT_NAMES = Object.keys(REPORT_SUMMARY) as ReadonlyArray<ReportName>

/** Options that some reports have and others have not. */
type Choices = {
  readonly by?: string | undefined
  readonly view?: ReportView | undefined
  readonly key?: string | undefined
  readonly of?: 'cost' | 'usage' | undefined
  readonly months?: string | undefined
  readonly count?: string | undefined
}

export type ReportRequest = Choices & { readonly name: ReportName; readonly period?: string | undefined }

const CHOICES_OF: Readonly<Partial<Record<ReportName, ReadonlyArray<keyof Choices>>>> = {
  charges: ['by', 'view'],
  usage: ['by'],
  bills: ['by'],
  trend: ['by', 'view', 'key', 'of', 'months'],
  movers: ['by', 'view', 'count'],
  unused: ['months'],
}

/** @throws Refusal `bad-command` for a missing period or an unknown dimension; what the query refuses. */
export async function buildReport(workspace: Workspace, request: ReportRequest): Promise<Report> {
  const { name, view } = request
  refuseIdleOptions(request)
  switch (name) {
    case 'allocation':
      return allocationReport(workspace, { period: periodOf(request) })
    case 'charges':
      return chargesReport(workspace, {
        period: periodOf(request),
        by: dimensionOf(request.by ?? 'cost-centre', CHARGE_DIMENSIONS),
        view,
      })
    case 'reconciliation':
      return reconciliationReport(workspace, request.period === undefined ? undefined : periodOf(request))
    case 'pools':
      return poolsReport(workspace, { period: periodOf(request) })
    case 'cost-centres':
      return costCentresReport(workspace, { period: periodOf(request) })
    case 'problems':
      return problemsReport(workspace, { period: periodOf(request) })
    case 'quarantine':
      return quarantineReport(workspace)
    case 'runs':
      return runsReport(workspace)
    case 'usage':
      return usageReport(workspace, {
        period: periodOf(request),
        by: request.by === undefined ? undefined : dimensionOf(request.by, USAGE_DIMENSIONS),
      })
    case 'buckets':
      return bucketsReport(workspace, { period: periodOf(request) })
    case 'alerts':
      return alertsReport(workspace, { period: periodOf(request) })
    case 'bills':
      return billsReport(workspace, {
        period: periodOf(request),
        by: request.by === undefined ? undefined : dimensionOf(request.by, BILL_DIMENSIONS),
      })
    case 'trend':
      return trendReport(workspace, request)
    case 'movers':
      return moversReport(workspace, {
        period: periodOf(request),
        by: dimensionOf(request.by ?? 'cost-centre', TREND_DIMENSIONS),
        view,
        count: wholeNumber(request, { choice: 'count', otherwise: 10, most: 1000 }),
      })
    case 'unused':
      return unusedReport(workspace, {
        period: periodOf(request),
        months: wholeNumber(request, { choice: 'months', otherwise: 3, most: MONTHS_MAX }),
      })
  }
}

/** Usage has one view, and is in no category. */
function trendReport(workspace: Workspace, request: ReportRequest): Promise<Report> {
  const { by = 'cost-centre', key, view } = request
  const options = {
    period: periodOf(request),
    key,
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
