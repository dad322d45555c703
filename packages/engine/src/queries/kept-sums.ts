// What a run carries, summed once over its services and kept in memory for whoever asks next: a question about a million rows is
// then one about some thousands. Of the whole tenant alone: a scope of rows never sees it (`inScope`). Keeps nothing of what is
// not closed, and gives nothing away that its run could not be asked for again: what is not kept is read where it is stored.
import type { Parameters, Warehouse } from '../warehouse/warehouse.ts'
import { boundParameters } from './bound-parameters.ts'

/** Columns that sums over services have; `person` where nobody shares a cost centre and project with somebody else. */
const OWNERS = 'owner_no'

const ROWS_MAX = 6e6
const FEWER_TIMES = 4

type Kept = {
  /** Of carried_row's numbers without the service, and its sums. null: not worth keeping. */
  readonly carried: string | null
  /** Whether owners are told apart by person too. */
  readonly hasPeople: boolean
  /** Place in order of service and currency, service_no, currency and the sums; undefined until somebody asks. */
  services?: string | null
  /** Rows of a report of pools; undefined until somebody asks. */
  pools?: string | null
  /** What each part of each pool comes to, in the order of the report; undefined until somebody asks. */
  parts?: string | null
  readonly runNo: number
}

/** A table of a run, and the run's number. */
export type RunTableOf = { readonly table: string; readonly runNo: number }
type Query = { readonly sql: string; readonly parameters: Parameters }

function tableOf(kept: Kept | undefined, what: 'parts' | 'services'): RunTableOf | null {
  const table = kept?.[what]
  return kept && table ? { table, runNo: kept.runNo } : null
}

export type KeptSumsParts = {
  readonly warehouse: Warehouse
  readonly tenant: string
  /** Sums that are not so many times fewer than what they sum are not worth their room. */
  readonly fewerTimes?: number
  /** Of all tables together. */
  readonly rowsMax?: number
}

export class KeptSums {
  readonly #parts: KeptSumsParts
  readonly #kept = new Map<string, Kept>()
  #rows = 0
  /** Runs that do not speak for their month any more, since the runs changed last. */
  #gone: ReadonlyArray<string> = []
  #database: string | null = null
  #last: Promise<unknown> = Promise.resolve()
  /** Of the process: databases that are attached have their names on every connection. */
  static #databases = 0

  constructor(parts: KeptSumsParts) {
    this.#parts = parts
  }

  /** Sums over the services of these runs, of which nothing is changed any more; one after another, whoever asked. */
  async ofRuns(runs: ReadonlyArray<string>): Promise<void> {
    if (runs.every((run) => this.#kept.has(run))) return
    await this.#inTurn(async (own, database) => {
      for (const run of runs) if (!this.#kept.has(run)) this.#kept.set(run, await this.#sum(own, { database, run }))
    })
  }

  /** The same by service. */
  async ofServices(run: string): Promise<void> {
    await this.ofRuns([run])
    if (this.#kept.get(run)?.services !== undefined) return
    await this.#inTurn(async (own, database) => {
      const kept = this.#kept.get(run)
      if (kept && kept.services === undefined) kept.services = await this.#sumServices(own, { database, kept, run })
    })
  }

