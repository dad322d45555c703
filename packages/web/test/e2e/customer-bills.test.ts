import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { printed } from './command-line.ts'
import { amountsOf, axeFindings, describeScreens, type Page, type Served, serveScreens, settled } from './harness.ts'

const NUMBER = 'WT7000-2026-10-01'
const ANALYST = { role: 'analyst' } as const

type Exported = {
  readonly total: string
  readonly currency: string
  readonly by_section: ReadonlyArray<{
    readonly section: string
    readonly subtotal: string
    readonly usage: ReadonlyArray<{ readonly amount: string }>
    readonly lines: ReadonlyArray<{ readonly amount: string }>
    readonly calls: ReadonlyArray<{ readonly call: string; readonly amount: string }>
  }>
}

async function exported(sections: string): Promise<Exported> {
  const args = ['export', 'bill', NUMBER, '--format', 'json', '--sections', sections]
  return JSON.parse(await printed(join(inject('screens'), 'firm'), args)) as Exported
}

const cents = (text: string) => BigInt(text.replace('.', ''))
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** As every table has it that leads on: what is of nobody has no key. */
const linkOf = (section: string) => (section === 'unassigned' || section === '' ? 'none' : section)

/** First cell and last amount of every row, in order: only those in sight are in the page, so the table is scrolled through. */
async function rowsOf(page: Page, name: string): Promise<ReadonlyArray<readonly [string, string]>> {
  const table = page.getByRole('table', { name, exact: true })
  const rows = new Map<number, readonly [string, string]>()
  const count = Number(await table.getAttribute('aria-rowcount')) - 1
  await expect
    .poll(async () => {
      const shown = await table.locator('tbody tr[aria-rowindex]').evaluateAll((all) =>
        all.map((row) => ({
          index: Number(row.getAttribute('aria-rowindex')),
          cells: [
            row.querySelector('td')?.textContent ?? '',
            [...row.querySelectorAll('[data-amount]')].at(-1)?.getAttribute('data-amount') ?? '',
          ] as const,
        })),
      )
      for (const { index, cells } of shown) rows.set(index, cells)
      await table.locator('xpath=..').evaluate((frame) => frame.scrollBy(0, 300))
      return rows.size
    })
    .toBe(count)
  return [...rows].sort(([one], [other]) => one - other).map(([, cells]) => cells)
}

/** Of the line under the table. */
const sumShown = async (page: Page) =>
  page
    .getByRole('main')
    .getByText('Subtotal', { exact: true })
    .last()
    .locator('xpath=..')
    .locator('[data-amount]')
    .getAttribute('data-amount')

