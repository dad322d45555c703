// The bills of a month that are in force, for whoever writes all of them.
import type { Period } from '@spillway/core'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { currentRun } from '../current-run.ts'

/** In their order; void bills are not among them, those in their place are. @throws Refusal `period-not-closed`. */
export async function billNumbers(workspace: ScopedWorkspace, period: Period): Promise<string[]> {
  const { catalog, tenant, warehouse } = workspace
  const run = await currentRun(workspace, period)
  const issued = await catalog
    .selectFrom('bill_issue')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('run', '=', run.id)
    .execute()
  // One row per bill.
  const bills = await warehouse.rows<{ number: string }>(
    'SELECT number FROM customer_bill WHERE tenant = $tenant AND run = $run ORDER BY number',
    { tenant, run: run.id },
  )
  return bills.flatMap(({ number }) => {
    const own = issued.filter(({ bill }) => bill === number)
    return own.length === 0 ? [number] : own.filter(({ voided_at }) => voided_at === null).map((one) => one.number)
  })
}
