// What a backup says of itself. Refuses what it does not know, so that an older program never restores half of a newer backup.
import { existsSync } from 'node:fs'
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
  if (!existsSync(join(directory, MANIFEST_NAME)))
    throw new Refusal('workspace-missing', `${directory} is no backup: it has no ${MANIFEST_NAME}.`, {
      hint: 'Name the folder that `spillway backup` made.',
    })
  const text = await readFile(join(directory, MANIFEST_NAME), 'utf8')
  const body = parseJson(text, directory)
  const version = z.object({ version: z.number() }).safeParse(body)
  if (version.success && version.data.version > MANIFEST_VERSION)
    throw new Refusal('workspace-too-new', `The backup ${directory} was made by a newer program.`, {
      hint: 'Use the newer spillway that made it.',
    })
  const manifest = MANIFEST.safeParse(body)
  if (!manifest.success) throw damaged(directory, z.prettifyError(manifest.error))
  return manifest.data
}

function parseJson(text: string, directory: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw damaged(directory, (error as Error).message)
  }
}

function damaged(directory: string, reason: string): Refusal {
  return new Refusal('workspace-damaged', `The ${MANIFEST_NAME} of ${directory} is damaged.`, {
    hint: 'Restore from another backup.',
    facts: { reason },
  })
}
