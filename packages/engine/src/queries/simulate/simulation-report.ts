// A simulation as a report, so that it is printed and exported like any other.
import { formatAmount, type Report, type ReportColumn } from '@spillway/core'
import { oneBatch } from '../amount-cells.ts'
import type { Simulation, SimulationDimension } from './simulation.ts'

const COLUMNS: ReadonlyArray<ReportColumn> = [
  { key: 'key', title: 'Key', kind: 'text' },
  { key: 'name', title: 'Name', kind: 'text' },
  { key: 'currency', title: 'Currency', kind: 'text' },
  { key: 'before', title: 'Before', kind: 'amount' },
  { key: 'after', title: 'After', kind: 'amount' },
  { key: 'change', title: 'Change', kind: 'amount' },
]

/** One row per key and currency that differs, the greatest change first. */
export function simulationReport(simulation: Simulation, { by }: { readonly by: SimulationDimension }): Report {
  const { period, policies, views } = simulation
  const rows = views[by].changes.map(({ key, name, currency, beforeMinor, afterMinor, changeMinor }) => [
    key,
    name,
    currency,
    formatAmount(beforeMinor, currency),
    formatAmount(afterMinor, currency),
    formatAmount(changeMinor, currency),
  ])
  return {
    name: 'simulation',
    title: `${period} by ${by.replace('-', ' ')}, before and after ${policies.map(({ name }) => name).join(', ')}`,
    columns: COLUMNS,
    rows: oneBatch(rows),
  }
}
