// The numbers of a few services in runs: what a run says of one service is read by its number, where a look for its name would
// read the names of a million in every run. Of a run whose services are kept in memory the database is not asked.
import { literal } from '../../warehouse/sql-literal.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { amongSql } from './report-filter.ts'
import type { RowFilter } from './row-filter.ts'

/** A service in a run. */
export type ServicePlace = {
  readonly run: string
  readonly runNo: number
  readonly serviceNo: number
  readonly service: string
}

/** More are looked for by their names. */
const SERVICES_MAX = 20
/** Services are numbered in the order of their names: one name of so many is compared, then those between two. */
const STEP = 8192

type PlacesOf = { readonly runs: ReadonlyArray<string>; readonly filter: RowFilter }
type Numbered = { readonly run: string; readonly run_no: number }

/** null where the filter names no services or many, and where runs are not read by numbers. */
export async function servicePlaces(
  { scope, warehouse, tenant, sums }: Pick<ScopedWorkspace, 'scope' | 'warehouse' | 'tenant' | 'sums'>,
  { runs, filter }: PlacesOf,
): Promise<ReadonlyArray<ServicePlace> | null> {
  const services = filter.get('service')
  if (!services || services.length > SERVICES_MAX || !scope.isWholeTenant || !warehouse.hasRunNumbers) return null
  const wanted = [...new Set(services)]
  const found: ServicePlace[] = []
  const stored: string[] = []
  for (const run of runs) {
    const kept = keptPlaces(sums, { run, services: wanted })
    if (kept) found.push(...kept)
    else stored.push(run)
  }
  if (stored.length === 0) return found
  const numbered = await warehouse.rows<Numbered>(
    `SELECT run, run_no FROM run_number WHERE tenant = $tenant AND run ${amongSql(stored)} ORDER BY run_no DESC`,
    { tenant },
  )
  for (const service of wanted) found.push(...(await placesOf(warehouse, { service, numbered })))
  return found
}

type KeptPlacesOf = { readonly run: string; readonly services: ReadonlyArray<string> }

/** null of a run whose services are not in memory. */
function keptPlaces(
  sums: ScopedWorkspace['sums'],
  { run, services }: KeptPlacesOf,
): ReadonlyArray<ServicePlace> | null {
  const [kept, runNo] = [sums?.servicesOf(run), sums?.numberOf(run)]
  if (!kept || runNo === undefined) return null
  return services.flatMap((service) => {
    const serviceNo = kept.numberOf(service)
    return serviceNo < 0 ? [] : [{ run, runNo, serviceNo, service }]
  })
}

/** A relation of `run, run_no, service_no, service`. */
export function placesSql(places: ReadonlyArray<ServicePlace>): string {
  const columns = 'service_place(run, run_no, service_no, service)'
  const rows = places.map(
    ({ run, runNo, serviceNo, service }) => `(${literal(run)}, ${runNo}, ${serviceNo}, ${literal(service)})`,
  )
  return rows.length === 0
    ? `(SELECT NULL::VARCHAR AS run, NULL::INTEGER AS run_no, NULL::INTEGER AS service_no, NULL::VARCHAR AS service WHERE false)`
    : `(FROM (VALUES ${rows.join(', ')}) AS ${columns})`
}

/** A condition on the numbers of rows that leaves rows out where they are read, and keeps those of all places. */
export function nearPlacesSql(places: ReadonlyArray<ServicePlace>): string {
  const among = (numbers: ReadonlyArray<number>) => (numbers.length === 0 ? 'NULL' : [...new Set(numbers)].join(', '))
  return `run_no IN (${among(places.map(({ runNo }) => runNo))}) AND service_no IN (${among(places.map(({ serviceNo }) => serviceNo))})`
}

type Sought = { readonly service: string; readonly numbered: ReadonlyArray<Numbered> }

/** First in one run, then beside its number there in the others, then in those in which it stands far from it. */
async function placesOf(
  warehouse: ScopedWorkspace['warehouse'],
  { service, numbered }: Sought,
): Promise<ReadonlyArray<ServicePlace>> {
  const among = (some: ReadonlyArray<Numbered>) => `run_no IN (${some.map(({ run_no }) => run_no).join(', ')})`
  const between = async (some: ReadonlyArray<Numbered>, from: number) => {
    const rows = await warehouse.rows<{ run_no: number; service_no: number }>(
      `SELECT run_no, service_no FROM run_service_stored
       WHERE ${among(some)} AND service_no BETWEEN ${from} AND ${from + STEP - 1} AND service = ${literal(service)}`,
    )
    return rows.map(({ run_no: runNo, service_no: serviceNo }): ServicePlace => {
      const { run = '' } = some.find((one) => one.run_no === runNo) ?? {}
      return { run, runNo, serviceNo, service }
    })
  }
  const search = async (some: ReadonlyArray<Numbered>) => {
    const steps = await warehouse.rows<{ run_no: number; step: number }>(
      `SELECT run_no, max(service_no) AS step FROM run_service_stored
       WHERE ${among(some)} AND service_no % ${STEP} = 0 AND service <= ${literal(service)} GROUP BY run_no`,
    )
    const found: ServicePlace[] = []
    for (const step of new Set(steps.map((one) => one.step)))
      found.push(...(await between(some.filter(hasStep(steps, step)), step)))
    return found
  }
  const [first, ...others] = numbered
  if (first === undefined) return []
  const [place] = await search([first])
  if (others.length === 0) return place ? [place] : []
  if (place === undefined) return search(others)
  const beside = await between(others, Math.max(0, place.serviceNo - STEP / 2))
  const far = others.filter(({ run_no }) => !beside.some(({ runNo }) => runNo === run_no))
  return [place, ...beside, ...(far.length === 0 ? [] : await search(far))]
}

const hasStep = (steps: ReadonlyArray<{ readonly run_no: number; readonly step: number }>, step: number) => {
  const runs = new Set(steps.filter((one) => one.step === step).map(({ run_no }) => run_no))
  return ({ run_no }: Numbered) => runs.has(run_no)
}
