// A row of projects.csv (spec, import, "Facts"; spec, accounts, "Projects and billable time").
import type { Project } from './fact.ts'
import { type CellOf, type FactReading, RowCells, type RowContext } from './read-cells.ts'

export const PROJECT_COLUMNS = ['project', 'client', 'name', 'rate', 'increment_minutes', 'from', 'to'] as const
export type ProjectColumn = (typeof PROJECT_COLUMNS)[number]
export const PROJECT_REQUIRED = ['project'] as const satisfies ReadonlyArray<ProjectColumn>

const MINUTES_PER_DAY = 1440

export function readProject(cell: CellOf<ProjectColumn>, context: RowContext<ProjectColumn>): FactReading<Project> {
  const row = new RowCells(cell, context)
  const project = row.requiredId('project')
  const client = row.id('client')
  const rate = row.decimal('rate', { placesMax: 9, isSigned: false })
  const incrementMinutes = row.count('increment_minutes', { min: 1, max: MINUTES_PER_DAY }) ?? null
  const { from, to } = row.openRange('from', 'to')
  if (row.hasProblems || project === null || client === null || rate === null) return row.refused()
  const name = row.text('name')
  return { fact: { fact: 'project', project, client, name, rate, incrementMinutes, from, to, extra: row.extra } }
}
