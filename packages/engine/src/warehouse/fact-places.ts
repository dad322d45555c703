// Where the rows of a service, an account or a pool stand in the tables of facts, kept in memory: without it a question about one reads
// a column of every row. Nothing is believed of it: rows that are read where they should stand are counted against what was noted,
// because a document that is taken back may move the rows of others, and where they do not agree the note is thrown away.
import { setImmediate as pause } from 'node:timers/promises'
import { liveDocumentsCte, runsOf } from './live-documents.ts'
import type { Warehouse } from './warehouse.ts'

export type PlacedTable = 'charge' | 'usage' | 'service' | 'pool_member'
/** Which rows are found by which of their columns. */
export type PlacedBy = { readonly table: PlacedTable; readonly column: 'service' | 'account' | 'pool' }

/** Of all parts together. */
const BYTES_MAX = 128e6
const BYTES_OF_ROW = Int32Array.BYTES_PER_ELEMENT + Uint8Array.BYTES_PER_ELEMENT
/** Of the documents of one month: where there are more, they are made one. */
const PARTS_MAX = 3
/** More are not worth their condition. */
const DOCUMENT_RUNS_MAX = 200
const BITS_MAX = 20
/** Of a hash of as many bits as a whole number has; the last of them tell apart what is in one bucket. */
const HASH_BITS = 28
const TAG_BITS = HASH_BITS - BITS_MAX
const TAG = 2 ** TAG_BITS - 1
const INTEGER_MAX = 2 ** 31 - 1
/** Rows that are put in order before others get their turn. */
const ROWS_OF_TURN = 500_000

/** Places of the rows of some documents, by the first bits of a hash of the column. */
export type PlacedPart = {
  readonly documents: ReadonlySet<number>
  readonly bits: number
  /** Of bucket b those from `starts[b]` until before `starts[b + 1]`. */
  readonly starts: Uint32Array
  readonly places: Int32Array
  /** Of each place, the last bits of the hash. */
  readonly tags: Uint8Array
}

type Documents = ReadonlyArray<number>
type FactPlacesParts = { readonly tenant: string; readonly bytesMax?: number }

export class FactPlaces {
  readonly #tenant: string
  readonly #bytesMax: number
  /** By table and column. */
  readonly #parts = new Map<string, ReadonlyArray<PlacedPart>>()

  constructor({ tenant, bytesMax = BYTES_MAX }: FactPlacesParts) {
    this.#tenant = tenant
    this.#bytesMax = Math.min(bytesMax, BYTES_MAX)
  }

