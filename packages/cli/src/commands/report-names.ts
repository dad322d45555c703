// Which reports there are, what each shows, and which query makes it.
import { Refusal, type Report } from '@spillway/core'
import {
  allocationReport,
  CHARGE_DIMENSIONS,
  chargesReport,
  costCentresReport,
  periodNamed,
  poolsReport,
  problemsReport,
  quarantineReport,
  type ReportView,
  reconciliationReport,
  runsReport,
  USAGE_DIMENSIONS,
  usageReport,
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
} as const
export type ReportName = keyof typeof REPORT_SUMMARY
export const REPORT_NAMES = Object.keys(REPORT_SUMMARY) as ReadonlyArray<ReportName>

export type ReportRequest = {
  readonly name: ReportName
  readonly period?: string | undefined
  readonly by?: string | undefined
  readonly view?: ReportView | undefined
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
  }
}

/** An option that a report does not have must not be taken for granted: the figures would be of something else. */
function refuseIdleOptions({ name, by, view }: ReportRequest): void {
  const idle =
    by !== undefined && name !== 'charges' && name !== 'usage'
      ? '--by'
      : view !== undefined && name !== 'charges'
        ? '--view'
        : undefined
  if (idle) throw new Refusal('bad-command', `\`report ${name}\` has no ${idle}.`, { hint: `Leave ${idle} out.` })
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
