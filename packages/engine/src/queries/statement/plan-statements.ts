// Which statements of a period are wanted, before any is made: all of some kinds, or those of some owners.
import { type Period, Refusal, type StatementKind } from '@spillway/core'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { statementKeys } from './read-statements.ts'

export type WantedStatements = {
  readonly period: Period
  readonly kinds: ReadonlyArray<StatementKind>
  /** Of either kind; undefined for all. */
  readonly keys?: ReadonlyArray<string> | undefined
}

export type PlannedStatements = {
  readonly kind: StatementKind
  /** Whom the period has a statement of this kind for. */
  readonly allKeys: ReadonlyArray<string>
  /** Whose are wanted; undefined for all. */
  readonly keys: ReadonlyArray<string> | undefined
  readonly count: number
}

/** Kinds without a wanted statement are left out. @throws Refusal `period-not-closed`, `not-found` for a key without a statement. */
export async function planStatements(
  workspace: ScopedWorkspace,
  { period, kinds, keys }: WantedStatements,
): Promise<ReadonlyArray<PlannedStatements>> {
  const plan: PlannedStatements[] = []
  const unknown = new Set(keys)
  for (const kind of kinds) {
    const allKeys = await statementKeys(workspace, { period, kind })
    for (const key of allKeys) unknown.delete(key)
    const known = new Set(allKeys)
    const wanted = keys && [...new Set(keys)].filter((key) => known.has(key))
    if (wanted && wanted.length === 0) continue
    plan.push({ kind, allKeys, keys: wanted, count: (wanted ?? allKeys).length })
  }
  const [first] = unknown
  if (first !== undefined)
    throw new Refusal('not-found', `Nothing of ${period.name} is charged to ${first === '' ? 'nobody' : first}.`, {
      hint: 'See the keys with `spillway report charges --by cost-centre` or `--by person`.',
    })
  return plan
}
