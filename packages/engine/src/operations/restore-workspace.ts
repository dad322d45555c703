// Makes a workspace from a backup. Every byte is compared with the backup's digests before the workspace has its name;
// never writes over a workspace that is there.
import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Refusal } from '@spillway/core'
import { isWorkspace, type OpenOptions, openWorkspace, storesOf, type Workspace } from '../workspace/workspace.ts'
import { type BackupManifest, readManifest } from './backup-manifest.ts'
import { copyIfThere, digestOf, namesIn } from './backup-workspace.ts'

export type RestoreOptions = Omit<OpenOptions, 'access'> & { readonly from: string }

/**
 * Restores `from` into the folder and opens it to write, so that what an interrupted command had left is swept.
 *
 * @throws Refusal `workspace-exists`, `bad-command` where the folder has other files, `workspace-missing` where `from` is
 * no backup, `workspace-damaged` where a file of it is missing or was changed, `workspace-too-new`.
 */
export async function restoreWorkspace(
  directory: string,
  { from, ...options }: RestoreOptions,
): Promise<{ readonly workspace: Workspace; readonly manifest: BackupManifest }> {
  if (isWorkspace(directory))
    throw new Refusal('workspace-exists', `${directory} is a workspace already.`, {
      hint: 'Restore into a folder that is not there yet, then name that one with -C.',
    })
  const manifest = await readManifest(from)
  await refuseFilledFolder(directory)
  const part = join(dirname(directory), `.${basename(directory)}.part`)
  try {
    await rm(part, { recursive: true, force: true })
    await mkdir(part, { recursive: true })
    const names = new Set([...Object.values(storesOf(part)).map((path) => basename(path)), ...namesOf(manifest)])
    for (const name of names) await restoreFile(name, { from, to: part, manifest })
    await rm(directory, { recursive: true, force: true })
    await rename(part, directory)
  } catch (error) {
    await rm(part, { recursive: true, force: true })
    throw error
  }
  return { workspace: await openWorkspace(directory, { ...options, access: 'write' }), manifest }
}

async function refuseFilledFolder(directory: string): Promise<void> {
  const files = await namesIn(directory)
  if (files.length === 0) return
  throw new Refusal('bad-command', `${directory} is not an empty folder.`, {
    hint: 'Restore into a folder that is not there yet.',
  })
}

/** @throws Refusal `workspace-damaged` where a name leads out of the folder. */
function namesOf({ files }: BackupManifest): ReadonlyArray<string> {
  for (const { name } of files)
    if (!/^(?:intake\/)?[\w-][\w.-]*$/.test(name))
      throw new Refusal('workspace-damaged', `The backup names a file that no backup has: ${JSON.stringify(name)}.`, {
        hint: 'Restore from another backup.',
      })
  return files.map(({ name }) => name)
}

async function restoreFile(
  name: string,
  { from, to, manifest }: { readonly from: string; readonly to: string; readonly manifest: BackupManifest },
): Promise<void> {
  const source = join(from, name)
  const copy = join(to, name)
  const expected = manifest.files.find((file) => file.name === name)
  await mkdir(dirname(copy), { recursive: true })
  const isThere = await copyIfThere(source, copy)
  // The copy, not the original: what is opened is what was compared.
  if (isThere && expected !== undefined && (await digestOf(copy)) === expected.sha256) return
  throw new Refusal('workspace-damaged', `${source} is ${isThere ? 'not as it was backed up' : 'missing'}.`, {
    hint: 'Restore from another backup.',
    facts: { file: source },
  })
}
