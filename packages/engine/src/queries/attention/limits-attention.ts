// Pools, buckets and limits of sub-accounts that are used up, or nearly: from 80 per cent on.
import type { Attention, Period } from '@spillway/core'
import { inputsOf } from '../../catalog/run-record.ts'
import type { RunTable } from '../../catalog/tables.ts'
import { limitAlertsOfRun, type SubAccountAlert, usedOfLimit } from '../../sub-accounts/limit-alerts.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { wholeWorkspaceOf } from '../../workspace/scopes.ts'
import { poolsReport } from '../pools-report.ts'
import { countedAs } from './counted.ts'

type OfRun = { readonly period: Period; readonly run: RunTable }
/** What is used of it, in whole per cent of what it holds; a hundred or more is used up. */
type Used = { readonly name: string; readonly percent: number }

const NEAR_PERCENT = 80

export async function limitsAttention(workspace: ScopedWorkspace, of: OfRun): Promise<Attention[]> {
  // Beside a part of its members an allowance says nothing.
  const pools = workspace.scope.isWholeTenant ? await usedPools(workspace, of) : []
  const buckets = await usedBuckets(workspace, of)
  return [
    ...itemsOf(pools, { kind: 'pool', noun: 'pool', look: 'pools' }),
    ...itemsOf(buckets, { kind: 'bucket', noun: 'bucket', look: 'alerts' }),
    ...(await limitItems(workspace, of)),
  ]
}

async function limitItems(workspace: ScopedWorkspace, { period, run }: OfRun): Promise<Attention[]> {
  const { rows } = workspace.scope
  const alerts = await limitAlertsOfRun(wholeWorkspaceOf(workspace), { run, period, accounts: rows?.accounts })
  const most = new Map<string, SubAccountAlert>()
  for (const alert of alerts) most.set(JSON.stringify([alert.account, alert.userId, alert.limit]), alert)
  const made = (list: ReadonlyArray<SubAccountAlert>, severity: 'warning' | 'info', extent: string): Attention[] => {
    const [first] = list
    if (!first) return []
    const what =
      list.length === 1
        ? `Sub-account ${first.userId} of ${first.account} ${extent} its limit of ${first.limit}: ${usedOfLimit(first)}.`
        : `${countedAs(list.length, 'limit', 'limits')} of sub-accounts ${extent === 'reached' ? 'were reached' : 'are nearly reached'}.`
    const look = { in: 'alerts', key: list.length === 1 ? first.userId : '' } as const
    return [{ severity, kind: 'limit', what, amount: null, count: list.length, look }]
  }
  const all = [...most.values()]
  return [
    ...made(
      all.filter(({ sharePercent }) => sharePercent >= 100),
      'warning',
      'reached',
    ),
    ...made(
      all.filter(({ sharePercent }) => sharePercent < 100),
      'info',
      'nearly reached',
    ),
  ]
}

type Said = { readonly kind: 'pool' | 'bucket'; readonly noun: string; readonly look: 'pools' | 'alerts' }

function itemsOf(all: ReadonlyArray<Used>, { kind, noun, look }: Said): Attention[] {
  const over = all.filter(({ percent }) => percent >= 100)
  const near = all.filter(({ percent }) => percent >= NEAR_PERCENT && percent < 100)
  const made = (list: ReadonlyArray<Used>, severity: 'warning' | 'info', extent: string): Attention[] => {
    const [most] = [...list].sort((a, b) => b.percent - a.percent)
    if (!most) return []
    const what =
      list.length === 1
        ? `${noun === 'pool' ? 'Pool' : 'Bucket'} ${most.name} used ${extent} it holds: ${most.percent} %.`
        : `${countedAs(list.length, noun, `${noun}s`)} used ${extent} they hold, most of all ${most.name}: ${most.percent} %.`
    return [
      {
        severity,
        kind,
        what,
        amount: null,
        count: list.length,
        look: { in: look, key: list.length === 1 ? most.name : '' },
      },
    ]
  }
  return [...made(over, 'warning', 'all'), ...made(near, 'info', 'nearly all')]
}

async function usedPools(workspace: ScopedWorkspace, { period }: OfRun): Promise<Used[]> {
  const { columns, rows } = await poolsReport(workspace, { period })
  const at = (key: string) => columns.findIndex((column) => column.key === key)
  const [pool, allowance, used] = [at('pool'), at('allowance'), at('used')]
  const found = new Map<string, Used>()
  for await (const batch of rows)
    for (const row of batch) {
      const holds = BigInt(row[allowance] ?? '0')
      const name = row[pool] ?? ''
      // A pool without an allowance has no limit to come near to.
      if (holds > 0n) found.set(name, { name, percent: Number((BigInt(row[used] ?? '0') * 100n) / holds) })
    }
  return [...found.values()]
}

async function usedBuckets({ warehouse, tenant }: ScopedWorkspace, { run }: OfRun): Promise<Used[]> {
  if (inputsOf(run).rating === undefined) return []
  // One row per bucket of a holder and period, with the largest share that was drawn.
  return warehouse.rows<Used>(
    `SELECT bucket AS name, max(share_percent)::INTEGER AS percent FROM bucket_alert WHERE tenant = $tenant AND run = $run
     GROUP BY account, holder_on, holder, bucket, start_at ORDER BY bucket`,
    { tenant, run: run.id },
  )
}
