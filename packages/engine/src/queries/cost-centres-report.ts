// `report cost-centres`: the tree of cost centres, each with its own money and with all that is below it.
import {
  buildCostCentreTree,
  formatAmount,
  type Period,
  type Report,
  type ReportRow,
  type RolledUpCostCentre,
  rollUpCostCentres,
  useOfBudget,
} from '@spillway/core'
import type { RunTable } from '../catalog/tables.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { oneBatch, type ReportField, textField } from './amount-cells.ts'
import { currentRun } from './current-run.ts'
import { resultRowsSql } from './filter/result-rows.ts'
import { NO_FILTER } from './filter/row-filter.ts'
import { costCentresOfRun } from './run-cost-centres.ts'

const amount = (key: string, title: string): ReportField => ({ key, title, kind: 'amount' })
const COLUMNS: ReadonlyArray<ReportField> = [
  textField('key', 'Key'),
  textField('name', 'Name'),
  { ...textField('parent', 'Parent'), isDetail: true },
  { key: 'level', title: 'Level', kind: 'quantity', isDetail: true },
  { ...textField('gl_code', 'GL code'), isDetail: true },
  textField('currency', 'Currency'),
  { ...amount('actual', 'Actual'), isDetail: true },
  { ...amount('adjusted', 'Adjusted'), isDetail: true },
  amount('actual_total', 'Actual with below'),
  amount('adjusted_total', 'Adjusted with below'),
  { ...textField('budget', 'Budget'), isDetail: true },
  { ...amount('actual_left', 'Left, actual'), isDetail: true, isNullable: true },
  { ...amount('adjusted_left', 'Left, adjusted'), isDetail: true, isNullable: true },
  { key: 'actual_share', title: 'Spent, actual', kind: 'share', isDetail: true, isNullable: true },
  { key: 'adjusted_share', title: 'Spent, adjusted', kind: 'share', isDetail: true, isNullable: true },
]

type SumRow = { cost_centre: string; currency: string; actual_minor: bigint; adjusted_minor: bigint }

/**
 * One row per cost centre and currency, depth first, what nobody owns first. The roots' totals sum to the period. What is
 * left of a budget is empty where a centre has money in two currencies, because a budget names none.
 * @throws Refusal `period-not-closed`.
 */
export async function costCentresReport(workspace: ScopedWorkspace, { period }: { period: Period }): Promise<Report> {
  const run = await currentRun(workspace, period)
  const rows =
    (await workspace.sums?.ofTree(run.id, () => treeRows(workspace, run))) ?? (await treeRows(workspace, run))
  return {
    name: 'cost-centres',
    title: `Cost centres of ${period.name} with subtotals`,
    columns: COLUMNS,
    rows: oneBatch(rows),
  }
}

async function treeRows(workspace: ScopedWorkspace, run: RunTable): Promise<ReadonlyArray<ReportRow>> {
  const centres = await costCentresOfRun(workspace, run)
  const sums = await sumsOfRun(workspace, run.id)
  const byId = new Map(centres.map((centre) => [centre.costCentre, centre]))
  const lines = rollUpCostCentres({
    tree: buildCostCentreTree(centres).tree,
    amounts: sums.map((row) => ({
      costCentre: row.cost_centre,
      currency: row.currency,
      actualMinor: row.actual_minor,
      adjustedMinor: row.adjusted_minor,
    })),
  })
  const currencies = new Map<string, number>()
  for (const { costCentre } of lines) currencies.set(costCentre, (currencies.get(costCentre) ?? 0) + 1)
  return lines.map((line) => {
    const centre = byId.get(line.costCentre)
    const text = (minor: bigint) => formatAmount(minor, line.currency)
    const money = [
      text(line.own.actualMinor),
      text(line.own.adjustedMinor),
      text(line.total.actualMinor),
      text(line.total.adjustedMinor),
    ]
    const name = line.costCentre === '' ? 'unassigned' : (centre?.name ?? '')
    return [
      line.costCentre,
      name,
      centre?.parent ?? '',
      String(line.depth),
      centre?.glCode ?? '',
      line.currency,
      ...money,
      centre?.budget ?? '',
      ...budgetCells(line, {
        budget: centre?.budget ?? '',
        isWhole: seesWholeOf(workspace, line.costCentre) && currencies.get(line.costCentre) === 1,
      }),
    ]
  })
}

async function sumsOfRun(workspace: ScopedWorkspace, run: string): Promise<ReadonlyArray<SumRow>> {
  const { warehouse, tenant, sums } = workspace
  await sums?.ofRuns([run])
  const columns = ['cost_centre', 'currency']
  const kept = sums?.sumsOf(run)?.sum(columns, NO_FILTER)
  if (kept)
    return kept.map(({ keys: [cost_centre = '', currency = ''], actualMinor, adjustedMinor }) => ({
      ...{ cost_centre, currency, actual_minor: actualMinor, adjusted_minor: adjustedMinor },
    }))
  const rows = resultRowsSql(workspace, { view: 'carried', columns, runs: [run] })
  // One row per cost centre and currency.
  return warehouse.rows<SumRow>(
    `SELECT cost_centre, currency, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor
     FROM (${rows}) GROUP BY ALL ORDER BY ALL`,
    { tenant },
  )
}

/** By its accounts somebody sees a part of what a centre carries, beside which a budget would seem hardly used. */
function seesWholeOf({ scope }: ScopedWorkspace, costCentre: string): boolean {
  return scope.rows === null || scope.rows.costCentres.includes(costCentre)
}

/** What is left of the budget in both views, then the share that was spent. */
function budgetCells(
  { currency, total }: RolledUpCostCentre,
  { budget, isWhole }: { readonly budget: string; readonly isWhole: boolean },
): string[] {
  if (!isWhole) return ['', '', '', '']
  const [actual, adjusted] = [
    useOfBudget(budget, { currency, spentMinor: total.actualMinor }),
    useOfBudget(budget, { currency, spentMinor: total.adjustedMinor }),
  ] as const
  const text = (minor: bigint | null) => (minor === null ? '' : formatAmount(minor, currency))
  return [text(actual.leftMinor), text(adjusted.leftMinor), actual.share, adjusted.share]
}
