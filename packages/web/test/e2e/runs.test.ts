import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  amountsOf,
  axeFindings,
  describeScreens,
  OWNER,
  type Page,
  type Served,
  serveScreens,
  settled,
} from './harness.ts'

const ANALYST = { role: 'analyst' } as const
const HEAD = { role: 'department-head', scopeKind: 'cost-centre', scopeKey: 'QH-124' } as const
/** A bill of November whose only line is 5.00 short of its total. */
const SHORT_BILL = {
  'charges.csv': `vendor,account,invoice,period_start,period_end,currency,line,service,category,amount
northwire,NW-1,NW-2026-11,2026-11-01,2026-12-01,USD,1,NW-LINE-1,subscription,95.00
`,
  'invoices.csv': `vendor,account,invoice,period_start,period_end,currency,total
northwire,NW-1,NW-2026-11,2026-11-01,2026-12-01,USD,100.00
`,
}

describeScreens('months and runs', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveScreens('company')
  })
  afterAll(() => served?.stop())

  it('are reopened with a reason, closed again under a bar, and published', async () => {
    const page = await served.open('/runs?chosen=2026-10')
    await page.getByRole('heading', { name: 'What the close found: 12' }).waitFor()
    expect(await amountsOf(page, 'main')).toContain('12700.86 USD')
    await page.getByRole('button', { name: 'Reopen' }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByRole('button', { name: 'Reopen' }).isDisabled()).toBe(true)
    expect(await axeFindings(page)).toEqual([])
    await dialog.getByLabel('Reason').fill('Tessaline sent a correction')
    await dialog.getByRole('button', { name: 'Reopen' }).click()
    await page.getByText('Tessaline sent a correction. Close it again').waitFor()
    await page.getByRole('button', { name: 'Close again' }).click()
    await page.getByRole('progressbar', { name: 'Close of 2026-10' }).waitFor()
    await page.getByText('Closed as 2026-10.2').waitFor()
    await page.getByRole('button', { name: 'Publish…' }).click()
    await dialog.getByText('Run 2026-10.2 becomes what this month came to.').waitFor()
    expect(await amountsOf(page, '[role=dialog]')).toEqual([
      ...['2069.54 EUR', '2069.54 EUR'],
      ...['12700.86 USD', '12700.86 USD'],
    ])
    await dialog.getByRole('button', { name: 'Publish' }).click()
    await page.getByText(/^Published .* by owner@screens\.example/).waitFor()
    await page.getByRole('cell', { name: 'Tessaline sent a correction' }).waitFor()
    expect(served.consoleErrors).toEqual([])
    await page.context().close()
  })

  it('compares a run with another month, and with the close before it', async () => {
    const page = await served.open('/runs/2026-10.2?since=2026-09.1')
    await page.getByRole('link', { name: 'QH-124' }).waitFor()
    const cookie = await served.cookieOf(OWNER)
    const asked = await fetch(`${served.url}/v1/runs/2026-10.2/changes?since=2026-09.1&limit=500`, {
      headers: { cookie },
    })
    const { rows } = (await asked.json()) as { rows: ReadonlyArray<Record<string, string>> }
    const expected = rows.flatMap((row) => ['before', 'after', 'change'].map((key) => `${row[key]} ${row.currency}`))
    expect((await amountsOf(page, 'main')).slice(-expected.length)).toEqual(expected)
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    const address = await page.getByRole('menuitem', { name: 'CSV' }).getAttribute('href')
    const exported = (await (await page.request.get(address ?? '')).text()).trim().split('\n').slice(1)
    expect(exported.map((row) => row.split(',')[0])).toEqual(rows.map(({ key }) => key))
    await page.keyboard.press('Escape')
    await choose(page, { label: 'Compare with', option: /^2026-10\.1 / })
    await page.getByRole('heading', { name: 'The same, to the cent' }).waitFor()
    expect(page.url()).toContain('since=2026-10.1')
    await page.goBack()
    await page.getByRole('link', { name: 'QH-124' }).waitFor()
    await page.context().close()
  })

  it('proves the figures of a run again, check by check', async () => {
    const page = await served.open('/runs/2026-10.2?tab=checks')
    await page.getByRole('button', { name: 'Check now' }).click()
    await page.getByRole('heading', { name: /^Every check passed/ }).waitFor()
    const question = 'In which component does the adjusted view not sum to the actual one? None'
    await page.getByRole('row', { name: question }).waitFor()
    await page.context().close()
  })

  it('lets no bill that does not foot be published before its difference is accepted', async () => {
    await send(served, SHORT_BILL)
    const page = await served.open('/runs')
    await page.getByRole('heading', { level: 2, name: 'November 2026' }).waitFor()
    await page.getByRole('button', { name: 'Close the month' }).click()
    await page.getByText('Closed as 2026-11.1').waitFor()
    await page.getByText('1 bill does not foot: see above.').waitFor()
    expect(await page.getByRole('button', { name: 'Publish…' }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Accept…' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('A fee that its lines do not show')
    await page.getByRole('dialog').getByRole('button', { name: 'Accept' }).click()
    await page.getByRole('cell', { name: 'A fee that its lines do not show' }).waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'Publish…' }).isEnabled()).toBe(true)
    await page.getByRole('button', { name: 'Publish…' }).click()
    await page.getByRole('dialog').getByText('A fee that its lines do not show').waitFor()
    expect(await amountsOf(page, '[role=dialog] li')).toEqual(['-5.00 USD'])
    await page.context().close()
  })

  it('offers no change to who may only read, and nothing to a department head', async () => {
    const page = await served.open('/runs?chosen=2026-10', { as: ANALYST })
    await page.getByRole('heading', { name: 'What the close found: 12' }).waitFor()
    for (const name of ['Reopen', 'Close again', 'Publish…']) {
      expect(await page.getByRole('button', { name }).count(), name).toBe(0)
    }
    const refused = await served.open('/runs', { as: HEAD })
    await refused.getByText('Not for you to see').first().waitFor()
    await page.context().close()
    await refused.context().close()
  })

  it.each(['light', 'dark'] as const)('has nothing that axe finds, in %s', async (scheme) => {
    for (const path of [
      ...['/runs', '/runs?chosen=2026-11', '/runs/2026-10.1', '/runs/2026-10.2?tab=checks'],
      ...['/jobs', '/jobs?tab=schedules&chosen=a+new+one'],
    ]) {
      const page = await served.open(path, { scheme })
      await settled(page)
      expect(await axeFindings(page), path).toEqual([])
      await page.context().close()
    }
  })
})

