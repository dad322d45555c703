// Every route of the app where there is nothing yet, where somebody may not see it, and where the server is slow and fails once: what
// stands there then, that nothing loads for ever, and that it comes once it is asked for again.
import type { Route } from 'playwright-core'
import { expect, it } from 'vitest'
import { amountsOf, axeFindings, axeFindingsInBoth, describeScreens, loadingIn, quiet, serveEach } from './harness.ts'
import { addressIn, ROUTES, STOPS, withKeys } from './stops.ts'

/** Sees a part of the company in which nothing is. */
const HEAD_OF_NOTHING = { role: 'department-head', scopeKind: 'cost-centre', scopeKey: 'none' } as const

const NO_MONTH = 'No month is closed yet'
const NOT_SEEN = 'Not for you to see'

/** What a route says in a workspace without anything, and to whom it is not for. */
const SAYS: Readonly<Record<string, { readonly empty: string; readonly refused: string }>> = {
  '/': { empty: 'Three steps to the first figures', refused: 'Nothing moved' },
  '/explore': { empty: NO_MONTH, refused: 'Nothing here' },
  '/lines': { empty: NO_MONTH, refused: 'Nothing here' },
  '/people': { empty: NO_MONTH, refused: 'Nothing in this month' },
  '/people/$person': { empty: NO_MONTH, refused: 'No charge this month' },
  '/cost-centres': { empty: NO_MONTH, refused: 'Nothing in this month' },
  '/cost-centres/$centre': { empty: NO_MONTH, refused: 'Nothing of its own' },
  '/services/$service': { empty: NO_MONTH, refused: 'Nothing here' },
  '/projects': { empty: NO_MONTH, refused: NOT_SEEN },
  '/projects/$project': { empty: NO_MONTH, refused: NOT_SEEN },
  '/pools': { empty: NO_MONTH, refused: 'Nothing in this month' },
  '/pools/$pool': { empty: NO_MONTH, refused: 'No pool T-DEPOT in October 2026' },
  '/policies': { empty: 'No policy yet', refused: NOT_SEEN },
  '/policies/$name': { empty: 'There is no AllocationPolicy field-data', refused: NOT_SEEN },
  '/bills': { empty: 'No bill yet', refused: NOT_SEEN },
  '/bills/import': { empty: 'Drop files here', refused: 'Not for you to change' },
  '/bills/imports': { empty: 'Nothing was imported yet', refused: NOT_SEEN },
  '/bills/imports/$batch': { empty: 'There is no import', refused: NOT_SEEN },
  '/bills/$invoice': { empty: 'No bill yet', refused: NOT_SEEN },
  '/share-plans': { empty: 'No share plan yet', refused: NOT_SEEN },
  '/share-plans/$plan': { empty: 'There is no SharePlan', refused: NOT_SEEN },
  '/catalogue': { empty: 'No rate plan yet', refused: NOT_SEEN },
  '/accounts': { empty: 'No account yet', refused: NOT_SEEN },
  '/accounts/$account': { empty: NO_MONTH, refused: 'No cost this month' },
  '/sub-accounts': { empty: 'No account yet', refused: 'Ask for a sub-account' },
  '/alerts': { empty: NO_MONTH, refused: NOT_SEEN },
  '/conflicts': { empty: NO_MONTH, refused: NOT_SEEN },
  '/customer-bills': { empty: NO_MONTH, refused: NOT_SEEN },
  '/customer-bills/$number': { empty: 'There is no bill', refused: 'There is no bill' },
  '/runs': { empty: 'Nothing of this month is imported', refused: NOT_SEEN },
  '/runs/$run': { empty: 'There is no run 2026-10.1', refused: NOT_SEEN },
  '/jobs': { empty: 'Nothing was done in the background yet', refused: NOT_SEEN },
  '/settings': { empty: 'Your roles', refused: 'Your roles' },
  '/source': { empty: 'There is no import of a file called', refused: 'There is no import of a file called' },
}

/** These show nothing that the page was not answered when it came. */
const STANDS_AT_ONCE = new Set(['/bills/import'])

/** What changes something: of it nothing is offered where nothing may be seen. */
const CHANGES =
  /^(?:New (?!token)|Add (?!a filter)|Delete|Clone|Copy|Save view|Close the month|Publish|Reopen|Import files|Take back|Make)/

