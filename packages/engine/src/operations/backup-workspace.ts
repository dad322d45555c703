// A copy of a workspace while it is in use: the catalog first, then the warehouse. Facts and results are only ever added
// before the catalog names them, so what the copied catalog names is in the copied warehouse; what came later is garbage that
// the next writer sweeps. Copies no key: whoever has the backup alone cannot look a passcode up.

import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { Refusal } from '@spillway/core'
import { sql } from 'kysely'
import { appendAudit } from '../catalog/audit.ts'
import { AUDIT_HEADS_FILE } from '../catalog/audit-heads.ts'
import { stopIfCancelled } from '../stages/allocate/period-scope.ts'
import { withoutSweeping } from '../warehouse/sweep.ts'
import { intakeOf, storesOf, type Workspace } from '../workspace/workspace.ts'
import { type BackedUpFile, type BackupManifest, MANIFEST_NAME, MANIFEST_VERSION } from './backup-manifest.ts'

export type BackupOptions = {
  /** A folder that is not there yet, or is empty. */
  readonly to: string
  readonly onProgress?:
    | ((progress: { readonly stage: string; readonly done: number; readonly total: number }) => void)
    | undefined
  readonly signal?: AbortSignal | undefined
}

const STEPS = 4

/**
 * Writes a backup that `restoreWorkspace` takes. Reads and writes of the workspace go on meanwhile. The folder has its name
 * only once the backup is whole.
 *
 * @throws Refusal `bad-command` where the folder is in use or cannot be written, `cancelled`.
 */
export async function backupWorkspace(workspace: Workspace, options: BackupOptions): Promise<BackupManifest> {
  const { to, onProgress, signal } = options
  await refuseUsedFolder(to)
  const part = join(dirname(to), `.${basename(to)}.part`)
  const step = (stage: string, done: number) => {
    stopIfCancelled(signal)
    onProgress?.({ stage, done, total: STEPS })
  }
  try {
    await rm(part, { recursive: true, force: true })
    await mkdir(part, { recursive: true })
    const paths = storesOf(part)
    const waiting = await copyIntake(workspace.directory, part)
    const heads = await copyHeads(workspace.directory, part)
    await withoutSweeping(workspace.warehouse, async () => {
      step('catalog', 0)
      await sql`VACUUM INTO ${paths.catalog}`.execute(workspace.catalog)
      step('warehouse', 1)
      await workspace.warehouse.copyTo(paths.warehouse)
    })
    step('digests', 2)
    const copies = [paths.catalog, paths.warehouse, ...heads, ...waiting]
    const files = await Promise.all(copies.map((path) => describe(path, part)))
    const { actor, tenant } = workspace
    const at = actor.now().toISOString()
    const manifest: BackupManifest = {
      version: MANIFEST_VERSION,
      takenAt: at,
      takenBy: actor.who,
      codeVersion: actor.codeVersion,
      files,
    }
    await writeDurably(join(part, MANIFEST_NAME), `${JSON.stringify(manifest, null, 2)}\n`)
    step('name', 3)
    await rm(to, { recursive: true, force: true })
    await rename(part, to)
    const details = { to, files: files.map(({ name, sha256 }) => ({ name, sha256 })) }
    await workspace.catalog
      .transaction()
      .execute((transaction) =>
        appendAudit(transaction, { tenant, at, who: actor.who, action: 'backup', subject: to, details }),
      )
    return manifest
  } catch (error) {
    await rm(part, { recursive: true, force: true })
    throw asRefusal(error, to)
  }
}

async function refuseUsedFolder(path: string): Promise<void> {
  if (!existsSync(path)) return
  if ((await stat(path)).isDirectory() && (await namesIn(path)).length === 0) return
  throw new Refusal('bad-command', `${path} is not an empty folder.`, {
    hint: 'Name a folder that is not there yet: one backup does not replace another.',
  })
}

/** Before the catalog: an event that is imported meanwhile is in both, and counts once. */
async function copyIntake(from: string, to: string): Promise<ReadonlyArray<string>> {
  const copied = new Set<string>()
  for (let isWhole = false; !isWhole; ) {
    isWhole = true
    for (const name of await namesIn(intakeOf(from))) {
      const copy = join(intakeOf(to), name)
      if (copied.has(copy)) continue
      await mkdir(intakeOf(to), { recursive: true })
      if (await copyIfThere(join(intakeOf(from), name), copy)) copied.add(copy)
      // Imported meanwhile, or sealed, and then it has another name.
      else isWhole = false
    }
  }
  return [...copied]
}

/** None where there is no such folder. */
export async function namesIn(directory: string): Promise<ReadonlyArray<string>> {
  return existsSync(directory) ? readdir(directory) : []
}

/** Before the catalog: every head that is copied is of an entry that is copied. */
async function copyHeads(from: string, to: string): Promise<ReadonlyArray<string>> {
  const copy = join(to, AUDIT_HEADS_FILE)
  return (await copyIfThere(join(from, AUDIT_HEADS_FILE), copy)) ? [copy] : []
}

/** False where there is no such file; whatever else keeps it from being copied is thrown. */
export async function copyIfThere(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

async function describe(path: string, folder: string): Promise<BackedUpFile> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
    const { size } = await file.stat()
    return { name: relative(folder, path), bytes: size, sha256: await digestOf(path) }
  } finally {
    await file.close()
  }
}

export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  return hash.digest('hex')
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

const CANNOT_WRITE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR', 'ENOENT'])

function asRefusal(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (!CANNOT_WRITE.has(code)) return error
  return new Refusal('bad-command', `The backup cannot be written to ${path}.`, {
    hint: 'Name a folder that this user may write into, on a disk with room for the whole workspace.',
    facts: { reason: error instanceof Error ? error.message : String(error) },
  })
}
