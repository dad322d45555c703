// By keyboard alone: every dialog and menu that a screen opens is closed by Escape, and whoever opened it is where they were; what
// goes away with a press leaves the focus in the page.
import { expect, it } from 'vitest'
import { type Company, describeScreens, type Page, serveEach, settled } from './harness.ts'

/** Screens that between them have every kind of dialog and menu; what they open is found by pressing all of their buttons. */
const ADDRESSES: Readonly<Record<Exclude<Company, 'empty'>, ReadonlyArray<string>>> = {
  company: [
    ...['/', '/explore?by=service', '/services/SIM-30007', '/policies/field-data', '/bills?tab=quarantine'],
    ...['/runs', '/jobs', '/settings', '/settings?tab=users', '/settings?tab=tokens', '/settings?tab=webhooks'],
  ],
  provider: ['/share-plans/grid-pool', '/catalogue?tab=products&chosen=meter-sim', '/customer-bills'],
  firm: [
    ...['/projects', '/projects/M-2041', '/sub-accounts', '/customer-bills/WT7000-2026-10-01'],
    '/customer-bills/WT7000-2026-10-01?by=user-id&key=cfennick',
  ],
}

/** Of what follows a change that was begun, or leaves the screen: nothing is opened. */
const NOT_PRESSED = /^(?:Sign out|Save|Check now|Run|Try|Close again|Close the month)/
const POPUPS = '[role=dialog],[role=menu]'
const BUTTONS = 'main button, [role=dialog] button, header button'

/** What is pressed, the same for all rows of a table. */
const kindOf = (name: string) => name.replace(/^Explain .*/, 'Explain').replaceAll(/\d[\d.,]*/g, '#')

async function buttonsOf(page: Page): Promise<ReadonlyArray<{ readonly index: number; readonly name: string }>> {
  const all = await page.locator(BUTTONS).evaluateAll((buttons) =>
    buttons.map((button, index) => ({
      ...{ index, name: (button.getAttribute('aria-label') ?? button.textContent ?? '').trim() },
      isOut: button.matches(':disabled,[role=tab],th button,label button') || button.getClientRects().length === 0,
    })),
  )
  return all.filter(({ name, isOut }) => !isOut && name !== '' && !NOT_PRESSED.test(name))
}

const hasFocus = (page: Page, index: number) =>
  page
    .locator(BUTTONS)
    .nth(index)
    .evaluate((button) => document.activeElement === button)
    .catch(() => false)

/** Not gone to another address, whose list is another one, nor out of the panel that the button was in. */
const isThere = (page: Page, address: string) => {
  const { pathname, searchParams } = new URL(page.url())
  const [path = '', query = ''] = address.split('?')
  return pathname === path && searchParams.get('key') === new URLSearchParams(query).get('key')
}

const focused = (page: Page) =>
  page.evaluate(() => (document.activeElement === document.body ? 'nobody' : (document.activeElement?.tagName ?? '')))

type Stop = {
  readonly name: string
  /** What somebody who works by keyboard would miss there; '' where nothing is. */
  readonly fault: string
}
const STOPS_MAX = 45

/** Where the tabulator stops within the screen, in its order, up to so many. */
async function stopsOf(page: Page): Promise<ReadonlyArray<Stop>> {
  const tools = await page.context().newCDPSession(page)
  // A panel that the address opens has the focus already, and keeps it.
  if ((await page.locator(POPUPS).count()) === 0) await page.locator('#content').focus()
  const stops: Stop[] = []
  while (stops.length < STOPS_MAX) {
    await page.keyboard.press('Tab')
    const { result } = await tools.send('Runtime.evaluate', { expression: 'document.activeElement' })
    if (result.className === 'HTMLBodyElement' || result.objectId === undefined) break
    const { objectId } = result
    const { nodes } = await tools.send('Accessibility.getPartialAXTree', { objectId, fetchRelatives: false })
    const name = String(nodes[0]?.name?.value ?? '')
    let seen = await page.evaluate(lookOfFocused)
    // What is scrolled to may take a frame to come.
    if (seen.isCovered) {
      await page.waitForTimeout(150)
      seen = await page.evaluate(lookOfFocused)
    }
    // An amount is explained of something.
    const isNamed = name.trim() !== '' && !name.endsWith(' of ')
    const faults = [
      isNamed ? '' : 'no name',
      seen.isMarked ? '' : 'no mark',
      seen.isCovered ? `covered ${seen.where}` : '',
    ]
    stops.push({ name, fault: faults.filter((fault) => fault !== '').join(', ') })
  }
  await tools.detach()
  return stops
}

