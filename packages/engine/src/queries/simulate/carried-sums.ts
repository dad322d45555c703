// What is carried of pools, summed by who carries it: of a division in a scratch database, of the rows that a run stored, and of a
// run of version 1 in its words. Rows are summed by their numbers, and the names are laid over the sums.
import { FLAGS } from '../../warehouse/result-tables.ts'
import { literal } from '../../warehouse/sql-literal.ts'

/** An expression over the amounts of a row. */
export type Measure = 'adjusted_minor' | 'adjusted_minor - actual_minor'

/** Queries of one row per key and currency, with `minor`. */
export type CarriedSums = {
  /** `service`, and `flag`: what of no service is unused or unallocated. */
  readonly byService: (measure: Measure, where?: string) => string
  /** `person` and `cost_centre`. */
  readonly byOwner: (measure: Measure, where?: string) => string
}

type Numbered = {
  /** Of `carried_row`; a condition goes behind it. */
  readonly rows: string
  readonly services: string
  readonly owners: string
  readonly kinds: string
}

function ofNumbers({ rows, services, owners, kinds }: Numbered): CarriedSums {
  const summed = (keys: string, measure: Measure, where: string) =>
    `(SELECT ${keys}, sort_no, sum(${measure}) AS minor FROM ${rows} AND ${where} GROUP BY ALL) AS r JOIN ${kinds} AS k USING (sort_no)`
  return {
    byService: (measure, where = 'true') =>
      `SELECT s.service, ${FLAGS} AS flag, k.currency, sum(r.minor) AS minor
       FROM ${summed('service_no, flags_no', measure, where)} JOIN ${services} AS s USING (service_no) GROUP BY ALL`,
    byOwner: (measure, where = 'true') =>
      `SELECT o.person, o.cost_centre, k.currency, sum(r.minor) AS minor
       FROM ${summed('owner_no', measure, where)} JOIN ${owners} AS o USING (owner_no) GROUP BY ALL`,
  }
}

/** What {@link dividePools} made. */
export function dividedSums(scratch: string): CarriedSums {
  return ofNumbers({
    rows: `${scratch}.carried_row WHERE true`,
    services: `${scratch}.service_key`,
    owners: `${scratch}.run_owner`,
    kinds: `(SELECT DISTINCT sort_no, currency FROM ${scratch}.charge_kind)`,
  })
}

/** The rows that a run stored, by its number; null for version 1. */
export type StoredRun = { readonly tenant: string; readonly run: string; readonly runNo: number | null }

export function storedSums(of: StoredRun): CarriedSums {
  const { runNo } = of
  if (runNo === null) return ofWords(of)
  return ofNumbers({
    rows: `carried_row_stored WHERE run_no = ${runNo}`,
    services: `(SELECT service_no, service FROM run_service_stored WHERE run_no = ${runNo})`,
    owners: `(SELECT owner_no, person, cost_centre FROM run_owner WHERE ${ofRunSql(of)})`,
    kinds: `(SELECT DISTINCT sort_no, currency FROM run_charge_kind WHERE ${ofRunSql(of)})`,
  })
}

function ofWords(of: StoredRun): CarriedSums {
  const rows = (keys: string, measure: Measure, where: string) =>
    `SELECT ${keys}, currency, sum(${measure}) AS minor FROM carried WHERE ${ofRunSql(of)} AND ${where} GROUP BY ALL`
  return {
    byService: (measure, where = 'true') => rows('service, flag', measure, where),
    byOwner: (measure, where = 'true') => rows('person, cost_centre', measure, where),
  }
}

export function ofRunSql({ tenant, run }: Pick<StoredRun, 'tenant' | 'run'>): string {
  return `tenant = ${literal(tenant)} AND run = ${literal(run)}`
}

/** Condition on the stored rows of components of pools, by a query of one column, of their names. */
export function ofPoolsSql(of: StoredRun, pools: string): string {
  if (of.runNo === null) return `pool IN (${pools})`
  return `name_no IN (SELECT name_no FROM run_component WHERE ${ofRunSql(of)} AND pool IN (${pools}))`
}

/** Condition on the stored rows of services, by a query of one column, of their ids. */
export function ofServicesSql({ runNo }: StoredRun, services: string): string {
  if (runNo === null) return `service IN (${services})`
  return `service_no IN (SELECT service_no FROM run_service_stored WHERE run_no = ${runNo} AND service IN (${services}))`
}

/** Query of one row per service and person who has it, of the services of a query as in {@link ofServicesSql}. */
export function peopleOfServicesSql(of: StoredRun, services: string): string {
  const where = ofServicesSql(of, services)
  if (of.runNo === null) return `SELECT DISTINCT service, person FROM carried WHERE ${ofRunSql(of)} AND ${where}`
  return `SELECT DISTINCT s.service, o.person
    FROM (SELECT DISTINCT service_no, owner_no FROM carried_row_stored WHERE run_no = ${of.runNo} AND ${where})
    JOIN (SELECT service_no, service FROM run_service_stored WHERE run_no = ${of.runNo}) AS s USING (service_no)
    JOIN (SELECT owner_no, person FROM run_owner WHERE ${ofRunSql(of)}) AS o USING (owner_no)`
}