  /** A table of what the query of a run's pools has, made by whoever asks first; null where it is not kept. */
  async ofPools(run: string, query: Query): Promise<string | null> {
    await this.ofRuns([run])
    if (this.#kept.get(run)?.pools === undefined)
      await this.#inTurn(async (own, database) => {
        const kept = this.#kept.get(run)
        if (kept && kept.pools === undefined)
          kept.pools = await this.#store(own, { table: `${database}.pool_${kept.runNo}`, ...query })
      })
    return this.#kept.get(run)?.pools ?? null
  }

  /**
   * What each part of each pool comes to: `place` in the order of pool, component and currency, which parts may share, `part_no`,
   * what it is of, and how many rows it has. null where it is not kept.
   */
  async ofParts(run: string): Promise<RunTableOf | null> {
    await this.ofRuns([run])
    if (this.#kept.get(run)?.parts === undefined)
      await this.#inTurn(async (own, database) => {
        const kept = this.#kept.get(run)
        if (!kept || kept.parts !== undefined) return
        const { runNo } = kept
        const sql = `SELECT dense_rank() OVER (ORDER BY pool, component, currency) AS place, part_no, pool, policy, component, currency,
            row_count, actual_minor, adjusted_minor, floor_minor
          FROM (SELECT part_no, count(*) AS row_count, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor,
            sum(floor_minor) AS floor_minor FROM allocation_row_stored WHERE run_no = ${runNo} GROUP BY part_no)
          JOIN (SELECT part_no, pool, policy, component, currency FROM run_part WHERE tenant = $tenant AND run = $run) USING (part_no)`
        const parameters = { tenant: this.#parts.tenant, run }
        kept.parts =
          runNo === 0 ? null : await this.#store(own, { table: `${database}.part_${runNo}`, sql, parameters })
      })
    return tableOf(this.#kept.get(run), 'parts')
  }

  /** The table of a run in which these columns of `carried` can be asked for, by numbers. */
  tableOf(run: string, columns: ReadonlySet<string>): string | null {
    const kept = this.#kept.get(run)
    if (!kept || columns.has('service') || (columns.has('person') && !kept.hasPeople)) return null
    return kept.carried
  }

  /** The number of a run that was summed; undefined of one in words alone. */
  numberOf(run: string): number | undefined {
    const number = this.#kept.get(run)?.runNo
    return number === 0 ? undefined : number
  }

  /** The table of a run by service, and the run's number. */
  servicesOf(run: string): RunTableOf | null {
    return tableOf(this.#kept.get(run), 'services')
  }

  /**
   * Lets go of runs that are not among these. Those that went this time are kept until the next: somebody may just be reading
   * them.
   */
  async keepOnly(runs: ReadonlyArray<string>): Promise<void> {
    const current = new Set(runs)
    const gone = this.#gone.filter((run) => !current.has(run))
    this.#gone = [...this.#kept.keys()].filter((run) => !current.has(run))
    if (gone.length === 0) return
    await this.#inTurn(async (own) => {
      for (const run of gone) {
        const kept = this.#kept.get(run)
        this.#kept.delete(run)
        for (const table of [kept?.carried, kept?.services, kept?.pools, kept?.parts])
          if (table) await this.#drop(own, table)
      }
    })
  }

  async #sum(own: Warehouse, { database, run }: { readonly database: string; readonly run: string }): Promise<Kept> {
    const key = { tenant: this.#parts.tenant, run }
    const [numbered] = await own.rows<{ run_no: number; rows: bigint }>(
      `SELECT run_no, (SELECT count(*) FROM carried_row_stored AS r WHERE r.run_no = n.run_no) AS rows
       FROM run_number AS n WHERE tenant = $tenant AND run = $run`,
      key,
    )
    // Of version 1, in words alone.
    if (!numbered) return { carried: null, hasPeople: false, services: null, runNo: 0 }
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
    if (this.#isKept(count, Number(numbered.rows) / (this.#parts.fewerTimes ?? FEWER_TIMES)))
      return { carried: table, hasPeople, runNo }
    await this.#drop(own, table)
    return { carried: null, hasPeople, runNo }
  }

  async #sumServices(
    own: Warehouse,
    { database, kept, run }: { readonly database: string; readonly kept: Kept; readonly run: string },
  ): Promise<string | null> {
    // One row per service and currency, in this order.
    const sql = `SELECT (row_number() OVER (ORDER BY service, currency))::INTEGER AS place, service_no, currency, actual_minor, adjusted_minor
       FROM (SELECT service_no, currency, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor
         FROM carried_row_stored LEFT JOIN (SELECT sort_no, currency FROM run_charge_kind
           WHERE tenant = $tenant AND run = $run) USING (sort_no)
         WHERE run_no = ${kept.runNo} GROUP BY ALL)
       LEFT JOIN (SELECT service_no, service FROM run_service_stored WHERE run_no = ${kept.runNo}) USING (service_no)`
    const parameters = { tenant: this.#parts.tenant, run }
    return this.#store(own, { table: `${database}.service_${kept.runNo}`, sql, parameters })
  }

  /** The table; null where there is no room for it. */
  async #store(own: Warehouse, { table, sql, parameters }: Query & { readonly table: string }): Promise<string | null> {
    const count = await own.count(`CREATE TABLE ${table} AS ${sql}`, boundParameters(sql, parameters))
    if (this.#isKept(count, Number.POSITIVE_INFINITY)) return table
    await this.#drop(own, table)
    return null
  }

  #isKept(count: number, most: number): boolean {
    if (count > most || this.#rows + count > (this.#parts.rowsMax ?? ROWS_MAX)) return false
    this.#rows += count
    return true
  }

  async #drop(own: Warehouse, table: string): Promise<void> {
    await own.run(`DROP TABLE ${table}`)
  }

  /** On a connection of its own, which nobody who goes away breaks off: others wait for the same. */
  #inTurn(work: (own: Warehouse, database: string) => Promise<void>): Promise<void> {
    const turn = this.#last.then(() =>
      this.#parts.warehouse.opened.withConnection(async (own) => {
        if (this.#database === null) {
          KeptSums.#databases += 1
          const name = `kept_sums_${KeptSums.#databases}`
          await own.run(`ATTACH ':memory:' AS ${name}`)
          this.#database = name
        }
        await work(own, this.#database)
      }),
    )
    this.#last = turn.catch(() => {
      // Whoever asked hears of it; the next one need not.
    })
    return turn
  }
}
