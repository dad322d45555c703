// A row of cost_centres.csv (spec, import, "Facts").
import type { CostCentre } from './fact.ts'
import { type CellOf, type FactReading, RowCells, type RowContext } from './read-cells.ts'

export const COST_CENTRE_COLUMNS = ['cost_centre', 'parent', 'name', 'gl_code', 'budget'] as const
export type CostCentreColumn = (typeof COST_CENTRE_COLUMNS)[number]
export const COST_CENTRE_REQUIRED = ['cost_centre'] as const satisfies ReadonlyArray<CostCentreColumn>

export function readCostCentre(
  cell: CellOf<CostCentreColumn>,
  context: RowContext<CostCentreColumn>,
): FactReading<CostCentre> {
  const row = new RowCells(cell, context)
  const costCentre = row.requiredId('cost_centre')
  const parent = row.id('parent')
  const glCode = row.id('gl_code')
  const budget = row.decimal('budget', { placesMax: 4, isSigned: false })
  if (row.hasProblems || costCentre === null || parent === null || glCode === null || budget === null) {
    return row.refused()
  }
  return { fact: { fact: 'cost-centre', costCentre, parent, name: row.text('name'), glCode, budget, extra: row.extra } }
}
