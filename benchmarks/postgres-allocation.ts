// The same allocation by PostgreSQL in plain SQL, beside a close: the same rows, a floor, largest remainder, and the figures
// of both compared one by one. PostgreSQL has less to do: it stores amounts, and no roll-up, no usage, no proof.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closePeriod, openWorkspace, periodNamed, saveConfiguration, type Workspace } from '@spillway/engine'

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
/** What somebody sets who has read one page about it; the same two cores as ours. */
const SETTINGS = ['shared_buffers=512MB', 'work_mem=256MB', 'maintenance_work_mem=256MB', 'max_wal_size=4GB', 'jit=off']

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
  const binaries = findBinaries()
  if (binaries === null) return null
  const actor = { who: 'bench', now: () => new Date('2026-11-02T00:00:00Z'), codeVersion: 'bench' }
  const workspace = await openWorkspace(directory, { access: 'write', actor, holder: 'npm run bench' })
  const home = mkdtempSync(join(tmpdir(), 'spillway-postgres-'))
  chmodSync(home, 0o777)
  try {
    await saveConfiguration(workspace, { kind: POLICY.kind, name: POLICY.name, body: POLICY })
    const closeMs: number[] = []
    for (let run = 0; run < RUNS; run += 1)
      closeMs.push((await spent(() => closePeriod(workspace, { period: periodNamed('2026-10') }))).elapsedMs)
    await exportRows(workspace, home)
    const measured = await withServer({ binaries, home }, (psql) => allocate(psql, home, spent))
    return { ...measured, settings: SETTINGS, closeMs, ...(await compare(workspace, home)) }
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
    const names = columns.replaceAll(/ (text|bigint)/g, '')
    await warehouse.run(
      `COPY (SELECT ${names} FROM ${table}) TO '${join(home, `${table}.csv`)}' (FORMAT csv, HEADER false)`,
    )
  }
}

type Psql = (...commands: ReadonlyArray<string>) => string

async function withServer<T>(
  { binaries, home }: { readonly binaries: string; readonly home: string },
  work: (psql: Psql) => Promise<T>,
): Promise<T> {
  // PostgreSQL refuses to run as root.
  const isRoot = process.getuid?.() === 0
  const call = (program: string, args: ReadonlyArray<string>) => {
    const path = join(binaries, program)
    const [file, all] = isRoot ? ['runuser', ['-u', 'postgres', '--', path, ...args]] : [path, args]
    return execFileSync(file as string, all as string[], {
      encoding: 'utf8',
      cwd: home,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  }
  const data = join(home, 'data')
  const socket = join(home, 'socket')
  mkdirSync(socket)
  chmodSync(socket, 0o777)
  call('initdb', ['-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C'])
  const options = [`-k ${socket}`, '-c listen_addresses=', ...SETTINGS.map((setting) => `-c ${setting}`)].join(' ')
  call('pg_ctl', ['-D', data, '-w', '-s', '-o', options, '-l', join(home, 'log'), 'start'])
  try {
    return await work((...commands) =>
      call('psql', [
        '-h',
        socket,
        '-U',
        'postgres',
        '-qAt',
        '-v',
        'ON_ERROR_STOP=1',
        ...['SET client_min_messages = warning', ...commands].flatMap((one) => ['-c', one]),
      ]),
    )
  } finally {
    call('pg_ctl', ['-D', data, '-w', '-s', '-m', 'fast', 'stop'])
  }
}

async function allocate(psql: Psql, home: string, spent: Spent) {
  for (const [table, columns] of Object.entries(TABLES))
    psql(`CREATE TABLE ${table} (${columns})`, `\\copy ${table} FROM '${join(home, `${table}.csv`)}' (FORMAT csv)`)
  psql('VACUUM ANALYZE')
  const sql = readFileSync(new URL('./postgres-allocation.sql', import.meta.url), 'utf8')
  const statements = sql.replaceAll(':floor_minor', String(FLOOR_MINOR))
  const postgresMs: number[] = []
  for (let run = 0; run < RUNS; run += 1) postgresMs.push((await spent(async () => psql(statements))).elapsedMs)
  writeFileSync(join(home, 'adjusted.csv'), '')
  chmodSync(join(home, 'adjusted.csv'), 0o666)
  psql(`\\copy adjusted TO '${join(home, 'adjusted.csv')}' (FORMAT csv)`)
  return { version: psql('SHOW server_version').trim(), postgresMs }
}

async function compare({ warehouse, catalog }: Workspace, home: string) {
  const { id } = await catalog.selectFrom('run').select('id').where('state', '=', 'closed').executeTakeFirstOrThrow()
  const columns = 'pool, component, service, actual_minor, adjusted_minor'
  const types =
    "{'pool': 'VARCHAR', 'component': 'VARCHAR', 'service': 'VARCHAR', 'actual_minor': 'BIGINT', 'adjusted_minor': 'BIGINT'}"
  await warehouse.run(
    `CREATE TEMP TABLE theirs AS SELECT ${columns} FROM read_csv('${join(home, 'adjusted.csv')}', header = false, columns = ${types})`,
  )
  await warehouse.run(`CREATE TEMP TABLE ours AS SELECT ${columns} FROM allocation WHERE run = $id`, { id })
  const { rows, differing } = await warehouse.row<{ rows: bigint; differing: bigint }>(
    `SELECT (SELECT count(*) FROM theirs) AS rows, (SELECT count(*) FROM (
       (FROM ours EXCEPT ALL FROM theirs) UNION ALL (FROM theirs EXCEPT ALL FROM ours))) AS differing`,
  )
  return { rows: Number(rows), differing: Number(differing) }
}
