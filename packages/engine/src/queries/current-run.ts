// The run that speaks for a period: the published one, else the newest close.
import { type Period, parsePeriod, Refusal } from '@spillway/core'
import type { RunTable } from '../catalog/tables.ts'
import type { Workspace } from '../workspace/workspace.ts'

/** Reads a period's name. @throws Refusal `bad-command` where it is none. */
export function periodNamed(text: string): Period {
  const period = parsePeriod(text)
  if (period) return period
  throw new Refusal('bad-command', `"${text}" is no period.`, { hint: 'Name a calendar month, such as 2026-10.' })
}

/** @throws Refusal `period-not-closed` where the period has no run. */
export async function currentRun(
  { catalog, tenant }: Pick<Workspace, 'catalog' | 'tenant'>,
  period: Period,
): Promise<RunTable> {
  const run = await catalog
    .selectFrom('run')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('period', '=', period.name)
    .where('state', 'in', ['published', 'closed'])
    .orderBy('closed_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (run) return run
  throw new Refusal('period-not-closed', `${period.name} has not been closed.`, {
    hint: `Run \`spillway close ${period.name}\` first.`,
  })
}
