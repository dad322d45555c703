// Looks a workspace over for what would stop or mislead its users, and says what to do about each. Changes nothing: it opens
// the stores to read, and where another process holds them it says who.
import { access, constants, stat, statfs } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { Refusal } from '@spillway/core'
import { sql } from 'kysely'
import {
  DEFAULT_MEMORY_LIMIT,
  isWorkspace,
  type OpenOptions,
  openWorkspace,
  serverMemoryLimit,
  storesOf,
  type Workspace,
} from '../workspace/workspace.ts'

export type Finding = {
  /** What was looked at, in a word or two. */
  readonly about: string
  readonly state: 'good' | 'warning' | 'bad'
  /** One sentence: what was found. */
  readonly found: string
  /** What to do; '' where nothing is to be done. */
  readonly hint: string
}

/** Room for the next close and its spill, as a share of the warehouse's size, and at least so many bytes. */
const ROOM_SHARE = 2
const ROOM_BYTES_MIN = 1024 ** 3
const MEMORY_BYTES_MIN = 2 * 1024 ** 3

const good = (about: string, found: string): Finding => ({ about, state: 'good', found, hint: '' })

/** Findings in the order in which they were looked for; never throws for what it finds. */
export async function examineWorkspace(
  directory: string,
  options: Omit<OpenOptions, 'access'>,
): Promise<ReadonlyArray<Finding>> {
  const findings = [findNode(), findMemory()]
  try {
    if (isWorkspace(directory)) findings.push(await findRights(directory))
    const workspace = await openWorkspace(directory, { ...options, access: 'read' })
    try {
      findings.push(await findRoom(directory), ...(await findStores(workspace)), ...(await findOpenWork(workspace)))
    } finally {
      await workspace.close()
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    findings.push({ about: 'workspace', state: 'bad', found: error.message, hint: error.hint })
  }
  return findings
}

function findNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isKnown = major === 20 ? minor >= 19 : major > 22 || (major === 22 && minor >= 12)
  if (isKnown) return good('Node.js', `Version ${process.versions.node}.`)
  const found = `Version ${process.versions.node} is not one that spillway is tested with.`
  return { about: 'Node.js', state: 'warning', found, hint: 'Use Node.js 20.19 or a later 20, 22.12 or later.' }
}

function findMemory(): Finding {
  const bytes = totalmem()
  const found = `${gibibytes(bytes)} in this machine; the warehouse takes at most ${DEFAULT_MEMORY_LIMIT}, a server's ${serverMemoryLimit()}, then spills.`
  if (bytes >= MEMORY_BYTES_MIN) return good('memory', found)
  return { about: 'memory', state: 'warning', found, hint: 'Closes of a million services want 2 GiB.' }
}

async function findRights(directory: string): Promise<Finding> {
  try {
    await access(directory, constants.R_OK | constants.W_OK)
    return good('rights', 'This user may read and write the folder.')
  } catch {
    const found = `This user may not write into ${directory}.`
    return {
      about: 'rights',
      state: 'warning',
      found,
      hint: 'Reports work; importing and closing need the right to write.',
    }
  }
}

async function findRoom(directory: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(directory)
  const free = bavail * bsize
  const { size } = await stat(storesOf(directory).warehouse)
  const wanted = Math.max(ROOM_BYTES_MIN, size * ROOM_SHARE)
  const found = `${gibibytes(free)} free beside a warehouse of ${gibibytes(size)}.`
  if (free >= wanted) return good('disk', found)
  return { about: 'disk', state: 'warning', found, hint: `Make room: a close may need ${gibibytes(wanted)}.` }
}

async function findStores({ catalog, warehouse }: Workspace): Promise<Finding[]> {
  const { rows } = await sql<{ integrity_check: string }>`PRAGMA integrity_check`.execute(catalog)
  const wrong = rows.map(({ integrity_check }) => integrity_check).filter((line) => line !== 'ok')
  const { version } = await warehouse.row<{ version: number }>('SELECT max(version) AS version FROM schema_version')
  return [
    wrong.length === 0
      ? good('catalog', 'The file is whole.')
      : {
          about: 'catalog',
          state: 'bad',
          found: `The file is damaged: ${wrong[0]}.`,
          hint: 'Restore the workspace from a backup: `spillway restore`.',
        },
    good('warehouse', `It opens, with tables of version ${version}.`),
  ]
}

/** What an interrupted command left, and months that wait for somebody. */
async function findOpenWork({ catalog, tenant }: Workspace): Promise<Finding[]> {
  const findings: Finding[] = []
  const runs = await catalog.selectFrom('run').select(['period', 'state']).where('tenant', '=', tenant).execute()
  const left = runs.filter(({ state }) => state === 'writing').length
  const batches = await catalog
    .selectFrom('batch')
    .select('id')
    .where('tenant', '=', tenant)
    .where('state', '=', 'writing')
    .execute()
  if (left + batches.length > 0)
    findings.push({
      about: 'interrupted',
      state: 'warning',
      found: `${left + batches.length} commands were interrupted; nothing of theirs counts.`,
      hint: 'The next command that writes clears it away.',
    })
  else findings.push(good('interrupted', 'No command was.'))
  const open = [...new Set(runs.filter(({ state }) => state === 'closed').map(({ period }) => period))].sort()
  findings.push(
    open.length === 0
      ? good('months', 'None is closed and not published.')
      : good('months', `Closed and not published: ${open.join(', ')}.`),
  )
  return findings
}

function gibibytes(bytes: number): string {
  const gib = bytes / 1024 ** 3
  if (gib >= 1) return `${gib.toFixed(1)} GiB`
  return `${Math.max(1, Math.round(bytes / 1024 ** 2))} MiB`
}
