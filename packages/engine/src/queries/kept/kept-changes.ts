// What changed between two runs, from memory: by service those that changed most, by anything else all of it.
import { compareBytes } from '@spillway/core'
import type { RunTable } from '../../catalog/tables.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { type ReportField, toReportRow } from '../amount-cells.ts'
import type { ReportView } from '../charges-report.ts'
import { currentRuns } from '../current-run.ts'
import { NO_FILTER } from '../filter/row-filter.ts'
import { DIMENSION_COLUMN, NAME_OF_EMPTY } from '../names.ts'
import { type NamedDimension, shownNames } from './directory-names.ts'
import { type KeptPage, orderOf, pageOfKept } from './kept-page.ts'
import { servicesOfOneMore } from './one-more-run.ts'
import { type KeyChange, serviceChanges } from './service-changes.ts'
import { serviceNames } from './service-names.ts'

export type ChangesOf = {
  readonly before: RunTable
  readonly after: RunTable
  readonly by: 'service' | NamedDimension
  readonly view: ReportView
  readonly fields: ReadonlyArray<ReportField>
}

/** null where too little is kept: sums are made of the runs that speak for their months, and by service of one more. */
export async function keptChanges(workspace: ScopedWorkspace, of: ChangesOf): Promise<KeptPage | null> {
  const { sums } = workspace
  if (!sums) return null
  const current = new Set((await currentRuns(workspace)).map(({ id }) => id))
  const runs = [of.before, of.after]
  const others = runs.filter(({ id }) => !current.has(id))
  if (of.by === 'service')
    return new Set(others.map(({ id }) => id)).size > 1 ? null : changesOfServices(workspace, { ...of, current })
  if (others.length > 0) return null
  await sums.ofRuns(runs.map(({ id }) => id))
  return changesOfOthers(workspace, { ...of, by: of.by })
}

type OfServices = ChangesOf & { readonly current: ReadonlySet<string> }

async function changesOfServices(workspace: ScopedWorkspace, of: OfServices): Promise<KeptPage | null> {
  const { before, after, view, fields, current } = of
  const servicesOf = async (run: RunTable) =>
    current.has(run.id) ? await workspace.sums?.ofServices(run.id) : servicesOfOneMore(workspace, run)
  const [earlier, later] = [await servicesOf(before), await servicesOf(after)]
  if (!earlier || !later) return null
  return async ({ arrangement, place }) => {
    if (orderOf(fields, arrangement) !== undefined) return null
    const changes = serviceChanges({ before: earlier, after: later, view })
    const page = changes.page(place)
    if (page === null) return null
    const keys = [...new Set(page.map(({ key }) => key))].filter((key) => key !== '')
    const names = await serviceNames(workspace, { inMonths: [later, earlier], run: after, keys })
    const rows = page.map((change) =>
      toRow({ ...change, name: change.key === '' ? NAME_OF_EMPTY.service : (names.get(change.key) ?? '') }),
    )
    return { rows: rows.map((row) => toReportRow(row, fields)), rowCount: changes.rowCount, totals: [] }
  }
}

type Others = ChangesOf & { readonly by: NamedDimension }

function changesOfOthers(workspace: ScopedWorkspace, { before, after, by, view, fields }: Others): KeptPage | null {
  const [earlier, later] = [before, after].map(({ id }) =>
    workspace.sums?.sumsOf(id)?.sum([DIMENSION_COLUMN[by], 'currency'], NO_FILTER),
  )
  if (!earlier || !later) return null
  const changes = new Map<string, KeyChange>()
  for (const [isAfter, rows] of [earlier, later].entries())
    for (const { keys, actualMinor, adjustedMinor } of rows) {
      const [key = '', currency = ''] = keys
      const place = JSON.stringify(keys)
      const known = changes.get(place) ?? { key, currency, beforeMinor: 0n, afterMinor: 0n }
      const minor = view === 'actual' ? actualMinor : adjustedMinor
      changes.set(place, { ...known, ...(isAfter === 1 ? { afterMinor: minor } : { beforeMinor: minor }) })
    }
  const rows = [...changes.values()]
    .filter(({ beforeMinor, afterMinor }) => beforeMinor !== afterMinor)
    .sort(inOrder)
    .map((change) => toRow({ ...change, name: '' }))
  const fill = async (page: ReadonlyArray<Row>) => {
    const nameOf = await shownNames(workspace, { by, run: after, keys: page.map(({ key }) => String(key)) })
    return page.map((row) => ({ ...row, name: nameOf(String(row.key)) }))
  }
  return async (asked) => {
    const page = await pageOfKept({ fields, rows, fill, without: ['name'] }, asked)
    return page && { ...page, totals: [] }
  }
}

const toRow = ({ key, name, currency, beforeMinor, afterMinor }: KeyChange & { readonly name: string }): Row => ({
  key,
  name,
  currency,
  before_minor: beforeMinor,
  after_minor: afterMinor,
  change_minor: afterMinor - beforeMinor,
})

/** The greatest change first, either way. */
function inOrder(left: KeyChange, right: KeyChange): number {
  const [one, other] = [left, right].map(({ beforeMinor, afterMinor }) => {
    const change = afterMinor - beforeMinor
    return change < 0n ? -change : change
  }) as [bigint, bigint]
  if (one !== other) return one > other ? -1 : 1
  return compareBytes(left.key, right.key) || compareBytes(left.currency, right.currency)
}