describeScreens('jobs and schedules', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveScreens('company')
  })
  afterAll(() => served?.stop())

  it('makes an export in the background, whose file is then there', async () => {
    const page = await served.open('/jobs')
    await page.getByRole('heading', { name: 'Nothing was done in the background yet' }).waitFor()
    await page.getByRole('button', { name: 'New export' }).click()
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Export' }).click()
    const file = page.getByRole('link', { name: /\.csv$/ })
    await file.waitFor()
    const [download] = await Promise.all([page.waitForEvent('download'), file.click()])
    expect(download.suggestedFilename()).toMatch(/\.csv$/)
    await page.getByRole('region', { name: 'Jobs' }).getByText('Done').waitFor()
    expect(served.consoleErrors).toEqual([])
    await page.context().close()
  })

  it('shows a job that goes on, cancels it, and tries it again', async () => {
    const page = await served.open('/jobs')
    await page.getByRole('link', { name: 'Export' }).waitFor()
    const ongoing = {
      state: 'running',
      endedAt: null,
      files: [],
      progress: { stage: 'write', done: 1, total: 4, rows: 0 },
    }
    let isCancelled = false
    await page.route(/\/v1\/jobs\/job_[\w-]+(?:\/events)?$/, async (route) => {
      if (route.request().url().endsWith('/events')) return route.abort()
      if (route.request().method() === 'DELETE') isCancelled = true
      const answer = await route.fetch({ method: 'GET' })
      const job = (await answer.json()) as object
      return route.fulfill({ json: { ...job, ...ongoing, ...(isCancelled ? { state: 'cancelled' } : {}) } })
    })
    await page.getByRole('link', { name: 'Export' }).click()
    const bar = page.getByRole('progressbar', { name: 'Export of report charges 2026-10' })
    expect(await bar.getAttribute('aria-valuenow')).toBe('25')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    await page.context().close()
  })

  it('says of a new schedule when it is due next, as the server does', async () => {
    const page = await served.open('/jobs?tab=schedules')
    await page.getByRole('button', { name: 'New schedule' }).click()
    await page.getByLabel('Name').fill('nightly')
    await page.getByLabel('Folder').fill('inbox')
    await choose(page, { label: 'How often', option: 'At times of its own' })
    await page.getByRole('textbox', { name: 'Times' }).fill('30 4 * * 1-5')
    await choose(page, { label: 'Time zone', option: 'America/New_York' })
    const words = 'Every Monday, Tuesday, Wednesday, Thursday and Friday at 04:30'
    await page.getByText(words).waitFor()
    const next = await page.getByRole('list', { name: 'Next times' }).getByRole('listitem').first().innerText()
    await page.getByRole('button', { name: 'Save' }).click()
    const row = page.getByRole('row', { name: 'nightly' })
    await row.getByText(words).waitFor()
    await row.getByRole('cell', { name: next }).waitFor()
    await page.getByRole('button', { name: 'What can be done with nightly' }).click()
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('heading', { name: 'Nothing happens by itself yet' }).waitFor()
    await page.context().close()
  })
})

/** Of a box with options; typing narrows a long list. */
async function choose(page: Page, { label, option }: { label: string; option: string | RegExp }): Promise<void> {
  const box = page
    .getByRole('combobox', { name: label })
    .or(page.getByRole('textbox', { name: label }))
    .first()
  await box.click()
  if (typeof option === 'string' && (await box.getAttribute('readonly')) === null) await box.fill(option)
  await page.getByRole('option', { name: option }).first().click()
}

async function send(served: Served, files: Readonly<Record<string, string>>): Promise<void> {
  const form = new FormData()
  for (const [name, text] of Object.entries(files)) form.append('file', new Blob([text]), name)
  const headers = { cookie: await served.cookieOf(OWNER), origin: served.url }
  const started = await fetch(`${served.url}/v1/imports`, { method: 'POST', headers, body: form })
  const { id } = (await started.json()) as { id: string }
  const state = async () => {
    const job = await fetch(`${served.url}/v1/jobs/${id}`, { headers })
    return ((await job.json()) as { state: string }).state
  }
  await expect.poll(state, { timeout: 30_000 }).toBe('done')
}
