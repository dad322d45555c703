// Tables of more rows than anybody reads, to be come to at any place: by the scrollbar, by keys, by a wheel. What stands in the page
// is held against what the API has at that place.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { printed } from './command-line.ts'
import { axeFindings, describeScreens, OWNER, type Page, type Served, serveScreens, settled } from './harness.ts'

const HEAD =
  'vendor,account,invoice,issued_on,period_start,period_end,currency,line,service,pool,category,usage_type,product,description,amount,quantity,unit'
const BILL = 'acme,A-1,INV-1,2026-10-28,2026-10-01,2026-11-01,USD'
const SERVICES = 6000
/** Of all services: taller than browsers draw anything. */
const LINES = 120_000
const BY_SERVICE = 'charges?period=2026-10&by=service'
const BY_LINE = 'charges?period=2026-10&by=line'

const serviceOf = (line: number) => `S-${String((line * 7919) % SERVICES).padStart(4, '0')}`
const lineOf = (line: number) =>
  `${BILL},${line + 1},${serviceOf(line)},,subscription,,,Line,${(line * 31) % 9000}.${String(line % 100).padStart(2, '0')},,`

describeScreens('a long table', () => {
  let served: Served
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spillway-long-'))
    const directory = join(folder, 'w')
    const charges = join(folder, 'charges.csv')
    await writeFile(charges, `${[HEAD, ...Array.from({ length: LINES }, (_, line) => lineOf(line))].join('\n')}\n`)
    await printed(folder, ['init', directory])
    await printed(directory, ['import', charges])
    await printed(directory, ['close', '2026-10'])
    served = await serveScreens({ from: directory })
  })
  afterAll(async () => {
    await served?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  type Row = Readonly<Record<string, string | null>>
  const ask = async (report: string, offset: number, limit: number): Promise<ReadonlyArray<Row>> => {
    const headers = { cookie: await served.cookieOf(OWNER) }
    const answer = await fetch(`${served.url}/v1/reports/${report}&offset=${offset}&limit=${limit}`, { headers })
    return ((await answer.json()) as { rows: ReadonlyArray<Row> }).rows
  }
  /** Opens it, its frame in focus. */
  const open = async (path: string, options = {}) => {
    const page = await served.open(path, options)
    await settled(page)
    await frameOf(page).focus()
    return page
  }
  /** What is in sight are these rows, in full, as the API has them. */
  const expectInSight = async (page: Page, report: string, has: (index: number) => boolean) => {
    await expect.poll(async () => (await inSight(page)).some(({ index }) => has(index))).toBe(true)
    await settled(page)
    const rows = await inSight(page)
    const first = rows[0]?.index ?? 0
    const wanted = await ask(report, first, rows.length)
    const key = report === BY_LINE ? 'service' : 'key'
    expect(rows.map(({ index }) => index)).toEqual(rows.map((_, place) => first + place))
    for (const [place, { text }] of rows.entries()) expect(text).toContain(wanted[place]?.[key])
    expect(rows.map(({ adjusted }) => adjusted)).toEqual(wanted.map(({ adjusted }) => adjusted))
  }

  it('is as long as its rows from the start, and says so to who cannot see it', async () => {
    const page = await open('/explore?by=service&period=2026-10')
    const table = page.getByRole('table', { name: 'Charges by service' })
    expect(await table.getAttribute('aria-rowcount')).toBe(String(SERVICES + 1))
    const height = await frameOf(page).evaluate((frame) => frame.scrollHeight)
    expect(height).toBeGreaterThan(SERVICES * 36)
    expect(await page.locator('section > table tbody tr[aria-rowindex]').count()).toBeLessThan(60)
    await page.context().close()
  })

  it('comes to its ends and to any page between by keys', async () => {
    const page = await open('/explore?by=service&period=2026-10')
    await page.keyboard.press('End')
    await expectInSight(page, BY_SERVICE, (index) => index === SERVICES - 1)
    await page.keyboard.press('PageUp')
    await expectInSight(page, BY_SERVICE, (index) => index < SERVICES - 25)
    await page.keyboard.press('Home')
    await expectInSight(page, BY_SERVICE, (index) => index === 0)
    await page.keyboard.press('PageDown')
    await expectInSight(page, BY_SERVICE, (index) => index > 20)
    // The browser takes a while for a page.
    await page.waitForTimeout(500)
    const last = (await inSight(page)).at(-1)?.index ?? 0
    await page.keyboard.press('ArrowDown')
    await expectInSight(page, BY_SERVICE, (index) => index === last + 1)
    expect(served.consoleErrors).toEqual([])
    await page.context().close()
  })

  it.each([
    ['/explore?by=service&period=2026-10', BY_SERVICE, SERVICES],
    ['/explore?by=service&period=2026-10&sort=-adjusted', `${BY_SERVICE}&sort=-adjusted`, SERVICES],
    ['/lines?period=2026-10', BY_LINE, LINES],
  ] as const)('of %s has the rows of wherever its scrollbar is dragged to', async (path, report, count) => {
    const page = await open(path)
    for (const share of [0.5, 0.93, 0.21, 1]) {
      await dragTo(page, share)
      const middle = Math.floor(share * count)
      await expectInSight(page, report, (index) => Math.abs(index - middle) < 40)
    }
    expect(served.consoleErrors).toEqual([])
    await page.context().close()
  })

  it('that is taller than browsers draw moves by a wheel as far as the wheel, and has its last row at its end', async () => {
    const page = await open('/lines?period=2026-10')
    await dragTo(page, 0.5)
    await expectInSight(page, BY_LINE, (index) => Math.abs(index - LINES / 2) < 40)
    const before = (await inSight(page))[0]?.index ?? 0
    await frameOf(page).hover()
    for (let turn = 0; turn < 10; turn += 1) {
      await page.mouse.wheel(0, 180)
      await page.waitForTimeout(60)
    }
    await expect.poll(async () => ((await inSight(page))[0]?.index ?? 0) - before).toBeGreaterThanOrEqual(49)
    // The bar goes back to where these rows belong, and they stay.
    const bar = await frameOf(page).evaluate((frame) => frame.scrollTop)
    await expect.poll(() => frameOf(page).evaluate((frame) => frame.scrollTop)).toBeLessThan(bar - 50)
    expect(((await inSight(page))[0]?.index ?? 0) - before).toBeLessThanOrEqual(51)
    await page.keyboard.press('End')
    await expectInSight(page, BY_LINE, (index) => index === LINES - 1)
    await page.keyboard.press('PageUp')
    await expectInSight(page, BY_LINE, (index) => index < LINES - 25)
    await page.context().close()
  })

  it('asks for no rows that somebody passes on the way', async () => {
    const page = await open('/explore?by=service&period=2026-10')
    const asked: string[] = []
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url())
      if (pathname.startsWith('/v1/reports/')) asked.push(searchParams.get('offset') ?? '')
    })
    await page.keyboard.press('End')
    await expectInSight(page, BY_SERVICE, (index) => index === SERVICES - 1)
    expect(asked.length).toBeLessThan(10)
    expect(asked).toContain(String(SERVICES - 500))
    await page.context().close()
  })

  it('begins again with its first row in another order, and keeps the focus where it is', async () => {
    const page = await open('/explore?by=service&period=2026-10')
    await page.keyboard.press('End')
    await expectInSight(page, BY_SERVICE, (index) => index === SERVICES - 1)
    const adjusted = page.getByRole('button', { name: 'Adjusted' })
    await adjusted.press('Enter')
    await expect.poll(() => page.url()).toContain('sort=-adjusted')
    await expectInSight(page, `${BY_SERVICE}&sort=-adjusted`, (index) => index === 0)
    expect(await adjusted.evaluate((button) => button === document.activeElement)).toBe(true)
    await page.context().close()
  })

  it('is where it was for who comes back to it, and begins with its first row for who goes on', async () => {
    const page = await open('/explore?by=service&period=2026-10')
    await dragTo(page, 0.5)
    await expectInSight(page, BY_SERVICE, (index) => Math.abs(index - SERVICES / 2) < 40)
    await page
      .getByRole('button', { name: /^Explain .* of S-3001$/ })
      .first()
      .click()
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await expectInSight(page, BY_SERVICE, (index) => Math.abs(index - SERVICES / 2) < 40)
    await page.getByRole('link', { name: 'S-3001' }).click()
    await expect.poll(() => page.url()).toContain('/lines')
    await settled(page)
    await expect.poll(async () => (await inSight(page))[0]?.index).toBe(0)
    await page.goBack()
    await expectInSight(page, BY_SERVICE, (index) => index === 3001)
    await page.context().close()
  })

  it('keeps the keys of who has scrolled away from what had the focus', async () => {
    const page = await open('/explore?by=service&period=2026-10')
    await page.getByRole('link', { name: 'S-0000' }).focus()
    await page.keyboard.press('End')
    await expectInSight(page, BY_SERVICE, (index) => index === SERVICES - 1)
    await page.keyboard.press('Home')
    await expectInSight(page, BY_SERVICE, (index) => index === 0)
    await page.context().close()
  })

  it('says which rows could not be had, and has them once they are asked for again', async () => {
    const page = await open('/explore?by=service&period=2026-10')
    await page.route('**/v1/reports/charges*', (route) => route.abort())
    await dragTo(page, 0.5)
    await page.getByRole('alert').waitFor()
    await page.unroute('**/v1/reports/charges*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await expectInSight(page, BY_SERVICE, (index) => Math.abs(index - SERVICES / 2) < 40)
    expect(await page.getByRole('alert').count()).toBe(0)
    await page.context().close()
  })

  it.each(['light', 'dark'] as const)('has nothing that axe finds in its middle, in %s', async (scheme) => {
    const page = await open('/explore?by=service&period=2026-10', { scheme })
    await dragTo(page, 0.5)
    // A button of which the head of the table hides a part is smaller than one may be.
    await frameOf(page).evaluate((frame) => {
      frame.scrollTop -= frame.scrollTop % 36
    })
    await expectInSight(page, BY_SERVICE, (index) => Math.abs(index - SERVICES / 2) < 40)
    expect(await axeFindings(page)).toEqual([])
    await page.context().close()
  })
})

