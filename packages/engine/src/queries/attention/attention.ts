// Everything that needs attention, of what the scope may see: one item for each kind and currency, so that the list stays
// short however large the company is. Finds nothing out by itself: each item is a figure of a report that shows the rest.
import { type Attention, type Period, sortAttention } from '@spillway/core'
import type { RunTable } from '../../catalog/tables.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { currentRun, currentRuns, periodNamed } from '../current-run.ts'
import { callsAttention } from './calls-attention.ts'
import { catalogAttention } from './catalog-attention.ts'
import { invoicesAttention } from './invoices-attention.ts'
import { limitsAttention } from './limits-attention.ts'
import { moneyAttention } from './money-attention.ts'
import { remembered } from './remembered.ts'

export type AttentionList = {
  /** The month that was asked for, else the newest that is closed; null before the first close. */
  readonly period: Period | null
  readonly run: Pick<RunTable, 'id' | 'state'> | null
  readonly items: ReadonlyArray<Attention>
}

/** @throws Refusal `period-not-closed` for a period that was asked for. */
export async function readAttention(
  workspace: ScopedWorkspace,
  { period: asked }: { readonly period?: Period | undefined },
): Promise<AttentionList> {
  const period = asked ?? (await newestClosed(workspace))
  const run = period === null ? null : await currentRun(workspace, period)
  const ofFacts = await remembered(workspace, { of: run?.id ?? '', read: () => readFacts(workspace, { period, run }) })
  const found = [...(await catalogAttention(workspace)), ...ofFacts]
  return { period, run: run && { id: run.id, state: run.state }, items: sortAttention(found) }
}

type OfRun = { readonly period: Period | null; readonly run: RunTable | null }

async function readFacts(workspace: ScopedWorkspace, { period, run }: OfRun): Promise<Attention[]> {
  const found = await invoicesAttention(workspace, period)
  if (period !== null && run !== null)
    for (const read of [moneyAttention, limitsAttention, callsAttention])
      found.push(...(await read(workspace, { period, run })))
  return found
}

async function newestClosed(workspace: ScopedWorkspace): Promise<Period | null> {
  const last = (await currentRuns(workspace)).at(-1)
  return last === undefined ? null : periodNamed(last.period)
}
