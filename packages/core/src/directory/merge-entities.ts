// Cost centres, projects, accounts and pools have no history of their own: a file replaces what is known of them.
import type { Account, CostCentre, Pool, Project } from '../facts/fact.ts'
import { compareBytes } from '../money/largest-remainder.ts'
import { type Problem, problem } from '../problem.ts'
import { canonicalText } from './canonical-text.ts'
import type { MassEnd } from './merge-feed.ts'

export type Entity = CostCentre | Project | Account | Pool

export type EntityChange<Row extends Entity> =
  | { readonly kind: 'added'; readonly id: string; readonly old: null; readonly new: Row }
  | { readonly kind: 'removed'; readonly id: string; readonly old: Row; readonly new: null }
  | {
      readonly kind: 'changed'
      readonly id: string
      readonly old: Row
      readonly new: Row
      readonly fields: ReadonlyArray<keyof Row & string>
    }

export type EntitiesMerge<Row extends Entity> = {
  /** Ordered by id (bytes). */
  readonly rows: ReadonlyArray<Row>
  readonly changes: ReadonlyArray<EntityChange<Row>>
  readonly unchanged: number
  readonly problems: ReadonlyArray<Problem>
  /** Of the known, how many would be removed. */
  readonly massEnd: MassEnd
}

/** The id that the user gave: of a cost centre, project, account or pool. */
export function entityId(entity: Entity): string {
  switch (entity.fact) {
    case 'cost-centre':
      return entity.costCentre
    case 'project':
      return entity.project
    case 'account':
      return entity.account
    case 'pool':
      return entity.pool
  }
}

/**
 * Merges a file that is the whole of what its source knows of one kind. An id given twice with other content is a
 * `duplicate-conflict` and stays as known.
 */
export function mergeEntities<Row extends Entity>({
  known,
  feed,
}: {
  known: ReadonlyArray<Row>
  feed: ReadonlyArray<Row>
}): EntitiesMerge<Row> {
  const old = new Map(known.map((row) => [entityId(row), row]))
  const given = new Map<string, Row>()
  const conflicting = new Map<string, Row>()
  for (const row of feed) {
    const earlier = given.get(entityId(row))
    if (earlier && canonicalText(earlier) !== canonicalText(row)) conflicting.set(entityId(row), row)
    else given.set(entityId(row), row)
  }
  const rows: Row[] = []
  const changes: EntityChange<Row>[] = []
  const problems: Problem[] = []
  let unchanged = 0
  for (const id of [...new Set([...old.keys(), ...given.keys()])].sort(compareBytes)) {
    const [was, is] = [old.get(id), given.get(id)]
    if (conflicting.has(id)) {
      problems.push(problem('duplicate-conflict', { id, earlier: 'another row of this file' }))
      if (was) rows.push(was)
      continue
    }
    if (is) rows.push(is)
    const change = changeOf({ id, was, is })
    if (change) changes.push(change)
    else unchanged += 1
  }
  const ending = changes.filter((change) => change.kind === 'removed').length
  return { rows, changes, unchanged, problems, massEnd: { active: old.size, ending } }
}

function changeOf<Row extends Entity>({
  id,
  was,
  is,
}: {
  id: string
  was: Row | undefined
  is: Row | undefined
}): EntityChange<Row> | null {
  if (!was) return is ? { kind: 'added', id, old: null, new: is } : null
  if (!is) return { kind: 'removed', id, old: was, new: null }
  const fields = (Object.keys({ ...was, ...is }) as Array<keyof Row & string>)
    .filter((field) => canonicalText(was[field] ?? null) !== canonicalText(is[field] ?? null))
    .sort()
  return fields.length === 0 ? null : { kind: 'changed', id, old: was, new: is, fields }
}
