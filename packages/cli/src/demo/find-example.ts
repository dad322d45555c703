// Finds one of the examples by its manifest, above this module: it runs from its source and from the bundle.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Refusal } from '@spillway/core'

export type Example<Manifest> = Manifest & { readonly folder: string }

/** @throws Refusal `not-found`. */
export async function findExample<Manifest>(...manifest: ReadonlyArray<string>): Promise<Example<Manifest>> {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'examples', ...manifest)
    if (existsSync(path)) return { ...(JSON.parse(await readFile(path, 'utf8')) as Manifest), folder: dirname(path) }
  }
  throw new Refusal('not-found', 'The example of the demo is not there.', {
    hint: 'Run the demo in a clone of the repository.',
  })
}
