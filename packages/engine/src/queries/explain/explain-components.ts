// One block per component in which the service has a row: the stored row, the rule that made it, and what it came from.
// Of the results no more than the rows of two segments are in memory at a time.
import {
  type AllocationMethod,
  type AllocationRow,
  type Basis,
  compareBytes,
  describeAllocation,
  formatBasis,
  formatUsage,
  invariant,
  type LocalDate,
  type PolicyComponent,
  type PoolResult,
  readFormula,
  unitOf,
} from '@spillway/core'
import { inputsOf } from '../../catalog/run-record.ts'
import type { RunTable } from '../../catalog/tables.ts'
import { componentNames, type PlannedSegment } from '../../stages/allocate/match-components.ts'
import { allocateSegment } from '../../stages/allocate/segment-rows.ts'
import type { Parameters, Row } from '../../warehouse/warehouse.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { boundParameters } from '../bound-parameters.ts'
import { type PartRow, rowsOfParts } from '../kept/part-rows.ts'
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

/** The components of one segment of a pool: they are shared and kept together. */
type SegmentKeys = ReadonlyArray<ComponentKey>

/** In the order of their first keys: where a window was cut, the keys of its segments alternate. */
function bySegmentOf(keys: ReadonlyArray<ComponentKey>): ReadonlyArray<SegmentKeys> {
  const segments = new Map<string, ComponentKey[]>()
  for (const key of keys) {
    const name = JSON.stringify([key.pool, key.policy, key.segment_start_on])
    const known = segments.get(name)
    if (known) known.push(key)
    else segments.set(name, [key])
  }
  return [...segments.values()]
}

/** By component the rows that the run keeps. */
type StoredRows = Promise<(key: ComponentKey) => ReadonlyArray<StoredRow>>

/** Reads what the run keeps of the first segment, beside whatever else is done until it is explained. */
export function readFirstStored(scope: CiteScope, keys: ReadonlyArray<ComponentKey>): StoredRows {
  const [first] = bySegmentOf(keys)
  const reading = first === undefined ? Promise.resolve(() => []) : readStored(scope, first)
  reading.catch(() => {
    // Whoever explains the segment hears of it, unless something else failed before.
  })
  return reading
}

/** In the order of the keys. `first` is what {@link readFirstStored} reads; what is kept of the next is read while one is explained. */
export async function explainComponents(
  scope: ExplainScope,
  { keys, first }: { readonly keys: ReadonlyArray<ComponentKey>; readonly first: StoredRows },
): Promise<ComponentExplanation[]> {
  const explained = new Map<ComponentKey, ComponentExplanation>()
  const segments = bySegmentOf(keys)
  let reading = first
  for (const [at, segment] of segments.entries()) {
    const stored = await reading
    const following = segments[at + 1]
    reading = following === undefined ? Promise.resolve(() => []) : readStored(scope, following)
    const [components] = await Promise.allSettled([explainSegment(scope, { keys: segment, stored }), reading])
    if (components.status === 'rejected') throw components.reason
    for (const [index, key] of segment.entries()) explained.set(key, components.value[index] as ComponentExplanation)
  }
  return keys.map((key) => explained.get(key) as ComponentExplanation)
}

const OF_SEGMENT = `tenant = $tenant AND run = $run AND pool = $pool AND policy = $policy
  AND segment_start_on = $segment_start_on::DATE`

type OfComponent = Pick<ComponentKey, 'component' | 'currency' | 'method'>
type StoredRow = Pick<PartRow, 'service' | 'actualMinor' | 'adjustedMinor' | 'weight' | 'flags'>
type FoundPart = Row & OfComponent & { run_no: number; part_no: number; weight_total: bigint; has_weights: boolean }

/** On a connection of its own. By the numbers of the segment's parts: a look for its names would read those of all services. */
function readStored(scope: CiteScope, keys: SegmentKeys): StoredRows {
  const { period, run, sums } = scope
  const key = keys[0] as ComponentKey
  return period.warehouse.withConnection(async (warehouse) => {
    const sql = `SELECT run_no, part_no, component, currency, method, weight_total,
       EXISTS (FROM run_weight WHERE tenant = $tenant AND run = $run) AS has_weights
     FROM run_part JOIN run_number USING (tenant, run) WHERE ${OF_SEGMENT}`
    // One row per part: of a run in words alone, or whose rows have no number of it, there is none.
    const found = warehouse.hasRunNumbers ? await warehouse.rows<FoundPart>(sql, namesOf(scope, key, sql)) : []
    const [first] = found
    if (first === undefined) return readStoredNames({ ...scope, period: { ...period, warehouse } }, key)
    const rows = await rowsOfParts(
      { sums, tenant: period.tenant, warehouse },
      {
        ...{ run: run.id, runNo: first.run_no, hasWeights: first.has_weights },
        parts: found.map(({ component, currency, method, part_no, weight_total }) => {
          return { ...key, component, currency, method, partNo: part_no, weightTotal: weight_total }
        }),
      },
    )
    return (wanted) => rows.filter(({ part }) => isOf(wanted)(part))
  })
}

