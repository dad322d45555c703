// Writes rows of a large file while the rest is still read, on a connection of its own, under documents that do not count
// yet. Judges nothing: what turns out to be a duplicate is taken out again, and what is given up is swept.
import type { Warehouse } from '../../warehouse/warehouse.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { type BatchOrigin, insertBatch, insertDocuments } from './reserve-batch.ts'
import { STREAMED_TABLES, type Staging } from './staging.ts'
import { insertFactsSql, nameDocuments } from './write-facts.ts'

export type EarlyLimits = {
  /** Rows written at once, at least. */
  readonly factsAtOnce: number
  /** Rows that wait for the end, so that it never writes few: these would go through the log and be stored a second time. */
  readonly factsHeldBack: number
}

/** Three of DuckDB's groups of rows, and more than one. */
const EARLY_LIMITS: EarlyLimits = { factsAtOnce: 368_640, factsHeldBack: 150_000 }

const NO_ROWS = { read: 0, accepted: 0, quarantined: 0, duplicates: 0 }

type EarlyParts = {
  /** A connection that nobody else uses meanwhile. */
  readonly beside: Warehouse
  readonly staging: Staging
  readonly batch: BatchOrigin
  readonly limits?: EarlyLimits | undefined
}

export class EarlyWrite {
  readonly #workspace: Workspace
  readonly #beside: Warehouse
  readonly #staging: Staging
  readonly #batch: BatchOrigin
  readonly #limits: EarlyLimits
  readonly #ids = new Map<number, number>()
  #named = 0
  #written = 0
  #turn: Promise<void> | null = null
  #failure: { readonly error: unknown } | null = null
  #isBegun = false

  constructor(workspace: Workspace, { beside, staging, batch, limits = EARLY_LIMITS }: EarlyParts) {
    this.#workspace = workspace
    this.#beside = beside
    this.#staging = staging
    this.#batch = batch
    this.#limits = limits
  }

  /** Whether the catalog knows of the batch, so that it is to be completed or swept. */
  get isBegun(): boolean {
    return this.#isBegun
  }

  /** Staged facts below this number are written. */
  get written(): number {
    return this.#written
  }

  /** Of the staged documents that have ids already, by their index. */
  get ids(): ReadonlyMap<number, number> {
    return this.#ids
  }

  /** Begins to write what is staged, where it is much and nothing is being written; waits for nothing. */
  advance(): void {
    if (this.#turn !== null || this.#failure !== null) return
    const { factsAtOnce, factsHeldBack } = this.#limits
    const until = this.#staging.facts - factsHeldBack
    if (until - this.#written < factsAtOnce) return
    this.#staging.flush()
    this.#turn = this.#write(until).then(
      () => {
        this.#turn = null
      },
      (error: unknown) => {
        this.#failure = { error }
        this.#turn = null
      },
    )
  }

  /** Waits for what is being written. @throws what that failed with. */
  async settle(): Promise<void> {
    await this.#turn
    if (this.#failure !== null) throw this.#failure.error
  }

  /** Waits for what is being written, whatever becomes of it: it is given up. */
  async giveUp(): Promise<void> {
    await this.#turn
  }

  async #write(until: number): Promise<void> {
    await this.#reserve()
    const { tenant } = this.#workspace
    const from = this.#written
    for (const table of STREAMED_TABLES.filter((one) => this.#staging.uses(one)))
      await this.#beside.run(insertFactsSql(this.#staging, { table, from, until }), { tenant })
    this.#written = until
  }

  /** Documents of a directory wait: whether they are written is known at the end. */
  async #reserve(): Promise<void> {
    const { documents } = this.#staging
    const added = [...documents.entries()].slice(this.#named).filter(([, { isDirectory }]) => !isDirectory)
    this.#named = documents.length
    if (this.#isBegun && added.length === 0) return
    const batch = this.#batch
    const ids = await this.#workspace.catalog.transaction().execute(async (transaction) => {
      if (!this.#isBegun) await insertBatch(transaction, this.#workspace, { batch, rows: NO_ROWS })
      return insertDocuments(transaction, this.#workspace.tenant, { batch, documents: added.map(([, one]) => one) })
    })
    this.#isBegun = true
    const pairs = added.map(([index], at) => [index, ids[at] as number] as const)
    for (const [index, doc] of pairs) this.#ids.set(index, doc)
    await nameDocuments(this.#beside, this.#staging.scratch, pairs)
  }
}