const frameOf = (page: Page) => page.locator('section:has(> table)')

/** As the browser does it while the thumb is dragged: the frame is told where it is. */
async function dragTo(page: Page, share: number): Promise<void> {
  await frameOf(page).evaluate((frame, at) => {
    frame.scrollTop = at * (frame.scrollHeight - frame.clientHeight)
  }, share)
}

type SeenRow = { readonly index: number; readonly text: string; readonly adjusted: string | null }

/** Rows between the head of the table and the lower edge of its frame, whole. */
function inSight(page: Page): Promise<ReadonlyArray<SeenRow>> {
  return frameOf(page).evaluate((frame) => {
    const top = frame.querySelector('th')?.getBoundingClientRect().bottom ?? 0
    const bottom = frame.getBoundingClientRect().bottom
    const heads = [...frame.querySelectorAll('thead th')].map((head) => head.textContent)
    const adjusted = heads.indexOf('Adjusted')
    return [...frame.querySelectorAll('tbody tr[aria-rowindex]')].flatMap((row) => {
      const place = row.getBoundingClientRect()
      if (place.top < top - 1 || place.bottom > bottom + 1) return []
      const amount = row.children[adjusted]?.querySelector('[data-amount]')?.getAttribute('data-amount') ?? null
      return [{ index: Number(row.getAttribute('aria-rowindex')) - 2, text: row.textContent ?? '', adjusted: amount }]
    })
  })
}
