import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFile } from '@spillway/formats'
import { expect, it } from 'vitest'
import { zipOf } from './zip-of.ts'

it('writes an archive that the import opens, with every file as it was', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-zip-'))
  try {
    const texts = { 'one.csv': 'a,b\n1,2\n', 'zwei-ü.csv': 'c,d\n3,4\n5,6\n' }
    async function* entries() {
      for (const [name, text] of Object.entries(texts)) yield { name, bytes: Buffer.from(text) }
    }
    const pieces: Uint8Array[] = []
    for await (const piece of zipOf(entries())) pieces.push(piece)
    const path = join(folder, 'made.zip')
    await writeFile(path, Buffer.concat(pieces))
    const found: Record<string, number> = {}
    for (const part of await openFile(path, {})) {
      const table = await part.openTable()
      let rows = 0
      for await (const batch of table.rows) rows += batch.length
      found[part.member] = rows
      await part.close()
    }
    expect(found).toEqual({ 'one.csv': 1, 'zwei-ü.csv': 2 })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
