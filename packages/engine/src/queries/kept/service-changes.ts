// What services carry otherwise in one run than in another, from memory: those that changed most, as many as anybody scrolls to, of
// a million. Found once for two runs and a view, and let go of with either of them.
import type { PagePlace } from '../arranged-report.ts'
import type { ReportView } from '../charges-report.ts'
import { type ChangesOf, changesOf, pairedRows } from './paired-rows.ts'
import { placesOfLargest } from './places-of-largest.ts'
import type { ServiceSums } from './service-sums.ts'

export type KeyChange = {
  readonly key: string
  readonly currency: string
  readonly beforeMinor: bigint
  readonly afterMinor: bigint
}

/** More of one page are put in order by the database. */
const LARGEST_MAX = 10_000
const kept = new WeakMap<ServiceSums, WeakMap<ServiceSums, Map<ReportView, ServiceChanges>>>()

export function serviceChanges(of: ChangesOf): ServiceChanges {
  const { before, after, view } = of
  const beside = kept.get(after) ?? new WeakMap<ServiceSums, Map<ReportView, ServiceChanges>>()
  kept.set(after, beside)
  const views = beside.get(before) ?? new Map<ReportView, ServiceChanges>()
  beside.set(before, views)
  const known = views.get(view) ?? new ServiceChanges(changedRows(of), view)
  views.set(view, known)
  return known
}

/** Rows of both runs, -1 where there is none: the greatest change first, then in the order of names and currencies. */
type ChangedRows = {
  readonly rowCount: number
  readonly inBefore: Int32Array
  readonly inAfter: Int32Array
  /** Neither keeps the other in memory. */
  readonly before: WeakRef<ServiceSums>
  readonly after: WeakRef<ServiceSums>
}

class ServiceChanges {
  readonly #rows: ChangedRows
  readonly #view: ReportView

  constructor(rows: ChangedRows, view: ReportView) {
    this.#rows = rows
    this.#view = view
  }

  get rowCount(): number {
    return this.#rows.rowCount
  }

  /** null where it is far down. */
  page({ offset, limit }: PagePlace): ReadonlyArray<KeyChange> | null {
    const { rowCount, inBefore, inAfter } = this.#rows
    const [before, after] = [this.#rows.before.deref(), this.#rows.after.deref()]
    const end = Math.min(rowCount, offset + limit)
    if (!before || !after || end > inAfter.length) return null
    const [beforeValue, afterValue] = [before.valuesOf(`${this.#view}_minor`), after.valuesOf(`${this.#view}_minor`)]
    const changes: KeyChange[] = []
    for (let place = offset; place < end; place += 1) {
      const [own, later] = [inBefore[place] as number, inAfter[place] as number]
      const [sums, row] = later < 0 ? [before, own] : [after, later]
      const { service, currency } = sums.keyAt(row)
      changes.push({
        key: sums.nameOf(service),
        currency: sums.currencies[currency] as string,
        beforeMinor: own < 0 ? 0n : BigInt(beforeValue(own)),
        afterMinor: later < 0 ? 0n : BigInt(afterValue(later)),
      })
    }
    return changes
  }
}

function changedRows({ before, after, view }: ChangesOf): ChangedRows {
  const rows = pairedRows(before, after)
  const changeAt = changesOf({ before, after, view })
  let rowCount = 0
  for (let at = 0; at < rows.count; at += 1) {
    const [own, later] = [rows.inBefore[at] as number, rows.inAfter[at] as number]
    const change = changeAt(own, later)
    if (change === 0 || change === 0n) continue
    rows.inBefore[rowCount] = own
    rows.inAfter[rowCount] = later
    rowCount += 1
  }
  const distanceAt = (at: number) => {
    const change = changeAt(rows.inBefore[at] as number, rows.inAfter[at] as number)
    return change < 0 ? -change : change
  }
  const largest = placesOfLargest(distanceAt, { count: LARGEST_MAX, isDescending: true, of: rowCount })
  return {
    rowCount,
    inBefore: Int32Array.from(largest, (at) => rows.inBefore[at] as number),
    inAfter: Int32Array.from(largest, (at) => rows.inAfter[at] as number),
    before: new WeakRef(before),
    after: new WeakRef(after),
  }
}
