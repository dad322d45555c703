// Services, people, cost centres, projects and conflicts: each leads on to the next, and what is listed is what is exported.
import { afterAll, beforeAll, expect, it } from 'vitest'
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
