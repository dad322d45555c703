// A workspace: a folder with a catalog and a warehouse, one writer at a time. The warehouse's own exclusive lock is the
// workspace's lock and is taken first; holder.json only says, for people, who has it.
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { Refusal } from '@spillway/core'
import { type Catalog, closeCatalog, openCatalog } from '../catalog/open-catalog.ts'
import type { KeptSums } from '../queries/kept-sums.ts'
import { checkWarehouseVersion, migrateWarehouse } from '../warehouse/migrate.ts'
import { sweepWarehouse } from '../warehouse/sweep.ts'
import { Warehouse } from '../warehouse/warehouse.ts'

/** Who acts and when, given by the edge of the process: nothing inside reads a clock or the environment. */
export type Actor = { readonly who: string; readonly now: () => Date; readonly codeVersion: string }

export type OpenOptions = {
  readonly access: 'read' | 'write'
  readonly actor: Actor
  /** What holds the workspace, for the message another command gets: the command line. */
  readonly holder: string
  /** Of the database, beyond which it spills. */
  readonly memoryLimit?: string | undefined
  /** The key of the passcodes, where it is not `passcode.key` in the workspace's folder. */
  readonly passcodeKeyFile?: string | undefined
}

export type Workspace = {
  readonly directory: string
  readonly tenant: string
  readonly catalog: Catalog
  readonly warehouse: Warehouse
  readonly actor: Actor
  /** Where the key of the passcodes is kept instead of in the folder; undefined: in the folder. */
  readonly passcodeKeyFile?: string | undefined
  /** Of a process that is asked often: sums of runs in memory. */
  readonly sums?: KeptSums | undefined
  close(): Promise<void>
}

/** The one tenant of an embedded workspace. */
export const DEFAULT_TENANT = 'default'
export const DEFAULT_MEMORY_LIMIT = '1GB'

const GIGABYTE = 1e9

/** For a server, which answers many at once and keeps sums: an eighth of the machine's memory, of 1 to 4 GB. */
export function serverMemoryLimit(machineBytes: number = totalmem()): string {
  const bytes = Math.min(4 * GIGABYTE, Math.max(GIGABYTE, machineBytes / 8))
  return `${Math.round(bytes / 1e6)}MB`
}

/**
 * What a server keeps of sums outside of the database, which may be asked for a million services in a dozen months: a 32nd of the
 * machine's memory, from 64 MB to 1 GB.
 */
export function keptBytesMax(machineBytes: number = totalmem()): number {
  return Math.min(GIGABYTE, Math.max(64e6, Math.round(machineBytes / 32)))
}

/** The two files that a workspace at rest is. */
export const storesOf = (directory: string) => ({
  catalog: join(directory, 'catalog.sqlite'),
  warehouse: join(directory, 'warehouse.duckdb'),
})

const pathsOf = (directory: string) => ({
  ...storesOf(directory),
  spill: join(directory, '.spill'),
  holder: join(directory, 'holder.json'),
})

/** Where events wait that were acknowledged and are not imported yet. */
export function intakeOf(directory: string): string {
  return join(directory, 'intake')
}

export function isWorkspace(directory: string): boolean {
  return existsSync(pathsOf(directory).catalog)
}

/** Makes an empty workspace. @throws Refusal `workspace-exists`. */
export async function initWorkspace(directory: string, options: Omit<OpenOptions, 'access'>): Promise<Workspace> {
  if (isWorkspace(directory))
    throw new Refusal('workspace-exists', `${directory} is a workspace already.`, {
      hint: 'Name another folder, or use this one.',
    })
  await mkdir(directory, { recursive: true })
  return openStores(directory, { ...options, access: 'write' })
}

/**
 * Opens a workspace. A writer sweeps what an interrupted command left behind.
 * @throws Refusal `workspace-missing`, `workspace-busy` (naming the holder), `workspace-too-new`, `workspace-damaged`,
 * `workspace-read-only`.
 */
export async function openWorkspace(directory: string, options: OpenOptions): Promise<Workspace> {
  if (!isWorkspace(directory))
    throw new Refusal('workspace-missing', `${directory} is no workspace.`, {
      hint: 'Make one with `spillway init DIR`, or name one with -C DIR.',
    })
  // Never made anew here: the catalog would name facts that an empty warehouse has not.
  if (!existsSync(pathsOf(directory).warehouse))
    throw new Refusal('workspace-damaged', `The warehouse of ${directory} is missing.`, {
      hint: 'Put both files of the workspace back from the same backup.',
    })
  return openStores(directory, options)
}

async function openStores(directory: string, options: OpenOptions): Promise<Workspace> {
  const paths = pathsOf(directory)
  const { access, actor } = options
  const warehouse = await openWarehouse(directory, options)
  let catalog: Catalog | undefined
  try {
    if (access === 'write') await migrateWarehouse(warehouse)
    else await checkWarehouseVersion(warehouse)
    catalog = await openCatalog(paths.catalog, { access })
    const opened = catalog
    const workspace: Workspace = {
      directory,
      tenant: DEFAULT_TENANT,
      catalog: opened,
      warehouse,
      actor,
      passcodeKeyFile: options.passcodeKeyFile,
      close: async () => {
        await closeCatalog(opened, { access })
        // Before the lock goes: afterwards the file may be the next writer's.
        if (access === 'write') await rm(paths.holder, { force: true })
        await warehouse.close()
      },
    }
    if (access === 'write') await takeOver(workspace, options.holder)
    return workspace
  } catch (error) {
    await catalog?.destroy()
    await warehouse.close()
    throw error
  }
}

async function openWarehouse(
  directory: string,
  { access, memoryLimit = DEFAULT_MEMORY_LIMIT }: OpenOptions,
): Promise<Warehouse> {
  const paths = pathsOf(directory)
  try {
    return await Warehouse.open({ path: paths.warehouse, access, memoryLimit, spillDirectory: paths.spill })
  } catch (error) {
    if (error instanceof Refusal && error.kind === 'workspace-busy') throw withHolder(error, paths.holder)
    throw error
  }
}

async function takeOver(workspace: Workspace, holder: string): Promise<void> {
  const since = workspace.actor.now().toISOString()
  await writeFile(pathsOf(workspace.directory).holder, JSON.stringify({ pid: process.pid, holder, since }))
  await workspace.catalog
    .insertInto('tenant')
    .values({ id: workspace.tenant, name: workspace.tenant, created_at: since })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await sweepWarehouse(workspace)
}

type Holder = { readonly pid: number; readonly holder: string; readonly since: string }

/** A killed command leaves its holder.json, and a reader writes none: the file counts only for the process in the lock. */
function withHolder(refusal: Refusal, path: string): Refusal {
  const found = readHolder(path)
  if (!found || String(found.pid) !== refusal.facts.pid) return refusal
  const { pid, holder, since } = found
  return new Refusal('workspace-busy', `The workspace is held by \`${holder}\` (PID ${pid}) since ${since}.`, {
    hint: refusal.hint,
    facts: { pid, holder, since },
  })
}

/** null where there is none, or where its writer has not finished it. */
function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder
  } catch {
    return null
  }
}
