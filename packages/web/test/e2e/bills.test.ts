import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initWorkspace } from '@spillway/engine'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { printed } from './command-line.ts'
import { amountsOf, axeFindings, describeScreens, type Page, type Served, serveScreens, settled } from './harness.ts'

const HEAD =
  'vendor,account,invoice,issued_on,period_start,period_end,currency,line,service,pool,category,usage_type,product,description,amount,quantity,unit'
const row = (invoice: string, { line, amount }: { line: number; amount: string }) =>
  `acme,A-1,${invoice},2026-11-03,2026-10-01,2026-11-01,USD,${line},5550100${line},,access,,Plan,Plan ${line},${amount},,`
const billOf = (invoice: string, amounts: ReadonlyArray<string>) =>
  `${[HEAD, ...amounts.map((amount, at) => row(invoice, { line: at + 1, amount }))].join('\n')}\n`
const totalOf = (invoice: string, total: string) =>
  `vendor,account,invoice,issued_on,period_start,period_end,currency,total\nacme,A-1,${invoice},2026-11-03,2026-10-01,2026-11-01,USD,${total}\n`

type Sent = Readonly<Record<string, string | Buffer>>
const sendTo = (page: Page, region: string, files: Sent) =>
  page
    .getByRole('region', { name: region })
    .locator('input[type=file]')
    .setInputFiles(
      Object.entries(files).map(([name, text]) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })),
    )