  /** Notes the rows of documents of which nothing was noted, where there is room. Of one column alone, so that it soon ends. */
  async note(warehouse: Warehouse, by: PlacedBy, documents: Documents): Promise<void> {
    const known = this.#of(by)
    const missing = documents.filter((doc) => !known.some((part) => part.documents.has(doc)))
    if (missing.length === 0) return
    const near = known.filter((part) => documents.some((doc) => part.documents.has(doc)))
    const replaced = new Set(near.length < PARTS_MAX ? [] : near)
    const wanted = [...missing, ...[...replaced].flatMap((part) => [...part.documents])]
    const others = [...this.#parts.values()].flat().filter((part) => !replaced.has(part))
    const room = this.#bytesMax - others.reduce((sum, part) => sum + bytesOf(part.places.length, part.bits), 0)
    const part = await readPart(warehouse, { ...by, documents: wanted, tenant: this.#tenant, room })
    if (part === null) return
    this.#parts.set(keyOf(by), [...this.#of(by).filter((one) => !replaced.has(one)), part])
  }

  /** Lets go of what no document among these needs. */
  keepOnly(documents: ReadonlySet<number>): void {
    for (const [key, parts] of this.#parts)
      this.#parts.set(
        key,
        parts.filter((part) => [...part.documents].some((doc) => documents.has(doc))),
      )
  }

  /** The parts that together have every row of the documents; null where there are rows that nothing was noted of. */
  partsOf(by: PlacedBy, documents: Documents): ReadonlyArray<PlacedPart> | null {
    const parts = this.#of(by).filter((part) => documents.some((doc) => part.documents.has(doc)))
    return documents.every((doc) => parts.some((part) => part.documents.has(doc))) ? parts : null
  }

  /** Rows are not where this says. */
  forget(by: PlacedBy, part: PlacedPart): void {
    this.#parts.set(
      keyOf(by),
      this.#of(by).filter((one) => one !== part),
    )
  }

  #of(by: PlacedBy): ReadonlyArray<PlacedPart> {
    return this.#parts.get(keyOf(by)) ?? []
  }
}

function bytesOf(rows: number, bits: number): number {
  return rows * BYTES_OF_ROW + (2 ** bits + 1) * Uint32Array.BYTES_PER_ELEMENT
}

const keyOf = ({ table, column }: PlacedBy) => `${table} ${column}`

/** What texts are found by: a hash, of this process alone and never stored. */
export function hashSql(text: string): string {
  return `(hash(${text}) >> ${64 - HASH_BITS})::INTEGER`
}

/** As much of the hash as a part knows of a row: texts of which it is the same are not told apart. */
function partKeySql({ bits }: PlacedPart, text: string): string {
  const hash = hashSql(text)
  return `((${hash} >> ${HASH_BITS - bits}) << ${TAG_BITS}) | (${hash} & ${TAG})`
}

/** The same as a number, of a hash that was read. */
function partKey({ bits }: PlacedPart, hash: number): number {
  return ((hash >>> (HASH_BITS - bits)) << TAG_BITS) | (hash & TAG)
}

/** Whether a row is of a part's documents, and the part knows of it what it knows of texts with these hashes. */
export function isPlacedSql(
  part: PlacedPart,
  { column, alias, hashes }: Pick<PlacedBy, 'column'> & { readonly alias: string; readonly hashes: Iterable<number> },
): string {
  const keys = [...new Set([...hashes].map((hash) => partKey(part, hash)))]
  const ofPart = runsOf([...part.documents]).map(([first, last]) => `${alias}.doc BETWEEN ${first} AND ${last}`)
  return `${alias}.tenant = $tenant AND (${ofPart.join(' OR ')}) AND ${placedRowsSql(column, alias)}
    AND ${partKeySql(part, `${alias}.${column}`)} IN (${keys.join(', ') || 'NULL'})`
}

/** The places of the rows of texts, by their hashes, in no order, each once; null where they are more than `most`. */
export function placesIn(part: PlacedPart, hashes: Iterable<number>, most: number): number[] | null {
  const { starts, places, tags } = part
  const keys = new Set([...hashes].map((hash) => partKey(part, hash)))
  const found: number[] = []
  for (const key of keys) {
    const until = starts[(key >>> TAG_BITS) + 1] as number
    for (let at = starts[key >>> TAG_BITS] as number; at < until; at += 1)
      if (tags[at] === (key & TAG)) found.push(places[at] as number)
    if (found.length > most) return null
  }
  return found
}

/** A pool that nobody named is no pool; charges on nobody have no service, and are asked for. */
function placedRowsSql(column: PlacedBy['column'], alias: string): string {
  return column === 'pool' ? `${alias}.pool <> ''` : 'true'
}

/** `room` in bytes. */
type PartOf = PlacedBy & { readonly documents: Documents; readonly tenant: string; readonly room: number }

/** null where there is no room, or documents are too scattered to be named in a statement. */
async function readPart(warehouse: Warehouse, of: PartOf): Promise<PlacedPart | null> {
  const { table, column, documents, tenant, room } = of
  if (runsOf(documents).length > DOCUMENT_RUNS_MAX) return null
  const from = `FROM ${table} AS f WHERE f.tenant = $tenant AND f.doc IN (FROM live_document) AND ${placedRowsSql(column, 'f')}`
  const cte = `WITH ${liveDocumentsCte(documents)}`
  const { rows, last } = await warehouse.row<{ rows: bigint; last: bigint | null }>(
    `${cte} SELECT count(*) AS rows, max(f.rowid) AS last ${from}`,
    { tenant },
  )
  const count = Number(rows)
  const bits = Math.min(BITS_MAX, Math.max(1, Math.ceil(Math.log2(count + 1)) - 1))
  if (bytesOf(count, bits) > room || (last ?? 0n) > INTEGER_MAX) return null
  const [hashes, found] = [new Int32Array(count), new Int32Array(count)]
  let read = 0
  const sql = `${cte} SELECT ${hashSql(`f.${column}`)}, f.rowid::INTEGER ${from}`
  for await (const batch of warehouse.streamNumbers(sql, { tenant })) {
    // More came meanwhile: none of documents that count.
    if (read + batch.count > count) return null
    hashes.set(batch.columns[0] as Int32Array, read)
    found.set(batch.columns[1] as Int32Array, read)
    read += batch.count
  }
  return read === count ? { documents: new Set(documents), bits, ...(await inBuckets({ hashes, found, bits })) } : null
}

type Found = { readonly hashes: Int32Array; readonly found: Int32Array; readonly bits: number }

/** Counted, then placed; others have their turn between. */
async function inBuckets({ hashes, found, bits }: Found): Promise<Pick<PlacedPart, 'starts' | 'places' | 'tags'>> {
  const starts = new Uint32Array(2 ** bits + 1)
  for (const hash of hashes) {
    const after = (hash >>> (HASH_BITS - bits)) + 1
    starts[after] = (starts[after] as number) + 1
  }
  for (let bucket = 1; bucket < starts.length; bucket += 1)
    starts[bucket] = (starts[bucket] as number) + (starts[bucket - 1] as number)
  const [places, tags, next] = [new Int32Array(found.length), new Uint8Array(found.length), starts.slice()]
  for (let row = 0; row < found.length; row += 1) {
    const hash = hashes[row] as number
    const bucket = hash >>> (HASH_BITS - bits)
    const at = next[bucket] as number
    places[at] = found[row] as number
    tags[at] = hash & TAG
    next[bucket] = at + 1
    if (row % ROWS_OF_TURN === ROWS_OF_TURN - 1) await pause()
  }
  return { starts, places, tags }
}
