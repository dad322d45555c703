// Whether results are stored as numbers: a warehouse of version 1 that is open to read only has them in words alone.
import type { ScopedWorkspace } from '../../workspace/scope.ts'

export async function hasNumbers({ warehouse }: ScopedWorkspace): Promise<boolean> {
  const found = await warehouse.rows(
    "SELECT 1 FROM duckdb_tables() WHERE table_name = 'run_part' AND database_name = current_database()",
  )
  return found.length > 0
}
