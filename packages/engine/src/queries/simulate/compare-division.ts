// Who would carry more and who less once pools are divided otherwise. What a charge that stays where it is adds to both sides
// is the same: so the run's side of pools is what it moved of their charges, adjusted less actual, and nothing else of it is read
// before somebody's amount differs.
import { invariant } from '@spillway/core'
import { make, type PeriodScope } from '../../stages/allocate/period-scope.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import { NAME_SQL, namesCte } from '../names.ts'
import {
  dividedSums,
  type Measure,
  ofPoolsSql,
  ofServicesSql,
  peopleOfServicesSql,
  type StoredRun,
  storedSums,
} from './carried-sums.ts'
import type { SimulatedChange, SimulatedView, Simulation, SimulationDimension } from './simulation.ts'

export type Division = {
  /** Divided anew. */
  readonly scope: PeriodScope
  readonly stored: StoredRun
  /**
   * The same pools divided under the policies of the run, where the stored rows cannot stand for them: a charge that is cut by days
   * otherwise may lie a cent otherwise on its own owners.
   */
  readonly before: PeriodScope | null
  readonly inputs: string
}

/** Makes `service_change` and `owner_change`, and what the run says of those who are in them. Needs `concerned_pool` and `owner_before`. */
async function storeChanges({ scope, stored, before }: Division): Promise<void> {
  const { scratch } = scope
  const measure: Measure = before === null ? 'adjusted_minor - actual_minor' : 'adjusted_minor'
  const [is, run] = [dividedSums(scratch), storedSums(stored)]
  const was = before === null ? run : dividedSums(before.scratch)
  const ofPools = before === null ? ofPoolsSql(stored, `SELECT text FROM ${scratch}.concerned_pool`) : 'true'
  for (const by of ['byService', 'byOwner'] as const) {
    const keys = by === 'byService' ? 'service, flag, currency' : 'person, cost_centre, currency'
    const name = by === 'byService' ? 'service' : 'owner'
    await make(
      scope,
      `${name}_change`,
      `SELECT ${keys}, sum(minor) AS change_minor FROM (${is[by](measure)} UNION ALL
         SELECT * REPLACE (-minor AS minor) FROM (${was[by](measure, ofPools)})) GROUP BY ALL HAVING sum(minor) <> 0`,
    )
  }
  const changed = `SELECT service FROM ${scratch}.service_change`
  await make(scope, 'service_before', run.byService('adjusted_minor', ofServicesSql(stored, changed)))
  await make(scope, 'service_person', peopleOfServicesSql(stored, changed))
}

const COLUMN: Readonly<Record<SimulationDimension, string>> = {
  service: 'service',
  person: 'person',
  'cost-centre': 'cost_centre',
}

type ChangeRow = Row & {
  key: string
  name: string
  currency: string
  before_minor: bigint
  after_minor: bigint
  change_minor: bigint
}

/** @throws Bug where dividing otherwise would make money or lose some. */
export async function compareDivision(division: Division): Promise<Simulation['views']> {
  await storeChanges(division)
  return {
    service: await compare(division, 'service'),
    person: await compare(division, 'person'),
    'cost-centre': await compare(division, 'cost-centre'),
  }
}

/** One row per key and currency that differs; by service also per *unused* and *unallocated*, which have no service. */
async function compare({ scope, inputs }: Division, by: SimulationDimension): Promise<SimulatedView> {
  const { warehouse, scratch, tenant } = scope
  const table = `${scratch}.${by === 'service' ? 'service' : 'owner'}`
  const keys = `${COLUMN[by]} AS key, ${by === 'service' ? 'flag' : "''"} AS flag, currency`
  const rows = await warehouse.rows<ChangeRow>(
    `WITH ${namesCte({ inputs })},
     change AS (SELECT ${keys}, sum(change_minor) AS change_minor FROM ${table}_change GROUP BY ALL HAVING sum(change_minor) <> 0),
     run AS (SELECT ${keys}, sum(minor) AS before_minor FROM ${table}_before GROUP BY ALL),
     named AS (${by === 'service' ? serviceNames(scratch) : NAME_SQL[by]})
     SELECT key, CASE WHEN key <> '' THEN coalesce(name, '') WHEN flag <> '' THEN flag ELSE $empty END AS name, currency,
       coalesce(before_minor, 0) AS before_minor, coalesce(before_minor, 0) + change_minor AS after_minor, change_minor
     FROM change LEFT JOIN run USING (key, flag, currency) LEFT JOIN named USING (key)
     ORDER BY abs(change_minor) DESC, key, flag, currency`,
    { tenant, empty: by === 'service' ? 'no service' : 'unassigned' },
  )
  const changes = rows.map((row) => ({
    key: row.key,
    name: row.name,
    currency: row.currency,
    beforeMinor: BigInt(row.before_minor),
    afterMinor: BigInt(row.after_minor),
    changeMinor: BigInt(row.change_minor),
  }))
  return { changes, sums: sumsOf(changes) }
}

/** A service is named after the people it was assigned to in the run; of services that differ. */
function serviceNames(scratch: string): string {
  return `SELECT service AS key, string_agg(DISTINCT named.name, ', ' ORDER BY named.name) AS name
    FROM ${scratch}.service_person AS p JOIN (${NAME_SQL.person}) AS named ON named.key = p.person GROUP BY service`
}

function sumsOf(changes: ReadonlyArray<SimulatedChange>): SimulatedView['sums'] {
  const currencies = [...new Set(changes.map(({ currency }) => currency))].sort()
  return currencies.map((currency) => {
    const sums = { currency, gainers: 0, gainedMinor: 0n, losers: 0, lostMinor: 0n }
    for (const change of changes) {
      if (change.currency !== currency) continue
      const isGain = change.changeMinor < 0n
      sums[isGain ? 'gainers' : 'losers'] += 1
      sums[isGain ? 'gainedMinor' : 'lostMinor'] += isGain ? -change.changeMinor : change.changeMinor
    }
    invariant(sums.gainedMinor === sums.lostMinor, 'what some would carry less others would carry more', sums)
    return sums
  })
}
