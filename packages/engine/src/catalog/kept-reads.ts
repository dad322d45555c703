// What every request reads of the catalog (who calls, what they are granted, which runs count), kept until a statement is run that
// may change anything there: then all of it is read anew. Of a catalog that is open to write, which no other process writes
// (workspace.ts); where it is open to read, and within a transaction, everything is read each time.
import type { Kysely } from 'kysely'
import { LastAsked } from './last-asked.ts'
import type { CatalogTables } from './tables.ts'

/** Opened by open-catalog.ts, which needs this file. */
type Catalog = Kysely<CatalogTables>

/** Of a catalog with more users or tokens than this in use at once, those who asked longest ago are read anew. */
const KEPT_MAX = 1000

export class CatalogChanges {
  #count = 0
  #read = new LastAsked<string, Promise<unknown>>(KEPT_MAX)
  #readAt = 0

  /** Something may have changed. */
  note(): void {
    this.#count += 1
  }

  /** Empty after each change. */
  get reads(): LastAsked<string, Promise<unknown>> {
    if (this.#readAt !== this.#count) {
      this.#read.clear()
      this.#readAt = this.#count
    }
    return this.#read
  }
}

const changesBy = new WeakMap<Catalog, CatalogChanges>()

/** Whoever opens a catalog to write says where its changes are counted. */
export function keepReadsOf(catalog: Catalog, changes: CatalogChanges): void {
  changesBy.set(catalog, changes)
}

type Question = {
  /** Tells it apart from all else that is kept, with everything that the answer depends on but the catalog: no clock. */
  readonly question: ReadonlyArray<string>
}

/** What `read` says, or said since the last change. Several callers get the same value, which nobody may change. */
export function keptRead<T>(catalog: Catalog, { question }: Question, read: () => Promise<T>): Promise<Readonly<T>> {
  const reads = changesBy.get(catalog)?.reads
  if (!reads) return read()
  const place = JSON.stringify(question)
  const known = reads.get(place)
  if (known) return known as Promise<T>
  const answer = read()
  reads.set(place, answer)
  answer.catch(() => {
    if (reads.get(place) === answer) reads.delete(place)
  })
  return answer
}
