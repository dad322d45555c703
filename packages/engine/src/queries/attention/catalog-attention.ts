// What waits whatever the month: rows in quarantine, sub-accounts that were asked for, jobs that failed.
import type { Attention } from '@spillway/core'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { countWaiting } from '../waiting-rows.ts'
import { countedAs } from './counted.ts'

export async function catalogAttention(workspace: ScopedWorkspace): Promise<Attention[]> {
  const requests = await openRequests(workspace)
  return workspace.scope.isWholeTenant
    ? [...(await quarantinedRows(workspace)), ...requests, ...(await failedJobs(workspace))]
    : requests
}

async function quarantinedRows(workspace: ScopedWorkspace): Promise<Attention[]> {
  const { rows: count, files } = await countWaiting(workspace)
  if (count === 0) return []
  const what = `${countedAs(count, 'row', 'rows')} of ${countedAs(files, 'file', 'files')} could not be read`
  return [
    {
      severity: 'error',
      kind: 'quarantine',
      what: `${what}.`,
      amount: null,
      count,
      look: { in: 'quarantine', key: '' },
    },
  ]
}

/** Of the accounts in scope. */
async function openRequests({ catalog, tenant, scope }: ScopedWorkspace): Promise<Attention[]> {
  let query = catalog
    .selectFrom('sub_account_request')
    .select(['id', 'account', 'user_id'])
    .where('tenant', '=', tenant)
    .where('state', '=', 'open')
  if (scope.rows !== null) query = query.where('account', 'in', [...scope.rows.accounts])
  const open = await query.orderBy('id').execute()
  const [first] = open
  if (!first) return []
  const what =
    open.length === 1
      ? `A sub-account ${first.user_id} of ${first.account} was asked for.`
      : `${open.length} sub-accounts were asked for.`
  const look = { in: 'sub-account-requests', key: open.length === 1 ? String(first.id) : '' } as const
  return [{ severity: 'info', kind: 'sub-account-request', what, amount: null, count: open.length, look }]
}

/** Those that nobody tried again. */
async function failedJobs({ catalog, tenant }: ScopedWorkspace): Promise<Attention[]> {
  const failed = await catalog
    .selectFrom('job')
    .select(['id', 'kind'])
    .where('tenant', '=', tenant)
    .where('state', '=', 'failed')
    .where('id', 'not in', (again) =>
      again
        .selectFrom('job as later')
        .select((eb) => eb.fn.coalesce('later.retry_of', eb.val('')).as('id'))
        .where('later.tenant', '=', tenant),
    )
    .orderBy('created_at', 'desc')
    .execute()
  const [last] = failed
  if (!last) return []
  const what = failed.length === 1 ? `A job (${last.kind}) failed.` : `${failed.length} jobs failed.`
  const look = { in: 'jobs', key: failed.length === 1 ? last.id : '' } as const
  return [{ severity: 'error', kind: 'failed-job', what, amount: null, count: failed.length, look }]
}
