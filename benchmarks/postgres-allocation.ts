// The same allocation by PostgreSQL in plain SQL, beside a close: the same rows, a floor, largest remainder, and the figures
// of both compared one by one. PostgreSQL has less to do: it stores amounts, and no roll-up, no usage, no proof.
import { readFileSync } from 'node:fs'
import { closePeriod, openWorkspace, periodNamed, saveConfiguration, type Workspace } from '@spillway/engine'
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

const RUNS = 3
const FLOOR_MINOR = 500
const TABLES = {
  pool_member: 'pool text, service text',
  charge: 'service text, category text, amount_minor bigint',
  usage: 'service text, quantity_base bigint',
}
const POLICY = {
  kind: 'AllocationPolicy',
  name: 'bench',
  'applies-to': { model: 'data-plus' },
  components: ['access', 'overage'].map((category) => ({ name: category, charges: [{ category }], floor: '5.00' })),
}

export type PostgresMeasured = {
  readonly version: string
  readonly settings: ReadonlyArray<string>
  readonly postgresMs: ReadonlyArray<number>
  /** The close of the same rows by the same policy, in the same run. */
  readonly closeMs: ReadonlyArray<number>
  readonly rows: number
  /** Rows of one that the other has not; 0, or the comparison is void. */
  readonly differing: number
}

type Spent = (work: () => Promise<unknown>) => Promise<{ readonly elapsedMs: number }>

/** Null where no PostgreSQL is installed. The server lives in a folder of its own and is stopped, whatever happens. */
export async function measurePostgres(directory: string, spent: Spent): Promise<PostgresMeasured | null> {
  const binaries = findPostgres()
  if (binaries === null) return null
  const actor = { who: 'bench', now: () => new Date('2026-11-02T00:00:00Z'), codeVersion: 'bench' }
  const workspace = await openWorkspace(directory, { access: 'write', actor, holder: 'npm run bench' })
  try {
    await saveConfiguration(workspace, { kind: POLICY.kind, name: POLICY.name, body: POLICY })
    const closeMs: number[] = []
    for (let run = 0; run < RUNS; run += 1)
      closeMs.push((await spent(() => closePeriod(workspace, { period: periodNamed('2026-10') }))).elapsedMs)
    return await withHome(async (home) => {
      await exportTables(workspace, TABLES, home)
      const { path, ...measured } = await withPostgres({ binaries, home }, (psql) => allocate(psql, home, spent))
      return { ...measured, settings: POSTGRES_SETTINGS, closeMs, ...(await compare(workspace, path)) }
    })
  } finally {
    await workspace.close()
  }
}

async function allocate(psql: Psql, home: string, spent: Spent) {
  loadTables(psql, TABLES, home)
  const sql = readFileSync(new URL('./postgres-allocation.sql', import.meta.url), 'utf8')
  const statements = sql.replaceAll(':floor_minor', String(FLOOR_MINOR))
  const postgresMs: number[] = []
  for (let run = 0; run < RUNS; run += 1) postgresMs.push((await spent(async () => psql(statements))).elapsedMs)
  const path = takeTable(psql, { table: 'adjusted', home, format: 'FORMAT csv' })
  return { version: psql('SHOW server_version').trim(), postgresMs, path }
}

async function compare({ warehouse, catalog }: Workspace, path: string) {
  const { id } = await catalog.selectFrom('run').select('id').where('state', '=', 'closed').executeTakeFirstOrThrow()
  const columns = 'pool, component, service, actual_minor, adjusted_minor'
  const types =
    "{'pool': 'VARCHAR', 'component': 'VARCHAR', 'service': 'VARCHAR', 'actual_minor': 'BIGINT', 'adjusted_minor': 'BIGINT'}"
  await warehouse.run(
    `CREATE TEMP TABLE theirs AS SELECT ${columns} FROM read_csv('${path}', header = false, columns = ${types})`,
  )
  await warehouse.run(`CREATE TEMP TABLE ours AS SELECT ${columns} FROM allocation WHERE run = $id`, { id })
  const { rows, differing } = await warehouse.row<{ rows: bigint; differing: bigint }>(
    `SELECT (SELECT count(*) FROM theirs) AS rows, (SELECT count(*) FROM (
       (FROM ours EXCEPT ALL FROM theirs) UNION ALL (FROM theirs EXCEPT ALL FROM ours))) AS differing`,
  )
  return { rows: Number(rows), differing: Number(differing) }
}
