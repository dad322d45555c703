// What calls say: conferences at once under one user id, and calls without a valid code. Of the whole company. Asked only where
// there are such calls, because each reads all of the month.
import type { Attention, Period, Report } from '@spillway/core'
import type { RunTable } from '../../catalog/tables.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { uncodedReport } from '../billable-time/uncoded-report.ts'
import { conflictsReport } from '../conflicts/conflicts-report.ts'
import { countedAs } from './counted.ts'

type OfRun = { readonly period: Period; readonly run: RunTable }

export async function callsAttention(workspace: ScopedWorkspace, { period }: OfRun): Promise<Attention[]> {
  if (!workspace.scope.isWholeTenant) return []
  const items: Attention[] = []
  if (await hasConferences(workspace)) items.push(...(await conflicts(workspace, period)))
  const uncoded = await countRows(await uncodedReport(workspace, { period }))
  if (uncoded > 0)
    items.push({
      ...{ severity: 'warning', kind: 'uncoded', amount: null, count: uncoded },
      what: `${countedAs(uncoded, 'call has', 'calls have')} no valid account code.`,
      look: { in: 'uncoded', key: '' },
    })
  return items
}

async function hasConferences({ warehouse, tenant }: ScopedWorkspace): Promise<boolean> {
  const found = await warehouse.rows(
    "SELECT 1 FROM usage WHERE tenant = $tenant AND usage_type = 'conference' LIMIT 1",
    { tenant },
  )
  return found.length > 0
}

async function conflicts(workspace: ScopedWorkspace, { startOn, endOn }: Period): Promise<Attention[]> {
  const { columns, rows } = await conflictsReport(workspace, { from: startOn, until: endOn, by: 'user-id' })
  const at = (key: string) => columns.findIndex((column) => column.key === key)
  const [userId, conflictsAt] = [at('user_id'), at('conflicts')]
  const found: Array<{ readonly userId: string; readonly count: number }> = []
  for await (const batch of rows)
    for (const row of batch) found.push({ userId: row[userId] ?? '', count: Number(row[conflictsAt]) })
  const [first] = found
  if (!first) return []
  const count = found.reduce((sum, one) => sum + one.count, 0)
  const times = countedAs(count, 'time', 'times')
  const what =
    found.length === 1
      ? `User id ${first.userId} was in several conferences at once ${times}.`
      : `${found.length} user ids were in several conferences at once, ${times} in all.`
  const look = { in: 'conflicts', key: found.length === 1 ? first.userId : '' } as const
  return [{ severity: 'warning', kind: 'conflict', what, amount: null, count, look }]
}

async function countRows({ rows }: Report): Promise<number> {
  let count = 0
  for await (const batch of rows) count += batch.length
  return count
}
