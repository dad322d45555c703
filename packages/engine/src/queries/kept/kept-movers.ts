// What rose and fell most, from memory: of services all that anybody may ask for is found once, of anything else it is ranked
// anew, which takes less than to keep it.
import { type Mover, movesBetween, rankMovers } from '@spillway/core'
import type { RunTable } from '../../catalog/tables.ts'
import type { ScopedWarehouse, ScopedWorkspace } from '../../workspace/scope.ts'
import type { ReportView } from '../charges-report.ts'
import type { RowFilter } from '../filter/row-filter.ts'
import { DIMENSION_COLUMN } from '../names.ts'
import type { MoverDimension } from '../trend-report.ts'
import { directoryNames } from './directory-names.ts'
import type { SummedRow } from './run-sums.ts'
import { serviceMoves } from './service-moves.ts'
import { serviceNames } from './service-names.ts'

export type NamedMovers = { readonly movers: ReadonlyArray<Mover>; readonly names: ReadonlyMap<string, string> }

export type MoversOf = {
  readonly by: MoverDimension
  readonly view: ReportView
  /** At most COUNT_MAX. */
  readonly count: number
  readonly filter: RowFilter
  readonly before: { readonly run: RunTable; readonly month: number }
  readonly now: { readonly run: RunTable; readonly month: number }
}

/** As many as anybody may ask for, so that any count is a part of it. */
export const COUNT_MAX = 1000

type Read = (own: ScopedWarehouse, count: number) => Promise<NamedMovers>

/** null where there is nothing kept to answer from. `read` asks the database for services where too little of them is kept. */
export async function keptMovers(workspace: ScopedWorkspace, of: MoversOf, read: Read): Promise<NamedMovers | null> {
  const { sums } = workspace
  const { by, view, count, filter, before, now } = of
  if (!sums) return null
  if (by === 'service') return filter.size === 0 ? moversOfServices(workspace, of, read) : null
  const runs = [before.run.id, now.run.id]
  await sums.ofRuns(runs)
  const [earlier, later] = runs.map((run) => sums.sumsOf(run)?.sum([DIMENSION_COLUMN[by], 'currency'], filter))
  if (!earlier || !later) return null
  const amountsOf = (rows: ReadonlyArray<SummedRow>) =>
    rows.map(({ keys: [key = '', currency = ''], actualMinor, adjustedMinor }) => ({
      key,
      currency,
      amountMinor: view === 'actual' ? actualMinor : adjustedMinor,
    }))
  const movers = rankMovers(movesBetween({ before: amountsOf(earlier), now: amountsOf(later) }), { count })
  return { movers, names: await directoryNames(workspace, { by, run: now.run, keys: keysOf(movers) }) }
}

const keysOf = (movers: ReadonlyArray<Mover>) => [...new Set(movers.map(({ key }) => key))]

async function moversOfServices(workspace: ScopedWorkspace, of: MoversOf, read: Read): Promise<NamedMovers | null> {
  const { sums } = workspace
  const { by, view, count, before, now } = of
  if (!sums) return null
  const [earlier, later] = [await sums.ofServices(before.run.id), await sums.ofServices(now.run.id)]
  const question = { runs: [before.run.id, now.run.id], question: `${by} ${view}` }
  const all = await sums.ofMoves(question, async (own) => {
    if (!earlier || !later) return read(own, COUNT_MAX)
    const moves = serviceMoves({ before: earlier, now: later, view, count: COUNT_MAX })
    return { movers: rankMovers(moves, { count: COUNT_MAX }), names: null }
  })
  const movers = all.movers.filter(({ rank }) => rank <= count)
  const inMonths = [later, earlier].filter((month) => month !== null)
  return {
    movers,
    names: all.names ?? (await serviceNames(workspace, { inMonths, run: now.run, keys: keysOf(movers) })),
  }
}
