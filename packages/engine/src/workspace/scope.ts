// Whose rows may be read. Every query of the read side takes a ScopedWorkspace, so that none can be written without a scope;
// who makes scopes is held by the import directions (`@spillway/engine/scopes`), not by this file.
import type { Catalog } from '../catalog/open-catalog.ts'
import type { KeptSums } from '../queries/kept-sums.ts'
import type { Parameters, Row } from '../warehouse/warehouse.ts'
import type { Actor } from './workspace.ts'

/** Rows that stand on any of these: a cost centre that carries, a person who carries, a vendor's or customer's account. */
export type RowScope = {
  readonly costCentres: ReadonlyArray<string>
  readonly people: ReadonlyArray<string>
  readonly accounts: ReadonlyArray<string>
}

/** Its private field keeps any other object from passing for one. */
export class Scope {
  readonly #tenant: string
  /** null: every row of the tenant. */
  readonly rows: RowScope | null

  constructor(tenant: string, rows: RowScope | null) {
    this.#tenant = tenant
    this.rows = rows
  }

  get tenant(): string {
    return this.#tenant
  }

  get isWholeTenant(): boolean {
    return this.rows === null
  }
}

/** What a query may do: read, in its scope. Every call has a connection of its own, so that writes may go on meanwhile. */
export interface ScopedWarehouse {
  /** Whether results are stored as numbers beside their names; else in words alone. */
  readonly hasNumbers: boolean
  /** Whether rows of allocation have the number of their run, and those of rating. */
  readonly hasRunNumbers: boolean
  readonly hasRatedRunNumbers: boolean
  rows<T extends Row = Row>(sql: string, parameters?: Parameters): Promise<T[]>
  row<T extends Row = Row>(sql: string, parameters?: Parameters): Promise<T>
  stream<T extends Row = Row>(sql: string, parameters?: Parameters): AsyncGenerator<T[]>
}

/** The workspace as the read side sees it. */
export type ScopedWorkspace = {
  readonly directory: string
  readonly tenant: string
  readonly catalog: Catalog
  readonly actor: Actor
  readonly scope: Scope
  readonly warehouse: ScopedWarehouse
  /** Only where the scope is the whole tenant, and somebody keeps them. */
  readonly sums?: KeptSums | undefined
}
