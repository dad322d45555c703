import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { printed } from './command-line.ts'
import { axeFindings, describeScreens, type Page, type Served, serveScreens, settled } from './harness.ts'

const MEMBER = { role: 'analyst' } as const
const OF_NORTHWAY = { role: 'manager', scopeKind: 'account', scopeKey: 'NORTHWAY' } as const
const ACCOUNT = 'WT7000'

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const textbox = (page: Page, name: string) => page.getByRole('textbox', { name })
const dialogOf = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name })

/** Whatever of the page, its address and its stores somebody could still read. */
async function everythingIn(page: Page): Promise<string> {
  const stores = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]))
  const inputs = await page
    .locator('input, textarea')
    .evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value))
  return [page.url(), await page.content(), stores, ...inputs].join('\n')
}

async function verified(served: Served, passcode: string): Promise<unknown> {
  const response = await fetch(`${served.url}/v1/sub-accounts/verify`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: served.url,
      cookie: await served.cookieOf({ role: 'owner' }),
    },
    body: JSON.stringify({ passcode, account: ACCOUNT, caller: '+15550199' }),
  })
  return response.json()
}

/** Reads the one passcode that is shown, closes its dialog, and looks for it everywhere. */
async function passcodeShownOnce(page: Page): Promise<string> {
  const dialog = dialogOf(page, /^The passcode of/)
  await dialog.getByText('It will not be shown again.').waitFor()
  const passcode = (await dialog.getByLabel('Passcode').textContent()) ?? ''
  expect(passcode).toMatch(/^\d{6,12}$/)
  await page.keyboard.press('Escape')
  await dialog.getByRole('button', { name: 'Copy' }).waitFor()
  await dialog.getByRole('button', { name: 'I have kept it' }).click()
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  await settled(page)
  expect(await everythingIn(page)).not.toContain(passcode)
  await page.goBack()
  await page.goForward()
  await settled(page)
  expect(await everythingIn(page)).not.toContain(passcode)
  return passcode
}

