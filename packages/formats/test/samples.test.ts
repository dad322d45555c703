// What no importer's own test can see: whether it is registered, and whether another one claims its files.
import { basename, dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fileIntake, IMPORTERS } from '../src/index.ts'
import { samplePaths } from './sample-paths.ts'

const paths = await samplePaths()

describe('the samples of all importers', () => {
  it.each(paths.map((path) => [basename(dirname(dirname(path))), basename(path), path]))(
    'in %s: one registered importer alone claims %s',
    async (_, __, path) => {
      const file = await fileIntake(IMPORTERS).open(path, { source: '' })
      await file.close()
      expect(file.parts).toHaveLength(1)
    },
  )

  it('are of every registered importer', async () => {
    const used = new Set<string>()
    for (const path of paths) {
      const file = await fileIntake(IMPORTERS).open(path, { source: '' })
      for (const { importer } of file.parts) used.add(importer.name)
      await file.close()
    }
    expect(IMPORTERS.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([])
  })
})
