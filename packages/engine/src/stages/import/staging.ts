// Where the rows of one file wait until all of them are read and judged: tables of a scratch database, so that memory is
// bounded and a file that is refused, cancelled or only tried leaves nothing behind.
import { type DocumentKey, type Fact, invariant, type Problem } from '@spillway/core'
import { contentColumnsOf, TABLE_OF_FACT, toCells } from '../../warehouse/fact-rows.ts'
import { FACT_TABLES, type FactTable } from '../../warehouse/schema.ts'
import type { RowWriter, Warehouse } from '../../warehouse/warehouse.ts'

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
export type StagedTable = { readonly header: ReadonlyArray<string>; readonly delimiter: string }

const PLACE = 'fact_no INTEGER, row_no INTEGER, document INTEGER, ordinal INTEGER, line INTEGER'
const QUARANTINE = ['part_no', 'line', 'raw', 'code', 'column_name', 'value', 'message', 'hint', 'facts']

export class Staging {
  readonly warehouse: Warehouse
  readonly scratch: string
  readonly documents: StagedDocument[] = []
  /** By the part's place in its file. */
  readonly tables = new Map<number, StagedTable>()
  readonly #indexOf = new Map<string, number>()
  readonly #writers = new Map<string, RowWriter>()
  readonly #ordinals: number[] = []
  readonly #used = new Set<FactTable>()
  readonly #removed = new Set<FactTable>()
  #hasQuarantine = false
  /** The cells of PLACE, used again for every row. */
  readonly #place = [0, 0, 0, 0, 0]
  #facts = 0

  /** Tables are made when their first row comes: a file of a few rows must not pay for all of them. */
  constructor(warehouse: Warehouse, scratch: string) {
    this.warehouse = warehouse
    this.scratch = scratch
  }

  /** `scratch_1."usage"`. */
  name(table: FactTable): string {
    return `${this.scratch}."${table}"`
  }

  /** Tables that got a row; no other is there. */
  get usedTables(): ReadonlyArray<FactTable> {
    return [...this.#used].sort()
  }

  uses(table: FactTable): boolean {
    return this.#used.has(table)
  }

  /** Facts staged so far; the next one has this number. */
  get facts(): number {
    return this.#facts
  }

  /** Takes staged facts out; `where` is about the table's own columns. What was written of them early can then be told. */
  async remove(table: FactTable, where: string): Promise<void> {
    const removed = this.removed(table)
    await this.warehouse.run(`CREATE TABLE IF NOT EXISTS ${removed} (document INTEGER, ordinal INTEGER)`)
    await this.warehouse.run(`INSERT INTO ${removed} SELECT document, ordinal FROM ${this.name(table)} WHERE ${where}`)
    await this.warehouse.run(`DELETE FROM ${this.name(table)} WHERE ${where}`)
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

  /** The writer of a fact's table where it is open already, for loops that must not wait per row. */
  writerOf(fact: Fact): RowWriter | undefined {
    return this.#writers.get(TABLE_OF_FACT[fact.fact])
  }

  appendTo(
    writer: RowWriter,
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
    writer.appendAfter(place, toCells(fact))
    this.#facts += 1
  }

  async openWriterOf(fact: Fact): Promise<void> {
    const table = TABLE_OF_FACT[fact.fact]
    if (!this.#used.has(table))
      await this.warehouse.run(`CREATE TABLE ${this.name(table)} (${PLACE}, ${contentDefinitionOf(table)})`)
    this.#used.add(table)
    await this.#openWriter(table, ['fact_no', 'row_no', 'document', 'ordinal', 'line', ...contentColumnsOf(table)])
  }

  async #openWriter(table: string, columns: ReadonlyArray<string>): Promise<RowWriter> {
    const writer = await this.warehouse.writer(table, columns, this.scratch)
    this.#writers.set(table, writer)
    return writer
  }

  async #openQuarantine(): Promise<RowWriter> {
    const texts = QUARANTINE.slice(2).map((name) => `${name} VARCHAR`)
    if (!this.#hasQuarantine)
      await this.warehouse.run(
        `CREATE TABLE ${this.scratch}.quarantine (part_no INTEGER, line INTEGER, ${texts.join(', ')})`,
      )
    this.#hasQuarantine = true
    return this.#openWriter('quarantine', QUARANTINE)
  }

  /** Keeps a row raw with its first error. */
  async quarantine(
    problem: Problem,
    { partNo, line, raw }: { partNo: number; line: number; raw: string },
  ): Promise<void> {
    const writer = this.#writers.get('quarantine') ?? (await this.#openQuarantine())
    const facts = problem.facts as Readonly<Record<string, unknown>>
    const text = (value: unknown) => (typeof value === 'string' ? value : '')
    writer.append([
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
    for (const writer of this.#writers.values()) writer.close()
    this.#writers.clear()
  }

  async count(table: FactTable | 'quarantine'): Promise<number> {
    const { rows } = await this.warehouse.row<{ rows: bigint }>(
      `SELECT count(*) AS rows FROM ${this.scratch}."${table}"`,
    )
    return Number(rows)
  }

  /** Facts that stay, per document. */
  async countByDocument(): Promise<number[]> {
    const counts = this.documents.map(() => 0)
    for (const table of this.usedTables) {
      const rows = await this.warehouse.rows<{ document: number; facts: bigint }>(
        `SELECT document, count(*) AS facts FROM ${this.name(table)} GROUP BY document`,
      )
      for (const { document, facts } of rows) {
        invariant(counts[document] !== undefined, 'a staged fact belongs to a staged document', { document })
        counts[document] = (counts[document] as number) + Number(facts)
      }
    }
    return counts
  }
}

function contentDefinitionOf(table: FactTable): string {
  const content = new Set(contentColumnsOf(table))
  return FACT_TABLES[table]
    .split(',')
    .map((column) => column.trim())
    .filter((column) => content.has(column.split(/\s+/)[0] as string))
    .join(', ')
}
