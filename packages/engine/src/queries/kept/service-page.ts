// Pages of the services of a run and what they carry, from memory; names are looked up for the page alone.
import { compareBytes } from '@spillway/core'
import type { RunTable } from '../../catalog/tables.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { type ReportField, toReportRow } from '../amount-cells.ts'
import type { PagePlace } from '../arranged-report.ts'
import type { RowFilter } from '../filter/row-filter.ts'
import { NAME_OF_EMPTY } from '../names.ts'
import { directoryNames } from './directory-names.ts'
import { type KeptPage, orderOf, totalsOf } from './kept-page.ts'
import { placesOfLargest } from './places-of-largest.ts'
import { SERVICE_AMOUNTS, type ServiceAmount, type ServiceRow, type ServiceSums } from './service-sums.ts'

export type ServicesOf = {
  readonly services: ServiceSums
  readonly run: Pick<RunTable, 'inputs'>
  readonly filter: RowFilter
  readonly fields: ReadonlyArray<ReportField>
}

/** null where the filter is about more than who owns a service, or leaves too many. */
export function keptServicePage(workspace: ScopedWorkspace, of: ServicesOf): KeptPage | null {
  const { services, filter, fields } = of
  const filtered = filter.size === 0 ? undefined : services.filtered(filter)
  if (filtered === null) return null
  return async ({ arrangement, place }) => {
    const order = orderOf(fields, arrangement)
    if (order === null) return null
    const rows = rowsOfPage(of, { filtered, order, place })
    if (rows === null) return null
    const totals = filtered ? totalsByCurrency(filtered) : services.totals
    const page = await named(workspace, { ...of, rows: rows.map(toRow) })
    return {
      rows: page.map((row) => toReportRow(row, fields)),
      rowCount: filtered?.length ?? services.totals.reduce((sum, { rowCount }) => sum + rowCount, 0),
      totals: totalsOf(fields, totals.map(amountsOf)),
    }
  }
}

type Asked = {
  readonly filtered: ReadonlyArray<ServiceRow> | undefined
  readonly order: Exclude<ReturnType<typeof orderOf>, null>
  readonly place: PagePlace
}

/** null for an order that is not known here. */
function rowsOfPage({ services }: ServicesOf, { filtered, order, place }: Asked): ReadonlyArray<ServiceRow> | null {
  const inOwnOrder = () => (filtered ? pageOfFew(filtered, { wanted: null, place }) : services.page(place))
  if (order === undefined) return inOwnOrder()
  const { column, isDescending } = order
  if (column === 'key') return filtered ? null : services.pageByKey({ isDescending, ...place })
  // Where services are nobody's, only what has no service is called anything, and that comes first in its own order too.
  if (column === 'name') return services.hasPeople ? null : inOwnOrder()
  const by = SERVICE_AMOUNTS.find((amount) => amount === column)
  if (by === undefined) return null
  const wanted = { by, isDescending }
  return filtered ? pageOfFew(filtered, { wanted, place }) : services.pageByAmount({ ...wanted, ...place })
}

type Wanted = { readonly by: ServiceAmount; readonly isDescending: boolean }

/** Of rows that are all in memory; equal ones stay in their own order. */
function pageOfFew(
  rows: ReadonlyArray<ServiceRow>,
  { wanted, place: { offset, limit } }: { readonly wanted: Wanted | null; readonly place: PagePlace },
): ReadonlyArray<ServiceRow> {
  if (!wanted) return rows.slice(offset, offset + limit)
  const values = rows.map(VALUE_OF[wanted.by])
  const count = Math.min(rows.length, offset + limit)
  const places = placesOfLargest((place) => values[place] as bigint, { ...wanted, count, of: rows.length })
  return places.slice(offset).map((place) => rows[place] as ServiceRow)
}

const VALUE_OF: Readonly<Record<ServiceAmount, (row: ServiceRow) => bigint>> = {
  actual_minor: ({ actualMinor }) => actualMinor,
  adjusted_minor: ({ adjustedMinor }) => adjustedMinor,
  difference_minor: ({ actualMinor, adjustedMinor }) => adjustedMinor - actualMinor,
}

function totalsByCurrency(rows: ReadonlyArray<ServiceRow>): ReadonlyArray<Amounts> {
  const sums = new Map<string, { currency: string; actualMinor: bigint; adjustedMinor: bigint }>()
  for (const { currency, actualMinor, adjustedMinor } of rows) {
    const sum = sums.get(currency)
    if (sum) {
      sum.actualMinor += actualMinor
      sum.adjustedMinor += adjustedMinor
    } else sums.set(currency, { currency, actualMinor, adjustedMinor })
  }
  return [...sums.values()]
}

type Amounts = Pick<ServiceRow, 'currency' | 'actualMinor' | 'adjustedMinor'>

const amountsOf = ({ currency, actualMinor, adjustedMinor }: Amounts): Row => ({
  currency,
  actual_minor: actualMinor,
  adjusted_minor: adjustedMinor,
  difference_minor: adjustedMinor - actualMinor,
})

const toRow = ({ service, currency, actualMinor, adjustedMinor }: ServiceRow): Row => ({
  service,
  currency,
  actual_minor: actualMinor,
  adjusted_minor: adjustedMinor,
  difference_minor: adjustedMinor - actualMinor,
})

/** With `key` and `name` in place of the place of the service. */
async function named(
  workspace: ScopedWorkspace,
  { services, run, rows }: ServicesOf & { readonly rows: ReadonlyArray<Row> },
): Promise<ReadonlyArray<Row>> {
  const people = rows.map(({ service }) => services.peopleOf(service as number))
  const keys = [...new Set(people.flat())]
  const known = await directoryNames(workspace, { by: 'person', run, keys })
  return rows.map((row, at) => {
    const key = services.nameOf(row.service as number)
    const names = new Set((people[at] ?? []).flatMap((person) => known.get(person) ?? []))
    return { ...row, key, name: key === '' ? NAME_OF_EMPTY.service : [...names].sort(compareBytes).join(', ') }
  })
}
