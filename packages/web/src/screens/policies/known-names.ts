// Pools, vendors and cost centres that the month knows, to offer where a policy names one. Other names can be typed.
import { rowsOf, useReport } from '../../api/use-report.ts'
import { usePeriods } from '../../app/periods.ts'
import { useNames } from '../catalogue/document/names.ts'

export type KnownNames = {
  readonly pools: ReadonlyArray<string>
  readonly vendors: ReadonlyArray<string>
  readonly costCentres: ReadonlyArray<string>
}

/** More than anybody chooses from. */
const NAMES_MAX = 1000

export function useKnownNames(): KnownNames {
  const { period } = usePeriods()
  const options = { isReady: period !== undefined, pageRows: NAMES_MAX }
  const pools = useReport('pools', { period }, options)
  const vendors = useReport('charges', { period, by: 'vendor' }, options)
  const centres = useReport('cost-centres', { period }, options)
  const documents = useNames('Pool').map(({ value }) => value)
  return {
    pools: distinct([...documents, ...rowsOf(pools.data).map(({ pool }) => pool)]),
    vendors: distinct(rowsOf(vendors.data).map(({ key }) => key)),
    costCentres: distinct(rowsOf(centres.data).map(({ key }) => key)),
  }
}

const distinct = (names: ReadonlyArray<string | null | undefined>) =>
  [...new Set(names.filter((name): name is string => typeof name === 'string' && name !== ''))].sort()
