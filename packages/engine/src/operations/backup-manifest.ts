// What a backup says of itself. Refuses what it does not know, so that an older program never restores half of a newer backup.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Refusal } from '@spillway/core'
import { z } from 'zod'

export const MANIFEST_NAME = 'backup.json'
export const MANIFEST_VERSION = 1

const MANIFEST = z.strictObject({
  version: z.literal(MANIFEST_VERSION),
  takenAt: z.iso.datetime(),
  takenBy: z.string(),
  codeVersion: z.string(),
  /** The catalog, then the warehouse. */
  files: z.array(z.strictObject({ name: z.string(), bytes: z.number().int().nonnegative(), sha256: z.string() })),
})

export type BackupManifest = Readonly<z.infer<typeof MANIFEST>>
export type BackedUpFile = BackupManifest['files'][number]

/** @throws Refusal `workspace-missing` where the folder is no backup, `workspace-too-new`, `workspace-damaged`. */
export async function readManifest(directory: string): Promise<BackupManifest> {
  const text = await readFile(join(directory, MANIFEST_NAME), 'utf8').catch(() => null)
  if (text === null)
    throw new Refusal('workspace-missing', `${directory} is no backup: it has no ${MANIFEST_NAME}.`, {
      hint: 'Name the folder that `spillway backup` made.',
    })
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw damaged(directory)
  }
  const version = z.object({ version: z.number() }).safeParse(body)
  if (version.success && version.data.version > MANIFEST_VERSION)
    throw new Refusal('workspace-too-new', `The backup ${directory} was made by a newer program.`, {
      hint: 'Use the newer spillway that made it.',
    })
  const manifest = MANIFEST.safeParse(body)
  if (!manifest.success) throw damaged(directory)
  return manifest.data
}

function damaged(directory: string): Refusal {
  return new Refusal('workspace-damaged', `The ${MANIFEST_NAME} of ${directory} is damaged.`, {
    hint: 'Restore from another backup.',
  })
}
