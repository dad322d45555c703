// Writes what `-o FILE` asks for: whole or not at all, so that a report that fails leaves an earlier file as it was.
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { Refusal } from '@spillway/core'

/** @throws Refusal `bad-command` where the file cannot be written. */
export async function writeOutput(
  path: string,
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string>,
): Promise<void> {
  // A device such as /dev/stdout is written to, never replaced.
  const target = (await isDevice(path)) ? path : `${path}.part`
  try {
    await writePieces(target, pieces)
    if (target !== path) await rename(target, path)
  } catch (error) {
    if (target !== path) await rm(target, { force: true })
    throw refusalOf(error, `${path} cannot be written`)
  }
}

/**
 * Asks for no piece before the file is open, and for the next one once this one is written: whoever makes the pieces is
 * never left in the middle of one when the file cannot be written, and the workspace is closed after it.
 */
async function writePieces(path: string, pieces: AsyncIterable<string | Uint8Array> | Iterable<string>): Promise<void> {
  const file = await open(path, 'w')
  try {
    for await (const piece of pieces) await file.writeFile(piece)
  } finally {
    await file.close()
  }
}

/** Makes a folder and those above it; false where it was there. @throws Refusal `bad-command`. */
export async function makeFolder(path: string): Promise<boolean> {
  try {
    return (await mkdir(path, { recursive: true })) !== undefined
  } catch (error) {
    throw refusalOf(error, `The folder ${path} cannot be made`)
  }
}

async function isDevice(path: string): Promise<boolean> {
  try {
    const found = await stat(path)
    return !found.isFile() && !found.isDirectory()
  } catch {
    return false
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'it is a folder',
  EEXIST: 'there is a file of this name',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
}

/** What the operating system refuses is the user's to mend; anything else stays what it is. */
export function refusalOf(error: unknown, what: string): unknown {
  const reason = error instanceof Error && 'code' in error ? REASONS[String(error.code)] : undefined
  return reason ? new Refusal('bad-command', `${what}: ${reason}.`, { hint: 'Check the path.' }) : error
}
