// Puts files into a folder all at once. They are made in a folder of their own and moved in when the last one is done: cancelled
// or failed, nothing of them is left and what was there is as it was.
import { mkdtemp, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder, refusalOf } from '../output/write-output.ts'

/** `make` writes into the folder that it is given, and names the files that are wanted. @throws Refusal `bad-command` where `folder` cannot be written. */
export async function fillFolder(
  folder: string,
  make: (staging: string) => Promise<ReadonlyArray<string>>,
): Promise<void> {
  let staging: string | undefined
  let isNew = false
  try {
    isNew = await makeFolder(folder)
    staging = await mkdtemp(join(folder, '.statements-'))
    for (const file of await make(staging)) await rename(join(staging, file), join(folder, file))
    isNew = false
  } catch (error) {
    throw refusalOf(error, `${folder} cannot be written`)
  } finally {
    if (staging !== undefined) await rm(staging, { recursive: true, force: true })
    if (isNew) await removeEmpty(folder)
  }
}

/** Somebody may have put a file there meanwhile: then the folder is theirs. */
async function removeEmpty(folder: string): Promise<void> {
  if ((await readdir(folder)).length === 0) await rmdir(folder)
}
