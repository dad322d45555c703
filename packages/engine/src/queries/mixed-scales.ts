// Orders by an amount where currencies have different decimals: minor units with and without them have no order among each
// other, so that rows are put in order in memory, by their decimals.
import { minorDigitsOf, type Report } from '@spillway/core'
import { type Arrangement, arrangeReport, type QueriedReport } from './arranged-report.ts'

/** Whether amounts of all of them have as many decimals. */
export function haveOneScale(currencies: ReadonlyArray<string>): boolean {
  return new Set(currencies.map(minorDigitsOf)).size <= 1
}

/** The report, in the order of an amount by decimals; every other arrangement is still the database's. */
export function withMixedScales(report: QueriedReport): Report {
  const { page: _, arranged: inDatabase, ...inMemory } = report
  const isByAmount = ({ sort }: Arrangement) =>
    report.columns.some(({ key, kind }) => kind === 'amount' && key === sort?.replace(/^-/, ''))
  const arranged = (arrangement: Arrangement) =>
    isByAmount(arrangement) ? arrangeReport(inMemory, arrangement) : inDatabase(arrangement)
  const mixed = { ...report, arranged }
  return mixed
}
