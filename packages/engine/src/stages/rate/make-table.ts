// Makes a table of the scratch database by its columns, for a writer.

import type { PeriodScope } from '../allocate/period-scope.ts'

/** Makes a scratch table; the names of its columns. */
export async function makeTable(
  { warehouse, scratch }: Pick<PeriodScope, 'warehouse' | 'scratch'>,
  table: string,
  columns: Readonly<Record<string, string>>,
): Promise<string[]> {
  const parts = Object.entries(columns).map(([name, type]) => `${name} ${type}`)
  await warehouse.run(`CREATE TABLE ${scratch}.${table} (${parts.join(', ')})`)
  return Object.keys(columns)
}