describeScreens('sub-accounts', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveScreens('firm')
  })
  afterAll(() => served?.stop())

  it('adds one and shows its passcode once, which then opens a call', async () => {
    const page = await served.open('/')
    await page.goto('/sub-accounts')
    await button(page, 'Add').click()
    await page.getByRole('menuitem', { name: 'One sub-account' }).click()
    const dialog = dialogOf(page, `Add a sub-account of ${ACCOUNT}`)
    await dialog.getByRole('textbox', { name: 'User id' }).fill('visitors')
    await dialog.getByRole('textbox', { name: 'Most minutes' }).fill('90')
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    const passcode = await passcodeShownOnce(page)
    expect(await verified(served, passcode)).toMatchObject({ outcome: 'accepted', userId: 'visitors' })
    await page.goto('/sub-accounts?q=visitors')
    await page.getByRole('cell', { name: '0 of 90' }).waitFor()
    expect(served.consoleErrors).toEqual([])
    await page.context().close()
  })

  it('lets a member ask, and the manager approve, refuse and say why', async () => {
    const member = await served.open('/sub-accounts', { as: MEMBER })
    for (const [userId, because] of [
      ['inquest', 'The Tamsin inquest'],
      ['spare', 'In case'],
    ] as const) {
      await button(member, 'Ask for one').click()
      await textbox(member, 'User id').fill(userId)
      await textbox(member, 'Why it is needed').fill(because)
      await button(member, 'Ask').click()
      await member.getByText(`Asked for ${userId}`).waitFor()
    }
    expect(await member.getByRole('button', { name: /^(?:Add|Passcodes)$/ }).count()).toBe(0)
    const page = await served.open('/sub-accounts?tab=requests')
    const rowOf = (name: string) => page.getByRole('row').filter({ hasText: name })
    await rowOf('inquest')
      .getByRole('button', { name: /^Approve/ })
      .click()
    await dialogOf(page, /^Approve request/)
      .getByRole('button', { name: 'Approve' })
      .click()
    const passcode = await passcodeShownOnce(page)
    expect(await verified(served, passcode)).toMatchObject({ outcome: 'accepted', userId: 'inquest' })
    await rowOf('spare')
      .getByRole('button', { name: /^Refuse/ })
      .click()
    const refusal = dialogOf(page, /^Refuse request/)
    expect(await refusal.getByRole('button', { name: 'Refuse' }).isDisabled()).toBe(true)
    await refusal.getByRole('textbox', { name: 'Reason' }).fill('Ask when it is needed')
    await refusal.getByRole('button', { name: 'Refuse' }).click()
    await rowOf('Ask when it is needed').getByText('refused').waitFor()
    await member.goto('/sub-accounts?tab=requests')
    await member.getByRole('row').filter({ hasText: 'inquest' }).getByText('approved').waitFor()
    expect(await member.getByRole('button', { name: /^Approve/ }).count()).toBe(0)
    for (const one of [page, member]) await one.context().close()
  })

  it('disables nobody that somebody else changed meanwhile, and keeps what was typed', async () => {
    const [mine, theirs] = await Promise.all([
      served.open('/sub-accounts?chosen=bluz'),
      served.open('/sub-accounts?chosen=bluz'),
    ])
    await button(mine, 'Disable').waitFor()
    await textbox(theirs, 'Longest call, minutes').fill('45')
    await button(theirs, 'Save').click()
    await theirs.getByText('Saved bluz.').waitFor()
    await button(mine, 'Disable').click()
    await mine.getByText('Somebody changed it meanwhile').waitFor()
    await textbox(mine, 'Most to spend, USD').fill('20.00')
    await button(mine, 'Save').click()
    await button(mine, 'Keep what I typed').click()
    expect(await textbox(mine, 'Most to spend, USD').inputValue()).toBe('20.00')
    await button(mine, 'Save').click()
    await mine.getByText('Saved bluz.').waitFor()
    await button(mine, 'Disable').click()
    await button(mine, 'Enable').waitFor()
    await button(mine, 'Close the sub-account').click()
    await mine.getByRole('row').filter({ hasText: 'bluz' }).getByText('disabled').waitFor()
    for (const one of [mine, theirs]) await one.context().close()
  })

  it('makes many from a file after saying what would happen, and hands their passcodes out once', async () => {
    const page = await served.open('/sub-accounts?panel=import')
    const choose = async (text: string) => {
      const chooser = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: /^Choose/ }).click()
      await (await chooser).setFiles({ name: 'users.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
    }
    await choose('account,user_id\nELSEWHERE,guest-1\n')
    await page.getByText('users.csv, line 2: is of account ELSEWHERE, not WT7000').waitFor()
    expect(await button(page, 'Do it').isDisabled()).toBe(true)
    await choose(`account,user_id,name\n${ACCOUNT},guest-1,Guest one\n${ACCOUNT},guest-2,\n`)
    await page.getByText('2 made: guest-1, guest-2').waitFor()
    await page.getByText('2 passcodes are made').waitFor()
    await button(page, 'Do it').click()
    const dialog = dialogOf(page, '2 new passcodes')
    await dialog.locator('code').first().waitFor()
    const passcodes = await dialog.locator('code').allTextContents()
    expect(passcodes.map((code) => /^\d{6,12}$/.test(code))).toEqual([true, true])
    const download = page.waitForEvent('download')
    await dialog.getByRole('button', { name: 'Download as a file' }).click()
    expect((await download).suggestedFilename()).toBe('passcodes.csv')
    expect(await dialog.getByRole('button', { name: 'Downloaded' }).isDisabled()).toBe(true)
    await dialog.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByRole('link', { name: 'guest-2' }).waitFor()
    const left = await everythingIn(page)
    expect(passcodes.filter((code) => left.includes(code))).toEqual([])
    await button(page, 'Passcodes').click()
    await page.getByRole('menuitem', { name: 'Give those without one a passcode' }).click()
    await button(page, 'Give them one').click()
    await page.getByText('Every sub-account has a passcode already.').waitFor()
    await page.context().close()
  })

  it('shows the conflicts that the command line has, and one day of one user id on a timeline', async () => {
    const directory = join(inject('screens'), 'firm')
    const asked = ['report', 'conflicts', '--period', '2026-10', '--format', 'json']
    const conflicts = JSON.parse(await printed(directory, asked)) as ReadonlyArray<Record<string, string>>
    const page = await served.open('/conflicts?period=2026-10&tab=conferences')
    const cells = page.getByRole('table').locator('tbody tr')
    await cells.first().waitFor()
    await expect.poll(() => cells.count()).toBe(conflicts.length)
    // A time is written for the viewer; as the report has it, it is the title.
    const shown = await cells.evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll('td')].map((cell) => cell.querySelector('span')?.title || cell.textContent),
      ),
    )
    expect(shown.map(([from, , userId, , peak, ids]) => [from, userId, peak, ids])).toEqual(
      conflicts.map((one) => [one.from, one.user_id, one.peak, one.conference_ids]),
    )
    const day = '2026-10-20'
    const ofDay = conflicts.filter(({ user_id, from }) => user_id === 'litigation' && from?.startsWith(day))
    await page.getByRole('link', { name: '20 Oct 2026, 10:30:00' }).click()
    const timeline = page.getByRole('region', { name: /^Timeline of litigation/ })
    const bars = timeline.getByRole('button')
    await bars.first().waitFor()
    const words = await bars.evaluateAll((all) => all.map((bar) => bar.getAttribute('aria-label') ?? ''))
    const named = new Set(words.flatMap((said) => (/conflict .*/.exec(said) ?? []).slice(0, 1)))
    expect([...named]).toEqual(
      ofDay.map(
        ({ peak, from, until }, at) =>
          `conflict ${at + 1}, ${peak} at once, ${from?.slice(11, 16)} to ${until?.slice(11, 16)}`,
      ),
    )
    const legs = page.getByRole('region', { name: /^Legs of litigation/ })
    // Rows out of sight are not in the page; the table says how many it has, its head among them.
    await expect.poll(() => legs.getByRole('table').getAttribute('aria-rowcount')).toBe(`${words.length + 1}`)
    await bars.first().focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.url()).toContain('key=T2610-0108')
    expect(await timeline.getByRole('button', { pressed: true }).count()).toBe(2)
    await button(page, 'The day after').click()
    await expect.poll(() => page.url()).toContain('from=2026-10-21')
    expect(served.consoleErrors.filter((line) => !/status of 4(?:12|22)/.test(line))).toEqual([])
    await page.context().close()
  })

  it.each(['light', 'dark'] as const)(
    'has nothing that axe finds, in %s, with dialogs open or not',
    async (scheme) => {
      const page = await served.open('/sub-accounts', { scheme })
      for (const path of [
        '/accounts',
        `/accounts/${ACCOUNT}?period=2026-10`,
        '/sub-accounts',
        '/sub-accounts?tab=requests',
        '/sub-accounts?chosen=front-desk',
        '/sub-accounts?panel=add',
        '/sub-accounts?panel=import',
        '/conflicts?period=2026-10',
        `/conflicts?period=2026-10&tab=conferences&of=${ACCOUNT}&chosen=litigation&from=2026-10-20&key=T2610-0108`,
      ]) {
        await page.goto(path)
        await settled(page)
        expect(await axeFindings(page), path).toEqual([])
      }
      await page.goto('/sub-accounts?chosen=front-desk')
      await button(page, 'Give another passcode').click()
      await button(page, 'Give another').click()
      await dialogOf(page, 'The passcode of front-desk').waitFor()
      expect(await axeFindings(page), 'a passcode').toEqual([])
      await page.context().close()
    },
    240_000,
  )
})