const send = async (page: Page, files: Sent) => {
  await sendTo(page, 'Files to import', files)
  await page.getByRole('heading', { name: /to import/ }).waitFor()
}
const commit = async (page: Page) => {
  await page.getByRole('button', { name: 'Commit', exact: true }).click()
  await page.getByRole('status').filter({ hasText: 'Imported' }).waitFor()
}
const pick = async (page: Page, { of, option }: { of: string; option: string }) => {
  await page
    .getByRole('combobox', { name: of, exact: true })
    .or(page.getByRole('textbox', { name: of, exact: true }))
    .first()
    .click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

async function importsOf(served: Served): Promise<ReadonlyArray<Record<string, string>>> {
  const response = await fetch(`${served.url}/v1/reports/imports`, {
    headers: { cookie: await served.cookieOf({ role: 'owner' }) },
  })
  return ((await response.json()) as { rows: ReadonlyArray<Record<string, string>> }).rows
}

describeScreens('the bills of an empty workspace', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveScreens('empty')
  })
  afterAll(() => served?.stop())

  it('begin with what to do first', async () => {
    const page = await served.open('/bills')
    await page.getByRole('link', { name: 'Import the first bill' }).click()
    await page.getByRole('heading', { level: 1, name: 'Import files' }).waitFor()
    await page.context().close()
  })

  it('a broken one is mended: refused rows down, mended up, committed; the figures are those of the command line', async () => {
    const page = await served.open('/bills/import')
    await send(page, {
      'charges.csv': billOf('M-1', ['10.00', 'x20.50', '30.00']),
      'invoices.csv': totalOf('M-1', '60.50'),
    })
    await page.getByRole('button', { name: 'charges.csv' }).click()
    await page
      .getByText(/x20\.50/)
      .first()
      .waitFor()
    expect(await importsOf(served)).toEqual([])
    const address = page.url()
    const downloading = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download refused rows' }).click()
    const rejects = await readFile(await (await downloading).path(), 'utf8')
    expect(rejects).toContain('rejected_because')
    const colleague = await served.open(address, { as: { role: 'manager' } })
    await sendTo(colleague, 'Mended rows', { 'rejects.csv': rejects.replace(',x20.50', ',20.50') })
    await colleague.getByRole('button', { name: 'rejects.csv' }).click()
    await colleague.getByText(/^Mended rows: they add/).waitFor()
    await colleague.context().close()
    await page.reload()
    await page.getByRole('heading', { name: '3 of 3 to import' }).waitFor()
    // The mended row waits no longer, and is not said to.
    const bar = page.getByRole('region', { name: '3 of 3 to import' })
    expect(await bar.innerText()).not.toMatch(/quarantine/)
    await page.getByText('Every invoice foots').waitFor()
    expect(await importsOf(served)).toEqual([])
    await commit(page)
    await page.getByRole('link', { name: 'Close October 2026' }).waitFor()
    const done = await page.getByRole('status').filter({ hasText: 'Imported' }).innerText()
    expect(done).toMatch(/charges\.csv: 2 rows\s/)
    expect(done).toMatch(/rejects\.csv: mended, 1 row(?!s)/)
    await page.getByRole('link', { name: 'See the bills' }).click()
    await page.getByRole('link', { name: 'M-1' }).waitFor()
    await settled(page)
    const shown = await amountsOf(page, 'table')
    expect(shown).toEqual(
      await reconciledByCommand({
        'charges.csv': billOf('M-1', ['10.00', '20.50', '30.00']),
        'invoices.csv': totalOf('M-1', '60.50'),
      }),
    )
    expect(served.consoleErrors).toEqual([])
    await page.context().close()
  })

  it('one that is corrected takes the place of the earlier, and gives it back when it is taken back', async () => {
    const page = await served.open('/bills/import')
    await send(page, { 'corrected.csv': billOf('M-1', ['11.00', '20.50', '30.00']) })
    await page.getByText('It takes the place of earlier bills').waitFor()
    await commit(page)
    await page.getByRole('link', { name: 'corrected.csv' }).click()
    await page.getByRole('button', { name: 'Take back' }).click()
    const dialog = page.getByRole('dialog', { name: 'Take corrected.csv back' })
    await dialog.getByLabel('Reason').fill('the vendor sent a draft')
    expect(await axeFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Take back' }).click()
    await page.getByRole('status').filter({ hasText: 'charges of invoice M-1 from charges.csv' }).waitFor()
    await page.getByText('the vendor sent a draft').waitFor()
    expect(await page.getByRole('button', { name: 'Take back' }).count()).toBe(0)
    await page.context().close()
  })

  it('the same file again is said to be known, and nothing can be committed', async () => {
    const page = await served.open('/bills/import')
    await send(page, { 'again.csv': billOf('M-1', ['10.00', 'x20.50', '30.00']) })
    await page.getByText('This file is known already').waitFor()
    expect(await page.getByRole('button', { name: 'Commit', exact: true }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Discard' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click()
    await page.getByRole('region', { name: 'Files to import' }).waitFor()
    await page.context().close()
  })

  it('one that does not foot is accepted with a reason', async () => {
    const page = await served.open('/bills/import')
    await send(page, { 'c.csv': billOf('M-2', ['10.00']), 'i.csv': totalOf('M-2', '12.00') })
    await commit(page)
    await page.goto('/bills?period=2026-10&q=M-2')
    await page.getByText('does not foot').waitFor()
    await page.getByRole('button', { name: /Accept the difference of M-2/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Reason').fill('credited next month')
    expect(await axeFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Accept the difference' }).click()
    await page.getByText('accepted', { exact: true }).waitFor()
    await page.goto('/bills/M-2?period=2026-10')
    await page.getByText('Accepted because: credited next month').waitFor()
    await page.context().close()
  })

  it('an unknown table is mapped by hand, and known the next time', async () => {
    const page = await served.open('/bills/import')
    const bill = await readFile(new URL('../../../../examples/kestrel/bill.csv', import.meta.url))
    await send(page, { 'bill.csv': bill })
    await page.getByText('For a charge of a bill: Vendor, Category').waitFor()
    await pick(page, { of: 'Vendor comes from', option: 'The same in every row' })
    await page.getByLabel('Vendor of every row').fill('kestrel')
    await page.getByLabel('The last day named is part of the period').check()
    await pick(page, { of: 'Category comes from', option: 'Item' })
    for (const [word, category] of [
      ['Team data 50 GB', 'bulk'],
      ['Line rental', 'subscription'],
      ['Calls abroad', 'international'],
      ['Goodwill', 'credit'],
    ] as const)
      await pick(page, { of: `Category: ${word} is`, option: category })
    await page.getByLabel('Keep the digits alone').check()
    await page.getByText('1 with problems').waitFor()
    await page.getByRole('region', { name: 'Rows as they would be read' }).getByText('Total').first().waitFor()
    await pick(page, { of: 'Which rows', option: 'Item' })
    await pick(page, { of: 'Which rows: is or is not', option: 'is not' })
    await tag(page, 'Which rows: values', 'Total')
    await page.getByRole('button', { name: 'A row is something else too' }).click()
    await pick(page, { of: 'A row is 2', option: 'the total of an invoice' })
    await pick(page, { of: 'Total comes from', option: 'Charge' })
    await pick(page, { of: 'Which rows 2', option: 'Item' })
    await tag(page, 'Which rows 2: values', 'Total')
    await page.getByText('6 read, 0 with problems').waitFor()
    await page.reload()
    await page.getByText('6 read, 0 with problems').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await page.getByLabel('Name of the mapping').fill('kestrel-bill')
    await page.getByRole('button', { name: 'Keep and read the file' }).click()
    await page.getByText('Every invoice foots').waitFor()
    expect(await amountsOf(page, 'main')).toContain('1080.00 GBP')
    await page.goto('/bills/import')
    await send(page, { 'november.csv': bill.toString().replaceAll('K-8841', 'K-8842') })
    await page.getByRole('cell', { name: 'kestrel-bill' }).waitFor()
    await page.getByRole('button', { name: 'Change the mapping kestrel-bill' }).click()
    await page.getByLabel('Name of the mapping').waitFor()
    await page.getByText('6 read, 0 with problems').waitFor()
    expect(served.consoleErrors).toEqual([])
    await page.context().close()
  })

  it.each([
    ['bill.pdf', '%PDF-1.4\n%%EOF\n', 'bill.pdf is a PDF.'],
    ['empty.csv', '', 'empty.csv'],
  ])('%s is said to be no table, once, and without columns to map', async (name, content, said) => {
    const page = await served.open('/bills/import')
    await sendTo(page, 'Files to import', { [name]: content })
    const alert = page.getByRole('alert').filter({ hasText: 'It cannot be read' })
    await alert.getByText(said).waitFor()
    expect(await page.getByRole('alert').count()).toBe(1)
    expect(await page.getByText('No format has these columns').count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Commit', exact: true }).isDisabled()).toBe(true)
    expect(await axeFindings(page)).toEqual([])
    await page.context().close()
  })

  it('a name of a mapping that is taken is said before anything is replaced', async () => {
    const page = await served.open('/bills/import')
    await send(page, { 'people.csv': 'Nr,Who,Centre\n1,Ann,C1\n2,Bob,C2\n' })
    await pick(page, { of: 'A row is', option: 'a person' })
    await pick(page, { of: 'Employee comes from', option: 'Nr' })
    await page.getByText('2 read, 0 with problems').waitFor()
    await page.getByLabel('Name of the mapping').fill('kestrel-bill')
    await page.getByRole('button', { name: 'Keep and read the file' }).click()
    await page.getByText('There is a mapping of this name').waitFor()
    await page.getByLabel('Name of the mapping').fill('people-by-hand')
    await page.getByRole('button', { name: 'Keep and read the file' }).click()
    await page.getByRole('heading', { name: '1 of 1 to import' }).waitFor()
    await page.context().close()
  })

  it('an upload that is slow can be stopped, and one that breaks off sent again', async () => {
    const page = await served.open('/bills/import')
    await page.route('**/v1/import-drafts', async (route) => {
      if (route.request().method() !== 'POST') return route.fallback()
      await new Promise((resolve) => setTimeout(resolve, 4000))
      await route.abort().catch(() => undefined)
    })
    await sendTo(page, 'Files to import', { 'slow.csv': billOf('M-3', ['1.00']) })
    await page.getByRole('status').filter({ hasText: /Sen/ }).waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByRole('button', { name: 'Browse for files' }).waitFor()
    await page.unroute('**/v1/import-drafts')
    await page.route('**/v1/import-drafts', (route) =>
      route.request().method() === 'POST' ? route.abort() : route.fallback(),
    )
    await sendTo(page, 'Files to import', { 'slow.csv': billOf('M-3', ['1.00']) })
    await page.getByRole('alert').filter({ hasText: 'broke off' }).waitFor()
    await page.unroute('**/v1/import-drafts')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: '1 of 1 to import' }).waitFor()
    await page.context().close()
  })

  it('an analyst reads imports, and imports nothing', async () => {
    const as = { role: 'analyst' } as const
    const page = await served.open('/bills/import', { as })
    await page.getByText('Not for you to change').waitFor()
    expect(await page.locator('input[type=file]').count()).toBe(0)
    await page.goto('/bills/imports')
    await page.getByRole('link', { name: 'charges.csv' }).first().click()
    await page.getByRole('heading', { level: 1, name: 'charges.csv' }).waitFor()
    expect(await page.getByRole('button', { name: 'Take back' }).count()).toBe(0)
    await page.context().close()
  })

  it.each(['light', 'dark'] as const)('have nothing that axe finds, in %s, at any step', async (scheme) => {
    const page = await served.open('/bills/import', { scheme })
    await settled(page)
    expect(await axeFindings(page), 'start').toEqual([])
    await send(page, {
      [`${scheme}.csv`]: billOf(`M-${scheme}`, ['10.00', 'bad', '']),
      'i.csv': totalOf(`M-${scheme}`, '9.00'),
    })
    await page.getByRole('button', { name: `${scheme}.csv` }).click()
    await page.getByRole('region', { name: 'Refused rows', exact: true }).waitFor()
    expect(await axeFindings(page), 'check').toEqual([])
    await page.getByRole('button', { name: 'Discard' }).click()
    await page.getByRole('dialog').waitFor()
    expect(await axeFindings(page), 'discard').toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await commit(page)
    expect(await axeFindings(page), 'done').toEqual([])
    for (const path of ['/bills?of=all', '/bills?tab=quarantine', '/bills/imports']) {
      await page.goto(path)
      await settled(page)
      expect(await axeFindings(page), path).toEqual([])
    }
    await page.goto('/bills/import')
    await send(page, { [`${scheme}.csv`]: 'Nr;Betrag;Tag\n1;1,50;03.11.2026\n2;2,50;04.11.2026\n' })
    await page.getByRole('region', { name: 'Keep it for next time' }).waitFor()
    await settled(page)
    expect(await axeFindings(page), 'mapping').toEqual([])
    await page.context().close()
  })
})

describeScreens('the bills of a company', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveScreens('company')
  })
  afterAll(() => served?.stop())

  it('an invoice foots in both views and leads to the lines of its files', async () => {
    const page = await served.open('/bills?period=2026-10')
    await page.getByRole('link', { name: 'RK202610-0471' }).click()
    await page.getByText('In the close, adjusted').waitFor()
    await settled(page)
    const amounts = await amountsOf(page, 'main')
    expect(amounts.filter((one) => one === '2069.54 EUR').length).toBeGreaterThanOrEqual(6)
    await page
      .getByRole('link', { name: /^Rechnung_202610\.csv:/ })
      .first()
      .click()
    await page.getByRole('heading', { level: 1, name: /^Rechnung_202610\.csv, line/ }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { level: 1, name: 'Invoice RK202610-0471' }).waitFor()
    expect(served.consoleErrors).toEqual([])
    await page.context().close()
  })

  it('a row in quarantine leads to itself, and to the import that it is mended from', async () => {
    const page = await served.open('/bills?tab=quarantine')
    await page.getByRole('link', { name: '186', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'usage.csv, line 186' }).waitFor()
    await page.getByText('unit is "Gb"').waitFor()
    await page.goBack()
    // Of 13 files with this name, the one of March.
    await page.getByRole('link', { name: 'usage.csv' }).click()
    await page.getByText('15 Mar 2026 to 15 Apr 2026').waitFor()
    await page.getByRole('link', { name: 'Download to mend' }).waitFor()
    await page.context().close()
  })

  it('says which account has not billed yet', async () => {
    const page = await served.open('/bills?period=2026-11&tab=missing')
    const bills = page.getByRole('region', { name: 'Missing bills' })
    await bills.getByRole('row').nth(4).waitFor()
    expect(await bills.getByRole('row').count()).toBe(5)
    await page.getByRole('link', { name: 'TSL-202610' }).click()
    await page.getByRole('heading', { level: 1, name: 'Invoice TSL-202610' }).waitFor()
    await page.context().close()
  })
})

async function tag(page: Page, label: string, value: string) {
  const input = page
    .getByRole('combobox', { name: label })
    .or(page.getByRole('textbox', { name: label }))
    .first()
  await input.fill(value)
  await input.press('Enter')
}

/** What the command line has of the same files, as the table shows it: lines' sum, total, difference. */
async function reconciledByCommand(files: Sent): Promise<ReadonlyArray<string>> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-bills-'))
  try {
    const actor = { who: 'tester', now: () => new Date('2026-11-22T09:00:00Z'), codeVersion: 'test' }
    const workspace = await initWorkspace(join(folder, 'w'), { actor, holder: 'test' })
    await workspace.close()
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    await printed(join(folder, 'w'), ['import', ...Object.keys(files).map((name) => join(folder, name))])
    const report = JSON.parse(
      await printed(join(folder, 'w'), ['report', 'reconciliation', '--period', '2026-10', '--format', 'json']),
    ) as ReadonlyArray<Record<'charges' | 'total' | 'difference' | 'currency', string>>
    return report.flatMap(({ charges, total, difference, currency }) =>
      [charges, total, difference].map((amount) => `${amount} ${currency}`),
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
