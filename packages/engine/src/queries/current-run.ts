// The run that speaks for a period: the published one, else the newest close.
import { type Period, parsePeriod, Refusal, shiftPeriod } from '@spillway/core'
import { keptRead } from '../catalog/kept-reads.ts'
import { readRun } from '../catalog/read-runs.ts'
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
  const question = ['the run of', tenant, period.name]
  // Its number alone is kept: of what runs read, a provider's megabytes for each month, `readRun` keeps that of a few.
  const newest = await keptRead(catalog, { question }, () =>
    catalog
      .selectFrom('run')
      .select('id')
      .where('tenant', '=', tenant)
      .where('period', '=', period.name)
      .where('state', 'in', ['published', 'closed'])
      .orderBy('closed_at', 'desc')
      .limit(1)
      .executeTakeFirst(),
  )
  const run = newest && (await readRun({ catalog, tenant }, newest.id))
  if (run) return run
  throw new Refusal('period-not-closed', `${period.name} has not been closed.`, {
    hint: `Run \`spillway close ${period.name}\` first.`,
  })
}

/** A calendar month and the run that speaks for it; null where the month was not closed. */
export type MonthRun = {
  readonly period: Period
  readonly run: { readonly id: string; readonly state: 'published' | 'closed' } | null
}

/** The `count` months that end with `last`, oldest first; `count` months are one row each. */
export async function monthRuns(
  workspace: Pick<Workspace, 'catalog' | 'tenant'>,
  { last, count }: { readonly last: Period; readonly count: number },
): Promise<MonthRun[]> {
  const months = Array.from({ length: count }, (_, index) => shiftPeriod(last, index - count + 1))
  const runs = new Map((await currentRuns(workspace)).map((run) => [run.period, run]))
  return months.map((period) => ({ period, run: runs.get(period.name) ?? null }))
}

export type CurrentRun = { readonly id: string; readonly period: string; readonly state: 'published' | 'closed' }
type Runs = ReadonlyArray<CurrentRun>

/**
 * The run that speaks for each closed period, one per period in order, without what it read and wrote: the same list until
 * something changes.
 */
export function currentRuns(workspace: Pick<Workspace, 'catalog' | 'tenant'>): Promise<Runs> {
  return keptRead(workspace.catalog, { question: ['runs', workspace.tenant] }, () => readCurrentRuns(workspace))
}

async function readCurrentRuns({ catalog, tenant }: Pick<Workspace, 'catalog' | 'tenant'>): Promise<Runs> {
  const runs = await catalog
    .selectFrom('run')
    .select(['id', 'period', 'state'])
    .where('tenant', '=', tenant)
    .where('state', 'in', ['published', 'closed'])
    .orderBy('period')
    .orderBy('closed_at')
    .execute()
  const newest = new Map(runs.map((run) => [run.period, run]))
  return [...newest.values()].map(({ id, period, state }) => ({
    id,
    period,
    state: state === 'published' ? 'published' : 'closed',
  }))
}
