// One block per component in which the service has a row: the stored row, the rule that made it, and what it came from.
// Of the results no more than the rows of two components are in memory at a time.
import {
  type AllocationMethod,
  type AllocationRow,
  compareBytes,
  describeAllocation,
  formatBasis,
  formatUsage,
  invariant,
  type LocalDate,
  type PolicyComponent,
  readFormula,
  unitOf,
} from '@spillway/core'
import { inputsOf } from '../../catalog/run-record.ts'
import type { RunTable } from '../../catalog/tables.ts'
import { componentNames, type PlannedSegment } from '../../stages/allocate/match-components.ts'
import type { PeriodScope } from '../../stages/allocate/period-scope.ts'
import { allocateSegment } from '../../stages/allocate/segment-rows.ts'
import { rowsOfViewSql } from '../../warehouse/result-tables.ts'
import type { Parameters, Row } from '../../warehouse/warehouse.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { boundParameters } from '../bound-parameters.ts'
import { citeComponentCharges } from './cite-charges.ts'
import { citeMembership } from './cite-membership.ts'
import { citeUsage } from './cite-usage.ts'
import type { CiteScope, ExplainScope } from './explain-scope.ts'
import type { CitedUsage, ComponentExplanation } from './explanation.ts'
import type { OwnRowsSql } from './own-rows.ts'

export type ComponentKey = Row & {
  pool: string
  policy: string
  component: string
  currency: string
  segment_start_on: LocalDate
  method: AllocationMethod | 'follow'
}

/** One row per component in which the run gave the service a share. */
export function readComponentKeys(
  { warehouse, tenant }: Workspace,
  { run, service, own }: { readonly run: RunTable; readonly service: string; readonly own: OwnRowsSql },
): Promise<ComponentKey[]> {
  const sql = `SELECT DISTINCT pool, policy, component, currency, segment_start_on, method FROM (${own('allocation')})
     ORDER BY pool, component, currency, segment_start_on, policy, method`
  return warehouse.rows<ComponentKey>(sql, boundParameters(sql, { tenant, run: run.id, service }))
}

/** Rows of one component that the run keeps, in the order in which they are compared. */
type StoredRows = Promise<ReadonlyArray<StoredRow>>

/** Reads what the run keeps of the first component, beside whatever else is done until it is explained. */
export function readFirstStored(scope: CiteScope, [first]: ReadonlyArray<ComponentKey>): StoredRows {
  const reading = first === undefined ? Promise.resolve([]) : readStored(scope, first)
  reading.catch(() => {
    // Whoever explains the component hears of it, unless something else failed before.
  })
  return reading
}

/** `first` is what {@link readFirstStored} reads; what is kept of the next is read while one is explained. */
export async function explainComponents(
  scope: ExplainScope,
  { keys, first }: { readonly keys: ReadonlyArray<ComponentKey>; readonly first: StoredRows },
): Promise<ComponentExplanation[]> {
  const components: ComponentExplanation[] = []
  let reading = first
  for (const [at, key] of keys.entries()) {
    const stored = await reading
    const following = keys[at + 1]
    reading = following === undefined ? Promise.resolve([]) : readStored(scope, following)
    const [component] = await Promise.allSettled([explainComponent(scope, { key, stored }), reading])
    if (component.status === 'rejected') throw component.reason
    components.push(component.value)
  }
  return components
}

/** On a connection of its own. */
function readStored({ period, run }: CiteScope, key: ComponentKey): StoredRows {
  return period.warehouse.withConnection(async (warehouse) => {
    const own = { ...period, warehouse }
    const sql = `SELECT service, actual_minor, adjusted_minor, weight, flags FROM (${await rowsOfPart(own, { run, key })})
     ORDER BY service, flags`
    return warehouse.rows<StoredRow>(sql, boundParameters(sql, namesOf({ period, run }, key)))
  })
}

