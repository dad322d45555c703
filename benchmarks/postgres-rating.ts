// The same month by window functions of PostgreSQL, and its rows compared with ours one by one. PostgreSQL has less to do: one
// bucket for each kind of usage, no periods, no balances, no history and no proof.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Workspace } from '@spillway/engine'
import { openWorkspace } from '../packages/engine/src/workspace/workspace.ts'
import { RATED_RUN } from './rating-runs.ts'
import { BENCH } from './rating-workspace.ts'

const RUNS = 3
const TABLES = {
  service: 'service text, account text, product text',
  usage: 'service text, usage_type text, started_at timestamp, id text, quantity_base bigint',
}
/** What somebody sets who has read one page about it; the same two cores as ours. */
const SETTINGS = ['shared_buffers=512MB', 'work_mem=256MB', 'maintenance_work_mem=256MB', 'max_wal_size=4GB', 'jit=off']

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
  const binaries = findBinaries()
  if (binaries === null) return null
  const workspace = await openWorkspace(directory, { access: 'write', ...BENCH })
  const home = mkdtempSync(join(tmpdir(), 'spillway-postgres-'))
  chmodSync(home, 0o777)
  try {
    await exportRows(workspace, home)
    const measured = withServer({ binaries, home }, (psql) => rate(psql, home, readFileSync(sqlFile, 'utf8')))
    return { ...measured, settings: SETTINGS, ...(await compare(workspace, home)) }
  } finally {
    await workspace.close()
    rmSync(home, { recursive: true, force: true })
  }
}

function findBinaries(): string | null {
  const root = '/usr/lib/postgresql'
  try {
    const [newest] = readdirSync(root).sort((a, b) => Number(b) - Number(a))
    return newest === undefined ? null : join(root, newest, 'bin')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

async function exportRows({ warehouse }: Workspace, home: string): Promise<void> {
  for (const [table, columns] of Object.entries(TABLES)) {
    const names = columns.replaceAll(/ (text|bigint|timestamp)/g, '')
    await warehouse.run(
      `COPY (SELECT ${names} FROM ${table}) TO '${join(home, `${table}.csv`)}' (FORMAT csv, HEADER false)`,
    )
  }
}

type Psql = (...commands: ReadonlyArray<string>) => string
type Server = { readonly binaries: string; readonly home: string }

function withServer<T>({ binaries, home }: Server, work: (psql: Psql) => T): T {
  // PostgreSQL refuses to run as root.
  const isRoot = process.getuid?.() === 0
  const call = (program: string, args: ReadonlyArray<string>) => {
    const path = join(binaries, program)
    const [file, all] = isRoot ? ['runuser', ['-u', 'postgres', '--', path, ...args]] : [path, args]
    const options = { encoding: 'utf8', cwd: home, stdio: ['ignore', 'pipe', 'inherit'] } as const
    return execFileSync(file as string, all as string[], { ...options, stdio: ['ignore', 'pipe', 'inherit'] })
  }
  const data = join(home, 'data')
  const socket = join(home, 'socket')
  mkdirSync(socket)
  chmodSync(socket, 0o777)
  call('initdb', ['-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C'])
  const options = [`-k ${socket}`, '-c listen_addresses=', ...SETTINGS.map((setting) => `-c ${setting}`)].join(' ')
  call('pg_ctl', ['-D', data, '-w', '-s', '-o', options, '-l', join(home, 'log'), 'start'])
  try {
    return work((...commands) => {
      const quiet = ['SET client_min_messages = warning', ...commands].flatMap((one) => ['-c', one])
      return call('psql', ['-h', socket, '-U', 'postgres', '-qAt', '-v', 'ON_ERROR_STOP=1', ...quiet])
    })
  } finally {
    call('pg_ctl', ['-D', data, '-w', '-s', '-m', 'fast', 'stop'])
  }
}

function rate(psql: Psql, home: string, sql: string) {
  for (const [table, columns] of Object.entries(TABLES))
    psql(`CREATE TABLE ${table} (${columns})`, `\\copy ${table} FROM '${join(home, `${table}.csv`)}' (FORMAT csv)`)
  psql('VACUUM ANALYZE')
  // Ten events a service, as the size that is laid beside it has.
  const statements = sql.replaceAll(':times', '1')
  const postgresMs: number[] = []
  for (let run = 0; run < RUNS; run += 1) {
    const startedAt = performance.now()
    psql(statements)
    postgresMs.push(Math.round(performance.now() - startedAt))
  }
  writeFileSync(join(home, 'rated.csv'), '')
  chmodSync(join(home, 'rated.csv'), 0o666)
  psql(`\\copy rated TO '${join(home, 'rated.csv')}' (FORMAT csv, FORCE_QUOTE *)`)
  return { version: psql('SHOW server_version').trim(), postgresMs }
}

async function compare({ warehouse }: Workspace, home: string) {
  const columns = 'service, usage_type, bucket, tier, quantity_base, amount_minor'
  const types = `{'service': 'VARCHAR', 'usage_type': 'VARCHAR', 'bucket': 'VARCHAR', 'tier': 'INTEGER',
    'quantity_base': 'BIGINT', 'amount_minor': 'BIGINT'}`
  await warehouse.run(
    `CREATE TEMP TABLE theirs AS SELECT ${columns.replace('bucket', "coalesce(bucket, '') AS bucket")}
     FROM read_csv('${join(home, 'rated.csv')}', header = false, columns = ${types})`,
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
