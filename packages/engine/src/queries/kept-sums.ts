// What runs carry, summed once and kept in memory for whoever asks next: a question about a million rows is then one about some
// thousands. Of the whole tenant alone: a scope of rows never sees it (`inScope`). Keeps nothing of what is not closed, and gives
// nothing away that its run could not be asked for again: what is not kept is read where it is stored.
import type { Mover, ReportRow } from '@spillway/core'
import { LastAsked } from '../catalog/last-asked.ts'
import { FactPlaces } from '../warehouse/fact-places.ts'
import type { Parameters, Warehouse } from '../warehouse/warehouse.ts'
import { boundParameters } from './bound-parameters.ts'
import { KeptNames } from './kept/kept-names.ts'
import { type KeptPartRows, readKeptPartRows } from './kept/kept-part-rows.ts'
import { type PartSums, readPartSums } from './kept/part-sums.ts'
import { type PoolRows, readPoolRows } from './kept/pool-rows.ts'
import { readServiceSums } from './kept/read-service-sums.ts'
import { type RunNames, readRunNames } from './kept/run-names.ts'
import { type RunSums, readRunSums } from './kept/run-sums.ts'
import type { ServiceSums } from './kept/service-sums.ts'

/** Columns that sums over services have; `person` where nobody shares a cost centre and project with somebody else. */
const OWNERS = 'owner_no'

const ROWS_MAX = 6e6
const FEWER_TIMES = 4
const BYTES_MAX = 512e6
/** Places of facts take at most such a part of that beside it. */
const PLACES_PART = 4
/** Of two months, by what and in which view. */
const MOVES_MAX = 24
/** Of months, and rows of each: some 10 MB together. */
const TREES_MAX = 16
const TREE_ROWS_MAX = 2000

type Kept = {
  /** Of carried_row's numbers without the service, and its sums. null: not worth keeping. */
  readonly carried: string | null
  /** Whether owners are told apart by person too. */
  readonly hasPeople: boolean
  /** The same in memory here. */
  readonly sums: RunSums | null
  readonly names: RunNames | null
  readonly runNo: number
  /** What follows is undefined until somebody asks. */
  services?: ServiceSums | null
  /** Rows of a report of pools. */
  pools?: string | null
  poolRows?: PoolRows | null
  parts?: PartSums | null
  partRows?: KeptPartRows | null
}

type Query = { readonly sql: string; readonly parameters: Parameters }

/** Those that moved most, and what they are called, where that is not known from memory. */
export type KeptMoves = { readonly movers: ReadonlyArray<Mover>; readonly names: ReadonlyMap<string, string> | null }

export type KeptSumsParts = {
  readonly warehouse: Warehouse
  readonly tenant: string
  /** Sums that are not so many times fewer than what they sum are not worth their room. */
  readonly fewerTimes?: number
  /** Of all tables together. */
  readonly rowsMax?: number
  /** Of all that is kept outside of the database. */
  readonly bytesMax?: number
}

