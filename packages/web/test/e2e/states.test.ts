// Every screen on which something is edited, while the server is slow, fails once, or refuses; and an edit that somebody else
// was quicker with.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { axeFindings, describeScreens, OWNER, type Page, type Served, serveScreens, settled } from './harness.ts'

const HEAD = { role: 'department-head', scopeKind: 'cost-centre', scopeKey: 'none' } as const

type EditScreen = {
  readonly path: string
  /** The operation whose answer the screen waits for. */
  readonly asks: RegExp
  /** Stands there once it has come. */
  readonly shows: (page: Page) => ReturnType<Page['getByText']>
  /** What a head of a cost centre sees there; their own screen in its place where it is a tab that they have not. */
  readonly refused: string
}
const EDITED: ReadonlyArray<EditScreen> = [
  {
    path: '/share-plans',
    asks: /\/v1\/share-plans\?/,
    shows: (page) => page.getByRole('link', { name: 'Grid pool' }),
    refused: 'Not for you to see',
  },
  {
    path: '/share-plans/grid-pool',
    asks: /\/v1\/configuration\/SharePlan\/grid-pool$/,
    shows: (page) => page.getByRole('textbox', { name: 'Description' }),
    refused: 'Not for you to see',
  },
  {
    path: '/policies',
    asks: /\/v1\/configuration\?.*AllocationPolicy/,
    shows: (page) => page.getByRole('heading', { name: 'No policy yet' }),
    refused: 'Not for you to see',
  },
  {
    path: '/catalogue?chosen=meter-sim',
    asks: /\/v1\/configuration\/Product\/meter-sim$/,
    shows: (page) => page.getByRole('textbox', { name: 'Name' }),
    refused: 'Not for you to see',
  },
  {
    path: '/jobs?tab=schedules',
    asks: /\/v1\/schedules/,
    shows: (page) => page.getByRole('heading', { name: 'Nothing happens by itself yet' }),
    refused: 'Not for you to see',
  },
  {
    path: '/settings?tab=users',
    asks: /\/v1\/users/,
    shows: (page) => page.getByRole('link', { name: 'Olive Owner' }),
    refused: 'Preferences',
  },
]

describeScreens('a screen on which something is edited', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveScreens('provider')
  })
  afterAll(() => served?.stop())

  it.each(EDITED)('$path loads, fails once, and comes when it is asked again', async ({ path, asks, shows }) => {
    const page = await served.open('/icon.svg')
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    let asked = 0
    await page.route(asks, async (route) => {
      asked += 1
      await released
      // Twice: a server that is away for a moment is asked again before anybody is told.
      if (asked <= 2)
        return route.fulfill({
          status: 500,
          contentType: 'application/problem+json',
          json: {
            type: 'about:blank',
            title: 'A bug',
            status: 500,
            code: 'bug',
            detail: 'It broke.',
            hint: '',
            requestId: 'req-77',
          },
        })
      return route.continue()
    })
    await page.goto(path)
    await page
      .getByRole('status', { name: /^Loading/ })
      .first()
      .waitFor()
    expect(await shows(page).count()).toBe(0)
    release()
    const alert = page.getByRole('alert').filter({ hasText: 'req-77' }).first()
    await alert.waitFor()
    expect(await axeFindings(page)).toEqual([])
    await alert.getByRole('button', { name: 'Try again' }).click()
    await shows(page).first().waitFor()
    await page.context().close()
  })

  it.each(EDITED)('$path is refused to the head of a cost centre, without a way to change anything', async (screen) => {
    const page = await served.open(screen.path, { as: HEAD })
    await page.getByText(screen.refused).first().waitFor()
    await settled(page)
    const changes = page
      .getByRole('main')
      .getByRole('button', { name: /^(?:New (?!token)|Add|Delete|Clone|Save view)/ })
    expect(await changes.count()).toBe(0)
    await page.context().close()
  })

  it('keeps what was typed into a product that somebody else saved meanwhile', async () => {
    const page = await served.open('/catalogue?chosen=meter-sim')
    const name = page.getByRole('textbox', { name: 'Name', exact: true })
    await name.fill('Mine')
    const address = `${served.url}/v1/configuration/Product/meter-sim`
    const headers = { cookie: await served.cookieOf(OWNER), origin: served.url, 'content-type': 'application/json' }
    const { body } = (await (await fetch(address, { headers })).json()) as { body: object }
    const theirs = JSON.stringify({ ...body, name: 'Theirs' })
    const saved = await fetch(address, { method: 'PUT', headers: { ...headers, 'if-match': '*' }, body: theirs })
    expect(saved.status).toBe(200)
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Somebody saved this while you were writing').waitFor()
    expect(await name.inputValue()).toBe('Mine')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Keep mine' }).click()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Saved as version 3.').waitFor()
    await page.context().close()
  })
})
