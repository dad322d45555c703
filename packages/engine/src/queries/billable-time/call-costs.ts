// What calls carry of the cost of their service: the amount that the service carries in a closed month for this type of usage
// (as rated, where we sell the service; else as adjusted), over its calls that begin in the month, by what they used.
import { type Period, shareOverCalls } from '@spillway/core'
import { readBriefRun } from '../../catalog/read-runs.ts'
import { rowsOfViewSql } from '../../warehouse/result-tables.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { currentRuns } from '../current-run.ts'
import { numberedRun } from '../numbered-run.ts'
import { ratedRowsSql } from '../rated-rows.ts'
import type { Call } from './read-calls.ts'

/** By currency; minor units. */
export type CallCosts = ReadonlyMap<string, bigint>

export type ServiceCosts = {
  /** What each call costs, in the order of the calls; null where its month is not closed. The parts of a month sum to its cost. */
  share(calls: ReadonlyArray<Call>): ReadonlyArray<CallCosts | null>
  /** Months of the window that are not closed. */
  readonly openMonths: ReadonlyArray<string>
}

type CostRow = { service: string; usage_type: string; currency: string; amount_minor: bigint }

const keyOf = (month: string, service: string, usageType: string) => [month, service, usageType].join('\u0000')

/** Reads what the services of `call` in the scratch database carry in each month from the first to the last. */
export async function readServiceCosts(
  workspace: Workspace,
  { scratch, months }: { scratch: string; months: ReadonlyArray<Period> },
): Promise<ServiceCosts> {
  const { warehouse, tenant, catalog } = workspace
  const runs = new Map((await currentRuns(workspace)).map((run) => [run.period, run.id]))
  const costs = new Map<string, Map<string, bigint>>()
  for (const { name } of months) {
    const id = runs.get(name)
    if (id === undefined) continue
    const isRated = (await readBriefRun({ catalog, tenant }, id))?.rating !== undefined
    const called = { run: { id }, servicesIn: `${scratch}.call` }
    const rated = `SELECT service, split_part(usage_class, '/', 1) AS usage_type, currency, amount_minor
      FROM (${await ratedRowsSql(workspace, { view: 'rated', run: called.run, of: called })})`
    // One row per service, usage type and currency: of services that we sell what was rated, of others what they carry.
    const rows = warehouse.stream<CostRow>(
      `WITH own AS (${isRated ? rated : 'SELECT NULL::VARCHAR AS service, NULL::VARCHAR AS usage_type, NULL::VARCHAR AS currency, NULL::BIGINT AS amount_minor WHERE false'}),
         cost AS (SELECT * FROM own UNION ALL
           SELECT service, usage_type, currency, adjusted_minor FROM (${await carriedRowsSql(workspace, called)})
           WHERE service NOT IN (SELECT service FROM own))
       SELECT service, usage_type, currency, sum(amount_minor)::BIGINT AS amount_minor FROM cost
       WHERE usage_type IN ('conference', 'voice') GROUP BY ALL`,
      { tenant, run: id },
    )
    for await (const batch of rows)
      for (const { service, usage_type, currency, amount_minor } of batch) {
        const key = keyOf(name, service, usage_type)
        costs.set(key, (costs.get(key) ?? new Map<string, bigint>()).set(currency, amount_minor))
      }
  }
  return {
    share: (calls) => shareOut(calls, { costs, isClosed: (month) => runs.has(month) }),
    openMonths: months.map(({ name }) => name).filter((name) => !runs.has(name)),
  }
}

type Called = { readonly run: { readonly id: string }; readonly servicesIn: string }

/** What these services carry in a run, by their numbers where it has them; binds $tenant and $run. */
async function carriedRowsSql(workspace: Workspace, { run, servicesIn }: Called): Promise<string> {
  const numbered = await numberedRun(workspace, run)
  const isCalled = `service IN (SELECT service FROM ${servicesIn})`
  if (numbered === null) return `SELECT * FROM carried WHERE tenant = $tenant AND run = $run AND ${isCalled}`
  const { runNo } = numbered
  const services = `service_no IN (SELECT service_no FROM run_service_stored WHERE run_no = ${runNo} AND ${isCalled})`
  return rowsOfViewSql('carried', { runNo, where: services, services })
}

type Known = {
  readonly costs: ReadonlyMap<string, ReadonlyMap<string, bigint>>
  readonly isClosed: (month: string) => boolean
}

/** Of calls whose service costs nothing in their month, as most do where usage is included. */
const FREE: CallCosts = new Map()

function shareOut(calls: ReadonlyArray<Call>, { costs, isClosed }: Known): Array<CallCosts | null> {
  const shared: Array<CallCosts | null> = calls.map(({ startedOn }) => (isClosed(monthNameOf(startedOn)) ? FREE : null))
  const groups = new Map<string, number[]>()
  for (const [index, { startedOn, service, usageType }] of calls.entries()) {
    const key = keyOf(monthNameOf(startedOn), service, usageType)
    const group = groups.get(key)
    if (group) group.push(index)
    else groups.set(key, [index])
  }
  for (const [key, indices] of groups)
    for (const [currency, total] of costs.get(key) ?? []) {
      const holders = indices.map((index) => {
        const { usedSeconds, startText, account, source, firstId } = calls[index] as Call
        return { weight: usedSeconds, tieBreak: [startText, account, source, firstId].join('\u0000') }
      })
      for (const [at, part] of shareOverCalls(total, holders).entries()) {
        const index = indices[at] as number
        // A month that has costs is closed.
        shared[index] = new Map([...(shared[index] ?? FREE), [currency, part]])
      }
    }
  return shared
}

/** `2026-10` of 2026-10-31. */
export const monthNameOf = (on: string): string => on.slice(0, 7)
