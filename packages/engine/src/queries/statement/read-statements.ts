// The statements of a period, one after the other: five queries over all owners, walked side by side in order of their keys.
// Holds what one owner has, and the tree of cost centres; never what all owners have.
import {
  ancestorsOf,
  assembleStatement,
  buildCostCentreTree,
  type CostCentre,
  type CostCentreTree,
  type NamedKey,
  type Period,
  STATEMENT_MONTHS,
  type Statement,
  type StatementHeading,
  type StatementKind,
  type StatementOwner,
  type UsageType,
} from '@spillway/core'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { currentRun, monthRuns } from '../current-run.ts'
import { NAME_OF_EMPTY, namesCte } from '../names.ts'
import { monthNameOf, monthNumberOf, runMonthCte } from '../run-months.ts'
import { type KeyedRow, KeyedRows } from './keyed-rows.ts'
import { beforeSql, chargesSql, keysSql, monthsSql, ownersSql, type StatementScope, usageSql } from './statement-sql.ts'

export type StatementRequest = {
  readonly period: Period
  readonly kind: StatementKind
  /** Statements of these owners alone; '' is what nobody owns. */
  readonly keys?: ReadonlyArray<string> | undefined
  /** Whose statements these are, for the heading. */
  readonly company?: string | undefined
}

type OwnerRow = KeyedRow & { cost_centre: string; name: string }
type ChargeRow = KeyedRow & {
  currency: string
  service: string
  vendor: string
  category: string
  usage_type: string
  flag: string
  name: string
  actual_minor: bigint
  adjusted_minor: bigint
}
type MonthRow = KeyedRow & { month: number; currency: string; actual_minor: bigint; adjusted_minor: bigint }
type BeforeRow = KeyedRow & { currency: string; service: string; name: string; adjusted_minor: bigint }
type UsageRow = KeyedRow & { usage_type: string; usage_class: string; quantity: bigint; services: bigint }

/**
 * Whom the period has a statement for: everybody with charges or usage in it, in order of key; '' is what nobody owns.
 * @throws Refusal `period-not-closed`.
 */
export async function statementKeys(workspace: ScopedWorkspace, request: StatementRequest): Promise<string[]> {
  const { warehouse, tenant } = workspace
  const run = await currentRun(workspace, request.period)
  const rows = await warehouse.rows<KeyedRow>(keysSql(scopeOf(request, run)), { tenant, run: run.id })
  return rows.map(({ key }) => key)
}

/**
 * The statements of those whom `statementKeys` names, in its order. A cost centre's statement has its own charges and not
 * those of the centres below it, so that all statements of a kind sum to the period.
 * @throws Refusal `period-not-closed`.
 */
export async function* readStatements(
  workspace: ScopedWorkspace,
  request: StatementRequest,
): AsyncGenerator<Statement> {
  const { warehouse, tenant } = workspace
  const run = await currentRun(workspace, request.period)
  const months = await monthRuns(workspace, { last: request.period, count: STATEMENT_MONTHS })
  const scope = scopeOf(request, run)
  const read = { tenant, run: run.id }
  const before = months.at(-2)?.run ?? null
  const runMonths = runMonthCte(
    'run_month',
    months.map((month) => ({ run: month.run, month: monthNumberOf(month.period) })),
  )
  const owners = new KeyedRows(warehouse.stream<OwnerRow>(ownersSql(scope), read))
  const charges = new KeyedRows(warehouse.stream<ChargeRow>(chargesSql(scope), read))
  const monthSums = new KeyedRows(warehouse.stream<MonthRow>(monthsSql(scope, runMonths), { tenant }))
  const earlier = before && new KeyedRows(warehouse.stream<BeforeRow>(beforeSql(scope), { tenant, run: before.id }))
  const usage = new KeyedRows(warehouse.stream<UsageRow>(usageSql(scope), read))
  try {
    const centres = await readCentres(workspace, scope)
    const heading: StatementHeading = {
      company: request.company ?? '',
      period: request.period,
      run: run.id,
      isPublished: run.state === 'published',
      closedAt: run.closed_at,
    }
    const closedPeriods = new Set(months.filter((month) => month.run !== null).map(({ period }) => period.name))
    for (let owner = await owners.takeNext(); owner !== null; owner = await owners.takeNext()) {
      const key = owner[0]?.key ?? ''
      yield assembleStatement({
        heading,
        owner: ownerOf(owner, { kind: request.kind, centres }),
        charges: (await charges.take(key)).map(toCharge),
        monthSums: (await monthSums.take(key)).map(toMonthSum),
        closedPeriods,
        before: earlier ? (await earlier.take(key)).map(toBefore) : [],
        usage: (await usage.take(key)).map(toUsage),
      })
    }
  } finally {
    for (const rows of [owners, charges, monthSums, earlier, usage]) await rows?.close()
  }
}