type NamedRow = Row &
  OfComponent & { service: string; actual_minor: bigint; adjusted_minor: bigint; weight: string; flags: string }

async function readStoredNames(scope: CiteScope, key: ComponentKey): StoredRows {
  const sql = `SELECT component, currency, method, service, actual_minor, adjusted_minor, weight, flags
     FROM allocation WHERE ${OF_SEGMENT}`
  const rows = await scope.period.warehouse.rows<NamedRow>(sql, namesOf(scope, key, sql))
  return (wanted) =>
    rows.filter(isOf(wanted)).map(({ actual_minor, adjusted_minor, ...row }) => ({
      ...row,
      actualMinor: actual_minor,
      adjustedMinor: adjusted_minor,
    }))
}

function namesOf({ period, run }: Pick<CiteScope, 'period' | 'run'>, key: ComponentKey, sql: string): Parameters {
  return boundParameters(sql, {
    tenant: period.tenant,
    run: run.id,
    ...(key as Record<keyof ComponentKey, string>),
  })
}

function isOf(key: OfComponent): (one: OfComponent) => boolean {
  return ({ component, currency, method }) =>
    component === key.component && currency === key.currency && method === key.method
}

type SharedAgain = { readonly again: PoolResult; readonly stored: Awaited<StoredRows> }

/**
 * One row per participant, and per charge on nobody who participates: shared once more, because the run keeps amounts and
 * not how they are written, and laid beside what the run keeps.
 */
function provenRows(key: ComponentKey, { again, stored }: SharedAgain): readonly AllocationRow[] {
  const shared = inOrder(again.components.find(isOf(key))?.rows ?? [], ({ flags }) => flags.join(' '))
  const kept = inOrder(stored(key), ({ flags }) => flags)
  const differing = kept.texts.findIndex((text, index) => text !== shared.texts[index])
  invariant(
    differing === -1 && kept.texts.length === shared.texts.length,
    'the stored rows are those of the component',
    {
      ...key,
      stored: kept.texts[differing],
      shared: shared.texts[differing],
    },
  )
  return shared.rows
}

type ComparedRow = Pick<StoredRow, 'service' | 'actualMinor' | 'adjustedMinor' | 'weight'>

/** Rows in the order of services and flags, and what is compared of each. */
function inOrder<R extends ComparedRow>(
  unordered: ReadonlyArray<R>,
  flagsOf: (row: R) => string,
): { readonly rows: ReadonlyArray<R>; readonly texts: ReadonlyArray<string> } {
  const rows = [...unordered].sort(
    (left, right) => compareBytes(left.service, right.service) || compareBytes(flagsOf(left), flagsOf(right)),
  )
  const texts = rows.map((row) => {
    const { service, actualMinor, adjustedMinor, weight } = row
    return [service, actualMinor, adjustedMinor, weight, flagsOf(row)].join(' ')
  })
  return { rows, texts }
}

type KeptSegment = { readonly keys: SegmentKeys; readonly stored: Awaited<StoredRows> }

/** In the order of the keys, of which there is one at least. */
async function explainSegment(scope: ExplainScope, { keys, stored }: KeptSegment): Promise<ComponentExplanation[]> {
  const { segment } = locate(scope, keys[0] as ComponentKey)
  const again = await allocateSegment(scope.period, segment)
  const membership = await citeMembership(scope, segment)
  const usages = new Map<string, Promise<CitedUsage>>()
  const usage = (basis: Basis) => {
    const name = JSON.stringify(basis)
    const known = usages.get(name) ?? citeUsage(scope, { segmentNo: segment.segmentNo, basis })
    usages.set(name, known)
    return known
  }
  const components: ComponentExplanation[] = []
  for (const key of keys) {
    const rows = provenRows(key, { again, stored })
    components.push(await explainComponent(scope, { key, rows, usage, membership }))
  }
  return components
}

type ComponentOf = {
  readonly key: ComponentKey
  readonly rows: ReadonlyArray<AllocationRow>
  /** Of the segment: components of one basis cite the same. */
  readonly usage: (basis: Basis) => Promise<CitedUsage>
} & Pick<ComponentExplanation, 'membership'>

async function explainComponent(
  scope: ExplainScope,
  { key, rows, usage: usageBy, membership }: ComponentOf,
): Promise<ComponentExplanation> {
  const { pool, component, currency, method } = key
  const { segment, componentNo, rule } = locate(scope, key)
  const row = rows.find(({ service }) => service === scope.service)
  invariant(row, 'the service has a row in its component', key)
  const charges = await citeComponentCharges(scope, { segmentNo: segment.segmentNo, componentNo, currency })
  const isMeasured = rule !== null && isByUsage(method) && !row.flags.includes('non-participant')
  const usage = isMeasured ? await usageBy(rule.basis) : null
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
    membership,
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
