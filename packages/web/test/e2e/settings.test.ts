import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { axeFindings, describeScreens, type Page, type Served, serveScreens, settled } from './harness.ts'

const HEAD = { role: 'department-head', scopeKind: 'cost-centre', scopeKey: 'QH-124' } as const
const PASSWORD = 'a fine long password'

describeScreens('settings', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveScreens('company')
  })
  afterAll(() => served?.stop())

  it('shows a token once, which works until it is revoked', async () => {
    const page = await served.open('/settings?tab=tokens')
    await page.getByRole('button', { name: 'New token' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('month end script')
    expect(await axeFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Make the token' }).click()
    const shown = page.getByRole('dialog', { name: 'Your new token' })
    const token = await shown.locator('pre').innerText()
    const ask = () => fetch(`${served.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } })
    expect((await ask()).status).toBe(200)
    expect(await axeFindings(page)).toEqual([])
    await shown.getByRole('button', { name: 'I have kept it' }).click()
    await page.getByRole('row', { name: /month end script/ }).waitFor()
    expect(await page.content()).not.toContain(token)
    await page.reload()
    await page
      .getByRole('row', { name: /month end script/ })
      .getByRole('button', { name: 'Revoke…' })
      .click()
    await dialog.getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('Revoked', { exact: true }).waitFor()
    expect((await ask()).status).toBe(401)
    expect(served.consoleErrors).toEqual([])
    await page.context().close()
  })

  it('gives a new user a role on one cost centre, who then sees that alone, and the log says who did it', async () => {
    const page = await served.open('/settings?tab=users')
    await page.getByRole('button', { name: 'New user' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Hedda Head')
    await dialog.getByLabel('E-mail').fill('hedda@screens.example')
    await dialog.getByRole('textbox', { name: 'First password' }).fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Create' }).click()
    await page.getByText('None: nothing can be seen or done').waitFor()
    await choose(page, { label: 'Role', option: 'Department head' })
    await choose(page, { label: 'A cost centre', option: 'QH-124, Fleet workshop' })
    await page.getByRole('button', { name: 'Grant' }).click()
    await page
      .getByRole('button', { name: 'Take Department head of cost centre QH-124 and what is below it back' })
      .waitFor()

    await page.goto('/settings?tab=audit&where=action%3Dgrant')
    await page.getByRole('link', { name: 'Grant' }).first().click()
    const change = page.getByRole('table', { name: 'What changed' })
    await change.getByRole('row', { name: 'scopeKey none QH-124' }).waitFor()
    await page.getByRole('button', { name: 'Remove the filter Action grant' }).click()
    await page.getByRole('link', { name: 'Create user' }).first().waitFor()

    await page.context().clearCookies()
    await page.goto('/explore?period=2026-10')
    await page.getByLabel('E-mail').fill('hedda@screens.example')
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('link', { name: 'QH-124' }).first().waitFor()
    expect(await page.getByRole('link', { name: 'QH-111' }).count()).toBe(0)
    await page.goto('/settings?tab=users')
    await page.getByText('Department head of cost centre QH-124').waitFor()
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(['You', 'Views', 'Tokens'])
    await page.context().close()
  })

  it('the audit log names who signed in by the address, and a month as it is called', async () => {
    await served.cookieOf({ role: 'analyst' })
    const page = await served.open('/settings?tab=audit&where=action%3Dsign-in')
    await page.getByRole('cell', { name: 'analyst.tenant.all@screens.example' }).first().waitFor()
    await page.goto('/settings?tab=audit&where=action%3Dpublish')
    await page.getByRole('cell', { name: 'October 2026' }).first().waitFor()
    await page.context().close()
  })

  it('takes the last role of an owner from nobody, and says so', async () => {
    const page = await served.open('/settings?tab=users')
    await page.getByRole('link', { name: 'Olive Owner' }).click()
    await page.getByRole('button', { name: 'Take Owner of the whole company back' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click()
    await page.getByRole('dialog').getByText('That could not be done').waitFor()
    await page
      .getByRole('dialog')
      .getByText(/^Request/)
      .waitFor()
    await page.context().close()
  })

  it('shows figures as somebody prefers them, on every page from then on', async () => {
    const page = await served.open('/settings', { as: HEAD })
    await choose(page, { label: 'Language and region', option: 'German (Germany)' })
    await choose(page, { label: 'Currencies', option: 'By symbol: $12.00' })
    await choose(page, { label: 'Colours', option: 'Dark' })
    await choose(page, { label: 'Time zone', option: 'Asia/Tokyo' })
    await choose(page, { label: 'Rows of tables', option: 'Close together' })
    await page.getByText('As in -1.234,56 $, Oktober 2026, 01.11.2026, 03:05').waitFor()
    await page.getByRole('button', { name: 'Save' }).first().click()
    await page.getByText('Your preferences are saved.').waitFor()
    await page.goto('/explore?period=2026-10')
    await page
      .getByText(/^\d\.\d{3},\d\d\s\$$/)
      .first()
      .waitFor()
    await expect.poll(() => page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark')
    const row = page
      .getByRole('region', { name: /^Charges by/ })
      .getByRole('row')
      .nth(1)
    expect((await row.boundingBox())?.height).toBeLessThan(30)
    await page.context().close()
  })

  it('shows figures and times as the browser has them to who prefers nothing', async () => {
    const page = await served.open('/icon.svg')
    const abroad = await page
      .context()
      .browser()
      ?.newContext({
        ...{ baseURL: served.url, locale: 'de-DE', timezoneId: 'America/New_York' },
        storageState: await page.context().storageState(),
      })
    const there = await abroad?.newPage()
    await there?.goto('/settings?tab=me')
    await there?.getByText('As in -1.234,56 USD, Oktober 2026, 31.10.2026, 14:05').waitFor()
    await there?.goto('/explore?by=service&period=2026-10&q=SIM-30007')
    await there?.getByText('950,13 USD').first().waitFor()
    await abroad?.close()
    await page.context().close()
  })

  it('renames a view that somebody else changed meanwhile only after asking', async () => {
    const page = await served.open('/explore?by=person&period=2026-10')
    await page.getByRole('button', { name: 'Views' }).click()
    await page.getByRole('menuitem', { name: 'Save this view…' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('People')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    await page.goto('/settings?tab=views')
    await openView(page, 'People')
    const other = await page.context().newPage()
    await other.goto('/settings?tab=views')
    await openView(other, 'People')
    await rename(other, 'People of October')
    await other.getByRole('link', { name: 'People of October' }).waitFor()
    await rename(page, 'Everybody')
    await page.getByText('Somebody changed it meanwhile').waitFor()
    expect(await page.getByRole('dialog').getByLabel('Name').inputValue()).toBe('Everybody')
    await page.getByRole('button', { name: 'Replace it with what stands here' }).click()
    await expect.poll(() => page.getByText('Somebody changed it meanwhile').count()).toBe(0)
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: 'Everybody' }).click()
    await expect.poll(() => page.url()).toContain('/explore?')
    expect(page.url()).toContain('by=person')
    await page.context().close()
  })

  it('keeps a view of a screen whose name has spaces, and leads back to it', async () => {
    const page = await served.open('/pools/QH%20DATA?tab=members')
    const views = page.getByRole('button', { name: 'Views' })
    await views.click()
    await page.getByRole('menuitem', { name: 'Save this view…' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('Who drew')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    await page.goto('/settings?tab=views')
    await page.getByRole('link', { name: 'Who drew' }).click()
    await page.getByRole('heading', { level: 1, name: 'QH DATA' }).waitFor()
    await expect.poll(() => page.url()).toContain('/pools/QH%20DATA?tab=members')
    await views.click()
    await page.getByRole('menuitem', { name: 'Who drew' }).first().waitFor()
    expect(served.consoleErrors.filter((line) => line.includes('/pools/'))).toEqual([])
    await page.context().close()
  })

  it('shows the secret of a webhook once, and what became of a trial', async () => {
    const received: string[] = []
    const receiver = createServer((request, response) => {
      received.push(String(request.headers['webhook-signature']))
      response.writeHead(204).end()
    })
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
    const { port } = receiver.address() as AddressInfo
    const page = await served.open('/settings?tab=webhooks')
    await page.getByRole('button', { name: 'New webhook' }).click()
    await page.getByRole('dialog').getByLabel('Address').fill(`http://127.0.0.1:${port}/hook`)
    await page.getByRole('dialog').getByLabel('a month is closed').check()
    await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click()
    const shown = page.getByRole('dialog', { name: "The webhook's secret" })
    const secret = await shown.locator('pre').innerText()
    expect(secret).toMatch(/^whsec_/)
    await shown.getByRole('button', { name: 'I have kept it' }).click()
    await page.getByText('Nothing yet. A trial shows whether it arrives.').waitFor()
    await page.getByRole('button', { name: 'Send a trial' }).click()
    const row = page.getByRole('region', { name: 'Deliveries' }).getByRole('row', { name: /webhook\.test/ })
    await row.getByText('Delivered').waitFor()
    expect(received).toEqual([expect.stringMatching(/^v1,/)])
    await page.getByRole('button', { name: 'Another secret…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Make another' }).click()
    await expect.poll(() => shown.locator('pre').innerText()).toMatch(/^whsec_/)
    expect(await shown.locator('pre').innerText()).not.toBe(secret)
    await new Promise((resolve) => receiver.close(resolve))
    await page.context().close()
  })

  it.each(['light', 'dark'] as const)('has nothing that axe finds, in %s', async (scheme) => {
    for (const tab of ['me', 'views', 'tokens', 'users', 'webhooks', 'audit']) {
      const page = await served.open(`/settings?tab=${tab}`, { scheme })
      await settled(page)
      expect(await axeFindings(page), tab).toEqual([])
      if (tab === 'users') {
        await page.getByRole('button', { name: 'What each role may do' }).click()
        await page.getByRole('row', { name: /^Back up/ }).waitFor()
        expect(await axeFindings(page), 'the roles').toEqual([])
      }
      await page.context().close()
    }
  })
})

async function choose(page: Page, { label, option }: { label: string; option: string }): Promise<void> {
  const box = page
    .getByRole('combobox', { name: label })
    .or(page.getByRole('textbox', { name: label }))
    .first()
  await box.click()
  if ((await box.getAttribute('readonly')) === null) await box.fill(option.split(',')[0] ?? option)
  await page.getByRole('option', { name: option }).first().click()
}

async function openView(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `What can be done with ${name}` }).click()
  await page.getByRole('menuitem', { name: 'Rename or share…' }).click()
  await page.getByRole('dialog').getByLabel('Name').waitFor()
}

async function rename(page: Page, name: string): Promise<void> {
  await page.getByRole('dialog').getByLabel('Name').fill(name)
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
}