function scopeOf({ kind, keys }: StatementRequest, run: { readonly inputs: string }): StatementScope {
  return { kind, keys, names: namesCte(run) }
}

type Centres = { readonly tree: CostCentreTree }
type CentreRow = { cost_centre: string; parent: string; name: string; gl_code: string }

/** One row per cost centre: a later document replaces an earlier one. */
async function readCentres({ warehouse, tenant }: ScopedWorkspace, { names }: StatementScope): Promise<Centres> {
  const rows = await warehouse.rows<CentreRow>(
    `WITH ${names} SELECT DISTINCT ON (cost_centre) cost_centre, parent, name, gl_code FROM cost_centre
     WHERE tenant = $tenant AND doc IN (FROM live_document) ORDER BY cost_centre, doc DESC, ordinal DESC`,
    { tenant },
  )
  return { tree: buildCostCentreTree(rows.map(toCostCentre)).tree }
}

function toCostCentre({ cost_centre, parent, name, gl_code }: CentreRow): CostCentre {
  return { fact: 'cost-centre', costCentre: cost_centre, parent, name, glCode: gl_code, budget: '', extra: {} }
}

function ownerOf(
  rows: ReadonlyArray<OwnerRow>,
  { kind, centres: { tree } }: { readonly kind: StatementKind; readonly centres: Centres },
): StatementOwner {
  const { key, name } = rows[0] as OwnerRow
  const named = (id: string): NamedKey => ({ key: id, name: tree.nodes.get(id)?.row?.name ?? '' })
  const costCentres =
    kind === 'person'
      ? rows.filter(({ cost_centre }) => cost_centre !== '').map(({ cost_centre }) => named(cost_centre))
      : ancestorsOf(tree, key).reverse().map(named)
  const glCode = kind === 'person' ? '' : (tree.nodes.get(key)?.row?.glCode ?? '')
  return { kind, key, name: key === '' ? NAME_OF_EMPTY[kind] : name, costCentres, glCode }
}

const toCharge = (row: ChargeRow) => ({
  currency: row.currency,
  service: row.service,
  vendor: row.vendor,
  category: row.category,
  usageType: row.usage_type,
  flag: row.flag,
  name: row.name,
  actualMinor: BigInt(row.actual_minor),
  adjustedMinor: BigInt(row.adjusted_minor),
})

const toMonthSum = (row: MonthRow) => ({
  period: monthNameOf(row.month),
  currency: row.currency,
  actualMinor: BigInt(row.actual_minor),
  adjustedMinor: BigInt(row.adjusted_minor),
})

const toBefore = (row: BeforeRow) => ({
  key: row.service,
  currency: row.currency,
  name: row.name,
  amountMinor: BigInt(row.adjusted_minor),
})

const toUsage = (row: UsageRow) => ({
  usageClass: row.usage_class,
  usageType: row.usage_type as UsageType,
  quantityBase: BigInt(row.quantity),
  services: Number(row.services),
})
