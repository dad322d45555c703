// The same month by window functions of PostgreSQL, and its rows compared with ours one by one. PostgreSQL has less to do: one
// bucket for each kind of usage, no periods, no balances, no history and no proof.
import { readFileSync } from 'node:fs'
import type { Workspace } from '@spillway/engine'
import { openWorkspace } from '../packages/engine/src/workspace/workspace.ts'
import {
  exportTables,
  findPostgres,
  loadTables,
  POSTGRES_SETTINGS,
  type Psql,
  takeTable,
  withHome,
  withPostgres,
} from './postgres-server.ts'
import { RATED_RUN } from './rating-runs.ts'
import { BENCH } from './rating-workspace.ts'

const RUNS = 3
const TABLES = {
  service: 'service text, account text, product text',
  usage: 'service text, usage_type text, started_at timestamp, id text, quantity_base bigint',
}

export type PostgresRated = {
  readonly version: string
  readonly settings: ReadonlyArray<string>
  readonly postgresMs: ReadonlyArray<number>
  readonly rows: number
  /** Rows of one that the other has not; 0, or the comparison is void. */
  readonly differing: number
}

/** Null where no PostgreSQL is installed. The server lives in a folder of its own and is stopped, whatever happens. */
export async function measurePostgres(directory: string, sqlFile: string): Promise<PostgresRated | null> {
  const binaries = findPostgres()
  if (binaries === null) return null
  const workspace = await openWorkspace(directory, { access: 'write', ...BENCH })
  try {
    return await withHome(async (home) => {
      await exportTables(workspace, TABLES, home)
      const sql = readFileSync(sqlFile, 'utf8')
      const { path, ...measured } = await withPostgres({ binaries, home }, async (psql) => rate(psql, home, sql))
      return { ...measured, settings: POSTGRES_SETTINGS, ...(await compare(workspace, path)) }
    })
  } finally {
    await workspace.close()
  }
}

function rate(psql: Psql, home: string, sql: string) {
  loadTables(psql, TABLES, home)
  // Ten events a service, as the size that is laid beside it has.
  const statements = sql.replaceAll(':times', '1')
  const postgresMs: number[] = []
  for (let run = 0; run < RUNS; run += 1) {
    const startedAt = performance.now()
    psql(statements)
    postgresMs.push(Math.round(performance.now() - startedAt))
  }
  const path = takeTable(psql, { table: 'rated', home, format: 'FORMAT csv, FORCE_QUOTE *' })
  return { version: psql('SHOW server_version').trim(), postgresMs, path }
}

async function compare({ warehouse }: Workspace, path: string) {
  const columns = 'service, usage_type, bucket, tier, quantity_base, amount_minor'
  const types = `{'service': 'VARCHAR', 'usage_type': 'VARCHAR', 'bucket': 'VARCHAR', 'tier': 'INTEGER',
    'quantity_base': 'BIGINT', 'amount_minor': 'BIGINT'}`
  await warehouse.run(
    `CREATE TEMP TABLE theirs AS SELECT ${columns.replace('bucket', "coalesce(bucket, '') AS bucket")}
     FROM read_csv('${path}', header = false, columns = ${types})`,
  )
  // Buckets of accounts have a name each, which the SQL does without.
  await warehouse.run(
    `CREATE TEMP TABLE ours AS SELECT service, split_part(usage_class, '/', 1) AS usage_type,
       CASE WHEN bucket LIKE 'A%-data' THEN 'parent-data' WHEN bucket LIKE 'A%-voice' THEN 'account-voice' ELSE bucket END AS bucket,
       tier, quantity_base, amount_minor FROM rated WHERE run = $run`,
    { run: RATED_RUN },
  )
  const { rows, differing } = await warehouse.row<{ rows: bigint; differing: bigint }>(
    `SELECT (SELECT count(*) FROM theirs) AS rows, (SELECT count(*) FROM (
       (FROM ours EXCEPT ALL FROM theirs) UNION ALL (FROM theirs EXCEPT ALL FROM ours))) AS differing`,
  )
  return { rows: Number(rows), differing: Number(differing) }
}