/** Runs in the page: whether what has the focus is marked, by an outline or as fields are, and whether another part covers it. */
function lookOfFocused(): { readonly isMarked: boolean; readonly isCovered: boolean; readonly where: string } {
  const element = document.activeElement as HTMLElement
  const isOutlined = (one: Element | null) => {
    if (!one) return false
    const { outlineStyle, outlineWidth } = getComputedStyle(one)
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0
  }
  // What is drawn of a switch, a checkbox or a choice is beside the field.
  const beside = [element, element.nextElementSibling, element.parentElement]
  const isMarked = beside.some(isOutlined) || element.matches('input, select, textarea')
  const shown = element.matches('input[type=radio]') ? (element.nextElementSibling ?? element) : element
  const { x, y, width, height } = shown.getBoundingClientRect()
  // Of a table that is higher than the window, the part in sight counts.
  const [top, bottom] = [Math.max(y, 0), Math.min(y + height, innerHeight)]
  const above = document.elementFromPoint(x + width / 2, (top + bottom) / 2)
  const isOwn = above !== null && (shown.contains(above) || above.contains(shown))
  const where = `at ${Math.round(x)}, ${Math.round(y)} by ${above?.localName ?? 'nothing'} ${above?.textContent?.slice(0, 30) ?? ''}`
  return { isMarked, isCovered: bottom <= top || !isOwn, where }
}

