// A PostgreSQL of our own for one comparison: a server in a folder that goes away with it, filled from tables of a workspace.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Workspace } from '@spillway/engine'

/** What somebody sets who has read one page about it; the same two cores as ours. */
export const POSTGRES_SETTINGS = [
  'shared_buffers=512MB',
  'work_mem=256MB',
  'maintenance_work_mem=256MB',
  'max_wal_size=4GB',
  'jit=off',
]

/** Runs commands, and says what they print. */
export type Psql = (...commands: ReadonlyArray<string>) => string
/** By table, its columns with their types as PostgreSQL names them; the workspace has tables and columns of the same names. */
export type Tables = Readonly<Record<string, string>>

/** Null where none is installed. */
export function findPostgres(): string | null {
  const root = '/usr/lib/postgresql'
  try {
    const [newest] = readdirSync(root).sort((a, b) => Number(b) - Number(a))
    return newest === undefined ? null : join(root, newest, 'bin')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** A folder that both users may write into, for `work`. */
export async function withHome<T>(work: (home: string) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'spillway-postgres-'))
  chmodSync(home, 0o777)
  try {
    return await work(home)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

const fileOf = (home: string, table: string) => join(home, `${table}.csv`)

export async function exportTables({ warehouse }: Workspace, tables: Tables, home: string): Promise<void> {
  for (const [table, columns] of Object.entries(tables)) {
    const names = columns.replaceAll(/ (text|bigint|timestamp)/g, '')
    await warehouse.run(`COPY (SELECT ${names} FROM ${table}) TO '${fileOf(home, table)}' (FORMAT csv, HEADER false)`)
  }
}

export function loadTables(psql: Psql, tables: Tables, home: string): void {
  for (const [table, columns] of Object.entries(tables))
    psql(`CREATE TABLE ${table} (${columns})`, `\\copy ${table} FROM '${fileOf(home, table)}' (FORMAT csv)`)
  psql('VACUUM ANALYZE')
}

/** Writes a table of the server to a file that we may read; its path. */
export function takeTable(
  psql: Psql,
  { table, home, format }: { table: string; home: string; format: string },
): string {
  const path = fileOf(home, table)
  writeFileSync(path, '')
  chmodSync(path, 0o666)
  psql(`\\copy ${table} TO '${path}' (${format})`)
  return path
}

/** The server is stopped, however `work` ends. */
export async function withPostgres<T>(
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
  const settings = POSTGRES_SETTINGS.map((setting) => `-c ${setting}`)
  const options = [`-k ${socket}`, '-c listen_addresses=', ...settings].join(' ')
  call('pg_ctl', ['-D', data, '-w', '-s', '-o', options, '-l', join(home, 'log'), 'start'])
  try {
    return await work((...commands) => {
      const quiet = ['SET client_min_messages = warning', ...commands].flatMap((one) => ['-c', one])
      return call('psql', ['-h', socket, '-U', 'postgres', '-qAt', '-v', 'ON_ERROR_STOP=1', ...quiet])
    })
  } finally {
    call('pg_ctl', ['-D', data, '-w', '-s', '-m', 'fast', 'stop'])
  }
}