describeScreens('accounts of a provider', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveScreens('provider')
  })
  afterAll(() => served?.stop())

  it('stand beneath each other, each with what is left in its buckets', async () => {
    const page = await served.open('/accounts?period=2026-10')
    await page.getByRole('link', { name: 'Northway Grid, East' }).click()
    await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Northway Grid' }).click()
    await page.getByRole('tab', { name: 'Buckets' }).click()
    await page.getByLabel('At (UTC)').fill('2026-10-17T12:00')
    const balances = page.getByRole('region', { name: 'Balances of the account' })
    const left = balances.getByRole('row').filter({ hasText: 'meter-own' })
    const asked = ['report', 'balances', '--at', '2026-10-17T12:00:00Z', '--account', 'NORTHWAY', '--format', 'json']
    const rows = JSON.parse(await printed(join(inject('screens'), 'provider'), asked)) as ReadonlyArray<{
      bucket: string
    }>
    const meters = rows.filter(({ bucket }) => bucket === 'meter-own')
    await expect.poll(() => left.count()).toBe(meters.length)
    await page.getByRole('tab', { name: 'Bills' }).click()
    await page.getByRole('link', { name: 'NORTHWAY-2026-10-01' }).waitFor()
    expect(await page.getByRole('link', { name: 'NORTHWAY-EAST-2026-10-01' }).count()).toBe(0)
    await page.context().close()
  })

  it('show the manager of one of them no other, whatever the address says', async () => {
    const page = await served.open('/accounts', { as: OF_NORTHWAY })
    await page.getByRole('link', { name: 'Northway Grid, West' }).waitFor()
    expect(await page.getByText('CALLOWAY').count()).toBe(0)
    await page.goto('/accounts/CALLOWAY?period=2026-10')
    await page.getByText('No cost this month').waitFor()
    await settled(page)
    expect(await page.locator('main [data-amount]').count()).toBe(0)
    await page.goto('/sub-accounts?of=CALLOWAY')
    await page.getByText('There is no account CALLOWAY').waitFor()
    await page.goto('/customer-bills/CALLOWAY-2026-10-01')
    await page.getByText('Not found').waitFor()
    await page.goto('/conflicts?period=2026-10')
    await page.getByText('Not for you to see').waitFor()
    await page.context().close()
  })
})

describeScreens('accounts of a workspace that has none', () => {
  it('say what to do', async () => {
    const served = await serveScreens('empty')
    const page = await served.open('/accounts')
    await page.getByText('No account yet').waitFor()
    for (const [path, words] of [
      ['/sub-accounts', 'No account yet'],
      ['/conflicts', 'No month is closed yet'],
      ['/customer-bills', 'No month is closed yet'],
    ] as const) {
      await page.goto(path)
      await page.getByText(words).waitFor()
    }
    expect(served.consoleErrors).toEqual([])
    await served.stop()
  })
})
