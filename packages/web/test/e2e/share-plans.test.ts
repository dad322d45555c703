import { join } from 'node:path'
import type { Route } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { amountsPrinted } from './command-line.ts'
import {
  amountsOf,
  axeFindings,
  axeFindingsInBoth,
  describeScreens,
  type Page,
  type Served,
  serveScreens,
  settled,
} from './harness.ts'

const ANALYST = { role: 'analyst' } as const
const HEAD = { role: 'department-head', scopeKind: 'cost-centre', scopeKey: 'none' } as const

/** What a browser writes to its console about an answer that a test provokes. */
const withoutStatus = (errors: ReadonlyArray<string>, ...provoked: ReadonlyArray<number>) =>
  errors.filter((text) => !provoked.some((status) => text.includes(`with a status of ${status}`)))

const text = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true })
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true })

describeScreens('share plans and their catalogue', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveScreens('provider')
  })
  afterAll(() => served?.stop())

  /** The document as another session sees it. */
  const documentOf = async (kind: string, name: string) => {
    const cookie = await served.cookieOf({ role: 'owner' })
    const response = await fetch(`${served.url}/v1/configuration/${kind}/${name}`, { headers: { cookie } })
    return (await response.json()) as { version: number; body: Record<string, unknown> }
  }
  const put = async (name: string, body: Record<string, unknown>) => {
    const cookie = await served.cookieOf({ role: 'owner' })
    const headers = { 'content-type': 'application/json', origin: served.url, 'if-match': '*', cookie }
    const address = `${served.url}/v1/configuration/SharePlan/${name}`
    const response = await fetch(address, { method: 'PUT', headers, body: JSON.stringify(body) })
    expect(response.status).toBe(200)
  }

  it('clones a plan, edits a tier of the copy with errors at their fields, activates and deletes it', async () => {
    const page = await served.open('/share-plans')
    await button(page, 'Clone Store pool').click()
    await text(page, 'Id of the copy').fill('winter-pool')
    await text(page, 'Name of the copy').fill('Winter pool')
    const place = page.getByRole('combobox', { name: 'In the place of gateway-pro' })
    await place.click()
    await page.getByRole('option', { name: 'Backup SIM (backup-sim)' }).click()
    await button(page, 'Clone').click()
    await page.getByRole('heading', { level: 2, name: 'Winter pool' }).waitFor()
    const plans = page.getByRole('navigation', { name: 'Share plans' })
    await plans.getByRole('link', { name: 'winter-pool-store-data' }).click()
    await tab(page, 'Tiers').click()
    const second = page.getByRole('region', { name: 'Tier 2' })
    await second.getByRole('textbox', { name: 'Size' }).fill('7 hundred')
    await second.getByText('Must be a quantity such as 100 MB').waitFor()
    await page.getByText('Buckets 1, tiers 2, size: must be a quantity such as 100 MB').waitFor()
    await second.getByRole('textbox', { name: 'Size' }).fill('700')
    await second.getByRole('textbox', { name: 'Flat charge' }).fill('41.50')
    await page.getByText('This is to be mended').waitFor({ state: 'hidden' })
    await button(page, 'Save').click()
    await page.getByText('Saved as version 2.').waitFor()
    const { body } = await documentOf('SharePlan', 'winter-pool')
    expect(body).toMatchObject({
      active: false,
      participating: [{ product: 'backup-sim' }],
      buckets: [{ tiers: [{}, { size: '700 MB', growth: '50 MB', flat: '41.50' }, {}] }],
    })
    await page.getByRole('link', { name: 'Winter pool' }).first().click()
    await button(page, 'Activate').click()
    await button(page, 'Deactivate').waitFor()
    await button(page, 'Delete this plan').click()
    await page.getByRole('dialog').getByText('No other document names it.').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByRole('heading', { name: 'Choose a share plan' }).waitFor()
    await plans.getByRole('link', { name: 'Winter pool' }).waitFor({ state: 'hidden' })
    expect(served.consoleErrors).toEqual([])
    await page.context().close()
  })

  it('offers no participant of another plan, and says in which it is', async () => {
    const page = await served.open('/share-plans/grid-pool?panel=participants')
    await page.getByText(/^Products \(/).click()
    const held = page.getByRole('checkbox', { name: 'Store gateway with cameras (gateway-pro)' })
    await expect.poll(() => held.isDisabled()).toBe(true)
    const note = await held.getAttribute('aria-describedby')
    expect(await page.locator(`[id="${note}"]`).textContent()).toContain('share plan store-pool (Store pool) already')
    const free = page.getByRole('checkbox', { name: 'Backup SIM (backup-sim)' })
    expect(await free.isDisabled()).toBe(false)
    await free.check()
    await page.getByRole('table', { name: 'Contributions and limits' }).getByText('backup-sim').waitFor()
    await page.getByRole('navigation', { name: 'Share plans' }).getByRole('link', { name: 'Chill pool' }).click()
    await page.getByRole('dialog').getByText('What you changed here is not saved').waitFor()
    await button(page, 'Stay').click()
    await button(page, 'Discard changes').click()
    await expect.poll(() => free.isChecked()).toBe(false)
    await page.context().close()
  })

  it('deletes no plan that an account has, and says which', async () => {
    const page = await served.open('/share-plans')
    await button(page, 'Delete Grid pool').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('It is in use, and stays').waitFor()
    await dialog.getByRole('link', { name: /Account share plan NORTHWAY grid-pool/ }).waitFor()
    expect(await dialog.getByRole('button', { name: 'Delete', exact: true }).count()).toBe(0)
    await page.context().close()
  })

  it('keeps what was typed where somebody else saved meanwhile', async () => {
    const page = await served.open('/share-plans/chill-pool')
    await text(page, 'Description').fill('Mine.')
    const { body } = await documentOf('SharePlan', 'chill-pool')
    await put('chill-pool', { ...body, description: 'Theirs.' })
    await button(page, 'Save').click()
    await page.getByText('Somebody saved this while you were writing').waitFor()
    expect(await text(page, 'Description').inputValue()).toBe('Mine.')
    await button(page, 'Show what changed').click()
    await page.getByText('description: Theirs.').waitFor()
    await button(page, 'Keep mine').click()
    await button(page, 'Save').click()
    await page.getByText('Saved as version 3.').waitFor()
    expect((await documentOf('SharePlan', 'chill-pool')).body.description).toBe('Mine.')
    await tab(page, 'Versions').click()
    await page.getByRole('region', { name: 'From version 2 to 3' }).getByText('description: Theirs.').waitFor()
    expect(withoutStatus(served.consoleErrors, 412)).toEqual([])
    await page.context().close()
  })

  it('shows what a month would have been billed under a plan that nobody saved', async () => {
    const page = await served.open('/share-plans/store-pool?chosen=store-data&panel=tiers&period=2026-10')
    const flat = page.getByRole('region', { name: 'Tier 2' }).getByRole('textbox', { name: 'Flat charge' })
    await flat.fill('50.00')
    await page.getByRole('navigation', { name: 'Share plans' }).getByRole('link', { name: 'Store pool' }).click()
    await tab(page, 'Preview').click()
    await page.route('**/v1/previews', () => undefined)
    await button(page, 'Rate October 2026 with it').click()
    await page.getByText('Begins…').waitFor()
    await button(page, 'Cancel').click()
    await page.unroute('**/v1/previews')
    await button(page, 'Rate October 2026 with it').click()
    const result = page.getByRole('region', { name: 'October 2026 before and after' })
    await result.getByRole('cell', { name: 'CALLOWAY', exact: true }).waitFor()
    // A step of 50.00 in the place of 35.00, taken once in the month.
    const amounts = await amountsOf(page, 'main [role=region]')
    expect(amounts).toEqual(
      expect.arrayContaining(['267.28 GBP', '282.28 GBP', '15.00 GBP', '91.47 EUR', '202.57 USD']),
    )
    await result.getByText(/^Services \(1\)$/).click()
    await expect.poll(() => page.url()).toContain('by=service')
    expect((await documentOf('SharePlan', 'store-pool')).version).toBe(1)
    await page.context().close()
  })

  it('breaks off what is tried of a plan that is changed meanwhile, and shows nothing of it', async () => {
    const page = await served.open('/share-plans/store-pool?chosen=store-data&panel=tiers&period=2026-10')
    await page.getByRole('region', { name: 'Tier 2' }).getByRole('textbox', { name: 'Flat charge' }).fill('50.00')
    await page.getByRole('navigation', { name: 'Share plans' }).getByRole('link', { name: 'Store pool' }).click()
    await tab(page, 'Preview').click()
    const held: Route[] = []
    const brokenOff: string[] = []
    await page.route('**/v1/previews', (route) => void held.push(route))
    page.on('requestfailed', (request) => brokenOff.push(request.url()))
    await button(page, 'Rate October 2026 with it').click()
    await expect.poll(() => held.length).toBe(1)
    await page.getByText('Begins…').waitFor()
    await button(page, 'Discard changes').click()
    await page.getByText('Broken off, because the form was changed meanwhile.').waitFor()
    await expect.poll(() => brokenOff.length).toBe(1)
    // Its answer is there after all: of what nobody sees any more.
    await held[0]?.continue().catch(() => undefined)
    await button(page, 'Rate October 2026 with it').click()
    await expect.poll(() => held.length).toBe(2)
    expect(await page.getByText('Broken off, because').count()).toBe(0)
    await held[1]?.continue()
    const result = page.getByRole('region', { name: 'October 2026 before and after' })
    await result.waitFor()
    expect(await result.getByText('15.00').count()).toBe(0)
    expect(held.length).toBe(2)
    await page.context().close()
  })

  it('says in words what a service was rated, and which bucket and which rate took what of one event', async () => {
    const directory = join(inject('screens'), 'provider')
    const event = 'HS0003 GB 2026-10-14T00:00:00Z/2026-10-15T00:00:00Z'
    const told = new Set([
      ...(await amountsPrinted(directory, ['explain', 'HS0003', '-p', '2026-10'])),
      ...(await amountsPrinted(directory, ['explain', '--event', event])),
    ])
    const page = await served.open('/services/HS0003?period=2026-10&explain=HS0003')
    const panel = page.getByRole('dialog')
    await panel.getByRole('heading', { name: 'Usage: data' }).waitFor()
    await panel.getByText('round(0.05 * 169100000 / 1000000, 0.01) = 8.46').waitFor()
    const shown = [...(await amountsOf(page, '[role=dialog]'))]
    expect(await panel.innerText()).not.toMatch(/[{}]|undefined|null/)
    await panel.getByRole('button', { name: `What became of event ${event}` }).click()
    await panel.getByRole('heading', { name: 'What became of it' }).waitFor()
    await panel.getByText('Of 154.2 MB, 7.8 MB came from buckets and 146.4 MB was rated beyond them.').waitFor()
    await panel.getByText('7.8 MB from backup-own, tier 1').waitFor()
    await panel.getByText('146.4 MB out of bucket at 0.05 per 1 MB, increment 100 kB').waitFor()
    await panel.getByText('0.05 * 146400000 / 1000000 = 7.32').waitFor()
    expect(await panel.getByRole('link', { name: 'rate plan stores, version 1' }).count()).toBe(1)
    shown.push(...(await amountsOf(page, '[role=dialog]')))
    expect(shown).toContain('7.32 GBP')
    expect(shown.filter((amount) => !told.has(amount))).toEqual([])
    expect(await panel.innerText()).not.toMatch(/[{}]|undefined|null/)
    expect(await axeFindings(page)).toEqual([])
    await panel.getByRole('button', { name: 'Back to HS0003' }).click()
    await panel.getByRole('heading', { name: 'Usage: data' }).waitFor()
    expect(await axeFindings(page)).toEqual([])
    await page.context().close()
  })

  it('shows what was drawn from a bucket by day, what was left, and when it ran out', async () => {
    const page = await served.open('/share-plans/chill-pool?chosen=chill-data&panel=month&period=2026-09')
    await page.getByText('ran out', { exact: true }).waitFor()
    const drawn = page.getByRole('table', { name: 'Drawn from and left of chill-data' })
    await drawn.getByRole('cell', { name: '317.2 MB' }).waitFor()
    await page.getByRole('table', { name: 'Alerts of chill-data' }).getByRole('cell', { name: '100' }).waitFor()
    await page.getByText('The same as a table').click()
    expect(await page.getByRole('figure').getByRole('row').count()).toBeGreaterThan(28)
    await page.context().close()
  })

  it('makes a product in its form, and leaves a reader without a way to change it', async () => {
    const page = await served.open('/catalogue')
    await button(page, 'New product').click()
    await button(page, 'Save').isDisabled()
    await text(page, 'Name').fill('Spare SIM')
    await button(page, 'Save').click()
    await page.getByText('Id: must not be empty').waitFor()
    await text(page, 'Id').fill('spare-sim')
    await page.getByRole('combobox', { name: 'Service type' }).fill('spare')
    const ratePlan = page.getByRole('combobox', { name: 'Rate plan' })
    await ratePlan.click()
    await page.getByRole('option', { name: 'stores' }).click()
    await text(page, 'Amount per billing period').fill('1.25')
    await button(page, 'Save').click()
    await page.getByRole('heading', { level: 2, name: 'Spare SIM' }).waitFor()
    await page
      .getByRole('navigation', { name: 'Products' })
      .getByRole('link', { name: 'Spare SIM spare-sim' })
      .waitFor()
    expect((await documentOf('Product', 'spare-sim')).body).toEqual({
      kind: 'Product',
      id: 'spare-sim',
      name: 'Spare SIM',
      'service-type': 'spare',
      'rate-plan': 'stores',
      recurring: { amount: '1.25' },
    })
    const reader = await served.open('/catalogue?chosen=spare-sim', { as: ANALYST })
    await expect.poll(() => text(reader, 'Name').isEditable()).toBe(false)
    expect(await reader.getByRole('button', { name: /New product|Save|Delete/ }).count()).toBe(0)
    const head = await served.open('/catalogue', { as: HEAD })
    await head.getByText('Not for you to see').first().waitFor()
    for (const one of [page, reader, head]) await one.context().close()
  })

  it('says that it loads while the server is slow, and what to do where there is nothing', async () => {
    const page = await served.open('/share-plans?q=nothing-of-that-name')
    await page.getByText('No share plan of that name.').waitFor()
    let release: () => void = () => undefined
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    await page.route('**/v1/share-plans?*', async (route) => {
      await released
      await route.continue()
    })
    await page.goto('/share-plans')
    await page.getByRole('status', { name: 'Loading' }).first().waitFor()
    release()
    await page.getByRole('link', { name: 'Grid pool' }).waitFor()
    await page.context().close()
  })

  const ADDRESSES = [
    '/share-plans?of=new',
    '/share-plans/grid-pool',
    '/share-plans/grid-pool?panel=participants',
    '/share-plans/chill-pool?panel=buckets&of=new-bucket',
    '/share-plans/store-pool?chosen=store-data&panel=tiers',
    '/share-plans/chill-pool?chosen=chill-data&panel=month&period=2026-09',
    '/share-plans/chill-pool?panel=versions',
    '/catalogue?chosen=meter-sim-plus',
    '/catalogue?tab=rate-plans&chosen=tracking',
    '/catalogue?tab=accounts&chosen=NORTHWAY-EAST&panel=uses',
    '/catalogue?tab=plans-of-accounts&of=new',
  ]
  it('has nothing that axe finds, in light and dark, with dialogs open or not', async () => {
    const page = await served.open('/share-plans')
    const expectNothing = async (at: string) => expect(await axeFindingsInBoth(page), at).toEqual([])
    for (const open of ['Clone Chill pool', 'Delete Grid pool']) {
      await button(page, open).click()
      const dialog = page.getByRole('dialog')
      await dialog
        .getByRole('button', { name: /^(?:Cancel|Close)$/ })
        .last()
        .waitFor()
      await settled(page)
      await expectNothing(open)
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'hidden' })
    }
    for (const address of ADDRESSES) {
      await page.goto(address)
      await settled(page)
      await expectNothing(address)
    }
    await page.goto('/share-plans/grid-pool')
    await text(page, 'Name').fill('')
    await page.getByText('This is to be mended').waitFor()
    await expectNothing('with an error')
    await page.context().close()
  })
})

describeScreens('share plans of a workspace that has none', () => {
  it('say so, and offer the first', async () => {
    const served = await serveScreens('empty')
    const page = await served.open('/share-plans')
    await page.getByText('No share plan yet.').waitFor()
    await page.getByRole('button', { name: 'New share plan' }).click()
    await text(page, 'Id').fill('first')
    await text(page, 'Name').fill('First pool')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { level: 2, name: 'First pool' }).waitFor()
    await page.goto('/share-plans/first?panel=preview')
    await page.getByText('Once a month is closed').waitFor()
    await served.stop()
  })
})
