// Which pools another configuration of policies concerns: those that on any day of the month are under another policy, or under
// one that says something else. Of all others every division is that of the run, since a policy decides nothing outside its
// pools: which charges and which usage a pool has does not depend on any.
import { isDeepStrictEqual } from 'node:util'
import { type AllocationPolicy, type LocalDate, policyForPool, Refusal } from '@spillway/core'
import { type DefinedPool, FIRST_DAY, readPools } from '../../stages/allocate/define-pools.ts'
import type { PeriodScope } from '../../stages/allocate/period-scope.ts'
import { readPolicies } from '../../stages/allocate/pool-windows.ts'
import { billPeriodCtes } from '../bill-period.ts'
import { boundParameters } from '../bound-parameters.ts'

/** Policies by who claims first: those of an earlier list take their pools from those of a later one. */
export type PolicyLists = ReadonlyArray<ReadonlyArray<AllocationPolicy>>

export type Concerned = {
  /** Names in order. */
  readonly pools: ReadonlyArray<string>
  /** How many there are of all. */
  readonly poolCount: number
  /** Under which the run divided. */
  readonly before: PolicyLists
}

/**
 * Reads the pools of `before`, the scope of a run; `after` differs from it in policies alone.
 *
 * @throws Refusal `bad-configuration` where a saved document cannot be read.
 */
export async function concernedPools(before: PeriodScope, after: PeriodScope): Promise<Concerned> {
  const { pools } = await readPools(before)
  const [old, tried]: [PolicyLists, PolicyLists] = [
    [before.simulated ?? [], readPolicies(before)],
    [after.simulated ?? [], readPolicies(after)],
  ]
  const days = await daysOfChange(before, [...old, ...tried].flat())
  const altered = alteredNames(old.flat(), tried.flat())
  const isConcerned = (pool: DefinedPool) =>
    days.some((day) => {
      const was = claimOn(old, pool, day)
      const is = claimOn(tried, pool, day)
      return was === CLASH || is === CLASH || was !== is || (is !== null && altered.has(is))
    })
  return { pools: pools.filter(isConcerned).map(({ pool }) => pool), poolCount: pools.length, before: old }
}

/** Two policies of one list claim the pool: where that is a day of its window, dividing it refuses. */
const CLASH = Symbol('claimed twice')

/** The name of the policy that a pool has on a day; null where the default applies. */
function claimOn(lists: PolicyLists, pool: DefinedPool, on: LocalDate): string | null | typeof CLASH {
  try {
    return lists.reduce<string | null>((found, list) => found ?? policyForPool(list, pool, on)?.name ?? null, null)
  } catch (error) {
    if (error instanceof Refusal && error.kind === 'bad-configuration') return CLASH
    throw error
  }
}

/** The names of policies whose pools are divided otherwise than by the policy of that name before. */
function alteredNames(
  before: ReadonlyArray<AllocationPolicy>,
  after: ReadonlyArray<AllocationPolicy>,
): ReadonlySet<string> {
  const known = new Map(before.map((policy) => [policy.name, whatDivides(policy)]))
  return new Set(
    after.filter((policy) => !isDeepStrictEqual(known.get(policy.name), whatDivides(policy))).map(({ name }) => name),
  )
}

/** What a policy says of a pool once it has it. */
function whatDivides({ description, appliesTo, from, until, ...rest }: AllocationPolicy): object {
  return rest
}

/** The first day of every stretch of the month's windows on which one policy is in force. */
async function daysOfChange(
  scope: PeriodScope,
  policies: ReadonlyArray<AllocationPolicy>,
): Promise<ReadonlyArray<LocalDate>> {
  const bounds = policies.flatMap(({ from, until }) => [from, until]).filter((day) => day !== null)
  if (bounds.length === 0) return [FIRST_DAY as LocalDate]
  const { startOn, endOn } = await windowOfBills(scope)
  return [...new Set([startOn, ...bounds.filter((day) => startOn < day && day < endOn)])].sort()
}

/** From the first to the last day that any window of the period can have: those of all its bills, ours among them. */
async function windowOfBills(scope: PeriodScope): Promise<{ readonly startOn: LocalDate; readonly endOn: LocalDate }> {
  const { warehouse, tenant, period, rating } = scope
  const ctes = await billPeriodCtes({ warehouse, tenant }, scope.documents, scope.billDates)
  const ours = `UNION ALL SELECT period_start_on, period_end_on FROM customer_bill WHERE tenant = $tenant AND run = $stored`
  const stored = rating?.areBillsCharges ? (rating.stored ?? '') : null
  const sql = `WITH ${ctes} SELECT least(min(period_start_on), $start::DATE) AS start_on, greatest(max(period_end_on), $end::DATE) AS end_on
    FROM (SELECT period_start_on, period_end_on FROM bill WHERE period = $period ${stored === null ? '' : ours})`
  const { start_on, end_on } = await warehouse.row<{ start_on: LocalDate; end_on: LocalDate }>(
    sql,
    boundParameters(sql, { tenant, period: period.name, start: period.startOn, end: period.endOn, stored }),
  )
  return { startOn: start_on, endOn: end_on }
}
