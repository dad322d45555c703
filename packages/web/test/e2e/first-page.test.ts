import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, inject, it } from 'vitest'
import { describeScreens, serveScreens, settled } from './harness.ts'

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

  it('is answered what every screen asks first, and names the files of its screen', async () => {
    const served = await serveScreens('company')
    try {
      const page = await served.open('/settings?tab=me')
      await settled(page)
      const asked: string[] = []
      const starts = new Map<string, string>()
      page.on('request', (request) => {
        const { pathname } = new URL(request.url())
        if (pathname.startsWith('/v1/')) asked.push(pathname)
        if (pathname.endsWith('.js')) starts.set(pathname, asked.join())
      })
      for (const path of ['/pools', '/people', '/']) {
        asked.length = 0
        starts.clear()
        await page.goto(path)
        await settled(page)
        expect(asked.length, path).toBeGreaterThan(0)
        for (const first of ['/v1/me', '/v1/me/preferences', '/v1/periods']) expect(asked, path).not.toContain(first)
        // Every piece is on its way before the first question, none after it.
        expect(
          [...starts.values()].filter((before) => before !== ''),
          path,
        ).toEqual([])
      }
      expect(served.consoleErrors).toEqual([])
    } finally {
      await served.stop()
    }
  })
})
