import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Request, Route } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { printed } from './command-line.ts'
import { axeFindingsInBoth, describeScreens, OWNER, type Page, type Served, serveScreens, settled } from './harness.ts'

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
    await whoPays(page).getByText('Of version 2, as it is saved:').waitFor()
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

  it('are tried as they stand last, whatever of before comes late', async () => {
    const saidBefore = served.consoleErrors.length
    const page = await served.open('/policies/tablets?period=2026-10')
    const { held, brokenOff } = await hold(page)
    const method = component(page, 'access').getByLabel('How it is shared')
    await method.selectOption('even')
    await page.getByText('Once you stop typing…').waitFor()
    await expect.poll(() => held.length).toBe(1)
    await page.getByText('Begins…').waitFor()
    await method.selectOption('excess')
    // At once, before what is new is asked.
    await expect.poll(() => brokenOff.length).toBe(1)
    expect([methodTried(brokenOff[0]), held.length]).toEqual(['even', 1])
    await fulfil(held[0], LATE)
    await expect.poll(() => held.length).toBe(2)
    expect(await whoPays(page).count()).toBe(0)
    expect([methodTried(held[1]?.request()), brokenOff.length]).toEqual(['excess', 1])
    await held[1]?.continue()
    await whoPays(page).getByText('Of what stands in the form, not saved yet:').waitFor()
    expect(await page.getByText('12,345,678.90').count()).toBe(0)
    // What is back as it was saved is tried no more, and what stands there is said to be of before.
    await page.getByRole('button', { name: 'Discard changes' }).click()
    await whoPays(page).getByText('Of what stood here before your last change:').waitFor()
    expect([held.length, served.consoleErrors.slice(saidBefore)]).toEqual([2, []])
    await page.context().close()
  })

  it('say why one cannot be tried, until it can', async () => {
    const page = await served.open('/policies/tablets?period=2026-10')
    const { held } = await hold(page)
    const method = component(page, 'access').getByLabel('How it is shared')
    await method.selectOption('even')
    await expect.poll(() => held.length).toBe(1)
    await fulfil(held[0], REFUSED)
    const refusal = page.getByRole('status').getByText('Two policies claim the pool on one day.')
    await refusal.waitFor()
    expect(await whoPays(page).count()).toBe(0)
    await method.selectOption('excess')
    await refusal.waitFor({ state: 'hidden' })
    await expect.poll(() => held.length).toBe(2)
    await held[1]?.continue()
    await whoPays(page).getByText('would carry less').waitFor()
    expect(await refusal.count()).toBe(0)
    await page.context().close()
  })

  it('are cancelled for good: what comes late is not shown, and the next change is tried again', async () => {
    const page = await served.open('/policies/tablets?period=2026-10')
    const { held, brokenOff } = await hold(page)
    const method = component(page, 'access').getByLabel('How it is shared')
    await method.selectOption('even')
    await expect.poll(() => held.length).toBe(1)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await expect.poll(() => brokenOff.length).toBe(1)
    await fulfil(held[0], LATE)
    await page.getByRole('button', { name: 'Try October 2026 with it' }).waitFor()
    expect(await whoPays(page).count()).toBe(0)
    await method.selectOption('excess')
    await expect.poll(() => held.length).toBe(2)
    await held[1]?.continue()
    await whoPays(page).getByText('would carry less').waitFor()
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
    const page = await served.open('/policies')
    for (const path of ['', '?of=new', '/long-distance', '/drivers?panel=versions']) {
      await page.goto(`/policies${path}`)
      await settled(page)
      expect(await axeFindingsInBoth(page), path).toEqual([])
    }
    await page.goto('/policies/puddles')
    await component(page, 'lump').getByLabel('How it is shared').selectOption('even')
    await whoPays(page).getByText('would carry less').waitFor()
    await component(page, 'lump').getByRole('textbox', { name: 'Floor' }).fill('x')
    await page.getByText('This is to be mended').waitFor()
    expect(await axeFindingsInBoth(page), 'with what it would do').toEqual([])
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByText('No other document names it.').waitFor()
    expect(await axeFindingsInBoth(page), 'with a dialog').toEqual([])
    await page.context().close()
  })
})

/** What the page asks to be tried, held until the test lets go of it; and what of it the page broke off. */
async function hold(page: Page) {
  const held: Route[] = []
  const brokenOff: Request[] = []
  await page.route('**/v1/simulations', (route) => void held.push(route))
  page.on('requestfailed', (request) => {
    if (request.url().endsWith('/v1/simulations')) brokenOff.push(request)
  })
  return { held, brokenOff }
}

/** Nobody may be there to hear it any more. */
async function fulfil(route: Route | undefined, event: string): Promise<void> {
  await route?.fulfill({ contentType: 'text/event-stream', body: event }).catch(() => undefined)
}

function methodTried(request: Request | undefined): unknown {
  const asked = request?.postDataJSON() as { readonly files: ReadonlyArray<{ readonly text: string }> } | undefined
  return (JSON.parse(asked?.files[0]?.text ?? '{}') as Partial<Body>).components?.[0]?.method
}

const LATE = `event: result\ndata: ${JSON.stringify({
  ...{ run: '2026-10.1', totals: [{ currency: 'USD', total: '12345678.90' }], sums: [] },
  report: { name: 'simulation', title: '', columns: [], rows: [], rowCount: 0, next: null },
})}\n\n`
const REFUSED = `event: problem\ndata: ${JSON.stringify({
  ...{ status: 422, code: 'bad-configuration', detail: 'Two policies claim the pool on one day.' },
  ...{ hint: '', requestId: '', issues: [] },
})}\n\n`

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
