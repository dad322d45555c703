// Pages of the services of a run and what they carry, from memory; names are looked up for the page alone.
import { compareBytes } from '@spillway/core'
import type { RunTable } from '../../catalog/tables.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { type ReportField, toReportRow } from '../amount-cells.ts'
import type { RowFilter } from '../filter/row-filter.ts'
import { NAME_OF_EMPTY } from '../names.ts'
import { directoryNames } from './directory-names.ts'
import { type KeptPage, orderOf, pageOfKept, totalsOf } from './kept-page.ts'
import { SERVICE_AMOUNTS, type ServiceRow, type ServiceSums } from './service-sums.ts'

export type ServicesOf = {
  readonly services: ServiceSums
  readonly run: Pick<RunTable, 'inputs'>
  readonly filter: RowFilter
  readonly fields: ReadonlyArray<ReportField>
}

/** null where the filter is about more than who owns a service, or leaves too many. */
export function keptServicePage(workspace: ScopedWorkspace, of: ServicesOf): KeptPage | null {
  const { services, filter, fields } = of
  const fill = (rows: ReadonlyArray<Row>) => named(workspace, { ...of, rows })
  if (filter.size > 0) {
    const filtered = services.filtered(filter)
    const rows = filtered?.map(toRow)
    return rows ? (asked) => pageOfKept({ fields, rows, fill, without: ['key', 'name'] }, asked) : null
  }
  return async ({ arrangement, place }) => {
    const order = orderOf(fields, arrangement)
    if (order === null) return null
    const by = SERVICE_AMOUNTS.find((amount) => amount === order?.column)
    if (order && !by) return null
    const rows = order && by ? services.pageByAmount({ by, ...order, ...place }) : services.page(place)
    if (rows === null) return null
    const page = await fill(rows.map(toRow))
    return {
      rows: page.map((row) => toReportRow(row, fields)),
      rowCount: services.totals.reduce((sum, { rowCount }) => sum + rowCount, 0),
      totals: totalsOf(fields, services.totals.map(amountsOf)),
    }
  }
}

type Amounts = Pick<ServiceRow, 'currency' | 'actualMinor' | 'adjustedMinor'>

const amountsOf = ({ currency, actualMinor, adjustedMinor }: Amounts): Row => ({
  ...{ currency, actual_minor: actualMinor, adjusted_minor: adjustedMinor },
  difference_minor: adjustedMinor - actualMinor,
})

const toRow = (row: ServiceRow): Row => ({ service: row.service, ...amountsOf(row) })

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
