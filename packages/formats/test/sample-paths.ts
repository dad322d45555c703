// The samples of every importer that needs no configuration, found by looking: a new folder is checked and damaged like the
// others without being named anywhere.
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

const IMPORT = join(import.meta.dirname, '../src/import')
/** Its samples are read by the documents beside them. */
const NEEDS_CONFIGURATION = 'mapping'

export async function samplePaths(): Promise<ReadonlyArray<string>> {
  const paths: string[] = []
  for (const name of (await readdir(IMPORT)).sort()) {
    const folder = join(IMPORT, name, 'samples')
    if (name === NEEDS_CONFIGURATION || !existsSync(folder)) continue
    for (const file of (await readdir(folder)).sort())
      if (!file.endsWith('.expected.ndjson')) paths.push(join(folder, file))
  }
  return paths
}
