// The rows of one fact table while they wait. The first ones lie there as they are; where more come, and some columns say the
// same again and again, these columns are kept once for each combination, as a class, and a row has its number. What varies
// more than the first rows did goes on as it is. Reads as one relation either way.
import { invariant } from '@spillway/core'
import { contentColumnsOf } from '../../warehouse/fact-rows.ts'
import { FACT_TABLES, type FactTable } from '../../warehouse/schema.ts'
import type { Cell, RowWriter, Warehouse } from '../../warehouse/warehouse.ts'
import { ClassIndex } from './class-index.ts'

export type LayoutLimits = {
  /** Rows that are kept as they are, and looked at for what repeats. */
  readonly rowsLookedAt: number
  /** At so many classes, all rows are kept as they are again. */
  readonly classesMax: number
}

/** A file of fewer rows is stored before what repeats in it would pay. */
const LAYOUT_LIMITS: LayoutLimits = { rowsLookedAt: 8192, classesMax: 20_000 }

/** A column with more values than this among the rows looked at makes no class; where there are many classes, with fewer. */
const VALUES_MAX = [64, 8, 1]
/** Among the rows looked at as many classes at most as this share of them. */
const CLASSES_PER_ROW_MAX = 1 / 8

const PLACE_COLUMNS = ['fact_no', 'row_no', 'document', 'ordinal', 'line'] as const
const PLACE = PLACE_COLUMNS.map((name) => `${name} INTEGER`)

/** Where the rows of a table lie, and the table of their classes; null where every row has all its columns. */
type StagedRows = {
  readonly name: string
  readonly classes: { readonly name: string; readonly columns: ReadonlyArray<string> } | null
}

/** Rows as they are; rows with a class; or again as they are, with those from before. Each has all rows while it holds. */
type Layout =
  | { readonly kind: 'first' | 'last' }
  | {
      readonly kind: 'short'
      readonly index: ClassIndex
      /** Classes that were made by the first rows, and that the index does not know. */
      readonly classes: number
      /** Of the content columns: positions of those of a class, and of those that every row has. */
      readonly shared: ReadonlyArray<number>
      readonly own: ReadonlyArray<number>
    }
type ShortLayout = Extract<Layout, { kind: 'short' }>

export class StagedTable {
  readonly #warehouse: Warehouse
  readonly #scratch: string
  readonly #table: FactTable
  readonly #limits: LayoutLimits
  readonly #columns: ReadonlyArray<string>
  #layout: Layout = { kind: 'first' }
  #isMade = false
  #isLookedAt = false
  /** Of rows, and of their classes where they have some; null where they are to be opened before they are needed. */
  #rows: RowWriter | null = null
  #classes: RowWriter | null = null
  #appended = 0
  /** The cells of a row with a class, used again for every row: the class first. */
  readonly #cells: Cell[] = []

  constructor(
    { warehouse, scratch }: { readonly warehouse: Warehouse; readonly scratch: string },
    table: FactTable,
    limits: LayoutLimits = LAYOUT_LIMITS,
  ) {
    this.#warehouse = warehouse
    this.#scratch = scratch
    this.#table = table
    this.#limits = limits
    this.#columns = contentColumnsOf(table)
  }

  /** All its rows with all their columns: `scratch_1."usage"`, or a view. */
  get name(): string {
    return this.#layout.kind === 'short' ? this.#named('all') : this.stored.name
  }

