// Services, people, cost centres, projects and conflicts: each leads on to the next, and what is listed is what is exported.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { printed } from './command-line.ts'
import { axeFindings, describeScreens, type Page, type Served, serveScreens, settled } from './harness.ts'

/** What the menu would download as CSV: its rows without the head. */
async function exportedRows(page: Page): Promise<ReadonlyArray<string>> {
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  const address = await page.getByRole('menuitem', { name: 'CSV' }).getAttribute('href')
  await page.keyboard.press('Escape')
  const text = await (await page.request.get(address ?? '')).text()
  return text.trim().split('\n').slice(1)
}

const keysShown = (page: Page, table: string) =>
  page
    .getByRole('table', { name: table })
    .locator('tbody tr[aria-rowindex] td:nth-child(2)')
    .evaluateAll((cells) => cells.map(({ textContent }) => textContent))

describeScreens('who pays, in a company', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveScreens('company')
  })
  afterAll(() => served?.stop())

  it('a service says whose it is, and leads to the person, the invoice and the pool', async () => {
    const page = await served.open('/services/SIM-30007?period=2026-10')
    const facts = page.getByRole('region', { name: 'The service' })
    await facts.getByRole('link', { name: 'Juna Thackeray' }).waitFor()
    await settled(page)
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('link', { name: 'TSL-202610' }).first().click()
    await page.getByRole('heading', { level: 1, name: 'Invoice TSL-202610' }).waitFor()
    await page.goBack()
    await page.getByRole('link', { name: 'T-FIELD' }).first().click()
    await page.waitForURL('**/pools/T-FIELD?**')
    await page.goBack()
    await facts.getByRole('link', { name: 'Juna Thackeray' }).click()
    await page.getByRole('heading', { level: 1, name: 'Juna Thackeray' }).waitFor()
    await page.getByRole('main').getByRole('link', { name: 'QH-124' }).click()
    await page.getByRole('heading', { level: 1, name: 'Fleet workshop' }).waitFor()
    await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Road' }).waitFor()
    expect(served.consoleErrors).toEqual([])
    await page.context().close()
  })

  it('a budget is compared with costs in one currency, and of costs in two is said not to be', async () => {
    const page = await served.open('/cost-centres/QH-124?period=2026-10')
    const budget = page.getByRole('region', { name: 'Budget' })
    await budget.getByText('229.4%').waitFor()
    await page.goto('/cost-centres/QH-110?period=2026-10')
    await budget.getByText('Costs in several currencies are not compared').waitFor()
    await settled(page)
    expect((await budget.innerText()).match(/2,900\.00/g)).toHaveLength(1)
    await page.context().close()
  })
})

describeScreens('a company that sells nothing', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveScreens('company')
  })
  afterAll(() => served?.stop())

  it.each([
    ['/share-plans', 'No share plan yet', 'Make the first', 'New share plan'],
    ['/catalogue', 'No product yet', 'New product', 'New product'],
    ['/customer-bills', 'No bill of ours this month', 'To the catalogue', 'Catalogue'],
  ])('is told at %s how to begin, and is not asked to choose', async (path, said, pressed, next) => {
    const page = await served.open(path)
    await page.getByRole('heading', { name: said }).waitFor()
    expect(await page.getByRole('heading', { name: /^Choose/ }).count()).toBe(0)
    await page.getByRole('link', { name: pressed }).click()
    await page
      .getByRole('heading', { name: next })
      .or(page.getByRole('dialog', { name: next }))
      .first()
      .waitFor()
    await page.context().close()
  })
})