describeScreens('our bills', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveScreens('firm')
  })
  afterAll(() => served?.stop())

  it('sections are searched by key and name, and sum to what is found', async () => {
    const page = await served.open(`/customer-bills/${NUMBER}?by=user-id`)
    await page.getByRole('searchbox', { name: 'Search sections' }).fill('ORRIN')
    await page.keyboard.press('Enter')
    const answer = await page.request.get(`/v1/bills/${NUMBER}/sections?by=user-id&limit=200`)
    const { sections } = (await answer.json()) as { sections: { rows: ReadonlyArray<Record<string, string>> } }
    const wanted = sections.rows.filter(({ key, name }) => /orrin/i.test(`${key} ${name}`))
    expect(wanted.length).toBeGreaterThan(1)
    await expect
      .poll(() => rowsOf(page, 'Sections of the bill'))
      .toEqual(wanted.map(({ key, subtotal }) => [key, subtotal]))
    const sum = wanted.reduce((total, { subtotal = '' }) => total + cents(subtotal), 0n)
    expect(cents((await sumShown(page)) ?? '')).toBe(sum)
    await page.getByRole('searchbox', { name: 'Search sections' }).fill('nobody')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Nothing is named “nobody”' }).waitFor()
    await page.context().close()
  })

  it.each([
    ['user-id', 'By user id'],
    ['service', 'By service'],
    ['cost-centre', 'By cost centre'],
    ['project', 'By project'],
  ] as const)('have sections by %s that are those of the export and sum to the bill', async (by, tab) => {
    const bill = await exported(by)
    const page = await served.open(`/customer-bills/${NUMBER}`)
    await page.getByRole('tab', { name: tab }).click()
    const expectedRows = bill.by_section.map(({ section, subtotal }) => [linkOf(section), subtotal])
    await page.getByRole('link', { name: String(expectedRows[0]?.[0]), exact: true }).waitFor()
    const rows = await rowsOf(page, 'Sections of the bill')
    expect(rows).toEqual(expectedRows)
    expect(await sumShown(page)).toBe(bill.total)
    expect(rows.reduce((total, [, amount]) => total + cents(amount), 0n)).toBe(cents(bill.total))
    const wanted =
      bill.by_section.find(({ calls, lines }) => calls.length > 0 && lines.length > 0) ?? bill.by_section[0]
    await page.getByRole('region', { name: 'Sections of the bill' }).evaluate((frame) => frame.scrollTo(0, 0))
    await page.getByRole('link', { name: linkOf(wanted?.section ?? ''), exact: true }).click()
    const section = page.getByRole('dialog')
    await section.getByRole('table').first().waitFor()
    expect((await amountsOf(page, '[role=dialog]'))[0]).toBe(`${wanted?.subtotal} ${bill.currency}`)
    for (const [name, parts] of [
      ['Usage by class', wanted?.usage ?? []],
      ['Other charges', wanted?.lines ?? []],
    ] as const)
      if (parts.length > 0)
        expect((await rowsOf(page, name)).map(([, amount]) => amount)).toEqual(parts.map(({ amount }) => amount))
    await section.getByText('Calls', { exact: true }).click()
    await section.getByRole('table', { name: 'Calls' }).waitFor()
    expect((await rowsOf(page, 'Calls')).map(([, amount]) => amount)).toEqual(wanted?.calls.map(({ amount }) => amount))
    await page.goBack()
    await section.getByRole('table', { name: 'Calls' }).waitFor({ state: 'detached' })
    expect(served.consoleErrors).toEqual([])
    await page.context().close()
  })

  it('lead from a call to who was in it, and come as files', async () => {
    const page = await served.open(`/customer-bills/${NUMBER}?key=litigation&panel=calls`)
    await page.getByRole('dialog').getByRole('link', { name: 'T2610-0108' }).click()
    await page.getByRole('region', { name: /^Timeline of litigation/ }).waitFor()
    await page.goBack()
    await button(page, 'Close the section').click()
    await button(page, 'Download').click()
    for (const [name, start] of [
      ['PDF', '%PDF-'],
      ['Excel (XLSX)', 'PK'],
      ['CSV', 'bill,'],
    ] as const) {
      const address = await page.getByRole('menuitem', { name }).getAttribute('href')
      const file = await page.request.get(address ?? '')
      expect([name, file.status(), (await file.body()).toString('latin1').slice(0, start.length)]).toEqual([
        name,
        200,
        start,
      ])
    }
    await page.context().close()
  })

  it('are taken back with a reason and issued again, each naming the other', async () => {
    const page = await served.open('/customer-bills?period=2026-10')
    await page.getByRole('link', { name: NUMBER }).click()
    const reader = await served.open(`/customer-bills/${NUMBER}`, { as: ANALYST })
    await reader.getByRole('heading', { level: 1, name: `Bill ${NUMBER}` }).waitFor()
    await settled(reader)
    expect(await reader.getByRole('button', { name: 'Take back' }).count()).toBe(0)
    await button(page, 'Take back').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Sent to the wrong address')
    expect(await axeFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Take it back' }).click()
    await page.getByText('Sent to the wrong address').waitFor()
    // Somebody else still has it open as it was.
    await page.getByText('nothing stands in its place yet').waitFor()
    await button(page, 'Issue again').click()
    await button(page, 'Issue it').click()
    await page.getByText('Issued in the place of').waitFor()
    const again = (await page.getByRole('heading', { level: 1 }).textContent())?.replace('Bill ', '') ?? ''
    expect(again).not.toBe(NUMBER)
    await page.getByRole('link', { name: `bill ${NUMBER}` }).click()
    await page.getByRole('link', { name: `bill ${again}` }).waitFor()
    await page.goto('/customer-bills?period=2026-10')
    const list = page.getByRole('region', { name: 'Our bills' })
    await list.getByRole('row').filter({ hasText: NUMBER }).first().getByText('void').waitFor()
    await list.getByRole('row').filter({ hasText: again }).getByText('issued').waitFor()
    expect(served.consoleErrors).toEqual([])
    for (const one of [page, reader]) await one.context().close()
  })

  it.each(['light', 'dark'] as const)(
    'have nothing that axe finds, in %s',
    async (scheme) => {
      const page = await served.open('/customer-bills?period=2026-10', { scheme })
      for (const path of [
        '/customer-bills?period=2026-10',
        '/customer-bills/WT7000-2026-09-01',
        '/customer-bills/WT7000-2026-09-01?key=litigation',
        '/customer-bills/WT7000-2026-09-01?by=project&chosen=unassigned&panel=calls',
        `/customer-bills/${NUMBER}`,
        '/customer-bills/NONE-1',
      ]) {
        await page.goto(path)
        await settled(page)
        expect(await axeFindings(page), path).toEqual([])
      }
      await page.context().close()
    },
    240_000,
  )
})