  /**
   * The tables that its rows lie in. Where they come to lie elsewhere, what was flushed before stays here too: a statement that
   * is under way reads on.
   */
  get stored(): StagedRows {
    const layout = this.#layout
    if (layout.kind !== 'short') return { name: this.#named(layout.kind === 'first' ? '' : 'last'), classes: null }
    return { name: this.#named('short'), classes: { name: this.#named('class'), columns: this.#at(layout.shared) } }
  }

  /** Whether a row can be appended; else {@link open} comes first. */
  get isOpen(): boolean {
    return this.#rows !== null
  }

  /** `place` as {@link PLACE_COLUMNS}, `cells` in the order of the table's own content. */
  append(place: ReadonlyArray<number>, cells: ReadonlyArray<Cell>): void {
    const writer = this.#rows
    if (writer === null) invariant(false, 'rows are appended to a table that is open', { table: this.#table })
    writer.appendAfter(place, this.#layout.kind === 'short' ? this.#shortened(this.#layout, cells) : cells)
    this.#appended += 1
    const isDue = this.#layout.kind === 'short' ? this.#hasTooMany(this.#layout) : this.#isToBeLookedAt
    if (isDue) this.flush()
  }

  get #isToBeLookedAt(): boolean {
    return !this.#isLookedAt && this.#appended === this.#limits.rowsLookedAt
  }

  #hasTooMany({ index }: ShortLayout): boolean {
    return index.size >= this.#limits.classesMax
  }

  /** The row's class and the cells that are its own; the class is told where it is new. */
  #shortened({ index, classes, shared, own }: ShortLayout, cells: ReadonlyArray<Cell>): ReadonlyArray<Cell> {
    const { size } = index
    const number = index.numberOf(cells)
    if (number === size)
      this.#classes?.appendAfter(
        [number + classes],
        shared.map((at) => cells[at] as Cell),
      )
    const row = this.#cells
    row[0] = number + classes
    for (let at = 0; at < own.length; at += 1) row[at + 1] = cells[own[at] as number] as Cell
    return row
  }

  /** Makes ready what {@link append} needs. */
  async open(): Promise<void> {
    if (!this.#isMade) await this.#make('', [...PLACE, ...this.#definitionsOf(this.#columns)])
    this.#isMade = true
    if (this.#isToBeLookedAt) await this.#shorten()
    if (this.#layout.kind === 'short' && this.#hasTooMany(this.#layout)) await this.#lengthen()
    const layout = this.#layout
    if (layout.kind === 'short') {
      this.#classes ??= await this.#writer('class', ['class', ...this.#at(layout.shared)])
      this.#rows ??= await this.#writer('short', [...PLACE_COLUMNS, 'class', ...this.#at(layout.own)])
    } else
      this.#rows ??= await this.#writer(layout.kind === 'first' ? '' : 'last', [...PLACE_COLUMNS, ...this.#columns])
  }

  /** Hands everything over that was appended so far. Classes first: a row never stands without its own. */
  flush(): void {
    this.#classes?.close()
    this.#classes = null
    this.#rows?.close()
    this.#rows = null
  }

  /** Takes rows out; `where` is about {@link PLACE_COLUMNS}. */
  async remove(where: string): Promise<void> {
    await this.#warehouse.run(`DELETE FROM ${this.stored.name} WHERE ${where}`)
  }

  /** Rows that are there, by their document. */
  countByDocument(): Promise<Array<{ readonly document: number; readonly facts: bigint }>> {
    return this.#warehouse.rows(`SELECT document, count(*) AS facts FROM ${this.stored.name} GROUP BY document`)
  }

  /** Finds what repeats among the first rows, and brings these where more of them go; nothing where every column varies. */
  async #shorten(): Promise<void> {
    this.#isLookedAt = true
    const shared = await this.#sharedColumns()
    if (shared.length === 0) return
    const own = this.#columns.map((_, at) => at).filter((at) => !shared.includes(at))
    const first = this.stored.name
    const [common, rest] = [this.#at(shared), this.#at(own)]
    await this.#make('class', ['class INTEGER', ...this.#definitionsOf(common)])
    await this.#make('short', [...PLACE, 'class INTEGER', ...this.#definitionsOf(rest)])
    const classes = await this.#warehouse.count(
      `INSERT INTO ${this.#named('class')} SELECT (row_number() OVER ())::INTEGER - 1, *
       FROM (SELECT DISTINCT ${common.join(', ')} FROM ${first})`,
    )
    const isOfClass = common.map((column) => `f.${column} IS NOT DISTINCT FROM c.${column}`)
    const kept = [...PLACE_COLUMNS.map((column) => `f.${column}`), 'c.class', ...rest.map((column) => `f.${column}`)]
    await this.#warehouse.run(
      `INSERT INTO ${this.#named('short')} SELECT ${kept.join(', ')}
       FROM ${first} AS f JOIN ${this.#named('class')} AS c ON ${isOfClass.join(' AND ')} ORDER BY f.fact_no`,
    )
    await this.#warehouse.run(
      `CREATE VIEW ${this.#named('all')} AS SELECT ${[...PLACE_COLUMNS, ...this.#columns].join(', ')}
       FROM ${this.#named('short')} JOIN ${this.#named('class')} USING (class)`,
    )
    this.#layout = { kind: 'short', index: new ClassIndex(shared), classes, shared, own }
  }

  /** Brings all rows to where they have all their columns again: of so many classes each would cost more than it saves. */
  async #lengthen(): Promise<void> {
    await this.#make('last', [...PLACE, ...this.#definitionsOf(this.#columns)])
    await this.#warehouse.run(`INSERT INTO ${this.#named('last')} SELECT * FROM ${this.#named('all')}`)
    this.#layout = { kind: 'last' }
  }

  /** Positions of the columns that make a class. */
  async #sharedColumns(): Promise<number[]> {
    const first = this.stored.name
    const counts = this.#columns.map((column, at) => `count(DISTINCT ${column}) AS c${at}`)
    const values = await this.#warehouse.row<Record<string, bigint>>(`SELECT ${counts.join(', ')} FROM ${first}`)
    const most = this.#limits.rowsLookedAt * CLASSES_PER_ROW_MAX
    for (const valuesMax of VALUES_MAX) {
      const shared = this.#columns.map((_, at) => at).filter((at) => Number(values[`c${at}`]) <= valuesMax)
      if (shared.length === 0) continue
      const { classes } = await this.#warehouse.row<{ classes: bigint }>(
        `SELECT count(*) AS classes FROM (SELECT DISTINCT ${this.#at(shared).join(', ')} FROM ${first})`,
      )
      if (Number(classes) <= most) return shared
    }
    return []
  }

  #at(positions: ReadonlyArray<number>): string[] {
    return positions.map((at) => this.#columns[at] as string)
  }

  #named(kind: TableKind): string {
    return `${this.#scratch}."${this.#tableOf(kind)}"`
  }

  #tableOf(kind: TableKind): string {
    return kind === '' ? this.#table : `${kind}_${this.#table}`
  }

  #make(kind: TableKind, definitions: ReadonlyArray<string>): Promise<void> {
    return this.#warehouse.run(`CREATE TABLE ${this.#named(kind)} (${definitions.join(', ')})`)
  }

  #writer(kind: TableKind, columns: ReadonlyArray<string>): Promise<RowWriter> {
    return this.#warehouse.writer(this.#tableOf(kind), columns, this.#scratch)
  }

  #definitionsOf(columns: ReadonlyArray<string>): string[] {
    return FACT_TABLES[this.#table]
      .split(',')
      .map((column) => column.trim())
      .filter((column) => columns.includes(column.split(/\s+/)[0] as string))
  }
}

type TableKind = '' | 'short' | 'class' | 'all' | 'last'
