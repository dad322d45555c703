// Whether a report will be answered from what is kept in memory, in some milliseconds: for whoever decides who waits for whom.
// Decides nothing about what is answered.
import type { KeptSums } from '../kept-sums.ts'
import type { ReportRequest } from '../report-names.ts'
import { SERVICE_FILTERS } from './service-sums.ts'

type CurrentRun = { readonly id: string; readonly period: string }

/** `runs`: those that speak for their months. */
export function isAnsweredFromMemory(
  { sums }: { readonly sums?: KeptSums | undefined },
  { asked, runs }: { readonly asked: ReportRequest; readonly runs: ReadonlyArray<CurrentRun> },
): boolean {
  const { name, by = 'cost-centre', search = '', sort = '' } = asked
  const at = runs.findIndex(({ period }) => period === asked.period)
  const run = runs[at]
  if (!sums || !run || search !== '' || /^-?(name|key)$/.test(sort)) return false
  const isSummed = (one: CurrentRun | undefined) => one !== undefined && sums.sumsOf(one.id) !== null
  const filters = filtersOf(asked)
  const isOfServices = by === 'service' || filters.includes('service')
  switch (name) {
    case 'cost-centres':
      return isSummed(run)
    case 'charges':
      if (by === 'line') return false
      if (!isOfServices) return isSummed(run)
      return sums.servicesOf(run.id) !== null && filters.every((filter) => SERVICE_FILTERS.has(filter))
    case 'movers':
      if (!isOfServices) return isSummed(run) && isSummed(runs[at - 1])
      return filters.length === 0 && sums.hasMovesOf(run.id)
    case 'pools':
      return sums.hasPoolsOf(run.id)
    case 'allocation':
      return sort === '' && !filters.includes('service') && sums.hasPartsOf(run.id)
    case 'trend': {
      const isCounted = by !== 'all' && (asked.columns ?? 'services').includes('services')
      return asked.of !== 'usage' && !isOfServices && !isCounted && runs.slice(0, at + 1).every(isSummed)
    }
    default:
      return false
  }
}

/** Columns by which rows are left out. */
function filtersOf({ where = [] }: ReportRequest): ReadonlyArray<string> {
  const terms = typeof where === 'string' ? [where] : where
  return terms.map((term) => term.split('=', 1)[0]?.replace('-below', '').replaceAll('-', '_') ?? '')
}