export class KeptSums {
  readonly #parts: KeptSumsParts
  readonly #kept = new Map<string, Kept>()
  /** By the runs that they are of, and how they were asked for. */
  readonly #moves = new LastAsked<string, { readonly runs: ReadonlyArray<string>; readonly moves: Promise<KeptMoves> }>(
    MOVES_MAX,
  )
  /** By run. */
  readonly #trees = new LastAsked<string, Promise<ReadonlyArray<ReportRow>>>(TREES_MAX)
  readonly names = new KeptNames()
  /** Where rows of facts stand. */
  readonly places: FactPlaces
  /** How many rows each table has. */
  readonly #tables = new Map<string, number>()
  /** What each run takes outside of the database. */
  readonly #bytes = new Map<string, number>()
  /** Runs that do not speak for their month any more, since the runs changed last. */
  #gone: ReadonlyArray<string> = []
  #database: string | null = null
  #last: Promise<unknown> = Promise.resolve()
  /** What sums are being made on. */
  #own: Warehouse | null = null
  /** How many wait for sums, or make some. */
  #waiting = 0
  /** Of the process: databases that are attached have their names on every connection. */
  static #databases = 0

  constructor(parts: KeptSumsParts) {
    this.#parts = parts
    const { tenant, bytesMax = BYTES_MAX } = parts
    this.places = new FactPlaces({ tenant, bytesMax: bytesMax / PLACES_PART })
  }

  /** What is kept outside of the database. */
  get byteLength(): number {
    return sumOf(this.#bytes)
  }

  /** Sums over the services of these runs, of which nothing is changed any more; one after another, whoever asked. */
  async ofRuns(runs: ReadonlyArray<string>): Promise<void> {
    if (runs.every((run) => this.#kept.has(run))) return
    await this.#inTurn(async (own, database) => {
      for (const run of runs) if (!this.#kept.has(run)) this.#kept.set(run, await this.#sum(own, { database, run }))
    })
  }

  /** The same by service; null where they are not kept. */
  async ofServices(run: string): Promise<ServiceSums | null> {
    await this.ofRuns([run])
    if (this.#kept.get(run)?.services === undefined)
      await this.#inTurn(async (own) => {
        const kept = this.#kept.get(run)
        if (!kept || kept.services !== undefined) return
        const { names, runNo } = kept
        const { tenant } = this.#parts
        const isKept = names !== null && this.#hasRoom
        const others = [...this.#kept.values()].flatMap(({ services }) => services ?? [])
        kept.services = isKept
          ? this.#held(run, await readServiceSums(own, { tenant, run, runNo, names, others }))
          : null
      })
    return this.servicesOf(run)
  }

  /** What each part of each pool comes to; null where it is not kept. */
  async ofParts(run: string): Promise<PartSums | null> {
    await this.ofRuns([run])
    if (this.#kept.get(run)?.parts === undefined)
      await this.#inTurn(async (own) => {
        const kept = this.#kept.get(run)
        if (!kept || kept.parts !== undefined) return
        const { runNo } = kept
        const { tenant } = this.#parts
        const isKept = runNo !== 0 && this.#hasRoom
        kept.parts = isKept ? this.#held(run, await readPartSums(own, { tenant, run, runNo })) : null
      })
    return this.#kept.get(run)?.parts ?? null
  }

  /** The rows behind these, which take the most room: null where there is none left. */
  async ofPartRows(run: string): Promise<KeptPartRows | null> {
    await this.ofRuns([run])
    if (this.#kept.get(run)?.partRows === undefined)
      await this.#inTurn(async (own) => {
        const kept = this.#kept.get(run)
        if (!kept || kept.partRows !== undefined) return
        const isKept = kept.runNo !== 0 && this.#hasRoom
        kept.partRows = isKept ? this.#held(run, await readKeptPartRows(own, kept.runNo)) : null
      })
    return this.partRowsOf(run)
  }

  /** A table of what the query of a run's pools has, made by whoever asks first; null where it is not kept. */
  async ofPools(run: string, query: Query): Promise<string | null> {
    await this.ofRuns([run])
    if (this.#kept.get(run)?.pools === undefined)
      await this.#inTurn(async (own, database) => {
        const kept = this.#kept.get(run)
        if (!kept || kept.pools !== undefined) return
        const table = await this.#store(own, { table: `${database}.pool_${kept.runNo}`, ...query })
        kept.poolRows = table && this.#hasRoom ? this.#held(run, await readPoolRows(own, table)) : null
        kept.pools = table
      })
    return this.#kept.get(run)?.pools ?? null
  }

  /** What moved most between runs, made by whoever asks first. `question` tells apart how it may be asked for. */
  async ofMoves(
    { runs, question }: { readonly runs: ReadonlyArray<string>; readonly question: string },
    make: (own: Warehouse) => Promise<KeptMoves>,
  ): Promise<KeptMoves> {
    const place = JSON.stringify([runs, question])
    const kept = this.#moves.get(place)
    if (kept) return kept.moves
    const moves = this.#makeMoves(place, make)
    this.#moves.set(place, { runs, moves })
    return moves
  }

  /** All rows of the tree of cost centres of a run, made by whoever asks first, for whoever wants the next page or another order. */
  ofTree(run: string, make: () => Promise<ReadonlyArray<ReportRow>>): Promise<ReadonlyArray<ReportRow>> {
    const known = this.#trees.get(run)
    // Whoever made it may have gone away before it was there.
    if (known) return known.catch(make)
    const rows = make()
    this.#trees.set(run, rows)
    const forget = () => this.#trees.delete(run)
    rows.then(({ length }) => length > TREE_ROWS_MAX && forget(), forget)
    return rows
  }

  /** The table of a run in which these columns of `carried` can be asked for, by numbers. */
  tableOf(run: string, columns: ReadonlySet<string>): string | null {
    const kept = this.#kept.get(run)
    if (!kept || columns.has('service') || (columns.has('person') && !kept.hasPeople)) return null
    return kept.carried
  }

  sumsOf(run: string): RunSums | null {
    return this.#kept.get(run)?.sums ?? null
  }

  servicesOf(run: string): ServiceSums | null {
    return this.#kept.get(run)?.services ?? null
  }

  poolRowsOf(run: string): PoolRows | null {
    return this.#kept.get(run)?.poolRows ?? null
  }

  partRowsOf(run: string): KeptPartRows | null {
    return this.#kept.get(run)?.partRows ?? null
  }

  hasPoolsOf(run: string): boolean {
    return (this.#kept.get(run)?.pools ?? null) !== null
  }

  hasPartsOf(run: string): boolean {
    return (this.#kept.get(run)?.parts ?? null) !== null
  }

  /** Against the month before, whether anybody asked what moved most. */
  hasMovesOf(run: string): boolean {
    return [...this.#moves.entries()].some(([, { runs }]) => runs.at(-1) === run)
  }

  /** The number of a run that was summed; undefined of one in words alone. */
  numberOf(run: string): number | undefined {
    const number = this.#kept.get(run)?.runNo
    return number === 0 ? undefined : number
  }

  /**
   * Lets go of runs that are not among these. Those that went this time are kept until the next: somebody may just be reading
   * them.
   */
  async keepOnly(runs: ReadonlyArray<string>): Promise<void> {
    const current = new Set(runs)
    const gone = this.#gone.filter((run) => !current.has(run))
    this.#gone = [...this.#kept.keys()].filter((run) => !current.has(run))
    for (const [place, { runs: of }] of [...this.#moves.entries()])
      if (of.some((run) => !current.has(run))) this.#moves.delete(place)
    if (gone.length === 0) return
    await this.#inTurn(async (own) => {
      for (const run of gone) {
        const kept = this.#kept.get(run)
        if (!kept) continue
        this.#kept.delete(run)
        this.#bytes.delete(run)
        for (const table of [kept.carried, kept.pools]) if (table) await this.#drop(own, table)
      }
    })
  }

  /** Breaks off what is being summed, unless somebody else waits for sums: for whoever stops, and wanted them for nobody. */
  breakOff(): void {
    if (this.#waiting <= 1) this.#own?.interrupt()
  }

  #makeMoves(place: string, make: (own: Warehouse) => Promise<KeptMoves>): Promise<KeptMoves> {
    const moves = this.#inTurn(make)
    // What failed is asked for again.
    moves.catch(() => this.#moves.delete(place))
    return moves
  }

  async #sum(own: Warehouse, { database, run }: { readonly database: string; readonly run: string }): Promise<Kept> {
    const { tenant } = this.#parts
    const key = { tenant, run }
    const [numbered] = await own.rows<{ run_no: number; rows: bigint }>(
      `SELECT run_no, (SELECT count(*) FROM carried_row_stored AS r WHERE r.run_no = n.run_no) AS rows
       FROM run_number AS n WHERE tenant = $tenant AND run = $run`,
      key,
    )
    // Of version 1, in words alone.
    if (!numbered)
      return { carried: null, hasPeople: false, sums: null, names: null, services: null, parts: null, runNo: 0 }
    const runNo = numbered.run_no
    const { alike, owners } = await own.row<{ alike: bigint; owners: bigint }>(
      `SELECT count(DISTINCT (cost_centre, project)) AS alike, count(*) AS owners FROM run_owner WHERE tenant = $tenant AND run = $run`,
      key,
    )
    const table = `${database}.carried_${runNo}`
    // One row per bill, kind of charge, cost centre and project, and component.
    const count = await own.count(
      `CREATE TABLE ${table} AS
       SELECT bill_no, sort_no, alike_no AS ${OWNERS}, name_no, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor
       FROM (SELECT bill_no, sort_no, owner_no, name_no, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor
         FROM carried_row_stored WHERE run_no = ${runNo} GROUP BY ALL)
       LEFT JOIN (SELECT owner_no, min(owner_no) OVER (PARTITION BY cost_centre, project) AS alike_no FROM run_owner
         WHERE tenant = $tenant AND run = $run) USING (owner_no)
       GROUP BY ALL`,
      key,
    )
    const hasPeople = alike === owners
    const names = this.#hasRoom ? this.#held(run, await readRunNames(own, key)) : null
    const most = Number(numbered.rows) / (this.#parts.fewerTimes ?? FEWER_TIMES)
    if (!this.#isKept({ table, count, most })) {
      await this.#drop(own, table)
      return { carried: null, hasPeople, sums: null, names, runNo }
    }
    const sums = names && this.#held(run, await readRunSums(own, { table, names, hasPeople }))
    return { carried: table, hasPeople, sums, names, runNo }
  }

  /** The table; null where there is no room for it. */
  async #store(own: Warehouse, { table, sql, parameters }: Query & { readonly table: string }): Promise<string | null> {
    const count = await own.count(`CREATE TABLE ${table} AS ${sql}`, boundParameters(sql, parameters))
    if (this.#isKept({ table, count, most: Number.POSITIVE_INFINITY })) return table
    await this.#drop(own, table)
    return null
  }

  #isKept({ table, count, most }: { readonly table: string; readonly count: number; readonly most: number }): boolean {
    if (count > most || sumOf(this.#tables) + count > (this.#parts.rowsMax ?? ROWS_MAX)) return false
    this.#tables.set(table, count)
    return true
  }

  get #hasRoom(): boolean {
    return this.byteLength < (this.#parts.bytesMax ?? BYTES_MAX)
  }

  /** What was made of a run; null where there is no room for it. */
  #held<T extends { readonly byteLength: number }>(run: string, made: T | null): T | null {
    if (made === null || this.byteLength + made.byteLength > (this.#parts.bytesMax ?? BYTES_MAX)) return null
    this.#bytes.set(run, (this.#bytes.get(run) ?? 0) + made.byteLength)
    return made
  }

  async #drop(own: Warehouse, table: string): Promise<void> {
    this.#tables.delete(table)
    await own.run(`DROP TABLE ${table}`)
  }

  /** On a connection of its own, which nobody who goes away breaks off: others wait for the same. */
  #inTurn<T>(work: (own: Warehouse, database: string) => Promise<T>): Promise<T> {
    this.#waiting += 1
    const turn = this.#last.then(() =>
      this.#parts.warehouse.opened.withConnection(async (own) => {
        this.#own = own
        if (this.#database === null) {
          KeptSums.#databases += 1
          const name = `kept_sums_${KeptSums.#databases}`
          await own.run(`ATTACH ':memory:' AS ${name}`)
          this.#database = name
        }
        return work(own, this.#database).finally(() => {
          this.#own = null
        })
      }),
    )
    const ended = () => {
      this.#waiting -= 1
    }
    // Whoever asked hears of its failure; the next one need not.
    this.#last = turn.then(ended, ended)
    return turn
  }
}

const sumOf = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((sum, one) => sum + one, 0)