type StoredRow = Row & { service: string; actual_minor: bigint; adjusted_minor: bigint; weight: string; flags: string }

/**
 * One row per participant, and per charge on nobody who participates: shared once more, because the run keeps amounts and
 * not how they are written, and laid beside what the run keeps.
 */
async function readRows(
  { period }: ExplainScope,
  { key, stored }: ComponentOf,
  located: Located,
): Promise<readonly AllocationRow[]> {
  const { components } = await allocateSegment(period, located.segment)
  const again = components.find(({ component, currency, method }) => {
    return component === key.component && currency === key.currency && method === key.method
  })
  const inOrder = [...(again?.rows ?? [])].sort(
    (left, right) =>
      compareBytes(left.service, right.service) || compareBytes(left.flags.join(' '), right.flags.join(' ')),
  )
  const textOf = (cells: ReadonlyArray<string | bigint>) => cells.join(' ')
  const kept = stored.map((row) => textOf([row.service, row.actual_minor, row.adjusted_minor, row.weight, row.flags]))
  const shared = inOrder.map((row) =>
    textOf([row.service, row.actualMinor, row.adjustedMinor, row.weight, row.flags.join(' ')]),
  )
  const differing = kept.findIndex((row, index) => row !== shared[index])
  invariant(differing === -1 && kept.length === shared.length, 'the stored rows are those of the component', {
    ...key,
    stored: kept[differing],
    shared: shared[differing],
  })
  return inOrder
}

const OF_COMPONENT = `tenant = $tenant AND run = $run AND pool = $pool AND policy = $policy AND component = $component
  AND currency = $currency AND segment_start_on = $segment_start_on::DATE AND method = $method`

function namesOf({ period, run }: Pick<ExplainScope, 'period' | 'run'>, key: ComponentKey): Parameters {
  return { tenant: period.tenant, run: run.id, ...(key as Record<keyof ComponentKey, string>) }
}

type PartOf = { readonly run: RunTable; readonly key: ComponentKey }

/** A query of the rows of a component, read by the number of their part: a look for its names would read those of all services. */
async function rowsOfPart(period: PeriodScope, { run, key }: PartOf): Promise<string> {
  const { warehouse } = period
  // One row per part: of a run in words alone, or whose rows have no number of it, there is none.
  const parts = !warehouse.hasRunNumbers
    ? []
    : await warehouse.rows<{ run_no: number; part_no: number }>(
        `SELECT run_no, part_no FROM run_part JOIN run_number USING (tenant, run) WHERE ${OF_COMPONENT}`,
        namesOf({ period, run }, key),
      )
  const [part] = parts
  if (part === undefined) return `FROM allocation WHERE ${OF_COMPONENT}`
  const { run_no: runNo } = part
  const where = `part_no IN (${parts.map(({ part_no }) => part_no).join(', ')})`
  const services = `service_no IN (SELECT service_no FROM allocation_row_stored WHERE run_no = ${runNo} AND ${where})`
  return rowsOfViewSql('allocation', { runNo, where, services, parts: where })
}

type ComponentOf = { readonly key: ComponentKey; readonly stored: ReadonlyArray<StoredRow> }

