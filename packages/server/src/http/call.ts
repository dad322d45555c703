// One call of a route by somebody: what they may read, what they may change, and the audit log.
import { type AuditEntry, appendAudit, type Catalog, type ScopedWorkspace, type Workspace } from '@spillway/engine'
import type { Caller } from '../permissions/caller.ts'
import type { Services } from '../services.ts'

export type CallAudit = Omit<AuditEntry, 'tenant' | 'at' | 'who'>

export type Call = {
  readonly services: Services
  readonly requestId: string
  /** Where the request came from, for limits. */
  readonly address: string
  /** Of a route for anyone null. */
  readonly callerOrNull: Caller | null
  /** @throws Bug on a route for anyone. */
  readonly caller: Caller
  /** What the route's permission reaches for this caller. @throws Bug on a route without a permission. */
  readonly workspace: ScopedWorkspace
  /** The same on a connection of its own, for what makes tables on the way; the signal breaks its statements off. */
  withOwnConnection<T>(work: (workspace: ScopedWorkspace) => Promise<T>, signal?: AbortSignal): Promise<T>
  /**
   * Changes the workspace, one change at a time, in the caller's name.
   * @throws Refusal `not-permitted` where the permission covers a part of the tenant alone.
   */
  change<T>(work: (workspace: Workspace) => Promise<T>): Promise<T>
  /**
   * As `change`, of one account, for which a permission that covers this account is enough.
   * @throws Refusal `not-permitted` where it covers neither the account nor the tenant.
   */
  changeOfAccount<T>(account: string, work: (workspace: Workspace) => Promise<T>): Promise<T>
  /**
   * The whole workspace without waiting for a turn, for what reads, or changes the catalog alone and must be answered while
   * a close runs; the warehouse is read on a connection of its own. @throws Refusal `not-permitted` for a part of the tenant.
   */
  atOnce<T>(work: (workspace: Workspace) => Promise<T>): Promise<T>
  /** As `change`, whatever part the permission covers: for what waits until somebody who may change it agrees. */
  propose<T>(work: (workspace: Workspace) => Promise<T>): Promise<T>
  /** Changes the catalog and appends to the audit log in one transaction. */
  record<T>(entry: CallAudit, work: (catalog: Catalog) => Promise<T>): Promise<T>
  /** Appends to the audit log what changed nothing: an export, a sign-in. */
  audit(entry: CallAudit): Promise<void>
}

/** In the transaction of what was done. */
export function auditIn(
  { services: { workspace } }: Pick<Call, 'services'>,
  { catalog, who, entry }: { readonly catalog: Catalog; readonly who: string; readonly entry: CallAudit },
): Promise<void> {
  const { tenant, actor } = workspace
  return appendAudit(catalog, { tenant, at: actor.now().toISOString(), who, ...entry })
}
