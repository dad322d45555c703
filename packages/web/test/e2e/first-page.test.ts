import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, inject, it } from 'vitest'
import { describeScreens } from './harness.ts'

describeScreens('the first page', () => {
  it('loads less than 250 KB of script, compressed, and none that draws charts', async () => {
    const dist = join(inject('screens'), 'dist')
    const page = await readFile(join(dist, 'index.html'), 'utf8')
    const files = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, file]) => file as string)
    expect(files.length).toBeGreaterThan(2)
    expect(files.filter((file) => file.includes('chart'))).toEqual([])
    const sizes = await Promise.all(files.map(async (file) => gzipSync(await readFile(join(dist, file))).length))
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(250_000)
  })
})
