// As on a phone: what is wider than the window says so at its side, and what is typed into stands beneath one another.
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeScreens, type Page, type Served, serveScreens, settled } from './harness.ts'

const viewport = { width: 390, height: 844 }

/** How light the right edge of the table is, within it, from 0 to 255: where no text of a row comes. */
async function edgeOf(page: Page): Promise<number> {
  const box = await page.locator('section:has(> table)').boundingBox()
  const row = await page.locator('section > table tbody tr[aria-rowindex]').nth(3).boundingBox()
  if (!box || !row) throw new Error('no table')
  const png = await page.screenshot({ clip: { x: box.x + box.width - 4, y: row.y + 2, width: 2, height: 4 } })
  const blank = await page.context().newPage()
  const light = await blank.evaluate(async (data) => {
    const image = new Image()
    image.src = `data:image/png;base64,${data}`
    await image.decode()
    const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d') as OffscreenCanvasRenderingContext2D
    canvas.drawImage(image, 0, 0)
    const { data: bytes } = canvas.getImageData(0, 0, image.width, image.height)
    return bytes[0] ?? 0
  }, png.toString('base64'))
  await blank.close()
  return light
}

describeScreens('in a small window', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveScreens('company')
  })
  afterAll(() => served?.stop())

  it.each(['light', 'dark'] as const)(
    'a table in %s fades at the side where there is more, and no longer at its end',
    async (scheme) => {
      const page = await served.open('/lines?period=2026-10', { viewport, scheme })
      await settled(page)
      const before = await edgeOf(page)
      await page.locator('section:has(> table)').evaluate((frame) => {
        frame.scrollLeft = frame.scrollWidth
      })
      await page.waitForTimeout(200)
      const after = await edgeOf(page)
      expect(Math.abs(after - before)).toBeGreaterThan(20)
      // What the row is of is still there.
      const [first, frame] = await Promise.all([
        page.locator('section > table tbody tr[aria-rowindex] td:first-child').nth(3).boundingBox(),
        page.locator('section:has(> table)').boundingBox(),
      ])
      expect(Math.round((first?.x ?? 0) - (frame?.x ?? 0))).toBeLessThanOrEqual(1)
      await page.context().close()
    },
  )

  it('what columns mean is said beneath one another, within the window', async () => {
    const page = await served.open('/bills/import', { viewport })
    const buffer = await readFile(new URL('../../../../examples/kestrel/bill.csv', import.meta.url))
    await page.locator('input[type=file]').first().setInputFiles({ name: 'bill.csv', mimeType: 'text/csv', buffer })
    const chosen = page.getByRole('combobox', { name: 'Vendor comes from' })
    await chosen.waitFor()
    const box = await chosen.boundingBox()
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(viewport.width)
    const label = await page
      .getByText(/^Vendor/)
      .first()
      .boundingBox()
    expect(label?.y ?? 0).toBeLessThan(box?.y ?? 0)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width)
    await page.context().close()
  })

  it.each([
    ['/lines?period=2026-10', 'Adjusted'],
    ['/services/SIM-30007?period=2026-10', 'Adjusted'],
    ['/bills?period=2026-10', 'Total'],
    ['/cost-centres?period=2026-10', 'Left'],
    ['/pools?period=2026-10', 'Unused or over'],
  ])(
    'a window of 1024 pixels has in sight of %s, beside the screens to go to, what is looked for: %s',
    async (path, title) => {
      const page = await served.open(path, { viewport: { width: 1024, height: 768 } })
      await settled(page)
      const head = page.getByRole('columnheader', { name: title, exact: true }).first()
      const [cell, frame] = await Promise.all([
        head.boundingBox(),
        page.locator('section').filter({ has: head }).last().boundingBox(),
      ])
      expect((cell?.x ?? Infinity) + (cell?.width ?? 0)).toBeLessThanOrEqual((frame?.x ?? 0) + (frame?.width ?? 0) + 1)
      const last = await page.getByRole('navigation', { name: 'Screens' }).getByRole('link').last().boundingBox()
      expect((last?.y ?? Infinity) + (last?.height ?? 0)).toBeLessThanOrEqual(768)
      await page.context().close()
    },
  )

  it.each(['/bills/imports/{batch}', '/runs', '/services/SIM-30007', '/cost-centres/QH-124'])(
    '%s is no wider than the window',
    async (address) => {
      const page = await served.open('/icon.svg', { viewport })
      const { rows } = (await (await page.request.get('/v1/reports/imports?limit=50')).json()) as {
        rows: ReadonlyArray<Readonly<Record<string, string>>>
      }
      for (const place of address.includes('{batch}')
        ? rows.map(({ batch }) => address.replace('{batch}', batch ?? ''))
        : [address]) {
        await page.goto(place)
        await settled(page)
        expect(await page.evaluate(() => document.documentElement.scrollWidth), place).toBeLessThanOrEqual(
          viewport.width,
        )
      }
      await page.context().close()
    },
  )
})
