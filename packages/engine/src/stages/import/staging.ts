// Where the rows of one file wait until all of them are read and judged: tables of a scratch database, so that memory is
// bounded and a file that is refused, cancelled or only tried leaves nothing behind.
import { type DocumentKey, type Fact, invariant, type Problem } from '@spillway/core'
import { TABLE_OF_FACT, toCells } from '../../warehouse/fact-rows.ts'
import type { FactTable } from '../../warehouse/schema.ts'
import type { RowWriter, Warehouse } from '../../warehouse/warehouse.ts'
import { type LayoutLimits, StagedTable } from './staged-table.ts'

/** Tables whose rows arrive by the million; directory rows are merged in memory. */
export const STREAMED_TABLES = ['charge', 'invoice_total', 'usage'] as const
export type StreamedTable = (typeof STREAMED_TABLES)[number]

/** A document of this file before it has an id; its place in {@link Staging.documents} stands for it. */
export type StagedDocument = {
  readonly key: DocumentKey
  readonly source: string
  readonly partNo: number
  readonly isDirectory: boolean
}

/** How rows of a part are split into cells again. */
type RowSplitting = { readonly header: ReadonlyArray<string>; readonly delimiter: string }

const QUARANTINE = ['part_no', 'line', 'raw', 'code', 'column_name', 'value', 'message', 'hint', 'facts']

export class Staging {
  readonly warehouse: Warehouse
  readonly scratch: string
  readonly documents: StagedDocument[] = []
  /** By the part's place in its file. */
  readonly tables = new Map<number, RowSplitting>()
  readonly #indexOf = new Map<string, number>()
  readonly #tables = new Map<FactTable, StagedTable>()
  readonly #limits: LayoutLimits | undefined
  #rejects: RowWriter | null = null
  readonly #ordinals: number[] = []
  readonly #removed = new Set<FactTable>()
  #hasQuarantine = false
  /** Cells for the columns that say where a fact stands, used again for every row. */
  readonly #place = [0, 0, 0, 0, 0]
  #facts = 0

  /** Tables are made when their first row comes: a file of a few rows must not pay for all of them. */
  constructor(warehouse: Warehouse, scratch: string, limits?: LayoutLimits) {
    this.warehouse = warehouse
    this.scratch = scratch
    this.#limits = limits
  }

  /** Of a table that is used: all its rows with all their columns, to read. */
  name(table: FactTable): string {
    return this.table(table).name
  }

  /** One that is used. */
  table(table: FactTable): StagedTable {
    const staged = this.#tables.get(table)
    if (staged === undefined) invariant(false, 'a staged table is used before it is asked', { table })
    return staged
  }

  /** Tables that got a row; no other is there. */
  get usedTables(): ReadonlyArray<FactTable> {
    return [...this.#tables.keys()].sort()
  }

  uses(table: FactTable): boolean {
    return this.#tables.has(table)
  }

  /** Facts staged so far; the next one has this number. */
  get facts(): number {
    return this.#facts
  }

  /** Takes staged facts out; `where` is about where they stand. What was written of them early can then be told. */
  async remove(table: FactTable, where: string): Promise<void> {
    const removed = this.removed(table)
    await this.warehouse.run(`CREATE TABLE IF NOT EXISTS ${removed} (document INTEGER, ordinal INTEGER)`)
    await this.warehouse.run(`INSERT INTO ${removed} SELECT document, ordinal FROM ${this.name(table)} WHERE ${where}`)
    await this.table(table).remove(where)
    this.#removed.add(table)
  }

  hasRemoved(table: FactTable): boolean {
    return this.#removed.has(table)
  }

  /** Document and ordinal of facts that were taken out, where there are some. */
  removed(table: FactTable): string {
    return `${this.scratch}."removed_${table}"`
  }

  /** Whether a row was quarantined, and so the table of these rows is there. */
  get hasQuarantine(): boolean {
    return this.#hasQuarantine
  }

  document(document: StagedDocument): number {
    const { part, vendor, account, invoice } = document.key
    const name = [document.isDirectory ? '' : document.partNo, part, vendor, account, invoice].join('\u0000')
    const known = this.#indexOf.get(name)
    if (known !== undefined) return known
    const index = this.documents.push(document) - 1
    this.#indexOf.set(name, index)
    this.#ordinals.push(0)
    return index
  }

  /** A fact's table where it is open already, for loops that must not wait per row. */
  openTableOf(fact: Fact): StagedTable | undefined {
    const table = this.#tables.get(TABLE_OF_FACT[fact.fact])
    return table?.isOpen === true ? table : undefined
  }

  appendTo(
    table: StagedTable,
    fact: Fact,
    { document, rowNo, line }: { document: number; rowNo: number; line: number },
  ): void {
    const ordinal = this.#ordinals[document] as number
    this.#ordinals[document] = ordinal + 1
    const place = this.#place
    place[0] = this.#facts
    place[1] = rowNo
    place[2] = document
    place[3] = ordinal
    place[4] = line
    table.append(place, toCells(fact))
    this.#facts += 1
  }

  async openTableFor(fact: Fact): Promise<StagedTable> {
    const name = TABLE_OF_FACT[fact.fact]
    const table = this.#tables.get(name) ?? new StagedTable(this, name, this.#limits)
    await table.open()
    this.#tables.set(name, table)
    return table
  }

  async #openQuarantine(): Promise<RowWriter> {
    const texts = QUARANTINE.slice(2).map((name) => `${name} VARCHAR`)
    if (!this.#hasQuarantine)
      await this.warehouse.run(
        `CREATE TABLE ${this.scratch}.quarantine (part_no INTEGER, line INTEGER, ${texts.join(', ')})`,
      )
    this.#hasQuarantine = true
    return this.warehouse.writer('quarantine', QUARANTINE, this.scratch)
  }

  /** Keeps a row raw with its first error. */
  async quarantine(
    problem: Problem,
    { partNo, line, raw }: { partNo: number; line: number; raw: string },
  ): Promise<void> {
    this.#rejects ??= await this.#openQuarantine()
    const facts = problem.facts as Readonly<Record<string, unknown>>
    const text = (value: unknown) => (typeof value === 'string' ? value : '')
    this.#rejects.append([
      partNo,
      line,
      raw,
      problem.code,
      problem.source?.column ?? text(facts.column),
      text(facts.value),
      problem.message,
      problem.hint,
      JSON.stringify(facts),
    ])
  }

  /** Hands everything written so far over; writing may go on afterwards. */
  flush(): void {
    for (const table of this.#tables.values()) table.flush()
    this.#rejects?.close()
    this.#rejects = null
  }

  /** Facts that stay, per document. */
  async countByDocument(): Promise<number[]> {
    const counts = this.documents.map(() => 0)
    for (const table of this.usedTables) {
      for (const { document, facts } of await this.table(table).countByDocument()) {
        invariant(counts[document] !== undefined, 'a staged fact belongs to a staged document', { document })
        counts[document] = (counts[document] as number) + Number(facts)
      }
    }
    return counts
  }
}
