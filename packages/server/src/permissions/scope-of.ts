// Turns what a caller was granted into the scope of what they read: the only place of the server where a scope is made.
import { invariant, Refusal } from '@spillway/core'
import {
  accountsBelow,
  costCentresBelow,
  interruptible,
  type RowScope,
  type ScopedWorkspace,
  type Workspace,
} from '@spillway/engine'
import { inScope, type Scope, scopeOfRows, unscoped, wholeTenant } from '@spillway/engine/scopes'
import { PERMISSIONS, type Permission, type ScopeKind } from '../contract/permissions.ts'
import { type Caller, type Grant, grantsWith } from './caller.ts'
import { callerOf } from './caller-of.ts'

/** @throws Refusal `not-permitted` where no grant reaches. */
export async function scopeFor(workspace: Workspace, caller: Caller, permission: Permission): Promise<Scope> {
  const grants = grantsWith(caller, permission)
  if (grants.some(({ scope_kind }) => scope_kind === 'tenant')) return wholeTenant(workspace.tenant)
  if (grants.length === 0 || PERMISSIONS[permission] === 'tenant')
    throw new Refusal('not-permitted', `You are not permitted to do this: it takes ${permission}.`, {
      hint: 'Ask an owner for a role that has it.',
    })
  return scopeOfRows(workspace.tenant, await rowsOf(workspace, grants))
}

/** Of a job that runs later in the name of a user, by what they are granted by then. @throws Refusal `not-permitted`. */
export async function scopeOfOwner(workspace: Workspace, owner: string, permission: Permission): Promise<Scope> {
  const caller = await callerOf(workspace, owner, { kind: 'session', digest: '' })
  if (caller) return scopeFor(workspace, caller, permission)
  throw new Refusal('not-permitted', 'Whoever asked for it may not use this server any more.', {
    hint: 'Let somebody else ask for it.',
  })
}

/** What all the grants reach together. */
async function rowsOf(workspace: Workspace, grants: ReadonlyArray<Grant>): Promise<RowScope> {
  const keysOf = (kind: ScopeKind) =>
    grants
      .filter(({ scope_kind, scope_key }) => scope_kind === kind && scope_key !== '')
      .map(({ scope_key }) => scope_key)
  const whole = unscoped(workspace)
  return {
    costCentres: await costCentresBelow(whole, keysOf('cost-centre')),
    accounts: await accountsBelow(whole, keysOf('account')),
    people: keysOf('person'),
  }
}

/** Of nobody: for what is made before anybody asks, and is given to those alone who may see all. */
export function wholeOf(workspace: Workspace): ScopedWorkspace {
  return unscoped(workspace)
}

export function workspaceIn(workspace: Workspace, scope: Scope): ScopedWorkspace {
  return inScope(workspace, scope)
}

type OwnWork<T> = {
  readonly scope: Scope
  readonly work: (workspace: ScopedWorkspace) => Promise<T>
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs `work` in the same scope on a connection of its own, so that scratch tables of one call do not wait for another.
 * @throws Refusal `cancelled` where the signal breaks it off.
 */
export function onOwnConnection<T>(workspace: Workspace, { scope, work, signal }: OwnWork<T>): Promise<T> {
  return workspace.warehouse.withConnection((warehouse) =>
    interruptible({ warehouse }, signal, () => work(inScope({ ...workspace, warehouse }, scope))),
  )
}

/** @throws Refusal `not-permitted` for a part of the tenant. */
export function requireTenantWide(scope: Scope | null): void {
  invariant(scope, 'a change is made by a route with a permission')
  if (scope.isWholeTenant) return
  throw new Refusal('not-permitted', 'You may see a part of this company, and change nothing.', {
    hint: 'Ask an owner for a role on the whole company.',
  })
}

/** @throws Refusal `not-permitted` for a part of the tenant without the account. */
export function requireAccount(scope: Scope | null, account: string): void {
  invariant(scope, 'a change is made by a route with a permission')
  if (scope.rows === null || scope.rows.accounts.includes(account)) return
  throw new Refusal('not-permitted', 'You may not change this account.', {
    hint: 'Ask an owner for the role of manager on it.',
  })
}
