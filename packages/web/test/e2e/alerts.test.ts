// What is nearly used up, from the overview to where it is seen day by day.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeScreens, type Served, serveScreens, settled } from './harness.ts'

describeScreens('alerts', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveScreens('provider')
  })
  afterAll(() => served?.stop())

  it('lead from each thing that needs attention to a screen that has it', async () => {
    const page = await served.open('/?period=2026-10')
    const attention = page.getByRole('region', { name: 'What needs attention' })
    await attention.getByRole('link').first().waitFor()
    const said = await attention.getByRole('link').allInnerTexts()
    expect(said.some((what) => what.includes('13 buckets used all they hold'))).toBe(true)
    const addresses = await attention
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')))
    for (const address of addresses) {
      await page.goto(address ?? '')
      await settled(page)
      // A screen with a list that has something in it, for the month that was asked for.
      expect(await page.getByRole('table').getByRole('row').count(), String(address)).toBeGreaterThan(1)
    }
    await page.context().close()
  })

  it('have what ran out first, and lead on to the month of a bucket and to a service', async () => {
    const page = await served.open('/?period=2026-10')
    await page.getByRole('link', { name: /buckets used all they hold/ }).click()
    await page.getByRole('heading', { level: 1, name: 'Alerts' }).waitFor()
    const table = page.getByRole('table', { name: 'Alerts' })
    const rows = table.locator('tbody tr[aria-rowindex]')
    await rows.first().waitFor()
    const first = await rows.first().innerText()
    expect(first).toContain('100')
    expect(first).toContain('2026')
    await table.getByRole('link', { name: 'chill-pool' }).first().click()
    await page.getByRole('heading', { level: 2, name: 'chill-texts' }).waitFor()
    await page.getByText('ran out', { exact: true }).waitFor()
    await page.goBack()
    await page.getByLabel('Search alerts').fill('backup-own')
    await page.getByRole('link', { name: 'HS0003' }).first().click()
    await page.getByRole('heading', { level: 1, name: 'HS0003' }).waitFor()
    await page.context().close()
    expect(served.consoleErrors).toEqual([])
  })

  it('say so where there are none', async () => {
    const page = await served.open('/alerts?period=2026-10&q=nothing-of-that-name')
    await page.getByText('Nothing is named “nothing-of-that-name”').waitFor()
    await page.context().close()
  })
})
