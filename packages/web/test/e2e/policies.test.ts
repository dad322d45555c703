import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { printed } from './command-line.ts'
import { axeFindings, describeScreens, OWNER, type Page, type Served, serveScreens, settled } from './harness.ts'

const HEAD = { role: 'department-head', scopeKind: 'cost-centre', scopeKey: 'QH-124' } as const
const ANALYST = { role: 'analyst' } as const

type Body = { readonly components: ReadonlyArray<Readonly<Record<string, unknown>>> }
type Change = Readonly<Record<'key' | 'before' | 'after' | 'change', string>>

const component = (page: Page, name: string) => page.getByRole('region', { name: `Component ${name}` })
const whoPays = (page: Page) => page.getByRole('region', { name: 'Before and after' })

describeScreens('policies', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveScreens('company')
  })
  afterAll(() => served?.stop())

  const address = (name: string) => `${served.url}/v1/configuration/AllocationPolicy/${name}`
  const read = async (name: string) => {
    const response = await fetch(address(name), { headers: { cookie: await served.cookieOf(OWNER) } })
    return {
      body: (await response.json()) as { version: number; body: Body },
      etag: response.headers.get('etag') ?? '',
    }
  }

  it('show who would pay while one is changed, as the command line says; saved, what it changed field by field', async () => {
    const page = await served.open('/policies?period=2026-10')
    await page.getByRole('cell', { name: /^peak minutes without those from mobile to mobile/ }).waitFor()
    await page.getByRole('link', { name: 'field-data' }).click()
    await component(page, 'access').getByLabel('How it is shared').selectOption('even')
    await whoPays(page).getByText('would carry less').waitFor()
    const { body } = (await read('field-data')).body
    const components = body.components.map((one) => (one.name === 'access' ? { ...one, method: 'even' } : one))
    for (const [by, label] of [
      ['cost-centre', 'Cost centres'],
      ['person', 'People'],
      ['service', 'Services'],
    ] as const) {
      await page.getByRole('radiogroup', { name: 'One row for each' }).getByText(label).click()
      const rows = await simulated({ ...body, components }, by)
      const table = whoPays(page).getByRole('table', { name: `${label.toLowerCase()} before and after` })
      await expect.poll(() => table.getByRole('row').count()).toBe(rows.length + 1)
      const shown = await table
        .locator('[data-amount]')
        .evaluateAll((found) => found.map((one) => one.getAttribute('data-amount')))
      expect(shown).toEqual(rows.flatMap(({ before, after, change }) => [before, after, change]))
    }
    await whoPays(page).getByText('The total in USD stays').waitFor()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved as version 2.').waitFor()
    await page.getByRole('tab', { name: 'Versions' }).click()
    const changes = page.getByRole('table', { name: 'From version 1 to 2' })
    await changes.getByRole('row', { name: /components, “access”, method prorated even/ }).waitFor()
    expect(await changes.getByRole('row').count()).toBe(2)
    expect(served.consoleErrors).toEqual([])
    await page.context().close()
  })

  it('say at its field what is wrong, and do not try it; leaving asks first', async () => {
    const page = await served.open('/policies/tablets')
    await component(page, 'access').getByRole('textbox', { name: 'Cap' }).fill('4')
    await component(page, 'access').getByText('Is 4, which is under the floor of 5').waitFor()
    await page.getByText('Once what is wrong in the form is mended').waitFor()
    await component(page, 'overage').getByLabel('How it is shared').selectOption('weighted')
    await component(page, 'overage').getByText('must name at least one weight').waitFor()
    await page.getByRole('link', { name: 'Policies' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Leave without saving?' })
    await dialog.getByRole('button', { name: 'Stay' }).click()
    await page.getByRole('button', { name: 'Discard changes' }).click()
    await page.getByText('This is to be mended').waitFor({ state: 'hidden' })
    expect((await read('tablets')).body.version).toBe(1)
    await page.context().close()
  })

  it('keep what was typed where somebody else saved meanwhile', async () => {
    const page = await served.open('/policies/drivers')
    await page.getByRole('textbox', { name: 'Description' }).fill('Mine')
    const { body, etag } = await read('drivers')
    const headers = { cookie: await served.cookieOf(OWNER), origin: served.url, 'content-type': 'application/json' }
    const theirs = JSON.stringify({ ...body.body, description: 'Theirs' })
    const saved = await fetch(address('drivers'), {
      method: 'PUT',
      headers: { ...headers, 'if-match': etag },
      body: theirs,
    })
    expect(saved.status).toBe(200)
    await page.getByRole('button', { name: 'Save' }).click()
    const alert = page.getByRole('alert').filter({ hasText: 'Somebody saved this while you were writing' })
    await alert.getByRole('button', { name: 'Show what changed' }).click()
    await alert.getByText('description: Theirs').waitFor()
    expect(await page.getByRole('textbox', { name: 'Description' }).inputValue()).toBe('Mine')
    await alert.getByRole('button', { name: 'Keep mine' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved as version 3.').waitFor()
    expect((await read('drivers')).body).toMatchObject({ version: 3, body: { description: 'Mine' } })
    await page.context().close()
  })

  it('begin from a default, and can be deleted', async () => {
    const page = await served.open('/policies?period=2026-10')
    await page.getByRole('button', { name: 'Begin a policy from the default for data' }).click()
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('text-evenly')
    await page.getByText('By name').click()
    await page.getByRole('combobox', { name: 'Pools' }).fill('QH TEXT')
    await page.getByRole('option', { name: 'QH TEXT' }).click()
    const access = component(page, 'access')
    await access.getByLabel('How it is shared').selectOption('even')
    await access.getByLabel('Usage type of charge 1').selectOption('any')
    await whoPays(page).getByText('would carry less').waitFor()
    await page.getByRole('tab', { name: 'YAML' }).click()
    await page.getByRole('region', { name: 'The policy in YAML' }).getByText('name: text-evenly').waitFor()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { level: 1, name: 'text-evenly' }).waitFor()
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('heading', { level: 1, name: 'Policies' }).waitFor()
    await page.getByRole('link', { name: 'drivers', exact: true }).waitFor()
    expect(await page.getByRole('link', { name: 'text-evenly' }).count()).toBe(0)
    await page.context().close()
  })

  it('can be tried as long as it takes, or not at all', async () => {
    const page = await served.open('/policies/depots')
    await page.route('**/v1/simulations', () => undefined)
    await page.getByRole('button', { name: 'Try October 2026 with it' }).click()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.unroute('**/v1/simulations')
    await page.getByRole('button', { name: 'Try October 2026 with it' }).click()
    await page.getByText('None of the cost centres would carry anything else in October 2026.').waitFor()
    await page.context().close()
  })

  it('are read by an analyst, and refused to the head of a cost centre', async () => {
    const page = await served.open('/policies/puddles', { as: ANALYST })
    await component(page, 'lump').waitFor()
    for (const name of ['Save', 'Delete', 'Copy', 'Add a component'])
      expect(await page.getByRole('button', { name, exact: true }).count(), name).toBe(0)
    const head = await served.open('/policies/puddles', { as: HEAD })
    await head.getByRole('alert').getByText('Not for you to see').waitFor()
    expect(await head.getByRole('link', { name: 'Policies', exact: true }).count()).toBe(1)
    await page.context().close()
    await head.context().close()
  })

  it('have nothing that axe finds, in light and dark, also with what one would do and with a dialog', async () => {
    const findings = async (page: Page) => {
      const found = [...(await axeFindings(page))]
      await page.emulateMedia({ colorScheme: 'dark' })
      found.push(...(await axeFindings(page)))
      await page.emulateMedia({ colorScheme: 'light' })
      return found
    }
    const page = await served.open('/policies')
    for (const path of ['', '?of=new', '/long-distance', '/drivers?panel=versions']) {
      await page.goto(`/policies${path}`)
      await settled(page)
      expect(await findings(page), path).toEqual([])
    }
    await page.goto('/policies/puddles')
    await component(page, 'lump').getByLabel('How it is shared').selectOption('even')
    await whoPays(page).getByText('would carry less').waitFor()
    await component(page, 'lump').getByRole('textbox', { name: 'Floor' }).fill('x')
    await page.getByText('This is to be mended').waitFor()
    expect(await findings(page), 'with what it would do').toEqual([])
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByText('No other document names it.').waitFor()
    expect(await findings(page), 'with a dialog').toEqual([])
    await page.context().close()
  })
})

/** What the command line says that the policy would do; JSON is YAML too. */
async function simulated(policy: Body, by: string): Promise<ReadonlyArray<Change>> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-policy-'))
  try {
    const file = join(folder, 'policy.yaml')
    await writeFile(file, JSON.stringify(policy))
    const args = ['simulate', '-f', file, '-p', '2026-10', '--by', by, '--format', 'json']
    return JSON.parse(await printed(join(inject('screens'), 'company'), args)) as ReadonlyArray<Change>
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
