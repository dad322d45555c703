// Makes scopes and puts a workspace into one: the entry `@spillway/engine/scopes`. Only whoever holds the files (the command
// line) and the module that turns grants into scopes (the server's permissions) may import it.
import { invariant, Refusal } from '@spillway/core'
import type { Parameters, Row, Warehouse } from '../warehouse/warehouse.ts'
import { RowScopeSql } from './row-scope-sql.ts'
import { type RowScope, Scope, type ScopedWarehouse, type ScopedWorkspace } from './scope.ts'
import type { Workspace } from './workspace.ts'

export { Scope } from './scope.ts'

/** Every row of the tenant. */
export function wholeTenant(tenant: string): Scope {
  return new Scope(tenant, null)
}

/** The rows that stand on any of the keys; without any key nothing. */
export function scopeOfRows(tenant: string, rows: RowScope): Scope {
  return new Scope(tenant, rows)
}

/** Whose whole workspace a scoped one is: for what computes over all rows and then shows what is in scope. */
const WHOLE = new WeakMap<ScopedWorkspace, Workspace>()

export function inScope(workspace: Workspace, scope: Scope): ScopedWorkspace {
  invariant(scope.tenant === workspace.tenant, 'a scope is of the tenant of its workspace', { tenant: scope.tenant })
  const { directory, tenant, catalog, actor, warehouse } = workspace
  // Sums know nothing of scopes: whoever sees a part is never given them.
  const sums = scope.isWholeTenant ? workspace.sums : undefined
  const scoped = { directory, tenant, catalog, actor, scope, warehouse: readOnly(warehouse, scope), sums }
  WHOLE.set(scoped, workspace)
  return scoped
}

/** For the command line, which holds the files themselves. */
export function unscoped(workspace: Workspace): ScopedWorkspace {
  return inScope(workspace, wholeTenant(workspace.tenant))
}

/** Not for reports: what is read here is of everybody. */
export function wholeWorkspaceOf(scoped: ScopedWorkspace): Workspace {
  const workspace = WHOLE.get(scoped)
  invariant(workspace, 'a scoped workspace was made by inScope')
  return workspace
}

/** @throws Refusal `not-permitted` for a scope of some rows: what is asked has no meaning for a part. */
export function requireWholeTenant({ scope }: Pick<ScopedWorkspace, 'scope'>, what: string): void {
  if (scope.isWholeTenant) return
  throw new Refusal('not-permitted', `${what} is about the whole company, and you may see a part of it.`, {
    hint: 'Ask somebody whose role covers the whole company.',
  })
}

function readOnly(warehouse: Warehouse, { tenant, rows }: Scope): ScopedWarehouse {
  const restriction = rows === null ? null : new RowScopeSql(tenant, rows)
  const stream = <T extends Row>(sql: string, parameters?: Parameters) =>
    warehouse.stream<T>(restriction ? restriction.restrict(sql) : sql, parameters)
  const all = async <T extends Row>(sql: string, parameters?: Parameters) => {
    const found: T[] = []
    for await (const batch of stream<T>(sql, parameters)) found.push(...batch)
    return found
  }
  return {
    get hasNumbers() {
      return warehouse.hasNumbers
    },
    get hasRunNumbers() {
      return warehouse.hasRunNumbers
    },
    get hasRatedRunNumbers() {
      return warehouse.hasRatedRunNumbers
    },
    stream,
    rows: all,
    row: async <T extends Row>(sql: string, parameters?: Parameters) => {
      const found = await all<T>(sql, parameters)
      invariant(found.length === 1, 'the query returns one row', { sql, rows: found.length })
      return found[0] as T
    },
  }
}