describeScreens('by keyboard', () => {
  const at = serveEach(['company', 'provider', 'firm'])

  /** Presses every button of the screen that is not known yet; what it opened and where the focus was after Escape. */
  async function pressAll(page: Page, address: string, known: Set<string>): Promise<ReadonlyArray<string>> {
    const astray: string[] = []
    await page.goto(address)
    await settled(page)
    for (const { index, name } of await buttonsOf(page)) {
      const kind = kindOf(name)
      if (known.has(kind)) continue
      known.add(kind)
      await page.goto(address)
      await settled(page)
      const popupsBefore = await page.locator(POPUPS).count()
      await page.locator(BUTTONS).nth(index).focus()
      await page.keyboard.press('Enter')
      await expect.poll(() => focused(page), { message: `${address} ${name}` }).not.toBe('nobody')
      // What is opened takes a moment to come in; what opens nothing has nothing to close.
      await page.waitForTimeout(400)
      if ((await page.locator(POPUPS).count()) <= popupsBefore) continue
      await page.keyboard.press('Escape')
      // Where it was; beside it, or in the screen, only where what was pressed went away with what it opened.
      const isBack = async () =>
        (await hasFocus(page, index)) || (!isThere(page, address) && (await focused(page)) !== 'nobody')
      await expect
        .poll(isBack, { timeout: 5000 })
        .toBe(true)
        .catch(async () => {
          astray.push(`${address} ${name}: ${await focused(page)}`)
        })
      opened.push(`${address} ${kind}`)
    }
    return astray
  }
  const opened: string[] = []

  it.each(Object.entries(ADDRESSES) as ReadonlyArray<[Company, ReadonlyArray<string>]>)(
    'what the screens of the %s open is closed by Escape, and the focus is where it was',
    async (company, addresses) => {
      const page = await at(company).open('/icon.svg')
      const known = new Set<string>()
      const astray: string[] = []
      for (const address of addresses) astray.push(...(await pressAll(page, address, known)))
      expect(astray).toEqual([])
      await page.context().close()
    },
    400_000,
  )

  it('has been through all of them, so that the test above cannot pass on nothing', () => {
    expect(opened.length).toBeGreaterThan(30)
    for (const kind of [
      'Export',
      'Views',
      'Add a filter',
      'New token',
      'Back up',
      'LEDES invoice',
      'Take back',
      'Explain',
    ])
      expect(
        opened.some((one) => one.endsWith(` ${kind}`)),
        kind,
      ).toBe(true)
  })

  it.each(Object.entries(ADDRESSES) as ReadonlyArray<[Company, ReadonlyArray<string>]>)(
    'every stop of the tabulator on the screens of the %s has a name, shows that it has the focus, and is in sight',
    async (company, addresses) => {
      // Low, so that much is come to by scrolling.
      const page = await at(company).open('/icon.svg', { viewport: { width: 1024, height: 560 } })
      const astray: string[] = []
      for (const address of addresses) {
        await page.goto(address)
        await settled(page)
        const stops = await stopsOf(page)
        expect(stops.length, address).toBeGreaterThan(2)
        astray.push(
          ...stops.filter(({ fault }) => fault !== '').map(({ name, fault }) => `${address} ${name}: ${fault}`),
        )
      }
      expect(astray).toEqual([])
      await page.context().close()
    },
    400_000,
  )

  it('a menu that is opened by a key begins at its first item, and arrows go round', async () => {
    const page = await at('company').open('/people?period=2026-10')
    await settled(page)
    await page.getByRole('button', { name: 'Export' }).focus()
    await page.keyboard.press('Enter')
    const focusedText = () => page.evaluate(() => document.activeElement?.textContent)
    await expect.poll(focusedText).toBe('CSV')
    await page.keyboard.press('ArrowUp')
    await expect.poll(focusedText).toBe('NDJSON')
    await page.keyboard.press('ArrowDown')
    await expect.poll(focusedText).toBe('CSV')
    await page.context().close()
  })

  it('a dialog out of a menu gives the focus back to what opened the menu', async () => {
    const page = await at('company').open('/people?period=2026-10')
    const views = page.getByRole('button', { name: 'Views' })
    await views.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Save this view…' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Save this view' }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => views.evaluate((button) => document.activeElement === button)).toBe(true)
    await page.context().close()
  })

  it('a passcode that is kept gives the focus back to the menu that it was asked for in', async () => {
    const page = await at('firm').open('/sub-accounts')
    const menu = page.getByRole('button', { name: 'Passcodes' })
    await menu.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Give everybody another' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByRole('button').last().focus()
    await page.keyboard.press('Enter')
    const kept = page.getByRole('button', { name: 'I have kept them' })
    await kept.waitFor()
    await kept.focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    await expect.poll(() => menu.evaluate((button) => document.activeElement === button)).toBe(true)
    await page.context().close()
  })

  it('a search stays where it was typed, and follows the address', async () => {
    const page = await at('company').open('/people?period=2026-10')
    const box = page.getByRole('searchbox', { name: 'Search people' })
    await box.fill('thackeray')
    await page.keyboard.press('Enter')
    await page.waitForURL(/q=thackeray/)
    await settled(page)
    expect(await box.evaluate((input) => document.activeElement === input)).toBe(true)
    await page.goBack()
    await expect.poll(() => box.inputValue()).toBe('')
    await page.context().close()
  })

  it('a filter that is removed leaves the focus beside it', async () => {
    const page = await at('company').open('/lines?period=2026-10&where=person%3DE1098&where=vendor%3Dverizon')
    await settled(page)
    await page.getByRole('button', { name: /^Remove the filter .*E1098/ }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(/verizon/)
    await page.context().close()
  })

  it('reads in full what a row in quarantine is refused for', async () => {
    const page = await at('company').open('/bills?tab=quarantine')
    await settled(page)
    await page
      .getByRole('button', { name: /In full$/ })
      .first()
      .focus()
    await page.keyboard.press('Enter')
    const whole = page.getByRole('dialog')
    await whole.waitFor()
    const { rows } = (await (await page.request.get('/v1/reports/quarantine?limit=1')).json()) as {
      rows: ReadonlyArray<Readonly<Record<string, string>>>
    }
    for (const key of ['message', 'hint', 'raw']) expect(await whole.textContent()).toContain(rows[0]?.[key])
    await page.context().close()
  })
})