const stops = ROUTES.map((route) => {
  const [stop] = STOPS[route] ?? []
  const says = SAYS[route]
  if (!stop || !says) throw new Error(`${route} is not in the table of stops, or in that of what is said`)
  return { route, company: stop.company, address: stop.address, says }
})

/** What a browser writes of an answer that says no is no fault of the page. */
const withoutRefusals = (errors: ReadonlyArray<string>) => errors.filter((text) => !/status of (?:403|404)/.test(text))

describeScreens('every screen', () => {
  const at = serveEach(['company', 'provider', 'firm', 'empty'])

  it('is in the table of what it says', () => {
    expect(Object.keys(SAYS).sort()).toEqual([...ROUTES].sort())
  })

  it.each(stops)('$route says what to do where there is nothing yet', async ({ address, says }) => {
    const place = withKeys(address, { period: '2026-10', batch: 'none', plan: 'none' })
    const saidBefore = at('empty').consoleErrors.length
    const page = await at('empty').open(place)
    await quiet(page)
    const main = page.getByRole('main')
    await main.getByText(says.empty).first().waitFor()
    expect(await amountsOf(page)).toEqual([])
    expect(await main.locator('a[href], button:enabled, input').count()).toBeGreaterThan(0)
    expect(await axeFindingsInBoth(page)).toEqual([])
    expect(withoutRefusals(at('empty').consoleErrors.slice(saidBefore))).toEqual([])
    await page.context().close()
  })

  it.each(stops)('$route shows nothing to whom it is not for', async ({ company, address, says }) => {
    const saidBefore = at(company).consoleErrors.length
    const page = await at(company).open(await addressIn(company, address, '2026-10'), { as: HEAD_OF_NOTHING })
    await quiet(page)
    const main = page.getByRole('main')
    await main.getByText(says.refused).first().waitFor()
    expect(await amountsOf(page)).toEqual([])
    expect(await main.getByRole('button', { name: CHANGES }).count()).toBe(0)
    expect(await axeFindingsInBoth(page)).toEqual([])
    expect(withoutRefusals(at(company).consoleErrors.slice(saidBefore))).toEqual([])
    await page.context().close()
  })

  it.each(stops)('$route loads, fails once, and comes when it is asked again', async ({ route, company, address }) => {
    const place = await addressIn(company, address, '2026-10')
    const page = await at(company).open(place)
    await quiet(page)
    const shown = await amountsOf(page)
    const headings = await page.getByRole('heading').allInnerTexts()

    const loading = loadingIn(page.getByRole('main'))
    const held: Route[] = []
    let isHeld = true
    await page.route(/\/v1\//, (route) => (isHeld ? void held.push(route) : route.fallback()))
    await page.goto(place)
    if (STANDS_AT_ONCE.has(route)) {
      await page.getByRole('heading', { level: 1 }).waitFor()
      expect(await loading.count()).toBe(0)
      expect(await page.getByRole('heading').allInnerTexts()).toEqual(headings)
      await page.context().close()
      return
    }
    await expect.poll(() => held.length).toBeGreaterThan(0)
    await loading.first().waitFor()
    expect(await amountsOf(page)).toEqual([])
    // What is asked again by itself, since a server may be away for a moment, fails again.
    const alert = page.getByRole('alert').filter({ hasText: 'req-77' })
    await expect
      .poll(async () => {
        for (const one of held.splice(0))
          await one.fulfill({ status: 503, contentType: 'application/problem+json', json: UNAVAILABLE })
        return alert.count()
      })
      .toBeGreaterThan(0)
    await alert.first().getByText('Request').waitFor()
    expect(await axeFindings(page)).toEqual([])
    isHeld = false
    for (const one of held.splice(0)) await one.continue()
    // One after the other: what stands beneath one may come with it.
    await expect
      .poll(async () => {
        const again = page.getByRole('button', { name: 'Try again' })
        if ((await again.count()) > 0) await again.first().click()
        await quiet(page)
        return alert.count()
      })
      .toBe(0)
    expect(await amountsOf(page)).toEqual(shown)
    expect(await page.getByRole('heading').allInnerTexts()).toEqual(headings)
    await page.context().close()
  })
})

const UNAVAILABLE = {
  ...{ type: 'about:blank', title: 'Service Unavailable', status: 503, code: 'unavailable' },
  ...{ detail: 'Away for a moment.', hint: '', requestId: 'req-77', issues: [] },
}
