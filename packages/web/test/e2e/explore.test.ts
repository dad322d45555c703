import { afterAll, beforeAll, expect, it } from 'vitest'
import { amountsOf, axeFindings, describeScreens, OWNER, type Served, serveScreens, settled } from './harness.ts'

const HEAD = { role: 'department-head', scopeKind: 'cost-centre', scopeKey: 'QH-124' } as const

const hasFocus = (element: Element) => element === document.activeElement

describeScreens('the explorer of charges', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveScreens('company')
  })
  afterAll(() => served?.stop())

  it('leads from a cost centre to a person, a service, its lines, and the line of the file', async () => {
    const page = await served.open('/explore?period=2026-10')
    await page.getByRole('link', { name: 'QH-124' }).first().click()
    await page.getByRole('link', { name: 'E1098' }).click()
    await page.getByRole('link', { name: 'SIM-30007' }).click()
    await expect.poll(() => page.url()).toContain('/lines?')
    await settled(page)
    expect(await amountsOf(page, 'main')).toContain('950.13 USD')
    await page.getByRole('link', { name: 'charges.csv:77' }).click()
    await page.getByRole('heading', { level: 1, name: 'charges.csv, line 77' }).waitFor()
    await page.getByRole('cell', { name: 'SIM-30007' }).first().waitFor()
    for (const _ of ['the lines', 'the service', 'the person']) await page.goBack()
    await page.getByRole('link', { name: 'E1098' }).waitFor()
    expect(served.consoleErrors).toEqual([])
    await page.context().close()
  })

  it('explains a figure beside it: sentence, formula, policy, lines', async () => {
    const page = await served.open('/explore?by=service&period=2026-10&q=SIM-30007')
    await page.getByRole('button', { name: /^Explain .*950\.13 of SIM-30007/ }).click()
    const panel = page.getByRole('dialog')
    await panel.getByText('its floor of 12.00, and 200 GB / 252.916 GB').waitFor()
    await panel.getByText('policy field-data, version 1').first().waitFor()
    expect(await panel.getByRole('link', { name: 'charges.csv:77' }).count()).toBeGreaterThan(0)
    await page.keyboard.press('Escape')
    await expect.poll(() => page.url()).not.toContain('explain=')
    await page.context().close()
  })

  it('explains by keyboard, and gives the focus back to the figure', async () => {
    const page = await served.open('/explore?by=service&period=2026-10&q=SIM-30007')
    const figure = page.getByRole('button', { name: /^Explain .*950\.13 of SIM-30007/ })
    await figure.focus()
    await page.keyboard.press('Enter')
    const panel = page.getByRole('dialog')
    await expect.poll(() => panel.getByRole('button', { name: 'Close the explanation' }).evaluate(hasFocus)).toBe(true)
    await page.keyboard.press('Escape')
    await expect.poll(() => figure.evaluate(hasFocus)).toBe(true)
    await page.context().close()
  })

  it.each(['light', 'dark'] as const)(
    'has nothing that axe finds, in %s, with the panel open or not',
    async (scheme) => {
      for (const path of [
        '/explore',
        '/explore?by=service&where=vendor%3Dtessaline',
        '/explore?by=service&explain=SIM-30007',
      ]) {
        const page = await served.open(path, { scheme })
        await settled(page)
        expect(await axeFindings(page), path).toEqual([])
        await page.context().close()
      }
    },
  )

  it('shows the head of a cost centre that one alone, whatever the address says', async () => {
    const whole = await served.open('/explore?period=2026-10', { as: OWNER })
    await whole.getByRole('link', { name: 'QH-111' }).waitFor()
    const page = await served.open('/explore?period=2026-10', { as: HEAD })
    await page.getByRole('link', { name: 'QH-124' }).first().waitFor()
    expect(await page.getByRole('link', { name: 'QH-111' }).count()).toBe(0)
    await page.goto('/explore?period=2026-10&by=person&where=cost-centre%3DQH-111')
    await page.getByRole('heading', { name: 'Nothing here' }).waitFor()
    await page.goto('/explore?by=service&where=service%3D%2B493023125100')
    await page.getByRole('heading', { name: 'Nothing here' }).waitFor()
    await page.context().close()
    await whole.context().close()
  })
})
