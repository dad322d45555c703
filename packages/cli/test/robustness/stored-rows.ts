// What a workspace stores beside what its catalog says that it stores.
import { openWorkspace, type Workspace } from '@spillway/engine'
import { CODE_VERSION } from '../../src/version.ts'

export const TEST_ACTOR = { who: 'tester', now: () => new Date('2026-11-22T09:00:00Z'), codeVersion: CODE_VERSION }

/** Opens a workspace to read for `work`, as a report does. */
export async function reading<T>(directory: string, work: (workspace: Workspace) => Promise<T>): Promise<T> {
  const workspace = await openWorkspace(directory, { access: 'read', actor: TEST_ACTOR, holder: 'test' })
  try {
    return await work(workspace)
  } finally {
    await workspace.close()
  }
}

/** Opens a workspace to write for `work`. */
export async function writing<T>(directory: string, work: (workspace: Workspace) => Promise<T>): Promise<T> {
  const workspace = await openWorkspace(directory, { access: 'write', actor: TEST_ACTOR, holder: 'test' })
  try {
    return await work(workspace)
  } finally {
    await workspace.close()
  }
}

/** The tables of a warehouse that have a column of this name, in the order of their names. */
async function tablesWith({ warehouse }: Workspace, column: string): Promise<string[]> {
  const rows = await warehouse.rows<{ name: string }>(
    `SELECT table_name AS name FROM duckdb_columns() WHERE column_name = $column AND NOT internal ORDER BY table_name`,
    { column },
  )
  return rows.map(({ name }) => name)
}

/** Disagreements between the stores, as sentences: none in a workspace where nothing is half there. */
export async function disagreementsOf(directory: string): Promise<string[]> {
  return reading(directory, async (workspace) => {
    const { catalog, warehouse } = workspace
    const batches = await catalog.selectFrom('batch').select(['id', 'state']).execute()
    const documents = await catalog.selectFrom('document').select(['id', 'row_count']).execute()
    const runs = await catalog.selectFrom('run').select(['id', 'state']).execute()
    const found = [...batches, ...runs]
      .filter(({ state }) => state === 'writing')
      .map(({ id }) => `${id} is half written`)
    const stored = new Map<number, number>()
    for (const table of await tablesWith(workspace, 'doc')) {
      const rows = await warehouse.rows<{ doc: number; count: bigint }>(
        `SELECT doc, count(*) AS count FROM "${table}" GROUP BY doc`,
      )
      for (const { doc, count } of rows) stored.set(doc, (stored.get(doc) ?? 0) + Number(count))
    }
    for (const { id, row_count } of documents) {
      const count = stored.get(id) ?? 0
      if (count !== row_count) found.push(`document ${id} has ${count} rows of ${row_count}`)
      stored.delete(id)
    }
    for (const [id, count] of stored) found.push(`${count} rows of a document ${id} that nobody knows`)
    const known = new Set(runs.map(({ id }) => id))
    for (const table of await tablesWith(workspace, 'run')) {
      const rows = await warehouse.rows<{ run: string }>(`SELECT DISTINCT run FROM "${table}"`)
      for (const { run } of rows) if (!known.has(run)) found.push(`rows of a run ${run} in ${table} that nobody knows`)
    }
    return found
  })
}