describeScreens('who pays, in a firm', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveScreens('firm')
  })
  afterAll(() => served?.stop())

  it('projects are searched, and exported as they are shown', async () => {
    const page = await served.open('/projects?period=2026-10')
    await page.getByRole('searchbox', { name: 'Search projects' }).fill('marine')
    await page.keyboard.press('Enter')
    await expect.poll(() => keysShown(page, 'Billable time by project')).toEqual(['M-2041', 'M-5010'])
    expect((await exportedRows(page)).map((row) => row.split(',')[0])).toEqual(['M-2041', 'M-5010'])
    await page.reload()
    await expect.poll(() => keysShown(page, 'Billable time by project')).toEqual(['M-2041', 'M-5010'])
    await page.goto('/projects?period=2026-10&tab=uncoded&q=nowhere')
    await page.getByRole('heading', { name: 'Nothing is named “nowhere”' }).waitFor()
    expect(served.consoleErrors).toEqual([])
    await page.context().close()
  })

  it('the billable time of a project is downloaded as the LEDES invoice of the command line; what it lacks is said', async () => {
    const page = await served.open('/projects/M-2041?period=2026-10')
    await page.getByRole('button', { name: 'LEDES invoice' }).click()
    const dialog = page.getByRole('dialog', { name: 'Invoice as LEDES 1998B' })
    await dialog.getByLabel('Invoice number').fill('INV-1')
    const args = ['--from', '2026-10-01', '--until', '2026-11-01', '--invoice-number', 'INV-1']
    for (const hasExpenses of [false, true]) {
      if (hasExpenses) await dialog.getByRole('checkbox', { name: 'What the calls cost, as expenses' }).check()
      const downloading = page.waitForEvent('download')
      await dialog.getByRole('button', { name: 'Download' }).click()
      const download = await downloading
      expect(download.suggestedFilename()).toBe('INV-1.txt')
      const of = ['--project', 'M-2041', ...(hasExpenses ? ['--expenses'] : [])]
      const ledes = await printed(join(inject('screens'), 'firm'), ['export', 'ledes', ...of, ...args])
      expect(await readFile(await download.path(), 'utf8')).toBe(ledes)
      await dialog.getByRole('status').filter({ hasText: 'Invoice INV-1 is downloaded' }).waitFor()
    }
    expect(await axeFindings(page)).toEqual([])
    expect(served.consoleErrors).toEqual([])
    await dialog.getByText('All of Orrin Marine', { exact: true }).click()
    await dialog.getByRole('button', { name: 'Download' }).click()
    await dialog.getByRole('alert').filter({ hasText: 'lacks the person of calls that nobody has' }).waitFor()
    await page.context().close()
  })

  it('the invoice of a project is downloaded from the list, and the focus is on its row again', async () => {
    // What an earlier test provoked is its own.
    const errorsBefore = served.consoleErrors.length
    const page = await served.open('/projects?period=2026-10')
    await settled(page)
    const press = page.getByRole('button', { name: 'LEDES invoice of M-2041' })
    // In sight, however many columns there are.
    expect(await press.evaluate((button) => button.getBoundingClientRect().right <= innerWidth)).toBe(true)
    await press.focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Invoice as LEDES 1998B' })
    await dialog.getByText('All of Orrin Marine', { exact: true }).waitFor()
    await dialog.getByLabel('Invoice number').fill('INV-2')
    const downloading = page.waitForEvent('download')
    await page.keyboard.press('Enter')
    const args = ['--from', '2026-10-01', '--until', '2026-11-01', '--invoice-number', 'INV-2']
    const ledes = await printed(join(inject('screens'), 'firm'), ['export', 'ledes', '--project', 'M-2041', ...args])
    expect(await readFile(await (await downloading).path(), 'utf8')).toBe(ledes)
    expect(await axeFindings(page)).toEqual([])
    await page.keyboard.press('Escape')
    await expect.poll(() => press.evaluate((button) => document.activeElement === button)).toBe(true)
    // Another one begins anew; what nobody was assigned is nobody's to bill.
    await expect.poll(() => dialog.count()).toBe(0)
    await page.getByRole('button', { name: 'LEDES invoice of M-2044' }).click()
    await dialog.getByText('All of Bellmead Foods', { exact: true }).waitFor()
    expect(await dialog.getByLabel('Invoice number').inputValue()).toBe('')
    await page.keyboard.press('Escape')
    const rows = page.getByRole('table', { name: 'Billable time by project' }).getByRole('row')
    expect(
      await rows
        .filter({ hasText: 'unassigned' })
        .getByRole('button', { name: /^LEDES/ })
        .count(),
    ).toBe(0)
    expect(served.consoleErrors.slice(errorsBefore)).toEqual([])
    await page.context().close()
  })

  it('a day of conflicts is opened from the list and closed again', async () => {
    const page = await served.open('/conflicts?period=2026-10&tab=conferences')
    await page.getByRole('link', { name: '20 Oct 2026, 10:30:00' }).click()
    await page.getByRole('region', { name: /^Timeline of litigation/ }).waitFor()
    await page.getByRole('button', { name: 'Close the day' }).click()
    await expect.poll(() => page.getByRole('region', { name: /^Timeline/ }).count()).toBe(0)
    await page.getByRole('table', { name: 'Conferences at once' }).waitFor()
    await page.goBack()
    await page.getByRole('region', { name: /^Timeline of litigation/ }).waitFor()
    await page.context().close()
  })
})
