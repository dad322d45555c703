// What others are told of a run: that it was closed, published or reopened, and which alerts its close raised. Within the
// transaction that says so in the catalog.
import { formatAmount, type OutboxEventType } from '@spillway/core'
import type { Catalog } from '../catalog/open-catalog.ts'
import { announce, isAwaited, type OutboxEvent } from '../catalog/outbox.ts'
import type { RunOutputs } from '../catalog/run-record.ts'
import { type AlertsOf, type SubAccountAlert, subAccountAlerts } from '../sub-accounts/limit-alerts.ts'
import type { Workspace } from '../workspace/workspace.ts'

type Told = {
  readonly run: string
  readonly period: string
  /** ISO instant. */
  readonly at: string
}

export async function announceRun(
  transaction: Catalog,
  { tenant }: Pick<Workspace, 'tenant'>,
  { type, run, period, at, more = {} }: Told & { readonly type: OutboxEventType; readonly more?: object },
): Promise<void> {
  const event = { tenant, at, type, subject: period, body: { run, period, ...more } }
  await announce(transaction, [{ ...event, identity: `${run} ${at}` }])
}

export type ClosedRun = Told & {
  readonly outputs: RunOutputs
  readonly isRated: boolean
  /** What {@link awaitedLimitAlerts} found. */
  readonly ofLimits: ReadonlyArray<SubAccountAlert>
}

/** None where nobody asks to be told: they are found out before the transaction, which everybody else would wait for. */
export async function awaitedLimitAlerts(workspace: Workspace, of: AlertsOf): Promise<ReadonlyArray<SubAccountAlert>> {
  if (!(await isAwaited(workspace.catalog, workspace.tenant, 'alert.raised'))) return []
  return subAccountAlerts(workspace, of)
}

/** An alert is told once, though its period is closed again. */
export async function announceClose(
  transaction: Catalog,
  { warehouse, tenant }: Pick<Workspace, 'warehouse' | 'tenant'>,
  { outputs, isRated, ofLimits, ...told }: ClosedRun,
): Promise<void> {
  const totals = outputs.totals.map(({ currency, actual_minor, adjusted_minor }) => ({
    currency,
    actual: formatAmount(BigInt(actual_minor), currency),
    adjusted: formatAmount(BigInt(adjusted_minor), currency),
  }))
  await announceRun(transaction, { tenant }, { ...told, type: 'run.closed', more: { totals } })
  await announce(
    transaction,
    ofLimits.map((alert) => eventOfLimit(alert, { ...told, tenant })),
  )
  if (!isRated || !(await isAwaited(transaction, tenant, 'alert.raised'))) return
  const alerts = await warehouse.rows<AlertRow>(ALERTS, { tenant, run: told.run })
  await announce(
    transaction,
    alerts.map((alert) => ({
      ...{ tenant, at: told.at, type: 'alert.raised', subject: alert.bucket, account: alert.account },
      body: { period: told.period, run: told.run, ...bodyOf(alert) },
      identity: JSON.stringify([
        alert.account,
        alert.on,
        alert.holder,
        alert.bucket,
        alert.start_at,
        alert.percent,
        alert.is_projected,
      ]),
    })),
  )
}

/** Told of with the keys of a bucket's alert, and those of the limit. */
function eventOfLimit(
  { account, userId, limit, startOn, sharePercent, most, used, currency, atLimit }: SubAccountAlert,
  { tenant, at, period, run }: Told & { readonly tenant: string },
): OutboxEvent {
  const on = 'sub-account'
  const amounts = { most, used, ...(limit === 'spend' ? { currency } : {}) }
  return {
    ...{ tenant, at, type: 'alert.raised', subject: userId, account },
    body: {
      ...{ period, run, account, on, holder: userId, limit, from: startOn, percent: sharePercent, ...amounts },
      ...{ atLimit },
    },
    identity: JSON.stringify([account, on, userId, limit, startOn, sharePercent]),
  }
}

type AlertRow = {
  account: string
  on: string
  holder: string
  bucket: string
  start_at: string
  percent: number
  capacity: string
  drawn: string
  exhausted_at: string
  is_projected: boolean
}

// One row per bucket of a holder, period and share of its capacity.
const ALERTS = `
  SELECT account, holder_on AS "on", holder, bucket, start_at, share_percent AS percent, capacity_base AS capacity,
    drawn_base AS drawn, exhausted_at, is_projected
  FROM bucket_alert WHERE tenant = $tenant AND run = $run
  ORDER BY account, holder_on, holder, bucket, start_at, share_percent, is_projected`

function bodyOf({
  account,
  on,
  holder,
  bucket,
  start_at,
  percent,
  capacity,
  drawn,
  exhausted_at,
  is_projected,
}: AlertRow) {
  return {
    ...{ account, on, holder: holder === '' ? account : holder, bucket, from: start_at, percent, capacity, drawn },
    ...{ exhaustedAt: exhausted_at === '' ? null : exhausted_at, isProjected: is_projected },
  }
}