async function explainComponent(scope: ExplainScope, of: ComponentOf): Promise<ComponentExplanation> {
  const { key } = of
  const { pool, component, currency, method } = key
  const located = locate(scope, key)
  const { segment, componentNo, rule } = located
  const rows = await readRows(scope, of, located)
  const row = rows.find(({ service }) => service === scope.service)
  invariant(row, 'the service has a row in its component', key)
  const charges = await citeComponentCharges(scope, { segmentNo: segment.segmentNo, componentNo, currency })
  const usage = await usageOf(scope, { segment, rule, row, method })
  checkCited({ key, rows, row, charges, usage })
  const { usageType } = segment.pool
  const isTaking = ({ formula }: AllocationRow) => {
    const parts = readFormula(formula)
    return parts.kind === 'share' && parts.hasUnit
  }
  return {
    pool,
    usageType,
    component,
    currency,
    policy: { name: key.policy, version: versionOf(scope, segment) },
    window: { startOn: segment.startOn, endOn: segment.endOn, isPart: segment.isPart },
    sentence: describeAllocation({
      row,
      rows,
      pool,
      component,
      currency,
      method,
      formatUsage: (base) => formatUsage(base, usageType),
    }),
    formula: row.formula,
    method,
    basis: rule && isByUsage(method) ? formatBasis(rule.basis) : '',
    limits: { floor: rule?.floor ?? null, cap: rule?.cap ?? null },
    actualMinor: row.actualMinor,
    adjustedMinor: row.adjustedMinor,
    weight: row.weight,
    share: row.share,
    floorMinor: row.floorMinor,
    flags: row.flags,
    usageBase: row.usageBase,
    contributionBase: row.contributionBase,
    days: row.days,
    leftover: { unit: unitOf(currency), units: rows.filter(isTaking).length, tookOne: isTaking(row) },
    charges,
    usage,
    membership: await citeMembership(scope, segment),
  }
}

function isByUsage(method: AllocationMethod | 'follow'): boolean {
  return method === 'prorated' || method === 'excess'
}

type Located = {
  readonly segment: PlannedSegment
  readonly componentNo: number
  /** null for taxes that follow. */
  readonly rule: PolicyComponent | null
}

/** Which segment and component of the plan a stored row came from. */
function locate({ plan }: ExplainScope, key: ComponentKey): Located {
  const segment = plan.planned.find(({ pool, startOn }) => pool.pool === key.pool && startOn === key.segment_start_on)
  invariant(segment && segment.policy.name === key.policy, 'a stored row is one of the plan; check proves the run', key)
  const { components } = segment.policy
  const componentNo =
    key.method === 'follow' ? components.length : componentNames(segment.policy).indexOf(key.component)
  return { segment, componentNo, rule: components[componentNo] ?? null }
}

function versionOf({ run }: ExplainScope, { saved }: PlannedSegment): number | null {
  if (saved === null) return null
  const pinned = inputsOf(run).configuration.find(
    ({ kind, name }) => kind === 'AllocationPolicy' && name === saved.name,
  )
  invariant(pinned, 'a run pins the policies that it used', { run: run.id, policy: saved.name })
  return pinned.version
}

async function usageOf(
  scope: ExplainScope,
  {
    segment,
    rule,
    row,
    method,
  }: {
    readonly segment: PlannedSegment
    readonly rule: PolicyComponent | null
    readonly row: AllocationRow
    readonly method: AllocationMethod | 'follow'
  },
): Promise<CitedUsage | null> {
  if (rule === null || !isByUsage(method) || row.flags.includes('non-participant')) return null
  return citeUsage(scope, { segmentNo: segment.segmentNo, basis: rule.basis })
}

/** What is cited is what was stored: else the run and its inputs no longer belong together, and `check` says where. */
function checkCited({
  key,
  rows,
  row,
  charges,
  usage,
}: Pick<ComponentExplanation, 'charges' | 'usage'> & {
  readonly key: ComponentKey
  readonly rows: ReadonlyArray<AllocationRow>
  readonly row: AllocationRow
}): void {
  let storedMinor = 0n
  for (const { actualMinor } of rows) storedMinor += actualMinor
  invariant(charges.amountMinor === storedMinor, 'the cited charges are those of the component', {
    ...key,
    cited: charges.amountMinor,
    stored: storedMinor,
  })
  invariant(charges.ownMinor === row.actualMinor, 'the cited charges of the service are its actual amount', {
    ...key,
    cited: charges.ownMinor,
    stored: row.actualMinor,
  })
  invariant(usage === null || usage.quantityBase === row.usageBase, 'the cited usage is the usage of the row', {
    ...key,
    cited: usage?.quantityBase,
    stored: row.usageBase,
  })
}
